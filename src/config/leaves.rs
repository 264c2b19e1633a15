//! What single texts mean: templates, regular expressions, causes, addresses; and what should not stand there.

use std::collections::BTreeSet;

use super::layer::Definitions;
use super::mistake::{Mistake, Page};
use super::shape::Leaf;
use super::{addresses, shown};
use crate::base::template::TemplateError;
use crate::base::{Phrase, Template, Text, suggest};
use crate::cause;
use crate::model::grant::{ACCESS_TOKEN, ID_TOKEN, REFRESH_TOKEN, TOKEN_SECRET};
use crate::model::{Connector, Obtaining, RequestLine, SecretSource};

/// The names that the templates of one connector may use.
pub(super) struct Known {
    names: BTreeSet<String>,
    secrets: BTreeSet<String>,
    /// The hosts to which the credential may go, as they are written.
    hosts: BTreeSet<String>,
}

/// What token conversations add.
const TOKENS: [&str; 4] = [ACCESS_TOKEN, REFRESH_TOKEN, TOKEN_SECRET, ID_TOKEN];

/// What an assertion can say besides: the scopes that are asked for, and the name that a key file brings.
const ASSERTIONS: [&str; 2] = ["scope", "client_email"];

impl Known {
    /// The names of a connector; `None` where it cannot be read.
    pub(super) fn of(definitions: &Definitions, id: &str) -> Option<Self> {
        definitions.connector(id).ok().flatten().map(|found| Self::new(&found.value))
    }

    fn new(connector: &Connector) -> Self {
        let mut known = Self {
            names: connector.vars.keys().cloned().collect(),
            secrets: BTreeSet::new(),
            hosts: addresses::hosts(connector),
        };
        known.names.extend(connector.environments.values().flat_map(|one| one.vars.keys().cloned()));
        for method in connector.auth.values() {
            known.names.extend(method.params.keys().chain(method.path.keys()).cloned());
            known.secrets.extend(method.secret_keys().map(str::to_owned));
            if method.obtaining() != Obtaining::Given {
                known.names.extend(TOKENS.map(str::to_owned));
                if method.grant() == "jwt_bearer" {
                    known.names.extend(ASSERTIONS.map(str::to_owned));
                }
                known.names.extend(method.response.iter().flat_map(|response| response.keep.keys().cloned()));
            }
        }
        known
    }
}

/// The mistakes of one text.
pub(super) fn mistakes(page: Page<'_>, leaf: &Leaf<'_>, known: Option<&Known>) -> Vec<Mistake> {
    let mut found = Vec::new();
    let mut say = |code, message: Phrase, hint: Option<Phrase>| {
        found.push(page.mistake(leaf.offset, code, message, hint));
    };
    let place = shown::path(&leaf.keys);
    if let Some(hint) = exposed(leaf) {
        say("CONN-SEC-EXPOSED", EXPOSED.fill(&[("place", &place)]), Some(hint.phrase()));
    } else if is_leftover(leaf) {
        say("CONN-CFG-PLACEHOLDER", LEFTOVER.fill(&[("place", &place)]), Some(LEFTOVER_HINT.phrase()));
    }
    match leaf.form.as_str() {
        "Template" => template(leaf, leaf.text, known, &mut say),
        "RequestLine" => request(leaf, known, &mut say),
        "SecretSource" => source(leaf, &mut say),
        _ => {}
    }
    if is_expression(leaf).is_some_and(|regex| regex_lite::Regex::new(regex).is_err()) {
        say("CONN-CFG-SCHEMA", BAD_REGEX.fill(&[("place", &place)]), None);
    }
    if names_cause(leaf) && !cause::all().any(|cause| cause.code == leaf.text) {
        let nearest = suggest::nearest(leaf.text, cause::all().map(|cause| cause.code));
        let hint = nearest.map_or_else(|| CAUSES.phrase(), |nearest| MEANT.fill(&[("nearest", nearest)]));
        say("CONN-CFG-SCHEMA", BAD_CAUSE.fill(&[("place", &place)]), Some(hint));
    }
    found
}

