//! Reconnecting what a person consented to: the app's own values where they are given anew, then its tokens, with
//! the least effort.

use super::afterwards::{self, Said};
use super::check;
use super::consent::{self, Consented, Outcome};
use super::fresh::{fresh, is_unfinished};
use super::keep::Seen;
use super::prepare::Prepared;
use super::reconnect::{ReconnectRequest, Reconnected, Reconnection, is_undoable, own_sources};
use super::{Failure, World, secrets};
use crate::cause;
use crate::port::StateRecord;

/// Gives a connection new tokens, and new values of its app where they are given.
///
/// # Errors
/// As `reconnect`.
pub(super) async fn reconsent(
    world: &dyn World,
    old: Prepared,
    request: ReconnectRequest,
    record: StateRecord,
    before: Option<&'static cause::Cause>,
) -> Result<Reconnection, Failure> {
    let said = Said::of(&request);
    let stored = check::load(world, old.clone())?;
    let changed = !request.secrets.is_empty() || !request.values.is_empty() || is_unfinished(&stored);
    let (wish, other_account, state) = (request.wish.clone(), request.other_account, record.state);
    let seen = Seen::now(world, &old);
    let loaded = if changed {
        let (prepared, mut values, mut problems) = fresh(world, old.clone(), request)?;
        own_sources(&old, &prepared)?;
        for key in prepared.method.secret_keys() {
            let source = secrets::source(&prepared, key);
            if !source.is_stored() {
                match secrets::refer(world, &prepared, key, &source) {
                    Ok(value) => values.insert(key, value),
                    Err(problem) => problems.push(problem),
                }
            }
        }
        check::with(prepared, values, problems, record.clone())
    } else {
        stored
    };
    let wanted =
        consent::Wanted { old: &old, seen: &seen, wish: &wish, verb: "reconnect", other_account, changed };
    let Consented { mut report, loaded, facts, kept, unremembered } =
        match Box::pin(consent::again(world, loaded, &wanted)).await? {
            Outcome::Done(consented) => *consented,
            Outcome::Waits(question) => return Ok(Reconnection::Waits(question)),
        };
    if let Some(entry) = report.entries.first_mut() {
        if kept {
            entry.checks = afterwards::checks(world, &loaded, &record, &facts, entry).await;
        } else if changed || said.is_particular() {
            said.offer_anew(entry, &loaded.prepared);
        }
    }
    let undoable = is_undoable(world, &old);
    let reconnected = Reconnected { before, state, report, swapped: kept, undoable, unremembered };
    Ok(Reconnection::Done(Box::new(reconnected)))
}
