//! The whole program, as a person or a script runs it, in a home of its own.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use serde_json::Value;

/// A home: conn's folders and a working folder, both empty at first.
pub struct Home {
    folder: tempfile::TempDir,
    variables: Vec<(String, String)>,
}

/// What a run said, and how it ended.
#[derive(Debug)]
pub struct Run {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Home {
    /// A home whose `connectors.toml` holds this.
    pub fn with(definitions: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("conn/config")).unwrap();
        std::fs::create_dir_all(folder.path().join("work")).unwrap();
        let home = Self { folder, variables: vec![] };
        std::fs::write(home.definitions(), definitions).unwrap();
        home
    }

    /// The same home with a variable in its environment.
    pub fn knowing(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Sets a variable for the runs that follow.
    pub fn set(&mut self, name: &str, value: &str) {
        self.variables.push((name.to_owned(), value.to_owned()));
    }

    /// The folder that holds everything.
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// The user's definitions.
    pub fn definitions(&self) -> PathBuf {
        self.folder.path().join("conn/config/connectors.toml")
    }

    /// Every file below conn's own folder with its content.
    pub fn files(&self) -> Vec<(PathBuf, Vec<u8>)> {
        Self::below(self.folder.path().join("conn"))
    }

    /// The same with those in the working folder.
    pub fn all_files(&self) -> Vec<(PathBuf, Vec<u8>)> {
        Self::below(self.folder.path().to_owned())
    }

    fn below(folder: PathBuf) -> Vec<(PathBuf, Vec<u8>)> {
        let mut found = vec![];
        let mut folders = vec![folder];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    found.push((path.clone(), std::fs::read(path).unwrap()));
                }
            }
        }
        found
    }

    /// A run that is not started yet: nothing of this process's environment but `PATH`.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_conn"));
        command
            .args(arguments)
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .env("HOME", self.folder.path())
            .env("CONN_HOME", self.folder.path().join("conn"))
            .env("CONN_LANG", "en")
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .current_dir(self.folder.path().join("work"));
        command
    }

    /// Runs conn.
    pub fn run(&self, arguments: &[&str]) -> Run {
        finish(self.command(arguments), b"")
    }

    /// Runs conn with something on standard input.
    pub fn run_with(&self, arguments: &[&str], input: &str) -> Run {
        finish(self.command(arguments), input.as_bytes())
    }

    /// Tests one connection.
    pub fn test(&self, name: &str, further: &[&str]) -> Run {
        self.run(&[&["test", name, "--format", "json"], further].concat())
    }
}

/// Runs a command to its end.
pub fn finish(mut command: Command, input: &[u8]) -> Run {
    let streams = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = streams.spawn().unwrap();
    // It may end without reading.
    let _ = child.stdin.take().unwrap().write_all(input);
    let output = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Run { code: output.status.code().unwrap_or(-1), out: text(output.stdout), err: text(output.stderr) }
}

impl Run {
    /// The one JSON object on standard output.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:#?}"))
    }

    /// The only connection of a report.
    pub fn connection(&self) -> Value {
        self.json()["connections"][0].clone()
    }

    /// Verdict, first code and exit in one line: `rejected CONN-AUTH-REJECTED 4`, `ok - 0`.
    pub fn outcome(&self) -> String {
        let connection = self.connection();
        let code = connection["findings"][0]["code"].as_str().unwrap_or("-").to_owned();
        format!("{} {code} {}", connection["verdict"].as_str().unwrap(), self.code)
    }

    /// The repairs that were tried, `CODE ending` each.
    pub fn endings(&self) -> Vec<String> {
        let connection = self.connection();
        let words = |fix: &Value, key: &str| fix[key].as_str().unwrap().to_owned();
        let fixes = connection["fixes"].as_array().unwrap().iter();
        fixes.map(|fix| format!("{} {}", words(fix, "code"), words(fix, "ending"))).collect()
    }

    /// The rows of the permission matrix: `contacts granted`.
    pub fn access(&self) -> Vec<String> {
        let connection = self.connection();
        let rows = connection["access"].as_array().unwrap().iter();
        rows.map(|row| format!("{} {}", row["id"].as_str().unwrap(), row["status"].as_str().unwrap()))
            .collect()
    }

    /// The layers of the path: `tls failed`.
    pub fn stages(&self) -> Vec<String> {
        let connection = self.connection();
        let rows = connection["stages"].as_array().unwrap().iter();
        rows.map(|row| format!("{} {}", row["id"].as_str().unwrap(), row["status"].as_str().unwrap()))
            .collect()
    }

    /// Asserts that a failure comes with steps.
    pub fn has_steps(&self) {
        let steps = self.connection()["findings"][0]["steps"].as_array().map_or(0, Vec::len);
        assert!(steps > 0, "{self:#?}");
    }
}
