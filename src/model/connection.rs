//! One named use of a connector.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use indexmap::IndexMap;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use crate::base::{Phrase, Text};

/// Who authorises a connection, and for whom.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ConnectionKind {
    /// Made by itself on first use; an admin authorises it.
    System,
    /// One authorisation for everyone.
    #[default]
    Admin,
    /// Each person their own; one account is primary.
    User,
}

impl ConnectionKind {
    /// The word in `connectors.toml` and JSON.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Admin => "admin",
            Self::User => "user",
        }
    }

    /// The words for people.
    #[must_use]
    pub const fn text(self) -> Text {
        match self {
            Self::System => Text::new("system", "システム"),
            Self::Admin => Text::new("admin", "管理者"),
            Self::User => Text::new("user", "ユーザー"),
        }
    }
}

/// One named use of a connector.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Connection {
    /// The connector's id.
    pub connector: String,
    /// The display name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Phrase>,
    /// The auth method; the connector's first where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// Who authorises it.
    #[serde(default)]
    pub kind: ConnectionKind,
    /// The environment; production where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub environment: Option<String>,
    /// Values of the connector's variables, and of parameters that are not secret.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub vars: IndexMap<String, String>,
    /// Secret parameter → where it is kept; the keyring where nothing is said.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub secrets: IndexMap<String, SecretSource>,
    /// Labels for `--tag`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// What uses it: scripts, workflows, pages, as people call them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub used_by: Vec<String>,
    /// Who to ask.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// Anything worth knowing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Whether one authorisation serves all environments.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub same_authorization: Option<bool>,
    /// Seconds that one request may take in all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout: Option<u64>,
    /// Further certificate authorities (PEM), for this connection only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ca_file: Option<String>,
    /// The newest version of HTTP that is spoken; whatever both sides know where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub http_version: Option<HttpVersion>,
}

/// A version of HTTP to which a connection keeps, because a newer one breaks on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum HttpVersion {
    /// HTTP/1.1 (RFC 9112).
    #[serde(rename = "1.1")]
    Older,
}

/// The name of the environment that is meant where none is said.
pub const PRODUCTION: &str = "production";

impl Connection {
    /// The environment's name.
    #[must_use]
    pub fn environment(&self) -> &str {
        self.environment.as_deref().unwrap_or(PRODUCTION)
    }
}

/// Where a secret is kept. Written as `"keyring"`, `"vault"`, `"env:VAR"` or `"command:…"`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum SecretSource {
    /// The operating system's keyring.
    #[default]
    Keyring,
    /// The sealed file.
    Vault,
    /// An environment variable, read at each use.
    Environment(String),
    /// A program's output, read at each use; arguments split as a shell would, run without one.
    Command(String),
}

/// Why a secret source could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(r#"a secret is kept in "keyring", "vault", "env:VARIABLE" or "command:PROGRAM ARGUMENTS""#)]
pub struct SecretSourceError;

impl SecretSource {
    /// Whether conn itself keeps the value.
    #[must_use]
    pub const fn is_stored(&self) -> bool {
        matches!(self, Self::Keyring | Self::Vault)
    }

    /// The words for people, without arguments of a command.
    #[must_use]
    pub fn words(&self) -> Phrase {
        match self {
            Self::Keyring => Text::new("keyring", "キーリング").into(),
            Self::Vault => Text::new("vault", "ボールト").into(),
            other => Phrase::same(other.shown()),
        }
    }

    /// The word for JSON and files, without arguments of a command.
    #[must_use]
    pub fn shown(&self) -> String {
        match self {
            Self::Keyring => "keyring".to_owned(),
            Self::Vault => "vault".to_owned(),
            Self::Environment(variable) => format!("env:{variable}"),
            Self::Command(line) => {
                format!("command:{}", line.split_whitespace().next().unwrap_or_default())
            }
        }
    }
}

impl FromStr for SecretSource {
    type Err = SecretSourceError;

    fn from_str(source: &str) -> Result<Self, SecretSourceError> {
        let variable = |name: &str| {
            let valid = |c: char| c.is_ascii_alphanumeric() || c == '_';
            !name.is_empty() && name.chars().all(valid) && !name.starts_with(|c: char| c.is_ascii_digit())
        };
        match source.split_once(':') {
            None if source == "keyring" => Ok(Self::Keyring),
            None if source == "vault" => Ok(Self::Vault),
            Some(("env", name)) if variable(name) => Ok(Self::Environment(name.to_owned())),
            Some(("command", line)) if !line.trim().is_empty() => Ok(Self::Command(line.trim().to_owned())),
            _ => Err(SecretSourceError),
        }
    }
}

impl TryFrom<String> for SecretSource {
    type Error = SecretSourceError;

    fn try_from(source: String) -> Result<Self, SecretSourceError> {
        source.parse()
    }
}

impl From<SecretSource> for String {
    fn from(source: SecretSource) -> Self {
        match source {
            SecretSource::Command(line) => format!("command:{line}"),
            other => other.shown(),
        }
    }
}

impl fmt::Display for SecretSource {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.shown())
    }
}

impl JsonSchema for SecretSource {
    fn schema_name() -> Cow<'static, str> {
        "SecretSource".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "Where a secret is kept: \"keyring\", \"vault\", \"env:VARIABLE\", \"command:PROGRAM ARGUMENTS\". Never the secret itself.",
            "type": "string",
            "pattern": "^(keyring|vault|env:[A-Za-z_][A-Za-z0-9_]*|command:.+)$"
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{SecretSource, SecretSourceError};

    #[test]
    fn a_source_is_a_word_or_a_reference_and_never_a_value() {
        let cases = [
            ("keyring", Ok(SecretSource::Keyring)),
            ("vault", Ok(SecretSource::Vault)),
            ("env:ACME_KEY", Ok(SecretSource::Environment("ACME_KEY".into()))),
            ("command:pass show acme", Ok(SecretSource::Command("pass show acme".into()))),
            ("env:9", Err(SecretSourceError)),
            ("env:A B", Err(SecretSourceError)),
            ("command: ", Err(SecretSourceError)),
            ("sk_live_123", Err(SecretSourceError)),
        ];
        for (source, expected) in cases {
            assert_eq!(source.parse(), expected, "{source}");
        }
        assert_eq!(SecretSource::Command("pass show acme".into()).shown(), "command:pass");
    }
}
