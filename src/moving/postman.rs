//! Postman: collections (v2.0 and v2.1), environments and globals.
//!
//! <https://schema.postman.com/collection/json/v2.1.0/draft-07/docs/index.html>

use serde_json::Value;

use super::calls::{self, Call};
use super::found::{Found, Left, Login, OAuth2, Place, Placed, Proof, Raw};
use super::parse::{json, list, text};
use super::scope::Scope;
use super::{Malformed, Source, oauth};
use crate::base::Text;

/// How deep folders may stand within folders.
const DEEPEST: usize = 32;

/// Whether a tree is Postman's.
#[must_use]
pub fn is(tree: &Value) -> bool {
    is_collection(tree) || is_environment(tree)
}

fn is_collection(tree: &Value) -> bool {
    let info = tree.get("info");
    let schema = info.and_then(|info| text(info, "schema")).unwrap_or_default();
    schema.contains("collection/v2")
        || (tree.get("item").is_some_and(Value::is_array) && (info.is_some() || tree.get("name").is_some()))
}

fn is_environment(tree: &Value) -> bool {
    tree.get("values").is_some_and(Value::is_array)
        && (tree.get("_postman_variable_scope").is_some() || tree.get("name").is_some())
}

/// Learns the variables of an environment; those of a collection are its own.
///
/// # Errors
/// When it is no JSON, or neither collection nor environment.
pub fn variables(source: &Source<'_>, scope: &mut Scope) -> Result<(), Malformed> {
    let tree = json(source.text)?;
    if is_environment(&tree) {
        learn(list(&tree, "values"), scope);
        return Ok(());
    }
    if is_collection(&tree) { Ok(()) } else { Err(strange(&tree)) }
}

fn strange(tree: &Value) -> Malformed {
    const OLD: Text = Text::new(
        "this is a collection of the old format v1; export it again as Collection v2.1",
        "旧形式（v1）のコレクションです。Postman で Collection v2.1 として書き出してください",
    );
    const OTHER: Text = Text::new(
        "this is neither a Postman collection (v2.1) nor an environment",
        "Postman のコレクション（v2.1）でも環境でもありません",
    );
    let old = tree.get("requests").is_some_and(Value::is_array) && tree.get("order").is_some();
    Malformed::at("/info/schema", if old { OLD } else { OTHER })
}

fn learn(variables: &[Value], scope: &mut Scope) {
    for variable in variables {
        let off = variable.get("enabled") == Some(&Value::Bool(false))
            || variable.get("disabled") == Some(&Value::Bool(true));
        let name = text(variable, "key").or_else(|| text(variable, "id"));
        let value = match variable.get("value") {
            Some(Value::String(value)) => value.clone(),
            Some(Value::Number(number)) => number.to_string(),
            _ => continue,
        };
        if let Some(name) = name.filter(|_| !off) {
            scope.learn(name, &value);
        }
    }
}

/// Reads a collection; an environment alone holds nothing to connect to.
///
/// # Errors
/// When it is no JSON, or its folders stand too deep.
pub fn read(source: &Source<'_>, scope: &Scope) -> Result<Found, Malformed> {
    let tree = json(source.text)?;
    if is_environment(&tree) {
        return Ok(Found::default());
    }
    let mut own = Scope::default();
    learn(list(&tree, "variable"), &mut own);
    // An environment wins over the collection, as in Postman.
    let scope = scope.clone().over(&own);
    let name = tree.get("info").and_then(|info| text(info, "name")).or_else(|| text(&tree, "name"));
    let name = name.unwrap_or(source.name);
    let mut reader = Reader { file: source.name, calls: Vec::new(), left: Vec::new() };
    reader.folder(&tree, "", Inherited::None)?;
    let mut found = calls::services(name, reader.calls, &scope);
    found.left.extend(reader.left);
    Ok(found)
}

/// What an item uses where it says nothing itself.
#[derive(Clone, Copy)]
enum Inherited<'t> {
    None,
    Auth(&'t Value),
}

struct Reader<'s> {
    file: &'s str,
    calls: Vec<Call>,
    left: Vec<Left>,
}

