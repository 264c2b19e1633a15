//! What is known of an authorisation beside its tokens. Nothing in it is secret.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use crate::base::Timestamp;

/// The key of the access token among the values of a credential; OAuth 1: of the token.
pub const ACCESS_TOKEN: &str = "access_token";
/// The key of the refresh token.
pub const REFRESH_TOKEN: &str = "refresh_token";
/// The key of OAuth 1's token secret.
pub const TOKEN_SECRET: &str = "token_secret";
/// The key of the identity token.
pub const ID_TOKEN: &str = "id_token";
/// The key of the private key for proofs of possession (RFC 9449).
pub const DPOP_KEY: &str = "dpop_key";

/// The keys of a client that conn registered by itself (RFC 7591).
pub const CLIENT_ID: &str = "client_id";
/// Its secret, where the service gave one.
pub const CLIENT_SECRET: &str = "client_secret";
/// When that secret ends.
pub const CLIENT_SECRET_ENDS: &str = "client_secret_ends";
/// With what the registration is withdrawn (RFC 7592).
pub const REGISTRATION_TOKEN: &str = "registration_token";
/// Where it is withdrawn.
pub const REGISTRATION_ADDRESS: &str = "registration_address";

/// Whether a key names a value of the client.
#[must_use]
pub fn is_of_client(key: &str) -> bool {
    [CLIENT_ID, CLIENT_SECRET, CLIENT_SECRET_ENDS, REGISTRATION_TOKEN, REGISTRATION_ADDRESS].contains(&key)
}

/// Whether a key names a value that conn obtained by itself, rather than one that a person gave.
#[must_use]
pub fn is_obtained(key: &str) -> bool {
    [ACCESS_TOKEN, REFRESH_TOKEN, TOKEN_SECRET, ID_TOKEN, DPOP_KEY].contains(&key)
}

/// What is known of an authorisation beside its tokens.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// When the tokens came.
    pub obtained: Timestamp,
    /// When a person consented last; the same as `obtained` until the first renewal.
    pub consented: Timestamp,
    /// When the access token ends, where anybody says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<Timestamp>,
    /// When the refresh token ends, where the service says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refresh_expires: Option<Timestamp>,
    /// The scopes that were asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub asked: Vec<String>,
    /// The scopes that were granted, where the service says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scopes: Option<Vec<String>>,
    /// The token's type as the service wrote it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token_type: Option<String>,
    /// Values of variables that came with the consent or the tokens.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub kept: IndexMap<String, String>,
    /// What the service publishes about itself, where the definition leaves addresses open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published: Option<Published>,
}

/// What a service publishes about itself, as far as it is used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Published {
    /// When it was read.
    pub read: Timestamp,
    /// The document.
    pub document: serde_json::Value,
}

impl Grant {
    /// Whether the access token ends within `margin` seconds, or has ended.
    #[must_use]
    pub fn is_due(&self, now: Timestamp, margin: i64) -> bool {
        self.expires.is_some_and(|expires| expires.as_second() - now.as_second() <= margin)
    }
}
