//! One mistake in a definition: where it is, what is wrong, and the way out.

use std::fmt;
use std::path::PathBuf;

use crate::base::{Language, Phrase};

/// One mistake, with the place an editor can jump to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// The file.
    pub path: PathBuf,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// The code of the cause, for example `CONN-CFG-SCHEMA`.
    pub code: &'static str,
    /// What is wrong. Holds key names only, never a value.
    pub message: Phrase,
    /// What to do instead.
    pub hint: Option<Phrase>,
}

impl Mistake {
    /// `FILE:LINE:COLUMN`.
    #[must_use]
    pub fn place(&self) -> String {
        format!("{}:{}:{}", self.path.display(), self.line, self.column)
    }
}

/// Definitions that cannot be used, with every mistake that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError {
    /// At least one, in the order of the files.
    pub mistakes: Vec<Mistake>,
}

impl ConfigError {
    /// The mistakes as an error; `Ok` where there are none.
    ///
    /// # Errors
    /// When there is a mistake.
    pub fn check(mistakes: Vec<Mistake>) -> Result<(), Self> {
        if mistakes.is_empty() { Ok(()) } else { Err(Self { mistakes }) }
    }

    /// The code of the first mistake.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.mistakes.first().map_or("CONN-CFG-SCHEMA", |mistake| mistake.code)
    }
}

impl From<Mistake> for ConfigError {
    fn from(mistake: Mistake) -> Self {
        Self { mistakes: vec![mistake] }
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, mistake) in self.mistakes.iter().enumerate() {
            if index > 0 {
                formatter.write_str("; ")?;
            }
            write!(formatter, "{}: {}", mistake.place(), mistake.message.get(Language::En))?;
        }
        Ok(())
    }
}

impl std::error::Error for ConfigError {}

/// A file's path and text, from which mistakes get their place.
#[derive(Clone, Copy)]
pub(super) struct Page<'p> {
    pub(super) path: &'p std::path::Path,
    pub(super) text: &'p str,
}

impl Page<'_> {
    /// A mistake at a byte offset.
    pub(super) fn mistake(
        &self,
        offset: usize,
        code: &'static str,
        message: Phrase,
        hint: Option<Phrase>,
    ) -> Mistake {
        let at = super::place::of(self.text, offset);
        Mistake { path: self.path.to_owned(), line: at.line, column: at.column, code, message, hint }
    }
}
