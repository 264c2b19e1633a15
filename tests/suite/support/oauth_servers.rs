//! Two servers made of what PyPI has: oauthlib for OAuth 1, authlib for an OAuth 2 unlike the first. What they offer
//! and whom they know stands at the head of their files.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use serde_json::Value;

use super::program::{Running, free_port};
use super::{http, python};

const PACKAGES: [&str; 3] = ["oauthlib[signedtoken]==4.0.1", "authlib==1.9.9", "flask==3.1.3"];

/// A running server.
pub struct OauthServer {
    pub port: u16,
    _running: Running,
}

impl OauthServer {
    /// `oauth1_provider.py`; `None` where its packages are missing.
    pub fn oauth1() -> Option<Self> {
        Self::start("oauth1_provider.py", &[])
    }

    /// `authlib_server.py` with these variables; `None` where its packages are missing.
    pub fn authlib(variables: &[(&str, &str)]) -> Option<Self> {
        Self::start("authlib_server.py", variables)
    }

    fn start(file: &str, variables: &[(&str, &str)]) -> Option<Self> {
        let port = free_port();
        let mut command = script(file)?;
        command.env("PORT", port.to_string()).envs(variables.iter().copied());
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        Some(Self { port, _running: Running::start(command, port) })
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Uses a control, such as `expire`; what it answers.
    pub fn control(&self, name: &str) -> Value {
        http::get(self.port, &format!("/control/{name}"), &[]).json()
    }

    /// The private key that the server made for one of its clients, as PEM.
    pub fn key(&self) -> String {
        self.control("key")["pem"].as_str().unwrap().to_owned()
    }
}

/// A run of a Python file of this folder, with those packages at hand.
pub fn script(file: &str) -> Option<Command> {
    let python = python::with("CONN_TEST_OAUTH", "oauth", "oauthlib, jwt, authlib, flask", &PACKAGES)?;
    let mut command = Command::new(python);
    command.arg(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/suite/support").join(file));
    Some(command)
}
