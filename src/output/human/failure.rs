//! One finding: what is wrong, how we know, what to do, who, when, and where to read on.

use super::super::page::Page;
use super::super::paint::{self, Meaning};
use super::super::repair;
use super::super::steps;
use super::super::words::{self, safe};
use super::super::wrap;
use crate::base::Text;
use crate::cause::{ExitClass, Severity};
use crate::diagnosis::ranking::{self, Candidate};
use crate::diagnosis::{Confidence, Entry, Finding, Report, Role};

/// The width of the names of the lines.
const LABEL: usize = 12;
/// Where the text of a line begins.
const INDENT: usize = LABEL + 2;

/// The whole block of a finding. One that follows from the root is shown in short.
pub(super) fn block(report: &Report, entry: &Entry, finding: &Finding, page: &Page) -> String {
    let mut screen = head(finding, page);
    let title = words::title(entry, finding, page.language);
    screen += &strong("  ", &title, page);
    if let Some(note) = &finding.note {
        screen += &wrap::hanging("  ", 2, &safe(note.get(page.language)), page.text_width());
    }
    if finding.role == Role::Secondary && finding.severity == Severity::Error && !page.why {
        return screen + &more(finding, page);
    }
    screen += &evidence(finding, page);
    screen += &vendor(entry, finding, page);
    screen += &others(entry, finding, page);
    if page.why {
        let why = words::say(entry, finding, finding.cause.why, page.language);
        screen += &row(Text::new("Why", "よくある原因"), &why, page);
    }
    screen += &steps(entry, finding, page);
    if let Some(offer) = repair::offer(entry, finding, page) {
        screen += &row(Text::new("Repair", "修復"), &offer, page);
        screen += &format!(
            "{}{}\n",
            wrap::pad("", INDENT + 2),
            page.paint(Meaning::Command, &repair::command(entry))
        );
    }
    if !finding.over {
        screen += &row(Text::new("Who", "対応者"), &words::who(entry, finding, page), page);
        screen += &row(Text::new("Retry", "再試行"), &words::retry(finding, page), page);
    }
    if finding.role == Role::Root && report.verb != "diagnose" {
        screen += &exit(report, entry, page);
    }
    screen + &more(finding, page)
}

/// Mark, code, number and how sure we are.
pub(super) fn head(finding: &Finding, page: &Page) -> String {
    let (mark, meaning) = paint::severity(finding.severity);
    let code = format!("{} ({})", finding.cause.code, finding.cause.number);
    let mut line = format!("{} {}", page.paint(meaning, mark), page.paint(meaning, &code));
    line += "  ";
    line += page.say(finding.confidence.text());
    if finding.role == Role::Secondary {
        line += page.say(Text::new(" · beside the main cause", " · 主な原因に付随"));
    }
    line + "\n"
}

fn strong(lead: &str, words: &str, page: &Page) -> String {
    let mut screen = String::new();
    for line in wrap::lines(words, page.text_width() - lead.len()) {
        screen += lead;
        screen += &page.paint(Meaning::Strong, &line);
        screen += "\n";
    }
    screen
}

/// What speaks for it; with `--why`, what speaks against it too.
fn evidence(finding: &Finding, page: &Page) -> String {
    let mut screen = list(
        Text::new("Evidence", "根拠"),
        words::supporting(finding).map(|e| words::seen(&e.sentence, page)),
        page,
    );
    if page.why {
        screen += &list(
            Text::new("Against", "反証"),
            finding
                .evidence
                .iter()
                .filter(|e| !words::speaks_for(e.strength))
                .map(|e| words::seen(&e.sentence, page)),
            page,
        );
    }
    screen
}

/// The next best explanations, where we are not sure of this one.
fn others(entry: &Entry, finding: &Finding, page: &Page) -> String {
    const MOST: usize = 3;
    let candidates = &entry.account.candidates;
    // What is proven behind a more general verdict leaves nothing open.
    let is_settled = finding.confidence == Confidence::Certain && ranking::stands_behind(finding.cause.code);
    let is_open = finding.role == Role::Root
        && !is_settled
        && candidates.iter().any(|candidate| candidate.is_root && candidate.cause.code == finding.cause.code);
    // The verdict that this cause explains is no other one.
    let explained = |other: &Candidate| ranking::explains::explains(finding.cause.code, other.cause.code);
    let others = candidates.iter().filter(|other| is_open && !other.is_root && !explained(other));
    let possible = others.filter(|other| other.confidence >= Some(Confidence::Possible)).take(MOST);
    list(
        Text::new("Could be", "ほかの候補"),
        possible.map(|other| {
            let title = words::say(entry, finding, other.cause.title, page.language);
            format!("{title} ({})", other.cause.number)
        }),
        page,
    )
}

