//! Keeping to what a service allows: no call is sent while it said that none is left.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use http::HeaderMap;

use crate::base::{Response, Timestamp};
use crate::diagnosis::rate;
use crate::model::Connector;
use crate::operation::exchange::answered;

/// The longest that a call is held back; what takes longer is told to whoever asks.
const LONGEST: i64 = 20;

/// When the next call may go.
#[derive(Debug, Default)]
pub struct Pace {
    free_at: Mutex<Option<Timestamp>>,
}

/// What happens to a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// It goes.
    Now,
    /// It waits.
    After(Duration),
    /// It is answered with 429: so many seconds are left.
    Later(i64),
}

impl Pace {
    /// Learns from an answer, where the definition says how this service counts.
    pub fn learn(&self, connector: &Connector, status: u16, headers: &HeaderMap, now: Timestamp) {
        if connector.limits.is_none() {
            return;
        }
        let answer = answered(&Response::head(status, headers));
        let refused = (status == 429).then(|| rate::retry_after(&answer, now)).flatten();
        let used_up = || rate::quota(connector, &answer, now).filter(|quota| quota.remaining == Some(0));
        let free_at = refused.or_else(|| used_up()?.resets_at);
        *self.free_at.lock().unwrap_or_else(PoisonError::into_inner) = free_at;
    }

    /// Whether a call may go.
    #[must_use]
    pub fn turn(&self, now: Timestamp) -> Turn {
        let free_at = *self.free_at.lock().unwrap_or_else(PoisonError::into_inner);
        let left = free_at.map_or(0, |at| at.as_second() - now.as_second());
        match left {
            ..=0 => Turn::Now,
            1..=LONGEST => Turn::After(Duration::from_secs(left.unsigned_abs())),
            _ => Turn::Later(left),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use http::HeaderMap;

    use super::{Pace, Turn};
    use crate::base::Timestamp;
    use crate::model::{Connector, Limits};

    fn after(limits: Option<Limits>, status: u16, headers: &[(&str, &str)]) -> Turn {
        let now: Timestamp = "2026-11-22T10:00:00Z".parse().unwrap();
        let connector = Connector { limits, ..Connector::default() };
        let headers = headers.iter().map(|&(name, value)| (name.parse().unwrap(), value.parse().unwrap()));
        let headers: HeaderMap = headers.collect();
        let pace = Pace::default();
        pace.learn(&connector, status, &headers, now);
        pace.turn(now)
    }

    #[test]
    fn a_call_waits_while_none_is_left_and_is_told_when_that_takes_long() {
        let limits = || Some(Limits::default());
        let left = |left, reset| [("x-ratelimit-remaining", left), ("x-ratelimit-reset", reset)];
        assert_eq!(after(limits(), 200, &left("0", "5")), Turn::After(Duration::from_secs(5)));
        assert_eq!(after(limits(), 200, &left("0", "3600")), Turn::Later(3600));
        assert_eq!(after(limits(), 200, &left("1", "5")), Turn::Now);
        assert_eq!(after(limits(), 429, &[("retry-after", "7")]), Turn::After(Duration::from_secs(7)));
        assert_eq!(after(limits(), 200, &[]), Turn::Now);
        // A definition that says nothing of limits: the answer goes to the program, which decides.
        assert_eq!(after(None, 429, &[("retry-after", "7")]), Turn::Now);
    }
}
