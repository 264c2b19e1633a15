//! Where a failure leads to, and who can mend it.

use conn::base::Language;
use conn::cause;

use super::home;
use crate::past::peer::{Peer, Says};
use crate::support::cli::Home;

const PAGES: &str = "docs = \"https://docs.peer.test/api\"\nstatus_page = \"https://status.peer.test\"\n\
                     support = \"https://help.peer.test\"\n\
                     console = { en = \"Profile > API Settings\", ja = \"プロフィール > API設定\" }\n";

#[test]
fn s0_9_s0_16_s0_37_a_failure_leads_to_the_pages_of_the_service() {
    let peer = Peer::start();
    let home = home(&peer, PAGES);
    peer.answers("/me", Says::json("{}").status("500 Internal Server Error"));
    let finding = home.test("acme", &[]).connection()["findings"][0].clone();
    let links = ["https://docs.peer.test/api", "https://status.peer.test", "https://help.peer.test"];
    assert_eq!(finding["docs"], serde_json::json!(links), "{finding}");
    peer.answers("/me", Says::json("{}").status("401 Unauthorized"));
    for (language, console) in [("en", "Profile > API Settings"), ("ja", "プロフィール > API設定")] {
        let run = home.run(&["test", "acme", "--lang", language]);
        let said: String = run.out.split_whitespace().collect::<Vec<_>>().join(" ");
        let (said, console) = (said.replace(' ', ""), console.replace(' ', ""));
        assert!(said.contains(&console) && said.contains(links[0]), "{run:#?}");
        assert!(!said.contains(links[1]), "a service that answers is not down: {run:#?}");
    }
}

#[test]
fn s0_35_every_cause_says_who_can_mend_it_and_how() {
    for cause in cause::all() {
        assert!(!cause.who.is_empty() && !cause.steps.is_empty(), "{}", cause.code);
        for who in cause.who {
            let words = who.text();
            assert!(!words.get(Language::En).is_empty() && !words.get(Language::Ja).is_empty());
        }
    }
    let home = Home::with("");
    for (language, name) in [("en", "Who"), ("ja", "対応者")] {
        let run = home.run(&["explain", "PERM-ROLE", "--lang", language]);
        assert!(run.code == 0 && run.out.contains(name), "{run:#?}");
    }
}

#[test]
fn s0_38_a_service_that_only_takes_messages_is_said_to_prove_nothing() {
    let peer = Peer::start();
    let definitions = peer.definitions("").replace("request = \"GET /me\"", "request = \"reach\"");
    let home = Home::with(&definitions).knowing("ACME_KEY", super::KEY);
    assert_eq!(home.test("acme", &[]).outcome(), "unverified CONN-API-UNVERIFIED 0");
    for language in ["en", "ja"] {
        let run = home.run(&["explain", "API-UNVERIFIED", "--lang", language]);
        let said: String = run.out.split_whitespace().collect();
        assert!(said.to_lowercase().contains("webhook"), "{run:#?}");
    }
}

#[test]
fn s1_9_a_failure_says_whether_trying_again_helps_and_a_run_can_do_it() {
    let peer = Peer::start();
    let home = home(&peer, "");
    for (status, class) in [
        ("503 Service Unavailable", "after"),
        ("500 Internal Server Error", "now"),
        ("401 Unauthorized", "when-fixed"),
    ] {
        peer.answers("/me", Says::json("{}").status(status));
        let finding = home.test("acme", &[]).connection()["findings"][0].clone();
        let said = finding["retry"]["class"].as_str().unwrap().replace('_', "-");
        assert_eq!(said, class, "{finding}");
    }
    let busy = Says::json("{}").status("503 Service Unavailable").with("Retry-After", "1");
    peer.in_turn("/me", vec![busy, Says::json("{\"id\":1}")]);
    assert_eq!(home.run(&["test", "acme", "--retry-until", "60s"]).code, 0);
}

#[test]
fn s3_2_s3_20_a_limit_is_told_with_what_each_plan_allows() {
    let home = Home::with("");
    for (wait, code) in [("Retry-After: 1800", "CONN-RATE-HOURLY"), ("Retry-After: 40000", "CONN-RATE-DAILY")]
    {
        let words = ["diagnose", "freshsales", "--status", "429", "--header", wait];
        let json = home.run(&[&words[..], &["--format", "json"]].concat());
        assert_eq!(json.outcome(), format!("throttled {code} 3"));
        for (language, plan) in [("en", "Pro 2,000 calls an hour"), ("ja", "Pro 1時間あたり2,000回")] {
            let run = home.run(&[&words[..], &["--lang", language]].concat());
            let said: String = run.out.split_whitespace().collect();
            assert!(said.contains(&plan.replace(' ', "")), "{run:#?}");
        }
    }
}

#[test]
fn s4_15_s4_22_the_services_that_people_come_from_are_known() {
    let home = Home::with("");
    for id in [
        "quickbooks",
        "salesforce",
        "zoho-crm",
        "zoho-recruit",
        "clickatell",
        "hoiio",
        "clockwork-sms",
        "sms-magic",
        "twilio",
        "zoho-projects",
        "zoho-sheet",
        "zoho-cliq",
        "zoho-desk",
        "freshsales",
        "paypal",
        "razorpay",
        "stripe",
    ] {
        let run = home.run(&["connectors", "show", id, "--format", "json"]);
        assert_eq!(run.code, 0, "{id}: {run:#?}");
    }
}
