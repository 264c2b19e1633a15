//! Several connections: the counts first, then failures grouped by cause, so that one local fault reads as
//! one line and not as thirty.

use super::super::common;
use super::super::page::Page;
use super::super::paint::{self, Meaning};
use super::super::steps;
use super::super::words::{self, Counts, safe};
use super::super::wrap;
use super::failure;
use crate::base::Text;
use crate::base::safe_text::width;
use crate::cause::Severity;
use crate::diagnosis::{Entry, Finding, Report};
use crate::model::Verdict;

/// The most connections of one cause that are told with a sentence or a step each; a screen of an outage says the cause.
const TOLD: usize = 20;
/// The most that are named.
const NAMED: usize = 100;

/// The whole screen; with `--quiet` only what is wrong, and the counts.
pub(super) fn render(report: &Report, page: &Page) -> String {
    if let (true, Some(part)) = (report.entries.is_empty(), report.part) {
        let text = Text::new(
            "Part {shard} holds no connection (of {all} in all).",
            "分割分 {shard} に該当する接続はありません（全 {all} 件）。",
        );
        let values = [("shard", &*part.shard.to_string()), ("all", &*part.all.to_string())];
        return wrap::hanging("", 0, &page.fill(text, &values), page.text_width());
    }
    if report.entries.is_empty() {
        let none = Text::new(
            "No connection matches. See all: conn list. Add one: conn add",
            "該当する接続がありません。一覧は conn list、追加は conn add を実行してください。",
        );
        return wrap::hanging("", 0, page.say(none), page.text_width());
    }
    let failures = groups(report, Severity::Error);
    let warnings = groups(report, Severity::Warning);
    if page.quiet {
        return quiet(report, &failures, page);
    }
    let mut screen = header(report, page);
    screen += &counts(report, failures.len(), page);
    screen += &together(report, page);
    for group in &failures {
        screen += "\n";
        screen += &block(group, page);
    }
    for (index, group) in warnings.iter().enumerate() {
        screen += if index == 0 { "\n" } else { "" };
        screen += &warning(group, page);
    }
    screen += &unexplained(report, page);
    screen += "\n";
    screen += &footer(report, page);
    screen
}

/// The one cause on this machine or its network behind failures of several names.
fn together(report: &Report, page: &Page) -> String {
    let Some(sentence) = common::sentence(report, page) else { return String::new() };
    format!("\n{}", wrap::hanging("", 0, &sentence, page.text_width()))
}

/// The findings of one cause, with their connections.
struct Group<'a> {
    members: Vec<(&'a Entry, &'a Finding)>,
}

impl Group<'_> {
    fn finding(&self) -> &Finding {
        self.members[0].1
    }
}

/// Root errors, or all warnings, by code; in the order of the first appearance, the largest group first.
fn groups(report: &Report, severity: Severity) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    for entry in &report.entries {
        for finding in entry.findings.iter().filter(|finding| finding.severity == severity) {
            let root = entry.findings.iter().find(|other| other.severity == severity);
            if severity == Severity::Error && !root.is_some_and(|root| std::ptr::eq(root, finding)) {
                continue;
            }
            match groups.iter_mut().find(|group| group.finding().cause.code == finding.cause.code) {
                Some(group) => group.members.push((entry, finding)),
                None => groups.push(Group { members: vec![(entry, finding)] }),
            }
        }
    }
    groups.sort_by_key(|group| std::cmp::Reverse(group.members.len()));
    groups
}

fn header(report: &Report, page: &Page) -> String {
    let values = [
        ("count", &*report.entries.len().to_string()),
        ("time", &*words::duration(report.ms, page.language)),
        ("at", &*page.moment(report.started_at)),
    ];
    let text = Text::new("{count} connections · {time} · {at}", "接続 {count} 件 · {time} · {at}");
    let mut line = page.fill(text, &values);
    if let Some(part) = report.part {
        let text = Text::new(" · part {shard} of {all}", " · 分割分 {shard}（全 {all} 件）");
        line += &page.fill(text, &[("shard", &part.shard.to_string()), ("all", &part.all.to_string())]);
    }
    wrap::hanging("", 0, &line, page.text_width())
}

/// The counts in one line, or one a line where the page is too narrow for that.
fn counts(report: &Report, causes: usize, page: &Page) -> String {
    let bare = Page { colour: false, ..page.clone() };
    let fits = |gap: &&str| width(&parts(report, causes, &bare).join(gap)) <= page.text_width();
    let gap = ["   ", "  "].into_iter().find(fits).unwrap_or("\n");
    parts(report, causes, page).join(gap) + "\n"
}

