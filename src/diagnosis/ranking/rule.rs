//! A rule: facts that speak for or against a cause.

use crate::base::{Phrase, Text};
use crate::diagnosis::view::View;
use crate::model::Strength;

/// A rule of conn's own. Rules of connectors are read from their definitions.
#[derive(Debug)]
pub struct Rule {
    /// The cause.
    pub cause: &'static str,
    /// How much it says.
    pub strength: Strength,
    /// The facts that must hold, all of them.
    pub when: &'static [(&'static str, Want)],
    /// What was seen, with the facts' names as placeholders.
    pub says: Text,
}

/// What a fact must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Want {
    /// Known, and true.
    Yes,
    /// Known, and not true.
    No,
    /// One of these words.
    Is(&'static [&'static str]),
}

impl Want {
    /// Whether a word satisfies it; what is not known never does.
    #[must_use]
    pub fn holds(self, word: Option<&str>) -> bool {
        match (self, word) {
            (_, None) => false,
            (Self::Yes, Some(word)) => word == "true",
            (Self::No, Some(word)) => word == "false",
            (Self::Is(words), Some(word)) => words.contains(&word),
        }
    }
}

impl Rule {
    /// Whether all of its facts hold.
    #[must_use]
    pub fn holds(&self, view: &View) -> bool {
        self.when.iter().all(|(name, want)| want.holds(view.get(name)))
    }

    /// The sentence with what was seen.
    #[must_use]
    pub fn sentence(&self, view: &View) -> Phrase {
        let values: Vec<(&str, &str)> = view.iter().collect();
        self.says.fill(&values)
    }

    /// The control experiment for whose answer it waits: all that is known already holds.
    #[must_use]
    pub fn waits_for(&self, view: &View) -> Option<&'static str> {
        let (known, open): (Vec<_>, Vec<_>) =
            self.when.iter().partition(|(name, _)| view.get(name).is_some());
        let fits = known.iter().all(|(name, want)| want.holds(view.get(name)));
        let mut experiments = open.iter().map(|(name, _)| experiment(name));
        let first = experiments.next()??;
        // A rule that waits for two answers waits for the first of them.
        (fits && experiments.all(|other| other.is_some())).then_some(first)
    }
}

/// The control experiment that makes a fact known.
#[must_use]
pub fn experiment(name: &str) -> Option<&'static str> {
    let area = name.split('.').next().unwrap_or_default();
    ["d1", "d2", "d3", "d4", "d14", "d16"].into_iter().find(|known| *known == area)
}
