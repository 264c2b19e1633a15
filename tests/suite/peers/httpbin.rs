//! httpbin: every kind of login that it knows, the statuses, the waits and the redirects.

use crate::support::cli::Home;
use crate::support::httpbin::Httpbin;
use crate::support::scripted::{Script, Scripted, answer};

const PAGES: &str = include_str!("../../fixtures/peers/httpbin.toml");
const KEY: &str = "key-0123456789";

/// A connection, all of whose secrets come from the variable `VALUE`.
fn home(httpbin: &Httpbin, connector: &str, method: &str, secret: &str, vars: &str, value: &str) -> Home {
    let base = httpbin.url();
    let method = if method.is_empty() { String::new() } else { format!("method = \"{method}\"") };
    let definitions = format!(
        "{PAGES}\n[connections.it]\nconnector = \"{connector}\"\n{method}\nvars.base = \"{base}\"\n{vars}\n\
         secrets.{secret} = \"env:VALUE\"\n"
    );
    Home::with(&definitions).knowing("VALUE", value)
}

fn page(httpbin: &Httpbin, page: &str) -> Home {
    home(httpbin, "pages", "", "api_key", &format!("vars.page = \"{page}\""), KEY)
}

#[test]
fn every_kind_of_login_is_accepted_with_the_right_value_and_rejected_with_a_wrong_one() {
    let Some(httpbin) = Httpbin::get() else { return };
    let user = "vars.user = \"demo\"";
    for (connector, method, secret, vars, value, expected) in [
        ("httpbin", "basic", "password", user, "passwd", "ok - 0"),
        ("httpbin", "basic", "password", user, "wrong-one", "rejected CONN-AUTH-REJECTED 4"),
        ("httpbin", "digest", "password", user, "passwd", "ok - 0"),
        ("httpbin", "digest", "password", user, "wrong-one", "rejected CONN-AUTH-REJECTED 4"),
        ("httpbin", "bearer", "token", "", "token-0123456789", "ok - 0"),
        ("httpbin", "key", "api_key", "", KEY, "ok - 0"),
        ("digest-sha-256", "", "password", user, "passwd", "ok - 0"),
        ("digest-sha-256", "", "password", user, "wrong-one", "rejected CONN-AUTH-REJECTED 4"),
        ("hidden", "", "password", user, "passwd", "ok - 0"),
        ("hidden", "", "password", user, "wrong-one", "rejected CONN-AUTH-REJECTED 4"),
    ] {
        let run = home(&httpbin, connector, method, secret, vars, value).test("it", &[]);
        assert_eq!(run.outcome(), expected, "{connector} {method}: {run:#?}");
        assert!(!format!("{run:?}").contains(value), "{connector} {method}");
        if run.code == 0 && !vars.is_empty() {
            assert_eq!(run.connection()["identity"]["account"], "demo");
        }
        if run.code != 0 {
            run.has_steps();
        }
    }
}

#[test]
fn every_status_has_its_own_verdict() {
    let Some(httpbin) = Httpbin::get() else { return };
    for (path, expected) in [
        ("status/200", "ok - 0"),
        ("status/400", "mismatch CONN-API-BAD-REQUEST 1"),
        ("status/401", "rejected CONN-AUTH-REJECTED 4"),
        ("status/403", "forbidden CONN-PERM-UNKNOWN 1"),
        ("status/404", "misaddressed CONN-API-PATH 1"),
        ("status/405", "mismatch CONN-API-METHOD 1"),
        ("status/410", "mismatch CONN-API-GONE 1"),
        ("status/429", "throttled CONN-RATE-UNKNOWN 3"),
        ("status/500", "provider_down CONN-VEND-ERROR 3"),
        ("status/502", "provider_down CONN-VEND-GATEWAY 3"),
        ("status/503", "provider_down CONN-VEND-OVERLOAD 3"),
        ("html", "mismatch CONN-BODY-HTML 1"),
        ("gzip", "ok - 0"),
    ] {
        let run = page(&httpbin, path).test("it", &[]);
        assert_eq!(run.outcome(), expected, "{path}: {run:#?}");
        if run.code != 0 {
            run.has_steps();
        }
    }
}

