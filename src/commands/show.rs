//! `conn show`: everything about one connection, each value with its origin, and no secret.

use clap::Args;
use serde_json::{Value, json};

use super::help::say;
use super::list::{colour, no_such_form};
use super::{Context, account};
use crate::base::{Phrase, Text, shell};
use crate::cause::ExitClass;
use crate::config::Format;
use crate::diagnosis::grant::GrantFact;
use crate::model::connection::SecretSource;
use crate::operation::Failure;
use crate::operation::show::{Origin, Parameter, Shown, Variable, show};
use crate::output::paint::Meaning;
use crate::output::words::safe;
use crate::output::{Page, machine, wrap};

/// The schema of one connection.
const SCHEMA: &str = "conn.connection/1";
/// The width of the names of the lines.
const LABEL: usize = 14;
/// The least of a label that tells anything.
const SHORTEST: usize = 4;

/// Arguments of `conn show`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The connection.
    #[arg(value_name = "LINK_NAME", help = say("The connection", "接続のリンク名"))]
    pub(super) link_name: String,
}

/// Runs `conn show`.
///
/// # Errors
/// When there is no such connection, or a file has a mistake.
pub fn run(arguments: &Arguments, context: &Context) -> Result<ExitClass, Failure> {
    let shown = show(context.world, &arguments.link_name, context.settings.environment.as_deref())?;
    let page = context.page();
    match context.settings.format {
        Format::Human => context.print(&page.finish(human(&shown, &page))),
        Format::Plain => context.print(&page.finish(plain(&shown, &page))),
        Format::Json => context.print(&machine::pretty(&machine::harmless(object(&shown, &page)))),
        Format::Jsonl => context.print(&format!("{}\n", machine::harmless(object(&shown, &page)))),
        Format::Junit | Format::Github | Format::Openmetrics | Format::Sarif | Format::Md => {
            return Err(no_such_form(&[]));
        }
    }
    Ok(ExitClass::Healthy)
}

fn place(shown: &Shown) -> String {
    format!("{}:{}", shown.connection.path.display(), shown.connection.line)
}

fn object(shown: &Shown, page: &Page) -> Value {
    let (connection, connector) = (&shown.connection.value, &shown.connector);
    json!({
        "schema": SCHEMA,
        "tool": machine::tool(),
        "lang": page.language.tag(),
        "link_name": shown.connection.name,
        "name": connection.name.as_ref().map(|name| name.get(page.language)),
        "origin": place(shown),
        "layer": shown.connection.kind.code(),
        "connector": { "id": connector.name, "layer": connector.kind.code(), "service": connector.value.display_name(&connector.name).get(page.language) },
        "kind": connection.kind.code(),
        "environment": shown.environment,
        "auth": shown.method.as_ref().map(|(name, kind)| json!({ "method": name, "kind": kind.code() })),
        "base": shown.base,
        "hosts": shown.hosts,
        "parameters": shown.parameters.iter().map(|parameter| json!({
            "key": parameter.key,
            "label": parameter.label.get(page.language),
            "secret": parameter.source.is_some(),
            "source": parameter.source,
            "fingerprint": parameter.fingerprint,
            "value": parameter.value,
        })).collect::<Vec<_>>(),
        "variables": shown.variables.iter().map(|variable| json!({
            "name": variable.name,
            "label": variable.label.get(page.language),
            "value": variable.value,
            "origin": origin_object(&variable.origin),
        })).collect::<Vec<_>>(),
        "permissions": connector.value.permissions.iter().map(|row| json!({
            "id": row.id,
            "label": row.label.get(page.language),
        })).collect::<Vec<_>>(),
        "state": shown.record.state.code(),
        "state_since": machine::moment(shown.record.since),
        "last_ok": machine::moment(shown.record.last_ok),
        "last_run": machine::moment(shown.record.last_run),
        "last_used": machine::moment(shown.record.used),
        "last_verdict": shown.record.last_verdict,
        "last_code": shown.record.last_code,
        "account": shown.record.account,
        "organisation": shown.record.organisation,
        "authorization": shown.grant.as_ref().map(|grant| json!({
            "consented": machine::moment(Some(grant.consented)),
            "scopes_asked": grant.asked,
            "scopes_granted": grant.granted,
            "access_expires": machine::moment(grant.expires),
            "ends": machine::moment(grant.ends),
            "lapses_unless_used": machine::moment(grant.lapses),
        })),
        "accounts": shown.accounts.iter().map(account::object).collect::<Vec<_>>(),
        "used_by": connection.used_by,
        "owner": connection.owner,
        "tags": connection.tags,
        "note": connection.note,
        "docs": connector.value.docs.as_ref().map(|docs| docs.get(page.language)),
    })
}

