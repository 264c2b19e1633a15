//! A token for another one (RFC 8693).

use super::once::Way;
use super::token_request::{self, Fields};
use super::{Stop, Terms};
use crate::base::Request;
use crate::model::refusal::Spent;
use crate::scheme::Moment;

/// The grant's name (RFC 8693, section 2.1).
const GRANT: &str = "urn:ietf:params:oauth:grant-type:token-exchange";

/// What the token that is given is taken for where the definition says nothing (section 3).
const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";

/// Token exchange. The value `subject_token` is given; audience, resource, actor and the types of the tokens
/// stand in `extra.token`.
#[derive(Default)]
pub struct TokenExchange;

impl Way for TokenExchange {
    fn spent(&self) -> Spent {
        Spent::Subject
    }

    fn request(&self, terms: &Terms<'_>, moment: &Moment) -> Result<Request, Stop> {
        let fields = Fields::grant(GRANT)
            .secret("subject_token", &terms.required("subject_token")?)
            .plain("subject_token_type", ACCESS_TOKEN)
            .scope(terms);
        token_request::for_token(terms, fields, moment)
    }
}
