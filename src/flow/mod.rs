//! Obtaining tokens, as conversations without IO: a flow says what has to happen next, its driver in `operation`
//! does it and tells what came of it. No flow touches the network, the clock, chance or the terminal.
//!
//! Whatever services do differently is a field of the definition and reaches a flow through its [`Terms`].
//! To add a flow: a file with a [`Conversation`], its `mod` line, and its line where the driver chooses.

pub mod assertion;
pub mod authorize;
pub mod callback;
pub mod client;
pub mod client_credentials;
pub mod consent_address;
pub mod decline;
pub mod device;
pub mod discovery;
pub mod fields;
#[cfg(test)]
mod fixture;
pub mod identity;
pub mod introspect;
pub mod issuer;
pub mod oauth1;
pub mod once;
pub mod password;
pub mod pkce;
pub mod possession;
pub mod published;
pub mod pushed;
pub mod refresh;
pub mod refusal;
pub mod registration;
pub mod revoke;
pub mod sample;
pub mod session;
pub mod stop;
pub mod terms;
pub mod token_answer;
pub mod token_exchange;
pub mod token_request;

#[cfg(test)]
mod tests;

use indexmap::IndexMap;
use url::Url;

pub use stop::Stop;
pub use terms::{Metadata, Terms};

use once::Once;

use crate::base::{Request, Response, Secret, Timestamp};
use crate::model::{AuthKind, AuthMethod, Obtaining};
use crate::scheme::Moment;

/// One way to obtain tokens.
pub trait Conversation: Send {
    /// Takes in what happened and says what has to happen next. The first input is [`Input::Start`].
    ///
    /// # Errors
    /// Why the conversation cannot go on. Holds no secret and nothing that a server wrote in the clear.
    fn advance(&mut self, terms: &Terms<'_>, input: Input<'_>, moment: &Moment) -> Result<Step, Stop>;
}

/// The conversation of a method whose tokens need no person. A grant that is not known here is a vendor's own
/// word for the client's own credentials.
#[must_use]
pub fn alone(method: &AuthMethod) -> Box<dyn Conversation> {
    match (method.kind, method.grant()) {
        (AuthKind::Session, _) => Box::new(Once::<session::Login>::default()),
        (_, "refresh_token") => Box::new(refresh::Refresh::default()),
        (_, "password") => Box::new(Once::<password::Password>::default()),
        (_, "jwt_bearer") => Box::new(Once::<assertion::JwtBearer>::default()),
        (_, "token_exchange") => Box::new(Once::<token_exchange::TokenExchange>::default()),
        _ => Box::new(Once::<client_credentials::ClientCredentials>::default()),
    }
}

/// The conversation in which a person consents; `None` where the method needs nobody.
#[must_use]
pub fn interactive(method: &AuthMethod, redirect_uri: &str) -> Option<Box<dyn Conversation>> {
    if method.obtaining() != Obtaining::ByConsent {
        return None;
    }
    Some(match (method.kind, method.grant()) {
        (AuthKind::OAuth1, _) => Box::new(oauth1::OAuth1::new(redirect_uri)),
        (_, "device_code") => Box::new(device::Device::new()),
        _ => Box::new(authorize::AuthorizationCode::new(redirect_uri)),
    })
}

/// What happened.
#[derive(Debug)]
pub enum Input<'a> {
    /// Nothing yet.
    Start,
    /// The request was answered.
    Answer(&'a Response),
    /// The request was sent, but no answer came: it may or may not have been acted upon.
    Lost,
    /// The browser came back, or a person pasted an address: its parameters, decoded, in order.
    Callback(&'a [(String, String)]),
    /// The time is over, or the person has read what was shown.
    Waited,
}

/// What has to happen next.
#[derive(Debug)]
pub enum Step {
    /// Send this request and bring its answer.
    Send {
        /// Which exchange it is.
        exchange: Exchange,
        /// The request, complete.
        request: Box<Request>,
    },
    /// A person consents at this address; their browser then comes back with parameters.
    Consent(Box<Consent>),
    /// A person types a code at another place; bring [`Input::Waited`] once they have been told.
    Code(Box<UserCode>),
    /// Wait so many seconds.
    Wait(u64),
    /// Tokens are there.
    Done(Box<Obtained>),
}

/// The exchanges of the conversations, for logs and facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Exchange {
    /// Metadata of the authorization server (RFC 8414).
    Metadata,
    /// Registration of a client (RFC 7591).
    Registration,
    /// A pushed authorization request (RFC 9126).
    Pushed,
    /// Device authorization (RFC 8628).
    Device,
    /// A token request (RFC 6749).
    Token,
    /// Temporary credentials (RFC 5849, section 2.1).
    TemporaryCredentials,
    /// A log-in whose answer holds a token.
    Login,
    /// Revocation (RFC 7009).
    Revocation,
    /// Introspection (RFC 7662).
    Introspection,
}

impl Exchange {
    /// The word in facts and logs.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Metadata => "metadata",
            Self::Registration => "registration",
            Self::Pushed => "pushed_authorization",
            Self::Device => "device_authorization",
            Self::Token => "token",
            Self::TemporaryCredentials => "temporary_credentials",
            Self::Login => "login",
            Self::Revocation => "revocation",
            Self::Introspection => "introspection",
        }
    }
}

/// Where a person consents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consent {
    /// The address for the browser. Holds state and challenge, never a verifier or a secret.
    pub address: Url,
    /// The parameter that marks a callback as ours, and its value: compared in constant time by whoever
    /// listens, so that a stranger's request does not end the wait. Without a name any parameter may carry
    /// it: OAuth 1, where the temporary token comes back in one parameter or, refused, in another.
    pub mark: Option<(String, String)>,
}

/// What a person types where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserCode {
    /// The code.
    pub code: String,
    /// Where to type it.
    pub address: Url,
    /// The same address with the code in it, where the service gives one.
    pub complete: Option<Url>,
    /// When the code ends.
    pub expires: Timestamp,
}

/// What a service gave.
#[derive(Debug)]
pub struct Obtained {
    /// The access token; OAuth 1: the token.
    pub access_token: Secret,
    /// The refresh token, where one came.
    pub refresh_token: Option<Secret>,
    /// The identity token, where one came.
    pub id_token: Option<Secret>,
    /// OAuth 1: the token's secret.
    pub token_secret: Option<Secret>,
    /// The token's type as the service wrote it.
    pub token_type: Option<String>,
    /// When the access token ends, where the service or the definition says so.
    pub expires: Option<Timestamp>,
    /// When the refresh token ends, where the service says so.
    pub refresh_expires: Option<Timestamp>,
    /// The scopes that were granted, where the service says so.
    pub scopes: Option<Vec<String>>,
    /// Values for variables (`from = "token:…"` and `"callback:…"`), each allowed by its variable.
    pub kept: IndexMap<String, String>,
}
