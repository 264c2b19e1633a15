//! The person at the terminal.

use std::io::Write as _;

use zeroize::Zeroizing;

use inquire::{Confirm, InquireError, Select, Text};

use crate::adapter::paste;
use crate::base::{Secret, redact};
use crate::port::BoxFuture;
use crate::port::person::{Choice, Person, PersonError};

/// Asks on the terminal.
#[derive(Debug)]
pub struct TerminalPerson {
    present: bool,
    cancel_word: &'static str,
}

impl TerminalPerson {
    /// A person who is there, or not. `hidden` says in the language of the run that typing is not shown.
    #[must_use]
    pub const fn new(present: bool, hidden: &'static str) -> Self {
        Self { present, cancel_word: hidden }
    }

    const fn check(&self) -> Result<(), PersonError> {
        if self.present { Ok(()) } else { Err(PersonError::NotInteractive) }
    }
}

fn outcome<T>(answer: Result<T, InquireError>) -> Result<T, PersonError> {
    answer.map_err(|error| match error {
        InquireError::OperationCanceled | InquireError::OperationInterrupted => PersonError::Cancelled,
        InquireError::NotTTY => PersonError::NotInteractive,
        other => PersonError::Terminal(other.to_string()),
    })
}

impl Person for TerminalPerson {
    fn is_present(&self) -> bool {
        self.present
    }

    fn text(&self, question: &str, initial: Option<&str>, help: Option<&str>) -> Result<String, PersonError> {
        self.check()?;
        let mut prompt = Text::new(question);
        prompt.default = initial;
        prompt.help_message = help;
        outcome(prompt.prompt())
    }

    fn secret(&self, question: &str, help: Option<&str>) -> Result<Secret, PersonError> {
        self.check()?;
        let mut screen = std::io::stderr();
        let _ = write!(screen, "[{}]\n? {question} ", help.unwrap_or(self.cancel_word));
        let _ = screen.flush();
        let line = paste::hidden();
        let _ = writeln!(screen);
        line.map(|line| Secret::new(line.to_string()))
    }

    fn choose(&self, question: &str, choices: &[Choice], help: Option<&str>) -> Result<String, PersonError> {
        self.check()?;
        let shown: Vec<&str> = choices.iter().map(|choice| choice.shown.as_str()).collect();
        let mut prompt = Select::new(question, shown).with_page_size(12);
        prompt.help_message = help;
        let picked = outcome(prompt.raw_prompt())?;
        Ok(choices[picked.index].value.clone())
    }

    fn confirm(&self, question: &str, default: bool) -> Result<bool, PersonError> {
        self.check()?;
        outcome(Confirm::new(question).with_default(default).prompt())
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
