//! The client for itself (RFC 6749, section 4.4), and grants of vendors that spend nothing but the client.

use super::once::Way;
use super::token_request::{self, Fields};
use super::{Stop, Terms};
use crate::base::Request;
use crate::model::refusal::Spent;
use crate::scheme::Moment;

/// `client_credentials`, or the vendor's own word for it, as Zoom's `account_credentials`. What such a grant
/// wants besides stands in `extra.token`.
#[derive(Default)]
pub struct ClientCredentials;

impl Way for ClientCredentials {
    fn spent(&self) -> Spent {
        Spent::Client
    }

    fn request(&self, terms: &Terms<'_>, moment: &Moment) -> Result<Request, Stop> {
        let grant = terms.method.grant.as_deref().unwrap_or("client_credentials");
        let fields = Fields::grant(grant).scope(terms);
        token_request::for_token(terms, fields, moment)
    }
}