#[test]
fn in_japanese_a_latin_name_stands_apart_from_the_word_before_it() {
    let Some(httpbin) = Httpbin::get() else { return };
    let run = page(&httpbin, "status/401").run(&["test", "it", "--lang", "ja"]);
    assert!(run.out.contains("あなた、または httpbin pages の管理者"), "{run:#?}");
}

#[test]
fn a_service_that_takes_its_time_ends_at_the_deadline_and_keeps_its_state() {
    let Some(httpbin) = Httpbin::get() else { return };
    let home = page(&httpbin, "delay/9");
    let run = home.test("it", &["--timeout", "1"]);
    assert_eq!(run.outcome(), "unreachable CONN-NET-READ-TIMEOUT 6", "{run:#?}");
    assert_eq!(run.connection()["state"]["before"], run.connection()["state"]["after"]);
}

#[test]
fn a_redirect_to_another_host_is_told_and_not_followed() {
    let Some(httpbin) = Httpbin::get() else { return };
    let other = Scripted::start(Script::says(answer("200 OK", "", b"{}")));
    for (target, expected) in [
        (format!("http://{}/", other.address), "misaddressed CONN-HTTP-REDIRECT-HOST 6"),
        ("/get".to_owned(), "ok - 0"),
    ] {
        let target = format!("vars.target = \"{target}\"");
        let run = home(&httpbin, "elsewhere", "", "api_key", &target, KEY).test("it", &[]);
        assert_eq!(run.outcome(), expected, "{run:#?}");
    }
    assert_eq!(other.connections(), 0, "{:?}", other.heard());
    let run = page(&httpbin, "redirect/20").test("it", &[]);
    assert_eq!(run.outcome(), "misaddressed CONN-HTTP-REDIRECT-LOOP 6", "{run:#?}");
}

#[test]
fn a_moment_to_try_again_is_read_from_the_answer() {
    let Some(httpbin) = Httpbin::get() else { return };
    let run = home(&httpbin, "busy", "", "api_key", "", KEY).test("it", &[]);
    assert_eq!(run.outcome(), "throttled CONN-RATE-BURST 3", "{run:#?}");
    assert!(run.connection()["findings"][0]["retry"]["at"].is_string(), "{run:#?}");
    assert_eq!(run.connection()["quota"]["remaining"], 0);
}

#[test]
fn a_stopped_service_is_unreachable_and_no_credential_is_blamed() {
    let Some(httpbin) = Httpbin::start() else { return };
    let home = page(&httpbin, "get");
    assert_eq!(home.test("it", &[]).outcome(), "ok - 0");
    drop(httpbin);
    let run = home.test("it", &[]);
    assert_eq!(run.outcome(), "unreachable CONN-NET-REFUSED 6", "{run:#?}");
    assert_eq!(run.connection()["state"]["after"], "connected");
    run.has_steps();
}

#[test]
fn a_connection_is_added_tested_broken_and_repaired() {
    let Some(httpbin) = Httpbin::get() else { return };
    let home = Home::with("").knowing("RIGHT", "passwd").knowing("WRONG", "wrong-one");
    let base = format!("base={}", httpbin.url());
    let common = ["--connector", "httpbin", "--method", "basic", "--set", &base, "--set", "user=demo"];
    let add = |source| home.run(&[&["add", "it"], &common[..], &["--secret", source]].concat());
    let refused = add("password=env:WRONG");
    assert_eq!(refused.code, 4, "{refused:#?}");
    assert_eq!(home.run(&["show", "it"]).code, 5, "nothing was saved");
    let added = add("password=env:RIGHT");
    assert_eq!(added.code, 0, "{added:#?}");
    let broken = home.run(&["reconnect", "it", "--secret", "password=env:WRONG"]);
    assert_eq!(broken.code, 4, "{broken:#?}");
    assert_eq!(home.test("it", &[]).outcome(), "ok - 0", "the old value stayed");
    let body = home.run(&["request", "it", "GET", "/basic-auth/demo/passwd"]);
    assert!(body.code == 0 && body.out.contains("\"authenticated\": true"), "{body:#?}");
}
