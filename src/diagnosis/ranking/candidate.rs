//! A cause that was weighed, with everything that speaks for and against it.

use crate::base::Phrase;
use crate::cause::Cause;
use crate::diagnosis::finding::{Confidence, Evidence};
use crate::model::Strength;

/// A cause that was weighed.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// The cause.
    pub cause: &'static Cause,
    /// What speaks for and against it.
    pub lines: Vec<Line>,
    /// How sure we are of it; none where something excludes it.
    pub confidence: Option<Confidence>,
    /// Whether it became the root.
    pub is_root: bool,
}

/// One line of the account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// How much it says.
    pub strength: Strength,
    /// What was seen.
    pub sentence: Phrase,
}

/// From here on a cause is the likely one, if no other comes near.
pub const LIKELY: i32 = 5;
/// How far ahead of the next it must be.
pub const AHEAD: i32 = 2;
/// From here on a cause is worth a word.
pub const POSSIBLE: i32 = 2;

impl Candidate {
    /// A cause about which nothing is said yet.
    #[must_use]
    pub const fn new(cause: &'static Cause) -> Self {
        Self { cause, lines: Vec::new(), confidence: None, is_root: false }
    }

    /// The sum of what speaks for and against it, with the head start of a common cause.
    #[must_use]
    pub fn score(&self) -> i32 {
        i32::from(self.cause.prior) + self.lines.iter().map(|line| points(line.strength)).sum::<i32>()
    }

    /// Whether something shows that it cannot be.
    #[must_use]
    pub fn is_excluded(&self) -> bool {
        self.lines.iter().any(|line| line.strength == Strength::Excludes)
    }

    /// Whether something proves it.
    #[must_use]
    pub fn is_proven(&self) -> bool {
        self.lines.iter().any(|line| line.strength == Strength::Proves)
    }

    /// Whether anything speaks for it.
    #[must_use]
    pub fn is_supported(&self) -> bool {
        self.lines.iter().any(|line| line.strength > Strength::Against)
    }

    /// Its lines as the evidence of a finding, the strongest first.
    #[must_use]
    pub fn evidence(&self) -> Vec<Evidence> {
        let mut lines = self.lines.clone();
        lines.sort_by_key(|line| std::cmp::Reverse(line.strength));
        lines.into_iter().map(|line| Evidence { strength: line.strength, sentence: line.sentence }).collect()
    }
}

/// What a line is worth. Proof and exclusion are no matter of points.
#[must_use]
pub const fn points(strength: Strength) -> i32 {
    match strength {
        Strength::Proves | Strength::Excludes => 0,
        Strength::Strong => 3,
        Strength::Weak => 1,
        Strength::Against => -2,
    }
}
