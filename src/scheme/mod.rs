//! How a request proves who we are. Pure: the moment and the random bytes that a proof needs are given in.
//!
//! To add a kind: a file with a `Scheme`, its `mod` line and its line in [`of`].

pub mod api_key;
pub mod aws_sigv4;
pub mod basic;
pub mod bearer;
pub mod digest;
pub mod dpop;
mod hash;
pub mod hmac;
pub mod jwt;
pub mod key;
pub mod moment;
pub mod oauth1;
pub mod oauth2;
mod token;

#[cfg(test)]
pub(crate) mod fixture;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

pub use moment::Moment;

use key::KeyError;

use crate::base::Request;
use crate::base::template::Unresolved;
use crate::model::{AuthKind, AuthMethod};

/// Looks up the value of a parameter or variable.
pub type Values<'a> = dyn Fn(&str) -> Option<Cow<'a, str>> + 'a;

/// Why a request cannot be signed. Nothing was sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignError {
    /// A placeholder has no value.
    #[error(transparent)]
    Unresolved(#[from] Unresolved),
    /// A value holds a character that its place cannot carry (a line end in a header, a colon in a user name).
    #[error("{0} holds a character that cannot travel there")]
    Character(String),
    /// A private key cannot be read.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// A field of the definition is missing, or holds a word that is not known or does not fit the key.
    #[error("the field {0} of the definition is missing or does not fit")]
    Setting(&'static str),
    /// The credential travels in the body, and the body is something else than can carry it.
    #[error("the body cannot carry the credential")]
    Body(api_key::Carrier),
    /// The proof itself would travel in the clear.
    #[error("the proof would travel in the clear")]
    Insecure,
}

/// One way to prove who we are.
pub trait Scheme: Sync {
    /// Whether a proof needs random bytes; the same key or token goes with every request without.
    fn draws(&self, _: &AuthMethod) -> bool {
        true
    }

    /// Fills the placements that every kind may declare and adds the proof, in the order that the kind needs,
    /// before the request is sent for the first time.
    ///
    /// # Errors
    /// When a value is missing or cannot travel.
    fn sign(
        &self,
        request: &mut Request,
        method: &AuthMethod,
        values: &Values<'_>,
        moment: &Moment,
    ) -> Result<(), SignError>;
}

/// The scheme of a kind.
#[must_use]
pub fn of(kind: AuthKind) -> &'static dyn Scheme {
    match kind {
        // Nothing to prove: placements only.
        AuthKind::ApiKey | AuthKind::None => &api_key::ApiKey,
        AuthKind::Basic => &basic::Basic,
        AuthKind::Bearer => &bearer::Bearer,
        AuthKind::Digest => &digest::Digest,
        AuthKind::OAuth1 => &oauth1::OAuth1,
        AuthKind::OAuth2 => &oauth2::OAuth2,
        AuthKind::Session => &oauth2::Session,
        AuthKind::Hmac => &hmac::Hmac,
        AuthKind::AwsSigv4 => &aws_sigv4::AwsSigv4,
        AuthKind::Jwt => &jwt::Jwt,
    }
}

/// A value that must be there; an empty one counts as none.
fn required<'a>(values: &Values<'a>, name: &str) -> Result<Cow<'a, str>, SignError> {
    values(name).filter(|value| !value.is_empty()).ok_or_else(|| Unresolved(name.to_owned()).into())
}

/// Signs a request: the placements that every kind may declare, and the kind's own proof.
///
/// # Errors
/// When a value is missing or cannot travel.
pub fn sign(
    request: &mut Request,
    method: &AuthMethod,
    values: &Values<'_>,
    moment: &Moment,
) -> Result<(), SignError> {
    of(method.kind).sign(request, method, values, moment)?;
    request.credentialed = method.kind != AuthKind::None;
    Ok(())
}
