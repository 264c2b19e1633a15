//! What is different since the last success is told: on the screen, in JSON, and again from saved facts.

use serde_json::Value;

use super::peer::{Peer, Says};
use crate::support::cli::Home;

fn changes(connection: &Value) -> Vec<String> {
    let rows = connection["changes"].as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    rows.map(|row| format!("{} {} {}", text(&row["what"]), text(&row["from"]), text(&row["to"]))).collect()
}

#[test]
fn a_host_that_was_changed_in_the_file_is_named_with_its_line_and_told_again_from_saved_facts() {
    let (peer, other) = (Peer::start(), Peer::start());
    peer.answers("/me", Says::json("{\"id\":1}"));
    other.answers("/me", Says::json("{\"error\":\"nobody\"}").status("401 Unauthorized"));
    let definitions = peer.definitions("");
    let home = Home::with(&definitions).knowing("ACME_KEY", "key-of-acme-0001");
    let first = home.test("acme", &[]);
    assert_eq!((first.outcome().as_str(), changes(&first.connection())), ("ok - 0", vec![]));
    let (before, now) = (format!("http://{}", peer.address), format!("http://{}", other.address));
    std::fs::write(home.definitions(), definitions.replace(&before, &now)).unwrap();
    let run = home.test("acme", &[]);
    // The key worked elsewhere: nobody says that it was replaced.
    assert_eq!(run.outcome(), "rejected CONN-AUTH-REJECTED 4");
    assert_eq!(changes(&run.connection()), [format!("config.base {before} {now}")]);
    let row = &run.connection()["changes"][0];
    assert!(row["place"].as_str().unwrap().contains("connectors.toml:"), "{row}");
    assert!(row["at"].is_string(), "{row}");
    let screen = home.run(&["diagnose", "acme", "--save", "facts.json"]);
    assert!(screen.out.contains("What changed since"), "{}", screen.out);
    assert!(screen.out.contains(&format!("address: {before} → {now}")), "{}", screen.out);
    let screen = home.run(&["diagnose", "acme", "--lang", "ja"]);
    assert!(screen.out.contains("からの変更点"), "{}", screen.out);
    // Judged again from what was saved, in a home that knows nothing of it.
    let elsewhere = Home::with(&definitions);
    let facts = std::fs::read_to_string(home.folder().join("work/facts.json")).unwrap();
    std::fs::write(elsewhere.folder().join("work/facts.json"), &facts).unwrap();
    let again = elsewhere.run(&["diagnose", "--from", "facts.json", "--format", "json"]);
    assert_eq!(changes(&again.connection()), changes(&run.connection()));
    assert!(!facts.contains("key-of-acme"), "{facts}");
}

#[test]
fn another_key_and_another_api_version_are_told_and_then_they_are_what_stands() {
    let peer = Peer::start();
    peer.answers("/me", Says::json("{\"id\":1}").with("X-Api-Version", "2025-01"));
    let home = Home::with(&peer.definitions("")).knowing("ACME_KEY", "key-of-acme-0001");
    assert_eq!(home.test("acme", &[]).outcome(), "ok - 0");
    peer.answers("/me", Says::json("{\"id\":1}").with("X-Api-Version", "2026-01"));
    let home = home.knowing("ACME_KEY", "key-of-acme-0002");
    let found = changes(&home.test("acme", &[]).connection());
    assert!(found[0].starts_with("secret.api_key.fingerprint "), "{found:?}");
    assert_eq!(found[1], "api.version.x-api-version 2025-01 2026-01");
    assert_eq!(changes(&home.test("acme", &[]).connection()), Vec::<String>::new());
    for (path, content) in home.files() {
        let text = String::from_utf8_lossy(&content);
        assert!(!text.contains("key-of-acme"), "{}", path.display());
    }
}

#[test]
fn what_a_run_did_not_see_is_no_change() {
    let peer = Peer::start();
    peer.answers("/me", Says::json("{\"id\":1}").with("X-Api-Version", "2025-01"));
    let home = Home::with(&peer.definitions("")).knowing("ACME_KEY", "key-of-acme-0001");
    home.test("acme", &[]);
    drop(peer);
    let run = home.test("acme", &[]);
    assert_eq!(run.outcome(), "unreachable CONN-NET-REFUSED 6");
    assert_eq!(changes(&run.connection()), Vec::<String>::new());
}
