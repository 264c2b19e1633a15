//! Testing again what failed for a passing reason (`--retry-until`): which connections, and when. Pure.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::base::Timestamp;
use crate::cause::ExitClass;
use crate::diagnosis::{Entry, Report};

/// What is tested again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Again {
    /// After how long.
    pub wait: Duration,
    /// These connections.
    pub link_names: Vec<String>,
}

/// Whether a result may be another one later without anybody doing anything.
#[must_use]
pub fn passes(entry: &Entry) -> bool {
    entry.exit(false) == ExitClass::Temporary
}

/// What is tested next, where anything may pass within the time that is left. What a service wants left alone for
/// longer is not asked again.
#[must_use]
pub fn next(report: &Report, now: Timestamp, left: Duration) -> Option<Again> {
    let passing = report.entries.iter().filter(|entry| passes(entry));
    let due: Vec<(&Entry, Duration)> = passing.map(|entry| (entry, pause(entry, now))).collect();
    let wait = due.iter().map(|(_, pause)| *pause).min().filter(|wait| *wait <= left && !left.is_zero())?;
    // Those that are due within the same second go along.
    let soon = due.iter().filter(|(_, pause)| *pause <= wait + Duration::from_secs(1));
    let link_names = soon.map(|(entry, _)| entry.subject.link_name.clone()).collect();
    Some(Again { wait, link_names })
}

/// The connections that a service wants left alone for longer than there is time, with the moment that it names.
#[must_use]
pub fn beyond(report: &Report, now: Timestamp, left: Duration) -> Vec<(&str, Timestamp)> {
    let passing = report.entries.iter().filter(|entry| passes(entry) && pause(entry, now) > left);
    passing.filter_map(|entry| Some((entry.subject.link_name.as_str(), stated(entry)?))).collect()
}

/// Puts later results in the place of the earlier ones.
pub fn absorb(report: &mut Report, later: Report) {
    let later: BTreeMap<String, Entry> =
        later.entries.into_iter().map(|entry| (entry.subject.link_name.clone(), entry)).collect();
    for entry in &mut report.entries {
        let Some(mut new) = later.get(&entry.subject.link_name).cloned() else { continue };
        new.attempts += entry.attempts;
        new.requests += entry.requests;
        *entry = new;
    }
}

fn stated(entry: &Entry) -> Option<Timestamp> {
    entry.root()?.retry_at
}

fn pause(entry: &Entry, now: Timestamp) -> Duration {
    moment(stated(entry), now, entry.attempts)
}

/// How long to wait for the moment that a service named, or without its word: 2, 4, 8 … at most 60 seconds.
fn moment(stated: Option<Timestamp>, now: Timestamp, attempts: u32) -> Duration {
    let stated = stated.and_then(|at| Duration::try_from(at.duration_since(now)).ok());
    // Services refuse a request that comes in the very second that they named.
    stated.map_or_else(
        || Duration::from_secs(2_u64.saturating_pow(attempts.clamp(1, 6)).min(60)),
        |wait| wait + Duration::from_secs(1),
    )
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Again, absorb, beyond, moment, next};
    use crate::base::Timestamp;
    use crate::diagnosis::fact::{Facts, SCHEMA};
    use crate::diagnosis::report::Account;
    use crate::diagnosis::{Confidence, Entry, Finding, Report};
    use crate::model::{State, Verdict};

    fn now() -> Timestamp {
        "2026-11-22T00:00:00Z".parse().unwrap()
    }

    /// A result with this cause, of which the service says to wait so many seconds.
    fn entry(link_name: &str, code: &str, seconds: Option<i64>) -> Entry {
        let facts: Facts = serde_json::from_value(serde_json::json!({
            "schema": SCHEMA, "at": now(), "problems": [], "stages": [], "answers": [], "history": {
                "last_ok": null, "fingerprints": {}, "account": null, "organisation": null
            },
            "connection": {
                "link_name": link_name, "connector": "acme", "service": "Acme", "method": "key",
                "kind": "api_key", "environment": "production", "base": "", "host": "", "origin": "",
                "state": "connected", "fingerprints": {}, "sources": {},
            },
        }))
        .unwrap();
        let mut finding = Finding::new(crate::cause::get(code), Confidence::Certain);
        finding.retry_at = seconds.map(|seconds| now() + jiff::SignedDuration::from_secs(seconds));
        Entry {
            subject: facts.connection,
            verdict: Verdict::Throttled,
            state: State::Connected,
            stages: Vec::new(),
            findings: vec![finding],
            identity: None,
            access: Vec::new(),
            quota: None,
            changes: Vec::new(),
            checks: Vec::new(),
            fixes: Vec::new(),
            account: Account::default(),
            last_ok: None,
            requests: 1,
            attempts: 1,
            ms: 1.0,
        }
    }

    fn report(entries: Vec<Entry>) -> Report {
        Report::of("test", now(), 1.0, entries)
    }

    #[test]
    fn only_what_passes_is_tested_again_and_not_before_the_service_says() {
        let all = report(vec![
            entry("busy", "CONN-RATE-BURST", Some(30)),
            entry("also", "CONN-RATE-BURST", Some(31)),
            entry("refused", "CONN-AUTH-REJECTED", None),
            entry("long", "CONN-VEND-MAINTENANCE", Some(3600)),
        ]);
        let minute = Duration::from_secs(60);
        let again = |names: &[&str], seconds| Again {
            wait: Duration::from_secs(seconds),
            link_names: names.iter().map(ToString::to_string).collect(),
        };
        assert_eq!(next(&all, now(), minute), Some(again(&["busy", "also"], 31)));
        assert_eq!(next(&all, now(), Duration::from_secs(30)), None, "there is not time enough");
        let told: Vec<&str> = beyond(&all, now(), minute).into_iter().map(|(name, _)| name).collect();
        assert_eq!(told, ["long"]);
        assert_eq!(next(&report(vec![entry("refused", "CONN-AUTH-REJECTED", None)]), now(), minute), None);
    }

    #[test]
    fn a_later_result_takes_the_place_of_the_earlier_one_and_counts_its_attempts() {
        let mut all = report(vec![
            entry("busy", "CONN-RATE-BURST", None),
            entry("refused", "CONN-AUTH-REJECTED", None),
        ]);
        for _ in 0..2 {
            absorb(&mut all, report(vec![entry("busy", "CONN-VEND-INCIDENT", None)]));
        }
        let told: Vec<(&str, u32, u32)> = all
            .entries
            .iter()
            .map(|entry| (entry.findings[0].cause.code, entry.attempts, entry.requests))
            .collect();
        assert_eq!(told, [("CONN-VEND-INCIDENT", 3, 3), ("CONN-AUTH-REJECTED", 1, 1)]);
    }

    #[test]
    fn a_service_that_names_a_moment_is_left_alone_for_a_second_longer() {
        let named = "2026-11-22T00:00:30Z".parse().unwrap();
        assert_eq!(moment(Some(named), now(), 1), Duration::from_secs(31));
        let past = moment(Some(now()), named, 3);
        assert_eq!(past, Duration::from_secs(8), "a moment that has passed says nothing");
        assert_eq!(moment(None, now(), 9), Duration::from_secs(60));
    }
}
