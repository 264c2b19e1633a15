//! `conn list --deprecations`: what services announced about their own end, soonest first.

use serde_json::{Value, json};

use super::Context;
use super::list::no_such_form;
use crate::base::Text;
use crate::cause::ExitClass;
use crate::config::Format;
use crate::operation::Failure;
use crate::operation::list::deprecations;
use crate::output::paint::Meaning;
use crate::output::table::{Cell, Table};
use crate::output::words::safe;
use crate::output::{Page, machine};
use crate::port::NoticeRow;

/// The schema of the answer.
const SCHEMA: &str = "conn.deprecations/1";
/// An end that is nearer than this is painted as one that needs a hand.
const NEAR: i64 = 14;

/// Prints every notice.
///
/// # Errors
/// When the ledger or a definition cannot be read.
pub fn run(tag: Option<&str>, context: &Context) -> Result<ExitClass, Failure> {
    let rows = deprecations(context.world, tag)?;
    let page = context.page();
    match context.settings.format {
        Format::Human => context.print(&human(&rows, &page)),
        Format::Plain => context.print(&plain(&rows, &page)),
        Format::Json => context.print(&machine::pretty(&machine::harmless(json!({
            "schema": SCHEMA,
            "tool": machine::tool(),
            "notices": rows.iter().map(|row| object(row, &page)).collect::<Vec<_>>(),
        })))),
        Format::Jsonl => {
            for row in &rows {
                context.print(&format!("{}\n", machine::harmless(object(row, &page))));
            }
        }
        _ => return Err(no_such_form(&[])),
    }
    Ok(ExitClass::Healthy)
}

/// Whole days until the end; negative where it has passed.
fn days(row: &NoticeRow, page: &Page) -> Option<i64> {
    Some(row.notice.date?.duration_since(page.now).as_hours().div_euclid(24))
}

fn object(row: &NoticeRow, page: &Page) -> Value {
    json!({
        "link_name": row.link_name,
        "environment": row.environment,
        "request": row.notice.request,
        "header": row.notice.header,
        "value": row.notice.value,
        "date": machine::moment(row.notice.date),
        "days_left": days(row, page),
        "link": row.notice.link,
        "first_seen": machine::moment(Some(row.first_seen)),
        "last_seen": machine::moment(Some(row.last_seen)),
    })
}

fn none(page: &Page) -> String {
    let text = Text::new(
        "No service has announced the end of anything in use. conn test collects what they announce.\n",
        "提供終了などの予告はありません（予告は conn test の実行時に収集します）。\n",
    );
    page.say(text).to_owned()
}

fn human(rows: &[NoticeRow], page: &Page) -> String {
    if rows.is_empty() {
        return none(page);
    }
    let head = [
        Text::new("LINK NAME", "リンク名"),
        Text::new("DATE", "日付"),
        Text::new("DAYS LEFT", "残り日数"),
        Text::new("NOTICE", "予告"),
        Text::new("REQUEST", "リクエスト"),
        Text::new("FIRST SEEN", "最初"),
        Text::new("LAST SEEN", "最後"),
    ];
    let mut table = Table::new(&head.map(|name| page.say(name)));
    for row in rows {
        let left = days(row, page);
        let meaning = match left {
            Some(..0) => Meaning::Bad,
            Some(0..NEAR) => Meaning::Warning,
            _ => Meaning::Strong,
        };
        let dash = || "-".to_owned();
        table.row([
            Cell::painted(safe(&row.link_name), Meaning::Strong),
            row.notice.date.map_or_else(dash, |date| date.strftime("%Y-%m-%d").to_string()).into(),
            Cell::painted(left.map_or_else(dash, |left| left.to_string()), meaning),
            safe(&format!("{}: {}", row.notice.header, row.notice.value)).into(),
            safe(&row.notice.request).into(),
            page.moment(row.first_seen).into(),
            page.moment(row.last_seen).into(),
        ]);
    }
    table.render(page)
}

fn plain(rows: &[NoticeRow], page: &Page) -> String {
    if rows.is_empty() {
        return none(page);
    }
    let line = Text::new(
        "{name}: {header} {value}, {request}, first seen {first}, last seen {last}\n",
        "{name}: {header} {value}、{request}、最初 {first}、最後 {last}\n",
    );
    let lines = rows.iter().map(|row| {
        let values = [
            ("name", &*safe(&row.link_name)),
            ("header", &*safe(&row.notice.header)),
            ("value", &*safe(&row.notice.value)),
            ("request", &*safe(&row.notice.request)),
            ("first", &*page.moment(row.first_seen)),
            ("last", &*page.moment(row.last_seen)),
        ];
        page.fill(line, &values)
    });
    page.finish(lines.collect())
}
