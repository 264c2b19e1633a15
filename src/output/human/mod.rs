//! The screen for people. One connection gets its headline and what was found; `diagnose` adds the ladder of
//! layers; several connections are grouped by cause.

mod account;
mod changes;
mod checks;
mod failure;
mod headline;
mod ladder;
mod many;

use super::{Page, Renderer, repair, words, wrap};
use crate::base::Text;
use crate::cause::ExitClass;
use crate::diagnosis::{Entry, Report};
use crate::model::{State, Verdict};

/// Sentences, marks and colours.
pub struct Human;

impl Renderer for Human {
    fn name(&self) -> &'static str {
        "human"
    }

    fn render(&self, report: &Report, page: &Page) -> String {
        let screen = match report.entries.as_slice() {
            [entry] if !page.quiet => single(report, entry, page),
            _ => many::render(report, page),
        };
        page.finish(screen)
    }
}

/// Why nothing was tested, and how to change that.
fn skipped(entry: &Entry, page: &Page) -> String {
    const DISABLED: Text = Text::new(
        "Nothing was sent: {name} is disabled. To use it again: conn enable {name}",
        "{name} は無効のため、何も送信していません。有効に戻すには conn enable {name} を実行してください。",
    );
    const OTHERWISE: Text = Text::new(
        "Nothing was sent: {name} ({why}). See what it needs: conn show {name}",
        "何も送信していません: {name}（{why}）。詳細は conn show {name} で確認できます。",
    );
    let text = if entry.state == State::Disabled { DISABLED } else { OTHERWISE };
    let values = [("name", &*words::safe(&entry.subject.link_name)), ("why", &words::untested(entry, page))];
    let line = page.fill(text, &values);
    wrap::hanging("  ", 2, &line, page.text_width())
}

fn single(report: &Report, entry: &Entry, page: &Page) -> String {
    let mut screen = match report.verb {
        "diagnose" => headline::detailed(entry, page) + "\n" + &ladder::render(entry, page),
        _ => headline::short(entry, page),
    };
    if entry.verdict == Verdict::Skipped {
        screen += &skipped(entry, page);
    }
    if !entry.checks.is_empty() {
        screen += "\n";
        screen += &checks::render(entry, page);
    }
    // Where a test is in order, what changed is told by diagnose alone.
    if report.verb == "diagnose" || entry.exit(true) != ExitClass::Healthy {
        screen += &changes::render(entry, page);
    }
    if !entry.fixes.is_empty() {
        screen += "\n";
        screen += &repair::block(entry, page);
    }
    for finding in &entry.findings {
        screen += "\n";
        screen += &failure::block(report, entry, finding, page);
    }
    screen += &account::render(entry, page);
    if report.verb == "diagnose" {
        screen += "\n";
        screen += &account::controls(&entry.account.controls, page);
        screen += &ladder::footer(report, entry, page);
    }
    screen
}
