//! What earlier runs say about this one.

mod ahead;
mod changed;
mod drift;
mod peer;
mod shared;
