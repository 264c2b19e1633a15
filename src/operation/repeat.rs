//! Trying a person's own request again: only where nothing can happen twice, and not sooner than the service asks.

use std::time::Duration;

use super::request::{Reply, UserRequest};
use super::{Failure, World};
use crate::base::{Text, Timestamp};
use crate::cause::ExitClass;
use crate::diagnosis::Finding;

/// The longest pause before another try, in seconds; what the service wants beyond it is left to the caller.
const LONGEST: i64 = 120;

/// How long to wait before another try; `None` where there shall be none.
pub(super) fn pause(
    world: &dyn World,
    wanted: &UserRequest,
    reply: &Result<Reply, Failure>,
    tried: u32,
) -> Option<Duration> {
    if tried >= wanted.retries {
        return None;
    }
    let (finding, status) = match reply {
        Ok(reply) => (reply.finding.as_deref()?, Some(reply.response.status)),
        Err(Failure::Finding(finding)) => (&**finding, None),
        Err(_) => return None,
    };
    is_safe(&wanted.method, status, finding).then(|| wait(finding, world.clock().now(), tried)).flatten()
}

/// Whether it can be sent again: the cause passes, and the call changes nothing or was turned away at the door.
fn is_safe(method: &str, status: Option<u16>, finding: &Finding) -> bool {
    let passes = finding.cause.exit == ExitClass::Temporary;
    passes && (matches!(method, "GET" | "HEAD" | "OPTIONS") || status == Some(429))
}

/// What the service asks for, else 1, 2, 4 … seconds.
fn wait(finding: &Finding, now: Timestamp, tried: u32) -> Option<Duration> {
    let seconds = match finding.retry_at {
        Some(at) => at.duration_since(now).as_secs().max(0) + 1,
        None => 1 << tried.min(6),
    };
    (seconds <= LONGEST).then(|| Duration::from_secs(seconds.unsigned_abs()))
}

/// Says that a pause is made.
pub(super) fn tell(world: &dyn World, pause: Duration) {
    const AGAIN: Text = Text::new("Trying again in {seconds} s.", "{seconds} 秒後に再試行します。");
    let settings = world.settings();
    if !settings.quiet {
        let sentence = AGAIN.fill(&[("seconds", &pause.as_secs().to_string())]);
        world.person().say(sentence.get(settings.language));
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{is_safe, wait};
    use crate::base::Timestamp;
    use crate::diagnosis::{Confidence, Finding};

    fn finding(code: &str) -> Finding {
        Finding::new(crate::cause::get(code), Confidence::Certain)
    }

    #[test]
    fn only_what_changes_nothing_or_was_turned_away_is_sent_again() {
        for (method, status, code, expected) in [
            ("GET", Some(503), "CONN-VEND-INCIDENT", true),
            ("POST", Some(503), "CONN-VEND-INCIDENT", false),
            ("POST", Some(429), "CONN-RATE-BURST", true),
            ("GET", Some(401), "CONN-AUTH-REJECTED", false),
            ("GET", None, "CONN-DNS-NXDOMAIN", false),
            ("DELETE", None, "CONN-NET-READ-TIMEOUT", false),
        ] {
            assert_eq!(is_safe(method, status, &finding(code)), expected, "{method} {code}");
        }
    }

    #[test]
    fn the_service_says_how_long_and_what_is_too_long_is_not_waited_for() {
        let now: Timestamp = "2026-11-22T10:00:00Z".parse().unwrap();
        let told = |seconds: i64| {
            let mut finding = finding("CONN-RATE-BURST");
            finding.retry_at = Some(now + jiff::SignedDuration::from_secs(seconds));
            wait(&finding, now, 0)
        };
        assert_eq!(told(17), Some(Duration::from_secs(18)));
        assert_eq!(told(-5), Some(Duration::from_secs(1)));
        assert_eq!(told(600), None);
        let own = |tried| wait(&finding("CONN-VEND-INCIDENT"), now, tried);
        assert_eq!([own(0), own(1), own(2)].map(|pause| pause.unwrap().as_secs()), [1, 2, 4]);
    }
}
