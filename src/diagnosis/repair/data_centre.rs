//! The data centre to which a credential belongs: the one that somebody named, else those that may be tried with consent.

use super::{Action, Repair, deciding, definition, set_variable};
use crate::base::{Text, safe_text};
use crate::cause::Fix;
use crate::diagnosis::address;
use crate::diagnosis::definition::ElsewhereFact;
use crate::diagnosis::experiment::Question;
use crate::diagnosis::{Facts, Finding};

/// The data centre that the service, the token or an experiment named; where an experiment left several, each in turn.
pub(super) fn named(finding: &Finding, facts: &Facts) -> Vec<Repair> {
    let one = token(facts).or_else(|| said(finding, facts));
    let repairs: Vec<Repair> = one.into_iter().collect();
    if repairs.is_empty() { tried(facts) } else { repairs }
}

/// What came with the tokens.
fn token(facts: &Facts) -> Option<Repair> {
    let definition = definition(facts)?;
    let of_token = |sibling: &&ElsewhereFact| definition.token_hosts.contains(&sibling.host);
    let to = definition.elsewhere.as_ref().or_else(|| definition.siblings.iter().find(of_token))?;
    set_variable(facts, &to.variable, &to.from, to.to.clone(), Fix::NeedsConsent)
}

/// What the service said of it.
fn said(finding: &Finding, facts: &Facts) -> Option<Repair> {
    let named = ["data_centre", "expected", "wanted"].into_iter().filter_map(|key| finding.values.get(key));
    let named: Vec<&str> = named.map(|value| value.en.as_str()).collect();
    let host = finding.values.get("new_host").map(|value| value.en.as_str());
    let siblings = &definition(facts)?.siblings;
    let fits = |sibling: &&ElsewhereFact| named.contains(&&*sibling.to) || host == Some(&*sibling.host);
    if let Some(to) = siblings.iter().find(fits) {
        return set_variable(facts, &to.variable, &to.from, to.to.clone(), Fix::NeedsConsent);
    }
    // Where several hosts may be the right one, none of them is written unseen.
    let host = host.filter(|host| !host.contains(','))?;
    let (name, place, variable) = deciding(facts)?;
    let to = address::canonical(host, &place, false)?;
    set_variable(facts, name, &variable.value, to, Fix::NeedsConsent)
}

/// The hosts that the connector lists beside ours and that answered a request without a credential: whose the
/// credential is, only a trial can tell. It goes there with consent alone, and nowhere else.
pub(super) fn tried(facts: &Facts) -> Vec<Repair> {
    const TRY: Text = Text::new(
        "send the credential of {link} to {host} ({name} = {to}), and keep to that only if it works there",
        "{link} の認証情報を {host}（{name} = {to}）に送信し、成功した場合だけその設定に切り替えます",
    );
    let Some(definition) = definition(facts) else { return Vec::new() };
    // What worked here before belongs here.
    if facts.history.last_ok.is_some() {
        return Vec::new();
    }
    let answered = |sibling: &&ElsewhereFact| {
        let label = Question::Sibling(format!("{} = {}", sibling.variable, sibling.to));
        let asked = facts.experiments.iter().find(|experiment| experiment.question == label);
        let answer = asked.and_then(|experiment| experiment.fact.as_ref()?.answer.as_ref());
        answer.is_some_and(|answer| matches!(answer.status, 200..300 | 401 | 403))
    };
    let repair = |to: &ElsewhereFact| {
        let shown = safe_text::line(&to.to, 80);
        let values = [
            ("link", &*facts.connection.link_name),
            ("host", &to.host),
            ("name", &to.variable),
            ("to", &shown),
        ];
        let plan = TRY.fill(&values);
        let action =
            Action::SetVariable { name: to.variable.clone(), from: to.from.clone(), to: to.to.clone() };
        Repair { action, applicability: Fix::NeedsConsent, plan }
    };
    definition.siblings.iter().filter(answered).map(repair).collect()
}
