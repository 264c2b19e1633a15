//! The person at the terminal.

use std::cell::RefCell;
use std::io::Write as _;

use zeroize::Zeroizing;

use inquire::ui::{RenderConfig, Styled};
use inquire::{Confirm, InquireError, Select, Text as Line};

use crate::adapter::paste;
use crate::base::{Language, Secret, Text, redact, system_error};
use crate::port::BoxFuture;
use crate::port::person::{Choice, Find, Person, PersonError};

/// Asks on the terminal.
#[derive(Debug)]
pub struct TerminalPerson {
    present: bool,
    language: Language,
}

/// What the library would say in English.
mod words {
    use crate::base::Text;

    /// That typing is not shown.
    pub(super) const HIDDEN: Text =
        Text::new("what you type is not shown; Esc cancels", "入力内容は表示されません（Esc で中止）");
    pub(super) const CANCELLED: Text = Text::new("<cancelled>", "（中止しました）");
    pub(super) const YES: Text = Text::new("Yes", "はい");
    pub(super) const NO: Text = Text::new("No", "いいえ");
    pub(super) const NEITHER: Text =
        Text::new("Type y for yes or n for no.", "「はい」は y、「いいえ」は n を入力してください。");
    pub(super) const NO_MATCH: Text = Text::new(
        "Nothing matches; delete what you typed to see all.",
        "一致する候補がありません。入力を消すとすべて表示されます。",
    );
}

impl TerminalPerson {
    /// A person who is there, or not, and reads this language.
    #[must_use]
    pub const fn new(present: bool, language: Language) -> Self {
        Self { present, language }
    }

    const fn say_in(&self, words: Text) -> &'static str {
        words.get(self.language)
    }

    fn look(&self) -> RenderConfig<'static> {
        let cancelled = Styled::new(self.say_in(words::CANCELLED));
        RenderConfig::default().with_canceled_prompt_indicator(cancelled)
    }

    const fn check(&self) -> Result<(), PersonError> {
        if self.present { Ok(()) } else { Err(PersonError::NotInteractive) }
    }
}

fn outcome<T>(answer: Result<T, InquireError>) -> Result<T, PersonError> {
    answer.map_err(|error| match error {
        InquireError::OperationCanceled | InquireError::OperationInterrupted => PersonError::Cancelled,
        InquireError::NotTTY => PersonError::NotInteractive,
        InquireError::IO(error) => PersonError::Terminal(system_error::explained(&error)),
        other => PersonError::Terminal(other.to_string().into()),
    })
}

/// What somebody means who types this, in either language.
fn yes_or_no(typed: &str) -> Result<bool, ()> {
    match typed.trim().to_lowercase().as_str() {
        "y" | "yes" | "ｙ" | "はい" => Ok(true),
        "n" | "no" | "ｎ" | "いいえ" => Ok(false),
        _ => Err(()),
    }
}

/// How well a choice fits what was typed: as it was found, else by its letters. The library shows an empty list where
/// none does: so behind the choices stands a line that fits only then.
fn score(typed: &str, choices: &[Choice], found: &[String], place: usize) -> Option<i64> {
    if !found.is_empty() {
        let rank =
            found.iter().position(|value| Some(value) == choices.get(place).map(|choice| &choice.value));
        return rank.and_then(|rank| i64::try_from(rank).ok()).map(|rank| -rank);
    }
    let fit = |place: usize, shown: &str| (Select::DEFAULT_SCORER)(typed, &shown, shown, place);
    if let Some(choice) = choices.get(place) {
        return fit(place, &choice.shown);
    }
    let found = choices.iter().enumerate().any(|(place, choice)| fit(place, &choice.shown).is_some());
    (!found).then_some(0)
}

impl Person for TerminalPerson {
    fn is_present(&self) -> bool {
        self.present
    }

    fn text(&self, question: &str, initial: Option<&str>, help: Option<&str>) -> Result<String, PersonError> {
        self.check()?;
        let mut prompt = Line::new(question).with_render_config(self.look());
        prompt.default = initial;
        prompt.help_message = help;
        outcome(prompt.prompt())
    }