fn origin_object(origin: &Origin) -> Value {
    match origin {
        Origin::Connection(place) => json!({ "from": "connection", "place": place }),
        Origin::Environment(name) => json!({ "from": "environment", "place": name }),
        Origin::Default => json!({ "from": "default", "place": null }),
        Origin::Kept(by) => json!({ "from": "kept", "place": by }),
        Origin::Filled(by) => json!({ "from": "filled", "place": by }),
        Origin::LookedUp(by) => json!({ "from": "looked_up", "place": by }),
        Origin::Unset => json!({ "from": "unset", "place": null }),
    }
}

fn origin(origin: &Origin, page: &Page) -> String {
    match origin {
        Origin::Connection(place) => safe(place),
        Origin::Environment(name) => {
            page.fill(Text::new("environment {name}", "環境 {name}"), &[("name", &safe(name))])
        }
        Origin::Default => page.say(Text::new("default", "既定値")).to_owned(),
        Origin::Kept(by) => {
            page.fill(Text::new("kept from {by}", "{by} から取得した値"), &[("by", &safe(by))])
        }
        Origin::Filled(by) => page.fill(
            Text::new("will be filled in from {by}", "{by} から自動設定されます"),
            &[("by", &safe(by))],
        ),
        Origin::LookedUp(by) => {
            page.fill(Text::new("looked up by {by}", "{by} から決まる値"), &[("by", &safe(by))])
        }
        Origin::Unset => page.say(Text::new("not set", "未設定")).to_owned(),
    }
}

/// One fact: its name and its words.
type Fact = (String, String);

fn facts(shown: &Shown, page: &Page) -> Vec<Fact> {
    let (connection, connector) = (&shown.connection.value, &shown.connector);
    let service = format!(
        "{} ({}) · {}",
        connector.value.display_name(&connector.name).get(page.language),
        connector.name,
        page.say(connector.kind.text())
    );
    let method = shown.method.as_ref().map(|(name, kind)| format!("{} ({name})", page.say(kind.text())));
    let moment = |moment: Option<crate::base::Timestamp>| moment.map(|moment| page.moment(moment));
    let identity: Vec<&str> = [&shown.record.account, &shown.record.organisation]
        .into_iter()
        .flatten()
        .map(String::as_str)
        .collect();
    let result = shown.record.last_verdict.as_ref().map(|verdict| {
        let code = shown.record.last_code.as_deref().unwrap_or_default();
        let known = machine::VERDICTS.into_iter().find(|known| known.code() == verdict);
        let verdict = known.map_or(&**verdict, |known| page.say(known.text()));
        let parts = [verdict, code, &moment(shown.record.last_run).unwrap_or_default()];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
    });
    let rights: Vec<&str> =
        connector.value.permissions.iter().map(|row| row.label.get(page.language)).collect();
    let accounts: Vec<String> = shown.accounts.iter().map(|one| account::words(one, page)).collect();
    let all = [
        (Text::new("service", "サービス"), Some(service)),
        (Text::new("state", "状態"), Some(page.say(shown.record.state.text()).to_owned())),
        (
            Text::new("defined", "定義"),
            Some(format!("{} · {}", place(shown), page.say(shown.connection.kind.text()))),
        ),
        (Text::new("environment", "環境"), Some(shown.environment.clone())),
        (Text::new("kind", "種別"), Some(page.say(connection.kind.text()).to_owned())),
        (Text::new("method", "認証の種類"), method),
        (Text::new("address", "接続先"), Some(shown.base.clone())),
        (Text::new("hosts", "許可ホスト"), Some(shown.hosts.join(", "))),
        (Text::new("permissions", "権限"), Some(rights.join(", "))),
        (Text::new("account", "ユーザー"), Some(identity.join(" · "))),
        (Text::new("accounts", "アカウント"), Some(accounts.join(", "))),
        (Text::new("scopes", "スコープ"), shown.grant.as_ref().and_then(|grant| scopes(grant, page))),
        (Text::new("consent", "同意"), shown.grant.as_ref().map(|grant| consent(grant, page))),
        (Text::new("last good", "最終成功"), moment(shown.record.last_ok)),
        (Text::new("last result", "最新の結果"), result),
        (Text::new("last used", "最終利用"), moment(shown.record.used)),
        (Text::new("used by", "利用元"), Some(connection.used_by.join(", "))),
        (Text::new("in scripts", "スクリプト"), Some(command(shown, "snippet", ""))),
        (Text::new("owner", "担当者"), connection.owner.clone()),
        (Text::new("tags", "タグ"), Some(connection.tags.join(", "))),
        (Text::new("note", "メモ"), connection.note.clone()),
    ];
    let named = all.into_iter().filter_map(|(name, words)| Some((page.say(name).to_owned(), safe(&words?))));
    named.filter(|(_, words)| !words.is_empty()).collect()
}

