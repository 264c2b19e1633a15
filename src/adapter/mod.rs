//! The real world behind the ports. Only [`crate::app`] names this module.

pub mod browser;
pub mod clock;
pub mod command;
pub mod definitions;
pub mod doorway;
pub mod gateway;
pub mod http;
pub mod ledger;
pub mod lock;
pub mod log;
pub mod paste;
pub mod private_file;
mod program;
pub mod secrets;
pub mod successor;
pub mod surroundings;
pub mod terminal;
