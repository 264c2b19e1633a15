//! A cause in full, as `conn explain` shows it: for people, as Markdown and as JSON. Values that only a run
//! knows stand in capitals.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::page::Page;
use super::paint::{self, Meaning};
use super::words;
use super::wrap::{hanging, pad};
use crate::base::{Language, Phrase, Text};
use crate::cause::{Cause, Retry, advice, area};
use crate::diagnosis::finding::fill_by;
use crate::model::Rule;

/// The schema identifier of one cause as JSON.
pub const SCHEMA: &str = "conn.explanation/1";
/// The schema identifier of many causes as JSON.
pub const LIST_SCHEMA: &str = "conn.explanations/1";
const LABEL: usize = 12;

/// What stands beside a cause: who uses it, and what it looks like.
#[derive(Clone, Debug, Default)]
pub struct Beside {
    /// The services whose rules or samples name it.
    pub services: Vec<&'static str>,
    /// A sample answer of one of them, in one line.
    pub example: Option<String>,
    /// The rule by which a service's own code stands for it.
    pub rule: Option<Rule>,
}

/// The most services that are listed.
const SERVICES: usize = 12;

/// One cause for people.
#[must_use]
pub fn human(cause: &Cause, beside: &Beside, page: &Page) -> String {
    let (_, meaning) = paint::severity(cause.severity);
    let mut screen = format!("{} ({})\n", page.paint(meaning, cause.code), cause.number);
    screen.push_str(&hanging("", 0, &say(cause.title, page.language), page.text_width()));
    screen.push('\n');
    if let Some(rule) = &beside.rule {
        screen.push_str(&knowledge(rule, page));
    }
    for (label, text) in [
        (Text::new("Why", "よくある理由"), cause.why),
        (Text::new("Seen when", "判断の根拠"), cause.evidence),
    ] {
        screen.push_str(&row(label, &say(text, page.language), page));
    }
    for other in advice::alike(cause) {
        let text = format!("{} → {}", say(other.title, page.language), other.number);
        screen.push_str(&row(Text::new("Not this", "似た原因"), &text, page));
    }
    screen.push_str(&steps(cause, page));
    if let Some(prevention) = advice::prevention(cause) {
        screen.push_str(&row(Text::new("Prevent", "予防"), &say(prevention, page.language), page));
    }
    if !beside.services.is_empty() {
        screen.push_str(&row(Text::new("Services", "サービス"), &services(beside), page));
    }
    if let Some(example) = &beside.example {
        screen.push_str(&row(Text::new("Example", "応答の例"), &words::safe(example), page));
    }
    for (label, text) in traits(cause, page.language) {
        screen.push_str(&row(label, &text, page));
    }
    page.finish(screen)
}

fn row(label: Text, text: &str, page: &Page) -> String {
    let lead = format!("  {}", page.paint(Meaning::Label, &pad(page.say(label), LABEL)));
    hanging(&format!("{lead} "), LABEL + 3, text, page.text_width())
}

/// What a rule of a service says, and how far it is to be trusted.
fn knowledge(rule: &Rule, page: &Page) -> String {
    let mut block = row(Text::new("Rule", "規則"), trust(rule).get(page.language), page);
    for (label, words) in
        [(Text::new("Note", "補足"), &rule.note), (Text::new("Docs", "ドキュメント"), &rule.docs)]
    {
        if let Some(words) = words {
            block.push_str(&row(label, &words::safe(words.get(page.language)), page));
        }
    }
    block
}

/// A rule's handle, the day of its last check, and whether it hangs on wording.
#[must_use]
pub fn trust(rule: &Rule) -> Phrase {
    const CHECKED: Text = Text::new("{id}, checked on {day}", "{id}（{day} 確認）");
    const FRAGILE: Text = Text::new(
        "{id}, checked on {day}; it goes by the wording, which may change",
        "{id}（{day} 確認、文言で判定するため変更の可能性あり）",
    );
    const NEVER: Text = Text::new("{id}, never checked", "{id}（未確認）");
    let text = match (&rule.verified, rule.fragile) {
        (None, _) => NEVER,
        (Some(_), true) => FRAGILE,
        (Some(_), false) => CHECKED,
    };
    text.fill(&[("id", &rule.id), ("day", rule.verified.as_deref().unwrap_or_default())])
}

