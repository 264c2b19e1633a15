//! Real programs of others, started where the servers of a case are.

use std::net::SocketAddr;
use std::process::{Command, Stdio};
use std::time::Duration;

use super::lab::Lab;
use crate::support::program::{Running, require};

/// How long a program may take to listen.
const PATIENCE: Duration = Duration::from_secs(30);

impl Lab {
    /// Starts dnsmasq at 10.77.0.3 and makes it the only name server of conn.
    pub fn dnsmasq(&self, options: &[&str]) -> Option<Running> {
        let mut command = Command::new(require("dnsmasq")?);
        command.args([
            "--keep-in-foreground",
            "--conf-file=/dev/null",
            "--no-resolv",
            "--no-hosts",
            "--user=root",
        ]);
        command.args(["--listen-address=10.77.0.3", "--bind-interfaces", "--pid-file="]).args(options);
        self.etc("resolv.conf", "nameserver 10.77.0.3\n");
        Some(quiet(command, "10.77.0.3:53".parse().unwrap()))
    }
}

/// Starts a program without its talk.
pub fn quiet(mut command: Command, address: SocketAddr) -> Running {
    command.stdout(Stdio::null()).stderr(Stdio::null());
    Running::start_at(command, address, PATIENCE)
}
