//! An identity token as a label for people: whose account it is. Never proof of anything.
//!
//! Its signature is not checked: it came straight from the token endpoint over TLS (OpenID Connect Core,
//! section 3.1.3.7, point 6), and nothing is decided by it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

use super::{Terms, callback, issuer};
use crate::base::{Timestamp, safe_text};

/// How far clocks may differ, in seconds.
const SLACK: i64 = 60;

/// Whose account an identity token speaks of, printable; `None` where it is not for us, not by the issuer we
/// know, over, not the answer to our request (`nonce`), or names nobody.
#[must_use]
pub fn label(terms: &Terms<'_>, token: &str, nonce: Option<&str>, now: Timestamp) -> Option<String> {
    let claims = claims(token)?;
    let text = |name: &str| claims.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    let by_issuer = issuer::is_same(&issuer::expected(terms).ok()??, text("iss")?);
    let client = terms.value("client_id")?;
    let is_living = claims.get("exp")?.as_i64()? > now.as_second() - SLACK;
    let answers = nonce.is_none_or(|sent| text("nonce").is_some_and(|nonce| callback::is_same(nonce, sent)));
    if !by_issuer || !is_for(&claims, &client) || !is_living || !answers {
        return None;
    }
    let name = ["email", "preferred_username", "upn", "name", "sub"].into_iter().find_map(text)?;
    Some(safe_text::line(name, 120))
}

/// Whether an identity token says that it answers another request than the one with this nonce. One that says
/// nothing is no proof of that.
#[must_use]
pub fn answers_another(token: &str, nonce: &str) -> bool {
    let claims = claims(token);
    let named = claims.as_ref().and_then(|claims| claims.get("nonce")?.as_str());
    named.is_some_and(|named| !callback::is_same(named, nonce))
}

/// The claims; `None` where the text is no JWT.
fn claims(token: &str) -> Option<Map<String, Value>> {
    let mut parts = token.split('.');
    let (_, claims, _) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let bytes = URL_SAFE_NO_PAD.decode(claims.trim_end_matches('=')).ok()?;
    match serde_json::from_slice(&bytes) {
        Ok(Value::Object(claims)) => Some(claims),
        _ => None,
    }
}

fn is_for(claims: &Map<String, Value>, client: &str) -> bool {
    let party = claims.get("azp").and_then(Value::as_str);
    match claims.get("aud") {
        Some(Value::String(audience)) => audience == client,
        Some(Value::Array(all)) => {
            all.iter().any(|audience| audience.as_str() == Some(client))
                && (all.len() == 1 || party.is_none_or(|party| party == client))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    use super::label;
    use crate::flow::fixture::{moment, world};

    fn token(claims: &str) -> String {
        format!("e30.{}.sig", URL_SAFE_NO_PAD.encode(claims))
    }

    #[test]
    fn a_label_needs_our_issuer_our_client_our_nonce_and_a_time() {
        let now = moment(0).now.as_second();
        let full = |iss: &str, aud: &str, exp: i64, rest: &str| {
            token(&format!(r#"{{"iss":"{iss}","aud":{aud},"exp":{exp}{rest}}}"#))
        };
        let (good, us, later) = ("https://as.test", r#""client-1""#, now + 60);
        let mail = r#","nonce":"N","sub":"7","email":"a@b.test""#;
        for (token, nonce, expected) in [
            (full(good, us, later, mail), Some("N"), Some("a@b.test")),
            (full(good, us, later, mail), None, Some("a@b.test")),
            (full(good, us, now - 30, mail), None, Some("a@b.test")),
            (full(good, r#"["client-1"]"#, later, r#","sub":"7""#), None, Some("7")),
            (full(good, r#"["x","client-1"]"#, later, r#","azp":"client-1","sub":"7""#), None, Some("7")),
            (full(good, r#"["x","client-1"]"#, later, r#","azp":"x","sub":"7""#), None, None),
            (full("https://as.test/", us, later, mail), None, None),
            (full("https://evil.test", us, later, mail), None, None),
            (full(good, r#""client-2""#, later, mail), None, None),
            (full(good, us, now - 61, mail), None, None),
            (full(good, us, later, mail), Some("M"), None),
            (full(good, us, later, r#","sub":"7""#), Some("N"), None),
            (full(good, us, later, ""), None, None),
            (full(good, us, later, r#","sub":"a\u001b[2Jb""#), None, Some("a\\u{1b}[2Jb")),
            (token(r#"{"aud":"client-1","exp":9999999999,"sub":"7"}"#), None, None),
            (token(r#"{"iss":"https://as.test","aud":"client-1","sub":"7"}"#), None, None),
            ("opaque".into(), None, None),
            ("a.b.c.d.e".into(), None, None),
        ] {
            let world = world("issuer = 'https://as.test'");
            let found = world.with(|terms| label(terms, &token, nonce, moment(0).now));
            assert_eq!(found.as_deref(), expected, "{token} {nonce:?}");
        }
        let unknown = world("").with(|terms| label(terms, &full(good, us, later, mail), None, moment(0).now));
        assert_eq!(unknown, None, "without an issuer nothing can be checked");
    }
}
