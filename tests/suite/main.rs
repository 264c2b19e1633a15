//! The one integration binary: every file of this folder is a module here.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so by stopping")]

mod answers;
mod bundle;
mod cli;
mod consent;
mod contract;
mod doctor;
mod doorway;
mod examples;
#[cfg(target_os = "linux")]
mod faults;
mod fleet;
mod moving;
mod oauth;
mod past;
mod path;
mod peers;
mod repair;
mod rows;
mod secrecy;
mod support;
