//! Whatever the facts are, weighing ends, says the same twice, and does not depend on the order of what was seen.

use proptest::prelude::*;

use super::{Candidate, weigh, why_not};
use crate::cause;
use crate::diagnosis::experiment::{Experiment, Guards, Question, next};
use crate::diagnosis::fact::{Facts, Fault, HttpFault};
use crate::diagnosis::fixture;
use crate::diagnosis::judge::judge;
use crate::diagnosis::view::View;
use crate::diagnosis::{AnswerFact, Answered, Confidence, Finding};
use crate::model::{Connector, Strength};

const CONNECTOR: &str = r#"
    base = "https://{host}/api"
    vars.host.label = "Host"
    auth.key = { kind = "api_key", header.X-Key = "{key}", params.key.label = "Key" }
    test.request = "GET /me"
    permissions = [{ id = "deals", label = "Deals", request = "GET /deals" }]
    answer.shape = { json = { '/code' = 'string' } }
    rules = [
        { id = "a/gone", when = { status = 401, json = { '/code' = 'gone' } }, cause = "CONN-AUTH-REJECTED" },
        { id = "a/off", when = { fact = { 'says.disabled' = true } }, cause = "CONN-AUTH-USER-DISABLED", strength = "weak" },
        { id = "a/past", when = { history = { worked = true } }, cause = "CONN-AUTH-KEY-UNKNOWN", strength = "against" },
    ]
"#;

fn connector() -> Connector {
    toml::from_str(CONNECTOR).unwrap()
}

fn facts(connector: &Connector) -> Facts {
    let sample = toml::from_str("name = 'x'\nstatus = 401\nexpect = 'ok'").unwrap();
    fixture::facts("acme", connector, &sample)
}

fn answered() -> impl Strategy<Value = Answered> {
    let status = prop::sample::select(vec![200_u16, 204, 302, 400, 401, 403, 404, 429, 503, 999]);
    let body = prop::sample::select(vec![
        "",
        "{}",
        r#"{"code":"gone","message":"API key is missing"}"#,
        r#"{"code":"x","message":"user is inactive"}"#,
        r#"{"code":"#,
        "<html><title>Log in</title>",
        "<a/>",
        "\u{feff}nonsense \u{3042}",
    ]);
    let header = prop::sample::select(vec![
        ("x-ratelimit-remaining", "7"),
        ("retry-after", "17"),
        ("www-authenticate", "Basic realm=x"),
        ("location", "https://login.test/sso"),
        ("x-ratelimit-remaining", "99999999999999999999"),
    ]);
    (status, body, prop::collection::vec(header, 0..3)).prop_map(|(status, body, headers)| Answered {
        status,
        version: "HTTP/1.1".into(),
        headers: headers.into_iter().map(|(name, value)| (name.into(), value.into())).collect(),
        body: body.into(),
        length: body.len(),
        truncated: false,
        peer: None,
    })
}

fn fact() -> impl Strategy<Value = AnswerFact> {
    let fault = prop::sample::select(vec![HttpFault::Empty, HttpFault::NoAnswer, HttpFault::Truncated]);
    let outcome = prop_oneof![
        8 => answered().prop_map(Ok),
        1 => fault.prop_map(|fault| Err(Fault::Http(fault))),
        1 => Just(Err(Fault::Deadline)),
    ];
    outcome.prop_map(|outcome| AnswerFact {
        request: "test".into(),
        method: "GET".into(),
        url: "https://acme.test/api/me".into(),
        credentialed: true,
        ms: 12.0,
        redirects: vec![],
        answer: outcome.clone().ok(),
        fault: outcome.err(),
    })
}

fn experiments() -> impl Strategy<Value = Vec<Experiment>> {
    let questions = [
        Question::NoCredential,
        Question::MadeUpKey,
        Question::UnknownPath,
        Question::Root,
        Question::SecondCall,
        Question::Right("deals".into()),
        Question::Sibling("dc = eu".into()),
        Question::Repeat(1),
        Question::Repeat(2),
    ];
    let some = prop::sample::subsequence(questions.to_vec(), 0..9);
    (some, prop::collection::vec(prop::option::of(fact()), 9)).prop_map(|(questions, facts)| {
        let pairs = questions.into_iter().zip(facts);
        pairs.map(|(question, fact)| Experiment { question, fact, skipped: None, remembered: None }).collect()
    })
}

prop_compose! {
    fn seen()(
        test in fact(),
        row in prop::option::of(fact()),
        experiments in experiments(),
        worked in any::<bool>(),
        unchanged in any::<bool>(),
    ) -> Facts {
        let mut facts = facts(&connector());
        facts.answers = vec![test];
        facts.answers.extend(row.map(|row| AnswerFact { request: "deals".into(), ..row }));
        facts.experiments = experiments;
        facts.connection.fingerprints = [("key".to_owned(), "1f2e".to_owned())].into();
        if worked {
            facts.history.last_ok = Some(facts.at);
            let print = if unchanged { "1f2e" } else { "aaaa" };
            facts.history.fingerprints = [("key".to_owned(), print.to_owned())].into();
        }
        facts
    }
}

