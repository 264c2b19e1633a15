//! The carrier on hyper: every request that leaves this program goes through here.
//!
//! It follows no redirect, sends no `Referer`, keeps no cookie, advertises gzip alone and counts decoded
//! bytes. It answers no challenge by itself. Nothing is built before the first request.

mod answer;
mod carrier;
mod decode;
mod error;
mod flight;
mod gather;
mod line;
mod outgoing;
mod waiting;

pub use carrier::HttpCarrier;
