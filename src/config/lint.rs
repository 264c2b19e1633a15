//! Advice: what works, but will trouble somebody later. Each kind has a stable id.

use std::path::PathBuf;

use super::check::tables;
use super::layer::{Definitions, Layer, Located};
use super::mistake::Page;
use super::shape::{Leaf, Walk};
use super::sheet::Family;
use super::{schema, shown, syntax, uses};
use crate::base::{Phrase, Text};
use crate::model::auth::AuthMethod;
use crate::model::connection::ConnectionKind;
use crate::model::rule::Strength;
use crate::model::{AuthKind, Connection, Connector, RequestLine};

/// One piece of advice, with the place an editor can jump to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advice {
    /// Its kind, for example `secret-in-query`.
    pub id: &'static str,
    /// The file.
    pub path: PathBuf,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// What troubles, and what to do instead. Holds names only, never a value.
    pub message: Phrase,
}

/// What troubles one connector: the kind, the keys below the connector, the name to show.
struct Trouble {
    id: &'static str,
    text: Text,
    keys: Vec<String>,
    name: String,
}

/// The advice on every connector of every layer, in the order of the files. A layer with a syntax mistake has
/// none: its mistakes come first.
pub(super) fn advice(definitions: &Definitions) -> Vec<Advice> {
    let mut all: Vec<Advice> =
        definitions.layers().flat_map(|layer| layer_advice(definitions, layer)).collect();
    all.sort_by(|a, b| (&a.path, a.line, a.column, a.id).cmp(&(&b.path, b.line, b.column, b.id)));
    all
}

fn layer_advice(definitions: &Definitions, layer: &Layer) -> Vec<Advice> {
    let Ok(root) = syntax::parse(&layer.path, &layer.text) else { return Vec::new() };
    let page = Page { path: &layer.path, text: &layer.text };
    let leaves = Walk::over(page, schema::cached(), &root).leaves;
    let mut all = Vec::new();
    for (id, _) in tables(&root, Family::Connectors) {
        let Ok(Some(found)) = definitions.connector(id) else { continue };
        if found.path != layer.path {
            continue;
        }
        for trouble in troubles(&found.value) {
            let place = offset(&leaves, Family::Connectors, id, &trouble.keys);
            let place = place.map(|offset| super::place::of(&layer.text, offset));
            // What stands elsewhere was inherited and is the business of its own file.
            if place.is_none() && found.value.extends.is_some() {
                continue;
            }
            let (line, column) = place.map_or((found.line, 1), |place| (place.line, place.column));
            let values = [("connector", shown::name(id)), ("name", shown::name(&trouble.name))];
            let values = [(values[0].0, values[0].1.as_str()), (values[1].0, values[1].1.as_str())];
            let message = trouble.text.fill(&values);
            all.push(Advice { id: trouble.id, path: layer.path.clone(), line, column, message });
        }
    }
    for (link_name, _) in tables(&root, Family::Connections) {
        all.extend(of_connection(definitions, layer, &leaves, link_name));
    }
    all
}