/// A command for what is shown: also of an environment or account that is not the connection's usual one.
fn command(shown: &Shown, verb: &str, rest: &str) -> String {
    let options = shown.options.iter().fold(String::new(), |line, option| format!("{line} {option}"));
    format!("conn {verb} {}{rest}{options}", shown.connection.name)
}

/// The scopes that were granted, and those that were asked for and not granted.
fn scopes(grant: &GrantFact, page: &Page) -> Option<String> {
    const DENIED: Text = Text::new("not granted: {scopes}", "許可されなかったスコープ: {scopes}");
    let granted = grant.granted.as_ref().unwrap_or(&grant.asked);
    let denied: Vec<&str> =
        grant.asked.iter().filter(|scope| !granted.contains(scope)).map(String::as_str).collect();
    let mut parts = vec![granted.join(" ")];
    if !denied.is_empty() {
        parts.push(page.fill(DENIED, &[("scopes", &denied.join(" "))]));
    }
    parts.retain(|part| !part.is_empty());
    (!parts.is_empty()).then(|| parts.join(" · "))
}

/// When somebody consented, and when that ends.
fn consent(grant: &GrantFact, page: &Page) -> String {
    const ON: Text = Text::new("on {when}", "{when}");
    const ENDS: Text = Text::new("ends on {when}", "{when} に終了");
    const LAPSES: Text = Text::new("ends on {when} unless used before", "{when} までに使わないと終了");
    let day = |moment: crate::base::Timestamp| moment.to_string().chars().take(10).collect::<String>();
    let mut parts = vec![page.fill(ON, &[("when", &day(grant.consented))])];
    parts.extend(grant.ends.map(|moment| page.fill(ENDS, &[("when", &day(moment))])));
    parts.extend(grant.lapses.map(|moment| page.fill(LAPSES, &[("when", &day(moment))])));
    parts.join(" · ")
}

/// A parameter in words: where it is kept and its fingerprint; its value only where it is no secret.
fn parameter(parameter: &Parameter, page: &Page) -> Fact {
    let mut parts = Vec::new();
    match &parameter.source {
        Some(source) => {
            let known: Option<SecretSource> = source.parse().ok();
            let source = known.map_or_else(|| Phrase::same(source.as_str()), |source| source.words());
            let source = safe(source.get(page.language));
            parts.push(page.fill(Text::new("kept in {source}", "保管場所 {source}"), &[("source", &source)]));
        }
        None => parts.push(safe(parameter.value.as_deref().unwrap_or("-"))),
    }
    if let Some(print) = &parameter.fingerprint {
        parts.push(page.fill(Text::new("fingerprint {print}", "指紋 {print}"), &[("print", &safe(print))]));
    }
    (safe(&format!("{} ({})", parameter.label.get(page.language), parameter.key)), parts.join(" · "))
}

