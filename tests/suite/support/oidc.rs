//! npm oidc-provider: an OAuth 2 and OpenID server. What it offers, whom it knows and what can be set stands at the
//! head of the files in `oidc/`.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Arc;

use serde_json::Value;

use super::http::{self, Answer};
use super::node;
use super::program::{Running, free_port};
use super::shared::Shared;

/// A running oidc-provider.
pub struct Oidc {
    pub port: u16,
    scheme: &'static str,
    _running: Running,
}

/// The folder with the server, Node.js, and what drives Chromium.
pub fn packages() -> Option<PathBuf> {
    let packages = ["oidc-provider@9.13.3", "playwright-core@1.65.1", "node@22.23.3"];
    node::with("CONN_TEST_OIDC", "oidc", &packages)
}

static OIDC: Shared<Oidc> = Shared::new();

impl Oidc {
    /// The server of this moment, as it is without variables; `None` where there is none. For tests that use no
    /// control: others talk to it at the same time.
    pub fn get() -> Option<Arc<Self>> {
        OIDC.get(|| Self::start(&[]))
    }

    /// One that nobody else uses, with these variables.
    pub fn start(variables: &[(&str, &str)]) -> Option<Self> {
        let home = packages()?;
        let port = free_port();
        let mut command = Command::new(node::program(&home));
        command
            .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/suite/support/oidc/server.mjs"))
            .current_dir(home)
            .env("PORT", port.to_string())
            .envs(variables.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let scheme = if variables.iter().any(|(name, _)| *name == "TLS_CERT") { "https" } else { "http" };
        Some(Self { port, scheme, _running: Running::start(command, port) })
    }

    pub fn url(&self) -> String {
        format!("{}://127.0.0.1:{}", self.scheme, self.port)
    }

    /// Uses a control, such as `expire` or `lose?times=1`; what it answers. Not over TLS.
    pub fn control(&self, name: &str) -> Value {
        http::get(self.port, &format!("/control/{name}"), &[]).json()
    }

    /// How many requests of a grant type, or of another route, came so far.
    pub fn count(&self, name: &str) -> u64 {
        self.control("counts")[name].as_u64().unwrap_or(0)
    }

    /// The private key of the client `conn-jwt` for `ES256` or `RS256`, as PEM.
    pub fn key(&self, algorithm: &str) -> String {
        self.control(&format!("key/{algorithm}"))["pem"].as_str().unwrap().to_owned()
    }

    /// A token request without conn.
    pub fn token(&self, client: Option<(&str, &str)>, form: &[(&str, &str)]) -> Answer {
        http::post(self.port, "/token", client, form)
    }
}
