//! `conn list`: all connections with their states. Starts no runtime and asks no service.

use clap::Args;
use serde_json::{Value, json};

use super::Context;
use super::help::say;
use crate::base::Text;
use crate::cause::ExitClass;
use crate::config::Format;
use crate::model::State;
use crate::operation::Failure;
use crate::operation::list::{Filter, Row, list};
use crate::output::table::{Cell, Table};
use crate::output::words::safe;
use crate::output::{Page, machine, paint};

/// The schema of the list.
const SCHEMA: &str = "conn.connections/1";

/// Arguments of `conn list`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Only these.
    #[arg(long, value_name = "TAG", help = say("Only connections with this tag", "このタグの接続だけを表示します"))]
    tag: Option<String>,
    /// Only these.
    #[arg(long, value_name = "STATE", value_parser = ["pending", "connected", "needs_reconnect", "disabled"], help = say("Only connections in this state", "この状態の接続だけを表示します"))]
    state: Option<String>,
}

/// Runs `conn list`.
///
/// # Errors
/// When a definition or the ledger cannot be read.
pub fn run(arguments: &Arguments, context: &Context) -> Result<ExitClass, Failure> {
    let filter = Filter {
        tag: arguments.tag.clone(),
        state: arguments.state.as_deref().and_then(State::from_code),
        environment: context.settings.environment.clone(),
    };
    let rows = list(context.world, &filter)?;
    let page = context.page();
    match context.settings.format {
        Format::Human => context.print(&human(&rows, &page)),
        Format::Plain => context.print(&plain(&rows, &page)),
        Format::Json => {
            let objects: Vec<Value> = rows.iter().map(|row| object(row, &page)).collect();
            context.print(&machine::pretty(&machine::harmless(json!({
                "schema": SCHEMA,
                "tool": machine::tool(),
                "lang": page.language.tag(),
                "connections": objects,
            }))));
        }
        Format::Jsonl => {
            for row in &rows {
                context.print(&format!("{}\n", machine::harmless(object(row, &page))));
            }
        }
        Format::Junit | Format::Github => return Err(no_such_form()),
    }
    Ok(ExitClass::Healthy)
}

/// These forms are for results of tests only.
pub(super) fn no_such_form() -> Failure {
    let message = Text::new(
        "This command has no junit or github form; those are for conn test.",
        "このコマンドでは junit と github の形式は使えません（conn test 用の形式です）。",
    );
    let hint = Text::new(
        "Use --format human, plain, json or jsonl.",
        "--format には human、plain、json、jsonl を指定してください。",
    );
    Failure::usage(message.into(), Some(hint.into()))
}

fn object(row: &Row, page: &Page) -> Value {
    let connection = &row.connection;
    json!({
        "link_name": connection.name,
        "name": connection.value.name.as_ref().map(|name| name.get(page.language)),
        "connector": connection.value.connector,
        "service": row.service.get(page.language),
        "kind": connection.value.kind.code(),
        "environment": row.environment,
        "state": row.record.state.code(),
        "state_since": machine::moment(row.record.since),
        "last_ok": machine::moment(row.record.last_ok),
        "last_run": machine::moment(row.record.last_run),
        "last_verdict": row.record.last_verdict,
        "last_code": row.record.last_code,
        "owner": connection.value.owner,
        "tags": connection.value.tags,
        "origin": format!("{}:{}", connection.path.display(), connection.line),
        "layer": connection.kind.code(),
    })
}

/// The colour of a state.
pub(super) const fn colour(state: State) -> paint::Meaning {
    match state {
        State::Connected => paint::Meaning::Good,
        State::NeedsReconnect => paint::Meaning::Bad,
        State::Pending => paint::Meaning::Warning,
        State::Disabled => paint::Meaning::Faint,
    }
}

fn human(rows: &[Row], page: &Page) -> String {
    if rows.is_empty() {
        return empty(page);
    }
    let head = [
        Text::new("LINK NAME", "リンク名"),
        Text::new("SERVICE", "サービス"),
        Text::new("KIND", "種別"),
        Text::new("ENVIRONMENT", "環境"),
        Text::new("STATE", "状態"),
        Text::new("LAST OK", "最終成功"),
        Text::new("OWNER", "担当者"),
    ];
    let owned = rows.iter().any(|row| row.connection.value.owner.is_some());
    let columns = if owned { head.len() } else { head.len() - 1 };
    let head: Vec<&str> = head[..columns].iter().map(|name| page.say(*name)).collect();
    let mut table = Table::new(&head);
    for row in rows {
        let connection = &row.connection.value;
        let last_ok = row.record.last_ok.map_or_else(|| "-".to_owned(), |moment| page.moment(moment));
        let mut cells: Vec<Cell> = vec![
            Cell::painted(safe(&row.connection.name), paint::Meaning::Strong),
            safe(row.service.get(page.language)).into(),
            page.say(connection.kind.text()).into(),
            safe(&row.environment).into(),
            Cell::painted(page.say(row.record.state.text()), colour(row.record.state)),
            last_ok.into(),
        ];
        if owned {
            cells.push(safe(connection.owner.as_deref().unwrap_or("-")).into());
        }
        table.row(cells);
    }
    table.render(page)
}

fn empty(page: &Page) -> String {
    let text = Text::new(
        "No connections. Add one: conn add. Try it without any: conn demo\n",
        "接続がありません。追加するには conn add、試すには conn demo を実行してください。\n",
    );
    page.say(text).to_owned()
}

fn plain(rows: &[Row], page: &Page) -> String {
    if rows.is_empty() {
        return empty(page);
    }
    let line = Text::new(
        "{name}: {service}, {environment}, {state}, last success {last}\n",
        "{name}: {service}、{environment}、{state}、最終成功 {last}\n",
    );
    let never = Text::new("never", "なし");
    let lines = rows.iter().map(|row| {
        let last =
            row.record.last_ok.map_or_else(|| page.say(never).to_owned(), |moment| page.moment(moment));
        let values = [
            ("name", &*safe(&row.connection.name)),
            ("service", &*safe(row.service.get(page.language))),
            ("environment", &*safe(&row.environment)),
            ("state", page.say(row.record.state.text())),
            ("last", &*last),
        ];
        page.fill(line, &values)
    });
    page.finish(lines.collect())
}
