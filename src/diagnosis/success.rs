//! What is worth saying although the test request worked: missing rights, another organisation, an end that is
//! announced, calls that run out, a clock that is wrong.

use super::fact::{Facts, Fault};
use super::finding::{Confidence, Finding};
use super::judge::Judgement;
use super::{answer, denied, grant, notice, rate, remarks, skew};
use crate::base::Text;
use crate::cause::{self, Severity};
use crate::model::{Connector, Strength, Verdict};

/// What is worth saying although the test request worked.
pub(super) fn after_success(connector: &Connector, facts: &Facts, judgement: &Judgement) -> Vec<Finding> {
    let mut findings = Vec::new();
    findings.extend(denied::findings(connector, facts, judgement));
    findings.extend(other_organisation(facts, judgement));
    findings.extend(notice::remark(facts));
    findings.extend(low(judgement));
    findings.extend(grant::remarks(facts));
    findings.extend(remarks::remarks(connector, facts));
    findings
}

/// The service says that we are somebody else than at the last success.
fn other_organisation(facts: &Facts, judgement: &Judgement) -> Option<Finding> {
    const CHANGED: Text = Text::new(
        "it was {before} at the last success and is {after} now",
        "前回の成功時は {before}、今回は {after} です",
    );
    let now = judgement.identity.as_ref()?;
    let pairs = [(&facts.history.organisation, &now.organisation), (&facts.history.account, &now.account)];
    let (before, after) = pairs.into_iter().find_map(|(before, after)| match (before, after) {
        (Some(before), Some(after)) if before != after => Some((before, after)),
        _ => None,
    })?;
    Some(
        Finding::new(cause::get("CONN-OAUTH-ORG"), Confidence::Certain)
            .value("org", before.clone())
            .value("organisation", before.clone())
            .value("expected", before.clone())
            .because(Strength::Proves, CHANGED.fill(&[("before", before), ("after", after)]))
            // The credential works; whose it is now is for a person to judge.
            .lowered(),
    )
}

/// A limit that was reached on the way through the rights.
pub(super) fn throttled(connector: &Connector, facts: &Facts) -> Option<Finding> {
    let found = connector.permissions.iter().filter_map(|row| {
        let fact = facts.answers.iter().find(|fact| fact.request == row.id)?;
        answer::judge(connector, &row.as_test(), facts, fact).err()
    });
    let found = found.map(|finding| *finding).find(|finding| finding.cause.verdict == Verdict::Throttled)?;
    (found.severity == Severity::Error).then_some(found)
}

fn low(judgement: &Judgement) -> Option<Finding> {
    const LEFT: Text =
        Text::new("{remaining} of {limit} calls are left", "残り {remaining} 回（上限 {limit} 回）");
    let quota = judgement.quota.as_ref()?;
    let (remaining, limit) = (quota.remaining?, quota.limit?);
    if limit < 10 || remaining.saturating_mul(10) >= limit {
        return None;
    }
    let values = [remaining.to_string(), limit.to_string()];
    let mut finding = Finding::new(cause::get("CONN-RATE-LOW"), Confidence::Certain)
        .value("remaining", values[0].clone())
        .value("limit", values[1].clone())
        .because(Strength::Proves, LEFT.fill(&[("remaining", &values[0]), ("limit", &values[1])]));
    finding.retry_at = quota.resets_at;
    Some(finding)
}

/// The clock of this machine against the `Date` of an answer.
pub(super) fn skew(facts: &Facts) -> Option<Finding> {
    let answered = facts.answers.iter().filter(|fact| !matches!(fact.fault, Some(Fault::Local(_))));
    let date = answered.filter_map(|fact| fact.answer.as_ref()?.header("date")).find_map(rate::http_date)?;
    if facts.at.duration_since(date).as_secs().abs() <= skew::TOLERATED {
        return None;
    }
    // A call that was answered was not stopped by the clock.
    Some(skew::finding(facts.at, date, Confidence::Likely).lowered())
}