/// A rule as JSON.
#[must_use]
pub fn rule(rule: Option<&Rule>, language: Language) -> Value {
    rule.map_or(Value::Null, |rule| {
        let words = |phrase: &Option<Phrase>| phrase.as_ref().map(|phrase| phrase.get(language).to_owned());
        json!({
            "id": rule.id, "verified": rule.verified, "fragile": rule.fragile,
            "note": words(&rule.note), "docs": words(&rule.docs),
        })
    })
}

fn services(beside: &Beside) -> String {
    let shown: Vec<&str> = beside.services.iter().copied().take(SERVICES).collect();
    let more = beside.services.len() - shown.len();
    let more = if more > 0 { format!(", … (+{more})") } else { String::new() };
    shown.join(", ") + &more
}

fn steps(cause: &Cause, page: &Page) -> String {
    let mut block = String::new();
    for (index, step) in cause.steps.iter().enumerate() {
        let label = if index == 0 { page.say(Text::new("Do this", "対処")) } else { "" };
        let lead = format!("  {} {}. ", page.paint(Meaning::Label, &pad(label, LABEL)), index + 1);
        block.push_str(&hanging(&lead, LABEL + 6, &say(step.text, page.language), page.text_width()));
        if let Some(command) = step.command {
            let command = page.paint(Meaning::Command, &capitals(command));
            let _ = writeln!(block, "{}$ {command}", " ".repeat(LABEL + 6));
        }
    }
    block
}

fn traits(cause: &Cause, language: Language) -> [(Text, String); 3] {
    let who: Vec<String> = cause.who.iter().map(|who| say(who.text(), language)).collect();
    let between = Text::new(", or ", "、または").get(language);
    let exit = format!("{} ({})", cause.exit.code(), words::exit(cause.exit).get(language));
    [
        (Text::new("Who", "対応者"), who.join(between)),
        (Text::new("Try again", "再試行"), retry(cause.retry).get(language).to_owned()),
        (Text::new("Exit code", "終了コード"), exit),
    ]
}

const fn retry(retry: Retry) -> Text {
    match retry {
        Retry::Never => Text::new("will not help", "再試行では解決しません"),
        Retry::Now => Text::new("at once", "すぐに再試行できます"),
        Retry::After => Text::new("after a while", "しばらく待ってから"),
        Retry::WhenFixed => Text::new("when fixed", "対処後"),
    }
}

/// One line for each cause, grouped by area.
#[must_use]
pub fn list(causes: &[&Cause], page: &Page) -> String {
    let mut screen = String::new();
    let mut current = "";
    for cause in causes {
        if area(cause.code) != current {
            current = area(cause.code);
            let gap = if screen.is_empty() { "" } else { "\n" };
            let _ = writeln!(screen, "{gap}{}", page.paint(Meaning::Strong, current));
        }
        let lead = format!("  {}  {} ", cause.number, pad(cause.code, 32));
        screen.push_str(&hanging(&lead, 41, &say(cause.title, page.language), page.text_width()));
    }
    page.finish(screen)
}

/// Causes as Markdown, one heading each.
#[must_use]
pub fn markdown(causes: &[&Cause], language: Language) -> String {
    let mut text = String::new();
    for cause in causes {
        let _ = writeln!(text, "## {} ({})\n\n{}\n", cause.code, cause.number, say(cause.title, language));
        let _ = writeln!(text, "{}\n\n{}\n", say(cause.why, language), say(cause.evidence, language));
        for (index, step) in cause.steps.iter().enumerate() {
            let command = step.command.map(|command| format!(" `{}`", capitals(command))).unwrap_or_default();
            let _ = writeln!(text, "{}. {}{command}", index + 1, say(step.text, language));
        }
        text.push('\n');
        if let Some(prevention) = advice::prevention(cause) {
            let label = Text::new("Prevent", "予防").get(language);
            let _ = writeln!(text, "{label}: {}\n", say(prevention, language));
        }
        for other in advice::alike(cause) {
            let label = Text::new("Not this", "似た原因").get(language);
            let _ = writeln!(text, "- {label}: {} → {}", say(other.title, language), other.code);
        }
        for (label, value) in traits(cause, language) {
            let _ = writeln!(text, "- {}: {value}", label.get(language));
        }
        text.push('\n');
    }
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}

