//! OAuth 1.0a (RFC 5849): each request signed with the consumer's and the token's secret.
//!
//! Values: `client_id` and `client_secret` (the consumer's key and secret), `access_token` and `token_secret`,
//! `private_key` and `passphrase` for the RSA methods. Where a definition calls its parameters otherwise, it maps
//! them: `path.client_id = "{consumer_key}"`.

mod base_string;
mod signature;

#[cfg(test)]
mod tests;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use super::api_key::{add_query, append_form, form_of, place, travels};
use super::key::PrivateKey;
use super::{Moment, Scheme, SignError, Values, required};
use crate::base::{Header, Request, is_loopback};
use crate::model::AuthMethod;
use crate::model::oauth::{Signature, Transmission};
use base_string::encode;

/// Protocol parameters, in order: name, value.
type Parameters = Vec<(String, Zeroizing<String>)>;

/// Who signs. The temporary or lasting token is empty where there is none yet.
#[derive(Debug)]
pub struct Credentials<'a> {
    /// The consumer's key.
    pub consumer_key: &'a str,
    /// The consumer's secret; the RSA methods have none.
    pub consumer_secret: &'a str,
    /// The token.
    pub token: &'a str,
    /// The token's secret.
    pub token_secret: &'a str,
    /// The consumer's key for the RSA methods.
    pub private_key: Option<&'a PrivateKey>,
}

/// What a definition says about signing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The signature method.
    pub signature: Signature,
    /// Where the parameters travel.
    pub transmission: Transmission,
    /// The realm, which is said and not signed.
    pub realm: Option<String>,
    /// Whether bodies that are no form are hashed into the signature.
    pub body_hash: bool,
}

impl Settings {
    /// The settings of a method.
    ///
    /// # Errors
    /// When the realm names a value that is missing.
    pub fn of(method: &AuthMethod, values: &Values<'_>) -> Result<Self, SignError> {
        let realm = method.realm.as_ref().map(|realm| realm.expand(values)).transpose()?;
        Ok(Self {
            signature: method.signature.unwrap_or(Signature::HmacSha1),
            transmission: method.transmission.unwrap_or(Transmission::Header),
            realm: realm.map(|realm| realm.to_string()),
            body_hash: method.body_hash == Some(true),
        })
    }
}

/// Requests signed as OAuth 1.0a says.
pub struct OAuth1;

impl Scheme for OAuth1 {
    fn sign(
        &self,
        request: &mut Request,
        method: &AuthMethod,
        values: &Values<'_>,
        moment: &Moment,
    ) -> Result<(), SignError> {
        // First, because query and form are signed.
        place(request, method, values)?;
        let settings = Settings::of(method, values)?;
        let private_key = match settings.signature {
            Signature::RsaSha1 | Signature::RsaSha256 | Signature::RsaSha512 => {
                let key = required(values, "private_key")?;
                Some(PrivateKey::read(&key, values("passphrase").as_deref())?)
            }
            _ => None,
        };
        let value = |name: &str| values(name).unwrap_or_default();
        let credentials = Credentials {
            consumer_key: &required(values, "client_id")?,
            consumer_secret: &value("client_secret"),
            token: &value("access_token"),
            token_secret: &value("token_secret"),
            private_key: private_key.as_ref(),
        };
        sign_request(request, &credentials, &[], &settings, moment)
    }
}

/// Signs a request that is complete but for its proof. `extra` are further `oauth_` parameters, such as
/// `oauth_callback` and `oauth_verifier`; whatever else a service wants belongs into the request itself.
///
/// # Errors
/// When `PLAINTEXT` would travel in the clear, or a key is missing or no RSA key.
pub fn sign_request(
    request: &mut Request,
    credentials: &Credentials<'_>,
    extra: &[(&str, &str)],
    settings: &Settings,
    moment: &Moment,
) -> Result<(), SignError> {
    let url = &request.url;
    let guarded = url.scheme() == "https" || url.host_str().is_some_and(is_loopback);
    if settings.signature == Signature::Plaintext && !guarded {
        return Err(SignError::Insecure);
    }
    let mut parameters = Parameters::new();
    let mut add = |name: &str, value: &str| {
        parameters.push((name.to_owned(), Zeroizing::new(value.to_owned())));
    };
    add("oauth_consumer_key", credentials.consumer_key);
    if !credentials.token.is_empty() {
        add("oauth_token", credentials.token);
    }
    add("oauth_signature_method", settings.signature.code());
    add("oauth_timestamp", &moment.seconds().to_string());
    add("oauth_nonce", &moment.nonce());
    add("oauth_version", "1.0");
    for (name, value) in extra {
        add(name, value);
    }
    if let Some(hash) = body_hash(request, settings) {
        add("oauth_body_hash", &hash);
    }
    let base = base_string::of(request, &parameters);
    let signature = signature::sign(settings.signature, &base, credentials)?;
    parameters.push(("oauth_signature".to_owned(), signature));
    carry(request, settings, &parameters)
}

/// The hash of a body that is no form (draft-eaton-oauth-bodyhash-00); `PLAINTEXT` guards nothing, so it has none.
fn body_hash(request: &Request, settings: &Settings) -> Option<String> {
    let hash = signature::hash(settings.signature)?;
    let wanted = settings.body_hash && form_of(request).is_none();
    let body = request.body.as_ref().map_or(&[][..], |body| &body.bytes);
    wanted.then(|| STANDARD.encode(hash.digest(body)))
}

/// Puts the parameters where they travel. A form needs a body that can be one; other requests take the header,
/// which RFC 5849 prefers (section 3.5).
fn carry(request: &mut Request, settings: &Settings, parameters: &Parameters) -> Result<(), SignError> {
    let no_body = request.body.is_none() && !matches!(request.method.as_str(), "GET" | "HEAD");
    match settings.transmission {
        Transmission::Query => {
            for (name, value) in parameters {
                add_query(request, name, value);
            }
        }
        Transmission::Form if no_body || form_of(request).is_some() => {
            append_form(request, parameters.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        }
        Transmission::Form | Transmission::Header => {
            let value = travels("Authorization", header(settings.realm.as_deref(), parameters))?;
            request.set_header(Header::secret("Authorization", value));
        }
    }
    Ok(())
}

/// RFC 5849, section 3.5.1. The realm is a quoted string, not an encoded one.
fn header(realm: Option<&str>, parameters: &Parameters) -> Zeroizing<String> {
    let mut text = Zeroizing::new("OAuth ".to_owned());
    if let Some(realm) = realm {
        let realm = realm.replace('\\', "\\\\").replace('"', "\\\"");
        text.push_str(&format!("realm=\"{realm}\", "));
    }
    for (at, (name, value)) in parameters.iter().enumerate() {
        text.push_str(if at == 0 { "" } else { ", " });
        text.push_str(&format!("{}=\"{}\"", encode(name), encode(value)));
    }
    text
}
