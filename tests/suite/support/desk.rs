//! A desktop session of its own: a message bus and, if wanted, a real gnome-keyring. Both end with it.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

const PROGRAMS: [&str; 4] = ["dbus-daemon", "dbus-send", "gnome-keyring-daemon", "secret-tool"];

/// How the keyring is started.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// With the password: a first unlock makes the login keyring.
    Unlocked,
    /// Without: a keyring that exists stays locked, one that does not is never made.
    Alone,
}

/// The session.
pub struct Desk {
    home: tempfile::TempDir,
    bus: Child,
    keyring: Option<Child>,
}

impl Drop for Desk {
    fn drop(&mut self) {
        self.stop_keyring();
        let _ = self.bus.kill();
        let _ = self.bus.wait();
    }
}

impl Desk {
    /// A session with a bus; `None`, said aloud, where the programs are missing.
    pub fn open() -> Option<Self> {
        if let Some(missing) = PROGRAMS.iter().find(|program| !is_installed(program)) {
            super::program::missing(&format!("keyring tests: {missing} is not installed"));
            return None;
        }
        let home = tempfile::tempdir().unwrap();
        let config = home.path().join("bus.conf");
        fs::write(&config, bus_config(home.path())).unwrap();
        let mut bus = Command::new("dbus-daemon")
            .args(["--nofork", "--print-address=1"])
            .arg(format!("--config-file={}", config.display()))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // The address is printed when the bus listens.
        let mut address = String::new();
        BufReader::new(bus.stdout.take().unwrap()).read_line(&mut address).unwrap();
        assert!(address.starts_with("unix:"), "{address}");
        Some(Self { home, bus, keyring: None })
    }

    /// The session with an unlocked keyring.
    pub fn unlocked() -> Option<Self> {
        let mut desk = Self::open()?;
        desk.start_keyring(Start::Unlocked);
        Some(desk)
    }

    pub fn start_keyring(&mut self, start: Start) {
        let mut command = self.command("gnome-keyring-daemon");
        command.args(["--foreground", "--components=secrets"]);
        if start == Start::Unlocked {
            command.arg("--unlock");
        }
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(b"login password").unwrap();
        self.keyring = Some(child);
        self.wait_for_keyring();
    }

    pub fn stop_keyring(&mut self) {
        if let Some(mut keyring) = self.keyring.take() {
            let _ = keyring.kill();
            let _ = keyring.wait();
        }
    }

    pub fn keyring_process(&self) -> u32 {
        self.keyring.as_ref().unwrap().id()
    }

    /// A program that lives in this session.
    pub fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        for name in ["DISPLAY", "WAYLAND_DISPLAY", "GNOME_KEYRING_CONTROL"] {
            command.env_remove(name);
        }
        command
            .env("HOME", self.home.path())
            .env("XDG_RUNTIME_DIR", self.home.path())
            .env("XDG_DATA_HOME", self.home.path().join("data"))
            .env("DBUS_SESSION_BUS_ADDRESS", self.bus_address());
        command
    }

    /// Where the bus of this session listens.
    pub fn bus_address(&self) -> String {
        format!("unix:path={}/bus", self.home.path().display())
    }

    /// What `secret-tool` says, given a password on standard input.
    pub fn secret_tool(&self, arguments: &[&str], input: &[u8]) -> Output {
        let mut child = self
            .command("secret-tool")
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(input).unwrap();
        child.wait_with_output().unwrap()
    }

    fn wait_for_keyring(&self) {
        let end = Instant::now() + Duration::from_secs(30);
        while !self.has_keyring() {
            assert!(Instant::now() < end, "gnome-keyring did not come up");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn has_keyring(&self) -> bool {
        let asked = self
            .command("dbus-send")
            .args(["--session", "--print-reply", "--dest=org.freedesktop.DBus", "/org/freedesktop/DBus"])
            .args(["org.freedesktop.DBus.NameHasOwner", "string:org.freedesktop.secrets"])
            .output()
            .unwrap();
        String::from_utf8_lossy(&asked.stdout).contains("boolean true")
    }
}

fn is_installed(program: &str) -> bool {
    let folders = super::variable("PATH").unwrap_or_default();
    std::env::split_paths(&folders).any(|folder| folder.join(program).is_file())
}

/// A session bus that starts nothing by itself.
fn bus_config(home: &Path) -> String {
    format!(
        "<!DOCTYPE busconfig PUBLIC \"-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN\"\n \
         \"http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd\">\n\
         <busconfig><type>session</type><listen>unix:path={}/bus</listen><auth>EXTERNAL</auth>\n\
         <policy context=\"default\"><allow send_destination=\"*\" eavesdrop=\"true\"/>\
         <allow eavesdrop=\"true\"/><allow own=\"*\"/></policy></busconfig>\n",
        home.display()
    )
}
