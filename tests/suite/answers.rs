//! Answers of services outside a test: one that was mailed, one that becomes a sample, and what conn tells of a code.

use serde_json::Value;

use crate::support::cli::Home;
use crate::support::scripted::{Script, Scripted, answer};

const CONNECTOR: &str = r#"
[connectors.acme]
name = { en = "Acme", ja = "アクメ" }
base = "{address}"
vars.address = { label = { en = "Address", ja = "アドレス" } }
answer = { code = "/fault/nr", message = "/fault/text", request_id = "header:x-acme-request-id" }
test = { request = "GET /me", ok = { json = { "/id" = "exists" } } }
rules = [{ id = "acme/frozen", when = { status = 403, json = { "/fault/nr" = "F7" } }, cause = "CONN-AUTH-KEY-EXPIRED" }]
[connectors.acme.auth.key]
kind = "api_key"
header.x-api-key = "{api_key}"
params.api_key = { label = { en = "API key", ja = "APIキー" } }
"#;

const BODY: &str =
    r#"{"fault":{"nr":"F7","text":"key-0123456789 of aiko@example.test ended"},"owner":"Aiko Sato"}"#;

#[test]
fn an_answer_that_was_mailed_is_judged_offline_without_a_connection() {
    let home = Home::with(CONNECTOR);
    let judge = |further: &[&str], body: &str| {
        home.run_with(&[&["diagnose", "acme", "--format", "json"], further].concat(), body)
    };
    let limited = judge(&["--status", "429", "--header", "Retry-After: 17"], "");
    assert_eq!(limited.code, 3, "{limited:#?}");
    let finding = limited.connection()["findings"][0].clone();
    assert!(finding["code"].as_str().unwrap().starts_with("CONN-RATE-"), "{finding}");
    assert!(finding["retry"]["at"].is_string(), "{finding}");
    assert_eq!(limited.connection()["requests_used"], 0);
    let frozen = judge(&["--status", "403", "--body", "-"], BODY);
    assert_eq!(frozen.outcome(), "rejected CONN-AUTH-KEY-EXPIRED 4");
    assert_eq!(frozen.connection()["stages"], Value::Array(vec![]), "nothing is claimed of the path");
    let typo = home.run(&["diagnose", "acne", "--status", "429"]);
    assert_eq!(typo.code, 2, "{typo:#?}");
    let states = home.run(&["list", "--format", "json"]).json();
    assert_eq!(states["connections"], Value::Array(vec![]), "nothing is remembered");
}

#[test]
fn a_step_for_a_service_alone_names_no_connection_and_one_for_a_connection_does() {
    let definitions = format!(
        "{CONNECTOR}\n[connections.crm]\nconnector = \"acme\"\nvars.address = \"http://a.test\"\nsecrets.api_key = \"env:KEY\"\n"
    );
    let home = Home::with(&definitions);
    for (further, command) in [
        (&["--status", "429", "--header", "Retry-After: 17"][..], "conn test NAME --retry-until 5m"),
        (&["--status", "403", "--body", "-"], "conn reconnect NAME"),
        (&["--status", "401"], "conn reconnect NAME"),
    ] {
        for (named, stands) in [("acme", "LINK_NAME"), ("crm", "crm")] {
            for language in ["en", "ja"] {
                let run =
                    home.run_with(&[&["diagnose", named], further, &["--lang", language]].concat(), BODY);
                assert!(run.out.contains(&command.replace("NAME", stands)), "{command}: {run:#?}");
                for verb in ["test", "reconnect", "diagnose", "show"] {
                    assert!(!run.out.contains(&format!("conn {verb} acme")), "{run:#?}");
                }
            }
        }
    }
}

#[test]
fn a_ticket_names_the_request_id_in_both_languages() {
    let home = Home::with(CONNECTOR);
    for (language, subject) in [("en", "Subject: Acme API"), ("ja", "件名: アクメ API")] {
        let words = [
            "diagnose",
            "acme",
            "--status",
            "500",
            "--header",
            "X-Acme-Request-Id: rq-42",
            "--ticket",
            "--lang",
            language,
        ];
        let run = home.run(&words);
        assert!(run.out.contains(subject) && run.out.contains("rq-42"), "{run:#?}");
        assert!(!run.out.contains(".invalid"), "{run:#?}");
    }
}

