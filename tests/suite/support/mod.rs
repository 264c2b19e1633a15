//! What tests need to meet a real or scripted world.

pub mod browser;
pub mod certificate;
pub mod cli;
#[cfg(target_os = "linux")]
pub mod desk;
#[cfg(target_os = "linux")]
pub mod faketime;
pub mod home;
pub mod http;
pub mod httpbin;
pub mod name_server;
pub mod needles;
pub mod nginx;
pub mod node;
pub mod oauth_servers;
pub mod oidc;
pub mod pages;
#[cfg(unix)]
pub mod passage;
pub mod program;
pub mod python;
pub mod rabbitmq;
pub mod radicale;
pub mod scripted;
pub mod shared;
#[cfg(unix)]
pub mod shell;
pub mod site;
pub mod squid;
pub mod vendor;

/// Gives a file or folder these rights.
#[cfg(unix)]
pub fn set_mode(path: &std::path::Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

/// Windows has no modes.
#[cfg(windows)]
pub const fn set_mode(_: &std::path::Path, _: u32) {}

/// A variable of this process's environment.
#[expect(clippy::disallowed_methods, reason = "what a test may use is told by variables")]
pub fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}
