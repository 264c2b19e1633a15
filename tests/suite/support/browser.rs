//! A person with a browser who logs in, consents and comes back: `browse.py`, which needs Python and nothing else.

use std::process::Command;

use serde_json::Value;

use super::program::require;

/// The browser.
pub struct Browser {
    seen: tempfile::NamedTempFile,
    variables: Vec<(&'static str, String)>,
}

/// A page or a redirect that it met.
#[derive(Debug)]
pub struct Page {
    pub address: String,
    pub status: u64,
    pub headers: Value,
    pub text: String,
}

impl Browser {
    /// Somebody who consents to everything; `None` where there is no Python.
    pub fn willing() -> Option<Self> {
        require("python3")?;
        Some(Self { seen: tempfile::NamedTempFile::new().unwrap(), variables: vec![] })
    }

    /// Somebody who says no.
    pub fn denying() -> Option<Self> {
        Some(Self::willing()?.knowing("BROWSE_DENY", "1"))
    }

    /// The same with a variable of `browse.py`.
    pub fn knowing(mut self, name: &'static str, value: &str) -> Self {
        self.variables.push((name, value.to_owned()));
        self
    }

    /// What a program has to find in its environment to use this browser.
    pub fn variables(&self) -> Vec<(&'static str, String)> {
        let program = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/suite/support/browse.py");
        let mut variables = self.variables.clone();
        variables.push(("BROWSER", program.to_owned()));
        variables.push(("BROWSE_SEEN", self.seen.path().display().to_string()));
        variables
    }

    /// Opens an address and walks to the end. Whether that was a good end.
    pub fn open(&self, address: &str) -> bool {
        let variables = self.variables();
        let (_, program) = variables.iter().find(|(name, _)| *name == "BROWSER").unwrap();
        Command::new(program).arg(address).envs(variables.clone()).status().unwrap().success()
    }

    /// Everything that it met so far, in order.
    pub fn pages(&self) -> Vec<Page> {
        let lines = std::fs::read_to_string(self.seen.path()).unwrap();
        let rows = lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        rows.map(|row| Page {
            address: text(&row["address"]),
            status: row["status"].as_u64().unwrap(),
            headers: row["headers"].clone(),
            text: text(&row["text"]),
        })
        .collect()
    }
}
