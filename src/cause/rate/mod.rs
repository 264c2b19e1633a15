//! Which limit is used up.

pub mod share;
pub mod window;

pub use share::{CONCURRENT, COST, CREDIT, ENDPOINT, LOW, SECONDARY, SHARED, UNKNOWN};
pub use window::{BURST, DAILY, HOURLY};
