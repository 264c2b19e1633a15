//! What a definition knows that helps with a finding: where to read on, and how the service counts calls.

use super::finding::Finding;
use crate::base::{Language, Phrase, Text};
use crate::cause::{ExitClass, Severity, Who};
use crate::model::answer::Limits;
use crate::model::{Connector, Strength, Verdict};

/// Adds it to a finding.
pub(super) fn add(finding: &mut Finding, connector: &Connector) {
    links(finding, connector);
    if finding.cause.verdict == Verdict::Throttled
        && let Some(words) = connector.limits.as_ref().and_then(plans)
    {
        *finding = finding.clone().because(Strength::Weak, words);
    }
}

/// Where to read on: the service's documentation, how it is doing where it is the one that is down, and its support
/// where only that can help.
fn links(finding: &mut Finding, connector: &Connector) {
    let cause = finding.cause;
    if finding.severity != Severity::Error || cause.exit == ExitClass::Local {
        return;
    }
    let far = matches!(cause.exit, ExitClass::Temporary | ExitClass::Path);
    let wanted = [
        connector.docs.as_ref().filter(|_| finding.docs.is_empty()),
        connector.status_page.as_ref().filter(|_| far),
        connector.support.as_ref().filter(|_| cause.who.contains(&Who::Vendor)),
    ];
    for link in wanted.into_iter().flatten() {
        if !finding.docs.contains(&link.en) {
            finding.docs.push(link.en.clone());
        }
    }
}

/// What each plan of the service allows.
fn plans(limits: &Limits) -> Option<Phrase> {
    const ALLOWED: Text =
        Text::new("what the plans of the service allow: {plans}", "サービスのプラン別の上限: {plans}");
    if limits.plans.is_empty() {
        return None;
    }
    let list = |language: Language| {
        let one = |(plan, words): (&String, &Phrase)| format!("{plan} {}", words.get(language));
        limits.plans.iter().map(one).collect::<Vec<_>>().join(" / ")
    };
    let say = |text: &str, language| text.replace("{plans}", &list(language));
    Some(Phrase { en: say(ALLOWED.en, Language::En), ja: say(ALLOWED.ja, Language::Ja) })
}
