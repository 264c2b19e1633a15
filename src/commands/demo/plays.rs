//! Services that the sandbox plays: what a definition holds of answers, made into samples that the judge takes for
//! what they say they are.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde_json::{Value, json};

use super::lead;
use crate::base::{Language, Text};
use crate::commands::Context;
use crate::diagnosis::fixture;
use crate::model::predicate::StatusMatch;
use crate::model::{Connector, Fixture, RequestLine, TestRequest};
use crate::operation::Failure;
use crate::sandbox::{Played, Sample};

/// A played service, and how a connection leads to it.
pub(super) struct Play {
    /// What the sandbox answers.
    pub(super) played: Played,
    /// The definition to write, with [`lead::URL`] for the sandbox.
    pub(super) text: String,
    /// The auth method to name, where the first is not played.
    method: Option<String>,
    /// The methods that are not played.
    pub(super) left_out: Vec<String>,
}

/// The service with this id, played.
///
/// # Errors
/// When there is no such service, or too little is known of its answers.
pub(super) fn find(id: &str, context: &Context<'_>) -> Result<Play, Failure> {
    const LITTLE: Text = Text::new(
        "{service} cannot be played: no answer of it is known that its test takes for success.",
        "{service} は再現できません。テストが成功とみなす応答が定義にありません。",
    );
    const OTHERS: Text = Text::new(
        "Choose one with samples: conn connectors show ID lists what is known.",
        "応答例のあるサービスを選んでください。conn connectors show ID で確認できます。",
    );
    let Some(connector) = context.world.definitions()?.connector(id)? else {
        return Err(Failure::cause("CONN-CFG-CONNECTOR-UNKNOWN", &[("connector", id)]));
    };
    play(id, &connector.value)
        .ok_or_else(|| Failure::usage(LITTLE.fill(&[("service", id)]), Some(OTHERS.into())))
}

/// How connections lead to played services: a definition each, and the answers that can be asked for.
pub(super) fn page(services: &[Play], url: &str, language: Language) -> String {
    const USE: Text = Text::new(
        "These services are played from sample answers. Put this into connectors.toml:",
        "次のサービスを応答例から再現しています。connectors.toml に次の内容を書きます:",
    );
    const THEN: Text = Text::new(
        "Then add a connection as to the real service. Any credential of the right form will do, and nothing leaves \
         this machine:",
        "次に、本物と同じ手順で接続を追加します。認証情報は形式が正しければ何でもかまいません。通信はこの端末の中だけで\
         行われます:",
    );
    const WRONG: Text = Text::new(
        "To see one fail, let its base end in /as/CODE, with one of these codes:",
        "失敗させるには、base の末尾に /as/コード を付けます。使えるコード:",
    );
    const LEFT_OUT: Text = Text::new(
        "These auth methods are not played; signing in with them ends at the sandbox, which says so:",
        "次の認証の種類は再現していません。使おうとしても、サンドボックスが未対応と応答するだけです:",
    );
    let mut page = format!("{}\n", USE.get(language));
    for line in services.iter().flat_map(|service| std::iter::once("").chain(service.text.lines())) {
        let _ = writeln!(page, "{}", format!("  {}", line.replace(lead::URL, url)).trim_end());
    }
    let _ = write!(page, "\n{}\n\n", THEN.get(language));
    for Play { played, method, .. } in services {
        let method = method.as_ref().map(|method| format!(" --method {method}")).unwrap_or_default();
        let _ = writeln!(page, "  conn add --connector {}-played{method}", played.id);
    }
    if services.iter().any(|service| !service.left_out.is_empty()) {
        let _ = write!(page, "\n{}\n\n", LEFT_OUT.get(language));
    }
    for Play { played, left_out, .. } in services.iter().filter(|service| !service.left_out.is_empty()) {
        let _ = writeln!(page, "  {:<16} {}", played.id, left_out.join(", "));
    }
    let _ = write!(page, "\n{}\n\n", WRONG.get(language));
    for Play { played: service, .. } in services {
        let words: BTreeSet<&str> =
            service.samples.iter().filter_map(|sample| sample.word.as_deref()).collect();
        for word in words {
            let _ = writeln!(page, "  {:<16} {word}", service.id);
        }
    }
    page
}

/// A service with the definition that leads to it; none where it cannot be played, or no way to sign in can.
pub(super) fn play(id: &str, connector: &Connector) -> Option<Play> {
    let played = played(id, &lead::below(connector))?;
    let (works, not): (Vec<_>, Vec<_>) =
        connector.auth.iter().partition(|(_, method)| lead::is_played(connector, method));
    let (first, _) = works.first()?;
    let is_first = connector.auth.first().is_some_and(|(name, _)| name == *first);
    Some(Play {
        played,
        text: lead::text(id, connector),
        method: (!is_first).then(|| (*first).clone()),
        left_out: not.into_iter().map(|(name, _)| name.clone()).collect(),
    })
}

