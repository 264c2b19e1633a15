//! The ladder of layers, ground up, with the time that each took.

use super::super::page::Page;
use super::super::paint::{self, Meaning};
use super::super::words::{self, safe};
use super::super::wrap;
use crate::base::Text;
use crate::base::safe_text::width;
use crate::diagnosis::report::StageLine;
use crate::diagnosis::{Entry, Report, Stage, StageStatus};

/// Cells of the time bar.
const BAR: usize = 16;
/// Cells of a layer's name.
const NAME: usize = 9;
/// Cells of the time.
const TIME: usize = 7;
/// Pages narrower than this have no bar.
const BAR_PAGE: usize = 76;

/// All ten layers; those that nobody looked at are shown as such.
pub(super) fn render(entry: &Entry, page: &Page) -> String {
    let total: f64 = entry.stages.iter().filter_map(|line| line.ms).sum();
    let mut screen = String::new();
    let mut elapsed = 0.0;
    for stage in Stage::ALL {
        let line = entry.stages.iter().find(|line| line.stage == stage);
        screen += &rung(stage, line, elapsed, total, page);
        elapsed += line.and_then(|line| line.ms).unwrap_or(0.0);
    }
    screen
}

fn rung(stage: Stage, line: Option<&StageLine>, elapsed: f64, total: f64, page: &Page) -> String {
    let status = line.map_or(StageStatus::NotReached, |line| line.status);
    let (mark, meaning) = paint::stage(status);
    let name = wrap::pad(page.say(words::stage(stage)), NAME);
    let lead = format!("  {name} {}  ", page.paint(meaning, mark));
    let indent = 2 + NAME + 1 + width(mark) + 2;
    let said = said(line, status, page);
    let time = line.and_then(|line| line.ms).map(|ms| clock(ms, elapsed, total, page));
    let Some((right, cells)) = time else {
        return block(&lead, indent, &said, page.text_width(), meaning, page);
    };
    let column = page.text_width().saturating_sub(indent + cells + 2).max(20);
    let mut lines = wrap::lines(&said, column).into_iter();
    let first = lines.next().unwrap_or_default();
    let mut screen = format!("{lead}{}  {right}\n", wrap::pad(&first, column));
    for line in lines {
        screen += &wrap::pad("", indent);
        screen += &line;
        screen += "\n";
    }
    screen
}

fn block(lead: &str, indent: usize, said: &str, limit: usize, meaning: Meaning, page: &Page) -> String {
    let mut screen = String::new();
    for (index, line) in wrap::lines(said, limit.saturating_sub(indent).max(20)).iter().enumerate() {
        screen += &if index == 0 { lead.to_owned() } else { wrap::pad("", indent) };
        screen += &if meaning == Meaning::Faint { page.paint(meaning, line) } else { line.clone() };
        screen += "\n";
    }
    screen
}

fn said(line: Option<&StageLine>, status: StageStatus, page: &Page) -> String {
    let words = line.map(|line| safe(line.words.get(page.language))).unwrap_or_default();
    if words.is_empty() { page.say(words::stage_status(status)).to_owned() } else { words }
}

/// The bar and the time, with their width in cells.
fn clock(ms: f64, elapsed: f64, total: f64, page: &Page) -> (String, usize) {
    let took = words::duration(ms, page.language);
    let right = format!("{}{took}", wrap::pad("", TIME.saturating_sub(width(&took))));
    if page.text_width() < BAR_PAGE {
        let cells = width(&right);
        return (right, cells);
    }
    let (start, length) = span(ms, elapsed, total);
    let bar = format!(
        "|{}{}{}|",
        " ".repeat(start),
        page.paint(Meaning::Label, &"█".repeat(length)),
        " ".repeat(BAR - start - length)
    );
    (format!("{bar} {right}"), BAR + 2 + 1 + width(&right))
}

/// Where the bar begins and how long it is, in cells; at least one.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a share of a bar of a few cells"
)]
fn span(ms: f64, elapsed: f64, total: f64) -> (usize, usize) {
    if total <= 0.0 {
        return (0, 1);
    }
    let cells = |part: f64| (part / total * BAR as f64).round().clamp(0.0, BAR as f64) as usize;
    let start = cells(elapsed).min(BAR - 1);
    (start, cells(ms).clamp(1, BAR - start))
}

/// What the run cost and how it ends.
pub(super) fn footer(report: &Report, entry: &Entry, page: &Page) -> String {
    let class = entry.exit(report.strict);
    let values = [
        ("requests", &*entry.requests.to_string()),
        ("time", &*words::duration(entry.ms, page.language)),
        ("exit", &*class.code().to_string()),
        ("class", page.say(words::ending(class, std::slice::from_ref(entry)))),
    ];
    let text = Text::new(
        "requests sent {requests} · {time} · exit {exit} ({class})",
        "送信したリクエスト {requests} 件 · {time} · 終了コード {exit}（{class}）",
    );
    wrap::hanging("  ", 2, &page.fill(text, &values), page.text_width())
}

#[cfg(test)]
mod tests {
    use super::{BAR, span};

    #[test]
    fn a_bar_stays_in_its_frame_and_is_never_empty() {
        for (ms, elapsed, total) in
            [(0.0, 0.0, 0.0), (1.0, 999.0, 1000.0), (500.0, 0.0, 500.0), (0.1, 900.0, 900.1)]
        {
            let (start, length) = span(ms, elapsed, total);
            assert!(length >= 1 && start + length <= BAR, "{ms} {elapsed} {total}: {start} {length}");
        }
    }
}
