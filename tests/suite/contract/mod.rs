//! Suites that every sibling of a family passes.

#[cfg(target_os = "linux")]
mod keyring;
mod ledger;
mod locks;
#[cfg(unix)]
mod references;
mod secrets;
mod vault;

use crate::support::variable;