pub(super) type Say<'s> = dyn FnMut(&'static str, Phrase, Option<Phrase>) + 's;

fn template(leaf: &Leaf<'_>, text: &str, known: Option<&Known>, say: &mut Say<'_>) {
    let place = shown::path(&leaf.keys);
    let values = [("place", place.as_str())];
    let template: Template = match text.parse() {
        Ok(template) => template,
        Err(error) => {
            let hint = match error {
                TemplateError::Unclosed => UNCLOSED,
                TemplateError::Name(_) => BAD_PLACEHOLDER,
                TemplateError::Filter(_) => BAD_FILTER,
            };
            return say("CONN-CFG-SCHEMA", BAD_TEMPLATE.fill(&values), Some(hint.phrase()));
        }
    };
    if text.chars().any(char::is_control) && leaf.keys.last().is_none_or(|key| key != "body") {
        say("CONN-CFG-SCHEMA", CONTROL.fill(&values), Some(CONTROL_HINT.phrase()));
    }
    if is_address(leaf) {
        addresses::whole(&place, text, say);
    }
    if leaf.keys.last().is_some_and(|key| key == "base") && is_address(leaf) {
        addresses::ends_with_path(&place, text, say);
    }
    let Some(known) = known else { return };
    for name in template.names().filter(|name| !known.names.contains(*name)) {
        let nearest = suggest::nearest(name, known.names.iter().map(String::as_str));
        let hint = nearest
            .map_or_else(|| DECLARE.phrase(), |nearest| MEANT.fill(&[("nearest", &shown::name(nearest))]));
        let values = [("place", place.as_str()), ("name", &shown::name(name))];
        say("CONN-CFG-SCHEMA", UNRESOLVED.fill(&values), Some(hint));
    }
    if (is_address(leaf) || is_host(leaf)) && secret_in_host(text, known) {
        say("CONN-SEC-EXPOSED", SECRET_HOST.fill(&values), Some(SECRET_HOST_HINT.phrase()));
    }
}

fn request(leaf: &Leaf<'_>, known: Option<&Known>, say: &mut Say<'_>) {
    match leaf.text.parse() {
        Ok(RequestLine::Call { target, .. }) => {
            template(leaf, target.source(), known, say);
            if let Some(known) = known.filter(|_| carries_credential(leaf)) {
                addresses::own(&shown::path(&leaf.keys), target.source(), &known.hosts, say);
            }
        }
        Ok(RequestLine::Reach) => {}
        Err(_) => {
            if let Some((_, target)) = leaf.text.trim().split_once(' ') {
                template(leaf, target, None, say);
            }
        }
    }
}

/// Whether a request goes out with the credential: the test's, or that of a permission.
fn carries_credential(leaf: &Leaf<'_>) -> bool {
    leaf.keys.get(2).is_some_and(|key| key == "test" || key == "permissions")
}

fn source(leaf: &Leaf<'_>, say: &mut Say<'_>) {
    if leaf.text.parse::<SecretSource>().is_ok() {
        return;
    }
    let place = shown::path(&leaf.keys);
    let word = leaf.text.split(':').next().unwrap_or_default();
    let slip = suggest::nearest(word, ["keyring", "vault", "env", "command"]).is_some();
    if slip {
        say("CONN-CFG-SCHEMA", BAD_SOURCE.fill(&[("place", &place)]), Some(SOURCES.phrase()));
    } else if !shown_token(leaf) {
        say("CONN-SEC-EXPOSED", MAYBE_SECRET.fill(&[("place", &place)]), Some(SOURCES_SECRET.phrase()));
    }
}

fn shown_token(leaf: &Leaf<'_>) -> bool {
    exposed(leaf).is_some()
}

fn secret_in_host(text: &str, known: &Known) -> bool {
    let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
    let authority = rest.split('/').next().unwrap_or_default();
    known.secrets.iter().any(|secret| authority.contains(&format!("{{{secret}}}")))
}

