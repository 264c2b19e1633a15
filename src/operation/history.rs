//! Earlier results of one connection; the ledger has folded repeats.

use super::show::unknown;
use super::{Failure, World};
use crate::diagnosis::flap::Stretch;
use crate::model::Verdict;
use crate::port::{HistoryRow, ItemKey};

/// The newest results, newest first.
///
/// # Errors
/// When there is no such connection, or the ledger cannot be read.
pub fn history(world: &dyn World, link_name: &str, limit: usize) -> Result<Vec<HistoryRow>, Failure> {
    let rows = world.ledger().history(link_name, limit)?;
    // A connection that was removed from its file keeps its history readable.
    if rows.is_empty() && world.definitions()?.connection(link_name)?.is_none() {
        return Err(unknown(world, link_name));
    }
    Ok(rows)
}

/// The most results that are looked at for a path that works and fails in turn.
const RECENT: usize = 16;

/// The newest results of a connection, as far as they tell whether its service could be reached.
///
/// # Errors
/// When the ledger cannot be read.
pub fn stretches(world: &dyn World, of: &ItemKey) -> Result<Vec<Stretch>, Failure> {
    let rows = world.ledger().history(&of.link_name, RECENT)?;
    let told = rows.into_iter().filter(|row| row.environment == of.environment);
    let told = told.filter(|row| !matches!(row.verdict.as_str(), "local_setup" | "skipped"));
    let stretch = |row: HistoryRow| Stretch {
        reached: row.verdict != Verdict::Unreachable.code(),
        first: row.first_seen,
        last: row.last_seen,
        count: row.count,
    };
    Ok(told.map(stretch).collect())
}
