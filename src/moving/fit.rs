//! A login of a file, told in the words of a connector: which auth method it is, and which parameter gets which value.

use indexmap::IndexMap;

use super::found::{Login, OAuth2, Place, Placed, Proof, Raw};
use super::unify::{parts, unify};
use crate::base::Template;
use crate::model::{AuthKind, AuthMethod, Connector};

/// A login in the words of a connector.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Fit {
    /// The auth method.
    pub method: String,
    /// Parameter → value.
    pub values: IndexMap<String, Raw>,
    /// The parameters whose values stand elsewhere.
    pub open: Vec<&'static str>,
}

/// The method of a connector that sends the same values in the same places.
#[must_use]
pub fn fit(connector: &Connector, proof: &Proof) -> Option<Fit> {
    let all = connector.auth.iter();
    all.filter_map(|(name, method)| {
        let values = match proof {
            Proof::Placed(placed) => placed_in(method, placed),
            Proof::Basic(login) if method.kind == AuthKind::Basic => login_in(method, login),
            Proof::Digest(login) if method.kind == AuthKind::Digest => login_in(method, login),
            Proof::OAuth2(oauth2) if method.kind == AuthKind::OAuth2 => client_of(method, oauth2),
            _ => None,
        }?;
        Some(Fit { method: name.clone(), values, open: open(proof) })
    })
    .find(|fit| is_like(connector, fit) || matches!(proof, Proof::OAuth2(_)))
}

/// The parameters for which a file has a place and no value, though a definition does not insist on them.
fn open(proof: &Proof) -> Vec<&'static str> {
    match proof {
        Proof::OAuth2(oauth2) if oauth2.secret_is_open => vec!["client_secret"],
        _ => Vec::new(),
    }
}

/// Whether the values look like what the parameters take: of two methods with one place it tells which. Two grants are
/// told apart by themselves.
fn is_like(connector: &Connector, fit: &Fit) -> bool {
    let Some(method) = connector.auth.get(&fit.method) else { return false };
    fit.values.iter().all(|(key, value)| takes(method, key, value.expose()))
}

/// Whether a parameter takes a value, as far as its definition says.
#[must_use]
pub fn takes(method: &AuthMethod, key: &str, value: &str) -> bool {
    method.params.get(key).is_none_or(|parameter| parameter.looks_right(value))
}

fn placed_in(method: &AuthMethod, placed: &[Placed]) -> Option<IndexMap<String, Raw>> {
    let own = method.header.len() + method.query.len() + method.cookie.len();
    let sends = own > 0 && method.form.is_empty() && method.json.is_empty() && method.path.is_empty();
    if !matches!(method.kind, AuthKind::ApiKey | AuthKind::Bearer) || !sends || own != placed.len() {
        return None;
    }
    let mut values = IndexMap::new();
    for one in placed {
        let template = match one.place {
            Place::Header => method
                .header
                .iter()
                .find(|(name, _)| name.eq_ignore_ascii_case(&one.name))
                .map(|(_, value)| value),
            Place::Query => method.query.get(&one.name),
            Place::Cookie => method.cookie.get(&one.name),
        }?;
        match &one.value {
            Some(value) => {
                let (name, value) = unify(template, &format!("{}{}", one.prefix, value.expose()))?;
                values.insert(name, Raw::new(value));
            }
            None => {
                parts(template).filter(|(before, ..)| before.eq_ignore_ascii_case(&one.prefix))?;
            }
        }
    }
    Some(values)
}

fn login_in(method: &AuthMethod, login: &Login) -> Option<IndexMap<String, Raw>> {
    let mut values = IndexMap::new();
    for (template, value) in [(&method.user, &login.user), (&method.password, &login.password)] {
        let fixed = template.as_ref().filter(|template| template.names().next().is_none());
        match (template, value) {
            (Some(template), Some(value)) if fixed.is_none() => {
                let (name, value) = unify(template, value.expose())?;
                values.insert(name, Raw::new(value));
            }
            // A fixed part (`x`, nothing) is what the vendor says, whatever the file holds there.
            (Some(template), Some(value)) => {
                same(template, value)?;
            }
            (None, Some(_)) => return None,
            (_, None) => {}
        }
    }
    Some(values)
}

fn same(template: &Template, value: &Raw) -> Option<()> {
    let any = ["x", "X", ":x", "", "api_token", "unused"].contains(&template.source());
    (any || template.source() == value.expose()).then_some(())
}

fn client_of(method: &AuthMethod, oauth2: &OAuth2) -> Option<IndexMap<String, Raw>> {
    let wanted = oauth2.grant.unwrap_or("authorization_code");
    if method.grant() != wanted {
        return None;
    }
    let mut values = IndexMap::new();
    for (key, value) in [("client_id", &oauth2.client_id), ("client_secret", &oauth2.client_secret)] {
        match value {
            Some(value) if method.params.contains_key(key) => {
                values.insert(key.to_owned(), value.clone());
            }
            Some(_) if key == "client_id" => return None,
            _ => {}
        }
    }
    Some(values)
}

#[cfg(test)]
mod tests {
    use super::super::found::{Login, Place, Placed, Proof, Raw};
    use super::fit;
    use crate::model::Connector;

    const SERVICE: &str = r#"
        [auth.app]
        kind = "bearer"
        header.Authorization = "Bearer {app_token}"
        params.app_token = { label = "App", pattern = "app-.+" }
        [auth.person]
        kind = "bearer"
        header.Authorization = "Bearer {token}"
        params.token = "Token"
        [auth.key]
        kind = "api_key"
        query.key = "{api_key}"
        params.api_key = "Key"
        [auth.login]
        kind = "basic"
        user = "{api_key}"
        password = ""
        params.api_key = "Key"
    "#;

    #[test]
    fn a_login_finds_the_method_that_sends_the_same_in_the_same_place() {
        let connector: Connector = toml::from_str(SERVICE).unwrap();
        let raw = |value: &str| Some(Raw::new(value));
        let query = |name: &str| {
            let name = name.to_owned();
            Proof::Placed(vec![Placed {
                place: Place::Query,
                name,
                prefix: String::new(),
                value: raw("abc"),
            }])
        };
        let basic = |user: &str, password: Option<Raw>| Proof::Basic(Login { user: raw(user), password });
        for (proof, expected) in [
            (Proof::bearer(raw("app-1")), Some("app app_token=app-1")),
            (Proof::bearer(raw("other")), Some("person token=other")),
            (Proof::bearer(None), Some("app ")),
            (query("key"), Some("key api_key=abc")),
            (query("other"), None),
            (basic("abc", None), Some("login api_key=abc")),
            (Proof::Digest(Login::default()), None),
        ] {
            let found = fit(&connector, &proof).map(|fit| {
                let values = fit.values.iter().map(|(name, value)| format!("{name}={}", value.expose()));
                format!("{} {}", fit.method, values.collect::<Vec<_>>().join(" "))
            });
            assert_eq!(found.as_deref(), expected, "{proof:?}");
        }
    }
}
