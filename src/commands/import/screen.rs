//! What an import would do and did, for people and for programs. Names and places only, never a value.

use std::fmt::Write as _;

use indexmap::IndexMap;
use serde_json::{Value, json};

use crate::base::safe_text::width;
use crate::base::{Phrase, Text};
use crate::commands::Context;
use crate::config::Format as Form;
use crate::model::connection::SecretSource;
use crate::moving::Left;
use crate::operation::import::{Change, Imported, NewConnection, NewConnector, Plan};
use crate::output::paint::Meaning;
use crate::output::words::safe;
use crate::output::wrap::{after, hanging};
use crate::output::{Page, machine as json_form};

/// The schema of an import.
const SCHEMA: &str = "conn.import/1";

const fn sign(change: Change) -> (Meaning, &'static str) {
    match change {
        Change::New | Change::Completed => (Meaning::Good, "+"),
        Change::Same => (Meaning::Label, "="),
        Change::Replaced => (Meaning::Warning, "~"),
        Change::Kept => (Meaning::Warning, "!"),
    }
}

/// The plan.
pub fn plan(plan: &Plan, page: &Page) -> String {
    const FILE: Text = Text::new("{file} ({format})", "{file}（{format}）");
    const CONNECTIONS: Text = Text::new("Connections", "接続");
    const CONNECTORS: Text = Text::new("Connectors", "コネクター");
    const LEFT: Text = Text::new("Not taken over", "取り込まないもの");
    const NOTHING: Text = Text::new("There is nothing to import.", "取り込むものはありません。");
    let mut screen = String::new();
    for (file, format) in &plan.files {
        let values = [("file", safe(file)), ("format", page.say(format.text()).to_owned())];
        let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let _ = writeln!(screen, "{}", page.fill(FILE, &values));
    }
    let heading = |screen: &mut String, text: Text| {
        let _ = writeln!(screen, "\n{}", page.paint(Meaning::Label, page.say(text)));
    };
    if !plan.connectors.is_empty() {
        heading(&mut screen, CONNECTORS);
        plan.connectors.iter().for_each(|one| screen.push_str(&connector(one, page)));
    }
    if !plan.connections.is_empty() {
        heading(&mut screen, CONNECTIONS);
        plan.connections.iter().for_each(|one| screen.push_str(&connection(one, page)));
    }
    if !plan.left.is_empty() {
        heading(&mut screen, LEFT);
        screen.push_str(&left(&plan.left, page));
    }
    if plan.is_empty() {
        let _ = writeln!(screen, "\n{}", page.say(NOTHING));
    }
    page.finish(screen)
}

fn line(page: &Page, change: Change, name: &str, words: &str) -> String {
    let (meaning, sign) = sign(change);
    let name = safe(name);
    let lead = format!("  {} {}  ", page.paint(meaning, sign), page.paint(Meaning::Command, &name));
    let words = match change {
        Change::New => words.to_owned(),
        other => format!("{words} · {}", page.say(other.text())),
    };
    after(&lead, 4 + width(&name) + 2, 6, &words, page.text_width())
}

fn connector(one: &NewConnector, page: &Page) -> String {
    line(
        page,
        one.change,
        one.id.as_str(),
        &format!("{} · {} · {}", safe(&one.name), safe(&one.base), safe(&one.place)),
    )
}

fn connection(one: &NewConnection, page: &Page) -> String {
    const TO: Text = Text::new("{keys} to the {store}", "{keys} → {store}");
    const GOES: Text = Text::new("sent to {hosts}", "送信先 {hosts}");
    const MISSING: Text = Text::new("still missing: {keys}", "未入力: {keys}");
    let mut words = vec![safe(one.service.get(page.language))];
    if !one.hosts.is_empty() {
        words.push(page.fill(GOES, &[("hosts", &safe(&one.hosts.join(", ")))]));
    }
    let keys: Vec<&str> = one.secrets.iter().map(|(key, _)| key).collect();
    if !keys.is_empty() {
        let store = store(one).words();
        words.push(page.fill(TO, &[("keys", &safe(&keys.join(", "))), ("store", store.get(page.language))]));
    }
    if !one.missing.is_empty() {
        words.push(page.fill(MISSING, &[("keys", &safe(&one.missing.join(", ")))]));
    }
    words.push(safe(&one.place));
    line(page, one.change, one.link_name.as_str(), &words.join(" · "))
}

fn store(one: &NewConnection) -> SecretSource {
    one.connection.secrets.values().find(|source| source.is_stored()).cloned().unwrap_or_default()
}

/// What has no place, together where the reason is the same.
fn left(all: &[Left], page: &Page) -> String {
    let mut groups: IndexMap<&str, Vec<String>> = IndexMap::new();
    for one in all {
        let shown =
            if one.what == one.place { one.what.clone() } else { format!("{} ({})", one.what, one.place) };
        groups.entry(one.reason.get(page.language)).or_default().push(safe(&shown));
    }
    let lines = groups.into_iter().map(|(reason, whats)| {
        hanging("  - ", 4, &format!("{}: {}", whats.join(", "), safe(reason)), page.text_width())
    });
    lines.collect()
}

