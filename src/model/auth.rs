//! A named way to authenticate.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::oauth::{
    AccessTemplates, BasicEncoding, ClientAuth, Extra, Pkce, Redirect, Scope, Signature, Signing, TokenBody,
    TokenMethod, TokenResponse, Transmission,
};
use super::parameter::Parameter;
use super::request::TestRequest;
use crate::base::{Phrase, Template, Text};

/// The kind of an auth method.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AuthKind {
    /// Any number of values, each in a header, the query, a form, a JSON body or the path.
    ApiKey,
    /// RFC 7617.
    Basic,
    /// RFC 6750.
    Bearer,
    /// RFC 7616.
    Digest,
    /// RFC 5849.
    #[serde(rename = "oauth1")]
    OAuth1,
    /// RFC 6749.
    #[serde(rename = "oauth2")]
    OAuth2,
    /// A log-in whose answer holds the token.
    Session,
    /// A signature over parts of the request.
    Hmac,
    /// AWS Signature Version 4.
    AwsSigv4,
    /// A token that we sign ourselves.
    Jwt,
    /// Nothing to prove.
    None,
}

impl AuthKind {
    /// Every kind, the simplest first.
    pub const ALL: [Self; 11] = [
        Self::ApiKey,
        Self::Basic,
        Self::Bearer,
        Self::Digest,
        Self::None,
        Self::OAuth1,
        Self::OAuth2,
        Self::Session,
        Self::Hmac,
        Self::AwsSigv4,
        Self::Jwt,
    ];

    /// The word in `connectors.toml` and JSON.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::ApiKey => "api_key",
            Self::Basic => "basic",
            Self::Bearer => "bearer",
            Self::Digest => "digest",
            Self::OAuth1 => "oauth1",
            Self::OAuth2 => "oauth2",
            Self::Session => "session",
            Self::Hmac => "hmac",
            Self::AwsSigv4 => "aws_sigv4",
            Self::Jwt => "jwt",
            Self::None => "none",
        }
    }

    /// The words for people.
    #[must_use]
    pub const fn text(self) -> Text {
        match self {
            Self::ApiKey => Text::new("API key", "APIキー"),
            Self::Basic => Text::new("Basic", "Basic認証"),
            Self::Bearer => Text::new("bearer token", "Bearerトークン"),
            Self::Digest => Text::new("Digest", "Digest認証"),
            Self::OAuth1 => Text::new("OAuth 1", "OAuth 1"),
            Self::OAuth2 => Text::new("OAuth 2", "OAuth 2"),
            Self::Session => Text::new("session login", "セッションログイン"),
            Self::Hmac => Text::new("signed requests (HMAC)", "HMAC署名"),
            Self::AwsSigv4 => Text::new("AWS signature", "AWS署名"),
            Self::Jwt => Text::new("self-signed JWT", "自己署名JWT"),
            Self::None => Text::new("none", "認証なし"),
        }
    }
}

