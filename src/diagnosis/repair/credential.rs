//! Repairs of a credential that conn itself keeps.

use super::{Action, Repair};
use crate::base::{Phrase, Text};
use crate::cause::Fix;
use crate::diagnosis::dirt::Dirt;
use crate::diagnosis::{Facts, Finding, Problem};

/// A stored value without what was pasted along with it.
pub(super) fn clean(finding: &Finding, facts: &Facts) -> Option<Repair> {
    const CLEAN: Text = Text::new(
        "take {characters} off the stored value of {label}; the value before stays for conn reconnect --rollback",
        "保存されている「{label}」の値から{characters}を取り除きます（元の値は conn reconnect --rollback で戻せます）",
    );
    let parameter = finding.values.get("parameter")?.en.clone();
    let source = facts.connection.sources.get(&parameter)?;
    if source != "keyring" && source != "vault" {
        return None;
    }
    let mut dirt: Vec<&Problem> = facts.problems.iter().collect();
    dirt.retain(|problem| {
        problem.code == finding.cause.code && problem.values.get("parameter") == Some(&parameter)
    });
    if dirt.iter().any(|problem| is_inside(problem)) {
        return None;
    }
    // Full-width characters may be meant; whoever typed them knows.
    let doubtful =
        dirt.iter().any(|problem| problem.values.get("dirt").is_none_or(|dirt| dirt == "full_width"));
    let general = || Phrase::from(Text::new("what does not belong to it", "不要な文字"));
    let characters = finding.values.get("characters").cloned().unwrap_or_else(general);
    let label = finding.values.get("label").cloned().unwrap_or_else(|| Phrase::same(parameter.as_str()));
    let plan = CLEAN.fill_phrases(&[("characters", characters), ("label", label)]);
    let applicability = if doubtful { Fix::NeedsConsent } else { Fix::Safe };
    Some(Repair { action: Action::CleanSecret { parameter }, applicability, plan })
}

fn is_inside(problem: &Problem) -> bool {
    problem.values.get("dirt").and_then(|code| Dirt::find(code)).is_some_and(Dirt::is_inside)
}

/// Tokens anew, where that was not just done.
pub(super) fn renewed(facts: &Facts) -> Option<Repair> {
    const RENEW: Text = Text::new(
        "read the tokens again from where they are kept, and have new ones issued with the stored refresh token",
        "保存先からトークンを読み直し、保存済みの更新トークンで新しいトークンを取得します",
    );
    let grant = facts.grant.as_ref().filter(|grant| grant.renewable)?;
    let spent = grant.renewed && facts.answers.iter().any(|fact| fact.answer.is_some());
    (!spent).then(|| Repair { action: Action::Renew, applicability: Fix::Safe, plan: RENEW.into() })
}
