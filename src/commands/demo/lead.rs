//! The definition through which a connection leads to a played service and nowhere else: whatever the real one names
//! as an address (base, hosts, sign-in, environments, single requests) leads to the sandbox.

use serde_json::{Value as Json, json};
use toml::{Table, Value};

use super::plays::put;
use crate::base::Template;
use crate::model::oauth::{ExpiresKind, ExpiresUnit, TokenResponse};
use crate::model::obtain::AUTHORIZATION_CODE;
use crate::model::{AuthKind, AuthMethod, Connector, RequestLine};
use crate::sandbox::SignIn;

/// Stands for the address of the sandbox until that is known.
pub(super) const URL: &str = "<sandbox>";

/// The same connector with every request below its base, as the block of [`text`] has it.
pub(super) fn below(connector: &Connector) -> Connector {
    let mut connector = connector.clone();
    let asked = connector.vars.values_mut().filter_map(|variable| variable.request.as_mut());
    let rows = connector.permissions.iter_mut().map(|row| &mut row.request);
    let test = connector.test.iter_mut().map(|test| &mut test.request);
    for line in asked.chain(rows).chain(test) {
        if let Some(moved) = moved(line) {
            *line = moved;
        }
    }
    connector
}

/// A request of a whole address, below the base; none where it is there already.
fn moved(line: &RequestLine) -> Option<RequestLine> {
    let RequestLine::Call { method, target } = line else { return None };
    let source = target.source();
    if source.starts_with('/') {
        return None;
    }
    let rest = source.split_once("://").or_else(|| source.split_once('}')).map_or("", |(_, rest)| rest);
    let path = rest.find('/').map_or("/", |at| &rest[at..]);
    Some(RequestLine::Call { method: method.clone(), target: path.parse::<Template>().ok()? })
}

/// The lines of `connectors.toml` that lead to the played service, with [`URL`] for the sandbox.
pub(super) fn text(id: &str, connector: &Connector) -> String {
    let mut own = Table::new();
    let at = format!("{URL}/services/{id}");
    set(&mut own, &["extends"], id);
    set(&mut own, &["name"], format!("{id} (played)"));
    set(&mut own, &["base"], at.clone());
    if !connector.hosts.is_empty() {
        set(&mut own, &["hosts"], Vec::<String>::new());
    }
    for (name, method) in &connector.auth {
        sign_in(&mut own, name, method, &at);
    }
    environments(&mut own, connector, &at);
    requests(&mut own, connector);
    let connectors = Table::from_iter([(format!("{id}-played"), Value::Table(own))]);
    let whole = Table::from_iter([("connectors".to_owned(), Value::Table(connectors))]);
    toml::to_string(&whole).expect("tables of texts can be written")
}

fn set(table: &mut Table, place: &[&str], value: impl Into<Value>) {
    let Some((last, before)) = place.split_last() else { return };
    let inner = before.iter().fold(table, |table, key| {
        let inner = table.entry(*key).or_insert_with(|| Value::Table(Table::new()));
        inner.as_table_mut().expect("nothing but tables stands in the way")
    });
    inner.insert((*last).to_owned(), value.into());
}

fn sign_in(own: &mut Table, name: &str, method: &AuthMethod, at: &str) {
    if method.base.is_some() {
        set(own, &["auth", name, "base"], at);
    }
    let mut fields: Vec<&str> = method.addresses().into_iter().map(|(field, _)| field).collect();
    if method.kind == AuthKind::OAuth2 {
        // What is published elsewhere, or stands in a key, would lead there.
        fields.push("token");
        fields.extend((method.grant() == AUTHORIZATION_CODE).then_some("authorize"));
    }
    for field in fields {
        set(own, &["auth", name, field], format!("{at}/sign-in/{name}/{field}"));
    }
    if let Some(RequestLine::Call { method, .. }) = method.login.as_ref().map(|login| &login.request) {
        set(own, &["auth", name, "login", "request"], format!("{method} /sign-in/{name}/token"));
    }
}

