//! `conn list`: all connections with their states. Starts no runtime and asks no service.

use clap::Args;
use serde::Serialize;
use serde_json::Value;

use super::Context;
use super::help::say;
use crate::base::{Phrase, Text, Timestamp};
use crate::cause::ExitClass;
use crate::config::Format;
use crate::model::{State, Verdict};
use crate::operation::Failure;
use crate::operation::list::{Filter, Known, Row};
use crate::output::machine::Harmless;
use crate::output::openmetrics::{self, Family};
use crate::output::table::{Cell, Table};
use crate::output::words::{self, harmless, safe};
use crate::output::{Page, machine, paint};
use crate::port::StateRecord;

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
    /// What services announced.
    #[arg(long, conflicts_with = "state", help = say("What the services announced: versions that end, soonest first", "サービスが予告した提供終了を、近い順に表示します"))]
    deprecations: bool,
    /// What ends soon.
    #[arg(long, value_name = "DURATION", conflicts_with_all = ["state", "deprecations"], value_parser = within, help = say("What ends within this time (7d, 36h), soonest first: keys, tokens, consents, certificates", "この期間内（7d、36h）に期限が切れるキー・トークン・同意・証明書を、近い順に表示します"))]
    expiring: Option<jiff::SignedDuration>,
    /// What nobody uses.
    #[arg(long, value_name = "DURATION", conflicts_with_all = ["deprecations", "expiring"], value_parser = within, help = say("Only what no script, program or request has used for this long (90d), on this machine", "この端末でこの期間（90d）スクリプト・プログラム・リクエストから使われていない接続だけを表示します"))]
    unused: Option<jiff::SignedDuration>,
    /// Whether what ends soon counts.
    #[arg(long, requires = "expiring", help = say("Exit with 7 when anything ends within that time", "期間内に期限が切れるものがあれば終了コード 7 を返します"))]
    strict: bool,
}

fn within(text: &str) -> Result<jiff::SignedDuration, String> {
    let span = crate::base::time::span(text).filter(jiff::SignedDuration::is_positive);
    span.ok_or_else(|| say("write 7d, 36h or 90m", "7d、36h、90m のように指定してください").to_owned())
}

/// Runs `conn list`.
///
/// # Errors
/// When a definition or the ledger cannot be read.
pub fn run(arguments: &Arguments, context: &Context) -> Result<ExitClass, Failure> {
    if arguments.deprecations {
        return super::deprecations::run(arguments.tag.as_deref(), context);
    }
    if let Some(within) = arguments.expiring {
        return super::expiring::run(within, arguments.tag.as_deref(), arguments.strict, context);
    }
    let filter = Filter {
        tag: arguments.tag.clone(),
        state: arguments.state.as_deref().and_then(State::from_code),
        environment: context.settings.environment.clone(),
        unused_since: arguments.unused.and_then(|span| context.page().now.checked_sub(span).ok()),
    };
    let known = Known::read(context.world)?;
    let listed = known.list(&filter)?;
    let rows = listed.rows;
    super::test::tell_collisions(&known.collisions()?, context);
    let page = context.page();
    match context.settings.format {
        Format::Human | Format::Plain if rows.is_empty() => context.print(&empty(filter.is_any(), &page)),
        Format::Human => context.print(&human(&rows, filter.unused_since.is_some(), &page)),
        Format::Plain => context.print(&plain(&rows, &page)),
        Format::Json => context.print(&machine::pretty(&Document {
            schema: SCHEMA,
            tool: machine::tool(),
            lang: page.language.tag(),
            connections: rows.iter().map(|row| Object::new(row, &page)).collect(),
        })),
        Format::Jsonl => {
            let lines = rows.iter().map(|row| machine::line(&Object::new(row, &page)));
            context.print(&lines.collect::<String>());
        }
        Format::Openmetrics => context.print(&metrics(&rows)),
        Format::Junit | Format::Github | Format::Sarif | Format::Md => {
            return Err(no_such_form(&["openmetrics"]));
        }
    }
    tell_strangers(&listed.strangers, context);
    Ok(ExitClass::Healthy)
}

