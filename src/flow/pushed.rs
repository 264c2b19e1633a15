//! Pushed authorization requests (RFC 9126): what a consent asks for goes to the service first, and the browser
//! only carries a reference to it.

use super::consent_address::Parameters;
use super::token_request::Fields;
use super::{Stop, Terms, decline, fields, token_request};
use crate::base::{Request, Response};
use crate::scheme::Moment;

/// The request that carries the parameters of a consent. The client proves itself as in a token request.
///
/// # Errors
/// When there is no address for it, or a value is missing.
pub fn request(terms: &Terms<'_>, parameters: &Parameters, moment: &Moment) -> Result<Request, Stop> {
    let fields = parameters.sent(terms).fold(Fields::default(), |all, (name, value)| all.plain(name, value));
    token_request::build(terms, &terms.address("par")?, fields, None, moment)
}

/// The reference (`request_uri`) in the answer.
///
/// # Errors
/// When the service declines, or gives none.
pub fn read(response: &Response) -> Result<String, Stop> {
    let declines = !(200..300).contains(&response.status);
    let fields = fields::read(response).filter(|fields| !declines && !fields.contains_key("error"));
    let fields = fields.ok_or_else(|| decline::unusable(response, "request_uri"))?;
    fields::required(&fields, "request_uri").map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::flow::fixture::{answer, json};

    #[test]
    fn the_reference_is_read_or_the_refusal_named() {
        for (response, expected) in [
            (json(201, r#"{"request_uri":"urn:x:1","expires_in":60}"#), Ok("urn:x:1")),
            (json(200, r#"{"request_uri":"urn:x:1"}"#), Ok("urn:x:1")),
            (json(201, r#"{"request_uri":""}"#), Err("CONN-BODY-SCHEMA")),
            (json(400, r#"{"error":"invalid_scope"}"#), Err("CONN-OAUTH-SCOPE-INVALID")),
            (json(400, r#"{"error":"invalid_redirect_uri"}"#), Err("CONN-OAUTH-REDIRECT-URI")),
            (json(401, r#"{"error":"invalid_client"}"#), Err("CONN-OAUTH-CLIENT-INVALID")),
            (answer(500, "text/html", "<html>"), Err("CONN-OAUTH-SERVER")),
        ] {
            let reference = read(&response).map_err(|stop| stop.code);
            assert_eq!(reference, expected.map(str::to_owned), "{response:?}");
        }
    }
}
