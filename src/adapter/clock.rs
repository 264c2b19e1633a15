//! The machine's clock and random numbers.

use ring::rand::{SecureRandom as _, SystemRandom};

use crate::base::{Timestamp, Variables};
use crate::port::{Clock, Entropy};

/// The machine's clock. `CONN_NOW` and `TZ` hold it still, so that transcripts can be compared.
#[derive(Debug)]
pub struct SystemClock {
    fixed: Option<Timestamp>,
    zone: jiff::tz::TimeZone,
}

impl SystemClock {
    /// The clock of this process.
    #[must_use]
    pub fn new(variables: &Variables) -> Self {
        let zone = variables
            .get("TZ")
            .and_then(|name| jiff::tz::TimeZone::get(name.trim_start_matches(':')).ok())
            .unwrap_or_else(jiff::tz::TimeZone::system);
        Self { fixed: variables.get("CONN_NOW").and_then(|now| now.parse().ok()), zone }
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        self.fixed.unwrap_or_else(Timestamp::now)
    }

    fn zone(&self) -> jiff::tz::TimeZone {
        self.zone.clone()
    }
}

/// The system's random numbers.
#[derive(Debug, Default)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        SystemRandom::new().fill(bytes).expect("the system has random numbers");
    }
}
