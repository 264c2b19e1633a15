//! Limits and moments to retry: `Retry-After` and the six common families of rate headers.

use jiff::{SignedDuration, Timestamp};

use super::fact::Answered;
use super::report::Quota;
pub use crate::base::time::{http_date, span};
use crate::model::answer::ResetUnit;
use crate::model::{Connector, Limits};

/// The longest wait that a server can ask for; anything beyond is a mistake or a trap.
const LONGEST: SignedDuration = SignedDuration::from_hours(24 * 31);

/// The moment that `Retry-After` names (RFC 9110, section 10.2.3): seconds or an HTTP date.
#[must_use]
pub fn retry_after(answer: &Answered, now: Timestamp) -> Option<Timestamp> {
    let value = answer.header("retry-after")?.trim();
    if let Ok(seconds) = value.parse::<f64>() {
        return (seconds >= 0.0).then(|| in_seconds(now, seconds));
    }
    let moment = http_date(value)?;
    Some(moment.clamp(now, now.saturating_add(LONGEST).unwrap_or(now)))
}

fn in_seconds(now: Timestamp, seconds: f64) -> Timestamp {
    let capped = seconds.clamp(0.0, LONGEST.as_secs_f64());
    SignedDuration::try_from_secs_f64(capped).ok().and_then(|span| now.checked_add(span).ok()).unwrap_or(now)
}

/// The families of headers: limit, remaining, reset.
const FAMILIES: [(&str, &str, &str); 6] = [
    ("x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"),
    ("x-rate-limit-limit", "x-rate-limit-remaining", "x-rate-limit-reset"),
    ("ratelimit-limit", "ratelimit-remaining", "ratelimit-reset"),
    ("x-ratelimit-limit-requests", "x-ratelimit-remaining-requests", "x-ratelimit-reset-requests"),
    ("x-hubspot-ratelimit-max", "x-hubspot-ratelimit-remaining", "x-hubspot-ratelimit-interval-milliseconds"),
    ("rate-limit", "rate-remaining", "rate-reset"),
];

/// What an answer says about the calls that are left; the connector's own header names come first.
#[must_use]
pub fn quota(connector: &Connector, answer: &Answered, now: Timestamp) -> Option<Quota> {
    let declared = connector.limits.as_ref().and_then(|limits| declared(limits, answer, now));
    declared.or_else(|| FAMILIES.iter().find_map(|family| common(*family, answer, now)))
}

fn declared(limits: &Limits, answer: &Answered, now: Timestamp) -> Option<Quota> {
    let read = |name: &Option<String>| name.as_deref().and_then(|name| answer.header(name));
    let quota = Quota {
        limit: read(&limits.limit).and_then(count),
        remaining: read(&limits.remaining).and_then(count),
        resets_at: read(&limits.reset).and_then(|value| reset(value, limits.reset_unit, now)),
    };
    (quota != Quota::default()).then_some(quota)
}

fn common(
    (limit, remaining, resets): (&str, &str, &str),
    answer: &Answered,
    now: Timestamp,
) -> Option<Quota> {
    let unit = resets.ends_with("milliseconds").then_some(ResetUnit::Milliseconds);
    let quota = Quota {
        limit: answer.header(limit).and_then(count),
        remaining: answer.header(remaining).and_then(count),
        resets_at: answer.header(resets).and_then(|value| reset(value, unit, now)),
    };
    (quota.remaining.is_some() || quota.limit.is_some()).then_some(quota)
}

