//! Insomnia: exports of version 4 (JSON) and collections of version 5 (YAML).
//!
//! <https://developer.konghq.com/insomnia/import-export/>

use serde_json::Value;

use super::calls::{self, Call};
use super::found::{Found, Left, Login, OAuth2, Place, Placed, Proof, Raw};
use super::parse::{list, text, tree};
use super::scope::Scope;
use super::{Malformed, Source, oauth};
use crate::base::{Text, safe_text};

/// Whether a tree is Insomnia's.
#[must_use]
pub fn is(tree: &Value) -> bool {
    is_old(tree) || is_new(tree)
}

fn is_old(tree: &Value) -> bool {
    text(tree, "_type") == Some("export") && tree.get("resources").is_some()
}

fn is_new(tree: &Value) -> bool {
    text(tree, "type").is_some_and(|kind| kind.starts_with("collection.insomnia.rest/5"))
}

/// Reads an export.
///
/// # Errors
/// When it is neither JSON nor YAML, or of another version.
pub fn read(source: &Source<'_>, scope: &Scope) -> Result<Found, Malformed> {
    const OTHER: Text = Text::new(
        "this is no Insomnia export of version 4 (JSON) or 5 (YAML); export it again",
        "Insomnia のバージョン 4（JSON）または 5（YAML）のエクスポートではありません。書き出し直してください",
    );
    let tree = tree(source.text)?;
    let mut own = Scope::default();
    let mut reader = Reader { file: source.name, calls: Vec::new(), left: Vec::new() };
    let name = if is_old(&tree) {
        reader.old(&tree, &mut own)
    } else if is_new(&tree) {
        learn(tree.get("environments").and_then(|all| all.get("data")), "", &mut own);
        for (index, sub) in
            tree.get("environments").map_or(&[][..], |all| list(all, "subEnvironments")).iter().enumerate()
        {
            // The base comes first; the first of those above it fills the gaps.
            if index == 0 {
                learn(sub.get("data"), "", &mut own);
            }
        }
        reader.folder(list(&tree, "collection"), "/collection", None);
        text(&tree, "name").unwrap_or(source.name)
    } else {
        return Err(Malformed::at("/type", OTHER));
    };
    let name = safe_text::line(name, 80);
    let mut found = calls::services(&name, reader.calls, &scope.clone().over(&own));
    found.left.extend(reader.left);
    Ok(found)
}

/// Learns the values of an environment; tables within it are `outer.inner`.
fn learn(values: Option<&Value>, above: &str, scope: &mut Scope) {
    for (name, value) in values.and_then(Value::as_object).into_iter().flatten() {
        let name = if above.is_empty() { name.clone() } else { format!("{above}.{name}") };
        match value {
            Value::String(text) => scope.learn(&name, text),
            Value::Number(number) => scope.learn(&name, &number.to_string()),
            Value::Object(_) if above.matches('.').count() < 4 => learn(Some(value), &name, scope),
            _ => {}
        }
    }
}

struct Reader<'s> {
    file: &'s str,
    calls: Vec<Call>,
    left: Vec<Left>,
}

impl Reader<'_> {
    /// Version 4: one flat list, each resource with the id of what it stands in.
    fn old<'t>(&mut self, tree: &'t Value, scope: &mut Scope) -> &'t str {
        let resources = list(tree, "resources");
        let of = |kind: &'static str| {
            resources.iter().enumerate().filter(move |(_, one)| text(one, "_type") == Some(kind))
        };
        for (_, environment) in of("environment") {
            learn(environment.get("data"), "", scope);
        }
        for (index, request) in of("request") {
            let above = folder_auth(resources, request);
            self.call(request, &format!("/resources/{index}"), above);
        }
        of("workspace").next().and_then(|(_, workspace)| text(workspace, "name")).unwrap_or("Insomnia")
    }

    fn folder(&mut self, items: &[Value], pointer: &str, above: Option<&Value>) {
        for (index, item) in items.iter().enumerate() {
            let pointer = format!("{pointer}/{index}");
            if item.get("children").is_some() {
                let auth = said(item).or(above);
                if pointer.matches("/children").count() < 32 {
                    self.folder(list(item, "children"), &format!("{pointer}/children"), auth);
                }
            } else if item.get("url").is_some() {
                self.call(item, &pointer, above);
            }
        }
    }

    fn call(&mut self, request: &Value, pointer: &str, above: Option<&Value>) {
        const KIND: Text = Text::new(
            "conn cannot take over this kind of authentication from Insomnia; write its definition into \
             connectors.toml (conn generate schema describes every key)",
            "この種類の認証は Insomnia から取り込めません。connectors.toml に定義を書いてください\
             （書ける項目は conn generate schema で確認できます）",
        );
        let place = format!("{}#{pointer}", self.file);
        let proof = match said(request).or(above).map(proof) {
            Some(Ok(proof)) => proof,
            Some(Err(kind)) => {
                let what = format!("auth {kind}");
                if !self.left.iter().any(|left| left.what == what) {
                    self.left.push(Left { what, place, reason: KIND.into() });
                }
                return;
            }
            None => None,
        };
        self.calls.push(Call {
            place,
            method: text(request, "method").unwrap_or("GET").to_ascii_uppercase(),
            address: text(request, "url").unwrap_or_default().to_owned(),
            headers: pairs(list(request, "headers")),
            query: pairs(list(request, "parameters")),
            proof,
        });
    }
}

/// What an item itself says of authentication.
fn said(item: &Value) -> Option<&Value> {
    let auth = item.get("authentication")?;
    auth.as_object().is_some_and(|table| table.contains_key("type")).then_some(auth)
}