/// A named way to authenticate: what is asked, and where it goes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AuthMethod {
    /// The kind.
    pub kind: AuthKind,
    /// What people call this way, where a connector has several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<Phrase>,
    /// Another base URL for this way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<Template>,
    /// What is asked: key → label or table.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub params: IndexMap<String, Parameter>,
    /// Header → template.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub header: IndexMap<String, Template>,
    /// Query parameter → template.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub query: IndexMap<String, Template>,
    /// Form field → template.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub form: IndexMap<String, Template>,
    /// JSON field (top level) → template.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub json: IndexMap<String, Template>,
    /// Cookie → template.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub cookie: IndexMap<String, Template>,
    /// Placeholder of the base or request paths → template.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub path: IndexMap<String, Template>,
    /// Kinds `basic`, `digest`: the user name; may be fixed or empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<Template>,
    /// Kinds `basic`, `digest`: the password; may be fixed or empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<Template>,
    /// How an obtained token travels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub send: Option<AccessTemplates>,
    /// Kind `oauth2`: how a token is obtained; a vendor's own word is kept as it stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grant: Option<String>,
    /// Kind `oauth2`: the issuer whose metadata names the addresses (RFC 8414).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issuer: Option<Template>,
    /// Kinds `oauth1`, `oauth2`: where a person consents.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authorize: Option<Template>,
    /// Kind `oauth2`: the token endpoint.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<Template>,
    /// Kind `oauth2`: the endpoint for renewal, where it is another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refresh: Option<Template>,
    /// Kind `oauth2`: device authorization (RFC 8628).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<Template>,
    /// Kind `oauth2`: pushed authorization requests (RFC 9126).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub par: Option<Template>,
    /// Kind `oauth2`: revocation (RFC 7009).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoke: Option<Template>,
    /// Kind `oauth2`: introspection (RFC 7662).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub introspect: Option<Template>,
    /// Kind `oauth2`: client registration (RFC 7591).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub register: Option<Template>,
    /// Kind `oauth2`: whether conn registers itself where no client is given (RFC 7591), at the address that the
    /// issuer publishes. An address of `register` says the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub self_register: Option<bool>,
    /// Kind `oauth2`: how the client proves itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_auth: Option<ClientAuth>,
    /// Kind `oauth2`: `form` (RFC 6749, section 2.3.1) or `raw`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basic_encoding: Option<BasicEncoding>,
    /// Kind `oauth2`: the scopes to ask for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scopes: Vec<Scope>,
    /// Kind `oauth2`: what stands between scopes; a space where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope_separator: Option<String>,
    /// Kind `oauth2`: the name of the scope parameter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope_param: Option<String>,
    /// Kind `oauth2`: proof key (RFC 7636).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pkce: Option<Pkce>,
    /// Kind `oauth2`: the redirect that must be registered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redirect: Option<Redirect>,
    /// Kinds `oauth1`, `oauth2`: further parameters per request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extra: Option<Extra>,
    /// Kinds `oauth1`, `oauth2`: standard parameter → the vendor's name for it; an empty name leaves it out.
    /// `callback.NAME` stands for the name in the callback only.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub rename: IndexMap<String, String>,
    /// Kind `oauth2`: how token requests are written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<TokenBody>,
    /// Kind `oauth2`: `get` where a service takes token requests no other way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token_method: Option<TokenMethod>,
    /// Kinds `oauth2`, `session`: where the answer holds token, expiry and scope.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response: Option<TokenResponse>,
    /// How long an access token lives, for example `1h`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access_lifetime: Option<String>,
    /// How long a refresh token lives at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refresh_lifetime: Option<String>,
    /// How long a refresh token lives unused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refresh_idle: Option<String>,
    /// Whether each renewal spends the refresh token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refresh_single_use: Option<bool>,
    /// Kind `oauth2`: proof of possession (RFC 9449).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dpop: Option<bool>,
    /// Kind `oauth1`: temporary credentials.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<Template>,
    /// Kind `oauth1`: token credentials; without it the flow is one-legged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access: Option<Template>,
    /// Kind `oauth1`: the signature method.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature: Option<Signature>,
    /// Kind `oauth1`: the realm in the header.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub realm: Option<Template>,
    /// Kind `oauth1`: where the parameters travel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transmission: Option<Transmission>,
    /// Kind `oauth1`: the callback, `oob` where the service shows a code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub callback: Option<String>,
    /// Kind `oauth1`: whether bodies are hashed into the signature.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body_hash: Option<bool>,
    /// Kind `session`: the log-in call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub login: Option<TestRequest>,
    /// Kinds `hmac`, `jwt`, `aws_sigv4`: what is signed and how.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sign: Option<Signing>,
}

impl AuthMethod {
    /// The cause of a value that a request needs and nobody gave.
    #[must_use]
    pub fn lack(&self, key: &str) -> &'static str {
        match self.params.get(key) {
            Some(param) if param.secret => "CONN-SEC-MISSING",
            Some(_) => "CONN-CFG-PARAM-MISSING",
            None => "CONN-CFG-VARIABLE-MISSING",
        }
    }

    /// The keys of the parameters that are kept in the secret store.
    pub fn secret_keys(&self) -> impl Iterator<Item = &str> {
        self.params.iter().filter(|(_, param)| param.secret).map(|(key, _)| key.as_str())
    }

    /// Every template of this method, with the field in which it stands.
    #[must_use]
    pub fn templates(&self) -> Vec<(String, &Template)> {
        let places = [
            ("header", &self.header),
            ("query", &self.query),
            ("form", &self.form),
            ("json", &self.json),
            ("cookie", &self.cookie),
            ("path", &self.path),
        ];
        let mut all: Vec<(String, &Template)> = places
            .into_iter()
            .flat_map(|(place, map)| map.iter().map(move |(name, t)| (format!("{place}.{name}"), t)))
            .collect();
        let single = [("base", &self.base), ("user", &self.user), ("password", &self.password)];
        all.extend(single.into_iter().filter_map(|(name, t)| t.as_ref().map(|t| (name.to_owned(), t))));
        all
    }

    /// The addresses of the auth conversation, with the field in which each stands.
    #[must_use]
    pub fn addresses(&self) -> Vec<(&'static str, &Template)> {
        let fields = [
            ("issuer", &self.issuer),
            ("authorize", &self.authorize),
            ("token", &self.token),
            ("refresh", &self.refresh),
            ("device", &self.device),
            ("par", &self.par),
            ("revoke", &self.revoke),
            ("introspect", &self.introspect),
            ("register", &self.register),
            ("request", &self.request),
            ("access", &self.access),
        ];
        fields.into_iter().filter_map(|(name, t)| t.as_ref().map(|t| (name, t))).collect()
    }
}