/// A count; lists such as `100, 100;w=60` say the first number.
fn count(value: &str) -> Option<u64> {
    let digits: String = value.trim().chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

fn reset(value: &str, unit: Option<ResetUnit>, now: Timestamp) -> Option<Timestamp> {
    let value = value.trim();
    match unit {
        Some(ResetUnit::Iso8601) => value.parse().ok(),
        Some(ResetUnit::Seconds) => value.parse().ok().map(|seconds| in_seconds(now, seconds)),
        Some(ResetUnit::Milliseconds) => value.parse::<f64>().ok().map(|ms| in_seconds(now, ms / 1000.0)),
        // What is called a moment and would lie decades back is a span: its size says what it is.
        Some(ResetUnit::Epoch | ResetUnit::EpochMilliseconds) | None => guess(value, now),
    }
}

/// A reset without a stated unit: ISO time, HTTP date, span (`6m0s`), epoch seconds or milliseconds, or
/// seconds from now, told apart by their size.
fn guess(value: &str, now: Timestamp) -> Option<Timestamp> {
    if let Ok(number) = value.parse::<f64>() {
        #[expect(clippy::cast_possible_truncation, reason = "a moment to the second")]
        let whole = number as i64;
        return match whole {
            i64::MIN..0 => None,
            0..1_000_000_000 => Some(in_seconds(now, number)),
            1_000_000_000..100_000_000_000 => Timestamp::from_second(whole).ok(),
            _ => Timestamp::from_millisecond(whole).ok(),
        };
    }
    let span = || value.parse::<SignedDuration>().ok().map(|span| in_seconds(now, span.as_secs_f64()));
    value.parse().ok().or_else(|| http_date(value)).or_else(span)
}

#[cfg(test)]
mod tests {
    use super::{Answered, Timestamp, quota, retry_after, span};
    use crate::model::Connector;

    fn answer(headers: &[(&str, &str)]) -> Answered {
        Answered {
            status: 429,
            version: "HTTP/1.1".into(),
            headers: headers.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect(),
            body: "".into(),
            length: 0,
            truncated: false,
            peer: None,
        }
    }

    #[test]
    fn retry_after_is_seconds_or_a_date_and_never_nonsense() {
        let now: Timestamp = "2026-11-21T11:00:00Z".parse().unwrap();
        let cases = [
            ("17", Some("2026-11-21T11:00:17Z")),
            ("0", Some("2026-11-21T11:00:00Z")),
            ("Sat, 21 Nov 2026 12:00:00 GMT", Some("2026-11-21T12:00:00Z")),
            ("Sat, 21 Nov 2020 12:00:00 GMT", Some("2026-11-21T11:00:00Z")),
            ("99999999999999999999", Some("2026-12-22T11:00:00Z")),
            ("-5", None),
            ("", None),
            ("soon", None),
            ("NaN", None),
        ];
        for (value, expected) in cases {
            let expected = expected.map(|text| text.parse::<Timestamp>().unwrap());
            assert_eq!(retry_after(&answer(&[("retry-after", value)]), now), expected, "{value}");
        }
    }

    #[test]
    fn the_six_families_and_their_reset_units_are_read() {
        let now: Timestamp = "2026-11-21T11:00:00Z".parse().unwrap();
        type Case = (&'static [(&'static str, &'static str)], u64, &'static str);
        let cases: [Case; 7] = [
            (
                &[("x-ratelimit-remaining", "4"), ("x-ratelimit-reset", "1795258860")],
                4,
                "2026-11-21T11:01:00Z",
            ),
            (
                &[("x-ratelimit-remaining", "4"), ("x-ratelimit-reset", "1795258860000")],
                4,
                "2026-11-21T11:01:00Z",
            ),
            (&[("ratelimit-remaining", "9"), ("ratelimit-reset", "60")], 9, "2026-11-21T11:01:00Z"),
            (
                &[("x-rate-limit-remaining", "0"), ("x-rate-limit-reset", "2026-11-21T11:01:00Z")],
                0,
                "2026-11-21T11:01:00Z",
            ),
            (
                &[("x-ratelimit-remaining-requests", "1"), ("x-ratelimit-reset-requests", "1m0s")],
                1,
                "2026-11-21T11:01:00Z",
            ),
            (
                &[
                    ("x-hubspot-ratelimit-remaining", "2"),
                    ("x-hubspot-ratelimit-interval-milliseconds", "60000"),
                ],
                2,
                "2026-11-21T11:01:00Z",
            ),
            (&[("rate-remaining", "3"), ("rate-reset", "60")], 3, "2026-11-21T11:01:00Z"),
        ];
        for (headers, remaining, resets) in cases {
            let quota = quota(&Connector::default(), &answer(headers), now).unwrap();
            assert_eq!(quota.remaining, Some(remaining), "{headers:?}");
            assert_eq!(quota.resets_at, Some(resets.parse().unwrap()), "{headers:?}");
        }
    }

    #[test]
    fn spans_are_a_number_and_a_unit() {
        assert_eq!(span("10m").unwrap().as_secs(), 600);
        assert_eq!(span("30d").unwrap().as_hours(), 720);
        assert_eq!(span("10"), None);
        assert_eq!(span("x"), None);
    }
}
