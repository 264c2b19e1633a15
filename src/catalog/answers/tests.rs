//! What the built-in definitions say about answers, and how answers are judged by them.

use super::definitions;
use crate::diagnosis::fixture;
use crate::model::{Fixture, RequestLine};

#[test]
fn every_cause_is_in_the_catalogue() {
    for (id, connector) in definitions() {
        let expected =
            connector.fixtures.iter().flat_map(|fixture| fixture.forbid.iter().chain([&fixture.expect]));
        for code in connector.rules.iter().map(|rule| &rule.cause).chain(expected) {
            let known = code == "ok" || crate::cause::find(code).is_some_and(|cause| cause.code == code);
            assert!(known, "{id}: there is no cause {code}");
        }
    }
}

#[test]
fn every_sample_answer_is_judged_as_its_definition_says() {
    let mut wrong = Vec::new();
    for (id, connector) in definitions() {
        for mismatch in fixture::mismatches(id, connector) {
            wrong.push(format!(
                "{id}: {}: {} instead of {}",
                mismatch.name, mismatch.found, mismatch.expected
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn rules_are_dated_and_named_after_their_service_and_wording_never_proves() {
    for (id, connector) in definitions() {
        let mut seen = Vec::new();
        for rule in &connector.rules {
            let of = |owner: &str| rule.id.starts_with(&format!("{owner}/"));
            assert!(of(id) || connector.extends.as_deref().is_some_and(of), "{id}: {}", rule.id);
            assert!(!seen.contains(&&rule.id), "{} twice", rule.id);
            seen.push(&rule.id);
            assert!(rule.verified.is_some(), "{}: nobody says when it was checked", rule.id);
            assert!(!rule.fragile || rule.strength != crate::model::Strength::Proves, "{}", rule.id);
        }
        for fixture in &connector.fixtures {
            let row = |name: &String| connector.permissions.iter().any(|row| row.id == *name);
            assert!(fixture.request.as_ref().is_none_or(row), "{id}: {}", fixture.name);
            assert!(fixture.expect == "ok" || fixture.expect.starts_with("CONN-"), "{id}: {}", fixture.name);
        }
    }
}

/// Answers that need no knowledge of the vendor: what they come to, and what they may never come to.
const PLAIN: [(u16, &str, &str, &[&str]); 6] = [
    (401, r#"{"error":"unauthorized"}"#, "application/json", &["CONN-AUTH-"]),
    (429, r#"{"error":"too many requests"}"#, "application/json", &["CONN-RATE-"]),
    (503, r#"{"error":"unavailable"}"#, "application/json", &["CONN-VEND-"]),
    (404, r#"{"error":"not found"}"#, "application/json", &["CONN-API-", "CONN-HTTP-"]),
    (200, "<html><title>Sign in</title></html>", "text/html", &["CONN-BODY-HTML"]),
    (403, "<html><title>Attention Required! | Cloudflare</title></html>", "text/html", &["CONN-EDGE-WAF"]),
];

#[test]
fn a_plain_answer_is_judged_rightly_for_every_service_of_which_nothing_more_is_known() {
    for (id, connector) in definitions().filter(|(_, connector)| connector.answer.is_none()) {
        let Some(test) = &connector.test else { continue };
        for (status, body, media, causes) in PLAIN {
            let fixture: Fixture = serde_json::from_value(serde_json::json!({
                "name": "plain", "status": status, "body": body, "expect": "ok",
                "headers": { "content-type": media },
            }))
            .unwrap();
            let found = fixture::judge(id, connector, &fixture);
            if test.request == RequestLine::Reach {
                assert_eq!(found, "CONN-API-UNVERIFIED", "{id}: {status}");
            } else if !connector.rules.iter().any(|rule| rule.cause == found) {
                assert!(causes.iter().any(|cause| found.starts_with(cause)), "{id}: {status}: {found}");
            }
        }
    }
}
