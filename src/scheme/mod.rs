//! How a request proves who we are. Pure: the moment and the random bytes that a proof needs are given in.
//!
//! To add a kind: a file with a `Scheme`, its `mod` line and its line in [`of`].

pub mod api_key;
pub mod basic;
pub mod bearer;
pub mod digest;
pub mod moment;

#[cfg(test)]
mod tests;

use std::borrow::Cow;

pub use moment::Moment;

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
    /// The kind is not there yet.
    #[error("the auth kind {0} is not supported yet")]
    Unsupported(&'static str),
    /// A value holds a character that its place cannot carry (a line end in a header, a colon in a user name).
    #[error("{0} holds a character that cannot travel there")]
    Character(String),
}

/// One way to prove who we are.
pub trait Scheme: Sync {
    /// Adds the proof to a request before it is sent for the first time.
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

struct Nothing;

impl Scheme for Nothing {
    fn sign(&self, _: &mut Request, _: &AuthMethod, _: &Values<'_>, _: &Moment) -> Result<(), SignError> {
        Ok(())
    }
}

/// The scheme of a kind; `None` where it is not there yet.
#[must_use]
pub fn of(kind: AuthKind) -> Option<&'static dyn Scheme> {
    match kind {
        AuthKind::ApiKey => Some(&api_key::ApiKey),
        AuthKind::Basic => Some(&basic::Basic),
        AuthKind::Bearer => Some(&bearer::Bearer),
        AuthKind::Digest => Some(&digest::Digest),
        AuthKind::None => Some(&Nothing),
        _ => None,
    }
}

/// Signs a request: the placements that every kind may declare, then the kind's own proof.
///
/// # Errors
/// When the kind is not there yet, a value is missing or cannot travel.
pub fn sign(
    request: &mut Request,
    method: &AuthMethod,
    values: &Values<'_>,
    moment: &Moment,
) -> Result<(), SignError> {
    let scheme = of(method.kind).ok_or(SignError::Unsupported(method.kind.code()))?;
    api_key::place(request, method, values)?;
    scheme.sign(request, method, values, moment)?;
    request.credentialed = method.kind != AuthKind::None;
    Ok(())
}
