//! The services whose answers are known in detail: none of them may fall back to the status alone.

use super::{definition, definitions};
use crate::diagnosis::{answer, fixture};
use crate::model::{AuthKind, Connector, Fixture, Rule};

/// Services of which rules and samples are expected; those that share a family find both there as well.
const KNOWN: [&str; 34] = [
    "airtable",
    "backlog",
    "chatwork",
    "clickatell",
    "freee",
    "freshsales",
    "github",
    "google-calendar",
    "google-drive",
    "hubspot",
    "intercom",
    "jira",
    "kintone",
    "mailchimp",
    "microsoft-graph",
    "notion",
    "paypal",
    "quickbooks",
    "razorpay",
    "salesforce",
    "sendgrid",
    "shopify",
    "slack",
    "stripe",
    "twilio",
    "worldpay",
    "xero",
    "zendesk",
    "zoho",
    "zoho-cliq",
    "zoho-creator",
    "zoho-crm",
    "zoho-desk",
    "zoho-recruit",
];

/// A known service that documents no error of its own: samples without rules.
const SILENT: [&str; 1] = ["sansan"];

#[test]
fn the_answers_of_every_known_service_have_rules_and_samples_and_a_way_out() {
    let mut wrong = Vec::new();
    for id in KNOWN.into_iter().chain(SILENT) {
        let connector = definition(id);
        let samples = |expected: &dyn Fn(&str) -> bool| {
            connector.fixtures.iter().filter(|sample| expected(&sample.expect)).count()
        };
        let refused = |code: &str| {
            let cause = crate::cause::find(code);
            cause.is_some_and(|cause| cause.verdict == crate::model::Verdict::Rejected)
        };
        for (lacks, what) in [
            (connector.rules.is_empty() && !SILENT.contains(&id), "a rule"),
            (samples(&|code| code == fixture::OK) == 0, "a sample of success"),
            (samples(&refused) == 0, "a sample of a refused credential"),
            (samples(&|code| code != fixture::OK && !refused(code)) == 0 && id != "sansan", "another sample"),
            (connector.docs.is_none() || connector.console.is_none(), "docs and a console"),
            (connector.answer.as_ref().is_none_or(|answer| answer.shape.is_empty()), "its shape"),
        ] {
            if lacks {
                wrong.push(format!("{id} lacks {what}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Whether a sample shows a rule: the rule holds for it, and the answer is judged to the rule's cause.
fn shows(id: &str, connector: &Connector, sample: &Fixture, rule: &Rule) -> bool {
    let facts = fixture::facts(id, connector, sample);
    let only = Connector { rules: vec![rule.clone()], ..connector.clone() };
    let holds = match sample.exchange {
        Some(_) => answer::at_token_endpoint(&only, &facts, &facts.answers[0]).is_some(),
        None => !answer::claims(&only, &facts, &facts.answers[0]).is_empty(),
    };
    holds && sample.expect == rule.cause
}

#[test]
fn every_rule_is_shown_by_a_sample_of_its_service_or_of_one_that_shares_it() {
    let mut shown = std::collections::BTreeMap::new();
    for (id, connector) in definitions() {
        for rule in &connector.rules {
            let one = connector.fixtures.iter().any(|sample| shows(id, connector, sample, rule));
            *shown.entry(&rule.id).or_insert(false) |= one;
        }
    }
    let wrong: Vec<&&String> = shown.iter().filter(|(_, one)| !**one).map(|(id, _)| id).collect();
    assert!(wrong.is_empty(), "no sample shows {wrong:#?}");
}

#[test]
fn only_a_random_key_without_a_persons_name_is_said_to_lock_nobody_out_and_the_definition_says_why() {
    let mut harmless = 0;
    for (id, connector) in definitions().filter(|(_, connector)| connector.lockout == Some(false)) {
        harmless += 1;
        for (name, method) in &connector.auth {
            let is_key = matches!(method.kind, AuthKind::ApiKey | AuthKind::Bearer);
            let is_nameless = method.kind == AuthKind::Basic
                && method.user.as_ref().is_some_and(|user| user.names().next().is_none());
            let secrets = method.params.values().filter(|param| param.secret).count();
            let one = secrets == 1 && method.params.len() == 1;
            let fits = method.kind == AuthKind::OAuth2 || (is_key || is_nameless) && one;
            assert!(fits, "{id}: {name} could lock somebody out");
        }
        let text = super::super::text(id).unwrap();
        let (before, _) = text.split_once("\nlockout = false\n").unwrap_or_else(|| panic!("{id}: inherited"));
        let why = before.rsplit('\n').next().unwrap_or_default();
        assert!(why.starts_with("# "), "{id}: does not say why");
    }
    assert!(harmless >= 15, "{harmless}");
    for id in ["jira", "github", "payflow-pro"] {
        assert_eq!(definition(id).lockout, Some(true), "{id}");
    }
    for id in ["kintone", "zendesk", "worldpay", "razorpay", "twilio"] {
        assert_eq!(definition(id).lockout, None, "{id}: a name goes with the password");
    }
}
