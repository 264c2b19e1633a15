//! What nobody uses any more.

use serde_json::Value;

use super::{KEY, home};
use crate::past::peer::{Peer, Says};
use crate::support::cli::Home;

fn last_used(home: &Home) -> Value {
    home.run(&["list", "--format", "json"]).json()["connections"][0]["last_used"].clone()
}

/// The connections that nothing used for so long.
fn unused(home: &Home, duration: &str) -> usize {
    let run = home.run(&["list", "--unused", duration, "--format", "json"]);
    assert_eq!(run.code, 0, "{run:#?}");
    run.json()["connections"].as_array().unwrap().len()
}

#[test]
fn s1_39_a_connection_tells_when_something_used_it_last_and_a_test_is_no_use() {
    let peer = Peer::start();
    peer.answers("/me", Says::json("{\"id\":1}"));
    let mut home = home(&peer, "");
    home.set("CONN_NOW", "2026-03-01T09:00:00Z");
    assert_eq!(home.test("acme", &[]).code, 0);
    assert_eq!((last_used(&home), unused(&home, "90d")), (Value::Null, 1), "a test is no use");
    assert!(!home.run(&["show", "acme"]).out.contains("last used"));
    let uses: [&[&str]; 3] =
        [&["token", "acme"], &["request", "acme", "/me"], &["exec", "acme", "--", "sh", "-c", "exit 0"]];
    for (day, line) in (2..).zip(uses) {
        home.set("CONN_NOW", &format!("2026-03-0{day}T09:00:00Z"));
        let run = home.run(line);
        assert_eq!(run.code, 0, "{run:#?}");
        assert_eq!(last_used(&home), format!("2026-03-0{day}T09:00:00Z"), "{line:?}");
    }
    // Once a day is enough.
    home.set("CONN_NOW", "2026-03-04T18:00:00Z");
    assert_eq!(home.run(&["token", "acme"]).code, 0);
    assert_eq!(last_used(&home), "2026-03-04T09:00:00Z");
    home.set("CONN_NOW", "2026-05-01T09:00:00Z");
    assert_eq!(home.test("acme", &[]).code, 0);
    assert_eq!(
        (unused(&home, "90d"), unused(&home, "30d")),
        (0, 1),
        "what a test writes leaves the note alone"
    );
    assert!(home.run(&["list", "--unused", "90d"]).out.contains("No connection matches."));
    let table = home.run(&["list", "--unused", "30d", "--lang", "ja"]);
    assert!(table.out.contains("最終利用") && table.out.contains("2026-03-04"), "{table:#?}");
    for (language, words) in [("en", "last used"), ("ja", "最終利用")] {
        let run = home.run(&["show", "acme", "--lang", language]);
        assert!(run.out.contains(words) && run.out.contains("2026-03-04"), "{run:#?}");
        assert!(!run.out.contains(KEY));
    }
    // Where nothing may be used, nothing is.
    assert_eq!(home.run(&["disable", "acme"]).code, 0);
    assert_ne!(home.run(&["token", "acme"]).code, 0);
    assert_eq!(last_used(&home), "2026-03-04T09:00:00Z");
    assert_eq!(home.run(&["list", "--unused", "soon"]).code, 2);
}
