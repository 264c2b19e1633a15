//! The whole program against real authorization servers: consent, renewal, refusal and repair.

#[cfg(target_os = "linux")]
mod chromium;
mod consent;
mod data_centres;
mod device;
mod edge_cases;
#[cfg(target_os = "linux")]
mod keyring;
mod machine;
mod moving;
mod native_client;
mod oauth1;
#[cfg(unix)]
mod proxy;
mod questions;
mod registration;
mod renewal;
mod repair;
mod requirements;
mod secrecy;
#[cfg(unix)]
mod terminal;
mod together;
mod token_endpoint;
mod variables;

use crate::support::browser::Browser;
use crate::support::cli::{Home, Run, finish};
use crate::support::oidc::Oidc;

/// A definition with one method for each way to a token.
pub const DEFINITION: &str = include_str!("../../fixtures/peers/oidc.toml");
pub const WEB_SECRET: &str = "web-secret-0123456789";
pub const MACHINE_SECRET: &str = "machine-secret-0123456789";

/// A server that nobody else uses, and a home that knows it.
pub struct Scene {
    pub oidc: Oidc,
    pub home: Home,
    _key: tempfile::TempDir,
}

impl Scene {
    /// Both, the server with these variables; `None` where the server is missing.
    pub fn start(variables: &[(&str, &str)]) -> Option<Self> {
        Self::with(DEFINITION, variables)
    }

    /// The same with another definition.
    pub fn with(definition: &str, variables: &[(&str, &str)]) -> Option<Self> {
        let oidc = Oidc::start(variables)?;
        let key = tempfile::tempdir().unwrap();
        Some(Self { oidc, home: home(definition, &key), _key: key })
    }

    /// The line that adds a connection of a method by a client, further words at its end.
    pub fn line<'a>(
        &self,
        name: &'a str,
        method: &'a str,
        client: &'a str,
        further: &[&'a str],
    ) -> Vec<String> {
        let url = format!("url={}", self.oidc.url());
        let client = format!("client_id={client}");
        let words = ["add", name, "--connector", "idp", "--method", method, "--store", "vault"];
        let words = words.into_iter().chain(["--set", &url, "--set", &client]).chain(further.iter().copied());
        words.map(str::to_owned).collect()
    }

    /// Adds one whose client has a secret, with a browser.
    pub fn add_web(&self, name: &str, browser: &Browser) -> Run {
        let further = ["--secret", "client_secret=env:WEB", "--flow", "browser"];
        self.browse(&self.line(name, "web", "conn-web", &further), browser)
    }

    /// Runs conn with a browser at hand.
    pub fn browse(&self, line: &[impl AsRef<str>], browser: &Browser) -> Run {
        let words: Vec<&str> = line.iter().map(AsRef::as_ref).collect();
        let mut command = self.home.command(&words);
        command.envs(browser.variables());
        finish(command, b"")
    }

    /// Runs conn with no browser.
    pub fn alone(&self, line: &[String]) -> Run {
        self.home.run(&line.iter().map(String::as_str).collect::<Vec<_>>())
    }

    /// How many token requests of all kinds came so far.
    pub fn token_requests(&self) -> u64 {
        self.oidc.count("token")
    }
}

/// A home whose vault is opened by a key file, which costs less than a passphrase.
pub fn home(definition: &str, folder: &tempfile::TempDir) -> Home {
    let key = folder.path().join("vault.key");
    std::fs::write(&key, "a key of more than thirty-two bytes, for tests").unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o600)).unwrap();
    }
    Home::with(definition)
        .knowing("CONN_VAULT_KEY_FILE", key.to_str().unwrap())
        .knowing("WEB", WEB_SECRET)
        .knowing("MACHINE", MACHINE_SECRET)
        .knowing("WRONG", "no-such-secret-0123456789")
}

/// Asserts how a run ended, by exit code and the codes and words that it says.
pub fn says(run: &Run, code: i32, words: &[&str]) {
    assert_eq!(run.code, code, "{run:#?}");
    let said = format!("{}{}", run.out, run.err).split_whitespace().collect::<Vec<_>>().join(" ");
    for word in words {
        assert!(said.contains(word), "no {word}: {run:#?}");
    }
}
