//! The vocabulary of the token-obtaining kinds. Parsed and validated; spoken by the flows.

use std::borrow::Cow;

use indexmap::IndexMap;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use crate::base::{Phrase, Template};

/// Where an obtained token travels.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct AccessTemplates {
    /// Header → template.
    pub header: IndexMap<String, Template>,
    /// Query parameter → template.
    pub query: IndexMap<String, Template>,
    /// Form field → template.
    pub form: IndexMap<String, Template>,
}

/// How an OAuth 2 client proves itself at the token endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClientAuth {
    /// HTTP Basic with client id and secret.
    Basic,
    /// Client id and secret in the body.
    Post,
    /// A public client.
    None,
    /// A JWT signed with the client secret (RFC 7523).
    SecretJwt,
    /// A JWT signed with a private key (RFC 7523).
    PrivateKeyJwt,
    /// A client certificate (RFC 8705).
    Mtls,
}

/// How client id and secret are written into Basic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum BasicEncoding {
    /// Form-encoded first (RFC 6749, section 2.3.1).
    Form,
    /// As they are.
    Raw,
}

/// Proof key for code exchange (RFC 7636).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Pkce {
    /// SHA-256; what is used where nothing is said.
    S256,
    /// The verifier itself.
    Plain,
    /// For services that refuse it.
    Off,
}

/// A scope: its name, or a table with a label.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Scope {
    /// The name sent to the service.
    pub name: String,
    /// What it allows.
    pub label: Option<Phrase>,
    /// Whether it is asked for where the user does not choose.
    pub default: bool,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ScopeTable {
    /// The name sent to the service.
    name: String,
    /// What it allows.
    label: Option<Phrase>,
    /// Whether it is asked for where the user does not choose.
    #[serde(default = "yes")]
    default: bool,
}

const fn yes() -> bool {
    true
}

impl<'de> Deserialize<'de> for Scope {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use serde::de::Error;
        match toml::Value::deserialize(deserializer)? {
            toml::Value::String(name) => Ok(Self { name, label: None, default: true }),
            table => {
                let ScopeTable { name, label, default } = table.try_into().map_err(D::Error::custom)?;
                Ok(Self { name, label, default })
            }
        }
    }
}

impl JsonSchema for Scope {
    fn schema_name() -> Cow<'static, str> {
        "Scope".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let table = generator.subschema_for::<ScopeTable>();
        json_schema!({ "anyOf": [{ "type": "string" }, table] })
    }
}

/// The redirect that must be registered at the service.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Redirect {
    /// `127.0.0.1`, `localhost` or a host of the user's.
    pub host: Option<String>,
    /// A fixed port, where the service compares it.
    pub port: Option<u16>,
    /// The path.
    pub path: Option<String>,
    /// Whether the service insists on https.
    pub https: Option<bool>,
}

/// Further parameters, per request of the conversation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Extra {
    /// Added to the consent address.
    pub authorize: IndexMap<String, Template>,
    /// Added to the token request.
    pub token: IndexMap<String, Template>,
    /// Added to the renewal.
    pub refresh: IndexMap<String, Template>,
    /// Kind `oauth1`: added to the request for temporary credentials.
    pub request: IndexMap<String, Template>,
    /// Kind `oauth1`: added to the request for token credentials.
    pub access: IndexMap<String, Template>,
}

/// How a token request is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TokenBody {
    /// A form, as the RFC says.
    Form,
    /// A JSON object.
    Json,
    /// Parameters in the address.
    Query,
}

/// The method of a token request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TokenMethod {
    /// As the RFC says.
    Post,
    /// For services that know nothing else; the parameters then travel in the address.
    Get,
}

/// Where a token answer holds its values: JSON pointers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct TokenResponse {
    /// The access token.
    pub token: Option<String>,
    /// The refresh token.
    pub refresh: Option<String>,
    /// The expiry.
    pub expires: Option<String>,
    /// How the expiry is written.
    pub expires_unit: Option<ExpiresUnit>,
    /// Whether the expiry is a span from now or a moment.
    pub expires_kind: Option<ExpiresKind>,
    /// The granted scopes.
    pub scope: Option<String>,
    /// Further values kept as variables: variable → pointer.
    pub keep: IndexMap<String, String>,
}

/// The unit of an expiry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ExpiresUnit {
    /// Seconds.
    Seconds,
    /// Milliseconds.
    Milliseconds,
    /// ISO-8601.
    Iso8601,
}

/// Whether an expiry is a span or a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ExpiresKind {
    /// From now.
    In,
    /// A moment.
    At,
}

/// An OAuth 1 signature method (RFC 5849, section 3.4, and its SHA-2 successors).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum Signature {
    /// HMAC with SHA-1.
    #[serde(rename = "HMAC-SHA1")]
    HmacSha1,
    /// HMAC with SHA-256.
    #[serde(rename = "HMAC-SHA256")]
    HmacSha256,
    /// HMAC with SHA-512.
    #[serde(rename = "HMAC-SHA512")]
    HmacSha512,
    /// RSA with SHA-1.
    #[serde(rename = "RSA-SHA1")]
    RsaSha1,
    /// RSA with SHA-256.
    #[serde(rename = "RSA-SHA256")]
    RsaSha256,
    /// RSA with SHA-512.
    #[serde(rename = "RSA-SHA512")]
    RsaSha512,
    /// The secrets themselves; https only.
    #[serde(rename = "PLAINTEXT")]
    Plaintext,
}

impl Signature {
    /// Whether a private key signs.
    #[must_use]
    pub const fn is_rsa(self) -> bool {
        matches!(self, Self::RsaSha1 | Self::RsaSha256 | Self::RsaSha512)
    }
}

impl Signature {
    /// The word in `connectors.toml` and in requests.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::HmacSha1 => "HMAC-SHA1",
            Self::HmacSha256 => "HMAC-SHA256",
            Self::HmacSha512 => "HMAC-SHA512",
            Self::RsaSha1 => "RSA-SHA1",
            Self::RsaSha256 => "RSA-SHA256",
            Self::RsaSha512 => "RSA-SHA512",
            Self::Plaintext => "PLAINTEXT",
        }
    }
}

/// Where OAuth 1 parameters travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Transmission {
    /// The `Authorization` header.
    Header,
    /// A form body.
    Form,
    /// The query.
    Query,
}

/// What is signed and how, for the kinds `hmac`, `jwt` and `aws_sigv4`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Signing {
    /// `HS256`, `RS256`, `ES256`, `sha256`, ….
    pub algorithm: Option<String>,
    /// The parameter that holds the key.
    pub key: Option<String>,
    /// How the key is written: `utf8` (where nothing is said), `hex` or `base64`.
    pub key_encoding: Option<String>,
    /// The text that is signed.
    pub text: Option<Template>,
    /// `hex` or `base64`.
    pub encoding: Option<String>,
    /// Kind `jwt`: header fields.
    pub header: IndexMap<String, Template>,
    /// Kind `jwt`: claims.
    pub claims: IndexMap<String, Template>,
    /// Kind `jwt`: how long a token lives.
    pub lifetime: Option<String>,
    /// Kind `aws_sigv4`: the region.
    pub region: Option<Template>,
    /// Kind `aws_sigv4`: the service.
    pub service: Option<Template>,
}
