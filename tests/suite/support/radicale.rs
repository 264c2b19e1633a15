//! Radicale, a calendar server: user `ops`, password `passwd`.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use super::program::{Running, free_port, require};

/// A running Radicale.
pub struct Radicale {
    pub port: u16,
    users: PathBuf,
    _running: Running,
    _folder: tempfile::TempDir,
}

impl Radicale {
    /// Starts it; `None` where it is not installed.
    pub fn start() -> Option<Self> {
        let program = require("radicale")?;
        let folder = tempfile::tempdir().unwrap();
        let port = free_port();
        let here = folder.path().display();
        let settings = format!(
            "[server]\nhosts = 127.0.0.1:{port}\n[auth]\ntype = htpasswd\nhtpasswd_filename = {here}/users\n\
             htpasswd_encryption = plain\ndelay = 0\n[storage]\nfilesystem_folder = {here}/collections\n\
             [rights]\ntype = owner_only\n"
        );
        std::fs::write(folder.path().join("settings"), settings).unwrap();
        let users = folder.path().join("users");
        std::fs::write(&users, "ops:passwd\n").unwrap();
        let mut command = Command::new(program);
        command.arg("--config").arg(folder.path().join("settings"));
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        Some(Self { port, users, _running: Running::start(command, port), _folder: folder })
    }

    /// Gives the user another password, as an administrator does.
    pub fn change_password(&self, password: &str) {
        std::fs::write(&self.users, format!("ops:{password}\n")).unwrap();
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}
