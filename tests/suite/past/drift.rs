//! An answer that lacks what it always had is a warning, although the call works.

use super::peer::{Peer, Says};
use crate::support::cli::Home;

fn home(peer: &Peer) -> Home {
    Home::with(&peer.definitions("")).knowing("ACME_KEY", "key-of-acme-0001")
}

#[test]
fn a_field_that_vanished_or_changed_its_type_is_a_warning_that_names_it() {
    let peer = Peer::start();
    peer.answers("/me", Says::json("{\"id\":1,\"user\":{\"mail\":\"m@example.test\",\"name\":\"Ann\"}}"));
    let home = home(&peer);
    assert_eq!(home.test("acme", &[]).outcome(), "ok - 0");
    peer.answers("/me", Says::json("{\"id\":\"1\",\"user\":{\"name\":\"Ann\"}}"));
    let run = home.test("acme", &[]);
    assert_eq!(run.outcome(), "warning CONN-BODY-SCHEMA 0");
    let finding = run.connection()["findings"][0].to_string();
    assert!(finding.contains("/user/mail was in every earlier answer and is gone"), "{finding}");
    assert!(finding.contains("/id was number and is string"), "{finding}");
    let strict = home.run(&["test", "acme", "--strict", "--lang", "ja"]);
    assert_eq!(strict.code, 7);
    assert!(strict.out.contains("応答の構成が想定と異なります: /user/mail, /id"), "{}", strict.out);
    // It is told until it has stood for a week, not only once.
    assert_eq!(home.test("acme", &[]).outcome(), "warning CONN-BODY-SCHEMA 0");
    // Nothing of a value is kept.
    for (path, content) in home.files() {
        let text = String::from_utf8_lossy(&content);
        assert!(!text.contains("m@example.test") && !text.contains("Ann"), "{}", path.display());
    }
}

#[test]
fn new_fields_nulls_and_empty_lists_are_no_drift() {
    let peer = Peer::start();
    peer.answers("/me", Says::json("{\"id\":1,\"teams\":[{\"id\":7}],\"phone\":\"1\"}"));
    let home = home(&peer);
    assert_eq!(home.test("acme", &[]).outcome(), "ok - 0");
    for body in [
        "{\"id\":1,\"teams\":[],\"phone\":\"1\",\"new\":true}",
        "{\"id\":1,\"teams\":[{\"id\":7,\"x\":1}],\"phone\":null}",
        "{\"id\":1,\"teams\":[{\"id\":7}],\"phone\":\"1\"}",
    ] {
        peer.answers("/me", Says::json(body));
        assert_eq!(home.test("acme", &[]).outcome(), "ok - 0", "{body}");
    }
}
