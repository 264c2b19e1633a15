//! Suites that every sibling of a family passes.

#[cfg(target_os = "linux")]
mod desk;
#[cfg(target_os = "linux")]
mod keyring;
mod ledger;
#[cfg(unix)]
mod references;
mod secrets;
mod vault;

/// A variable of this process's environment.
#[expect(clippy::disallowed_methods, reason = "tests talk to their own child processes by variables")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}
