//! JSON Web Tokens that we sign ourselves (RFC 7519): as a token per request (kind `jwt`), and as assertions
//! of a client or a user (RFC 7523). Never unsigned: there is no algorithm `none` here.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jsonwebtoken::EncodingKey;
use serde_json::{Map, Value, json};
use zeroize::Zeroizing;

pub use jsonwebtoken::Algorithm;

use super::key::PrivateKey;
use super::token::place_token;
use super::{Moment, Scheme, SignError, Values, required};
use crate::base::time::span;
use crate::base::{Request, Timestamp, unhex};
use crate::model::AuthMethod;
use crate::model::oauth::Signing;

/// How long an assertion lives at most, in seconds: long enough for a slow network, too short to be kept.
const LONGEST_ASSERTION: i64 = 300;

/// How far before now a token says it was made, in seconds: for services whose clock is behind ours.
const SLACK: i64 = 10;

/// What signs.
#[derive(Debug)]
pub enum Key<'a> {
    /// A shared secret, for the algorithms `HS…`.
    Secret(&'a [u8]),
    /// A private key, for all others.
    Private(&'a PrivateKey),
}

impl Key<'_> {
    fn encoding(&self) -> EncodingKey {
        match self {
            Self::Secret(secret) => EncodingKey::from_secret(secret),
            Self::Private(key) => key.encoding(),
        }
    }

    /// The algorithm where nobody chose one.
    #[must_use]
    pub const fn algorithm(&self) -> Algorithm {
        match self {
            Self::Secret(_) => Algorithm::HS256,
            Self::Private(key) => key.algorithm(),
        }
    }
}

/// Signs claims. The header says `alg` and `typ` by itself; `header` may replace `typ` and add to it.
///
/// # Errors
/// When the key is not one of the algorithm.
pub fn sign(
    header: &Map<String, Value>,
    claims: &Map<String, Value>,
    key: &Key<'_>,
    algorithm: Algorithm,
) -> Result<Zeroizing<String>, SignError> {
    let input = input(header, claims, algorithm);
    let signature = signature(&input, key, algorithm)?;
    Ok(Zeroizing::new(format!("{}.{signature}", input.as_str())))
}

/// What is signed (RFC 7515, section 5.1).
pub(super) fn input(
    header: &Map<String, Value>,
    claims: &Map<String, Value>,
    algorithm: Algorithm,
) -> Zeroizing<String> {
    let mut whole = Map::new();
    whole.insert("alg".to_owned(), json!(algorithm));
    whole.insert("typ".to_owned(), json!("JWT"));
    let more = header.iter().filter(|(name, _)| *name != "alg");
    whole.extend(more.map(|(name, value)| (name.clone(), value.clone())));
    let part = |object: &Map<String, Value>| {
        let text = Zeroizing::new(serde_json::to_string(object).unwrap_or_default());
        URL_SAFE_NO_PAD.encode(text.as_bytes())
    };
    Zeroizing::new(format!("{}.{}", part(&whole), part(claims)))
}

fn signature(input: &str, key: &Key<'_>, algorithm: Algorithm) -> Result<String, SignError> {
    let unfit = || SignError::Setting("algorithm");
    let key = key.encoding();
    if key.family() != algorithm.family() {
        return Err(unfit());
    }
    jsonwebtoken::crypto::sign(input.as_bytes(), &key, algorithm).map_err(|_| unfit())
}

/// The algorithm of a word; `none` is no word.
///
/// # Errors
/// When there is no such algorithm.
pub fn algorithm(word: &str) -> Result<Algorithm, SignError> {
    word.parse().map_err(|_| SignError::Setting("algorithm"))
}

/// What an assertion says (RFC 7523, section 3).
#[derive(Debug)]
pub struct Assertion<'a> {
    /// `iss`: who says it.
    pub issuer: &'a str,
    /// `sub`: of whom; the client itself, or the user whose consent is there already.
    pub subject: Option<&'a str>,
    /// `aud`: to whom.
    pub audience: &'a str,
    /// `kid`; else the id that the key brings.
    pub key_id: Option<&'a str>,
    /// `x5t#S256`: the SHA-256 thumbprint of the certificate, base64url.
    pub thumbprint: Option<&'a str>,
    /// Further claims. They cannot replace the ones above, nor `jti`, `iat` and `exp`.
    pub claims: &'a Map<String, Value>,
    /// How long it lives, in seconds; at most five minutes whatever stands here.
    pub lifetime: i64,
}

