//! Many failures with one cause on this machine or its network, seen by putting connections side by side.

use std::collections::BTreeSet;

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use super::fact::Facts;
use super::finding::{Confidence, Finding};
use super::report::Entry;
use crate::base::{Text, Timestamp, is_loopback, time};
use crate::cause::{self, Cause, Severity};
use crate::model::{Strength, Verdict};

/// A result of another connection that is older says nothing about now.
const FRESH: SignedDuration = SignedDuration::from_mins(2);

/// The last result of another connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Neighbour {
    /// Its link name.
    pub link_name: String,
    /// When.
    pub at: Timestamp,
    /// Whether its service could be reached.
    pub reached: bool,
}

/// Causes that may be the service's as well as this network's: only others tell.
const EITHER: [&str; 6] = [
    "CONN-NET-TIMEOUT",
    "CONN-NET-UNREACHABLE",
    "CONN-DNS-TIMEOUT",
    "CONN-DNS-SERVFAIL",
    "CONN-DNS-REFUSED",
    "CONN-NET-OFFLINE",
];

/// The cause where a name server says that a name does not exist.
pub const NOT_KNOWN: &str = "CONN-DNS-NXDOMAIN";

/// What other connections, looked at within the last two minutes, say about a failure on the path.
#[must_use]
pub fn weigh(finding: Finding, facts: &Facts) -> Finding {
    const REACHED: Text = Text::new(
        "{name} was reached at {at}: this machine and its network work",
        "{name} には {at} に到達できています（この端末とネットワークは正常です）",
    );
    const NONE: Text = Text::new(
        "none of the other connections can be reached either: {names}",
        "他の接続にも到達できません: {names}",
    );
    let fresh: Vec<&Neighbour> = facts
        .history
        .others
        .iter()
        .filter(|other| facts.at.duration_since(other.at).abs() <= FRESH)
        .collect();
    if finding.cause.verdict != Verdict::Unreachable || fresh.is_empty() {
        return finding;
    }
    if let Some(other) = fresh.iter().find(|other| other.reached) {
        let words = REACHED.fill(&[("name", &other.link_name), ("at", &time::iso(other.at))]);
        return finding.because(Strength::Strong, words);
    }
    if fresh.len() < 2 || !EITHER.contains(&finding.cause.code) {
        return finding;
    }
    let names = fresh.iter().map(|other| other.link_name.as_str()).collect::<Vec<_>>().join(", ");
    let words = NONE.fill(&[("names", &names)]);
    if finding.cause.code == "CONN-NET-OFFLINE" {
        return finding.because(Strength::Strong, words);
    }
    let offline =
        Finding::new(cause::get("CONN-NET-OFFLINE"), Confidence::Likely).because(Strength::Strong, words);
    Finding { values: finding.values, evidence: [offline.evidence, finding.evidence].concat(), ..offline }
}

/// One cause behind the failures of several connections.
#[derive(Clone, Debug)]
pub struct Common<'r> {
    /// The cause.
    pub cause: &'static Cause,
    /// The connections that it stops, in the order of the report.
    pub members: Vec<&'r Entry>,
}

/// The one cause on this machine or its network behind the failures of a run: no service beyond this machine could be
/// reached, and several different ones were tried. `None` where one was reached, or where the failures have one name
/// already.
#[must_use]
pub fn common(entries: &[Entry]) -> Option<Common<'_>> {
    let away = |entry: &&Entry| !is_loopback(&entry.subject.host) && entry.verdict != Verdict::Skipped;
    let tried: Vec<&Entry> = entries.iter().filter(away).collect();
    let members: Vec<&Entry> = tried
        .iter()
        .copied()
        .filter(|entry| {
            root(entry).is_some_and(|root| EITHER.contains(&root.cause.code) || root.is_unknown_here())
        })
        .collect();
    let hosts: BTreeSet<&str> = members.iter().map(|entry| entry.subject.host.as_str()).collect();
    let codes: BTreeSet<&str> = members.iter().filter_map(|entry| Some(root(entry)?.cause.code)).collect();
    // Services that conn brought along do not all vanish: whoever denies their names is on this side.
    let denied = codes.iter().all(|code| *code == NOT_KNOWN);
    // What never left this machine says nothing about the network.
    let others = tried.iter().filter(|entry| entry.verdict != Verdict::LocalSetup).count();
    let all = members.len() == others;
    (all && hosts.len() > 1 && (codes.len() > 1 || denied)).then(|| Common {
        cause: cause::get(if denied {
            NOT_KNOWN
        } else if codes.iter().all(|code| code.starts_with("CONN-DNS")) {
            "CONN-DNS-TIMEOUT"
        } else {
            "CONN-NET-OFFLINE"
        }),
        members,
    })
}

