//! Earlier results of one connection; the ledger has folded repeats.

use super::show::unknown;
use super::{Failure, World};
use crate::port::HistoryRow;

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
