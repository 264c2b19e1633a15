//! `conn history`: earlier results of one connection, repeats folded.

use clap::Args;
use serde_json::{Value, json};

use super::Context;
use super::help::{number, say};
use super::list::no_such_form;
use crate::base::Text;
use crate::cause::ExitClass;
use crate::config::Format;
use crate::operation::Failure;
use crate::operation::history::history;
use crate::output::paint::Meaning;
use crate::output::table::{Cell, Table};
use crate::output::words::safe;
use crate::output::{Page, machine};
use crate::port::HistoryRow;

/// The schema of a history.
const SCHEMA: &str = "conn.history/1";

/// Arguments of `conn history`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The connection.
    #[arg(value_name = "LINK_NAME", help = say("The connection", "接続のリンク名"))]
    link_name: String,
    /// How many.
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = number::<usize>(1, 1_000_000), help = say("At most so many lines", "表示する最大件数"))]
    limit: usize,
}

/// Runs `conn history`.
///
/// # Errors
/// When there is no such connection, or the ledger cannot be read.
pub fn run(arguments: &Arguments, context: &Context) -> Result<ExitClass, Failure> {
    let Arguments { link_name, limit } = arguments;
    // One more tells that there are more.
    let found = history(context.world, link_name, limit + 1)?;
    let page = context.page();
    let rows = &found[..found.len().min(*limit)];
    match context.settings.format {
        Format::Human | Format::Plain if rows.is_empty() => context.print(&none(link_name, &page)),
        Format::Human => context.print(&human(&found, *limit, &page)),
        Format::Plain => context.print(&plain(rows, &page)),
        Format::Json => {
            let objects: Vec<Value> = rows.iter().map(object).collect();
            context.print(&machine::pretty(&machine::harmless(json!({
                "schema": SCHEMA,
                "tool": machine::tool(),
                "link_name": link_name,
                "results": objects,
            }))));
        }
        Format::Jsonl => {
            for row in rows {
                context.print(&format!("{}\n", machine::harmless(object(row))));
            }
        }
        Format::Junit | Format::Github | Format::Openmetrics | Format::Sarif | Format::Md => {
            return Err(no_such_form(&[]));
        }
    }
    Ok(ExitClass::Healthy)
}

fn object(row: &HistoryRow) -> Value {
    json!({
        "link_name": row.link_name,
        "environment": row.environment,
        "account": row.account,
        "verb": row.verb,
        "verdict": row.verdict,
        "code": row.code,
        "detail": row.detail,
        "first_seen": machine::moment(Some(row.first_seen)),
        "last_seen": machine::moment(Some(row.last_seen)),
        "count": row.count,
    })
}

/// The verdict's word for people.
fn verdict(row: &HistoryRow, page: &Page) -> (String, Meaning) {
    const REPAIRED: Text = Text::new("✓ repaired", "✓ 修復");
    const TRIED: Text = Text::new("· repair not kept", "· 修復を試行");
    match row.verdict.as_str() {
        "repaired" => return (page.say(REPAIRED).to_owned(), Meaning::Good),
        "not_repaired" => return (page.say(TRIED).to_owned(), Meaning::Faint),
        _ => {}
    }
    let known = machine::VERDICTS.into_iter().find(|verdict| verdict.code() == row.verdict);
    known.map_or_else(
        || (safe(&row.verdict), Meaning::Faint),
        |known| {
            let (mark, meaning) = crate::output::paint::verdict(known);
            (format!("{mark} {}", page.say(known.text())), meaning)
        },
    )
}

/// At most so many rows, and whether there are more.
fn human(rows: &[HistoryRow], limit: usize, page: &Page) -> String {
    let head = [
        Text::new("FIRST SEEN", "最初"),
        Text::new("LAST SEEN", "最後"),
        Text::new("COUNT", "回数"),
        Text::new("RESULT", "判定"),
        Text::new("CODE", "コード"),
        Text::new("ACCOUNT", "アカウント"),
    ];
    let of_accounts = rows.iter().any(|row| row.account.is_some());
    let columns = if of_accounts { head.len() } else { head.len() - 1 };
    let mut table = Table::new(&head.map(|name| page.say(name))[..columns]).whole(&[0, 1, 3, 4]);
    for row in rows.iter().take(limit) {
        let (words, meaning) = verdict(row, page);
        let last =
            if row.count == 1 { String::new() } else { page.later_moment(row.first_seen, row.last_seen) };
        table.row(vec![
            page.moment(row.first_seen).into(),
            last.into(),
            row.count.to_string().into(),
            Cell::painted(words, meaning),
            safe(row.code.as_deref().unwrap_or_default()).into(),
            safe(row.account.as_deref().unwrap_or_default()).into(),
        ]);
    }
    let mut screen = table.render(page);
    if rows.len() > limit {
        const MORE: Text = Text::new(
            "There are older ones: --limit N shows more than {limit}.\n",
            "これより古い結果もあります。{limit} 件より多く表示するには --limit N を指定してください。\n",
        );
        screen += MORE.fill(&[("limit", &limit.to_string())]).get(page.language);
    }
    screen
}

fn none(link_name: &str, page: &Page) -> String {
    const NONE: Text = Text::new(
        "No result yet. Run: conn test {name}\n",
        "まだ結果がありません。conn test {name} を実行してください。\n",
    );
    NONE.fill(&[("name", link_name)]).get(page.language).to_owned()
}

fn plain(rows: &[HistoryRow], page: &Page) -> String {
    const LINE: Text = Text::new(
        "{first} to {last}: {verdict} {code}, {count} times{whose}\n",
        "{first} から {last} まで: {verdict} {code}、{count} 回{whose}\n",
    );
    const WHOSE: Text = Text::new(", {account}", "、{account}");
    let lines = rows.iter().map(|row| {
        let (words, _) = verdict(row, page);
        let account = row.account.as_deref().map(safe);
        let whose = account.map(|account| page.fill(WHOSE, &[("account", &account)])).unwrap_or_default();
        let values = [
            ("first", &*page.moment(row.first_seen)),
            ("last", &*page.moment(row.last_seen)),
            ("verdict", words.split_once(' ').map_or(&*words, |(_, word)| word)),
            ("code", row.code.as_deref().unwrap_or_default()),
            ("count", &*row.count.to_string()),
            ("whose", &whose),
        ];
        page.fill(LINE, &values).replace(" ,", ",").replace(" 、", "、")
    });
    page.finish(lines.collect())
}
