//! In which order connections are tested, and what is read of each before the first call.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use crate::base::authority;
use crate::model::connection::SecretSource;
use crate::operation::check::{self, Loaded};
use crate::operation::prepare::Prepared;
use crate::operation::secrets::{self, Secrets};
use crate::operation::{Failure, World};

/// A connection that waits for its turn.
pub(super) struct Turn {
    /// Its place in the order of the files.
    pub(super) place: usize,
    /// How many calls the other connections to its host may send: they are conn's own, whoever counts them.
    siblings: u64,
    waiting: Waiting,
}

enum Waiting {
    /// Its secrets and its state are read when its turn comes.
    Prepared(Box<Prepared>),
    /// They are read already.
    Loaded(Box<Loaded>),
}

impl Turn {
    /// What its test needs.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub(super) fn load(self, world: &dyn World) -> Result<Loaded, Failure> {
        let loaded = match self.waiting {
            Waiting::Prepared(prepared) => check::load(world, *prepared)?,
            Waiting::Loaded(loaded) => *loaded,
        };
        Ok(Loaded { siblings: self.siblings, ..loaded })
    }

    fn calls(&self) -> u64 {
        let prepared = match &self.waiting {
            Waiting::Prepared(prepared) => prepared,
            Waiting::Loaded(loaded) => &loaded.prepared,
        };
        2 * (1 + prepared.connector.permissions.len() as u64)
    }
}

/// The connections to one host.
pub(super) struct Host {
    /// The host; none where nothing will be sent, or nobody knows where to.
    pub(super) authority: Option<String>,
    /// They wait.
    pub(super) turns: Vec<Turn>,
}

/// The connections by host, the hosts with the most of them first: they take the longest.
///
/// # Errors
/// When the ledger cannot be read.
pub(super) fn by_host(world: &dyn World, known: Vec<(usize, Prepared)>) -> Result<Vec<Host>, Failure> {
    let mut by_name: BTreeMap<String, Vec<Turn>> = BTreeMap::new();
    let mut hosts = Vec::new();
    let mut opened = BTreeSet::new();
    for (place, prepared) in known {
        let none = Secrets::default();
        let (host, waiting) = if holds_up(&prepared, &mut opened) || host(&prepared, &none).is_none() {
            let loaded = check::load(world, prepared)?;
            (host(&loaded.prepared, &loaded.secrets), Waiting::Loaded(Box::new(loaded)))
        } else {
            (host(&prepared, &none), Waiting::Prepared(Box::new(prepared)))
        };
        let turn = Turn { place, siblings: 0, waiting };
        match host {
            Some(host) => by_name.entry(host).or_default().push(turn),
            // It waits for nobody.
            None => hosts.push(Host { authority: None, turns: vec![turn] }),
        }
    }
    let named = by_name.into_iter().map(|(name, turns)| Host { authority: Some(name), turns });
    hosts.extend(named);
    for host in &mut hosts {
        let all: u64 = host.turns.iter().map(Turn::calls).sum();
        host.turns.iter_mut().for_each(|turn| turn.siblings = all - turn.calls());
    }
    hosts.sort_by_key(|host| Reverse(host.turns.len()));
    Ok(hosts)
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
    let first = stores.fold(false, |first, store| opened.insert(store.shown()) || first);
    program || first
}
