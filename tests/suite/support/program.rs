//! Programs that others wrote, started for one test.

use std::io::Write as _;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

/// Where a program is; `None` after a loud word where it is missing.
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

/// Says aloud why a test is skipped. In CI nothing may be missing.
pub fn missing(what: &str) {
    assert!(super::variable("CI").is_none_or(|ci| ci != "true"), "{what}, and in CI it must be there");
    // Not `eprintln!`, which the test harness keeps to itself.
    let _ = writeln!(std::io::stderr(), "SKIPPED: {what}");
}

/// Runs a program to its end and keeps what it says; whether it succeeded.
pub fn succeeds(command: &mut Command) -> bool {
    command.output().is_ok_and(|output| output.status.success())
}

/// A port of this machine that was free a moment ago.
pub fn free_port() -> u16 {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port()
}

/// A running program; it is killed when it is dropped, with everything that it started.
pub struct Running(Child);

impl Running {
    /// Starts a program and waits until it listens at a port.
    pub fn start(command: Command, port: u16) -> Self {
        Self::start_within(command, port, Duration::from_secs(30))
    }

    /// The same for a program that takes its time.
    pub fn start_within(command: Command, port: u16, limit: Duration) -> Self {
        Self::start_at(command, SocketAddr::from((Ipv4Addr::LOCALHOST, port)), limit)
    }

    /// The same for a program that listens at another address.
    pub fn start_at(mut command: Command, address: SocketAddr, limit: Duration) -> Self {
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut running = Self(command.spawn().unwrap());
        let start = Instant::now();
        while TcpStream::connect(address).is_err() {
            if let Some(status) = running.0.try_wait().unwrap() {
                panic!("{command:?} ended with {status}");
            }
            assert!(start.elapsed() < limit, "{command:?} does not listen");
            std::thread::sleep(Duration::from_millis(20));
        }
        running
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        #[cfg(unix)]
        if let Ok(group) = i32::try_from(self.0.id())
            && let Some(group) = rustix::process::Pid::from_raw(group)
        {
            let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
        }
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
