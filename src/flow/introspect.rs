//! What the authorization server says about a token (RFC 7662).

use super::token_answer::{body, expiry};
use super::token_request::{self, Fields};
use super::{Stop, Terms, refusal};
use crate::base::{Request, Response, Timestamp, pointer, safe_text};
use crate::model::refusal::Spent;
use crate::scheme::Moment;

/// What is said about a token. Names are printable and cut.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Introspection {
    /// Whether it can be used. `false` may also mean that this client may not know.
    pub active: bool,
    /// When it ends.
    pub expires: Option<Timestamp>,
    /// What it allows.
    pub scopes: Option<Vec<String>>,
    /// The person or client for whom it was issued.
    pub subject: Option<String>,
}

/// The request about the value `access_token`; `None` where the service has no address for it.
///
/// # Errors
/// When a value is missing or the client cannot prove itself.
pub fn request(terms: &Terms<'_>, moment: &Moment) -> Result<Option<Request>, Stop> {
    let Some(address) = terms.address_if_any("introspect")? else { return Ok(None) };
    let fields = Fields::default()
        .secret("token", &terms.required("access_token")?)
        .plain("token_type_hint", "access_token");
    token_request::build(terms, &address, fields, None, moment).map(Some)
}

/// Reads the answer.
///
/// # Errors
/// The refusal, or that it does not say whether the token is active. Holds nothing of the answer.
pub fn read(response: &Response, moment: &Moment) -> Result<Introspection, Stop> {
    if let Some(stop) = refusal::of(Spent::Nothing, response) {
        return Err(stop);
    }
    let root = body::read(response)?;
    let active = match pointer::text(&root, "/active").as_deref() {
        Some("true") => true,
        Some("false") => false,
        _ => return Err(Stop::answered("CONN-BODY-SCHEMA").value("field", "active")),
    };
    let subject = ["/username", "/sub", "/client_id"].iter().find_map(|place| pointer::text(&root, place));
    let listed = pointer::find(&root, "/scopes/*").into_iter().filter_map(serde_json::Value::as_str);
    let scopes = match pointer::text(&root, "/scope") {
        Some(text) => Some(text.split([' ', ',']).filter(|one| !one.is_empty()).map(str::to_owned).collect()),
        None => Some(listed.map(str::to_owned).collect::<Vec<_>>()),
    };
    Ok(Introspection {
        active,
        expires: root
            .get("exp")
            .and_then(|value| expiry::read(value, None, None, moment.now))
            .and_then(expiry::Expiry::moment),
        scopes: scopes.filter(|scopes| !scopes.is_empty()),
        subject: subject.map(|text| safe_text::line(&text, 120)),
    })
}

#[cfg(test)]
mod tests {
    use super::{Introspection, read};
    use crate::base::Response;
    use crate::flow::fixture::moment;

    #[test]
    fn what_is_said_about_a_token_is_read() {
        let active = r#"{"active":true,"scope":"a b","exp":1795309200,"username":"sato","sub":"1"}"#;
        for (status, body, expected) in [
            (
                200,
                active,
                Ok(Introspection {
                    active: true,
                    expires: "2026-11-22T01:00:00Z".parse().ok(),
                    scopes: Some(vec!["a".into(), "b".into()]),
                    subject: Some("sato".into()),
                }),
            ),
            (200, r#"{"active":true,"scopes":["a"]}"#, {
                let scopes = Some(vec!["a".into()]);
                Ok(Introspection { active: true, scopes, ..Introspection::default() })
            }),
            (200, r#"{"active":false}"#, Ok(Introspection::default())),
            (200, r#"{"active":"true","sub":"x\u001b"}"#, {
                let subject = Some("x\\u{1b}".into());
                Ok(Introspection { active: true, subject, ..Introspection::default() })
            }),
            (200, "{}", Err("CONN-BODY-SCHEMA")),
            (200, "<html>", Err("CONN-BODY-HTML")),
            (401, r#"{"error":"invalid_client"}"#, Err("CONN-OAUTH-CLIENT-INVALID")),
            (503, "", Err("CONN-OAUTH-SERVER")),
        ] {
            let response = Response { status, body: body.into(), ..Response::default() };
            assert_eq!(read(&response, &moment(0)).map_err(|stop| stop.code), expected, "{body}");
        }
    }
}
