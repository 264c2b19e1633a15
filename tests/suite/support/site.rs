//! A home of conn in a temporary folder, a sandbox to connect to, and the built program run in it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use conn::sandbox::{Credentials, Options, Running, Sandbox};
use tempfile::TempDir;

/// A home, a working folder and a service.
pub struct Site {
    folder: TempDir,
    variables: BTreeMap<String, String>,
    url: String,
    /// The service.
    pub sandbox: Running,
}

/// What a run of conn did.
#[derive(Debug)]
pub struct Outcome {
    pub exit: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Outcome {
    /// Both streams, one after the other.
    pub fn all(&self) -> String {
        format!("{}{}", self.stdout, self.stderr)
    }
}

impl Site {
    /// A fresh home and a service with these credentials.
    pub fn with(credentials: Credentials) -> Self {
        Self::with_pace(credentials, 0)
    }

    /// The same, with slow modes that wait so many seconds.
    pub fn with_pace(credentials: Credentials, seconds: u64) -> Self {
        let folder = tempfile::Builder::new().prefix("conn-test-").tempdir().unwrap();
        let options =
            Options { credentials, pace: Duration::from_millis(seconds * 1000 + 50), ..Options::default() };
        let sandbox = Sandbox::start(options).unwrap();
        for part in ["home", "work"] {
            std::fs::create_dir(folder.path().join(part)).unwrap();
        }
        let mut home = Self { folder, variables: BTreeMap::new(), url: sandbox.url(), sandbox };
        let place = home.path("home").display().to_string();
        let (key, password) =
            (home.sandbox.credentials().key.clone(), home.sandbox.credentials().password.clone());
        for (name, value) in [
            ("HOME", &*place),
            ("CONN_HOME", &place),
            ("CONN_NO_INPUT", "1"),
            ("LC_ALL", "C.UTF-8"),
            ("TZ", "UTC"),
            ("NO_COLOR", "1"),
            ("COLUMNS", "100"),
            ("KEY", &key),
            ("PASSWORD", &password),
        ] {
            home.set(name, value);
        }
        home
    }

    /// Sets a variable for all later runs.
    pub fn set(&mut self, name: &str, value: &str) {
        self.variables.insert(name.to_owned(), value.to_owned());
    }

    /// Stops the service. What stands in its place listens elsewhere.
    pub fn stop(&mut self) {
        self.sandbox = Sandbox::start(Options::default()).unwrap();
    }

    /// A place in the temporary folder.
    pub fn path(&self, below: &str) -> PathBuf {
        self.folder.path().join(below)
    }

    /// Everything that this home holds on disk.
    pub fn root(&self) -> &Path {
        self.folder.path()
    }

    /// The definitions that conn wrote.
    pub fn definitions(&self) -> String {
        std::fs::read_to_string(self.definition_file()).unwrap_or_default()
    }

    /// Where they stand.
    pub fn definition_file(&self) -> PathBuf {
        let file = find(&self.path("home"), "connectors.toml");
        file.unwrap_or_else(|| self.path("home/config/connectors.toml"))
    }

    /// A command that runs conn here.
    pub fn command(&self, line: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_conn"));
        command.args(self.words(line)).env_clear().envs(&self.variables);
        command.current_dir(self.path("work")).stdin(Stdio::null());
        command
    }

    /// The words of a command line; `{url}` is the service's address.
    pub fn words(&self, line: &str) -> Vec<String> {
        line.split_whitespace().map(|word| word.replace("{url}", &self.url)).collect()
    }

    /// The variables of every run.
    pub fn variables(&self) -> &BTreeMap<String, String> {
        &self.variables
    }

    /// Runs conn.
    pub fn run(&self, line: &str) -> Outcome {
        finish(&mut self.command(line))
    }

    /// Runs conn, which must end with 0.
    pub fn must(&self, line: &str) -> Outcome {
        let outcome = self.run(line);
        assert_eq!(outcome.exit, 0, "conn {line}\n{}", outcome.all());
        outcome
    }

    /// Adds `crm` with the good key, read from a variable at each use.
    pub fn add_crm(&self) {
        self.must("add crm --connector sandbox --method key --set address={url} --secret api_key=env:KEY");
    }
}

/// Runs a command to its end.
pub fn finish(command: &mut Command) -> Outcome {
    let output = command.output().unwrap();
    Outcome {
        exit: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// Every file below a folder.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { open.push(path) } else { found.push(path) }
        }
    }
    found
}

fn find(folder: &Path, name: &str) -> Option<PathBuf> {
    files(folder).into_iter().find(|path| path.ends_with(name))
}
