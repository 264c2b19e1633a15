//! What a request for tokens spends.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a request to an authorization server spends: the same word means different things for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Spent {
    /// An authorization code.
    Code,
    /// A device code (RFC 8628).
    #[serde(rename = "device_code")]
    Device,
    /// A refresh token.
    #[serde(rename = "refresh_token")]
    Refresh,
    /// A signed assertion (RFC 7523).
    Assertion,
    /// A token that is exchanged for another (RFC 8693).
    #[serde(rename = "subject_token")]
    Subject,
    /// User name and password.
    Password,
    /// Only the client's own credentials.
    Client,
    /// Nothing of these: registration, a pushed request, revocation.
    Nothing,
}

impl Spent {
    const ALL: [Self; 8] = [
        Self::Code,
        Self::Device,
        Self::Refresh,
        Self::Assertion,
        Self::Subject,
        Self::Password,
        Self::Client,
        Self::Nothing,
    ];

    /// The word in facts.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::Device => "device_code",
            Self::Refresh => "refresh_token",
            Self::Assertion => "assertion",
            Self::Subject => "subject_token",
            Self::Password => "password",
            Self::Client => "client",
            Self::Nothing => "nothing",
        }
    }

    /// Reads [`Spent::code`] back.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|spent| spent.code() == code)
    }

    /// What a token request of this grant spends.
    #[must_use]
    pub fn of_grant(grant: &str) -> Self {
        match grant {
            "authorization_code" => Self::Code,
            "device_code" => Self::Device,
            "refresh_token" => Self::Refresh,
            "jwt_bearer" => Self::Assertion,
            "token_exchange" => Self::Subject,
            "password" => Self::Password,
            _ => Self::Client,
        }
    }
}
