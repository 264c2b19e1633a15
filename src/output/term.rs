//! A word of the contract, as `conn explain` shows it: for people, as Markdown and as JSON.

use serde_json::{Value, json};

use super::explanation::capitals;
use super::page::Page;
use super::paint::Meaning;
use super::wrap::hanging;
use crate::base::{Language, Text};
use crate::cause::term::{Group, Term};

/// The schema identifier of a word as JSON.
pub const SCHEMA: &str = "conn.word/1";

const NEXT: Text = Text::new("Next", "次の手順");

/// One word for people.
#[must_use]
pub fn human(term: &Term, page: &Page) -> String {
    let said = |text: Text| capitals(page.say(text));
    let mut screen = page.paint(Meaning::Strong, page.say(term.name));
    screen.push_str(&beside(term, page.language));
    screen.push('\n');
    screen.push_str(&hanging("", 0, &said(term.meaning), page.text_width()));
    screen.push('\n');
    let lead = format!("{}: ", page.paint(Meaning::Label, page.say(NEXT)));
    screen.push_str(&hanging(&lead, 2, &said(term.step.text), page.text_width()));
    if let Some(command) = term.step.command {
        screen.push_str(&format!("  $ {}\n", page.paint(Meaning::Command, &capitals(command))));
    }
    page.finish(screen)
}

/// What the word is one of, and how files and JSON write it where that is another word.
fn beside(term: &Term, language: Language) -> String {
    let group = (term.group != Group::Word).then(|| term.group.text().get(language));
    let code = Some(term.code).filter(|code| *code != term.name.get(language));
    let parts: Vec<&str> = group.into_iter().chain(code).collect();
    match language {
        _ if parts.is_empty() => String::new(),
        Language::En => format!(" ({})", parts.join(", ")),
        Language::Ja => format!("（{}）", parts.join("、")),
    }
}

/// One word as Markdown.
#[must_use]
pub fn markdown(term: &Term, language: Language) -> String {
    let said = |text: Text| capitals(text.get(language));
    let command = term.step.command.map(|command| format!(" `{}`", capitals(command))).unwrap_or_default();
    let title = format!("## {}{}", term.name.get(language), beside(term, language));
    format!("{title}\n\n{}\n\n{}{command}\n", said(term.meaning), said(term.step.text))
}

/// One word as a JSON object.
#[must_use]
pub fn object(term: &Term, language: Language) -> Value {
    json!({
        "schema": SCHEMA,
        "word": term.code,
        "group": term.group.code(),
        "lang": language.tag(),
        "name": term.name.get(language),
        "meaning": term.meaning.get(language),
        "step": { "text": term.step.text.get(language), "command": term.step.command },
    })
}
