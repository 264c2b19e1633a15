//! The use cases, one per file, and the only users of ports. An operation returns values: it formats
//! nothing and ends no process.

pub mod failure;
pub mod world;

pub use failure::Failure;
pub use world::World;
