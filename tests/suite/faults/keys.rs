//! The key: unknown, replaced, of a disabled user, never sent, sent in another way.

use super::expect::Expect;
use super::vendor::{self, Heard, answer};
use crate::support::cli::Run;

const OWN: &str = "Content-Type: application/json\r\nx-acme-request-id: req-9\r\n";
const OTHER: &str = "acmeOld7Zr2Wv9Xt4Lm8";

/// The control experiments of a run, by number.
pub fn asked(run: &Run) -> Vec<String> {
    let connection = run.connection();
    let asked = connection["controls"]["asked"].as_array().unwrap();
    asked.iter().map(|control| control["id"].as_str().unwrap().to_owned()).collect()
}

fn strengths(run: &Run) -> Vec<String> {
    let connection = run.connection();
    let evidence = connection["findings"][0]["evidence"].as_array().unwrap();
    evidence.iter().map(|line| line["strength"].as_str().unwrap().to_owned()).collect()
}

case!(o33_a_key_that_nobody_knows, |lab| {
    lab.vendor(vendor::acme);
    lab.set("ACME_KEY", OTHER);
    let run = lab.expect(&Expect::root("AUTH-KEY-UNKNOWN").exit(4).never(&["AUTH-KEY-ROTATED", "NET-"]));
    assert_eq!(run.connection()["findings"][0]["confidence"], "likely", "{run:#?}");
    assert_eq!(asked(&run), ["D1", "D2"]);
    assert!(strengths(&run).contains(&"strong".to_owned()), "{run:#?}");
    // A made-up key is sent once a day; what came back is remembered for the other runs.
    let keys: Vec<String> =
        lab.heard().iter().filter_map(|heard| heard.header("x-acme-key").map(str::to_owned)).collect();
    let made_up: Vec<&String> = keys.iter().filter(|key| *key != OTHER).collect();
    assert_eq!(made_up.len(), 1, "{keys:?}");
    assert_eq!(made_up[0].len(), OTHER.len());
    let again = lab.run(&["diagnose", "crm", "--format", "json"]);
    assert_eq!(again.connection()["controls"]["remembered"][0]["id"], "D2", "{again:#?}");
    assert!(!again.out.contains(made_up[0].as_str()) && !again.err.contains(made_up[0].as_str()));
});

case!(o34_a_key_that_was_replaced, |lab| {
    lab.vendor(|heard: &Heard| match heard.before {
        0..4 => vendor::acme(heard),
        _ => answer("401 Unauthorized", OWN, r#"{"acme":{"error":"unauthorized"}}"#),
    });
    assert_eq!(lab.run(&["test", "crm"]).code, 0);
    let run = lab.expect(&Expect::root("AUTH-KEY-ROTATED").exit(4).never(&["AUTH-KEY-UNKNOWN", "NET-"]));
    assert_eq!(run.connection()["findings"][0]["confidence"], "likely", "{run:#?}");
    assert_eq!(asked(&run), ["D1", "D2"]);
    let screen = lab.run(&["diagnose", "crm", "--why"]).out;
    assert!(screen.contains("worked until") && screen.contains("ruled out"), "{screen}");
    let other = lab.run(&["diagnose", "crm", "--why-not", "5003"]).out;
    assert!(other.contains("Why not CONN-AUTH-KEY-UNKNOWN (5003)?"), "{other}");
});

case!(s3_13_the_owner_of_the_key_was_disabled, |lab| {
    lab.vendor(|heard: &Heard| match (heard.before, heard.header("x-acme-key")) {
        (0..4, _) => vendor::acme(heard),
        (_, Some(super::lab::KEY)) => {
            answer("401 Unauthorized", OWN, r#"{"acme":true,"error":"access refused"}"#)
        }
        _ => answer("401 Unauthorized", OWN, r#"{"acme":true,"error":"unknown key"}"#),
    });
    assert_eq!(lab.run(&["test", "crm"]).code, 0);
    let run = lab.run(&["diagnose", "crm", "--format", "json"]);
    assert_eq!(run.outcome(), "rejected CONN-AUTH-USER-DISABLED 4", "{run:#?}");
});

case!(a_key_that_the_service_does_not_find_in_the_request, |lab| {
    lab.vendor(|_: &Heard| {
        answer("401 Unauthorized", OWN, r#"{"acme":true,"message":"API key is missing"}"#)
    });
    let run = lab.run(&["diagnose", "crm", "--format", "json"]);
    assert_eq!(run.connection()["findings"][0]["code"], "CONN-AUTH-NOT-SENT", "{run:#?}");
    assert_eq!(run.code, 5);
    assert_eq!(asked(&run), ["D1", "D2"]);
});

case!(no_control_experiment_is_made_where_somebody_forbids_it, |lab| {
    lab.vendor(vendor::acme);
    lab.set("ACME_KEY", OTHER);
    let run = lab.run(&["diagnose", "crm", "--no-control", "--format", "json"]);
    assert_eq!(run.outcome(), "rejected CONN-AUTH-REJECTED 4", "{run:#?}");
    assert_eq!(lab.heard().len(), 1);
    let definitions = std::fs::read_to_string(lab.home().definitions()).unwrap();
    lab.define(&definitions.replace("lockout = false\n", ""));
    let run = lab.run(&["diagnose", "crm", "--format", "json"]);
    assert_eq!(run.outcome(), "rejected CONN-AUTH-REJECTED 4", "{run:#?}");
    assert_eq!(run.connection()["controls"]["skipped"][0]["reason"], "lockout", "{run:#?}");
    assert!(lab.heard().iter().all(|heard| [None, Some(OTHER)].contains(&heard.header("x-acme-key"))));
});

case!(a_verdict_is_the_same_when_its_facts_are_judged_again, |lab| {
    lab.vendor(vendor::acme);
    lab.set("ACME_KEY", OTHER);
    let first = lab.run(&["diagnose", "crm", "--save", "facts.json", "--format", "json"]);
    let again = lab.run(&["diagnose", "--from", "facts.json", "--format", "json"]);
    for part in ["findings", "considered", "controls", "requests_used", "verdict"] {
        assert_eq!(first.connection()[part], again.connection()[part], "{part}");
    }
});
