//! Obtained tokens: OAuth 2 (RFC 6750), bound to a key where the service wants that (RFC 9449), and sessions.
//!
//! Values: `access_token`; with `dpop = true` also `dpop_key` (see [`dpop::ProofKey`]).

use zeroize::Zeroizing;

use super::dpop::{self, ProofKey};
use super::token::place_token;
use super::{Moment, Scheme, SignError, Values, required};
use crate::base::{Header, Request};
use crate::model::AuthMethod;
use crate::model::grant::{ACCESS_TOKEN, DPOP_KEY};

/// The token of an OAuth 2 flow.
pub struct OAuth2;

impl Scheme for OAuth2 {
    fn draws(&self, method: &AuthMethod) -> bool {
        method.dpop == Some(true)
    }

    fn sign(
        &self,
        request: &mut Request,
        method: &AuthMethod,
        values: &Values<'_>,
        moment: &Moment,
    ) -> Result<(), SignError> {
        if method.dpop != Some(true) {
            return place_token(request, method, values, "Bearer");
        }
        place_token(request, method, values, "DPoP")?;
        prove(request, values, None, moment)
    }
}

/// Adds the proof of possession to a request that carries its token already, in the place of an older one; with
/// the nonce that the service asked for, if any.
///
/// # Errors
/// When there is no token or no key.
pub fn prove(
    request: &mut Request,
    values: &Values<'_>,
    nonce: Option<&str>,
    moment: &Moment,
) -> Result<(), SignError> {
    let key = ProofKey::read(&required(values, DPOP_KEY)?).ok_or(SignError::Setting("dpop"))?;
    let token = required(values, ACCESS_TOKEN)?;
    let proof = dpop::proof(&key, &request.method, &request.url, Some(&token), nonce, moment);
    request.set_header(Header::secret("DPoP", Zeroizing::new(proof)));
    Ok(())
}

/// The token of a log-in.
pub struct Session;

impl Scheme for Session {
    fn draws(&self, _: &AuthMethod) -> bool {
        false
    }

    fn sign(
        &self,
        request: &mut Request,
        method: &AuthMethod,
        values: &Values<'_>,
        _: &Moment,
    ) -> Result<(), SignError> {
        place_token(request, method, values, "Bearer")
    }
}

#[cfg(test)]
mod tests {
    use super::prove;
    use crate::model::AuthKind;
    use crate::scheme::dpop::ProofKey;
    use crate::scheme::tests::{method, moment, part, request, values};
    use crate::scheme::{SignError, of};

    #[test]
    fn a_token_travels_where_the_definition_says_and_never_shows() {
        let cases = [
            ("", "Bearer tok+en/1", "", ""),
            (
                "send.header.Authorization = 'Zoho-oauthtoken {access_token}'",
                "Zoho-oauthtoken tok+en/1",
                "",
                "",
            ),
            ("send.header.X-Token = '{access_token}'\nheader.X-Client = '{id}'", "", "", ""),
            ("send.query.oauth_token = '{access_token}'", "", "oauth_token=tok%2Ben%2F1", ""),
            ("send.form.token = '{access_token}'", "", "", "token=tok%2Ben%2F1"),
            ("header.Authorization = 'OAuth {access_token}'", "OAuth tok+en/1", "", ""),
            ("json.auth = '{access_token}'", "", "", "{\"auth\":\"tok+en/1\"}"),
        ];
        for kind in [AuthKind::OAuth2, AuthKind::Session] {
            for (send, authorization, query, body) in cases {
                let method = method(&format!("kind = '{}'\n{send}", kind.code()));
                let mut request = request();
                let pairs = [("access_token", "tok+en/1"), ("id", "7")];
                of(kind).sign(&mut request, &method, &values(&pairs), &moment()).unwrap();
                assert_eq!(request.header("authorization").unwrap_or_default(), authorization, "{send}");
                assert_eq!(request.url.query().unwrap_or_default(), query, "{send}");
                let sent =
                    request.body.as_ref().map(|body| String::from_utf8_lossy(&body.bytes).into_owned());
                assert_eq!(sent.unwrap_or_default(), body, "{send}");
                assert_eq!(request.header("x-token").is_some(), send.contains("X-Token"));
                assert_eq!(request.header("x-client").is_some(), send.contains("X-Client"));
                assert!(request.headers.iter().all(|header| header.secret));
                let shown = format!("{request:?}");
                assert!(!shown.contains("tok+en") && !shown.contains("tok%2B"), "{shown}");
            }
        }
    }

    #[test]
    fn without_a_token_nothing_is_signed() {
        let method = method("kind = 'oauth2'");
        for pairs in [&[][..], &[("access_token", "")][..]] {
            let outcome = of(AuthKind::OAuth2).sign(&mut request(), &method, &values(pairs), &moment());
            assert!(matches!(outcome, Err(SignError::Unresolved(_))), "{outcome:?}");
        }
        let broken = [("access_token", "a\r\nb")];
        let outcome = of(AuthKind::OAuth2).sign(&mut request(), &method, &values(&broken), &moment());
        assert_eq!(outcome, Err(SignError::Character("Authorization".into())));
    }

    #[test]
    fn a_bound_token_comes_with_a_proof_for_this_request() {
        let method = method("kind = 'oauth2'\ndpop = true");
        let key = ProofKey::generate(&[9; 32]).to_text();
        let mut request = request();
        request.url.set_query(Some("a=1"));
        let pairs = [("access_token", "t"), ("dpop_key", key.as_str())];
        of(AuthKind::OAuth2).sign(&mut request, &method, &values(&pairs), &moment()).unwrap();
        assert_eq!(request.header("authorization"), Some("DPoP t"));
        let claims = part(request.header("dpop").unwrap(), 1);
        assert_eq!(claims["htu"], "https://api.test/dir/index.html");
        assert_eq!((claims["htm"].as_str(), claims.get("nonce")), (Some("GET"), None));
        prove(&mut request, &values(&pairs), Some("n-1"), &moment()).unwrap();
        assert_eq!(part(request.header("dpop").unwrap(), 1)["nonce"], "n-1");
        assert_eq!(request.headers.iter().filter(|header| header.name == "DPoP").count(), 1);
        let keyless = [("access_token", "t")];
        let outcome = of(AuthKind::OAuth2).sign(&mut request, &method, &values(&keyless), &moment());
        assert!(matches!(outcome, Err(SignError::Unresolved(_))));
    }
}
