//! Where a credential stands in a request: the places that a connector declares, and the one that a service asks for.

use super::fact::Answered;
use crate::model::{AuthKind, AuthMethod, Connector, Obtaining};

/// The most other places that are tried.
const MOST: usize = 2;
/// The longest name of a place that is taken from an answer.
const LONGEST: usize = 40;

/// The methods of a connector that send the same values at another place of the request to the same address.
#[must_use]
pub fn others<'c>(connector: &'c Connector, method: &str) -> Vec<&'c str> {
    let Some((ours, own)) = connector.method(Some(method)) else { return Vec::new() };
    let secret = |method: &AuthMethod| {
        let mut keys: Vec<String> = method.secret_keys().map(str::to_owned).collect();
        keys.sort_unstable();
        keys
    };
    let fits = |other: &AuthMethod| {
        plain(other)
            && other.base == own.base
            && secret(other) == secret(own)
            && other.params.keys().all(|key| own.params.contains_key(key))
            && places(other) != places(own)
    };
    let elsewhere = connector.auth.iter().filter(|(name, other)| *name != ours && fits(other));
    elsewhere.map(|(name, _)| name.as_str()).filter(|_| plain(own)).take(MOST).collect()
}

/// Whether a method sends what a person entered as it is.
fn plain(method: &AuthMethod) -> bool {
    matches!(method.kind, AuthKind::ApiKey | AuthKind::Bearer) && method.obtaining() == Obtaining::Given
}

/// The places of a method, as its definition names them: `header.X-Api-Key`.
#[must_use]
pub fn places(method: &AuthMethod) -> Vec<String> {
    let maps = [
        ("header", &method.header),
        ("query", &method.query),
        ("form", &method.form),
        ("json", &method.json),
        ("cookie", &method.cookie),
        ("path", &method.path),
    ];
    let named =
        maps.into_iter().flat_map(|(place, map)| map.keys().map(move |name| format!("{place}.{name}")));
    let named: Vec<String> = named.collect();
    if named.is_empty() && method.kind == AuthKind::Bearer {
        return vec!["header.Authorization".to_owned()];
    }
    named
}

/// The header that a service asks for in its answer, where none of our places is named there.
#[must_use]
pub fn asked_for(method: &AuthMethod, answer: &Answered) -> Option<String> {
    let challenge = answer.header("www-authenticate").unwrap_or_default();
    let words: Vec<&str> = challenge
        .split(is_between)
        .chain(answer.body.split(is_between))
        .filter(|word| !word.is_empty() && word.len() <= LONGEST)
        .collect();
    let ours: Vec<String> = places(method);
    let is_ours = |word: &&&str| {
        ours.iter()
            .any(|place| place.split_once('.').is_some_and(|(_, name)| name.eq_ignore_ascii_case(word)))
    };
    if words.iter().any(|word| is_ours(&word)) {
        return None;
    }
    words.into_iter().find(|word| names_header(word)).map(str::to_owned)
}

fn is_between(c: char) -> bool {
    !(c.is_ascii_alphanumeric() || c == '-' || c == '_')
}

/// Whether a word is the name of a header that carries a credential: `X-Api-Key`, `Acme-Access-Token`.
fn names_header(word: &str) -> bool {
    let lower = word.to_ascii_lowercase();
    let carries = ["key", "token", "secret", "auth"].iter().any(|end| lower.ends_with(end));
    carries
        && lower.contains('-')
        && lower.split('-').all(|part| !part.is_empty())
        && (lower.starts_with("x-") || lower.matches('-').count() > 1)
}

#[cfg(test)]
mod tests {
    use super::{asked_for, others};
    use crate::diagnosis::Answered;
    use crate::model::Connector;

    const CONNECTOR: &str = r#"
        base = "https://api.acme.test"
        auth.header = { kind = "api_key", header.X-Old = "{key}", params.key.label = "Key" }
        auth.query = { kind = "api_key", query.key = "{key}", params.key.label = "Key" }
        auth.bearer = { kind = "bearer", token = "{key}", params.key.label = "Key" }
        auth.other = { kind = "api_key", query.secret = "{secret}", params.secret.label = "Secret" }
        auth.elsewhere = { kind = "api_key", base = "https://b.test", query.key = "{key}", params.key.label = "Key" }
        auth.same = { kind = "api_key", header.X-Old = "{key}", params.key.label = "Key" }
        auth.consent = { kind = "oauth2", authorize = "https://a.test", token = "https://a.test" }
    "#;

    #[test]
    fn only_methods_that_take_the_same_values_to_the_same_address_are_other_places() {
        let connector: Connector = toml::from_str(CONNECTOR).unwrap();
        assert_eq!(others(&connector, "header"), ["query", "bearer"]);
        assert_eq!(others(&connector, "other"), [""; 0]);
        assert_eq!(others(&connector, "consent"), [""; 0]);
    }

    #[test]
    fn a_header_is_asked_for_only_where_ours_is_not_named() {
        let connector: Connector = toml::from_str(CONNECTOR).unwrap();
        let method = connector.method(Some("header")).unwrap().1;
        let says = |body: &str| {
            let answer = Answered {
                status: 401,
                version: String::new(),
                headers: vec![],
                body: body.into(),
                length: 0,
                truncated: false,
                peer: None,
            };
            asked_for(method, &answer)
        };
        assert_eq!(says(r#"{"error":"Missing header 'X-Acme-Key'."}"#).as_deref(), Some("X-Acme-Key"));
        assert_eq!(says("send X-Acme-Key or X-Old"), None);
        assert_eq!(says("no API key, api-key or re-auth; see /docs/api-key"), None);
        assert_eq!(says("x--key -key x-key-"), None);
    }
}