fn variable(variable: &Variable, page: &Page) -> Fact {
    let words = match &variable.value {
        Some(value) => format!("{} · {}", safe(value), origin(&variable.origin, page)),
        None => origin(&variable.origin, page),
    };
    (safe(&format!("{} ({})", variable.label.get(page.language), variable.name)), words)
}

fn human(shown: &Shown, page: &Page) -> String {
    let name = safe(&shown.connection.name);
    let mut screen = page.paint(Meaning::Strong, &name);
    if let Some(display) = &shown.connection.value.name {
        screen += &format!("  {}", safe(display.get(page.language)));
    }
    screen += &format!("  {}\n", page.paint(colour(shown.record.state), page.say(shown.record.state.text())));
    screen += &block(facts(shown, page), page);
    let parameters = shown.parameters.iter().map(|value| parameter(value, page)).collect();
    screen += &section(Text::new("Parameters", "パラメーター"), parameters, page);
    let variables = shown.variables.iter().map(|value| variable(value, page)).collect();
    screen += &section(Text::new("Variables", "変数"), variables, page);
    let test = page.paint(Meaning::Command, &safe(&command(shown, "test", "")));
    let (method, path) = shown.call.as_ref().map_or(("GET", "/"), |(method, path)| (method, path));
    let call = command(shown, "request", &format!(" {method} {}", shell::word(path)));
    let snippet = page.paint(Meaning::Command, &safe(&call));
    screen
        + &format!(
            "\n  {} {test}\n  {} {snippet}\n",
            page.say(Text::new("Test it:", "テスト:")),
            page.say(Text::new("Use it: ", "利用:  "))
        )
}

fn section(name: Text, facts: Vec<Fact>, page: &Page) -> String {
    if facts.is_empty() {
        return String::new();
    }
    format!("\n  {}\n{}", page.paint(Meaning::Strong, page.say(name)), block(facts, page))
}

fn block(facts: Vec<Fact>, page: &Page) -> String {
    let longest = facts.iter().map(|(name, _)| crate::base::safe_text::width(name)).max().unwrap_or(0);
    let label = (longest + 2).clamp(LABEL, 30);
    let mut screen = String::new();
    for (name, words) in facts {
        let lead = format!("  {}", page.paint(Meaning::Label, &wrap::pad(&short(&name, label - 1), label)));
        screen += &wrap::hanging(&lead, label + 2, &words, page.text_width());
    }
    screen
}

/// A name that fits. The key in it is what commands take: it stays whole, and the label gives way.
fn short(name: &str, cells: usize) -> String {
    let Some((label, key)) = name.rsplit_once(" (") else { return wrap::cut(name, cells) };
    let key = format!(" ({key}");
    let room = cells.saturating_sub(crate::base::safe_text::width(&key));
    if room < SHORTEST { format!("{} ", key.trim_start()) } else { wrap::cut(label, room) + &key }
}

fn plain(shown: &Shown, page: &Page) -> String {
    let mut lines =
        format!("{}: {}\n", page.say(Text::new("Connection", "接続")), safe(&shown.connection.name));
    let parameters = shown.parameters.iter().map(|value| parameter(value, page));
    let variables = shown.variables.iter().map(|value| variable(value, page));
    for (name, words) in facts(shown, page).into_iter().chain(parameters).chain(variables) {
        lines += &format!("{name}: {}\n", words.replace(" · ", ", "));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::short;

    #[test]
    fn a_key_is_never_cut() {
        for (name, expected) in [
            ("API key (api_key)", "API key (api_key)"),
            ("Personal access token (access_token)", "Personal acce… (access_token)"),
            ("個人アクセストークン (access_token)", "個人アクセス… (access_token)"),
            ("Label (a_key_that_leaves_no_room_for_it)", "(a_key_that_leaves_no_room_for_it) "),
            ("a label without any key in it, and long", "a label without any key in i…"),
        ] {
            assert_eq!(short(name, 29), expected);
        }
    }
}