/// Signs an assertion: for `private_key_jwt` and `client_secret_jwt` (RFC 7523, section 2.2) and for the grant
/// `jwt-bearer` (section 2.1). Its `jti` is fresh, its `iat` lies ten seconds back.
///
/// # Errors
/// When the key is not one of the algorithm.
pub fn assertion(
    assertion: &Assertion<'_>,
    key: &Key<'_>,
    algorithm: Option<Algorithm>,
    moment: &Moment,
) -> Result<Zeroizing<String>, SignError> {
    let issued = moment.seconds() - SLACK;
    let mut claims = Map::new();
    claims.insert("iss".to_owned(), json!(assertion.issuer));
    if let Some(subject) = assertion.subject {
        claims.insert("sub".to_owned(), json!(subject));
    }
    claims.insert("aud".to_owned(), json!(assertion.audience));
    claims.insert("jti".to_owned(), json!(moment.drawn("jti of an assertion")));
    claims.insert("iat".to_owned(), json!(issued));
    claims.insert("exp".to_owned(), json!(issued + assertion.lifetime.clamp(SLACK, LONGEST_ASSERTION)));
    for (name, value) in assertion.claims {
        claims.entry(name.clone()).or_insert_with(|| value.clone());
    }
    let mut header = Map::new();
    if let Some(id) = assertion.key_id.or(own_id(key)) {
        header.insert("kid".to_owned(), json!(id));
    }
    if let Some(thumbprint) = assertion.thumbprint {
        header.insert("x5t#S256".to_owned(), json!(thumbprint));
    }
    sign(&header, &claims, key, algorithm.unwrap_or_else(|| key.algorithm()))
}

fn own_id<'k>(key: &'k Key<'_>) -> Option<&'k str> {
    match key {
        Key::Secret(_) => None,
        Key::Private(key) => key.key_id.as_deref(),
    }
}

/// A token of our own making with every request.
///
/// `sign.key` names the parameter with the key (`private_key` where nothing is said; its passphrase is the
/// value `passphrase`), `sign.algorithm` the algorithm, `sign.header` and `sign.claims` what it says beside
/// `iat` and `exp`. Their templates know `{timestamp}` and `{nonce}`, and `{client_email}` of a service
/// account. The token then travels as an obtained one does: `send`, else `Authorization: Bearer`.
pub struct Jwt;

impl Scheme for Jwt {
    fn sign(
        &self,
        request: &mut Request,
        method: &AuthMethod,
        values: &Values<'_>,
        moment: &Moment,
    ) -> Result<(), SignError> {
        let signing = method.sign.as_ref().ok_or(SignError::Setting("sign"))?;
        let token = own(signing, values, moment)?;
        let values = |name: &str| match name {
            "access_token" => Some(Cow::Borrowed(token.as_str())),
            _ => values(name),
        };
        place_token(request, method, &values, "Bearer")
    }
}

fn own(signing: &Signing, values: &Values<'_>, moment: &Moment) -> Result<Zeroizing<String>, SignError> {
    let chosen = signing.algorithm.as_deref().map(algorithm).transpose()?;
    let value = required(values, signing.key.as_deref().unwrap_or("private_key"))?;
    let (secret, private);
    let key = if chosen.is_some_and(|chosen| chosen.family() == Algorithm::HS256.family()) {
        secret = key_bytes(&value, signing.key_encoding.as_deref())?;
        Key::Secret(&secret)
    } else {
        private = PrivateKey::read(&value, values("passphrase").as_deref())?;
        Key::Private(&private)
    };
    let email = match &key {
        Key::Private(key) => key.client_email.clone(),
        Key::Secret(_) => None,
    };
    let values = |name: &str| {
        values(name).or_else(|| match name {
            "timestamp" => Some(moment.seconds().to_string().into()),
            "nonce" => Some(moment.nonce().into()),
            "client_email" => email.clone().map(Cow::Owned),
            _ => None,
        })
    };
    let mut header = Map::new();
    if let Some(id) = own_id(&key) {
        header.insert("kid".to_owned(), json!(id));
    }
    for (name, template) in &signing.header {
        header.insert(name.clone(), json!(template.expand(values)?.as_str()));
    }
    let claims = claims(signing, &values, moment)?;
    sign(&header, &claims, &key, chosen.unwrap_or_else(|| key.algorithm()))
}

