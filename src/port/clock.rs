//! Time and chance.

use crate::base::Timestamp;

/// What time it is, and where.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Timestamp;

    /// The zone in which people read times.
    fn zone(&self) -> jiff::tz::TimeZone;
}

/// Unpredictable bytes.
pub trait Entropy: Send + Sync {
    /// Fills a buffer.
    fn fill(&self, bytes: &mut [u8]);
}
