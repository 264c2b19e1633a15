//! The use cases, one per file, and the only users of ports. An operation returns values: it formats
//! nothing and ends no process.

pub mod account;
pub mod add;
pub mod afterwards;
pub mod ask;
pub mod bounds;
pub mod bundle;
pub mod check;
pub mod choose;
pub mod conclude;
pub mod connect;
pub mod consent;
pub mod correct;
pub mod definition;
pub mod diagnose;
pub mod doctor;
pub mod exchange;
pub mod exec;
pub mod failure;
pub mod fix;
pub mod history;
pub mod hygiene;
pub mod keep;
pub mod lend;
pub mod lint;
pub mod list;
mod path;
pub mod prepare;
pub mod reconnect;
pub mod reconsent;
pub mod remove;
mod repeat;
pub mod request;
pub mod rollback;
pub mod secrets;
pub mod show;
pub mod snippet;
pub mod switch;
pub mod system;
pub mod test;
pub mod token;
pub mod tokens;
pub mod variables;
pub mod world;

pub use failure::Failure;
pub use world::World;
