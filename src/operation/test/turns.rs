//! In which order connections are tested, and what is read of each before the first call.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use crate::base::authority;
use crate::config::{Definitions, Spot};
use crate::model::connection::SecretSource;
use crate::operation::check::{self, Loaded};
use crate::operation::prepare::{Prepared, assemble};
use crate::operation::secrets::{self, Secrets};
use crate::operation::{Failure, World, account};

/// Where connections are read from, and for which environment.
#[derive(Clone, Copy)]
pub(super) struct Source<'d> {
    /// The definitions.
    pub(super) definitions: &'d Definitions,
    /// The environment; each connection's own where nothing is said.
    pub(super) environment: Option<&'d str>,
}

impl Source<'_> {
    /// Reads a connection.
    ///
    /// # Errors
    /// When its definition or environment has a mistake.
    pub(super) fn prepare(&self, spot: &Spot<'_>) -> Result<Prepared, Failure> {
        assemble(self.definitions, spot.read()?, self.environment)
    }
}

/// A connection that waits for its turn.
pub(super) struct Turn<'d> {
    /// Its place in the order of the files.
    pub(super) place: usize,
    /// How many calls it may send.
    calls: u64,
    /// How many the other connections to its host may send: they are conn's own, whoever counts them.
    siblings: u64,
    waiting: Waiting<'d>,
}

enum Waiting<'d> {
    /// It is read when its turn comes: of thousands, few are needed at once.
    Unread(Spot<'d>),
    /// It is read already, with its secrets and its state.
    Loaded(Box<Loaded>),
}

impl Turn<'_> {
    /// What its test needs.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub(super) fn load(self, world: &dyn World, source: &Source<'_>) -> Result<Loaded, Failure> {
        let loaded = match self.waiting {
            Waiting::Unread(spot) => {
                let mut prepared = source.prepare(&spot)?;
                account::settle(world, &mut prepared)?;
                check::load(world, prepared)?
            }
            Waiting::Loaded(loaded) => *loaded,
        };
        Ok(Loaded { siblings: self.siblings, ..loaded })
    }
}

/// The connections to one host.
pub(super) struct Host<'d> {
    /// The host; none where nothing will be sent, or nobody knows where to.
    pub(super) authority: Option<String>,
    /// They wait.
    pub(super) turns: Vec<Turn<'d>>,
}

/// The connections that will be tested.
#[derive(Default)]
pub(super) struct Queue<'d> {
    named: BTreeMap<String, Vec<Turn<'d>>>,
    /// Their secrets are read before the first call.
    early: Vec<Turn<'d>>,
    opened: BTreeSet<String>,
}

impl<'d> Queue<'d> {
    /// Adds a connection. Nothing secret is read yet: a mistake in one that comes later may end the run.
    pub(super) fn add(&mut self, place: usize, spot: Spot<'d>, prepared: &Prepared) {
        let calls = 2 * (1 + prepared.connector.permissions.len() as u64);
        let turn = Turn { place, calls, siblings: 0, waiting: Waiting::Unread(spot) };
        let held_up = holds_up(prepared, &mut self.opened);
        // Where only the secrets tell the host, they are read early as well.
        match host(prepared, &Secrets::default()).filter(|_| !held_up) {
            Some(host) => self.named.entry(host).or_default().push(turn),
            None => self.early.push(turn),
        }
    }

    /// All of them by host, the hosts with the most of them first: they take the longest. Reads the secrets that must
    /// be read before the first call.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub(super) fn by_host(
        mut self,
        world: &dyn World,
        source: &Source<'d>,
    ) -> Result<Vec<Host<'d>>, Failure> {
        let mut nowhere = Vec::new();
        for turn in self.early {
            let (place, calls) = (turn.place, turn.calls);
            let loaded = turn.load(world, source)?;
            let host = host(&loaded.prepared, &loaded.secrets);
            let turn = Turn { place, calls, siblings: 0, waiting: Waiting::Loaded(Box::new(loaded)) };
            host.map_or(&mut nowhere, |host| self.named.entry(host).or_default()).push(turn);
        }
        // Those that lead nowhere wait for nobody.
        let nowhere = nowhere.into_iter().map(|turn| Host { authority: None, turns: vec![turn] });
        let named = self.named.into_iter().map(|(name, turns)| Host { authority: Some(name), turns });
        let mut hosts: Vec<Host<'d>> = nowhere.chain(named).collect();
        for host in &mut hosts {
            host.turns.sort_unstable_by_key(|turn| turn.place);
            let all: u64 = host.turns.iter().map(|turn| turn.calls).sum();
            host.turns.iter_mut().for_each(|turn| turn.siblings = all - turn.calls);
        }
        hosts.sort_by_key(|host| Reverse(host.turns.len()));
        Ok(hosts)
    }
}

fn host(prepared: &Prepared, secrets: &Secrets) -> Option<String> {
    prepared.base(secrets).ok().and_then(|url| authority(&url))
}

/// Whether reading its secrets may take long: a program gives them, or it is the first of its store, which may have to
/// be unlocked. They answer on this thread, and read later they would eat the deadlines of the calls under way.
fn holds_up(prepared: &Prepared, opened: &mut BTreeSet<String>) -> bool {
    let given = prepared.method.secret_keys().map(|key| secrets::source(prepared, key));
    let sources: Vec<SecretSource> = given.chain(secrets::token_store(prepared)).collect();
    let program = sources.iter().any(|source| matches!(source, SecretSource::Command(_)));
    let stores = sources.iter().filter(|source| source.is_stored());
    let first = stores.filter(|store| opened.insert(store.shown())).count() > 0;
    program || first
}
