//! A person with a browser who logs in, consents and comes back: `browse.py`, which needs Python and nothing else,
//! or `browse.mjs`, which drives a real Chromium and takes longer.

use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

use super::program::require;
#[cfg(target_os = "linux")]
use super::{node, oidc};

/// The browser.
pub struct Browser {
    program: PathBuf,
    folder: tempfile::TempDir,
    variables: Vec<(&'static str, String)>,
}

/// A page or a redirect that it met.
#[derive(Debug)]
pub struct Page {
    pub address: String,
    pub status: u64,
    /// By lower-case name.
    pub headers: Value,
    pub text: String,
}

impl Browser {
    /// Somebody who consents to everything; `None` where there is no Python.
    pub fn willing() -> Option<Self> {
        require("python3")?;
        let program = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/suite/support/browse.py").into();
        Some(Self { program, folder: tempfile::tempdir().unwrap(), variables: vec![] })
    }

    /// Somebody who says no.
    pub fn denying() -> Option<Self> {
        Some(Self::willing()?.knowing("BROWSE_DENY", "1"))
    }

    /// Somebody who consents to everything in Chromium; `None` where it is not installed.
    #[cfg(target_os = "linux")]
    pub fn chromium() -> Option<Self> {
        let chromium = require("chromium")?;
        let home = oidc::packages()?;
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("browser");
        let script = format!(
            "#!/bin/sh\ncd '{}' && CHROMIUM='{}' HOME='{}' exec '{}' '{}/tests/suite/support/browse.mjs' \"$1\"\n",
            home.display(),
            chromium.display(),
            folder.path().display(),
            node::program(&home).display(),
            env!("CARGO_MANIFEST_DIR"),
        );
        std::fs::write(&program, script).unwrap();
        let runnable = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        std::fs::set_permissions(&program, runnable).unwrap();
        Some(Self { program, folder, variables: vec![] })
    }

    /// The same with a variable of `browse.py`.
    pub fn knowing(mut self, name: &'static str, value: &str) -> Self {
        self.variables.push((name, value.to_owned()));
        self
    }

    /// What a program has to find in its environment to use this browser.
    pub fn variables(&self) -> Vec<(&'static str, String)> {
        let mut variables = self.variables.clone();
        variables.push(("BROWSER", self.program.display().to_string()));
        variables.push(("BROWSE_SEEN", self.folder.path().join("seen").display().to_string()));
        variables
    }

    /// Opens an address and walks to the end. Whether that was a good end.
    pub fn open(&self, address: &str) -> bool {
        Command::new(&self.program).arg(address).envs(self.variables()).status().unwrap().success()
    }

    /// Everything that it met so far, in order.
    pub fn pages(&self) -> Vec<Page> {
        let lines = std::fs::read_to_string(self.folder.path().join("seen")).unwrap_or_default();
        // The last line may still be on its way.
        let whole = lines.split_inclusive('\n').filter(|line| line.ends_with('\n'));
        let rows = whole.map(|line| serde_json::from_str::<Value>(line).unwrap());
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
