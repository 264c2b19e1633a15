//! What was sent and what came back, as people read it.

use super::{KEY, home};
use crate::past::peer::{Peer, Says};

#[test]
fn s1_13_a_fault_of_the_server_comes_with_its_request_id_and_the_time() {
    let peer = Peer::start();
    let home = home(&peer, "answer.request_id = \"header:x-request-id\"\n");
    peer.answers("/me", Says::json("{}").status("500 Internal Server Error").with("X-Request-Id", "rq-77"));
    let run = home.test("acme", &[]);
    assert_eq!(run.connection()["findings"][0]["vendor"]["request_id"], "rq-77", "{run:#?}");
    assert!(run.json()["started_at"].as_str().unwrap().ends_with('Z'), "{run:#?}");
    let ticket = home.run(&["diagnose", "acme", "--ticket"]);
    assert!(ticket.out.contains("rq-77") && ticket.out.contains("UTC"), "{ticket:#?}");
}

#[test]
fn s1_14_s1_15_what_the_service_says_is_quoted_and_evidence_comes_before_advice() {
    let peer = Peer::start();
    let home = home(&peer, "answer.message = \"/message\"\n");
    let long = "the tenant is frozen ".repeat(40);
    let body = format!("{{\"message\":\"{long}\"}}");
    peer.answers("/me", Says::json(&body).status("403 Forbidden"));
    for (language, order) in
        [("en", ["Evidence", "Peer says", "Do this"]), ("ja", ["根拠", "Peer の応答", "対処"])]
    {
        let screen = home.run(&["test", "acme", "--lang", language]).out;
        let places: Vec<usize> = order.iter().map(|name| screen.find(name).unwrap()).collect();
        assert!(places.is_sorted(), "{screen}");
        assert!(screen.contains("the tenant is frozen") && screen.matches("frozen").count() < 20, "{screen}");
    }
}

#[test]
fn s1_16_s1_27_the_request_is_shown_as_it_travels_without_its_secret() {
    let peer = Peer::start();
    peer.answers("/me", Says::json("{\"id\":1}"));
    let home = home(&peer, "headers.X-Version = \"3\"\n");
    for run in [
        home.run(&["diagnose", "acme", "--show-request"]),
        home.run(&["diagnose", "acme", "--show-request", "--format", "json"]),
    ] {
        assert_eq!(run.code, 0, "{run:#?}");
        for words in ["GET", &format!("http://{}/me", peer.address), "X-Version", "X-Key"] {
            assert!(run.out.to_lowercase().contains(&words.to_lowercase()), "{words}: {run:#?}");
        }
        assert!(!run.out.contains(KEY), "{run:#?}");
    }
}

#[test]
fn s1_18_s1_19_the_fields_that_the_service_refuses_are_named() {
    let peer = Peer::start();
    let home = home(&peer, "");
    let body = r#"{"errors":[{"field":"due_date","message":"is required"},{"field":"amount","message":"is no number"}]}"#;
    peer.answers("/me", Says::json(body).status("422 Unprocessable Entity"));
    let run = home.test("acme", &[]);
    assert_eq!(run.outcome(), "mismatch CONN-API-VALIDATION 1");
    let title = run.connection()["findings"][0]["title"].as_str().unwrap().to_owned();
    assert!(title.contains("due_date") && title.contains("amount"), "{title}");
    for body in [
        r#"{"error":{"code":"invalid","fields":[{"field":"due_date","message":"m"}]}}"#,
        r#"{"error":{"code":400,"details":[{"fieldViolations":[{"field":"due_date"}]}]}}"#,
        r#"{"errors":[{"source":{"pointer":"/data/attributes/due_date"}}]}"#,
        r#"{"type":"about:blank","invalid-params":[{"name":"due_date","reason":"m"}]}"#,
        r#"{"error":{"type":"invalid_request_error","param":"due_date"}}"#,
    ] {
        peer.answers("/me", Says::json(body).status("400 Bad Request"));
        let run = home.test("acme", &[]);
        let title = run.connection()["findings"][0]["title"].to_string();
        assert!(title.contains("due_date"), "{body}: {title}");
    }
}

#[test]
fn a_refused_method_is_told_with_those_that_are_taken() {
    let peer = Peer::start();
    let home = home(&peer, "");
    peer.answers("/me", Says::json("{}").status("405 Method Not Allowed").with("Allow", "PUT, DELETE"));
    let run = home.test("acme", &[]);
    assert_eq!(run.outcome(), "mismatch CONN-API-METHOD 1");
    assert!(run.connection()["findings"][0].to_string().contains("PUT, DELETE"), "{run:#?}");
}

#[test]
fn s1_31_a_log_is_json_lines_without_the_secret() {
    let peer = Peer::start();
    peer.answers("/me", Says::json("{\"id\":1}"));
    let home = home(&peer, "");
    assert_eq!(home.run(&["test", "acme", "-vvv", "--log-file", "conn.log"]).code, 0);
    let (_, log) = home.all_files().into_iter().find(|(path, _)| path.ends_with("conn.log")).unwrap();
    let log = String::from_utf8(log).unwrap();
    assert!(!log.is_empty() && !log.contains(KEY), "{log}");
    for line in log.lines() {
        assert!(serde_json::from_str::<serde_json::Value>(line).unwrap().is_object(), "{line}");
    }
}

#[test]
fn s1_35_what_does_not_work_is_not_saved() {
    let peer = Peer::start();
    let home = home(&peer, "");
    let before = std::fs::read_to_string(home.definitions()).unwrap();
    peer.answers("/me", Says::json("{}").status("401 Unauthorized"));
    let line = ["add", "second", "--connector", "peer", "--secret", "api_key=env:ACME_KEY"];
    assert_eq!(home.run(&line).code, 4);
    assert_eq!(std::fs::read_to_string(home.definitions()).unwrap(), before);
    peer.answers("/me", Says::json("{\"id\":1}"));
    assert_eq!(home.run(&line).code, 0);
    assert!(std::fs::read_to_string(home.definitions()).unwrap().contains("[connections.second]"));
}

#[test]
fn s2_12_s2_16_s3_4_a_service_that_asks_for_another_kind_is_understood() {
    let peer = Peer::start();
    let definitions =
        peer.definitions("").replace("kind = \"api_key\"\nheader.X-Key = \"{api_key}\"", "kind = \"bearer\"");
    let home =
        crate::support::cli::Home::with(&definitions.replace("api_key", "token")).knowing("ACME_KEY", KEY);
    peer.answers(
        "/me",
        Says::json("{}").status("401 Unauthorized").with("WWW-Authenticate", "Basic realm=\"x\""),
    );
    let run = home.test("acme", &[]);
    assert_eq!(run.outcome(), "local_setup CONN-AUTH-KIND 5", "{run:#?}");
    assert!(run.out.contains("Basic") && !run.out.contains(KEY), "{run:#?}");
}
