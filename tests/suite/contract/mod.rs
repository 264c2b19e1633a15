//! Suites that every sibling of a family passes.

mod secrets;
mod vault;
