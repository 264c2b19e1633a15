//! Warnings that look ahead: what ends, what is more than needed, what flaps.

use base64::Engine as _;
use serde_json::Value;

use super::peer::{Peer, Says};
use crate::support::cli::Home;

fn codes(connection: &Value) -> Vec<String> {
    let rows = connection["findings"].as_array().unwrap().iter();
    rows.map(|row| format!("{} {}", row["code"].as_str().unwrap(), row["severity"].as_str().unwrap()))
        .collect()
}

fn token(ends: &str) -> String {
    let encode = |text: &str| base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(text);
    let ends: jiff::Timestamp = ends.parse().unwrap();
    format!("{}.{}.c2ln", encode("{\"alg\":\"HS256\"}"), encode(&format!("{{\"exp\":{}}}", ends.as_second())))
}

#[test]
fn s0_5_s1_39_a_key_that_ends_soon_warns_and_one_that_ended_is_named_as_such() {
    let peer = Peer::start();
    peer.answers("/me", Says::json("{\"id\":1}"));
    let home = |now: &str| {
        Home::with(&peer.definitions(""))
            .knowing("ACME_KEY", &token("2026-12-01T00:00:00Z"))
            .knowing("CONN_NOW", now)
    };
    assert_eq!(home("2026-11-10T00:00:00Z").test("acme", &[]).outcome(), "ok - 0");
    let soon = home("2026-11-24T00:00:00Z").test("acme", &["--strict"]);
    assert_eq!(soon.outcome(), "warning CONN-AUTH-KEY-EXPIRES-SOON 7");
    assert!(soon.out.contains("7 days are left"), "{}", soon.out);
    peer.answers("/me", Says::json("{}").status("401 Unauthorized"));
    let over = home("2026-12-02T00:00:00Z").test("acme", &[]);
    assert_eq!(over.outcome(), "rejected CONN-AUTH-KEY-EXPIRED 4");
}

#[test]
fn s1_39_a_certificate_that_ends_soon_warns_in_a_plain_test() {
    use crate::support::certificate::Authority;
    use crate::support::scripted::{Script, Scripted, answer};
    let authority = Authority::root("Past", "Past Test CA");
    let tls = authority.issue(|one| one.not_after = rcgen::date_time_ymd(2090, 1, 1)).server();
    let server = Scripted::start(
        Script::says(answer("200 OK", "Content-Type: application/json\r\n", b"{}")).over(tls),
    );
    let peer = Peer::start();
    let definitions = peer.definitions("").replace(
        &format!("http://{}", peer.address),
        &format!("https://localhost:{}", server.address.port()),
    );
    let home = Home::with(&definitions)
        .knowing("ACME_KEY", "key-of-acme-0001")
        .knowing("CONN_NOW", "2089-12-23T12:00:00Z")
        .knowing("SSL_CERT_FILE", &authority.file().display().to_string());
    let run = home.test("acme", &[]);
    assert_eq!(run.outcome(), "warning CONN-TLS-EXPIRES-SOON 0");
    assert!(run.out.contains("8 days are left"), "{}", run.out);
}

#[test]
fn s1_38_scopes_beyond_need_are_told_with_those_that_are_needed() {
    let peer = Peer::start();
    let right = "[[connectors.peer.permissions]]\nid = \"repos\"\nlabel = \"Repositories\"\n\
                 request = \"GET /repos\"\nscopes = [\"repo:read\"]\n";
    peer.answers("/repos", Says::json("[]"));
    let home = Home::with(&peer.definitions(right)).knowing("ACME_KEY", "key-of-acme-0001");
    for (granted, expected) in [
        ("repo:read, email", vec![]),
        ("repo:read, admin:org", vec!["CONN-PERM-EXCESS warning"]),
        // Names that the definition does not know say nothing.
        ("read_all", vec![]),
    ] {
        peer.answers("/me", Says::json("{\"id\":1}").with("X-OAuth-Scopes", granted));
        assert_eq!(codes(&home.test("acme", &[]).connection()), expected, "{granted}");
    }
    peer.answers("/me", Says::json("{\"id\":1}").with("X-OAuth-Scopes", "repo:read, admin:org"));
    let screen = home.run(&["test", "acme", "--lang", "ja"]);
    assert!(screen.out.contains("必要以上の権限") && screen.out.contains("admin:org"), "{}", screen.out);
}

#[test]
fn a_server_of_this_machine_that_comes_and_goes_is_no_matter_of_the_network() {
    let peer = Peer::start();
    peer.answers("/me", Says::json("{\"id\":1}"));
    let good = peer.definitions("");
    // Nobody listens at port 9 of this machine.
    let bad = good.replace(&peer.address.to_string(), "127.0.0.1:9");
    let home = Home::with(&good).knowing("ACME_KEY", "key-of-acme-0001");
    let at = |definitions: &str| {
        std::fs::write(home.definitions(), definitions).unwrap();
        home.test("acme", &[])
    };
    assert_eq!(codes(&at(&good).connection()), Vec::<String>::new());
    assert_eq!(codes(&at(&bad).connection()), ["CONN-NET-REFUSED error"]);
    assert_eq!(codes(&at(&good).connection()), Vec::<String>::new());
    assert_eq!(codes(&at(&bad).connection()), ["CONN-NET-REFUSED error"]);
    assert_eq!(codes(&at(&good).connection()), Vec::<String>::new());
    // S1-36: the history folds repeats and tells when each was first and last seen.
    at(&good);
    let history = home.run(&["history", "acme", "--format", "json"]).json();
    let counts: Vec<u64> =
        history["results"].as_array().unwrap().iter().map(|row| row["count"].as_u64().unwrap()).collect();
    assert_eq!(counts, [2, 1, 1, 1, 1], "{history}");
    assert!(
        history["results"][0]["first_seen"].is_string() && history["results"][0]["last_seen"].is_string()
    );
}