/// Says which connections are left out, because they do not know the environment.
pub(super) fn tell_strangers(names: &[impl AsRef<str>], context: &Context) {
    const LEFT_OUT: Text = Text::new(
        "Left out, without an environment {environment} ({count}): {names}",
        "環境 {environment} がない接続は表示していません（{count} 件）: {names}",
    );
    if let (false, Some(environment)) = (names.is_empty(), &context.settings.environment) {
        let (shown, count) = (words::some(names), names.len().to_string());
        let values = [("environment", &*safe(environment)), ("count", &count), ("names", &shown)];
        context.remark(&LEFT_OUT.fill(&values));
    }
}

/// What the last runs left behind, for a scrape that sends nothing.
fn metrics(rows: &[Row<'_>]) -> String {
    let mut up = Family::new("conn_up", "Whether the connection worked at the last run.");
    let mut state = Family::new("conn_state", "The lasting state, always 1.");
    let mut last = Family::new("conn_last_success_timestamp_seconds", "The last success.");
    for row in rows {
        let connection = row.connection.link_name;
        let own = [
            ("connection", connection),
            ("connector", row.connection.connector.as_ref()),
            ("environment", &*row.environment),
        ];
        state.add(&[&own[..], &[("state", row.state().code())]].concat(), 1.0);
        let Some(record) = row.record else { continue };
        let verdict = record.last_verdict.as_deref().and_then(Verdict::from_code);
        match verdict {
            Some(verdict) if verdict.is_healthy() => up.add(&own, 1.0),
            Some(verdict) if words::is_failed(verdict) => up.add(&own, 0.0),
            _ => {}
        }
        if let Some(moment) = record.last_ok {
            last.add(&own, openmetrics::seconds(moment));
        }
    }
    openmetrics::text(&[up, state, last])
}

/// A form that a command does not have; these has it beside the usual ones.
pub(super) fn no_such_form(more: &[&str]) -> Failure {
    let message = Text::new(
        "This command has no such form; junit and github are for conn test, sarif for conn lint, md for conn explain.",
        "このコマンドではこの形式を使えません（junit と github は conn test、sarif は conn lint、md は conn explain 用です）。",
    );
    const HINT: Text = Text::new("Use --format with one of: {forms}", "--format に指定できるもの: {forms}");
    let forms = [&["human", "plain", "json", "jsonl"], more].concat();
    let forms = Phrase { en: forms.join(", "), ja: forms.join("、") };
    Failure::usage(message.into(), Some(HINT.fill_phrases(&[("forms", forms)])))
}

/// The whole answer.
#[derive(Serialize)]
struct Document<'r> {
    schema: &'static str,
    tool: Value,
    lang: &'static str,
    connections: Vec<Object<'r>>,
}

/// One connection of the answer.
#[derive(Serialize)]
struct Object<'r> {
    link_name: Harmless<'r>,
    name: Option<Harmless<'r>>,
    connector: Harmless<'r>,
    service: Harmless<'r>,
    kind: &'static str,
    environment: Harmless<'r>,
    state: &'static str,
    state_since: Value,
    last_ok: Value,
    last_run: Value,
    last_used: Value,
    last_verdict: Option<Harmless<'r>>,
    last_code: Option<Harmless<'r>>,
    owner: Option<Harmless<'r>>,
    tags: Vec<Harmless<'r>>,
    origin: String,
    layer: &'static str,
}