fn claims(signing: &Signing, values: &Values<'_>, moment: &Moment) -> Result<Map<String, Value>, SignError> {
    let lifetime = match signing.lifetime.as_deref() {
        Some(text) => span(text).ok_or(SignError::Setting("lifetime"))?.as_secs(),
        None => LONGEST_ASSERTION,
    };
    let issued = moment.seconds() - SLACK;
    let mut claims = Map::new();
    claims.insert("iat".to_owned(), json!(issued));
    claims.insert("exp".to_owned(), json!(issued + lifetime));
    for (name, template) in &signing.claims {
        let text = template.expand(values)?;
        // Moments are numbers (RFC 7519, section 2), everything else is said as it stands.
        let moment =
            matches!(name.as_str(), "iat" | "exp" | "nbf").then(|| text.parse::<i64>().ok()).flatten();
        claims.insert(name.clone(), moment.map_or_else(|| json!(text.as_str()), |moment| json!(moment)));
    }
    Ok(claims)
}

/// The bytes of a shared secret: the text itself, or what it encodes.
pub(super) fn key_bytes(text: &str, encoding: Option<&str>) -> Result<Zeroizing<Vec<u8>>, SignError> {
    let unfit = || SignError::Setting("key_encoding");
    Ok(Zeroizing::new(match encoding {
        None | Some("utf8") => text.as_bytes().to_vec(),
        Some("base64") => {
            let standard = text.trim().replace('-', "+").replace('_', "/");
            STANDARD.decode(&standard).map_err(|_| unfit())?
        }
        Some("hex") => unhex(text.trim()).ok_or_else(unfit)?,
        Some(_) => return Err(unfit()),
    }))
}

/// The end that a token which somebody else signed names in `exp`; `None` where the text is no such token. Nothing is
/// verified: this is only what the token says of itself.
#[must_use]
pub fn end(token: &str) -> Option<Timestamp> {
    let mut parts = token.trim().split('.');
    let (Some(header), Some(claims), Some(_), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return None;
    };
    if !header.starts_with("ey") {
        return None;
    }
    let claims = Zeroizing::new(URL_SAFE_NO_PAD.decode(claims).ok()?);
    let end = serde_json::from_slice::<Ending>(&claims).ok()?.exp;
    #[expect(clippy::cast_possible_truncation, reason = "a moment to the second")]
    Timestamp::from_second(end as i64).ok()
}

/// The one claim that is looked at.
#[derive(serde::Deserialize)]
struct Ending {
    exp: f64,
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use serde_json::{Map, Value, json};

    use super::{Algorithm, Assertion, Key, algorithm, assertion, key_bytes, sign, signature};
    use crate::model::AuthKind;
    use crate::scheme::fixture::{ED25519_PKCS8, P256_PKCS8, P384_SEC1, RSA_PKCS1, RSA_PKCS8};
    use crate::scheme::key::PrivateKey;
    use crate::scheme::tests::{method, moment, part, request, values};
    use crate::scheme::{SignError, of};

    fn object(value: Value) -> Map<String, Value> {
        value.as_object().unwrap().clone()
    }

    fn key(text: &str) -> PrivateKey {
        PrivateKey::read(text, None).unwrap()
    }

