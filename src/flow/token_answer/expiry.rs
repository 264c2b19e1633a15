//! When a token ends: the twenty ways in which services write it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, civil, tz::TimeZone};
use serde_json::Value;

use crate::base::Timestamp;
use crate::base::time::{http_date, span};
use crate::model::oauth::{ExpiresKind, ExpiresUnit};

/// Smaller numbers are spans, larger ones moments: as a span this is 31 years, as a moment it lies in 2001.
const MOMENT: f64 = 1e9;
/// Larger moments count milliseconds: as seconds this lies in the year 5138.
const MILLISECONDS: f64 = 1e11;

/// What a field says about the end of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expiry {
    /// It ends then.
    At(Timestamp),
    /// It does not end.
    Never,
}

impl Expiry {
    /// The end, where there is one.
    #[must_use]
    pub const fn moment(self) -> Option<Timestamp> {
        match self {
            Self::At(moment) => Some(moment),
            Self::Never => None,
        }
    }
}

/// Reads a field; `None` where it says nothing that can be understood. What the definition does not say
/// (unit, span or moment) is told by size and form.
#[must_use]
pub fn read(
    value: &Value,
    unit: Option<ExpiresUnit>,
    kind: Option<ExpiresKind>,
    now: Timestamp,
) -> Option<Expiry> {
    match value {
        Value::Number(number) => count(number.as_f64()?, unit, kind, now),
        Value::String(text) => {
            let text = text.trim();
            match text.parse::<f64>() {
                Ok(number) => count(number, unit, kind, now),
                Err(_) => words(text, now).map(Expiry::At),
            }
        }
        _ => None,
    }
}

/// A number. Zero and less mean that the token does not end, as Mailchimp and Keycloak write it.
fn count(
    number: f64,
    unit: Option<ExpiresUnit>,
    kind: Option<ExpiresKind>,
    now: Timestamp,
) -> Option<Expiry> {
    if !number.is_finite() {
        return None;
    }
    if number <= 0.0 {
        return Some(Expiry::Never);
    }
    let milliseconds = match unit {
        Some(unit) => unit == ExpiresUnit::Milliseconds,
        None => number >= MILLISECONDS,
    };
    let seconds = if milliseconds { number / 1000.0 } else { number };
    let guessed = if seconds >= MOMENT { ExpiresKind::At } else { ExpiresKind::In };
    let span = SignedDuration::try_from_secs_f64(seconds).ok()?;
    match kind.unwrap_or(guessed) {
        ExpiresKind::In => now.checked_add(span).ok(),
        ExpiresKind::At => Timestamp::from_duration(span).ok(),
    }
    .map(Expiry::At)
}

/// A moment or a span in words.
fn words(text: &str, now: Timestamp) -> Option<Timestamp> {
    let zoneless = || {
        let local: civil::DateTime = text.parse().ok()?;
        // A moment without a zone is UTC at every service that was seen to write one.
        local.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
    };
    let later = |span: SignedDuration| now.checked_add(span).ok();
    clock(text)
        .or_else(|| span(text))
        .and_then(later)
        .or_else(|| text.parse().ok())
        .or_else(zoneless)
        .or_else(|| http_date(text))
        .or_else(|| text.parse::<SignedDuration>().ok().and_then(later))
}

/// `177:05:38`. Days, hours, minutes where the first cannot be hours of a day (Tableau), else hours, minutes,
/// seconds: where both fit, the shorter one, which costs at most an early renewal.
fn clock(text: &str) -> Option<SignedDuration> {
    let parts: Vec<i64> = text.split(':').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let [first, second, third] = parts[..] else { return None };
    if first < 0 || !(0..60).contains(&second) || !(0..60).contains(&third) {
        return None;
    }
    let minutes = if first < 24 { None } else { Some(first.checked_mul(24)?.checked_add(second)?) };
    let seconds = match minutes {
        Some(hours) => hours.checked_mul(60)?.checked_add(third)?.checked_mul(60)?,
        None => (first * 60 + second) * 60 + third,
    };
    Some(SignedDuration::from_secs(seconds))
}