/// What the vendor said, quoted.
fn vendor(entry: &Entry, finding: &Finding, page: &Page) -> String {
    let said = &finding.vendor;
    let mut lines = Vec::new();
    if let Some(message) = &said.message {
        lines.push(page.fill(Text::new("“{words}”", "「{words}」"), &[("words", &words::foreign(message))]));
    }
    if let Some(code) = &said.code {
        lines.push(
            page.fill(
                Text::new("error code {code}", "エラーコード {code}"),
                &[("code", &words::foreign(code))],
            ),
        );
    }
    if let Some(id) = &said.request_id {
        let values = [("id", &*words::foreign(id))];
        lines.push(page.fill(
            Text::new(
                "request id {id} (quote it to support)",
                "リクエストID {id}（問い合わせ時にお伝えください）",
            ),
            &values,
        ));
    }
    if lines.is_empty() {
        return String::new();
    }
    let service = safe(entry.subject.service.get(page.language));
    let name = page.fill(Text::new("{service} says", "{service} の応答"), &[("service", &service)]);
    let mut screen = named(&wrap::cut(&name, 40), &lines[0], page);
    for line in &lines[1..] {
        screen += &wrap::hanging(&wrap::pad("", INDENT), INDENT, line, page.text_width());
    }
    screen
}

/// The numbered steps; a command stands on a line of its own, ready to be copied.
fn steps(entry: &Entry, finding: &Finding, page: &Page) -> String {
    let mut screen = String::new();
    for (index, step) in steps::steps(entry, finding, page.language).iter().enumerate() {
        let lead = if index == 0 {
            label(page.say(Text::new("Do this", "対処")), page)
        } else {
            wrap::pad("", INDENT)
        };
        let number = format!("{}. ", index + 1);
        screen += &wrap::hanging(&(lead + &number), INDENT + number.len(), &step.text, page.text_width());
        if let Some(command) = &step.command {
            screen += &wrap::pad("", INDENT + number.len() + 2);
            screen += &page.paint(Meaning::Command, command);
            screen += "\n";
        }
    }
    screen
}

fn exit(report: &Report, entry: &Entry, page: &Page) -> String {
    let class = entry.exit(report.strict);
    if class == ExitClass::Healthy {
        return String::new();
    }
    let words = format!("{} · {}", class.code(), page.say(words::exit(class)));
    row(Text::new("Exit", "終了コード"), &words, page)
}

/// Where to read on.
fn more(finding: &Finding, page: &Page) -> String {
    let explain = format!("conn explain {}", finding.cause.number);
    let mut screen = label(page.say(Text::new("More", "詳しく")), page);
    screen += &page.paint(Meaning::Command, &explain);
    screen += "\n";
    for link in &finding.docs {
        screen += &wrap::hanging(&wrap::pad("", INDENT), INDENT, &safe(link), page.text_width());
    }
    screen
}

pub(super) fn list(name: Text, sentences: impl Iterator<Item = String>, page: &Page) -> String {
    let mut screen = String::new();
    for (index, sentence) in sentences.enumerate() {
        let lead = if index == 0 { label(page.say(name), page) } else { wrap::pad("", INDENT) };
        screen += &wrap::hanging(&(lead + "· "), INDENT + 2, &sentence, page.text_width());
    }
    screen
}

fn label(name: &str, page: &Page) -> String {
    format!("  {}", page.paint(Meaning::Label, &wrap::pad(name, LABEL)))
}

pub(super) fn row(name: Text, words: &str, page: &Page) -> String {
    named(page.say(name), words, page)
}

/// A named line; a name that is too long for its column has a line of its own.
fn named(name: &str, words: &str, page: &Page) -> String {
    if crate::base::safe_text::width(name) < LABEL {
        return wrap::hanging(&label(name, page), INDENT, words, page.text_width());
    }
    let head = format!("  {}\n", page.paint(Meaning::Label, name));
    head + &wrap::hanging(&wrap::pad("", INDENT), INDENT, words, page.text_width())
}
