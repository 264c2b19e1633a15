//! What services announce about their own end is collected over time and listed.

use super::peer::{Peer, Says};
use crate::support::cli::Home;

fn ending(sunset: &str) -> Says {
    Says::json("{\"id\":1}")
        .with("Deprecation", "@1767225600")
        .with("Sunset", sunset)
        .with("Link", "<https://peer.test/v1-ends>; rel=\"sunset\"")
}

#[test]
fn s1_34_deprecations_are_collected_over_time_and_listed_soonest_first() {
    let peer = Peer::start();
    let twin = "[connections.twin]\nconnector = \"peer\"\nsecrets.api_key = \"env:ACME_KEY\"\n";
    let mut home = Home::with(&peer.definitions(twin)).knowing("ACME_KEY", "key-of-acme-0001");
    assert!(home.run(&["list", "--deprecations"]).out.contains("No service has announced"), "nothing yet");
    home.set("CONN_NOW", "2026-11-22T00:00:00Z");
    peer.answers("/me", ending("Thu, 31 Dec 2026 00:00:00 GMT"));
    let run = home.test("acme", &[]);
    assert_eq!(run.outcome(), "warning CONN-API-DEPRECATED 0");
    assert!(run.out.contains("https://peer.test/v1-ends"), "{}", run.out);
    assert!(!run.out.contains("days are left"), "{}", run.out);
    peer.answers("/me", Says::json("{\"id\":1}").with("Warning", "299 - \"old client\""));
    assert_eq!(home.test("twin", &[]).outcome(), "ok - 0");
    // Thirteen days before the end it is counted.
    home.set("CONN_NOW", "2026-12-18T00:00:00Z");
    peer.answers("/me", ending("Thu, 31 Dec 2026 00:00:00 GMT"));
    let run = home.test("acme", &[]);
    assert!(run.out.contains("13 days are left"), "{}", run.out);
    let listed = home.run(&["list", "--deprecations", "--format", "json"]).json();
    let rows: Vec<String> = listed["notices"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            let text = |name: &str| row[name].as_str().unwrap_or("-").to_owned();
            format!("{} {} {} {}", text("link_name"), text("header"), text("first_seen"), text("last_seen"))
        })
        .collect();
    let both = "2026-11-22T00:00:00Z 2026-12-18T00:00:00Z";
    assert_eq!(
        rows,
        [
            format!("acme deprecation {both}"),
            format!("acme sunset {both}"),
            "twin warning 2026-11-22T00:00:00Z 2026-11-22T00:00:00Z".to_owned(),
        ]
    );
    assert_eq!(listed["notices"][1]["days_left"], 13);
    for (language, word) in [("en", "DAYS LEFT"), ("ja", "残り日数")] {
        let screen = home.run(&["list", "--deprecations", "--lang", language]);
        assert!(screen.out.contains(word) && screen.out.contains("2026-12-31"), "{}", screen.out);
    }
    home.set("CONN_NOW", "2027-01-02T00:00:00Z");
    assert_eq!(home.test("acme", &[]).outcome(), "warning CONN-API-SUNSET 0");
    // A service that says nothing any more is not listed for ever.
    home.set("CONN_NOW", "2027-03-01T00:00:00Z");
    assert!(home.run(&["list", "--deprecations"]).out.contains("No service has announced"), "gone");
}
