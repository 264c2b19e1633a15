//! Every fault of the sandbox gets its own true verdict, in `test` and in `diagnose`, and none but a
//! refusal by the service itself is blamed on the credential.

use conn::sandbox::{Credentials, modes};
use serde_json::Value;

use crate::support::site::{Outcome, Site};

/// What a mode leads to: the root cause without `CONN-`, the verdict, the exit code.
type Row = (&'static str, &'static str, &'static str, i32);

/// The service refuses the credential: only here is a new one needed.
const REFUSED: &[Row] = &[
    ("wrong-key", "AUTH-KEY-ROTATED", "rejected", 4),
    ("bare-401", "AUTH-KEY-ROTATED", "rejected", 4),
    ("revoked-key", "AUTH-KEY-ROTATED", "rejected", 4),
    ("expired-key", "AUTH-KEY-EXPIRED", "rejected", 4),
    ("error-in-200", "AUTH-KEY-ROTATED", "rejected", 4),
    ("echo", "AUTH-KEY-ROTATED", "rejected", 4),
    ("control-characters", "AUTH-KEY-ROTATED", "rejected", 4),
];

/// Everything else leaves the connection as it is.
const OTHERS: &[Row] = &[
    ("missing-permission", "PERM-RESOURCE", "forbidden", 1),
    ("forbidden", "PERM-ROLE", "forbidden", 1),
    ("plan", "PERM-PLAN", "forbidden", 1),
    ("wrong-path-json", "API-PATH", "misaddressed", 1),
    ("wrong-path-html", "API-PATH", "misaddressed", 1),
    ("method", "API-METHOD", "mismatch", 1),
    ("not-acceptable", "API-ACCEPT", "mismatch", 1),
    ("gone", "API-GONE", "mismatch", 1),
    ("media-type", "API-MEDIA-TYPE", "mismatch", 1),
    ("fields", "API-VALIDATION", "mismatch", 1),
    ("upgrade", "API-UPGRADE", "mismatch", 1),
    ("legal", "API-LEGAL", "forbidden", 1),
    ("rate-limit", "RATE-BURST", "throttled", 3),
    ("rate-limit-date", "RATE-BURST", "throttled", 3),
    ("rate-limit-headers", "RATE-BURST", "throttled", 3),
    ("rate-limit-bare", "RATE-UNKNOWN", "throttled", 3),
    ("quota-low", "RATE-LOW", "warning", 0),
    ("maintenance", "VEND-MAINTENANCE", "provider_down", 3),
    ("overload", "VEND-OVERLOAD", "provider_down", 3),
    ("bad-gateway", "VEND-GATEWAY", "provider_down", 3),
    ("gateway-timeout", "VEND-GATEWAY", "provider_down", 3),
    ("server-error", "VEND-ERROR", "provider_down", 3),
    ("deprecated", "API-DEPRECATED", "warning", 0),
    ("clock-skew", "CLK-SKEW", "warning", 0),
    ("login-redirect", "HTTP-REDIRECT-LOGIN", "misaddressed", 6),
    ("other-host", "HTTP-REDIRECT-HOST", "misaddressed", 6),
    ("redirect-loop", "HTTP-REDIRECT-LOOP", "misaddressed", 6),
    ("moved", "", "ok", 0),
    ("to-https", "HTTP-REDIRECT-HTTPS", "misaddressed", 6),
    ("html-login", "BODY-HTML", "mismatch", 1),
    ("xml", "BODY-TYPE", "mismatch", 1),
    ("cut-json", "BODY-INVALID", "mismatch", 1),
    ("empty", "BODY-EMPTY", "mismatch", 1),
    ("wrong-type", "", "ok", 0),
    ("shift-jis", "BODY-SCHEMA", "warning", 0),
    ("bad-gzip", "BODY-DECOMPRESS", "mismatch", 1),
    ("gzip-bomb", "BODY-TOO-LARGE", "mismatch", 1),
    ("slow", "NET-READ-TIMEOUT", "unreachable", 6),
    ("drip", "NET-STALLED", "unreachable", 6),
    ("silent", "NET-READ-TIMEOUT", "unreachable", 6),
    ("hangup", "HTTP-EMPTY", "unreachable", 6),
    ("garbage", "HTTP-NOT-HTTP", "misaddressed", 6),
    ("short-body", "BODY-TRUNCATED", "mismatch", 1),
    ("huge-header", "HTTP-HEADER-SIZE", "mismatch", 6),
];

fn connection(outcome: &Outcome) -> Value {
    let report: Value = serde_json::from_str(&outcome.stdout).unwrap_or_else(|_| panic!("{}", outcome.all()));
    report["connections"][0].clone()
}

fn codes(entry: &Value) -> Vec<String> {
    let findings = entry["findings"].as_array().unwrap();
    findings.iter().map(|finding| finding["code"].as_str().unwrap()["CONN-".len()..].to_owned()).collect()
}

/// Runs `test` and `diagnose` in a mode and compares what they say.
fn check(site: &Site, row: &Row, after: &str) -> Vec<String> {
    let (mode, code, verdict, exit) = *row;
    site.sandbox.control().fail(mode).unwrap();
    let mut wrong = Vec::new();
    for verb in ["test", "diagnose"] {
        let outcome = site.run(&format!("{verb} crm --timeout 1 --format json"));
        let entry = connection(&outcome);
        let found = codes(&entry);
        let seen = (
            found.first().map_or("", String::as_str),
            entry["verdict"].as_str().unwrap(),
            outcome.exit,
            entry["state"]["after"].as_str().unwrap(),
        );
        if seen != (code, verdict, exit, after) || found.len() > 1 {
            wrong.push(format!("{mode}, {verb}: {seen:?} {found:?}"));
        }
        if entry["findings"][0]["evidence"].as_array().is_some_and(Vec::is_empty) {
            wrong.push(format!("{mode}, {verb}: nothing is said to speak for {code}"));
        }
    }
    wrong
}

#[test]
fn every_fault_but_a_refusal_gets_its_own_verdict_and_leaves_the_connection_connected() {
    let site = Site::with_pace(Credentials::generate(), 5);
    site.add_crm();
    let wrong: Vec<String> = OTHERS.iter().flat_map(|row| check(&site, row, "connected")).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn only_a_refusal_by_the_service_itself_asks_for_a_new_credential() {
    let site = Site::with(Credentials::generate());
    site.add_crm();
    let mut wrong = Vec::new();
    for row in REFUSED {
        site.sandbox.control().heal();
        site.must("connect crm");
        wrong.extend(check(&site, row, "needs_reconnect"));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_mode_is_forgotten() {
    for mode in modes() {
        let rows = REFUSED.iter().chain(OTHERS).filter(|row| row.0 == mode.name).count();
        assert_eq!(rows, 1, "{}", mode.name);
    }
}

#[test]
fn a_limit_names_the_moment_to_try_again_wherever_the_service_wrote_it() {
    let site = Site::with(Credentials::generate());
    site.add_crm();
    let now: jiff::Timestamp = jiff::Timestamp::now();
    let cases =
        [("rate-limit", 17), ("rate-limit-date", 90), ("rate-limit-headers", 42), ("maintenance", 1800)];
    for (mode, seconds) in cases {
        site.sandbox.control().fail(mode).unwrap();
        let entry = connection(&site.run("test crm --format json"));
        let at = entry["findings"][0]["retry"]["at"].as_str().unwrap_or_else(|| panic!("{mode}: {entry:#}"));
        let wait = at.parse::<jiff::Timestamp>().unwrap().duration_since(now).as_secs();
        assert!((seconds - 2..seconds + 120).contains(&wait), "{mode}: {wait} s");
    }
}

#[test]
fn warnings_end_with_0_and_under_strict_with_7() {
    let site = Site::with(Credentials::generate());
    site.add_crm();
    for mode in ["clock-skew", "deprecated", "quota-low"] {
        site.sandbox.control().fail(mode).unwrap();
        assert_eq!(site.run("test crm").exit, 0, "{mode}");
        assert_eq!(site.run("test crm --strict").exit, 7, "{mode}");
    }
}

#[test]
fn a_stopped_server_is_refused_and_nothing_above_it_is_judged() {
    let mut site = Site::with(Credentials::generate());
    site.add_crm();
    site.stop();
    for verb in ["test", "diagnose"] {
        let outcome = site.run(&format!("{verb} crm --timeout 2 --format json"));
        let entry = connection(&outcome);
        assert_eq!((outcome.exit, codes(&entry)), (6, vec!["NET-REFUSED".to_owned()]), "{}", outcome.all());
        assert_eq!(entry["state"]["after"], "connected");
        let stages = entry["stages"].as_array().unwrap();
        let status = |id: &str| stages.iter().find(|stage| stage["id"] == id).unwrap()["status"].clone();
        assert_eq!(
            [status("connect"), status("http"), status("auth")],
            ["failed", "not_reached", "not_reached"]
        );
    }
}

#[test]
fn each_key_that_the_service_refuses_in_its_own_way_gets_its_own_cause() {
    let mut site = Site::with(Credentials::generate());
    let known = site.sandbox.credentials().clone();
    let cases = [
        (&known.limited_key, "PERM-RESOURCE", 1),
        (&known.revoked_key, "AUTH-KEY-ROTATED", 4),
        (&known.expired_key, "AUTH-KEY-EXPIRED", 4),
        (&known.disabled_key, "AUTH-USER-DISABLED", 4),
        (&known.plan_key, "PERM-PLAN", 1),
        (&known.throttled_key, "RATE-BURST", 3),
    ];
    let mut wrong = Vec::new();
    for (index, (key, code, exit)) in cases.into_iter().enumerate() {
        site.set("CASE", key);
        site.must(&format!(
            "add c{index} --connector sandbox --method key --set address={{url}} --secret api_key=env:CASE --no-test"
        ));
        let outcome = site.run(&format!("test c{index} --format json"));
        let found = codes(&connection(&outcome));
        if (outcome.exit, found.first().map(String::as_str)) != (exit, Some(code)) {
            wrong.push(format!("{code}: {} {found:?}", outcome.exit));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_a_service_says_cannot_steer_the_terminal_or_the_pipeline() {
    let site = Site::with(Credentials::generate());
    site.add_crm();
    site.sandbox.control().fail("control-characters").unwrap();
    for form in ["human", "plain", "json", "jsonl", "junit", "github"] {
        for verb in ["test crm", "diagnose crm --why"] {
            let all = site.run(&format!("{verb} --format {form} -vvv")).all();
            let harmful = |c: char| (c.is_control() && c != '\n') || ('\u{202a}'..='\u{202e}').contains(&c);
            assert!(!all.contains(harmful), "{verb} {form}: {all:?}");
            let commands = all.lines().filter(|line| line.starts_with("::")).filter(|line| {
                !["::error ", "::warning ", "::notice "].iter().any(|command| line.starts_with(command))
            });
            assert_eq!(commands.count(), 0, "{all}");
        }
    }
}
