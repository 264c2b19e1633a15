//! What earlier runs say about this one.

mod changed;
mod drift;
mod peer;
mod shared;
