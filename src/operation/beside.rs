//! The requests that a run makes beside the calls that become facts: for tokens, for the addresses and the values that a
//! service publishes, and the answer to what it asks back. They count, for services count them.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::diagnosis::{AnswerFact, Fault};

/// How many there were. Copies of a connection within one run share the number.
#[derive(Clone, Debug, Default)]
pub struct Beside(Arc<AtomicU32>);

impl Beside {
    /// One more was sent.
    pub fn add(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    /// The same for a call, where it left this machine.
    pub fn add_sent(&self, fact: &AnswerFact) {
        if is_sent(fact) {
            self.add();
        }
    }

    /// A call that was counted here is told as a fact of its own after all, and counts there.
    pub fn told(&self, fact: &AnswerFact) {
        if is_sent(fact) {
            let less = |count: u32| Some(count.saturating_sub(1));
            let _ = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less);
        }
    }

    /// How many there were so far.
    #[must_use]
    pub fn count(&self) -> u32 {
        self.0.load(Ordering::Relaxed)
    }
}

/// Whether a call left this machine, as far as anybody knows.
#[must_use]
pub fn is_sent(fact: &AnswerFact) -> bool {
    !matches!(fact.fault, Some(Fault::Local(_)))
}
