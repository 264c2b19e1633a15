//! How a client proves itself to an authorization server (RFC 6749, section 2.3; RFC 7523; RFC 8705).
//!
//! Never two ways at once: servers refuse that. Never an empty secret: strict servers take it for a wrong one.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use url::Url;
use zeroize::Zeroizing;

use super::token_request::Fields;
use super::{Stop, Terms, assertion};
use crate::base::Header;
use crate::model::oauth::{BasicEncoding, ClientAuth};
use crate::scheme::Moment;

/// What marks an assertion as a JWT (RFC 7523, section 2.2).
const ASSERTION: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// The way in which the client proves itself. Where the definition says nothing: the secret in the body where
/// there is one, as most services take it and OAuth 2.1 prefers it, for Basic is encoded in two ways; without
/// a secret the client is a public one.
#[must_use]
pub fn way(terms: &Terms<'_>) -> ClientAuth {
    let has_secret = terms.value("client_secret").is_some();
    let optional = terms.method.params.get("client_secret").is_some_and(|param| param.optional);
    match terms.method.client_auth {
        Some(ClientAuth::Basic | ClientAuth::Post) if !has_secret && optional => ClientAuth::None,
        Some(way) => way,
        None if has_secret => ClientAuth::Post,
        None => ClientAuth::None,
    }
}

/// Adds the proof of the client to the parameters, or gives the header that is the proof.
///
/// # Errors
/// When a value is missing or cannot be used.
pub fn prove(
    terms: &Terms<'_>,
    address: &Url,
    fields: &mut Fields,
    moment: &Moment,
) -> Result<Option<Header>, Stop> {
    let way = way(terms);
    if way == ClientAuth::None {
        if let Some(id) = terms.value("client_id") {
            fields.set("client_id", &id, false);
        }
        return Ok(None);
    }
    let id = terms.required("client_id")?;
    if way == ClientAuth::Basic {
        return basic(terms, &id).map(Some);
    }
    fields.set("client_id", &id, false);
    match way {
        ClientAuth::Post => fields.set("client_secret", &terms.required("client_secret")?, true),
        ClientAuth::SecretJwt | ClientAuth::PrivateKeyJwt => {
            let proof = assertion::of_client(terms, way, &id, address, moment)?;
            fields.set("client_assertion_type", ASSERTION, false);
            fields.set("client_assertion", &proof, true);
        }
        // The certificate is the proof (RFC 8705, section 2).
        ClientAuth::Mtls | ClientAuth::Basic | ClientAuth::None => {}
    }
    Ok(None)
}

fn basic(terms: &Terms<'_>, id: &str) -> Result<Header, Stop> {
    let secret = terms.required("client_secret")?;
    let raw = terms.method.basic_encoding == Some(BasicEncoding::Raw);
    let encode = |text: &str| {
        Zeroizing::new(if raw {
            text.to_owned()
        } else {
            url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
        })
    };
    let pair = Zeroizing::new(format!("{}:{}", encode(id).as_str(), encode(&secret).as_str()));
    Ok(Header::secret("Authorization", Zeroizing::new(format!("Basic {}", STANDARD.encode(pair.as_bytes())))))
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;

    use super::super::token_request::{Fields, build};
    use crate::base::Request;
    use crate::flow::{Stop, Terms};
    use crate::model::AuthMethod;
    use crate::scheme::Moment;

    fn request(definition: &str, pairs: &[(&str, &'static str)]) -> Result<Request, Stop> {
        let method: AuthMethod = toml::from_str(&format!("kind = 'oauth2'\n{definition}")).unwrap();
        let variables = indexmap::IndexMap::default();
        let values =
            |key: &str| pairs.iter().find(|(name, _)| *name == key).map(|(_, value)| Cow::Borrowed(*value));
        let terms =
            Terms { method: &method, variables: &variables, values: &values, metadata: None, scopes: &[] };
        let moment = Moment::new("2026-11-21T11:00:00Z".parse().unwrap(), |_| {});
        let address = "https://a.test/token".parse().unwrap();
        build(&terms, &address, Fields::default(), None, &moment)
    }

    const PAIR: &[(&str, &str)] = &[("client_id", "s6BhdRkqt3"), ("client_secret", "gX1fBat3bV")];
    const ODD: &[(&str, &str)] = &[("client_id", "a:b"), ("client_secret", " %&+£€")];
    const PUBLIC: &[(&str, &str)] = &[("client_id", "id-1"), ("client_secret", "")];

    #[test]
    fn a_client_proves_itself_in_exactly_one_way() {
        let published = "Basic czZCaGRSa3F0MzpnWDFmQmF0M2JW";
        let formed = format!("Basic {}", STANDARD.encode("a%3Ab:+%25%26%2B%C2%A3%E2%82%AC"));
        let raw = format!("Basic {}", STANDARD.encode("a:b: %&+£€"));
        let posted = "client_id=s6BhdRkqt3&client_secret=gX1fBat3bV";
        for (definition, values, header, body) in [
            ("", PAIR, None, posted),
            ("client_auth = 'post'", PAIR, None, posted),
            ("client_auth = 'basic'", PAIR, Some(published), ""),
            ("client_auth = 'basic'", ODD, Some(&*formed), ""),
            ("client_auth = 'basic'\nbasic_encoding = 'raw'", ODD, Some(&*raw), ""),
            ("client_auth = 'none'", PAIR, None, "client_id=s6BhdRkqt3"),
            ("client_auth = 'mtls'", PAIR, None, "client_id=s6BhdRkqt3"),
            ("", PUBLIC, None, "client_id=id-1"),
            ("", &[], None, ""),
            (
                "client_auth = 'basic'\nparams.client_secret = { label = 'S', optional = true }",
                PUBLIC,
                None,
                "client_id=id-1",
            ),
        ] {
            let request = request(definition, values).unwrap();
            let sent = String::from_utf8(request.body.as_ref().unwrap().bytes.to_vec()).unwrap();
            assert_eq!(request.header("authorization"), header, "{definition}");
            assert_eq!(sent, body, "{definition}");
            assert!(!format!("{request:?}").contains("gX1f"));
        }
    }

    #[test]
    fn a_secret_that_is_missing_is_never_sent_empty() {
        for way in ["basic", "post", "secret_jwt"] {
            let stop = request(&format!("client_auth = '{way}'"), PUBLIC).unwrap_err();
            assert_eq!(stop.code, "CONN-CFG-VARIABLE-MISSING", "{way}");
        }
        assert!(request("client_auth = 'mtls'", &[]).is_err());
    }
}