/// The method in whose table a text stands.
fn is_address(leaf: &Leaf<'_>) -> bool {
    const FIELDS: [&str; 12] = [
        "base",
        "issuer",
        "authorize",
        "token",
        "refresh",
        "device",
        "par",
        "revoke",
        "introspect",
        "register",
        "request",
        "access",
    ];
    let depth = match leaf.keys.get(2).map(String::as_str) {
        Some("base") => 3,
        Some("auth" | "environments") => 5,
        _ => return false,
    };
    leaf.form == "Template"
        && leaf.keys.len() == depth
        && leaf.keys.last().is_some_and(|key| FIELDS.contains(&key.as_str()))
}

fn is_host(leaf: &Leaf<'_>) -> bool {
    leaf.keys.get(2).is_some_and(|key| key == "hosts")
}

fn is_expression<'l>(leaf: &'l Leaf<'_>) -> Option<&'l str> {
    let last = leaf.keys.last()?.as_str();
    let in_predicate = leaf.keys.iter().any(|key| matches!(key.as_str(), "when" | "ok" | "shape"));
    match (leaf.form.as_str(), last) {
        (_, "pattern") => Some(leaf.text),
        (_, "body") if in_predicate => Some(leaf.text),
        _ if in_predicate => leaf.text.strip_prefix('~'),
        _ => None,
    }
}

fn names_cause(leaf: &Leaf<'_>) -> bool {
    let key = |index: usize| leaf.keys.get(index).map_or("", String::as_str);
    match key(2) {
        "rules" => key(4) == "cause",
        "fixtures" => key(4) == "forbid" || (key(4) == "expect" && leaf.text != "ok"),
        _ => false,
    }
}

/// Whether a value looks like a secret, or stands where only secrets stand.
fn exposed(leaf: &Leaf<'_>) -> Option<Text> {
    const SAMPLES: [&str; 5] = ["pattern", "example", "fixtures", "hint", "steps"];
    if leaf.keys.iter().any(|key| SAMPLES.contains(&key.as_str())) {
        return None;
    }
    let userinfo = leaf.text.split_once("://").is_some_and(|(_, rest)| {
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        authority.rsplit_once('@').is_some_and(|(user, _)| user.contains(':') && !user.contains('{'))
    });
    let constant =
        leaf.form == "Template" && is_secret_place(leaf) && leaf.text.len() >= 8 && !leaf.text.contains('{');
    let query = secret_in_query(leaf.text);
    // The number of an account opens nothing, whatever it begins with: a definition that asks for it openly says so.
    let token = shown::is_token(leaf.text) && !shown::is_account(leaf.text);
    (token || userinfo || constant || query).then_some(EXPOSED_HINT)
}

fn is_secret_place(leaf: &Leaf<'_>) -> bool {
    let last = leaf.keys.last().map(|key| key.to_ascii_lowercase().replace('_', "-")).unwrap_or_default();
    let placed = leaf
        .keys
        .iter()
        .any(|key| matches!(key.as_str(), "header" | "headers" | "query" | "form" | "json" | "cookie"));
    let secret =
        ["authorization", "api-key", "apikey", "token", "secret", "password", "access-key", "private-key"];
    placed && secret.iter().any(|word| last.ends_with(word))
}

fn secret_in_query(text: &str) -> bool {
    let Some((_, query)) = text.split_once('?') else { return false };
    query.split('&').filter_map(|pair| pair.split_once('=')).any(|(key, value)| {
        let key = key.to_ascii_lowercase();
        let secret = ["key", "token", "secret", "password"].iter().any(|word| key.ends_with(word));
        secret && value.len() >= 8 && !value.contains(['{', '<'])
    })
}