/// The `exp` of a token that is a JWT (RFC 7519, section 4.1.4). Nothing is verified: the token is ours to
/// send, not to trust.
#[must_use]
pub fn of_jwt(token: &str) -> Option<Timestamp> {
    let mut parts = token.split('.');
    let (_, payload, _) = (parts.next()?, parts.next()?, parts.next()?);
    let claims: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).ok()?).ok()?;
    let seconds = claims.get("exp")?.as_f64().filter(|seconds| *seconds > 0.0)?;
    Timestamp::from_duration(SignedDuration::try_from_secs_f64(seconds).ok()?).ok()
}

/// The lifetime that the definition names, from now.
#[must_use]
pub fn declared(lifetime: Option<&str>, now: Timestamp) -> Option<Timestamp> {
    now.checked_add(span(lifetime?)?).ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Expiry, declared, of_jwt, read};
    use crate::base::Timestamp;
    use crate::model::oauth::{ExpiresKind, ExpiresUnit};

    fn now() -> Timestamp {
        "2026-11-21T11:00:00Z".parse().unwrap()
    }

    #[test]
    fn an_end_is_read_in_every_writing() {
        let in_an_hour = Some("2026-11-21T12:00:00Z");
        for (value, end) in [
            (json!(3600), in_an_hour),
            (json!("3600"), in_an_hour),
            (json!("3600.0"), in_an_hour),
            (json!(3600.0), in_an_hour),
            (json!(" 3600\r\n"), in_an_hour),
            (json!("1h"), in_an_hour),
            (json!("PT1H"), in_an_hour),
            (json!("1:00:00"), in_an_hour),
            (json!("2026-11-21T12:00:00Z"), in_an_hour),
            (json!("2026-11-21T21:00:00+09:00"), in_an_hour),
            (json!("2026-11-21T12:00:00.000+0000"), in_an_hour),
            (json!("2026-11-21 12:00:00"), in_an_hour),
            (json!("2026-11-21T12:00:00"), in_an_hour),
            (json!("Sat, 21 Nov 2026 12:00:00 GMT"), in_an_hour),
            (json!(1_795_262_400), in_an_hour),
            (json!("1795262400"), in_an_hour),
            (json!(1_795_262_400_000_u64), in_an_hour),
            (json!("177:05:38"), Some("2027-05-17T16:38:00Z")),
            (json!("30d"), Some("2026-12-21T11:00:00Z")),
        ] {
            let end = end.map(|end| Expiry::At(end.parse().unwrap()));
            assert_eq!(read(&value, None, None, now()), end, "{value}");
        }
        for value in [json!(0), json!("0"), json!(-1)] {
            assert_eq!(read(&value, None, None, now()), Some(Expiry::Never), "{value}");
        }
        for value in
            [json!(null), json!(""), json!("soon"), json!(1e300), json!("NaN"), json!("inf"), json!([])]
        {
            assert_eq!(read(&value, None, None, now()), None, "{value}");
        }
    }

    #[test]
    fn the_definition_decides_over_size() {
        let ms = Some(ExpiresUnit::Milliseconds);
        let seconds = Some(ExpiresUnit::Seconds);
        for (value, unit, kind, end) in [
            (3_600_000_u64, ms, None, "2026-11-21T12:00:00Z"),
            (3_600_000, ms, Some(ExpiresKind::In), "2026-11-21T12:00:00Z"),
            (3_600_000, seconds, None, "2027-01-02T03:00:00Z"),
            (1_795_262_400_000, ms, Some(ExpiresKind::At), "2026-11-21T12:00:00Z"),
            (1_000_000_000, seconds, Some(ExpiresKind::In), "2058-07-30T12:46:40Z"),
        ] {
            let end = Expiry::At(end.parse().unwrap());
            assert_eq!(read(&json!(value), unit, kind, now()), Some(end), "{value} {unit:?} {kind:?}");
        }
    }

    #[test]
    fn a_jwt_says_its_own_end() {
        // {"exp":1300819380}
        let token = "eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjEzMDA4MTkzODB9.x";
        assert_eq!(of_jwt(token), "2011-03-22T18:43:00Z".parse().ok());
        for token in ["", "a.b.c", "opaque", "..", "eyJhbGciOiJIUzI1NiJ9.e30.x"] {
            assert_eq!(of_jwt(token), None, "{token}");
        }
    }

    #[test]
    fn a_lifetime_counts_from_now() {
        assert_eq!(declared(Some("1h"), now()), "2026-11-21T12:00:00Z".parse().ok());
        assert_eq!(declared(Some("?"), now()), None);
        assert_eq!(declared(None, now()), None);
    }
}
