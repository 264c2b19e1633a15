//! Asking the person at the terminal.

use zeroize::Zeroizing;

use super::BoxFuture;
use crate::base::{Phrase, Secret};

/// Why a question has no answer.
#[derive(Debug, thiserror::Error)]
pub enum PersonError {
    /// Standard input or output is no terminal, or `--no-input` was given.
    #[error("nobody can be asked here")]
    NotInteractive,
    /// The person pressed Ctrl-C or Esc.
    #[error("cancelled")]
    Cancelled,
    /// The terminal failed.
    #[error("the terminal failed: {}", .0.en)]
    Terminal(Phrase),
}

/// One answer out of several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What comes back.
    pub value: String,
    /// What the person reads.
    pub shown: String,
}

/// Names the values that fit what was typed, best first.
pub type Find<'f> = &'f dyn Fn(&str) -> Vec<String>;

/// Asks. Every question has a flag that answers it, so that nobody needs to be asked.
pub trait Person: Send + Sync {
    /// Whether anybody can be asked.
    fn is_present(&self) -> bool;

    /// A line of text; `initial` is offered, `help` stands below.
    ///
    /// # Errors
    /// When nobody is there or the person cancelled.
    fn text(&self, question: &str, initial: Option<&str>, help: Option<&str>) -> Result<String, PersonError>;

    /// A hidden line.
    ///
    /// # Errors
    /// When nobody is there or the person cancelled.
    fn secret(&self, question: &str, help: Option<&str>) -> Result<Secret, PersonError>;

    /// One of several, with search.
    ///
    /// # Errors
    /// When nobody is there or the person cancelled.
    fn choose(&self, question: &str, choices: &[Choice], help: Option<&str>) -> Result<String, PersonError>;

    /// One of many that go by more names than are shown. Where none of those fits, the letters decide, as in
    /// [`Person::choose`].
    ///
    /// # Errors
    /// When nobody is there or the person cancelled.
    fn search(
        &self,
        question: &str,
        choices: &[Choice],
        help: Option<&str>,
        find: Find<'_>,
    ) -> Result<String, PersonError>;

    /// Yes or no.
    ///
    /// # Errors
    /// When nobody is there or the person cancelled.
    fn confirm(&self, question: &str, default: bool) -> Result<bool, PersonError>;

    /// A hidden line that may come while something else is awaited: dropping the future ends the question.
    fn pasted(&self) -> BoxFuture<'_, Result<Zeroizing<String>, PersonError>>;

    /// A line of talk (standard error).
    fn say(&self, line: &str);
}
