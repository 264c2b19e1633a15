//! Revocation of a token (RFC 7009).

use super::token_request::{self, Fields};
use super::{Stop, Terms, refusal};
use crate::base::{Request, Response};
use crate::model::refusal::Spent;
use crate::scheme::Moment;

/// What is revoked. Revoking the refresh token ends the access tokens with it at most services (section 2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Token {
    /// The value `refresh_token`.
    Refresh,
    /// The value `access_token`.
    Access,
}

impl Token {
    /// The type hint, which is also the key of the value.
    #[must_use]
    pub const fn hint(self) -> &'static str {
        match self {
            Self::Refresh => "refresh_token",
            Self::Access => "access_token",
        }
    }
}

/// The request; `None` where the service has no address for it.
///
/// # Errors
/// When a value is missing or the client cannot prove itself.
pub fn request(terms: &Terms<'_>, token: Token, moment: &Moment) -> Result<Option<Request>, Stop> {
    let Some(address) = terms.address_if_any("revoke")? else { return Ok(None) };
    let fields = Fields::default()
        .secret("token", &terms.required(token.hint())?)
        .plain("token_type_hint", token.hint());
    token_request::build(terms, &address, fields, None, moment).map(Some)
}

/// Whether the token is revoked now. A token that the service does not know counts as revoked (section 2.2).
///
/// # Errors
/// The refusal.
pub fn read(response: &Response) -> Result<(), Stop> {
    refusal::of(Spent::Nothing, response).map_or(Ok(()), Err)
}
