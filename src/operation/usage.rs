//! When a connection was last used for something else than being tested, so that nobody keeps paying for what nobody uses.

use jiff::tz::TimeZone;

use super::World;
use super::prepare::Prepared;
use crate::port::StateRecord;

/// Notes that a connection is used, the first time on each day: what was read anyhow says whether that is done, so that
/// scripts that run every minute pay for one write a day. Where it cannot be written, nothing is lost but the note.
pub fn note(world: &dyn World, prepared: &Prepared, record: &StateRecord) {
    let now = world.clock().now();
    let day = |moment: crate::base::Timestamp| moment.to_zoned(TimeZone::UTC).date();
    if record.used.is_some_and(|used| day(used) == day(now)) {
        return;
    }
    if let Err(error) = world.ledger().note_use(&prepared.item(), now) {
        tracing::debug!(%error, "the use is not noted");
    }
}