/// One cause as a JSON object.
#[must_use]
pub fn object(cause: &Cause, language: Language) -> Value {
    let steps: Vec<Value> = (1..)
        .zip(cause.steps)
        .map(|(n, step)| json!({ "n": n, "text": step.text.get(language), "command": step.command }))
        .collect();
    json!({
        "schema": SCHEMA,
        "code": cause.code,
        "number": cause.number,
        "area": area(cause.code),
        "severity": cause.severity,
        "verdict": cause.verdict.code(),
        "exit_class": cause.exit,
        "exit_code": cause.exit.code(),
        "retry": cause.retry,
        "who": cause.who,
        "fix": cause.fix,
        "lang": language.tag(),
        "title": cause.title.get(language),
        "why": cause.why.get(language),
        "evidence": cause.evidence.get(language),
        "steps": steps,
        "alike": advice::alike(cause).iter().map(|other| other.code).collect::<Vec<_>>(),
        "prevention": advice::prevention(cause).map(|text| text.get(language)),
    })
}

/// Many causes as a JSON object.
#[must_use]
pub fn objects(causes: &[&Cause], language: Language) -> Value {
    let causes: Vec<Value> = causes.iter().map(|cause| object(cause, language)).collect();
    json!({ "schema": LIST_SCHEMA, "lang": language.tag(), "causes": causes })
}

fn say(text: Text, language: Language) -> String {
    capitals(text.get(language))
}

/// A sentence whose values only a run knows.
pub(super) fn capitals(sentence: &str) -> String {
    fill_by(sentence, str::to_uppercase)
}

#[cfg(test)]
mod tests {
    use super::{Beside, human, list, markdown, object};
    use crate::base::safe_text::width;
    use crate::base::{Language, Timestamp};
    use crate::cause::{all, get};
    use crate::output::Page;

    #[test]
    fn every_cause_fits_the_page_in_both_languages_and_leaves_no_place_open() {
        for language in [Language::En, Language::Ja] {
            let page = Page { language, ..Page::plain(Timestamp::UNIX_EPOCH) };
            for cause in all() {
                let screen = human(cause, &Beside::default(), &page);
                assert!(screen.contains(cause.code) && !screen.contains(['{', '}']), "{screen}");
                for line in screen.lines().filter(|line| !line.contains("://")) {
                    assert!(width(line) <= 80 || line.trim_start().starts_with('$'), "{line}");
                }
            }
        }
    }

    #[test]
    fn a_value_that_only_a_run_knows_stands_in_capitals() {
        let screen = human(get("5003"), &Beside::default(), &Page::plain(Timestamp::UNIX_EPOCH));
        assert!(screen.contains("SERVICE does not know the key of NAME."), "{screen}");
        assert!(screen.contains("$ conn reconnect NAME"), "{screen}");
    }

    #[test]
    fn the_list_and_the_markdown_name_every_cause() {
        let causes: Vec<_> = all().collect();
        let page = Page::plain(Timestamp::UNIX_EPOCH);
        let (lines, document) = (list(&causes, &page), markdown(&causes, Language::Ja));
        for cause in causes {
            assert!(lines.contains(cause.code) && document.contains(&format!("## {} ", cause.code)));
        }
    }

    #[test]
    fn json_keeps_codes_and_places_as_they_are_in_every_language() {
        let value = object(get("AUTH-DC"), Language::Ja);
        assert_eq!(value["schema"], "conn.explanation/1");
        assert_eq!(value["exit_class"], "local");
        assert_eq!(value["exit_code"], 5);
        assert_eq!(value["retry"], "when-fixed");
        assert_eq!(value["steps"][0]["command"], "conn show {name}");
    }
}
