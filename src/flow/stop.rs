//! Why a conversation ended without tokens.

use std::fmt;

use crate::base::{Phrase, Text, safe_text};

/// Why a conversation ended without tokens: a cause, the values of its sentences, and what was seen.
///
/// Nothing in it is secret. What a server wrote is cut and made printable before it gets here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stop {
    /// The cause's code.
    pub code: &'static str,
    /// Values for the cause's sentences.
    pub values: Vec<(&'static str, String)>,
    /// What was seen.
    pub evidence: Vec<Phrase>,
    /// Whether the answer in hand says it: the driver then lets the answer be judged as a fact.
    pub answered: bool,
}

impl Stop {
    /// Stopped for a cause.
    #[must_use]
    pub const fn new(code: &'static str) -> Self {
        Self { code, values: Vec::new(), evidence: Vec::new(), answered: false }
    }

    /// The service's own answer is the reason.
    #[must_use]
    pub fn answered(code: &'static str) -> Self {
        Self { answered: true, ..Self::new(code) }
    }

    /// Adds a value for the sentences; made printable and cut.
    #[must_use]
    pub fn value(mut self, name: &'static str, value: &str) -> Self {
        self.values.push((name, safe_text::line(value, 120)));
        self
    }

    /// Adds what was seen.
    #[must_use]
    pub fn because(mut self, text: Text, values: &[(&str, &str)]) -> Self {
        self.evidence.push(text.fill(values));
        self
    }
}

impl fmt::Display for Stop {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.code)
    }
}

impl std::error::Error for Stop {}
