//! Services that the sandbox plays: what a definition holds of answers, made into samples that the judge takes for
//! what they say they are.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::base::{Language, Text};
use crate::commands::Context;
use crate::diagnosis::{fixture, judge};
use crate::model::predicate::StatusMatch;
use crate::model::{Connector, Fixture, RequestLine, TestRequest};
use crate::operation::Failure;
use crate::sandbox::{Played, Sample};

/// The service with this id, played.
///
/// # Errors
/// When there is no such service, or too little is known of its answers.
pub(super) fn find(id: &str, context: &Context<'_>) -> Result<Played, Failure> {
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
    played(id, &connector.value)
        .ok_or_else(|| Failure::usage(LITTLE.fill(&[("service", id)]), Some(OTHERS.into())))
}

/// How connections lead to played services: a definition each, and the answers that can be asked for.
pub(super) fn page(services: &[Played], url: &str, language: Language) -> String {
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
    let mut page = format!("{}\n", USE.get(language));
    for Played { id, .. } in services {
        let _ = write!(
            page,
            "\n  [connectors.{id}-played]\n  extends = \"{id}\"\n  name = \"{id} (played)\"\n  \
             base = \"{url}/services/{id}\"\n"
        );
    }
    let _ = write!(page, "\n{}\n\n", THEN.get(language));
    for Played { id, .. } in services {
        let _ = writeln!(page, "  conn add --connector {id}-played");
    }
    let _ = write!(page, "\n{}\n\n", WRONG.get(language));
    for service in services {
        let words: BTreeSet<&str> =
            service.samples.iter().filter_map(|sample| sample.word.as_deref()).collect();
        for word in words {
            let _ = writeln!(page, "  {:<16} {word}", service.id);
        }
    }
    page
}

/// A service as its definition knows it; none where nothing proves that its test would succeed.
fn played(id: &str, connector: &Connector) -> Option<Played> {
    let test = connector.test.clone().unwrap_or_else(judge::reach);
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
    is_played.then(|| Played { id: id.to_owned(), places: places(connector), samples })
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
fn put(root: &mut Value, pointer: &str, value: Value) {
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
