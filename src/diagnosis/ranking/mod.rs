//! Ranking: which cause explains the facts best. Small, explicit, printable: each rule speaks for or against one
//! cause with one of five strengths, a cause common in practice has a head start, and what was weighed can be read
//! by a person (`--why`).
//!
//! To let a new fact speak, give it a name in [`super::view`] and add a line to a table in [`rules`].

pub mod candidate;
pub mod explains;
pub mod question;
pub mod rule;
pub mod rules;
pub mod weigh;

pub use candidate::{Candidate, Line};
pub use explains::stands_behind;
pub use question::{Lacking, WhyNot, waiting, why_not};
pub use weigh::{Claim, Weighed, heard, weigh};

#[cfg(test)]
mod tests;
