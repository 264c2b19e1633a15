//! A path that works and fails in turn.

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use super::finding::{Confidence, Finding};
use crate::base::{Text, Timestamp, time};
use crate::cause::{self, Severity};
use crate::model::Strength;

/// How far back it is looked.
const SPAN: SignedDuration = SignedDuration::from_hours(24);
/// So many changes within that time are no accident.
const CHANGES: usize = 3;

/// Equal results in a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stretch {
    /// Whether the service could be reached.
    pub reached: bool,
    /// When the first of them was.
    pub first: Timestamp,
    /// When the last of them was.
    pub last: Timestamp,
    /// How many.
    pub count: u64,
}

/// The remark that the path works and fails in turn; `stretches` are the earlier results, newest first, `reached` is
/// this one.
#[must_use]
pub fn remark(stretches: &[Stretch], reached: Option<bool>, now: Timestamp) -> Option<Finding> {
    const FLAPS: Text = Text::new(
        "since {since} it changed {changes} times between working and failing; {failed} of {all} tests failed",
        "{since} から、成功と失敗が {changes} 回入れ替わっています（{all} 回中 {failed} 回失敗）",
    );
    let recent: Vec<&Stretch> = stretches.iter().filter(|one| now.duration_since(one.last) <= SPAN).collect();
    let since = recent.last()?.first.max(now.checked_sub(SPAN).ok()?);
    let outcomes: Vec<bool> = reached.into_iter().chain(recent.iter().map(|one| one.reached)).collect();
    let changes = outcomes.windows(2).filter(|pair| pair[0] != pair[1]).count();
    if changes < CHANGES {
        return None;
    }
    let count = |wanted: fn(bool) -> bool| {
        let before: u64 = recent.iter().filter(|one| wanted(one.reached)).map(|one| one.count).sum();
        before + u64::from(reached.is_some_and(wanted))
    };
    let values = [
        ("since", time::iso(since)),
        ("changes", changes.to_string()),
        ("failed", count(|reached| !reached).to_string()),
        ("all", count(|_| true).to_string()),
    ];
    let words = FLAPS.fill(&values.each_ref().map(|(name, value)| (*name, value.as_str())));
    let mut finding =
        Finding::new(cause::get("CONN-NET-FLAKY"), Confidence::Likely).because(Strength::Strong, words);
    // What is wrong now has its own cause; this is what the history adds.
    finding.severity = Severity::Info;
    Some(finding)
}

#[cfg(test)]
mod tests {
    use super::{Stretch, remark};
    use crate::base::Timestamp;

    fn at(hour: i64) -> Timestamp {
        Timestamp::from_second(hour * 3600).unwrap()
    }

    /// Newest first: `+` reached, `-` failed, two hours between.
    fn stretches(outcomes: &str) -> Vec<Stretch> {
        let one = |(place, outcome): (usize, char)| {
            let when = at(100 - 2 * (i64::try_from(place).unwrap() + 1));
            Stretch { reached: outcome == '+', first: when, last: when, count: 1 }
        };
        outcomes.chars().enumerate().map(one).collect()
    }

    #[test]
    fn three_changes_within_a_day_are_told_and_fewer_are_not() {
        for (past, reached, told) in [
            ("", Some(true), false),
            ("+-", Some(true), false),
            ("+-", Some(false), false),
            ("+-+", Some(false), true),
            ("+-+-", None, true),
            ("-+-", Some(true), true),
            // Thirteen results later the first changes are more than a day ago.
            ("+++++++++++++-+-+", Some(true), false),
        ] {
            assert_eq!(remark(&stretches(past), reached, at(100)).is_some(), told, "{past} {reached:?}");
        }
        let finding = remark(&stretches("+-+"), Some(false), at(100)).unwrap();
        let said = &finding.evidence[0].sentence.en;
        assert_eq!(
            said,
            "since 1970-01-04T22:00:00Z it changed 3 times between working and failing; 2 of 4 tests failed"
        );
    }
}