fn account(facts: &Facts) -> String {
    let judged = judge(&connector(), facts);
    let line = |finding: &Finding| {
        let evidence: Vec<_> = finding.evidence.iter().map(|e| (e.strength, e.sentence.en.clone())).collect();
        format!("{} {:?} {evidence:?} {:?}", finding.cause.code, finding.confidence, finding.retry_at)
    };
    let weighed =
        judged.candidates.iter().map(|c| format!("{} {:?} {}", c.cause.code, c.confidence, c.score()));
    judged.findings.iter().map(line).chain(weighed).collect::<Vec<_>>().join("\n")
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_same_facts_give_the_same_verdict_in_whatever_order_they_came(
        facts in seen(),
        order in Just((0..9_usize).collect::<Vec<_>>()).prop_shuffle(),
    ) {
        let first = account(&facts);
        let mut other = facts.clone();
        other.experiments = order.iter().filter_map(|place| facts.experiments.get(*place).cloned()).collect();
        let is_whole = other.experiments.len() == facts.experiments.len();
        prop_assert!(!is_whole || account(&other) == first, "{}\n{}", first, account(&other));
        let saved: Facts = serde_json::from_str(&serde_json::to_string(&facts).unwrap()).unwrap();
        prop_assert_eq!(account(&saved), first);
    }

    #[test]
    fn a_root_is_never_excluded_and_only_the_verdict_that_it_refines_is_as_sure(facts in seen()) {
        let view = View::of(&connector(), &facts);
        for code in ["CONN-AUTH-REJECTED", "CONN-PERM-UNKNOWN", "CONN-API-PATH", "CONN-HTTP-EMPTY"] {
            let verdict = Finding::new(cause::get(code), Confidence::Certain);
            let weighed = weigh(verdict, &view, &[]);
            let root = weighed.root.unwrap();
            let sure = |candidate: &&Candidate| candidate.confidence >= Some(Confidence::Likely) && !candidate.is_root;
            prop_assert!(weighed.candidates.iter().filter(sure).all(|candidate| candidate.cause.code == code));
            let named: Vec<_> = weighed.candidates.iter().filter(|candidate| candidate.is_root).collect();
            prop_assert!(named.len() == 1 && named[0].cause.code == root.cause.code);
            prop_assert!(root.cause.code == code || !named[0].is_excluded());
        }
    }

    #[test]
    fn questions_come_to_an_end_and_none_is_asked_twice(facts in seen(), given in fact()) {
        let mut facts = facts;
        facts.experiments.clear();
        let siblings = vec!["dc = eu".to_owned(), "dc = jp".to_owned()];
        let mut asked = Vec::new();
        for left in (0..40).rev() {
            let guards = Guards { left, no_made_up_key: None };
            let Some(mut experiment) = next(&connector(), &facts, &siblings, guards) else { break };
            prop_assert!(!asked.contains(&experiment.question), "{:?}", experiment.question);
            asked.push(experiment.question.clone());
            experiment.fact = Some(given.clone());
            facts.experiments.push(experiment);
        }
        prop_assert!(asked.len() <= 12, "{asked:?}");
    }

    #[test]
    fn why_another_cause_was_not_named_is_told_for_every_code(facts in seen(), place in 0..400_usize) {
        let codes: Vec<&str> = cause::all().map(|cause| cause.code).collect();
        let code = codes[place % codes.len()];
        let view = View::of(&connector(), &facts);
        let told = why_not(&connector(), &view, &[], code, None).unwrap();
        prop_assert_eq!(told.cause.code, code);
        prop_assert!(told.lacking.iter().all(|lacking| !lacking.facts.is_empty()));
    }
}

#[test]
fn the_tree_of_a_refused_key() {
    let answer = |status: u16, body: &str| {
        Some(AnswerFact {
            request: "test".into(),
            method: "GET".into(),
            url: "https://acme.test/api/me".into(),
            credentialed: true,
            ms: 1.0,
            redirects: vec![],
            answer: Some(Answered {
                status,
                version: String::new(),
                headers: vec![],
                body: body.into(),
                length: 0,
                truncated: false,
                peer: None,
            }),
            fault: None,
        })
    };
    let refused = r#"{"code":"no","message":"refused"}"#;
    let other = r#"{"code":"other","message":"something else"}"#;
    // Without a key, with a made-up one, whether it worked before with this value.
    for (bare, made_up, worked, expected) in [
        (None, None, None, "CONN-AUTH-REJECTED"),
        (None, None, Some(true), "CONN-AUTH-KEY-ROTATED"),
        (Some(refused), Some(refused), None, "CONN-AUTH-KEY-UNKNOWN"),
        (Some(other), Some(refused), None, "CONN-AUTH-KEY-UNKNOWN"),
        (Some(other), Some(refused), Some(true), "CONN-AUTH-KEY-ROTATED"),
        (Some(other), Some(refused), Some(false), "CONN-AUTH-KEY-UNKNOWN"),
        (Some(other), Some(other), Some(true), "CONN-AUTH-USER-DISABLED"),
        (Some(other), Some(other), None, "CONN-AUTH-REJECTED"),
    ] {
        let connector = connector();
        let mut facts = facts(&connector);
        facts.answers = vec![answer(401, refused).unwrap()];
        facts.connection.fingerprints = [("key".to_owned(), "1f2e".to_owned())].into();
        if let Some(unchanged) = worked {
            facts.history.last_ok = Some(facts.at);
            let print = if unchanged { "1f2e" } else { "aaaa" };
            facts.history.fingerprints = [("key".to_owned(), print.to_owned())].into();
        }
        for (question, body) in [(Question::NoCredential, bare), (Question::MadeUpKey, made_up)] {
            let fact = body.and_then(|body| answer(401, body));
            facts.experiments.push(Experiment { question, fact, skipped: None, remembered: None });
        }
        let judged = judge(&connector, &facts);
        let root = &judged.findings[0];
        assert_eq!(root.cause.code, expected, "{bare:?} {made_up:?} {worked:?}");
        assert!(root.evidence.iter().any(|evidence| evidence.strength >= Strength::Strong));
    }
}