    /// RFC 7515, appendix A.1.
    #[test]
    fn a_keyed_hash_matches_the_published_value() {
        let secret = "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow";
        let secret = URL_SAFE_NO_PAD.decode(secret).unwrap();
        let input = concat!(
            "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.",
            "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
        );
        let signature = signature(input, &Key::Secret(&secret), Algorithm::HS256).unwrap();
        assert_eq!(signature, "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
    }

    #[test]
    fn an_rsa_assertion_matches_what_openssl_signs() {
        let claims = json!({
            "iss": "client-1", "sub": "client-1", "aud": "https://as.example.com", "jti": "id-1",
            "iat": 1_700_000_000, "exp": 1_700_000_060
        });
        let header = object(json!({ "kid": "k1" }));
        let key = key(RSA_PKCS1);
        let token = sign(&header, &object(claims), &Key::Private(&key), Algorithm::RS256).unwrap();
        let expected = concat!(
            "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6ImsxIn0.eyJpc3MiOiJjbGllbnQtMSIsInN1YiI6ImNsaWVudC0xIiwiYXVk",
            "IjoiaHR0cHM6Ly9hcy5leGFtcGxlLmNvbSIsImp0aSI6ImlkLTEiLCJpYXQiOjE3MDAwMDAwMDAsImV4cCI6MTcwMDAwMDA2MH0.",
            "l9OQHqzZ-B0njU7yibUFi363z2PJStERK6rV4jb69dagw9ISlORZ5tFyDMoqQLsb88rXuRDNWy_HRkrQ1FOPLKCwCabCCgHp23xf",
            "dS5QNr_IN9wpOqhUhyxqhSiBFT8TSnLo0cO0TwC8DqrHD0h4oteH3B-8Rkyxw_nxHa35__sgzqPyyJLRloAHmL4Xfgzj_uBIdhT3",
            "UIPq5lAPpmSgjAUAf9CpHaYtjVBYN8HBWhP_62W41PuoPzqu8tKZ6iu6NdQ-PZK-pq6vlB18HT0JijdvUrCBcBXx4MYqRy2bh8Kw",
            "CuLAuPxmDlSW3Omlccu3u2x7nUbCsPDi_VePHng31w"
        );
        assert_eq!(token.as_str(), expected);
    }

    #[test]
    fn an_algorithm_takes_only_keys_of_its_own_kind() {
        let keys = [RSA_PKCS1, P256_PKCS8, P384_SEC1, ED25519_PKCS8].map(key);
        let words = [
            ("HS256", 4),
            ("HS384", 4),
            ("HS512", 4),
            ("RS256", 0),
            ("RS384", 0),
            ("RS512", 0),
            ("PS256", 0),
            ("PS384", 0),
            ("PS512", 0),
            ("ES256", 1),
            ("ES384", 2),
            ("EdDSA", 3),
        ];
        for (word, fits) in words {
            for at in 0..=keys.len() {
                let key = keys.get(at).map_or(Key::Secret(b"secret"), Key::Private);
                let outcome = sign(&Map::new(), &Map::new(), &key, algorithm(word).unwrap());
                assert_eq!(outcome.is_ok(), at == fits, "{word} {at}");
            }
        }
        for word in ["none", "None", "", "HS1", "ES512"] {
            assert_eq!(algorithm(word), Err(SignError::Setting("algorithm")), "{word}");
        }
        let forged = object(json!({ "alg": "none", "typ": "at+jwt" }));
        let token = sign(&forged, &Map::new(), &Key::Secret(b"s"), Algorithm::HS256).unwrap();
        assert_eq!(part(&token, 0), json!({ "alg": "HS256", "typ": "at+jwt" }));
    }

    #[test]
    fn an_assertion_is_short_lived_fresh_and_says_no_more_than_it_must() {
        let account = json!({ "private_key": RSA_PKCS8, "private_key_id": "own", "client_email": "a@b" });
        let key = key(&account.to_string());
        let claims = object(json!({ "scope": "read", "iss": "someone else", "exp": 9 }));
        let mut said = Assertion {
            issuer: "c",
            subject: Some("u"),
            audience: "https://as.test",
            key_id: None,
            thumbprint: Some("t"),
            claims: &claims,
            lifetime: 86400,
        };
        let token = assertion(&said, &Key::Private(&key), None, &moment()).unwrap();
        let now = moment().seconds();
        let header = json!({ "alg": "RS256", "typ": "JWT", "kid": "own", "x5t#S256": "t" });
        assert_eq!(part(&token, 0), header);
        let got = part(&token, 1);
        let jti = got["jti"].as_str().unwrap();
        let expected = json!({
            "iss": "c", "sub": "u", "aud": "https://as.test", "jti": jti,
            "iat": now - 10, "exp": now + 290, "scope": "read"
        });
        assert_eq!(got, expected);
        assert_eq!(jti.len(), 32);
        said.key_id = Some("given");
        said.subject = None;
        said.lifetime = 60;
        let token = assertion(&said, &Key::Secret(b"s"), None, &moment()).unwrap();
        assert_eq!(
            (part(&token, 0)["alg"].as_str(), part(&token, 0)["kid"].as_str()),
            (Some("HS256"), Some("given"))
        );
        assert!(part(&token, 1).get("sub").is_none());
        assert_eq!(part(&token, 1)["exp"], now + 50);
    }

    #[test]
    fn a_token_of_our_own_goes_with_the_request() {
        let definition = "kind = 'jwt'\nsign = { algorithm = 'HS256', key = 'secret', key_encoding = 'hex', \
            lifetime = '10m', header = { kid = '{id}' }, claims = { aud = '/admin/', iss = '{id}', nbf = '{timestamp}', \
            jti = '{nonce}' } }";
        let mut request = request();
        let pairs = [("secret", "73656372657A"), ("id", "7")];
        of(AuthKind::Jwt).sign(&mut request, &method(definition), &values(&pairs), &moment()).unwrap();
        let token = request.header("authorization").unwrap().strip_prefix("Bearer ").unwrap();
        assert_eq!(part(token, 0), json!({ "alg": "HS256", "typ": "JWT", "kid": "7" }));
        let now = moment().seconds();
        let claims = json!({
            "iat": now - 10, "exp": now + 590, "aud": "/admin/", "iss": "7", "nbf": now, "jti": moment().nonce()
        });
        assert_eq!(part(token, 1), claims);
        let (input, signed) = token.rsplit_once('.').unwrap();
        assert_eq!(signed, signature(input, &Key::Secret(b"secrez"), Algorithm::HS256).unwrap());
    }

    #[test]
    fn a_token_of_our_own_takes_a_private_key_and_any_place() {
        let account =
            json!({ "private_key": RSA_PKCS8, "private_key_id": "own", "client_email": "a@b" }).to_string();
        let definition =
            "kind = 'jwt'\nsign.claims = { iss = '{client_email}' }\nsend.header.X-Jwt = 'v1 {access_token}'";
        let mut request = request();
        let pairs = [("private_key", account.as_str())];
        of(AuthKind::Jwt).sign(&mut request, &method(definition), &values(&pairs), &moment()).unwrap();
        let token = request.header("x-jwt").unwrap().strip_prefix("v1 ").unwrap();
        assert_eq!(part(token, 0), json!({ "alg": "RS256", "typ": "JWT", "kid": "own" }));
        assert_eq!(part(token, 1)["iss"], "a@b");
        for (definition, expected) in [
            ("kind = 'jwt'", SignError::Setting("sign")),
            ("kind = 'jwt'\nsign.algorithm = 'none'", SignError::Setting("algorithm")),
            ("kind = 'jwt'\nsign.lifetime = 'soon'", SignError::Setting("lifetime")),
        ] {
            let outcome =
                of(AuthKind::Jwt).sign(&mut request, &method(definition), &values(&pairs), &moment());
            assert_eq!(outcome, Err(expected), "{definition}");
        }
    }

    #[test]
    fn a_secret_is_text_or_what_it_encodes() {
        for (text, encoding, expected) in [
            ("0g", None, Some(&b"0g"[..])),
            ("Zm9vYg==", Some("base64"), Some(b"foob")),
            ("_-8=", Some("base64"), Some(&[0xff, 0xef][..])),
            ("00fF", Some("hex"), Some(&[0, 255][..])),
            ("00f", Some("hex"), None),
            ("0g", Some("hex"), None),
            ("+1", Some("hex"), None),
            ("*", Some("base64"), None),
            ("x", Some("rot13"), None),
        ] {
            let bytes = key_bytes(text, encoding).ok();
            assert_eq!(bytes.as_ref().map(|bytes| bytes.as_slice()), expected, "{text} {encoding:?}");
        }
    }
}
