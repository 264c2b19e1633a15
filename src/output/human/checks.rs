//! The checks after a reconnect, V1 to V8, between the state before and the state now.

use super::super::page::Page;
use super::super::paint::Meaning;
use super::super::words::safe;
use super::super::wrap;
use crate::base::Text;
use crate::diagnosis::Entry;
use crate::diagnosis::report::Check;

/// The checks, one a line.
pub(super) fn render(entry: &Entry, page: &Page) -> String {
    let values = [("before", page.say(entry.subject.state.text())), ("now", page.say(entry.state.text()))];
    let heading = page.fill(
        Text::new(
            "Checks after reconnecting (before: {before} → now: {now})",
            "再接続後の確認（前: {before} → 現在: {now}）",
        ),
        &values,
    );
    let mut screen = wrap::hanging("  ", 2, &heading, page.text_width());
    for check in &entry.checks {
        screen += &line(check, page);
    }
    screen
}

fn line(check: &Check, page: &Page) -> String {
    let (mark, meaning, word) = match check.passed {
        Some(true) => ("✓", Meaning::Good, Text::new("", "")),
        Some(false) => ("✗", Meaning::Bad, Text::new("failed: ", "失敗: ")),
        None => ("·", Meaning::Faint, Text::new("not applicable: ", "対象外: ")),
    };
    let lead = format!("  {} {}  ", check.id, page.paint(meaning, mark));
    let words = format!("{}{}", page.say(word), safe(check.words.get(page.language)));
    wrap::hanging(&lead, 2 + check.id.len() + 1 + 1 + 2, &words, page.text_width())
}
