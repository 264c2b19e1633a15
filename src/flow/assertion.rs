//! Signed assertions: of a client about itself, and of a service account or a user as a grant (RFC 7523).

use std::borrow::Cow;

use serde_json::{Map, Value, json};
use url::Url;
use zeroize::Zeroizing;

use super::once::Way;
use super::token_request::{self, Fields};
use super::{Stop, Terms};
use crate::base::time::span;
use crate::base::{Request, Template, Text};
use crate::model::oauth::{ClientAuth, Signing};
use crate::model::refusal::Spent;
use crate::scheme::jwt::{self, Assertion, Key};
use crate::scheme::key::PrivateKey;
use crate::scheme::{Moment, SignError};

/// The grant's name (RFC 7523, section 2.1).
const GRANT: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";

/// How long an assertion lives where the definition says nothing, in seconds.
const LIFETIME: i64 = 120;

/// The proof of a client: signed with its secret or its private key.
///
/// Its audience is `sign.claims.aud` where the definition writes one (unless those claims are of the grant),
/// else the issuer, as RFC 7523 is being revised to want, else the address, as older servers do.
///
/// # Errors
/// When a value is missing, the key cannot be read, or it is not one of the algorithm.
pub fn of_client(
    terms: &Terms<'_>,
    way: ClientAuth,
    id: &str,
    address: &Url,
    moment: &Moment,
) -> Result<Zeroizing<String>, Stop> {
    let none = Signing::default();
    let own = terms.method.grant.as_deref() != Some("jwt_bearer");
    let signing = terms.method.sign.as_ref().filter(|_| own).unwrap_or(&none);
    let issuer = match (terms.metadata, &terms.method.issuer) {
        (Some(metadata), _) if !metadata.issuer.is_empty() => Some(metadata.issuer.clone()),
        (_, Some(issuer)) => Some(terms.expand(issuer)?),
        _ => None,
    };
    let audience = match signing.claims.get("aud") {
        Some(template) => terms.expand(template)?,
        None => issuer.unwrap_or_else(|| address.to_string()),
    };
    let mut signer = Signer { terms, signing, email: None };
    let claims = signer.further_claims()?;
    let said = Said { issuer: id.to_owned(), subject: Some(id.to_owned()), audience, claims };
    if way == ClientAuth::SecretJwt {
        let secret = terms.required("client_secret")?;
        return signer.sign(&said, &Key::Secret(secret.as_bytes()), moment);
    }
    let key = signer.private_key()?;
    signer.sign(&said, &Key::Private(&key), moment)
}

/// `jwt_bearer`: the key of a service account, or one that the service knows for this client.
#[derive(Default)]
pub struct JwtBearer;

impl Way for JwtBearer {
    fn spent(&self) -> Spent {
        Spent::Assertion
    }

    fn request(&self, terms: &Terms<'_>, moment: &Moment) -> Result<Request, Stop> {
        let address = terms.address("token")?;
        let none = Signing::default();
        let signing = terms.method.sign.as_ref().unwrap_or(&none);
        let mut signer = Signer { terms, signing, email: None };
        let key = signer.private_key()?;
        let account = key.client_email.is_some();
        let mut claims = signer.further_claims()?;
        if account && let Some(scope) = terms.scope() {
            // Google reads the scopes here and nowhere else.
            claims.entry("scope").or_insert_with(|| json!(scope));
        }
        let issuer = match (signer.claim("iss")?, &key.client_email) {
            (Some(issuer), _) => issuer,
            (None, Some(email)) => email.clone(),
            (None, None) => terms.required("client_id")?.into_owned(),
        };
        let given = || terms.value("subject").or_else(|| terms.value("username")).map(Cow::into_owned);
        let subject = match signer.claim("sub")?.or_else(given) {
            // A service account speaks for itself unless it names somebody.
            None if account => None,
            subject => Some(subject.unwrap_or_else(|| issuer.clone())),
        };
        let audience = signer.claim("aud")?.unwrap_or_else(|| address.to_string());
        let assertion =
            signer.sign(&Said { issuer, subject, audience, claims }, &Key::Private(&key), moment)?;
        let mut fields = Fields::grant(GRANT).secret("assertion", &assertion);
        if !account {
            fields = fields.scope(terms);
        }
        token_request::for_token(terms, fields, moment)
    }
}