impl<'r> Object<'r> {
    fn new(row: &'r Row<'r>, page: &Page) -> Self {
        let connection = &row.connection;
        let record = row.record;
        let moment = |of: fn(&StateRecord) -> Option<Timestamp>| machine::moment(record.and_then(of));
        Self {
            link_name: Harmless(connection.link_name),
            name: connection.name.as_ref().map(|name| Harmless(name.get(page.language))),
            connector: Harmless(&connection.connector),
            service: Harmless(row.service.get(page.language)),
            kind: connection.kind.code(),
            environment: Harmless(&row.environment),
            state: row.state().code(),
            state_since: moment(|record| record.since),
            last_ok: moment(|record| record.last_ok),
            last_run: moment(|record| record.last_run),
            last_used: moment(|record| record.used),
            last_verdict: record.and_then(|record| record.last_verdict.as_deref()).map(Harmless),
            last_code: record.and_then(|record| record.last_code.as_deref()).map(Harmless),
            owner: connection.owner.as_deref().map(Harmless),
            tags: connection.tags.iter().map(Harmless).collect(),
            origin: safe(&format!("{}:{}", connection.path.display(), connection.line)),
            layer: connection.layer.code(),
        }
    }
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

/// The table; where somebody asked for what nobody uses, with the last use in the place of the last success.
fn human(rows: &[Row<'_>], of_uses: bool, page: &Page) -> String {
    let last =
        if of_uses { Text::new("LAST USED", "最終利用") } else { Text::new("LAST OK", "最終成功") };
    let head = [
        Text::new("LINK NAME", "リンク名"),
        Text::new("SERVICE", "サービス"),
        Text::new("KIND", "種別"),
        Text::new("ENVIRONMENT", "環境"),
        Text::new("STATE", "状態"),
        last,
        Text::new("OWNER", "担当者"),
    ];
    let owned = rows.iter().any(|row| row.connection.owner.is_some());
    let columns = if owned { head.len() } else { head.len() - 1 };
    let head = head.map(|name| page.say(name));
    let mut table = Table::new(&head[..columns]).whole(&[0, 4, 5]);
    table.reserve(rows.len());
    let (mut services, mut environments) = (Repeated::default(), Repeated::default());
    for row in rows {
        let connection = &row.connection;
        let last = row.record.and_then(|record| if of_uses { record.used } else { record.last_ok });
        table.row([
            Cell::painted(harmless(connection.link_name), paint::Meaning::Strong),
            services.cell(row.service.get(page.language)),
            page.say(connection.kind.text()).into(),
            environments.cell(&row.environment),
            Cell::painted(page.say(row.state().text()), colour(row.state())),
            last.map_or_else(|| "-".into(), |moment| page.moment(moment).into()),
            connection.owner.as_deref().map_or_else(|| "-".into(), |owner| harmless(owner).into()),
        ]);
    }
    table.render(page)
}

/// The cell of a column in which most rows say what the one above says.
#[derive(Default)]
struct Repeated<'r> {
    words: &'r str,
    cell: Cell<'r>,
}

impl<'r> Repeated<'r> {
    fn cell(&mut self, words: &'r str) -> Cell<'r> {
        if self.words != words {
            *self = Self { words, cell: harmless(words).into() };
        }
        self.cell.clone()
    }
}

/// Nothing to list; `filtered` where there may be others.
fn empty(filtered: bool, page: &Page) -> String {
    if filtered {
        return page.say(Text::new("No connection matches.\n", "該当する接続はありません。\n")).to_owned();
    }
    let text = Text::new(
        "No connections. Add one: conn add. Try it without any: conn demo\n",
        "接続がありません。追加するには conn add、試すには conn demo を実行してください。\n",
    );
    page.say(text).to_owned()
}

fn plain(rows: &[Row<'_>], page: &Page) -> String {
    let line = Text::new(
        "{name}: {service}, {environment}, {state}, last success {last}\n",
        "{name}: {service}、{environment}、{state}、最終成功 {last}\n",
    );
    let never = Text::new("never", "なし");
    let lines = rows.iter().map(|row| {
        let last_ok = row.record.and_then(|record| record.last_ok);
        let last = last_ok.map_or_else(|| page.say(never).to_owned(), |moment| page.moment(moment));
        let values = [
            ("name", &*harmless(row.connection.link_name)),
            ("service", &*harmless(row.service.get(page.language))),
            ("environment", &*harmless(&row.environment)),
            ("state", page.say(row.state().text())),
            ("last", &*last),
        ];
        page.fill(line, &values)
    });
    page.finish(lines.collect())
}