    fn secret(&self, question: &str, help: Option<&str>) -> Result<Secret, PersonError> {
        self.check()?;
        let mut screen = std::io::stderr();
        let _ = write!(screen, "[{}]\n? {question} ", help.unwrap_or(self.say_in(words::HIDDEN)));
        let _ = screen.flush();
        let line = paste::hidden();
        let _ = writeln!(screen);
        line.map(|line| Secret::new(line.to_string()))
    }

    fn choose(&self, question: &str, choices: &[Choice], help: Option<&str>) -> Result<String, PersonError> {
        self.search(question, choices, help, &|_| Vec::new())
    }

    fn search(
        &self,
        question: &str,
        choices: &[Choice],
        help: Option<&str>,
        find: Find<'_>,
    ) -> Result<String, PersonError> {
        self.check()?;
        let none = self.say_in(words::NO_MATCH);
        // The library asks for each choice by itself.
        let last = RefCell::new((String::new(), Vec::new()));
        let score = |typed: &str, _: &&str, _: &str, place: usize| {
            if last.borrow().0 != typed {
                last.replace((typed.to_owned(), find(typed)));
            }
            score(typed, choices, &last.borrow().1, place)
        };
        loop {
            let shown = choices.iter().map(|choice| choice.shown.as_str()).chain([none]).collect();
            let mut prompt = Select::new(question, shown).with_page_size(12).with_render_config(self.look());
            prompt.help_message = help;
            let picked = outcome(prompt.with_scorer(&score).raw_prompt())?;
            // Who takes the last one has chosen nothing yet.
            if let Some(choice) = choices.get(picked.index) {
                return Ok(choice.value.clone());
            }
        }
    }

    fn confirm(&self, question: &str, default: bool) -> Result<bool, PersonError> {
        self.check()?;
        let answer = |yes: bool| self.say_in(if yes { words::YES } else { words::NO }).to_owned();
        let prompt = Confirm::new(question).with_default(default).with_render_config(self.look());
        let prompt = prompt.with_parser(&yes_or_no);
        outcome(prompt.with_formatter(&answer).with_error_message(self.say_in(words::NEITHER)).prompt())
    }

    fn pasted(&self) -> BoxFuture<'_, Result<Zeroizing<String>, PersonError>> {
        Box::pin(async move {
            self.check()?;
            paste::line().await
        })
    }

    fn say(&self, line: &str) {
        let _ = writeln!(std::io::stderr(), "{}", redact::scrub(line));
    }
}

#[cfg(test)]
mod tests {
    use super::{score, yes_or_no};
    use crate::port::person::Choice;

    #[test]
    fn a_line_says_that_nothing_matches_where_nothing_does() {
        let choices = ["Salesforce (salesforce)", "kintone（サイボウズ） (kintone)"]
            .map(|shown| Choice { value: shown.to_owned(), shown: shown.to_owned() });
        for (typed, expected) in [
            ("", [true, true, false]),
            ("SALES", [true, false, false]),
            ("サイボウズ", [false, true, false]),
            ("zzz", [false, false, true]),
        ] {
            let shown = [0, 1, 2].map(|place| score(typed, &choices, &[], place).is_some());
            assert_eq!(shown, expected, "{typed}");
        }
        // What was found by another name stands alone, in the order in which it was found.
        let found = ["kintone（サイボウズ） (kintone)".to_owned()];
        let scores = [0, 1, 2].map(|place| score("きんとーん", &choices, &found, place));
        assert_eq!(scores, [None, Some(0), None]);
    }

    #[test]
    fn a_yes_is_a_yes_in_either_language() {
        for (typed, meant) in [
            ("y", Ok(true)),
            ("YES ", Ok(true)),
            ("はい", Ok(true)),
            ("ｎ", Ok(false)),
            ("いいえ", Ok(false)),
            ("", Err(())),
            ("maybe", Err(())),
        ] {
            assert_eq!(yes_or_no(typed), meant, "{typed}");
        }
    }
}