fn environments(own: &mut Table, connector: &Connector, at: &str) {
    let mut methods = connector.auth.iter().filter(|(_, method)| method.kind == AuthKind::OAuth2);
    let method = methods.next().map_or("none", |(name, _)| name.as_str());
    for (name, other) in &connector.environments {
        set(own, &["environments", name, "base"], at);
        if !other.hosts.is_empty() {
            set(own, &["environments", name, "hosts"], Vec::<String>::new());
        }
        let fields = [
            ("authorize", &other.authorize),
            ("token", &other.token),
            ("refresh", &other.refresh),
            ("revoke", &other.revoke),
            ("issuer", &other.issuer),
        ];
        for (field, _) in fields.into_iter().filter(|(_, address)| address.is_some()) {
            set(own, &["environments", name, field], format!("{at}/sign-in/{method}/{field}"));
        }
    }
}

fn requests(own: &mut Table, connector: &Connector) {
    if let Some(line) = connector.test.as_ref().and_then(|test| moved(&test.request)) {
        set(own, &["test", "request"], String::from(line));
    }
    for (name, variable) in &connector.vars {
        if let Some(line) = variable.request.as_ref().and_then(moved) {
            set(own, &["vars", name, "request"], String::from(line));
        }
    }
    // A row stands for the inherited one of the same id as a whole.
    let rows = connector.permissions.iter().filter_map(|row| {
        let row = crate::model::Permission { request: moved(&row.request)?, ..row.clone() };
        Table::try_from(row).ok().map(Value::Table)
    });
    let rows: Vec<Value> = rows.collect();
    if !rows.is_empty() {
        set(own, &["permissions"], rows);
    }
}

/// Whether a way to authenticate works at the sandbox: its address alone is not enough where somebody must sign in.
pub(super) fn is_played(connector: &Connector, method: &AuthMethod) -> bool {
    match method.kind {
        AuthKind::OAuth1 => method.request.is_none() && method.access.is_none(),
        AuthKind::OAuth2 | AuthKind::Session => token(connector, method).is_some(),
        _ => true,
    }
}

/// How tokens come about at the sandbox, for each method that needs any.
pub(super) fn sign_ins(connector: &Connector) -> Vec<SignIn> {
    let obtains = |method: &AuthMethod| matches!(method.kind, AuthKind::OAuth2 | AuthKind::Session);
    let one = |(name, method): (&String, &AuthMethod)| {
        let called = |word: &str| method.rename.get(word).cloned();
        let there =
            |word: &str| called(&format!("callback.{word}")).or_else(|| called(word)).unwrap_or(word.into());
        let here = |word: &str| called(word).unwrap_or(word.into());
        Some(SignIn {
            method: name.clone(),
            token: token(connector, method)?,
            names: [here("redirect_uri"), here("state"), there("code"), there("state")],
            told: filled(connector, "callback:"),
        })
    };
    connector.auth.iter().filter(|(_, method)| obtains(method)).filter_map(one).collect()
}

/// The answer of a token endpoint; none where the token would stand in no JSON.
fn token(connector: &Connector, method: &AuthMethod) -> Option<String> {
    let declared = method.response.clone().unwrap_or_default();
    let mut body = json!({ "token_type": "Bearer" });
    put_text(&mut body, declared.token.as_deref().unwrap_or("/access_token"), "played-access-token")?;
    if method.obtaining() == crate::model::Obtaining::ByConsent {
        put_text(&mut body, declared.refresh.as_deref().unwrap_or("/refresh_token"), "played-refresh-token")?;
    }
    if let Some(place) = lifetime(&declared) {
        put(&mut body, place, json!(3600));
    }
    for (place, value) in filled(connector, "token:") {
        put_text(&mut body, &place, &value)?;
    }
    for (name, place) in &declared.keep {
        let value = connector.vars.get(name).and_then(value).unwrap_or_else(|| "sandbox".to_owned());
        put_text(&mut body, place, &value)?;
    }
    Some(body.to_string())
}

fn put_text(body: &mut Json, place: &str, text: &str) -> Option<()> {
    put(body, place.starts_with('/').then_some(place)?, json!(text));
    Some(())
}

