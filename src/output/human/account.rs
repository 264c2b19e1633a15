//! How a verdict came about: the causes that were weighed, why another was not named, the control experiments, and
//! the request as it travels.

use super::super::page::Page;
use super::super::paint::Meaning;
use super::super::weighing;
use super::super::words::{self, safe};
use super::super::wrap;
use super::failure::{list, row};
use crate::base::Text;
use crate::diagnosis::experiment::Controls;
use crate::diagnosis::ranking::{Line, WhyNot};
use crate::diagnosis::report::ShownRequest;
use crate::diagnosis::{Entry, Finding};

/// The request, the causes that were weighed, and why one was not named.
pub(super) fn render(entry: &Entry, page: &Page) -> String {
    let account = &entry.account;
    let mut screen = account.request.as_ref().map(|shown| request(shown, page)).unwrap_or_default();
    if page.why && account.candidates.len() > 1 {
        screen += &weighed(entry, page);
    }
    if let Some(why_not) = &account.why_not {
        screen += &not_named(entry, why_not, page);
    }
    screen
}

fn heading(text: Text, page: &Page) -> String {
    format!("\n{}\n", page.paint(Meaning::Strong, page.say(text)))
}

/// The test request.
fn request(shown: &ShownRequest, page: &Page) -> String {
    let mut screen = heading(Text::new("The test request", "テスト要求"), page);
    screen += &wrap::hanging("  ", 4, &safe(&format!("{} {}", shown.method, shown.url)), page.text_width());
    for (name, value) in &shown.headers {
        screen += &wrap::hanging("  ", 4, &safe(&format!("{name}: {value}")), page.text_width());
    }
    if let Some((kind, length)) = &shown.body {
        let values = [("kind", &*safe(kind)), ("length", &*length.to_string())];
        let text = Text::new("body: {kind}, {length} bytes", "本文: {kind}、{length} バイト");
        screen += &wrap::hanging("  ", 4, &page.fill(text, &values), page.text_width());
    }
    screen
}

/// Each cause that was weighed, with its lines.
fn weighed(entry: &Entry, page: &Page) -> String {
    let mut screen = heading(Text::new("What was weighed", "検討した原因"), page);
    for candidate in &entry.account.candidates {
        let how = weighing::standing(candidate, &entry.account.candidates, page);
        let head = format!("{} ({})  {how}", candidate.cause.code, candidate.cause.number);
        screen += &wrap::hanging("  ", 4, &head, page.text_width());
        for line in &candidate.lines {
            screen += &said(line, page);
        }
    }
    screen
}

fn said(line: &Line, page: &Page) -> String {
    let mark = words::weight(line.strength);
    let lead = format!("    {mark}  ");
    wrap::hanging(&lead, 7, &words::seen(&line.sentence, page), page.text_width())
}

/// Why a cause was not named.
fn not_named(entry: &Entry, why_not: &WhyNot, page: &Page) -> String {
    const WAS: Text = Text::new("{code} is the cause that was named.", "{code} は、判定結果の原因です。");
    const WHY: Text = Text::new("Why not {code} ({number})?", "{code}（{number}）でない理由");
    let number = why_not.cause.number.to_string();
    let values = [("code", why_not.cause.code), ("number", &*number)];
    let question = if why_not.is_root { WAS } else { WHY };
    let mut screen = format!("\n{}\n", page.paint(Meaning::Strong, &page.fill(question, &values)));
    let finding = Finding::new(why_not.cause, crate::diagnosis::Confidence::Unknown);
    let needed = words::say(entry, &finding, why_not.cause.evidence, page.language);
    screen += &row(Text::new("Needed", "判定の条件"), &needed, page);
    for line in &why_not.lines {
        screen += &said(line, page);
    }
    let lacking = why_not.lacking.iter().map(|lacking| weighing::lacks(lacking, page));
    screen += &list(Text::new("Not seen", "不足"), lacking, page);
    if !why_not.rules.is_empty() {
        screen += &row(Text::new("Rules", "規則"), &safe(&why_not.rules.join(", ")), page);
    }
    screen
}

/// The control experiments, a line each.
pub(super) fn controls(controls: &Controls, page: &Page) -> String {
    let lines = weighing::controls(controls, page);
    lines.iter().map(|line| wrap::hanging("  ", 4, line, page.text_width())).collect()
}