fn parts(report: &Report, causes: usize, page: &Page) -> Vec<String> {
    let counts = Counts::of(report);
    let number = |verdict: Verdict, count: usize, text: Text| {
        let (mark, meaning) = paint::verdict(verdict);
        let words = format!("{mark} {}", page.fill(text, &[("n", &count.to_string())]));
        page.paint(if count == 0 { Meaning::Faint } else { meaning }, &words)
    };
    let mut failed = number(Verdict::Rejected, counts.failed, Text::new("{n} failed", "失敗 {n} 件"));
    if counts.failed > causes && causes > 0 {
        let text = match causes {
            1 => Text::new(" ({n} cause)", "（原因は {n} 種類）"),
            _ => Text::new(" ({n} causes)", "（原因は {n} 種類）"),
        };
        failed += &page.fill(text, &[("n", &causes.to_string())]);
    }
    let mut parts = vec![
        number(Verdict::Ok, counts.ok, Text::new("{n} ok", "正常 {n} 件")),
        number(Verdict::Warning, counts.warnings, Text::new("{n} with warnings", "警告 {n} 件")),
        failed,
    ];
    if counts.unverified > 0 {
        let text = Text::new("{n} unverified", "未確認 {n} 件");
        parts.push(number(Verdict::Unverified, counts.unverified, text));
    }
    if counts.skipped > 0 {
        let text = Text::new("{n} not tested", "未実施 {n} 件");
        parts.push(number(Verdict::Skipped, counts.skipped, text));
    }
    parts
}

/// A failed group: cause, connections, first step, who, retry.
fn block(group: &Group<'_>, page: &Page) -> String {
    let finding = group.finding();
    let mut screen = failure::head(finding, page);
    if group.members.len() > 1 {
        let count = group.members.len().to_string();
        let text = Text::new(" · {n} connections", " · {n} 件");
        screen.pop();
        screen += &page.fill(text, &[("n", &count)]);
        screen += "\n";
    }
    screen += &affected(group, page);
    let mut steps: Vec<String> = Vec::new();
    for (entry, finding) in &group.members {
        let step = steps::first_step(entry, finding, page.language);
        if !steps.contains(&step) {
            steps.push(step);
        }
        if steps.len() > TOLD {
            break;
        }
    }
    for step in steps.iter().take(TOLD) {
        screen += &wrap::hanging("  → ", 4, step, page.text_width());
    }
    if steps.len() > TOLD {
        screen += "  → …\n";
    }
    let (entry, finding) = group.members[0];
    let values = [("who", &*words::who(entry, finding, page)), ("retry", &*words::retry(finding, page))];
    let text = Text::new("who: {who} · retry: {retry}", "対応者: {who} · 再試行: {retry}");
    screen + &wrap::hanging("  ", 2, &page.fill(text, &values), page.text_width())
}

/// The title once where it is the same for all, else beside each connection.
fn affected(group: &Group<'_>, page: &Page) -> String {
    let titles: Vec<String> =
        group.members.iter().map(|(entry, finding)| words::title(entry, finding, page.language)).collect();
    let mut screen = String::new();
    if titles.iter().all(|title| *title == titles[0]) {
        screen += &wrap::hanging("  ", 2, &titles[0], page.text_width());
        for line in wrap::lines(&names(group, page), page.text_width() - 2) {
            screen += "  ";
            screen += &page.paint(Meaning::Strong, &line);
            screen += "\n";
        }
        return screen;
    }
    for ((entry, _), title) in group.members.iter().zip(&titles).take(TOLD) {
        let line = format!("{}: {title}", safe(&entry.subject.link_name));
        screen += &wrap::hanging("  ", 4, &line, page.text_width());
    }
    if let Some(more) = more(titles.len(), TOLD, page) {
        screen += &wrap::hanging("  ", 4, &more, page.text_width());
    }
    screen
}

/// The names of a group, as far as a screen of them helps.
fn names(group: &Group<'_>, page: &Page) -> String {
    let named = group.members.iter().map(|(entry, _)| safe(&entry.subject.link_name)).take(NAMED);
    named.chain(more(group.members.len(), NAMED, page)).collect::<Vec<_>>().join(", ")
}

/// That there are more of them than are shown.
fn more(all: usize, shown: usize, page: &Page) -> Option<String> {
    let text =
        Text::new("… and {n} more (all with --format json)", "…ほか {n} 件（すべては --format json で）");
    let rest = all.saturating_sub(shown);
    (rest > 0).then(|| page.fill(text, &[("n", &rest.to_string())]))
}