/// The advice on one connection.
fn of_connection(
    definitions: &Definitions,
    layer: &Layer,
    leaves: &[Leaf<'_>],
    link_name: &str,
) -> Vec<Advice> {
    let Ok(Some(found)) = definitions.connection(link_name) else { return Vec::new() };
    let connector = definitions.connector(&found.value.connector).ok().flatten();
    let Some(connector) = connector.filter(|_| found.path == layer.path) else { return Vec::new() };
    let Some((_, method)) = connector.value.method(found.value.method.as_deref()) else { return Vec::new() };
    let doubted = uses::doubted(&found.value, &connector.value, method).map(|(key, label)| {
        let keys = ["vars".to_owned(), key.clone()];
        let offset = offset(leaves, Family::Connections, link_name, &keys);
        let place = offset.map(|offset| super::place::of(&layer.text, offset));
        let (line, column) = place.map_or((found.line, 1), |place| (place.line, place.column));
        let values = [
            ("link", shown::name(link_name).into()),
            ("name", shown::name(key).into()),
            ("label", label.clone()),
        ];
        let message = DOUBTED.fill_phrases(&values);
        Advice { id: "value-form", path: layer.path.clone(), line, column, message }
    });
    doubted.chain(waiting(&found, &connector.value, method)).collect()
}

const DOUBTED: Text = Text::new(
    "{name} of {link} does not have the form of \"{label}\" at its service; compare it with the service's own screen",
    "{link} の {name} が、サービスの「{label}」の形式と異なります。サービスの画面の値と比べてください",
);

/// What a system connection still waits for: an admin gives it when they authorise it.
fn waiting(found: &Located<Connection>, connector: &Connector, method: &AuthMethod) -> Vec<Advice> {
    if found.value.kind != ConnectionKind::System {
        return Vec::new();
    }
    let link_name = &*found.name;
    let open = uses::open(&found.value, connector, method).into_iter();
    open.map(|(key, label)| {
        let lacks = uses::lacks(link_name, &key, &label);
        let values = [("link", shown::name(link_name)), ("key", key)];
        let until = UNTIL.fill(&values.each_ref().map(|(name, value)| (*name, value.as_str())));
        let message = Phrase { en: lacks.en + &until.en, ja: lacks.ja + &until.ja };
        Advice { id: "awaits-admin", path: found.path.clone(), line: found.line, column: 1, message }
    })
    .collect()
}

const UNTIL: Text = Text::new(
    "; an admin gives it when they authorise it: conn reconnect {link} --set {key}=…",
    "。管理者が認証するときに conn reconnect {link} --set {key}=… で指定してください",
);

/// Where the first text below these keys stands.
fn offset(leaves: &[Leaf<'_>], family: Family, name: &str, keys: &[String]) -> Option<usize> {
    let own = leaves.iter().filter(|leaf| {
        let mut path = leaf.keys.iter().map(String::as_str);
        path.next() == Some(family.key()) && path.next() == Some(name)
    });
    let below = own.filter(|leaf| !keys.is_empty() && leaf.keys[2..].starts_with(keys));
    below.map(|leaf| leaf.offset).min()
}

fn troubles(connector: &Connector) -> Vec<Trouble> {
    let mut all = Vec::new();
    let mut say = |id, text, keys: &[&str], name: &str| {
        let keys = keys.iter().map(|key| (*key).to_owned()).collect();
        all.push(Trouble { id, text, keys, name: name.to_owned() });
    };
    if connector.test.is_none() {
        say("no-test-request", NO_TEST, &[], "");
    }
    if connector.base.as_ref().is_some_and(|base| base.source().starts_with("http://")) {
        say("http-base", HTTP, &["base"], "");
    }
    for (name, method) in &connector.auth {
        for (key, _) in method.query.iter().filter(|(_, template)| holds_secret(method, template)) {
            say("secret-in-query", IN_QUERY, &["auth", name, "query", key], key);
        }
        for (key, _) in method.params.iter().filter(|(_, parameter)| is_english_only(&parameter.label)) {
            say("label-language", ONE_LANGUAGE, &["auth", name, "params", key], key);
        }
        if asks_for_no_refresh_token(method) {
            say("oauth2-offline", NO_OFFLINE, &["auth", name], name);
        }
    }
    if connector.paging.as_ref().is_some_and(|paging| !paging.is_whole()) {
        say("paging-way", PAGING, &["paging"], "");
    }
    if connector.test.as_ref().is_some_and(|test| changes_something(&test.request)) {
        say("test-writes", WRITES, &["test"], "test");
    }
    for (index, row) in connector.permissions.iter().enumerate() {
        if changes_something(&row.request) {
            say("test-writes", WRITES, &["permissions", &index.to_string(), "request"], &row.id);
        }
        if is_english_only(&row.label) {
            say("label-language", ONE_LANGUAGE, &["permissions", &index.to_string(), "label"], &row.id);
        }
    }
    for (index, rule) in connector.rules.iter().enumerate() {
        let index = index.to_string();
        let slug = rule.id.rsplit('/').next().unwrap_or_default();
        if rule.verified.is_none() {
            say("rule-unverified", UNVERIFIED, &["rules", &index], slug);
        }
        if rule.fragile && rule.strength == Strength::Proves {
            say("fragile-proof", FRAGILE, &["rules", &index], slug);
        }
    }
    all
}

fn holds_secret(method: &AuthMethod, template: &crate::base::Template) -> bool {
    template.names().any(|name| method.params.get(name).is_some_and(|parameter| parameter.secret))
}

/// Whether a label is the same in both languages and holds no Japanese. Capital letters alone (ID, URL) are no language.
fn is_english_only(label: &Phrase) -> bool {
    label.en == label.ja && label.ja.is_ascii() && label.ja.chars().any(|letter| letter.is_ascii_lowercase())
}

/// Whether a call is one that changes or removes something. POST reads at many services.
fn changes_something(request: &RequestLine) -> bool {
    let RequestLine::Call { method, .. } = request else { return false };
    matches!(method.as_str(), "DELETE" | "PATCH" | "PUT")
}

/// Whether a consent would end with the first access token: nothing asks for a token to renew it with.
fn asks_for_no_refresh_token(method: &AuthMethod) -> bool {
    let consents = method.grant.as_deref().is_none_or(|grant| grant == "authorization_code");
    let scope =
        method.scopes.iter().any(|scope| scope.name.contains("offline") || scope.name.contains("refresh"));
    let extra = method.extra.as_ref().is_some_and(|extra| {
        let keys = ["access_type", "token_access_type", "duration"];
        keys.iter().any(|key| extra.authorize.contains_key(*key))
    });
    let told = method.refresh.is_some()
        || method.refresh_lifetime.is_some()
        || method.refresh_idle.is_some()
        || method.refresh_single_use.is_some();
    method.kind == AuthKind::OAuth2 && consents && !(scope || extra || told)
}

const NO_TEST: Text = Text::new(
    "{connector} has no test request, so conn can never prove that a connection works; add test.request",
    "{connector} にテストリクエストがないため、接続の成否を確認できません。test.request を追加してください",
);
const WRITES: Text = Text::new(
    "{connector} checks {name} with a call that changes something at the service, and every test sends it; name one that \
     only reads",
    "{connector} の {name} の確認に、サービスのデータを変更するリクエストが使われています。テストのたびに送信されるため、\
     読み取りだけのリクエストを指定してください",
);
const PAGING: Text = Text::new(
    "the paging of {connector} cannot be followed: it names one of next, last (with cursor), page or offset, and JSON \
     pointers begin with /",
    "{connector} の paging に従えません。next、last（cursor も必要）、page、offset のいずれか 1 つを指定し、JSON \
     ポインターは / で始めてください",
);
const HTTP: Text = Text::new(
    "{connector} is spoken to without TLS; conn does that on this machine (loopback) only",
    "{connector} は暗号化なしの http です。接続できるのはこの端末上（ループバック）だけです",
);
const IN_QUERY: Text = Text::new(
    "{connector} sends a secret in the address ({name}), where logs of servers and proxies keep it; use a \
     header if the service takes one",
    "{connector} は秘密情報を URL（{name}）に含めて送ります。サーバーやプロキシのログに残るため、可能ならヘッダーを\
     使ってください",
);
const ONE_LANGUAGE: Text = Text::new(
    "the label of {name} in {connector} has no Japanese; write { en = \"…\", ja = \"…\" }",
    "{connector} の {name} のラベルに日本語がありません。{ en = \"…\", ja = \"…\" } の形で書いてください",
);
const UNVERIFIED: Text = Text::new(
    "rule {name} of {connector} does not say when it was last checked; add verified = \"YYYY-MM-DD\"",
    "{connector} のルール {name} に確認日がありません。verified = \"YYYY-MM-DD\" を追加してください",
);
const FRAGILE: Text = Text::new(
    "rule {name} of {connector} matches wording (fragile) and yet proves; set strength = \"strong\"",
    "{connector} のルール {name} は文言に依存（fragile）するため、根拠として断定できません。strength = \"strong\" を\
     指定してください",
);
const NO_OFFLINE: Text = Text::new(
    "nothing in method {name} of {connector} asks for a refresh token, so people would consent again and again; \
     name the service's offline scope or parameter, or its refresh_lifetime",
    "{connector} の認証の種類 {name} にはリフレッシュトークンの指定がなく、期限のたびに再認可が必要になります。offline \
     などのスコープやパラメーター、または refresh_lifetime を指定してください",
);

#[cfg(test)]
mod tests {
    use super::Advice;
    use crate::config::{Definitions, Layer, LayerKind};

    fn advice(text: &str) -> Vec<Advice> {
        let layer = Layer { kind: LayerKind::User, path: "f.toml".into(), text: text.to_owned() };
        Definitions::new(vec![layer]).advice()
    }

    const GOOD: &str = "[connectors.mine]\nbase = 'https://mine.test'\ntest.request = 'GET /me'\n[connectors.mine.auth.key]\nkind = 'api_key'\nparams.api_key = { en = 'API key', ja = 'APIキー' }\nheader.X-Api-Key = '{api_key}'\n";

    const OPEN: &str = "[connectors.mine]\nbase = 'https://mine.test'\ntest.request = 'GET /me'\n[connectors.mine.auth.key]\nkind = 'api_key'\nparams.user = { label = { en = 'User', ja = 'ユーザー' }, secret = false, pattern = '[0-9]+' }\nheader.X-Api-Key = '{user}'\n";

    #[test]
    fn what_is_well_made_gets_no_advice() {
        assert_eq!(advice(GOOD), []);
        assert_eq!(advice("[connectors.mine"), []);
    }

    #[test]
    fn each_piece_of_advice_has_its_place_and_both_languages() {
        let rule = "[[connectors.mine.rules]]\nid = 'mine/a'\nwhen = { status = 401 }\ncause = 'CONN-AUTH-REJECTED'\n";
        let cases = [
            (GOOD.replace("test.request = 'GET /me'\n", ""), "no-test-request", 1),
            (GOOD.replace("https://mine.test", "http://127.0.0.1:1"), "http-base", 2),
            (GOOD.replace("header.X-Api-Key", "query.key"), "secret-in-query", 7),
            (GOOD.replace("{ en = 'API key', ja = 'APIキー' }", "'API key'"), "label-language", 6),
            (
                format!(
                    "{GOOD}[[connectors.mine.permissions]]\nid = 'c'\nlabel = 'Contacts'\nrequest = 'GET /c'\n"
                ),
                "label-language",
                10,
            ),
            (GOOD.replace("GET /me", "PUT /me"), "test-writes", 3),
            (
                format!(
                    "{GOOD}[[connectors.mine.permissions]]\nid = 'c'\nlabel = 'ID'\nrequest = 'DELETE /c'\n"
                ),
                "test-writes",
                11,
            ),
            (format!("{GOOD}[connectors.mine.paging]\nlast = '/id'\n"), "paging-way", 9),
            (format!("{GOOD}{rule}"), "rule-unverified", 9),
            (format!("{OPEN}[connections.mine]\nconnector = 'mine'\nvars.user = 'x'\n"), "value-form", 10),
            (format!("{GOOD}{rule}verified = '2026-11-21'\nfragile = true\n"), "fragile-proof", 9),
            (
                format!(
                    "{GOOD}[connectors.mine.auth.o]\nkind = 'oauth2'\nauthorize = 'https://mine.test/a'\ntoken = 'https://mine.test/t'\n"
                ),
                "oauth2-offline",
                10,
            ),
        ];
        for (text, id, line) in cases {
            let found = advice(&text);
            let places: Vec<(&str, usize)> = found.iter().map(|advice| (advice.id, advice.line)).collect();
            assert_eq!(places, [(id, line)], "{text}");
            let message = &found[0].message;
            assert!(message.en != message.ja && message.en.contains("mine"), "{message:?}");
            assert!(!message.en.contains("{connector}") && !message.en.contains("{name}"), "{message:?}");
        }
    }
}