impl Reader<'_> {
    fn folder(&mut self, folder: &Value, pointer: &str, above: Inherited<'_>) -> Result<(), Malformed> {
        const DEEP: Text = Text::new("folders stand too deep here", "フォルダーの階層が深すぎます");
        if pointer.len() > DEEPEST * 8 {
            return Err(Malformed::at(pointer, DEEP));
        }
        let auth = match folder.get("auth") {
            Some(auth) if !auth.is_null() => Inherited::Auth(auth),
            _ => above,
        };
        for (index, item) in list(folder, "item").iter().enumerate() {
            let pointer = format!("{pointer}/item/{index}");
            if item.get("item").is_some() {
                self.folder(item, &pointer, auth)?;
            } else if let Some(request) = item.get("request") {
                self.request(request, &pointer, auth);
            }
        }
        Ok(())
    }

    fn request(&mut self, request: &Value, pointer: &str, above: Inherited<'_>) {
        let place = format!("{}#{pointer}", self.file);
        if let Some(address) = request.as_str() {
            let proof = match above {
                Inherited::Auth(auth) => proof(auth).ok().flatten(),
                Inherited::None => None,
            };
            let (method, address) = ("GET".to_owned(), address.to_owned());
            return self.calls.push(Call { place, method, address, proof, ..Call::default() });
        }
        let auth = match request.get("auth") {
            Some(auth) if !auth.is_null() => Some(auth),
            _ => match above {
                Inherited::Auth(auth) => Some(auth),
                Inherited::None => None,
            },
        };
        let proof = match auth.map(proof) {
            Some(Ok(proof)) => proof,
            Some(Err(kind)) => {
                self.leave(&kind, &place);
                return;
            }
            None => None,
        };
        self.calls.push(Call {
            place,
            method: text(request, "method").unwrap_or("GET").to_ascii_uppercase(),
            address: address(request.get("url")),
            headers: pairs(list(request, "header")),
            query: request.get("url").map(|url| pairs(list(url, "query"))).unwrap_or_default(),
            proof,
        });
    }

    fn leave(&mut self, kind: &str, place: &str) {
        const KIND: Text = Text::new(
            "conn cannot take over this kind of authentication from Postman; write its definition into \
             connectors.toml (conn generate schema describes every key)",
            "この種類の認証は Postman から取り込めません。connectors.toml に定義を書いてください\
             （書ける項目は conn generate schema で確認できます）",
        );
        let what = format!("auth {kind}");
        if !self.left.iter().any(|left| left.what == what) {
            self.left.push(Left { what, place: place.to_owned(), reason: KIND.into() });
        }
    }
}

/// An address: a text, or a table of its parts.
fn address(url: Option<&Value>) -> String {
    let Some(url) = url else { return String::new() };
    if let Some(raw) = url.as_str().or_else(|| text(url, "raw")) {
        let bare = !raw.contains("://") && !raw.starts_with("{{") && !raw.is_empty();
        return if bare { format!("http://{raw}") } else { raw.to_owned() };
    }
    let join = |key: &str, with: &str| {
        let parts = list(url, key).iter().filter_map(Value::as_str);
        parts.collect::<Vec<_>>().join(with)
    };
    let port = text(url, "port").map(|port| format!(":{port}")).unwrap_or_default();
    let scheme = text(url, "protocol").unwrap_or("http");
    format!("{scheme}://{}{port}/{}", join("host", "."), join("path", "/"))
}

fn pairs(list: &[Value]) -> Vec<(String, String)> {
    let on = list.iter().filter(|one| one.get("disabled") != Some(&Value::Bool(true)));
    on.filter_map(|one| Some((text(one, "key")?.to_owned(), text(one, "value")?.to_owned()))).collect()
}

/// The proof behind an `auth`; its kind where conn cannot take it over, `None` where there is none.
fn proof(auth: &Value) -> Result<Option<Proof>, String> {
    let kind = text(auth, "type").unwrap_or_default();
    // v2.1 writes a list of keys and values, v2.0 a table.
    let get = |key: &str| {
        let table = auth.get(kind)?;
        match table {
            Value::Array(all) => {
                all.iter().find(|one| text(one, "key") == Some(key)).and_then(|one| text(one, "value"))
            }
            table => text(table, key),
        }
    };
    let raw = |key: &str| get(key).filter(|value| !value.is_empty()).map(Raw::new);
    let login = || Login { user: raw("username"), password: raw("password") };
    match kind {
        "noauth" | "" => Ok(None),
        "bearer" => Ok(Some(Proof::bearer(raw("token")))),
        "basic" => Ok(Some(Proof::Basic(login()))),
        "digest" => Ok(Some(Proof::Digest(login()))),
        "apikey" => Ok(Some(Proof::Placed(vec![Placed {
            place: if get("in") == Some("query") { Place::Query } else { Place::Header },
            name: get("key").unwrap_or("X-Api-Key").to_owned(),
            prefix: String::new(),
            value: raw("value"),
        }]))),
        "oauth2" => oauth2(get).map(Some).ok_or_else(|| kind.to_owned()),
        other => Err(crate::base::safe_text::line(other, 40)),
    }
}

/// OAuth 2 with the client of the collection. Tokens that Postman obtained stay there: two programs that renew one
/// authorisation end each other's.
fn oauth2<'t>(get: impl Fn(&str) -> Option<&'t str>) -> Option<Proof> {
    let raw = |key: &str| get(key).filter(|value| !value.is_empty()).map(Raw::new);
    let address = |key: &str| get(key).filter(|value| !value.is_empty()).map(str::to_owned);
    let oauth2 = OAuth2 {
        grant: oauth::grant(get("grant_type").unwrap_or_default())?,
        authorize: address("authUrl"),
        token: address("accessTokenUrl"),
        refresh: address("refreshTokenUrl"),
        scopes: get("scope").map(oauth::scopes).unwrap_or_default(),
        client_auth: get("client_authentication").and_then(oauth::client_auth),
        client_id: raw("clientId"),
        client_secret: raw("clientSecret"),
        ..OAuth2::default()
    };
    if oauth2.is_usable() {
        Some(Proof::OAuth2(Box::new(oauth2)))
    } else {
        raw("accessToken").map(|token| Proof::bearer(Some(token)))
    }
}
