//! What is worth saying although the test request worked: missing rights, another organisation, an end that is
//! announced, calls that run out, a clock that is wrong.

use super::condition::Sample;
use super::fact::{Facts, Fault};
use super::finding::{Confidence, Finding};
use super::judge::Judgement;
use super::report::{Access, AccessStatus};
use super::{answer, grant, notice, rate, remarks, words};
use crate::base::{Language, Phrase, Text};
use crate::cause::{self, Severity};
use crate::model::{Connector, Strength, Verdict};

/// The clock difference that is worth a word, in seconds.
const SKEW: i64 = 300;

/// What is worth saying although the test request worked.
pub(super) fn after_success(connector: &Connector, facts: &Facts, judgement: &Judgement) -> Vec<Finding> {
    let mut findings = Vec::new();
    findings.extend(denied(connector, facts, judgement));
    findings.extend(other_organisation(facts, judgement));
    findings.extend(notice::remark(facts));
    findings.extend(low(judgement));
    findings.extend(grant::remarks(facts));
    findings.extend(remarks::remarks(connector, facts));
    findings
}

fn denied(connector: &Connector, facts: &Facts, judgement: &Judgement) -> Option<Finding> {
    const SOME: Text = Text::new(
        "{granted} of {all} rights are there; missing: {missing}",
        "{all} 件中 {granted} 件の権限を確認できました。不足: {missing}",
    );
    const OWNER: Text = Text::new("the owner of the credential", "認証情報の所有者");
    let denied: Vec<&Access> =
        judgement.access.iter().filter(|row| row.status == AccessStatus::Denied).collect();
    let first = denied.first()?;
    let granted = judgement.access.iter().filter(|row| row.status == AccessStatus::Granted).count();
    let list = |language| denied.iter().map(|row| row.label.get(language)).collect::<Vec<_>>().join(", ");
    let names = Phrase { en: list(Language::En), ja: list(Language::Ja) };
    let (granted, all) = (granted.to_string(), judgement.access.len().to_string());
    let fill = |text: &str, missing: &str| {
        text.replace("{granted}", &granted).replace("{all}", &all).replace("{missing}", missing)
    };
    let sentence = Phrase { en: fill(SOME.en, &names.en), ja: fill(SOME.ja, &names.ja) };
    let fact = facts.answers.iter().find(|fact| fact.request == first.id);
    let vendor = fact
        .and_then(|fact| fact.answer.as_ref())
        .map(|answer| words::vendor_words(connector, &Sample::new(answer)));
    let owner = judgement.identity.as_ref().and_then(|identity| identity.account.clone());
    let mut finding = Finding::new(cause::get("CONN-PERM-RESOURCE"), Confidence::Certain)
        .value("resources", names)
        .value("user", owner.map_or(OWNER.into(), Phrase::from))
        .because(Strength::Proves, sentence);
    finding.vendor = vendor.unwrap_or_default();
    Some(finding)
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
    const OFF: Text = Text::new(
        "the service's clock says {theirs}, this machine's {ours}",
        "サービスの時計は {theirs}、この端末の時計は {ours} です",
    );
    let answered = facts.answers.iter().filter(|fact| !matches!(fact.fault, Some(Fault::Local(_))));
    let date = answered.filter_map(|fact| fact.answer.as_ref()?.header("date")).find_map(rate::http_date)?;
    let seconds = facts.at.duration_since(date).as_secs();
    if seconds.abs() <= SKEW {
        return None;
    }
    let (theirs, ours) = (crate::base::time::iso(date), crate::base::time::iso(facts.at));
    const MINUTES: Text = Text::new("{count} minutes", "{count} 分");
    let amount = MINUTES.fill(&[("count", &((seconds.abs() + 30) / 60).to_string())]);
    let finding = Finding::new(cause::get("CONN-CLK-SKEW"), Confidence::Likely).value("skew", amount);
    // A call that was answered was not stopped by the clock.
    Some(finding.because(Strength::Proves, OFF.fill(&[("theirs", &theirs), ("ours", &ours)])).lowered())
}
