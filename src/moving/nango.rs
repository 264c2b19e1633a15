//! Nango's `providers.yaml`: definitions of services, no credentials. What conn has built in is not taken twice.
//!
//! <https://docs.nango.dev/implementation-guides/platform/auth/configuration>

use indexmap::IndexMap;
use serde_json::Value;

use super::found::{Found, Left, Login, OAuth2, Place, Placed, Proof, Service, Variable, Way};
use super::parse::{text, yaml};
use super::{Malformed, Source, definition, oauth};
use crate::base::Text;

/// Whether a tree is such a file: providers, each with its way to authenticate.
#[must_use]
pub fn is(tree: &Value) -> bool {
    let all = tree.as_object().filter(|all| !all.is_empty());
    all.is_some_and(|all| all.values().any(|one| one.get("auth_mode").is_some()))
}

const KIND: Text = Text::new(
    "conn cannot take over this auth_mode; conn connectors new asks for what a definition needs",
    "この auth_mode は取り込めません。conn connectors new で定義してください",
);
const NO_BASE: Text =
    Text::new("it names no base address (proxy.base_url)", "ベースURL（proxy.base_url）がありません");

/// Reads a file.
///
/// # Errors
/// When it is no YAML, or no such file.
pub fn read(source: &Source<'_>) -> Result<Found, Malformed> {
    const OTHER: Text =
        Text::new("this is no providers.yaml of Nango", "Nango の providers.yaml ではありません");
    let tree = yaml(source.text)?;
    if !is(&tree) {
        return Err(Malformed::at("/", OTHER));
    }
    let mut found = Found::default();
    for (id, entry) in tree.as_object().into_iter().flatten() {
        let place = format!("{}#/{id}", source.name);
        // An alias takes over what it does not say itself.
        let parent = text(entry, "alias").and_then(|alias| tree.get(alias));
        let provider = Provider { entry, parent };
        match provider.service(id, &place) {
            Ok(service) => found.services.push(service),
            Err(reason) => found.left.push(Left { what: id.clone(), place, reason: reason.into() }),
        }
    }
    Ok(found)
}

struct Provider<'t> {
    entry: &'t Value,
    parent: Option<&'t Value>,
}

impl Provider<'_> {
    fn get(&self, key: &str) -> Option<&Value> {
        self.entry.get(key).or_else(|| self.parent?.get(key))
    }

    fn service(&self, id: &str, place: &str) -> Result<Service, Text> {
        let proxy = self.get("proxy");
        let base = proxy.and_then(|proxy| text(proxy, "base_url")).ok_or(NO_BASE)?;
        let mut vars = IndexMap::new();
        let base = address(base, &mut vars).ok_or(NO_BASE)?;
        let mode = self.get("auth_mode").and_then(Value::as_str).unwrap_or_default();
        let proof = match mode {
            "API_KEY" => keys(proxy).ok_or(KIND)?,
            "BASIC" => Proof::Basic(Login::default()),
            "OAUTH2" | "OAUTH2_CC" => self.oauth2(mode == "OAUTH2_CC", &mut vars).ok_or(KIND)?,
            _ => return Err(KIND),
        };
        let test = proxy
            .and_then(|proxy| proxy.get("verification"))
            .filter(|check| text(check, "method").is_none_or(|method| method == "GET"));
        let path =
            |check: &Value| match check.get("endpoints").and_then(|all| all.get(0)).and_then(Value::as_str) {
                Some(path) => Some(path.to_owned()),
                None => text(check, "endpoint").map(str::to_owned),
            };
        let plain = |path: &String| path.starts_with('/') && !path.contains(['$', '{', '?', '#']);
        Ok(Service {
            name: text(self.entry, "display_name").unwrap_or(id).to_owned(),
            id: Some(id.to_owned()),
            place: place.to_owned(),
            base,
            vars,
            docs: text(self.entry, "docs").map(str::to_owned),
            test: test.and_then(path).filter(plain),
            ways: vec![Way { name: mode.to_ascii_lowercase(), proof }],
            ..Service::default()
        })
    }

    fn oauth2(&self, machine: bool, vars: &mut IndexMap<String, Variable>) -> Option<Proof> {
        let token = address(self.get("token_url")?.as_str()?, vars)?;
        let authorize = match self.get("authorization_url").and_then(Value::as_str) {
            Some(url) => Some(address(url, vars)?),
            None => None,
        };
        let scopes = self.get("default_scopes").and_then(Value::as_array);
        let scopes = scopes.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect();
        let client_auth =
            self.get("token_request_auth_method").and_then(Value::as_str).and_then(oauth::client_auth);
        Some(Proof::OAuth2(Box::new(OAuth2 {
            grant: machine.then_some("client_credentials"),
            authorize,
            token: Some(token),
            scopes,
            client_auth,
            ..OAuth2::default()
        })))
    }
}

/// Keys in headers and the query: `authorization: Bearer ${apiKey}`.
fn keys(proxy: Option<&Value>) -> Option<Proof> {
    let mut placed = Vec::new();
    for (key, place) in [("headers", Place::Header), ("query", Place::Query)] {
        let all = proxy.and_then(|proxy| proxy.get(key)).and_then(Value::as_object);
        for (name, value) in all.into_iter().flatten() {
            let Some((before, rest)) = value.as_str().and_then(|value| value.split_once("${")) else {
                continue;
            };
            let (inner, behind) = rest.split_once('}')?;
            if inner.trim() != "apiKey" || !behind.is_empty() {
                return None;
            }
            let name = if name == "authorization" { "Authorization".to_owned() } else { name.clone() };
            placed.push(Placed { place, name, prefix: before.to_owned(), value: None });
        }
    }
    if placed.is_empty() { None } else { Some(Proof::Placed(placed)) }
}

/// An address with `${connectionConfig.name}` as variables of conn; `None` where it holds anything else.
fn address(text: &str, vars: &mut IndexMap<String, Variable>) -> Option<String> {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        let (inner, behind) = after.split_once('}')?;
        let name = definition::place_name(inner.trim().strip_prefix("connectionConfig.")?);
        plain.push_str(before);
        plain.push_str(&format!("{{{name}}}"));
        vars.insert(name, Variable::default());
        rest = behind;
    }
    plain.push_str(rest);
    let plain = plain.trim_end_matches('/');
    plain.starts_with("https://").then(|| plain.to_owned())
}

#[cfg(test)]
mod tests {
    use super::super::{Proof, Source};
    use super::read;

    #[test]
    fn definitions_are_read_and_what_conn_does_not_speak_is_listed() {
        let text = "
acme:
  display_name: Acme
  auth_mode: API_KEY
  proxy:
    base_url: https://${connectionConfig.subdomain}.acme.test/v1
    headers: {authorization: 'Token ${apiKey}'}
    verification: {method: GET, endpoints: [/me]}
acme-eu: {alias: acme, display_name: Acme EU}
other:
  auth_mode: TBA
  proxy: {base_url: 'https://x.test'}
bare: {auth_mode: BASIC}
";
        let found = read(&Source { name: "providers.yaml", text }).unwrap();
        let names: Vec<&str> = found.services.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names, ["Acme", "Acme EU"]);
        let acme = &found.services[0];
        assert_eq!(
            (acme.base.as_str(), acme.test.as_deref()),
            ("https://{subdomain}.acme.test/v1", Some("/me"))
        );
        let Proof::Placed(placed) = &acme.ways[0].proof else { panic!() };
        assert_eq!(placed[0].prefix, "Token ");
        let left: Vec<&str> = found.left.iter().map(|one| one.what.as_str()).collect();
        assert_eq!(left, ["other", "bare"]);
    }
}