fn root(entry: &Entry) -> Option<&Finding> {
    entry.findings.iter().find(|finding| finding.severity == Severity::Error)
}

#[cfg(test)]
mod tests {
    use super::{Neighbour, weigh};
    use crate::base::{Phrase, Timestamp};
    use crate::diagnosis::fact::{Facts, Past, SCHEMA, Subject};
    use crate::diagnosis::{Confidence, Finding};
    use crate::model::{AuthKind, State};

    fn facts(others: Vec<Neighbour>) -> Facts {
        let subject = Subject {
            link_name: "acme".into(),
            connector: "acme".into(),
            service: Phrase::same("Acme"),
            method: "key".into(),
            kind: AuthKind::ApiKey,
            environment: "production".into(),
            base: "https://api.acme.test".into(),
            host: "api.acme.test".into(),
            origin: String::new(),
            state: State::Connected,
            fingerprints: std::collections::BTreeMap::new(),
            sources: std::collections::BTreeMap::new(),
            redirect: None,
            options: Vec::new(),
            account: None,
        };
        serde_json::from_value(serde_json::json!({
            "schema": SCHEMA,
            "at": "2026-11-22T00:00:00Z",
            "connection": subject,
            "problems": [],
            "stages": [],
            "answers": [],
            "history": Past { others, ..Past::default() },
        }))
        .unwrap()
    }

    fn other(name: &str, seconds: i64, reached: bool) -> Neighbour {
        let now: Timestamp = "2026-11-22T00:00:00Z".parse().unwrap();
        let at = now.checked_sub(jiff::SignedDuration::from_secs(seconds)).unwrap();
        Neighbour { link_name: name.into(), at, reached }
    }

    #[test]
    fn others_that_cannot_be_reached_either_make_it_the_networks_fault_and_one_that_can_does_not() {
        let all = |reached| vec![other("one", 30, reached), other("two", 100, false)];
        for (code, others, expected, told) in [
            ("CONN-NET-TIMEOUT", vec![], "CONN-NET-TIMEOUT", 0),
            ("CONN-NET-TIMEOUT", all(false), "CONN-NET-OFFLINE", 1),
            ("CONN-NET-TIMEOUT", all(true), "CONN-NET-TIMEOUT", 1),
            // One other alone, or one of long ago, proves nothing.
            ("CONN-NET-TIMEOUT", vec![other("one", 5, false)], "CONN-NET-TIMEOUT", 0),
            (
                "CONN-NET-TIMEOUT",
                vec![other("one", 300, false), other("two", 300, false)],
                "CONN-NET-TIMEOUT",
                0,
            ),
            // What the service itself says is not the network's doing.
            ("CONN-DNS-NXDOMAIN", all(false), "CONN-DNS-NXDOMAIN", 0),
            ("CONN-AUTH-REJECTED", all(false), "CONN-AUTH-REJECTED", 0),
        ] {
            let finding = Finding::new(crate::cause::get(code), Confidence::Certain);
            let weighed = weigh(finding, &facts(others.clone()));
            assert_eq!((weighed.cause.code, weighed.evidence.len()), (expected, told), "{code} {others:?}");
        }
    }
}
