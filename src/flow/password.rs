//! User name and password for a token (RFC 6749, section 4.3). RFC 9700, section 2.4 forbids it for new work;
//! services that offer nothing else remain, so it is there where a definition says it and never by default.

use super::once::Way;
use super::token_request::{self, Fields};
use super::{Stop, Terms};
use crate::base::Request;
use crate::model::refusal::Spent;
use crate::scheme::Moment;

/// `password`.
#[derive(Default)]
pub struct Password;

impl Way for Password {
    fn spent(&self) -> Spent {
        Spent::Password
    }

    fn request(&self, terms: &Terms<'_>, moment: &Moment) -> Result<Request, Stop> {
        let fields = Fields::grant("password")
            .secret("username", &terms.required("username")?)
            .secret("password", &terms.required("password")?)
            .scope(terms);
        token_request::for_token(terms, fields, moment)
    }
}
