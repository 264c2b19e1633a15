//! Suites that every sibling of a family passes.

mod ledger;
mod secrets;
mod vault;
