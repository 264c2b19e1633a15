//! Renewal with a refresh token (RFC 6749, section 6).
//!
//! Where the answer brings no new refresh token, the old one stays good: whoever stores the result keeps it.

use super::once::{Once, Way};
use super::token_request::{self, Fields};
use super::{Stop, Terms};
use crate::base::Request;
use crate::model::refusal::Spent;
use crate::scheme::Moment;

/// Renewal as a conversation.
pub type Refresh = Once<Renewal>;

/// The request. The scopes are those of the consent: naming them again can only narrow them, so they are sent only
/// where the definition adds them (`extra.refresh`).
#[derive(Default)]
pub struct Renewal;

impl Way for Renewal {
    fn spent(&self) -> Spent {
        Spent::Refresh
    }

    fn request(&self, terms: &Terms<'_>, moment: &Moment) -> Result<Request, Stop> {
        let address = match terms.address_if_any("refresh")? {
            Some(address) => address,
            None => terms.address("token")?,
        };
        let fields =
            Fields::grant("refresh_token").secret("refresh_token", &terms.required("refresh_token")?);
        let extra = terms.method.extra.as_ref().map(|extra| &extra.refresh);
        token_request::build(terms, &address, fields, extra, moment)
    }
}
