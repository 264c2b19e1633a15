//! The machine's clock and random numbers.

use std::sync::OnceLock;

use jiff::tz::TimeZone;
use ring::rand::{SecureRandom as _, SystemRandom};

use crate::base::{Timestamp, Variables};
use crate::port::{Clock, Entropy};

/// The machine's clock. `CONN_NOW` and `TZ` hold it still, so that transcripts can be compared.
#[derive(Debug)]
pub struct SystemClock {
    fixed: Option<Timestamp>,
    name: Option<String>,
    zone: OnceLock<TimeZone>,
}

impl SystemClock {
    /// The clock of this process.
    #[must_use]
    pub fn new(variables: &Variables) -> Self {
        let name = variables.get("TZ").map(|name| name.trim_start_matches(':').to_owned());
        let fixed = variables.get("CONN_NOW").and_then(|now| now.parse().ok());
        Self { fixed, name, zone: OnceLock::new() }
    }
}

/// The zone of this name, or of this machine. The file is read directly where it is known: looking it up
/// walks the whole zone database, which costs more than a TLS handshake.
fn zone(name: Option<&str>) -> TimeZone {
    let file = match name {
        Some("UTC" | "UTC0" | "GMT") => return TimeZone::UTC,
        Some(name) if name.chars().all(|c| c.is_ascii_alphanumeric() || "_/+-".contains(c)) => {
            std::path::Path::new("/usr/share/zoneinfo").join(name.trim_start_matches('/'))
        }
        _ => "/etc/localtime".into(),
    };
    let read =
        std::fs::read(file).ok().and_then(|bytes| TimeZone::tzif(name.unwrap_or("local"), &bytes).ok());
    read.or_else(|| name.and_then(|name| TimeZone::get(name).ok())).unwrap_or_else(TimeZone::system)
}

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        self.fixed.unwrap_or_else(Timestamp::now)
    }

    fn zone(&self) -> TimeZone {
        self.zone.get_or_init(|| zone(self.name.as_deref())).clone()
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