/// What an assertion says.
struct Said {
    issuer: String,
    subject: Option<String>,
    audience: String,
    claims: Map<String, Value>,
}

/// Signs after a definition's `sign`.
struct Signer<'a, 't> {
    terms: &'a Terms<'t>,
    signing: &'a Signing,
    /// The name that the key itself brings, for `{client_email}`.
    email: Option<String>,
}

impl Signer<'_, '_> {
    fn private_key(&mut self) -> Result<PrivateKey, Stop> {
        let name = self.signing.key.as_deref().unwrap_or("private_key");
        let text = self.terms.required(name)?;
        let key = PrivateKey::read(&text, self.terms.value("passphrase").as_deref())
            .map_err(|error| stop(self.terms, SignError::Key(error), name))?;
        self.email.clone_from(&key.client_email);
        Ok(key)
    }

    fn expand(&self, template: &Template) -> Result<String, Stop> {
        let value = |name: &str| {
            let own = || match name {
                "scope" => self.terms.scope().map(Cow::Owned),
                "client_email" => self.email.as_deref().map(Cow::Borrowed),
                _ => None,
            };
            self.terms.value(name).or_else(own)
        };
        template.expand(value).map(|text| text.to_string()).map_err(|lacks| self.terms.missing(&lacks.0))
    }

    fn claim(&self, name: &str) -> Result<Option<String>, Stop> {
        self.signing.claims.get(name).map(|template| self.expand(template)).transpose()
    }

    /// The claims beside those that every assertion makes.
    fn further_claims(&self) -> Result<Map<String, Value>, Stop> {
        let further =
            self.signing.claims.iter().filter(|(name, _)| !matches!(name.as_str(), "iss" | "sub" | "aud"));
        further.map(|(name, template)| Ok((name.clone(), json!(self.expand(template)?)))).collect()
    }

    fn sign(&self, said: &Said, key: &Key<'_>, moment: &Moment) -> Result<Zeroizing<String>, Stop> {
        let header =
            |name: &str| self.signing.header.get(name).map(|template| self.expand(template)).transpose();
        let key_id = header("kid")?.or_else(|| self.terms.value("key_id").map(Cow::into_owned));
        let thumbprint = header("x5t#S256")?;
        let failed = |error| stop(self.terms, error, "sign");
        let algorithm = self.signing.algorithm.as_deref().map(jwt::algorithm).transpose().map_err(failed)?;
        let lifetime =
            self.signing.lifetime.as_deref().and_then(span).map_or(LIFETIME, |span| span.as_secs());
        let assertion = Assertion {
            issuer: &said.issuer,
            subject: said.subject.as_deref(),
            audience: &said.audience,
            key_id: key_id.as_deref(),
            thumbprint: thumbprint.as_deref(),
            claims: &said.claims,
            lifetime,
        };
        jwt::assertion(&assertion, key, algorithm, moment).map_err(failed)
    }
}

