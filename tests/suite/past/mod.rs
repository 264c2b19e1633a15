//! What earlier runs say about this one.

mod ahead;
mod changed;
mod drift;
mod noticed;
pub mod peer;
mod shared;
mod together;
