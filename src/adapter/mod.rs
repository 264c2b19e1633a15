//! The real world behind the ports. Only [`crate::app`] names this module.

pub mod clock;
pub mod log;
pub mod terminal;
