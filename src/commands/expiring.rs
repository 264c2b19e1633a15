//! `conn list --expiring`: what ends soon, soonest first. Starts no runtime and asks nobody.

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::Context;
use super::list::{no_such_form, tell_strangers};
use crate::base::{Phrase, Text};
use crate::cause::ExitClass;
use crate::config::Format;
use crate::operation::Failure;
use crate::operation::expiring::{End, Forecast, forecast};
use crate::operation::list::Filter;
use crate::output::openmetrics::{self, Family};
use crate::output::paint::Meaning;
use crate::output::table::{Cell, Table};
use crate::output::words::{self, safe};
use crate::output::{Page, machine};

/// The schema of the answer.
const SCHEMA: &str = "conn.expiring/1";

/// Prints what ends within a time.
///
/// # Errors
/// When the ledger or a definition cannot be read.
pub fn run(
    within: SignedDuration,
    tag: Option<&str>,
    strict: bool,
    context: &Context,
) -> Result<ExitClass, Failure> {
    let page = context.page();
    let until = page.now.checked_add(within).unwrap_or(crate::base::Timestamp::MAX);
    let filter = Filter {
        tag: tag.map(str::to_owned),
        state: None,
        environment: context.settings.environment.clone(),
        unused_since: None,
    };
    let found = forecast(context.world, &filter, until)?;
    let exit = if strict && !found.ends.is_empty() { ExitClass::Warnings } else { ExitClass::Healthy };
    match context.settings.format {
        Format::Human => context.print(&human(&found, &page)),
        Format::Plain => context.print(&plain(&found, &page)),
        Format::Json => context.print(&machine::pretty(&machine::harmless(json!({
            "schema": SCHEMA,
            "tool": machine::tool(),
            "until": machine::moment(Some(until)),
            "exit": machine::exit(exit),
            "ends": found.ends.iter().map(|end| object(end, &page)).collect::<Vec<_>>(),
            "unknown": found.unknown,
        })))),
        Format::Jsonl => {
            for end in &found.ends {
                context.print(&format!("{}\n", machine::harmless(object(end, &page))));
            }
        }
        Format::Openmetrics => context.print(&metrics(&found)),
        _ => return Err(no_such_form(&["openmetrics"])),
    }
    if let (Some(remark), Format::Human | Format::Plain | Format::Jsonl) =
        (unknown(&found), context.settings.format)
    {
        context.remark(&remark);
    }
    tell_strangers(&found.strangers, context);
    Ok(exit)
}

/// Says of how many connections nothing is known.
fn unknown(found: &Forecast) -> Option<Phrase> {
    const UNKNOWN: Text = Text::new(
        "Nothing is known of connections that never worked ({names}): conn test --all",
        "まだ成功していない接続の期限は不明です（{names}）。確認するには conn test --all を実行してください。",
    );
    let names = words::some(&found.unknown);
    (!names.is_empty()).then(|| UNKNOWN.fill(&[("names", &names)]))
}

/// Whole days until the end; negative where it has passed.
fn days(end: &End, page: &Page) -> i64 {
    end.at.duration_since(page.now).as_hours().div_euclid(24)
}

/// The connection, with the account where it has several.
fn name(end: &End) -> String {
    match &end.account {
        Some(account) => safe(&format!("{}/{account}", end.link_name)),
        None => safe(&end.link_name),
    }
}

fn object(end: &End, page: &Page) -> Value {
    json!({
        "link_name": end.link_name,
        "account": end.account,
        "service": end.service.get(page.language),
        "environment": end.environment,
        "what": end.what.code(),
        "at": machine::moment(Some(end.at)),
        "days_left": days(end, page),
        "command": end.what.command(&end.link_name),
    })
}

/// Nothing to tell; with `--quiet` nothing at all.
fn none(page: &Page) -> String {
    if page.quiet {
        return String::new();
    }
    let text = Text::new(
        "Nothing that conn knows of ends within that time.\n",
        "この期間内に期限が切れるものはありません（conn が把握している範囲）。\n",
    );
    page.say(text).to_owned()
}

/// What is to be done, in words.
fn step(end: &End, page: &Page) -> String {
    let renewed = Text::new("the service renews it", "サービス側で更新されます");
    end.what.command(&end.link_name).map_or_else(|| page.say(renewed).to_owned(), |command| safe(&command))
}

fn human(found: &Forecast, page: &Page) -> String {
    if found.ends.is_empty() {
        return none(page);
    }
    let head = [
        Text::new("LINK NAME", "リンク名"),
        Text::new("ENDS", "期限"),
        Text::new("DAYS LEFT", "残り日数"),
        Text::new("WHAT", "対象"),
        Text::new("ENVIRONMENT", "環境"),
        Text::new("NEXT STEP", "次の手順"),
    ];
    let mut table = Table::new(&head.map(|name| page.say(name)));
    for end in &found.ends {
        let left = days(end, page);
        let meaning = if left < 0 { Meaning::Bad } else { Meaning::Warning };
        table.row([
            Cell::painted(name(end), Meaning::Strong),
            page.moment(end.at).into(),
            Cell::painted(left.to_string(), meaning),
            page.say(end.what.text()).into(),
            safe(&end.environment).into(),
            step(end, page).into(),
        ]);
    }
    table.render(page)
}

fn plain(found: &Forecast, page: &Page) -> String {
    if found.ends.is_empty() {
        return none(page);
    }
    let line = Text::new(
        "{name}: {what} ends {at}, days left: {days}, {environment}, next step: {step}\n",
        "{name}: {what}の期限 {at}、残り {days} 日、{environment}、次の手順: {step}\n",
    );
    let lines = found.ends.iter().map(|end| {
        let values = [
            ("name", &*name(end)),
            ("what", page.say(end.what.text())),
            ("at", &*page.moment(end.at)),
            ("days", &*days(end, page).to_string()),
            ("environment", &*safe(&end.environment)),
            ("step", &*step(end, page)),
        ];
        page.fill(line, &values)
    });
    page.finish(lines.collect())
}

fn metrics(found: &Forecast) -> String {
    let mut family = Family::new("conn_expires_timestamp_seconds", "When something of a connection ends.");
    for end in &found.ends {
        let account = end.account.as_deref().unwrap_or_default();
        let labels = [
            ("connection", end.link_name.as_str()),
            ("environment", &end.environment),
            ("account", account),
            ("what", end.what.code()),
        ];
        family.add(&labels, openmetrics::seconds(end.at));
    }
    openmetrics::text(&[family])
}
