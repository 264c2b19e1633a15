//! Annotations for GitHub Actions, and a table for its step summary.
//!
//! A runner takes every line that begins with `::` for a command, and `##[` anywhere in a line. Foreign text
//! therefore never begins a line and never holds `##[`.

use super::words::{self, Counts, safe};
use super::{Page, Renderer, steps};
use crate::base::Text;
use crate::cause::Severity;
use crate::diagnosis::{Entry, Finding, Report, Role};
use crate::model::Verdict;

/// Workflow commands.
pub struct GitHub;

impl Renderer for GitHub {
    fn name(&self) -> &'static str {
        "github"
    }

    fn render(&self, report: &Report, page: &Page) -> String {
        let mut lines = String::new();
        // What is left out is no matter of the one who reads annotations.
        for entry in report.entries.iter().filter(|entry| entry.verdict != Verdict::Skipped) {
            for finding in &entry.findings {
                lines += &annotation(entry, finding, page);
            }
            let told = entry.findings.iter().any(|finding| finding.severity == Severity::Error);
            if words::is_failed(entry.verdict) && !told {
                lines += &command("error", entry, page.say(entry.verdict.text()), "", page);
            }
        }
        lines += &disarm(&counts(report, page));
        lines + "\n"
    }
}

/// The report as a Markdown table, for the file that `GITHUB_STEP_SUMMARY` names.
#[must_use]
pub fn summary(report: &Report, page: &Page) -> String {
    let head = Text::new(
        "| Connection | Result | Cause | Next step |\n|---|---|---|---|\n",
        "| 接続 | 結果 | 原因 | 次の手順 |\n|---|---|---|---|\n",
    );
    let mut table = format!("### conn {}\n\n{}\n\n{}", report.verb, counts(report, page), page.say(head));
    for entry in &report.entries {
        let (mark, _) = super::paint::verdict(entry.verdict);
        let (cause, step) = match entry.root() {
            Some(finding) => (
                format!("{} {}", finding.cause.code, words::title(entry, finding, page.language)),
                steps::first_step(entry, finding, page.language),
            ),
            None => (String::new(), String::new()),
        };
        let cells =
            [words::whose(entry, page), format!("{mark} {}", page.say(entry.verdict.text())), cause, step];
        table += &format!("| {} |\n", cells.map(|cell| markdown(&cell)).join(" | "));
    }
    if let Some(sentence) = super::common::sentence(report, page) {
        table += &format!("\n{}\n", markdown(&sentence));
    }
    table
}

fn counts(report: &Report, page: &Page) -> String {
    let counts = Counts::of(report);
    let text = Text::new(
        "conn {verb}: {ok} ok, {warnings} with warnings, {failed} failed, {other} not proved",
        "conn {verb}: 正常 {ok} 件、警告 {warnings} 件、失敗 {failed} 件、未確認・未実施 {other} 件",
    );
    page.fill(
        text,
        &[
            ("verb", report.verb),
            ("ok", &counts.ok.to_string()),
            ("warnings", &counts.warnings.to_string()),
            ("failed", &counts.failed.to_string()),
            ("other", &(counts.unverified + counts.skipped).to_string()),
        ],
    )
}

fn annotation(entry: &Entry, finding: &Finding, page: &Page) -> String {
    let level = match (finding.severity, finding.role) {
        (Severity::Error, Role::Root) => "error",
        (Severity::Warning, _) => "warning",
        _ => "notice",
    };
    let mut lines = vec![words::title(entry, finding, page.language)];
    lines.extend(
        words::supporting(finding).map(|evidence| format!("- {}", words::seen(&evidence.sentence, page))),
    );
    if let Some(message) = &finding.vendor.message {
        lines.push(format!("> {}", words::foreign(message)));
    }
    lines.push(format!("→ {}", steps::first_step(entry, finding, page.language)));
    lines.push(format!("conn explain {}", finding.cause.number));
    command(level, entry, &lines.join("\n"), finding.cause.code, page)
}

/// One workflow command with its line end.
fn command(level: &str, entry: &Entry, message: &str, code: &str, page: &Page) -> String {
    let mut properties = Vec::new();
    if let Some((file, line)) = place(&entry.subject.origin) {
        properties.push(format!("file={}", property(&safe(file))));
        properties.push(format!("line={line}"));
    }
    let title = format!("{code} {}", words::whose(entry, page));
    properties.push(format!("title={}", property(title.trim())));
    format!("::{level} {}::{}\n", properties.join(","), escape(message))
}

/// An error that belongs to no file.
pub(super) fn bare(title: &str, message: &str) -> String {
    format!("::error title={}::{}\n", property(title), escape(message))
}

/// File and line of `FILE:LINE`.
fn place(origin: &str) -> Option<(&str, u32)> {
    let (file, line) = origin.rsplit_once(':')?;
    Some((file, line.parse().ok()?))
}

/// A message: `%`, CR and LF are encoded.
fn escape(text: &str) -> String {
    disarm(&text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A"))
}

/// A property: `:` and `,` too.
fn property(text: &str) -> String {
    escape(text).replace(':', "%3A").replace(',', "%2C")
}

fn disarm(text: &str) -> String {
    text.replace("##[", "## [")
}

/// A cell of a Markdown table.
fn markdown(text: &str) -> String {
    let mut cell = String::new();
    for c in text.chars() {
        match c {
            '|' | '`' | '*' | '_' | '[' | ']' | '\\' | '#' => {
                cell.push('\\');
                cell.push(c);
            }
            '<' => cell.push_str("&lt;"),
            '>' => cell.push_str("&gt;"),
            '&' => cell.push_str("&amp;"),
            '@' => cell.push_str("&#64;"),
            c => cell.push(c),
        }
    }
    cell
}

#[cfg(test)]
mod tests {
    use super::{escape, markdown, place, property};

    #[test]
    fn what_a_runner_reads_as_syntax_is_encoded() {
        assert_eq!(escape("50%\r\n::error::x ##[error]y"), "50%25%0D%0A::error::x ## [error]y");
        assert_eq!(property("a:b,c%"), "a%3Ab%2Cc%25");
        assert_eq!(markdown("a|b <img> @team"), "a\\|b &lt;img&gt; &#64;team");
    }

    #[test]
    fn an_origin_is_a_file_and_a_line() {
        assert_eq!(place("connectors.toml:41"), Some(("connectors.toml", 41)));
        assert_eq!(place("C:\\x\\connectors.toml:7"), Some(("C:\\x\\connectors.toml", 7)));
        assert_eq!(place("built-in"), None);
    }
}
