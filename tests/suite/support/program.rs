//! Programs that others wrote, started for one test.

use std::io::Write as _;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

/// Where a program is; `None` after a loud word where it is missing. In CI it must not be missing.
pub fn require(name: &str) -> Option<PathBuf> {
    let found = ["/usr/sbin", "/usr/bin", "/usr/local/bin", "/opt/homebrew/bin"]
        .iter()
        .map(|folder| PathBuf::from(folder).join(name))
        .find(|path| path.is_file());
    if found.is_none() {
        missing(&format!("{name} is not installed"));
    }
    found
}

/// Says aloud that a peer is missing; in CI it must not be.
pub fn missing(what: &str) {
    #[expect(clippy::disallowed_methods, reason = "CI is a fact about where the tests run")]
    let in_ci = std::env::var_os("CI").is_some();
    assert!(!in_ci, "{what}, and in CI it must be");
    // Not `eprintln!`, which the test harness keeps to itself.
    let _ = writeln!(std::io::stderr(), "SKIPPED: {what}");
}

/// A port of this machine that was free a moment ago.
pub fn free_port() -> u16 {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port()
}

/// A running program; it is killed when it is dropped.
pub struct Running(Child);

impl Running {
    /// Starts a program and waits until it listens at a port.
    pub fn start(mut command: Command, port: u16) -> Self {
        let mut running = Self(command.spawn().unwrap());
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let start = Instant::now();
        while TcpStream::connect(address).is_err() {
            if let Some(status) = running.0.try_wait().unwrap() {
                panic!("{command:?} ended with {status}");
            }
            assert!(start.elapsed() < Duration::from_secs(30), "{command:?} does not listen");
            std::thread::sleep(Duration::from_millis(20));
        }
        running
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
