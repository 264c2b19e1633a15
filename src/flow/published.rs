//! What a server publishes about itself, put away as the document that it was, and read again under the same rules.

use serde_json::{Map, Value, json};

use super::Metadata;
use super::discovery::{self, NAMES};

/// The parts of the document that conn uses.
#[must_use]
pub fn put_away(metadata: &Metadata) -> Value {
    let addresses = |known: &indexmap::IndexMap<&'static str, url::Url>| {
        let named = NAMES.iter().filter_map(|(name, field)| Some((*field, known.get(name)?)));
        named.map(|(field, url)| (field.to_owned(), Value::from(url.as_str()))).collect::<Map<_, _>>()
    };
    let mut document = addresses(&metadata.addresses);
    document.insert("issuer".into(), metadata.issuer.as_str().into());
    if !metadata.mtls_addresses.is_empty() {
        document.insert("mtls_endpoint_aliases".into(), addresses(&metadata.mtls_addresses).into());
    }
    if metadata.promises_issuer {
        document.insert("authorization_response_iss_parameter_supported".into(), true.into());
    }
    if let Some(methods) = &metadata.pkce_methods {
        document.insert("code_challenge_methods_supported".into(), json!(methods));
    }
    if !metadata.dpop_algorithms.is_empty() {
        document.insert("dpop_signing_alg_values_supported".into(), json!(metadata.dpop_algorithms));
    }
    if metadata.requires_pushed {
        document.insert("require_pushed_authorization_requests".into(), true.into());
    }
    Value::Object(document)
}

/// The metadata of a document that was put away; `None` where it is of another issuer or must not be believed.
#[must_use]
pub fn taken_up(issuer: &str, document: &Value) -> Option<Metadata> {
    discovery::read(issuer, document.as_object()?).ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{put_away, taken_up};
    use crate::flow::discovery;

    #[test]
    fn a_document_comes_back_as_it_was_read_and_only_for_its_issuer() {
        let document = json!({
            "issuer": "https://as.test",
            "token_endpoint": "https://as.test/token",
            "registration_endpoint": "https://as.test/reg",
            "authorization_response_iss_parameter_supported": true,
            "code_challenge_methods_supported": ["S256"],
            "dpop_signing_alg_values_supported": ["ES256"],
            "require_pushed_authorization_requests": true,
            "mtls_endpoint_aliases": { "token_endpoint": "https://mtls.as.test/token" },
            "jwks_uri": "https://as.test/jwks",
        });
        let metadata = discovery::read("https://as.test", document.as_object().unwrap()).unwrap();
        let away = put_away(&metadata);
        assert_eq!(taken_up("https://as.test", &away), Some(metadata));
        assert_eq!(taken_up("https://evil.test", &away), None);
        assert!(away.get("jwks_uri").is_none());
    }
}
