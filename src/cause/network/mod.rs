//! Why an address cannot be reached.

pub mod quality;
pub mod reach;

pub use quality::{FLAKY, MTU, READ_TIMEOUT, SLOW, STALLED};
pub use reach::{IPV4_BROKEN, IPV6_BROKEN, OFFLINE, REFUSED, RESET, TIMEOUT, UNREACHABLE};
