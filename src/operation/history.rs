//! Earlier results of one connection; the ledger has folded repeats.

use super::prepare::Prepared;
use super::show::unknown;
use super::{Failure, World};
use crate::base::{authority, is_loopback};
use crate::diagnosis::Facts;
use crate::diagnosis::correlation::Neighbour;
use crate::diagnosis::flap::Stretch;
use crate::diagnosis::share;
use crate::model::Verdict;
use crate::port::{HistoryRow, ItemKey, StateRecord};

/// The newest results, newest first; of one environment and one account where one is named.
///
/// # Errors
/// When there is no such connection, or the ledger cannot be read.
pub fn history(world: &dyn World, link_name: &str, limit: usize) -> Result<Vec<HistoryRow>, Failure> {
    let settings = world.settings();
    let of =
        |named: &Option<String>, own: Option<&str>| named.as_deref().is_none_or(|named| own == Some(named));
    let is_meant = |row: &HistoryRow| {
        of(&settings.environment, Some(&row.environment)) && of(&settings.account, row.account.as_deref())
    };
    let rows = world.ledger().history(link_name, usize::MAX)?;
    let rows: Vec<HistoryRow> = rows.into_iter().filter(is_meant).take(limit).collect();
    // A connection that was removed from its file keeps its history readable.
    if rows.is_empty() && world.definitions()?.connection(link_name)?.is_none() {
        return Err(unknown(world, link_name));
    }
    Ok(rows)
}

/// The most results that are looked at for a path that works and fails in turn.
pub(super) const RECENT: usize = 16;

/// Results of one authorisation, as far as they tell whether its service could be reached. Equal results in a row are
/// one row for each authorisation: those of two do not stand in the order of time.
pub(super) fn stretches(results: Vec<HistoryRow>) -> Vec<Stretch> {
    let told = results.into_iter().filter(|row| !matches!(row.verdict.as_str(), "local_setup" | "skipped"));
    let stretch = |row: HistoryRow| Stretch {
        reached: row.verdict != Verdict::Unreachable.code(),
        first: row.first_seen,
        last: row.last_seen,
        count: row.count,
    };
    told.map(stretch).collect()
}

/// A result that is older says nothing about now.
const FRESH: jiff::SignedDuration = jiff::SignedDuration::from_mins(2);

/// The most results of others that are looked at: in an outage of a whole fleet each would look at all.
const LOOKED_AT: usize = 32;
/// The most others that are named.
const NAMED: usize = 8;

/// What other connections showed within the last two minutes, those that were reached first; those on this machine say
/// nothing about a network.
#[must_use]
pub fn neighbours(world: &dyn World, prepared: &Prepared) -> Vec<Neighbour> {
    let ledger = world.ledger();
    let now = world.clock().now();
    let since = now.checked_sub(FRESH).unwrap_or(now);
    let others = ledger.newest(since, LOOKED_AT).unwrap_or_default().into_iter();
    let neighbour = |(of, record): (ItemKey, StateRecord)| {
        let at = record.last_run.filter(|at| of.link_name != prepared.link_name && *at <= now + FRESH)?;
        let good = ledger.last_good(&of).ok().flatten();
        let host = good.and_then(|good| url::Url::parse(&good.base).ok()?.host_str().map(str::to_owned));
        let reached = record.last_verdict.as_deref() != Some(Verdict::Unreachable.code());
        let away = !host.is_some_and(|host| is_loopback(&host));
        away.then_some(Neighbour { link_name: of.link_name, at, reached })
    };
    others.filter_map(neighbour).take(NAMED).collect()
}

/// Looks up how other connections to the same host left the counter, where more calls are gone than this one sent:
/// they are conn's own as well.
pub fn look_beside(world: &dyn World, prepared: &Prepared, facts: &mut Facts) {
    if !share::is_in_question(&prepared.connector, facts) {
        return;
    }
    let Some(tally) = &mut facts.history.tally else { return };
    let Some(since) = tally.counter.as_ref().map(|counter| counter.at) else { return };
    let ledger = world.ledger();
    let host = |base: &str| authority(&url::Url::parse(base).ok()?);
    let here = host(&facts.connection.base);
    let others = ledger.states().unwrap_or_default().into_iter();
    let beside = others.filter_map(|((link_name, environment), record)| {
        let counter = record.counter.filter(|counter| counter.at >= since)?;
        let good = ledger.last_good(&ItemKey::current(&link_name, &environment)).ok().flatten()?;
        (host(&good.base) == here).then_some(counter)
    });
    tally.beside = beside.collect();
}