/// Where a lifetime in seconds belongs; none where the service writes it otherwise.
fn lifetime(declared: &TokenResponse) -> Option<&str> {
    let seconds = matches!(declared.expires_unit, None | Some(ExpiresUnit::Seconds));
    let span = matches!(declared.expires_kind, None | Some(ExpiresKind::In));
    (seconds && span)
        .then(|| declared.expires.as_deref().unwrap_or("/expires_in"))
        .filter(|place| place.starts_with('/'))
}

/// The variables that a part of the conversation fills: the place there, and a value that they take.
fn filled(connector: &Connector, from: &str) -> Vec<(String, String)> {
    let one = |variable: &crate::model::connector::Variable| {
        let place = variable.from.as_deref()?.strip_prefix(from)?.to_owned();
        Some((place, value(variable)?))
    };
    connector.vars.values().filter_map(one).collect()
}

fn value(variable: &crate::model::connector::Variable) -> Option<String> {
    let given = variable.choices.first().cloned().into_iter().chain(variable.example.clone());
    given.chain(["sandbox".to_owned(), "1".to_owned()]).find(|value| variable.takes(value))
}

#[cfg(test)]
mod tests {
    use super::super::plays::play;
    use super::URL;
    use crate::base::{Template, is_loopback};
    use crate::catalog;
    use crate::config::{BuiltIn, Definitions, Layer, LayerKind};
    use crate::model::{Connector, RequestLine};

    const BUILT_IN: BuiltIn = BuiltIn { find: catalog::text, ids: catalog::ids };

    /// Every address of a definition to which anything is sent.
    fn addresses(connector: &Connector) -> Vec<&Template> {
        let methods = connector.auth.values();
        let of_methods =
            methods.clone().flat_map(|method| method.addresses().into_iter().map(|(_, one)| one));
        let environments = connector.environments.values();
        let of_environments = environments.flat_map(|other| {
            let own =
                [&other.base, &other.authorize, &other.token, &other.refresh, &other.revoke, &other.issuer];
            own.into_iter().flatten().chain(&other.hosts)
        });
        let logins = methods.clone().filter_map(|method| method.login.as_ref());
        let lines = connector.vars.values().filter_map(|variable| variable.request.as_ref());
        let lines = lines.chain(connector.test.iter().chain(logins).map(|test| &test.request));
        let lines = lines.chain(connector.permissions.iter().map(|row| &row.request));
        let elsewhere = lines.filter_map(|line| match line {
            RequestLine::Call { target, .. } if !target.source().starts_with('/') => Some(target),
            _ => None,
        });
        let bases = connector.base.iter().chain(methods.filter_map(|method| method.base.as_ref()));
        bases.chain(&connector.hosts).chain(of_methods).chain(of_environments).chain(elsewhere).collect()
    }

    #[test]
    fn nothing_of_a_played_service_leads_beyond_this_machine() {
        let built_in = Definitions::new(Vec::new()).with_built_in(BUILT_IN);
        let (mut played, mut with_tokens) = (0, 0);
        for id in catalog::ids() {
            let real = built_in.connector(id).unwrap().unwrap().value;
            let Some(play) = play(id, &real) else { continue };
            played += 1;
            let text = play.text.replace(URL, "http://127.0.0.1:8765");
            let layer = Layer { kind: LayerKind::User, path: "connectors.toml".into(), text };
            let definitions = Definitions::new(vec![layer]).with_built_in(BUILT_IN);
            assert_eq!(definitions.mistakes(), [], "{id}");
            let connector = definitions.connector(&format!("{id}-played")).unwrap().unwrap().value;
            for address in addresses(&connector) {
                let url = url::Url::parse(address.source()).unwrap_or_else(|_| panic!("{id}: {address}"));
                assert!(url.host_str().is_some_and(is_loopback), "{id}: {address}");
            }
            let works = connector.auth.keys().any(|name| !play.left_out.contains(name));
            assert!(works, "{id}");
            with_tokens += usize::from(!play.played.sign_ins.is_empty());
        }
        assert!(played > 100 && with_tokens > 20, "{played} {with_tokens}");
    }
}
