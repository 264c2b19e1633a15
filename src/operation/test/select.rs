//! Which connections a request means.

use std::collections::BTreeSet;

use super::turns::{Host, Queue, Source};
use super::{TestRequest, skipped};
use crate::cause::Severity;
use crate::config::{Located, Spot};
use crate::diagnosis::{Entry, Finding};
use crate::model::Connection;
use crate::operation::prepare::{Prepared, assemble, unknown_connection};
use crate::operation::secrets::Secrets;
use crate::operation::{Failure, World, account, check, conclude, environments};
use crate::port::StateRecord;

/// The connections that a request means.
pub(super) struct Meant<'d> {
    /// By host.
    pub(super) hosts: Vec<Host<'d>>,
    /// What is said of those that do not know the environment, where all are meant, each with its place in the order
    /// of the files.
    pub(super) strangers: Vec<(usize, Entry)>,
    /// How many are tested.
    pub(super) count: usize,
    /// How many connections there are with those of the other parts.
    pub(super) all: usize,
}

/// Finds them. Secrets are read once every definition was seen: no keyring is unlocked and no program run for a run
/// that a mistake ends.
///
/// # Errors
/// When a named connection does not exist, or definitions or the ledger cannot be read.
pub(super) fn select<'d>(
    world: &dyn World,
    request: &TestRequest,
    source: &Source<'d>,
) -> Result<Meant<'d>, Failure> {
    let definitions = source.definitions;
    let (mut all, mut place) = (0, 0);
    let mut queue = Queue::default();
    let mut strangers = Vec::new();
    let mut take = |spot: Spot<'d>, located: Located<Connection>| -> Result<(), Failure> {
        all += 1;
        if request.shard.is_some_and(|shard| !shard.holds(&located.name)) {
            return Ok(());
        }
        match assemble(definitions, located, source.environment) {
            Ok(mut prepared) => {
                account::settle(world, &mut prepared)?;
                queue.add(place, spot, &prepared);
            }
            Err(failure)
                if request.link_names.is_empty() && failure.is_of("CONN-CFG-ENVIRONMENT-UNKNOWN") =>
            {
                strangers.push((place, stranger(world, source, spot, failure)?));
            }
            Err(failure) => return Err(failure),
        }
        place += 1;
        Ok(())
    };
    if request.link_names.is_empty() {
        let mut taken = Ok(());
        definitions.visit(|spot, located| {
            let tagged = request.tag.as_ref().is_none_or(|tag| located.value.tags.contains(tag));
            if tagged && taken.is_ok() {
                taken = take(spot, located);
            }
        })?;
        taken?;
    }
    let mut named = BTreeSet::new();
    for name in request.link_names.iter().filter(|name| named.insert(*name)) {
        match definitions.spot(name)? {
            Some((spot, located)) => take(spot, located)?,
            None => return Err(unknown_connection(name, &definitions.link_names()?)),
        }
    }
    // Whatever belongs to other parts: where nobody knows it, the name is a slip.
    if let (false, Some(environment)) = (strangers.is_empty(), source.environment) {
        environments::known_to_any(definitions, request.tag.as_deref(), environment)?;
    }
    Ok(Meant { hosts: queue.by_host(world, source)?, strangers, count: place, all })
}

/// A connection that does not know the environment in which all are tested. Nothing is remembered of it.
fn stranger(
    world: &dyn World,
    source: &Source<'_>,
    spot: Spot<'_>,
    failure: Failure,
) -> Result<Entry, Failure> {
    let home = Source { environment: None, ..*source };
    let mut prepared: Prepared = home.prepare(&spot)?;
    source.environment.unwrap_or_default().clone_into(&mut prepared.environment);
    let problem = failure.problem(&prepared);
    let loaded = check::with(prepared, Secrets::default(), vec![problem], StateRecord::default());
    let facts = check::blank(world, &loaded);
    let entry = conclude::entry(&loaded.prepared.connector, loaded.prepared.connection.kind, &facts, 0.0);
    // Whoever tests all of them in one environment means those that have it.
    let told = entry.findings.into_iter().map(|finding| Finding { severity: Severity::Info, ..finding });
    Ok(Entry { findings: told.collect(), ..skipped(world, &loaded) })
}
