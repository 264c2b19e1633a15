//! What ends soon: certificates, keys and authorisations, told while there is time.

use super::fact::{Answered, Facts, StageDetail};
use super::finding::{Confidence, Finding};
use crate::base::{Text, Timestamp};
use crate::cause;
use crate::model::Strength;

/// How many days before its end a thing is worth a word.
pub(super) const NOTICE: i64 = 14;

/// Headers in which services name the end of the key that was used.
const ENDS: [&str; 2] = ["github-authentication-token-expiration", "x-token-expires-at"];

/// Everything that ends within two weeks, beside an authorisation.
#[must_use]
pub fn remarks(facts: &Facts) -> Vec<Finding> {
    certificate(facts).into_iter().chain(key(facts)).collect()
}

/// Whole days until a moment, where it lies within the notice and not in the past.
fn soon(end: Timestamp, now: Timestamp) -> Option<i64> {
    let days = end.duration_since(now).as_hours() / 24;
    (end > now && days < NOTICE).then_some(days)
}

fn told(code: &str, end: Timestamp, days: i64) -> Finding {
    const DAYS: Text = Text::new("{days} days are left", "残り {days} 日です");
    const ONE: Text = Text::new("one day is left", "残り 1 日です");
    const TODAY: Text = Text::new("less than a day is left", "残り 1 日未満です");
    let words = match days {
        0 => TODAY.phrase(),
        1 => ONE.phrase(),
        _ => DAYS.fill(&[("days", &days.to_string())]),
    };
    let date = end.strftime("%Y-%m-%d").to_string();
    Finding::new(cause::get(code), Confidence::Certain).value("date", date).because(Strength::Proves, words)
}

/// The certificate of the service.
fn certificate(facts: &Facts) -> Option<Finding> {
    let end = of_certificate(facts)?;
    Some(told("CONN-TLS-EXPIRES-SOON", end, soon(end, facts.at)?))
}

/// When the certificate of the service ends.
pub(super) fn of_certificate(facts: &Facts) -> Option<Timestamp> {
    let shown = facts.stages.iter().find_map(|stage| match &stage.detail {
        StageDetail::Tls { chain, .. } => chain.first().map(|leaf| leaf.not_after),
        _ => None,
    });
    let answered = facts.answers.iter().find_map(|fact| fact.answer.as_ref()?.peer.as_ref()?.ends);
    answered.or(shown)
}

/// The key, where it says its own end or the service does.
fn key(facts: &Facts) -> Option<Finding> {
    let end = of_key(facts)?;
    Some(told("CONN-AUTH-KEY-EXPIRES-SOON", end, soon(end, facts.at)?))
}

/// When the key ends.
pub(super) fn of_key(facts: &Facts) -> Option<Timestamp> {
    if facts.grant.is_some() {
        return None;
    }
    let named = facts.answers.iter().filter_map(|fact| fact.answer.as_ref()).find_map(named_end);
    named.or_else(|| facts.ends.values().copied().chain(facts.aged).min())
}

/// The end of the key, where a header of the answer names it.
fn named_end(answer: &Answered) -> Option<Timestamp> {
    let value = ENDS.iter().find_map(|name| answer.header(name))?.trim();
    // `2026-12-01 07:00:00 UTC` or `2026-12-01 07:00:00 +0000`.
    let plain = value.strip_suffix(" UTC").unwrap_or(value);
    let moment =
        jiff::fmt::strtime::parse("%Y-%m-%d %H:%M:%S %z", value).and_then(|parsed| parsed.to_timestamp());
    let utc = || format!("{}Z", plain.replace(' ', "T")).parse().ok();
    moment.ok().or_else(utc).or_else(|| value.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::{Answered, named_end, soon};
    use crate::base::Timestamp;

    #[test]
    fn the_last_two_weeks_are_told_and_the_past_is_not() {
        let now: Timestamp = "2026-11-22T00:00:00Z".parse().unwrap();
        for (end, days) in [
            ("2026-11-22T12:00:00Z", Some(0)),
            ("2026-11-23T00:00:00Z", Some(1)),
            ("2026-11-29T00:00:00Z", Some(7)),
            ("2026-12-05T23:00:00Z", Some(13)),
            ("2026-12-06T00:00:00Z", None),
            ("2026-11-21T23:59:59Z", None),
        ] {
            assert_eq!(soon(end.parse().unwrap(), now), days, "{end}");
        }
    }

    #[test]
    fn the_end_of_a_key_is_read_from_the_headers_that_name_it() {
        let answer = |value: &str| Answered {
            status: 200,
            version: "HTTP/1.1".into(),
            headers: vec![("github-authentication-token-expiration".into(), value.into())],
            body: "".into(),
            length: 0,
            truncated: false,
            peer: None,
        };
        for (value, end) in [
            ("2026-12-01 07:00:00 UTC", Some("2026-12-01T07:00:00Z")),
            ("2026-12-01 07:00:00 +0900", Some("2026-11-30T22:00:00Z")),
            ("2026-12-01T07:00:00Z", Some("2026-12-01T07:00:00Z")),
            ("never", None),
        ] {
            assert_eq!(named_end(&answer(value)), end.map(|end| end.parse().unwrap()), "{value}");
        }
    }
}