/// What an import did before it was interrupted.
pub fn interrupted(done: &Imported, context: &Context) {
    const STANDS: Text = Text::new(
        "Imported before that: {names}. Run the same command again when the cause is gone: it goes on from there.",
        "ここまでに取り込んだもの: {names}。原因を取り除いてから同じコマンドを実行すると、続きから取り込みます。",
    );
    let names = names(done, context);
    if !names.is_empty() {
        context.tell(STANDS.fill(&[("names", &names)]).get(context.language()));
    }
}

/// What was written, each under what it is: a connection often bears the name of its connector.
fn names(done: &Imported, context: &Context) -> String {
    const CONNECTORS: Text = Text::new("connectors {names}", "コネクター {names}");
    const CONNECTIONS: Text = Text::new("connections {names}", "接続 {names}");
    let kinds = [(CONNECTORS, &done.connectors), (CONNECTIONS, &done.connections)];
    let kinds = kinds.into_iter().filter(|(_, names)| !names.is_empty());
    let told = kinds.map(|(text, names)| {
        text.fill(&[("names", &safe(&names.join(", ")))]).get(context.language()).to_owned()
    });
    told.collect::<Vec<_>>().join(" · ")
}

/// What an import did, and what follows. `files` are those in which the secrets that were taken stand in the clear.
pub fn done(plan: &Plan, done: &Imported, files: &[String], context: &Context) {
    const SAVED: Text = Text::new("Imported into {file}: {names}", "{file} に取り込みました: {names}");
    const NEXT: Text = Text::new("Next: {command}", "次の手順: {command}");
    const CLEAR: Text = Text::new(
        "These secrets still stand in the clear in {files}: delete what is needed no more, or keep it where nobody else \
         reads it.",
        "{files} には秘密の値がそのまま残っています。削除するか、他の人が読めない場所に保管してください。",
    );
    let file = context.world.own_definitions().path().display().to_string();
    context.remark(&SAVED.fill(&[("file", &file), ("names", &names(done, context))]));
    for command in next(plan) {
        context.remark(&NEXT.fill(&[("command", &command)]));
    }
    if !files.is_empty() {
        context.remark(&CLEAR.fill(&[("files", &safe(&files.join(", ")))]));
    }
}

/// The commands that follow: consent where people consent, values where some are missing, a test for the others.
fn next(plan: &Plan) -> Vec<String> {
    let written = || plan.connections.iter().filter(|one| one.change.writes());
    let mut commands: Vec<String> = Vec::new();
    let ready: Vec<&str> = written()
        .filter(|one| !one.consents && one.missing.is_empty())
        .map(|one| one.link_name.as_str())
        .collect();
    if !ready.is_empty() {
        commands.push(format!("conn test {}", ready.join(" ")));
    }
    for one in written().filter(|one| one.consents || !one.missing.is_empty()) {
        let verb = if one.consents && one.missing.is_empty() { "connect" } else { "reconnect" };
        commands.push(format!("conn {verb} {}", one.link_name));
    }
    let used = |id: &str| plan.connections.iter().any(|one| one.connection.connector == id);
    for one in plan.connectors.iter().filter(|one| one.change.writes() && !used(one.id.as_str())) {
        commands.push(format!("conn add --connector {}", one.id));
    }
    commands
}

/// The plan, and what was done of it, as JSON.
pub fn machine(plan: &Plan, done: Option<&Imported>, context: &Context) -> String {
    let language = context.language();
    let connectors: Vec<Value> = plan
        .connectors
        .iter()
        .map(|one| {
            json!({ "id": one.id.as_str(), "name": one.name, "base": one.base, "place": one.place, "change": one.change.code() })
        })
        .collect();
    let connections: Vec<Value> = plan
        .connections
        .iter()
        .map(|one| {
            let secrets: Vec<&str> = one.secrets.iter().map(|(key, _)| key).collect();
            json!({
                "link_name": one.link_name.as_str(),
                "connector": one.connection.connector,
                "method": one.method,
                "place": one.place,
                "hosts": one.hosts,
                "secrets": secrets,
                "store": store(one).shown(),
                "missing": one.missing,
                "change": one.change.code(),
            })
        })
        .collect();
    let say = |phrase: &Phrase| phrase.get(language).to_owned();
    let left: Vec<Value> = plan
        .left
        .iter()
        .map(|one| json!({ "what": one.what, "place": one.place, "reason": say(&one.reason) }))
        .collect();
    let files: Vec<Value> =
        plan.files.iter().map(|(file, format)| json!({ "file": file, "format": format.code() })).collect();
    let value = json_form::harmless(json!({
        "schema": SCHEMA,
        "tool": json_form::tool(),
        "written": done.is_some(),
        "files": files,
        "connectors": connectors,
        "connections": connections,
        "left": left,
        "next": if done.is_some() { next(plan) } else { Vec::new() },
    }));
    if context.settings.format == Form::Jsonl { format!("{value}\n") } else { json_form::pretty(&value) }
}