/// Whether sample text was left where a real value belongs.
fn is_leftover(leaf: &Leaf<'_>) -> bool {
    let own_value = leaf.keys.first().is_some_and(|family| family == "connections")
        && leaf.keys.get(2).is_some_and(|key| matches!(key.as_str(), "vars" | "connector" | "environment"));
    if !own_value && !is_address(leaf) && !is_host(leaf) {
        return false;
    }
    let text = leaf.text;
    let marked = text.contains("${") || text.split_once('<').is_some_and(|(_, rest)| rest.contains('>'));
    let upper = text.to_ascii_uppercase();
    let yours = ["YOUR_", "YOUR-", "CHANGEME", "XXXX"].iter().any(|word| upper.contains(word));
    let lower = text.to_ascii_lowercase();
    let example = ["example.com", "example.org", "example.net"].iter().any(|host| lower.contains(host));
    marked || yours || example || (own_value && text.contains('{'))
}

const EXPOSED: Text = Text::new(
    "{place} seems to hold a secret in the clear",
    "{place} に秘密情報がそのまま書かれているようです",
);
const EXPOSED_HINT: Text = Text::new(
    "issue a new one at the service, delete it here, and enter it with `conn reconnect`",
    "サービス側で再発行し、ここからは削除して、`conn reconnect` で登録してください",
);
const LEFTOVER: Text = Text::new("{place} still holds sample text", "{place} に例の文字列が残っています");
const LEFTOVER_HINT: Text = Text::new("replace it with your own value", "実際の値に置き換えてください");
const BAD_TEMPLATE: Text =
    Text::new("the template of {place} cannot be read", "{place} のテンプレートを読み取れません");
const UNCLOSED: Text = Text::new("a { has no matching }", "{ に対応する } がありません");
const BAD_PLACEHOLDER: Text = Text::new(
    "between { and } stands a name of lower-case letters, digits, - and _",
    "{ と } の間には、小文字の英字、数字、- と _ からなる名前を書きます",
);
const BAD_FILTER: Text = Text::new(
    "the filters are base64, upper, lower, after:X and urlencode",
    "使えるフィルターは base64、upper、lower、after:X、urlencode です",
);
const CONTROL: Text = Text::new(
    "{place} holds a line end or another control character",
    "{place} に改行などの制御文字が含まれています",
);
const CONTROL_HINT: Text = Text::new("write it on one line", "1行で書いてください");
const UNRESOLVED: Text = Text::new(
    "{place} uses the name {name}, which nothing declares",
    "{place} で使われている名前 {name} が宣言されていません",
);
const DECLARE: Text = Text::new(
    "declare it under vars, or under params of an auth method",
    "vars または認証方式の params で宣言してください",
);
const MEANT: Text = Text::new("did you mean {nearest}?", "{nearest} のことですか。");
const SECRET_HOST: Text =
    Text::new("{place} puts a secret into the host name", "{place} ではホスト名に秘密情報が入ります");
const SECRET_HOST_HINT: Text = Text::new(
    "host names are public: use a variable, or a lookup (`map`) by part of the key",
    "ホスト名は公開される情報です。変数を使うか、map で参照してください",
);
const BAD_SOURCE: Text = Text::new(
    "{place} does not name a place for a secret",
    "{place} に秘密情報の保存場所として使えない語があります",
);
const SOURCES: Text = Text::new(
    r#"write "keyring", "vault", "env:VARIABLE" or "command:PROGRAM ARGUMENTS""#,
    r#""keyring"、"vault"、"env:変数名"、"command:プログラム 引数" のいずれかで書いてください"#,
);
const MAYBE_SECRET: Text = Text::new(
    "{place} must say where the secret is kept, not what it is",
    "{place} には秘密情報そのものではなく、保存場所を書きます",
);
const SOURCES_SECRET: Text = Text::new(
    r#"write "keyring", "vault", "env:VARIABLE" or "command:…"; if the secret itself stood here, issue a new one"#,
    r#""keyring"、"vault"、"env:変数名"、"command:…" のいずれかで書いてください。秘密情報を書いていた場合は再発行してください"#,
);
const BAD_REGEX: Text =
    Text::new("the regular expression of {place} cannot be read", "{place} の正規表現を読み取れません");
const BAD_CAUSE: Text = Text::new("{place} names no known cause", "{place} の原因コードは存在しません");
const CAUSES: Text =
    Text::new("`conn explain --list` shows them all", "一覧は `conn explain --list` で確認できます");