/// A service as its definition knows it; none where nothing proves that its test would succeed.
fn played(id: &str, connector: &Connector) -> Option<Played> {
    let test = connector.tested().clone();
    let rows = connector.permissions.iter().map(|row| (Some(row.id.clone()), row.as_test()));
    let requests: Vec<(Option<String>, TestRequest)> = [(None, test)].into_iter().chain(rows).collect();
    let mut samples = Vec::new();
    for (row, request) in &requests {
        let Some(path) = path(request) else { continue };
        let known = connector.fixtures.iter().filter(|one| one.exchange.is_none() && one.request == *row);
        let (good, bad): (Vec<&Fixture>, Vec<&Fixture>) = known.partition(|one| one.expect == fixture::OK);
        let made_up = [likely(row.clone(), request)];
        let good = good.into_iter().chain(&made_up);
        let proven = good.clone().find(|one| fixture::judge(id, connector, one) == fixture::OK);
        if row.is_none() && proven.is_none() {
            return None;
        }
        let bad = bad.into_iter().map(|one| sample(one, Some(one.expect.clone()), &path));
        samples.extend(proven.map(|one| sample(one, None, &path)).into_iter().chain(bad));
    }
    let is_played = samples.iter().any(|sample| sample.word.is_none());
    let sign_ins = lead::sign_ins(connector);
    is_played.then(|| Played { id: id.to_owned(), places: places(connector), samples, sign_ins })
}

/// The path of a request below the base; none where it leads to an address of its own.
fn path(request: &TestRequest) -> Option<String> {
    let target = match &request.request {
        RequestLine::Call { target, .. } => target.source(),
        RequestLine::Reach => "/",
    };
    let path = target.split('?').next().unwrap_or_default();
    path.starts_with('/').then(|| path.to_owned())
}

fn sample(fixture: &Fixture, word: Option<String>, path: &str) -> Sample {
    let mut headers: Vec<(String, String)> =
        fixture.headers.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
    if !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type")) {
        let json = fixture.body.trim_start().starts_with(['{', '[']);
        let kind = if json { "application/json" } else { "text/plain; charset=utf-8" };
        headers.push(("content-type".to_owned(), kind.to_owned()));
    }
    let (path, body) = (path.to_owned(), fixture.body.clone());
    Sample { word, path, status: fixture.status, headers, body }
}

/// The headers and parameters in which any method of the definition puts a credential.
fn places(connector: &Connector) -> Vec<String> {
    let mut places = vec!["authorization".to_owned()];
    for method in connector.auth.values() {
        let named = method.templates().into_iter();
        let named = named.filter_map(|(place, _)| {
            let (kind, name) = place.split_once('.')?;
            matches!(kind, "header" | "query" | "form").then(|| name.to_owned())
        });
        places.extend(named);
        let sent = method.send.iter().flat_map(|send| [&send.header, &send.query, &send.form]);
        places.extend(sent.flat_map(|sent| sent.keys().cloned()));
        if !(method.json.is_empty() && method.cookie.is_empty() && method.path.is_empty()) {
            // Where it cannot be seen from outside, every request counts as one with a credential.
            return Vec::new();
        }
    }
    places
}

/// An answer that holds just what the request declares as success.
fn likely(row: Option<String>, request: &TestRequest) -> Fixture {
    let ok = request.ok.clone().unwrap_or_default();
    let status = match ok.status {
        Some(StatusMatch::Codes(codes)) => codes.first().copied().unwrap_or(200),
        _ => 200,
    };
    let mut body = Value::Null;
    let identity = request.identity.iter();
    let who = identity.flat_map(|identity| [&identity.account, &identity.organisation]).flatten();
    for pointer in who {
        put(&mut body, pointer, json!("sandbox"));
    }
    for (pointer, wanted) in &ok.json {
        let wanted = wanted.0.as_array().and_then(|list| list.first()).unwrap_or(&wanted.0);
        put(&mut body, pointer, standing_for(wanted));
    }
    Fixture {
        name: "made up".to_owned(),
        status,
        headers: [("content-type".to_owned(), "application/json".to_owned())].into_iter().collect(),
        body: if body.is_null() { "{}".to_owned() } else { body.to_string() },
        request: row,
        exchange: None,
        method: None,
        expect: fixture::OK.to_owned(),
        forbid: Vec::new(),
    }
}

/// A value that a condition takes.
fn standing_for(wanted: &Value) -> Value {
    match wanted.as_str() {
        Some("string" | "exists") => json!("sandbox"),
        Some("integer" | "number") => json!(1),
        Some("boolean") => json!(true),
        Some("array") => json!([]),
        Some("object") => json!({}),
        Some("null" | "absent") => Value::Null,
        _ => wanted.clone(),
    }
}

/// Puts a value where a JSON pointer leads, making what is missing on the way.
pub(super) fn put(root: &mut Value, pointer: &str, value: Value) {
    let mut place = root;
    for token in pointer.split('/').skip(1) {
        let token = token.replace("~1", "/").replace("~0", "~");
        if token == "*" || token.parse::<usize>().is_ok() {
            if !place.is_array() {
                *place = json!([{}]);
            }
            let Some(first) = place.get_mut(0) else { return };
            place = first;
        } else {
            if !place.is_object() {
                *place = json!({});
            }
            let Some(object) = place.as_object_mut() else { return };
            place = object.entry(token).or_insert(Value::Null);
        }
    }
    // What is there already came from another pointer that leads further down.
    if place.is_null() || !(value.is_object() || value.is_array()) {
        *place = value;
    }
}