#[test]
fn a_recorded_answer_is_a_sample_that_lint_judges_alike() {
    let server = Scripted::start(Script::says(answer(
        "403 Forbidden",
        "Content-Type: application/json\r\nSet-Cookie: sid=1\r\nX-Customer: Aiko Sato\r\n",
        BODY.as_bytes(),
    )));
    let definitions = format!(
        "{CONNECTOR}\n[connections.crm]\nconnector = \"acme\"\nvars.address = \"http://{}\"\nsecrets.api_key = \"env:KEY\"\n",
        server.address
    );
    let home = Home::with(&definitions).knowing("KEY", "key-0123456789");
    let run = home.run(&["connectors", "record", "crm"]);
    assert_eq!(run.code, 0, "{run:#?}");
    for secret in ["key-0123456789", "aiko@example.test", "Aiko Sato", "sid="] {
        assert!(!run.out.contains(secret), "{run:#?}");
    }
    assert!(
        run.out.contains("[[connectors.acme.fixtures]]") && run.out.contains("CONN-AUTH-KEY-EXPIRED"),
        "{run:#?}"
    );
    std::fs::write(home.definitions(), format!("{definitions}\n{}", run.out)).unwrap();
    let lint = home.run(&["lint", "--format", "json"]);
    assert_eq!((lint.code, &lint.json()["mistakes"]), (0, &Value::Array(vec![])), "{lint:#?}");
    let wrong = run.out.replace("CONN-AUTH-KEY-EXPIRED", "CONN-AUTH-KEY-ROTATED");
    std::fs::write(home.definitions(), format!("{definitions}\n{wrong}")).unwrap();
    let lint = home.run(&["lint", "--format", "sarif"]);
    assert_eq!(lint.code, 5, "the sample is a test: {lint:#?}");
    let result = lint.json()["runs"][0]["results"][0].clone();
    assert_eq!(result["level"], "error", "{lint:#?}");
    assert!(result["locations"][0]["physicalLocation"]["region"]["startLine"].as_u64().unwrap() > 1);
    assert_eq!(home.run(&["list", "--format", "sarif"]).code, 2, "only files have places");
}

#[test]
fn a_run_on_github_adds_its_table_to_the_summary() {
    let home = Home::with(CONNECTOR).knowing("GITHUB_STEP_SUMMARY", "summary.md");
    let run = home.run(&["diagnose", "acme", "--status", "429", "--format", "github"]);
    assert_eq!(run.code, 3, "{run:#?}");
    let (_, text) = home.all_files().into_iter().find(|(path, _)| path.ends_with("summary.md")).unwrap();
    assert!(String::from_utf8(text).unwrap().contains("| Connection | Result | Cause | Next step |"));
}

#[test]
fn a_code_is_explained_with_its_look_alikes_its_prevention_and_those_who_use_it() {
    let home = Home::with("");
    for (language, words) in [
        ("en", ["Not this", "Prevent", "Services", "Example"]),
        ("ja", ["似た原因", "予防", "サービス", "応答の例"]),
    ] {
        let run = home.run(&["explain", "AUTH-REJECTED", "--lang", language]);
        assert!(words.iter().all(|word| run.out.contains(word)), "{run:#?}");
    }
    let twilio = home.run(&["explain", "twilio:20003", "--format", "json"]);
    assert_eq!(twilio.json()["code"], "CONN-AUTH-REJECTED", "{twilio:#?}");
    assert_eq!(home.run(&["explain", "twilio:1"]).code, 2);
    let page = home.run(&["explain", "--area", "AUTH", "--format", "md"]);
    assert!(page.out.starts_with("## CONN-AUTH-"), "{page:#?}");
}

#[test]
fn a_code_of_a_service_is_explained_with_its_rule_the_day_of_its_last_check_and_its_own_answer() {
    let home = Home::with("");
    let known = home.run(&["explain", "mailchimp:WrongDatacenter"]);
    assert_eq!(known.code, 0, "{known:?}");
    for part in ["CONN-AUTH-DC (5009)", "mailchimp/wrong-dc, checked on 2026-11-21", "mailchimp: 403 {"] {
        assert!(known.out.contains(part), "{part}: {}", known.out);
    }
    let wording = home.run(&["explain", "github:secondary", "--lang", "ja"]);
    assert!(wording.out.contains("github/secondary（2026-11-21 確認、文言で判定"), "{}", wording.out);
    let object = home.run(&["explain", "freee:re_authorization_required", "--format", "json"]).json();
    assert_eq!(object["code"], "CONN-PERM-SCOPE");
    assert_eq!(object["rule"]["id"], "freee/consent-again");
    assert_eq!(object["rule"]["fragile"], false);

    let shown = home.run(&["connectors", "show", "zendesk"]);
    assert!(shown.out.contains("Known errors: "), "{}", shown.out);
    assert!(shown.out.contains("CONN-API-TENANT: zendesk/tenant, checked on "), "{}", shown.out);
}