fn warning(group: &Group<'_>, page: &Page) -> String {
    let mut screen = String::new();
    for (entry, finding) in &group.members {
        let (mark, meaning) = paint::severity(finding.severity);
        let lead = format!("{} ", page.paint(meaning, mark));
        let line = format!(
            "{} ({})  {}: {}",
            finding.cause.code,
            finding.cause.number,
            safe(&entry.subject.link_name),
            words::title(entry, finding, page.language)
        );
        screen += &wrap::hanging(&lead, 2, &line, page.text_width());
    }
    screen
}

/// Connections that are not healthy and have no finding to say why.
fn unexplained(report: &Report, page: &Page) -> String {
    let mut screen = String::new();
    for entry in &report.entries {
        let told = entry.findings.iter().any(|finding| finding.severity != Severity::Info);
        if told || entry.verdict.is_healthy() || entry.verdict == Verdict::Skipped {
            continue;
        }
        let (mark, meaning) = paint::verdict(entry.verdict);
        let lead = format!("{} ", page.paint(meaning, mark));
        let line = format!("{}: {}", safe(&entry.subject.link_name), page.say(entry.verdict.text()));
        screen += &wrap::hanging(&lead, 2, &line, page.text_width());
    }
    if screen.is_empty() { screen } else { format!("\n{screen}") }
}

fn footer(report: &Report, page: &Page) -> String {
    let mut parts = Vec::new();
    let slowest = report.entries.iter().filter(|entry| entry.ms > 0.0).max_by(|a, b| a.ms.total_cmp(&b.ms));
    if let Some(entry) = slowest {
        let values = [
            ("name", &*safe(&entry.subject.link_name)),
            ("time", &*words::duration(entry.ms, page.language)),
        ];
        parts.push(page.fill(Text::new("slowest: {name} {time}", "最も遅い接続: {name} {time}"), &values));
    }
    let several = report.entries.iter().filter(|entry| entry.subject.account.is_some());
    let accounts: Vec<String> = several.map(|entry| words::whose(entry, page)).collect();
    if !accounts.is_empty() {
        let text = Text::new("one account of each: {names}", "テストしたアカウント（各 1 つ）: {names}");
        parts.push(page.fill(text, &[("names", &accounts.join(", "))]));
    }
    let skipped: Vec<String> = report
        .entries
        .iter()
        .filter(|entry| entry.verdict == Verdict::Skipped)
        .map(|entry| {
            let values =
                [("name", &*safe(&entry.subject.link_name)), ("why", &*words::untested(entry, page))];
            page.fill(Text::new("{name} ({why})", "{name}（{why}）"), &values)
        })
        .collect();
    if !skipped.is_empty() {
        let joined = skipped.join(", ");
        parts.push(page.fill(Text::new("not tested: {names}", "未実施: {names}"), &[("names", &joined)]));
    }
    let more = |entry: &&Entry| entry.attempts > 1;
    let again: Vec<String> = report
        .entries
        .iter()
        .filter(more)
        .map(|entry| format!("{} ({})", safe(&entry.subject.link_name), entry.attempts))
        .collect();
    if !again.is_empty() {
        let text = Text::new("tested more than once: {names}", "複数回テスト: {names}");
        parts.push(page.fill(text, &[("names", &again.join(", "))]));
    }
    let mut screen = String::new();
    if !parts.is_empty() {
        screen += &wrap::hanging("", 0, &parts.join(" · "), page.text_width());
    }
    let class = report.exit();
    let values =
        [("exit", &*class.code().to_string()), ("class", page.say(words::ending(class, &report.entries)))];
    let text = Text::new(
        "exit {exit} ({class}) · look at one: conn diagnose LINK_NAME",
        "終了コード {exit}（{class}） · 1件ずつ調べる: conn diagnose リンク名",
    );
    screen + &wrap::hanging("", 0, &page.fill(text, &values), page.text_width())
}

/// One line per cause, then the counts.
fn quiet(report: &Report, failures: &[Group<'_>], page: &Page) -> String {
    let mut screen = String::new();
    for group in failures {
        let (entry, finding) = group.members[0];
        let (mark, meaning) = paint::severity(finding.severity);
        let lead = format!("{} ", page.paint(meaning, mark));
        let line = format!(
            "{} ({})  {}: {} → {}",
            finding.cause.code,
            finding.cause.number,
            names(group, page),
            words::title(entry, finding, page.language),
            steps::first_step(entry, finding, page.language)
        );
        screen += &wrap::hanging(&lead, 2, &line, page.text_width());
    }
    screen += unexplained(report, page).trim_start_matches('\n');
    if !screen.is_empty() {
        screen += &counts(report, failures.len(), page);
    }
    screen
}