/// What the folders around a request of version 4 say of authentication.
fn folder_auth<'t>(resources: &'t [Value], request: &Value) -> Option<&'t Value> {
    let mut parent = text(request, "parentId").map(str::to_owned);
    for _ in 0..32 {
        let id = parent?;
        let folder = resources.iter().find(|one| text(one, "_id") == Some(&id))?;
        if let Some(auth) = said(folder) {
            return Some(auth);
        }
        parent = text(folder, "parentId").map(str::to_owned);
    }
    None
}

fn pairs(list: &[Value]) -> Vec<(String, String)> {
    let on = list.iter().filter(|one| one.get("disabled") != Some(&Value::Bool(true)));
    on.filter_map(|one| Some((text(one, "name")?.to_owned(), text(one, "value")?.to_owned()))).collect()
}

/// The proof behind an `authentication`; its kind where conn cannot take it over, `None` where there is none.
fn proof(auth: &Value) -> Result<Option<Proof>, String> {
    let raw = |key: &str| text(auth, key).filter(|value| !value.is_empty()).map(Raw::new);
    let login = || Login { user: raw("username"), password: raw("password") };
    if auth.get("disabled") == Some(&Value::Bool(true)) {
        return Ok(None);
    }
    match text(auth, "type").unwrap_or_default() {
        "none" | "" => Ok(None),
        "bearer" => {
            let prefix = text(auth, "prefix").filter(|prefix| !prefix.is_empty()).unwrap_or("Bearer");
            let prefix = if prefix == "NO_PREFIX" { String::new() } else { format!("{prefix} ") };
            let (place, name) = (Place::Header, "Authorization".to_owned());
            Ok(Some(Proof::Placed(vec![Placed { place, name, prefix, value: raw("token") }])))
        }
        "basic" => Ok(Some(Proof::Basic(login()))),
        "digest" => Ok(Some(Proof::Digest(login()))),
        "apikey" => Ok(Some(Proof::Placed(vec![Placed {
            place: match text(auth, "addTo") {
                Some("queryParams") => Place::Query,
                Some("cookie") => Place::Cookie,
                _ => Place::Header,
            },
            name: text(auth, "key").unwrap_or("X-Api-Key").to_owned(),
            prefix: String::new(),
            value: raw("value"),
        }]))),
        "oauth2" => oauth2(auth).map(Some).ok_or_else(|| "oauth2".to_owned()),
        other => Err(safe_text::line(other, 40)),
    }
}

/// OAuth 2 with the client of the request; tokens stay with the program that obtained them.
fn oauth2(auth: &Value) -> Option<Proof> {
    let raw = |key: &str| text(auth, key).filter(|value| !value.is_empty()).map(Raw::new);
    let address = |key: &str| text(auth, key).filter(|value| !value.is_empty()).map(str::to_owned);
    let oauth2 = OAuth2 {
        grant: oauth::grant(text(auth, "grantType").unwrap_or_default())?,
        authorize: address("authorizationUrl"),
        token: address("accessTokenUrl"),
        scopes: text(auth, "scope").map(oauth::scopes).unwrap_or_default(),
        client_auth: auth
            .get("credentialsInBody")
            .map(|body| if *body == Value::Bool(true) { "post" } else { "basic" }),
        client_id: raw("clientId"),
        client_secret: raw("clientSecret"),
        ..OAuth2::default()
    };
    oauth2.is_usable().then(|| Proof::OAuth2(Box::new(oauth2)))
}

#[cfg(test)]
mod tests {
    use super::super::{Scope, Source};
    use super::read;

    const OLD: &str = r#"{"_type":"export","__export_format":4,"resources":[
        {"_id":"wrk_1","_type":"workspace","name":"Shop"},
        {"_id":"env_1","_type":"environment","parentId":"wrk_1","data":{"base":"https://api.shop.test/v1","keys":{"main":"abc-def"}}},
        {"_id":"fld_1","_type":"request_group","parentId":"wrk_1","authentication":{"type":"apikey","key":"X-Key","value":"{{ _.keys.main }}","addTo":"header"}},
        {"_id":"req_1","_type":"request","parentId":"fld_1","method":"GET","url":"{{ _.base }}/me","authentication":{}},
        {"_id":"req_2","_type":"request","parentId":"wrk_1","method":"GET","url":"{{ _.base }}/x","authentication":{"type":"hawk"}}]}"#;

    const NEW: &str = "
type: collection.insomnia.rest/5.0
name: Shop
collection:
  - name: Folder
    authentication: {type: bearer, token: '{{ _.token }}', prefix: Token}
    children:
      - {name: Me, url: '{{ _.base }}/me', method: GET}
environments:
  data: {base: 'https://api.shop.test/v1'}
  subEnvironments:
    - {name: Prod, data: {token: abc-def}}
";

    #[test]
    fn both_versions_tell_the_service_and_its_key() {
        for (text, name, prefix, left) in [(OLD, "X-Key", "", 1), (NEW, "Authorization", "Token ", 0)] {
            let found = read(&Source { name: "shop", text }, &Scope::default()).unwrap();
            let service = &found.services[0];
            assert_eq!((service.name.as_str(), service.base.as_str()), ("Shop", "https://api.shop.test/v1"));
            assert_eq!(service.test.as_deref(), Some("/me"));
            let super::Proof::Placed(placed) = &service.ways[0].proof else { panic!("{found:?}") };
            let value = placed[0].value.as_ref().unwrap().expose();
            assert_eq!(
                (placed[0].name.as_str(), placed[0].prefix.as_str(), value),
                (name, prefix, "abc-def")
            );
            assert_eq!(found.left.len(), left, "{:?}", found.left);
        }
        let wrong =
            read(&Source { name: "x", text: "{\"_type\":\"other\"}" }, &Scope::default()).unwrap_err();
        assert_eq!(wrong.pointer.as_deref(), Some("/type"));
    }
}