/// Why nothing can be signed. Holds nothing of the key.
fn stop(terms: &Terms<'_>, error: SignError, name: &str) -> Stop {
    const SETTING: Text = Text::new(
        "{field} in the auth method is missing or does not fit the key",
        "認証の種類の {field} が未設定か、鍵に適合しません",
    );
    match error {
        SignError::Unresolved(lacks) => terms.missing(&lacks.0),
        SignError::Key(error) => {
            let label = terms.method.params.get(name).map_or(name, |param| param.label.en.as_str());
            let mut stop = Stop::new("CONN-SEC-SHAPE")
                .value("label", label)
                .value("parameter", name)
                .value("kind", error.shape.text().en);
            stop.evidence.push(error.phrase());
            stop
        }
        SignError::Setting(field) => Stop::new("CONN-CFG-DEFINITION").because(SETTING, &[("field", field)]),
        _ => Stop::new("CONN-CFG-DEFINITION"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::base::Request;
    use crate::flow::fixture::{World, form, moment, part, sent, world};
    use crate::flow::{Input, Metadata, Stop, alone};
    use crate::scheme::fixture::{P256_ENCRYPTED, P256_JWK, P256_PKCS8, RSA_PKCS8};

    fn request(world: &World) -> Result<Request, Stop> {
        let step = world.with(|terms| alone(&world.method).advance(terms, Input::Start, &moment(0)))?;
        Ok(sent(Ok(step)))
    }

    fn with(definition: &str, values: &[(&'static str, &str)]) -> World {
        let mut world = world(definition);
        world.values.extend(values.iter().map(|(key, value)| (*key, (*value).to_owned())));
        world
    }

    /// Header and claims of an assertion, without what is fresh in each.
    fn said(token: &str) -> (Value, Value) {
        let (header, mut claims) = (part(token, 0), part(token, 1));
        let now = moment(0).seconds();
        let (issued, ends) = (claims["iat"].as_i64().unwrap(), claims["exp"].as_i64().unwrap());
        assert!(issued <= now && (now..=now + 300).contains(&ends), "{claims}");
        assert!(claims["jti"].as_str().is_some_and(|jti| jti.len() >= 16));
        for fresh in ["iat", "exp", "jti"] {
            claims.as_object_mut().unwrap().remove(fresh);
        }
        (header, claims)
    }

    #[test]
    fn a_client_says_who_it_is_to_the_issuer_where_that_is_known() {
        let token = "https://as.test/token";
        let es256 = json!({ "alg": "ES256", "typ": "JWT" });
        for (definition, values, issuer, header, audience) in [
            (
                "client_auth = 'private_key_jwt'",
                vec![("private_key", P256_PKCS8)],
                None,
                es256.clone(),
                token,
            ),
            (
                "client_auth = 'private_key_jwt'",
                vec![("private_key", RSA_PKCS8), ("key_id", "k-9")],
                None,
                json!({ "alg": "RS256", "typ": "JWT", "kid": "k-9" }),
                token,
            ),
            (
                "client_auth = 'private_key_jwt'\nsign = { algorithm = 'PS256', header = { 'x5t#S256' = '{print}' } }",
                vec![("private_key", RSA_PKCS8), ("print", "t-1")],
                None,
                json!({ "alg": "PS256", "typ": "JWT", "x5t#S256": "t-1" }),
                token,
            ),
            (
                "client_auth = 'private_key_jwt'\nissuer = 'https://as.test/{realm}'\nsign.key = 'pem'",
                vec![("pem", P256_JWK), ("realm", "a")],
                None,
                json!({ "alg": "ES256", "typ": "JWT", "kid": "k-1" }),
                "https://as.test/a",
            ),
            (
                "client_auth = 'secret_jwt'\nissuer = 'https://as.test'",
                vec![("client_secret", "secret-of-more-than-32-bytes-0123456789")],
                Some("https://as.test/"),
                json!({ "alg": "HS256", "typ": "JWT" }),
                "https://as.test/",
            ),
            (
                "client_auth = 'private_key_jwt'\nissuer = 'https://as.test'\nsign.claims.aud = '{base}/aud'",
                vec![("private_key", P256_PKCS8), ("base", "https://b.test")],
                Some("https://as.test/"),
                es256,
                "https://b.test/aud",
            ),
        ] {
            let mut world = with(&format!("grant = 'client_credentials'\n{definition}"), &values);
            world.metadata =
                issuer.map(|issuer| Metadata { issuer: issuer.to_owned(), ..Metadata::default() });
            let request = request(&world).unwrap();
            let form = form(&request);
            let claims = json!({ "iss": "client-1", "sub": "client-1", "aud": audience });
            assert_eq!(said(&form["client_assertion"]), (header, claims), "{definition}");
            assert_eq!(
                form["client_assertion_type"],
                "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
            );
            assert!(!form.contains_key("client_secret") && request.header("authorization").is_none());
        }
    }

    #[test]
    fn a_statement_about_a_user_or_a_service_account_is_exchanged_for_a_token() {
        let account = json!({
            "type": "service_account", "private_key": RSA_PKCS8, "private_key_id": "id-1",
            "client_email": "robot@p.test", "token_uri": "https://as.test/token",
        });
        let account = account.to_string();
        let claims =
            "[sign.claims]\niss = '{client_id}'\nsub = '{user}'\naud = 'account.test'\nscope = '{scope}'";
        for (definition, values, kid, expected, scope) in [
            (
                "",
                vec![("private_key", account.as_str())],
                Some("id-1"),
                json!({ "iss": "robot@p.test", "aud": "https://as.test/token", "scope": "a b" }),
                None,
            ),
            (
                "",
                vec![("private_key", account.as_str()), ("subject", "sato@p.test")],
                Some("id-1"),
                json!({ "iss": "robot@p.test", "sub": "sato@p.test", "aud": "https://as.test/token", "scope": "a b" }),
                None,
            ),
            (
                "",
                vec![("private_key", P256_PKCS8), ("username", "sato")],
                None,
                json!({ "iss": "client-1", "sub": "sato", "aud": "https://as.test/token" }),
                Some("a b"),
            ),
            (
                claims,
                vec![("private_key", P256_PKCS8), ("user", "u-1")],
                None,
                json!({ "iss": "client-1", "sub": "u-1", "aud": "account.test", "scope": "a b" }),
                Some("a b"),
            ),
        ] {
            let mut world = with(&format!("grant = 'jwt_bearer'\n{definition}"), &values);
            world.scopes = vec!["a".into(), "b".into()];
            let form = form(&request(&world).unwrap());
            let (header, claims) = said(&form["assertion"]);
            assert_eq!((header["kid"].as_str(), claims), (kid, expected), "{definition}");
            assert_eq!(form["grant_type"], "urn:ietf:params:oauth:grant-type:jwt-bearer");
            assert_eq!(form.get("scope").map(String::as_str), scope);
        }
    }

    #[test]
    fn what_cannot_sign_is_named_and_shows_nothing_of_the_key() {
        let client = "grant = 'client_credentials'\nclient_auth = 'private_key_jwt'";
        let cut = P256_PKCS8.rsplit_once('\n').unwrap().0;
        for (definition, key, code) in [
            (client.to_owned(), "", "CONN-CFG-VARIABLE-MISSING"),
            (client.to_owned(), cut, "CONN-SEC-SHAPE"),
            (client.to_owned(), P256_ENCRYPTED, "CONN-SEC-SHAPE"),
            (format!("{client}\nsign.algorithm = 'RS256'"), P256_PKCS8, "CONN-CFG-DEFINITION"),
            (format!("{client}\nsign.algorithm = 'none'"), P256_PKCS8, "CONN-CFG-DEFINITION"),
            (format!("{client}\nsign.claims.x = '{{nobody}}'"), P256_PKCS8, "CONN-CFG-VARIABLE-MISSING"),
            ("grant = 'jwt_bearer'".to_owned(), cut, "CONN-SEC-SHAPE"),
        ] {
            let stop = request(&with(&definition, &[("private_key", key)])).unwrap_err();
            assert_eq!(stop.code, code, "{definition}");
            let line = key.lines().nth(1).unwrap_or("no line");
            assert!(!format!("{stop:?}").contains(line), "{stop:?}");
        }
        let world = with(client, &[("private_key", P256_ENCRYPTED), ("passphrase", "wrong")]);
        assert_eq!(request(&world).unwrap_err().code, "CONN-SEC-SHAPE");
    }
}
