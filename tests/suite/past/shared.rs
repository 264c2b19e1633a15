//! Another program that uses up the same allowance is seen by the counter that falls faster than conn calls.

use super::peer::{Peer, Says};
use crate::support::cli::Home;

/// An answer that shows the counter of a window of a minute.
fn left(remaining: u64) -> Says {
    Says::json("{\"id\":1}")
        .with("X-RateLimit-Limit", "120")
        .with("X-RateLimit-Remaining", &remaining.to_string())
        .with("X-RateLimit-Reset", "60")
}

const RIGHTS: &str = "[[connectors.peer.permissions]]\nid = \"contacts\"\nlabel = \"Contacts\"\n\
                      request = \"GET /contacts\"\n\
                      [[connectors.peer.permissions]]\nid = \"deals\"\nlabel = \"Deals\"\nrequest = \"GET /deals\"\n";

fn home(peer: &Peer, further: &str) -> Home {
    Home::with(&peer.definitions(further))
        .knowing("ACME_KEY", "key-of-acme-0001")
        .knowing("CONN_NOW", "2026-11-22T00:00:00Z")
}

#[test]
fn o39a_a_counter_that_falls_by_five_for_each_call_warns_that_it_is_shared() {
    let peer = Peer::start();
    let home = home(&peer, RIGHTS);
    peer.answers("/me", left(95));
    peer.answers("/contacts", left(90));
    peer.answers("/deals", left(85));
    let run = home.test("acme", &[]);
    assert_eq!(run.outcome(), "warning CONN-RATE-SHARED 0");
    let finding = &run.connection()["findings"][0];
    assert!(finding.to_string().contains("the calls left fell from 95 to 85 while conn sent 2"), "{finding}");
    // A call every half second is what the window of a minute lasts for.
    assert!(finding["steps"].to_string().contains("500 ms"), "{finding}");
    let screen = home.run(&["test", "acme", "--lang", "ja"]);
    assert!(screen.out.contains("同じ利用枠を消費しています"), "{}", screen.out);
    assert!(screen.out.contains("専用のキー"), "{}", screen.out);
}

#[test]
fn o39b_a_limit_that_others_reached_is_not_called_a_burst() {
    let peer = Peer::start();
    let home = home(&peer, "");
    let refused = left(85).status("429 Too Many Requests").with("Retry-After", "17");
    peer.in_turn("/me", vec![left(95), left(90), refused]);
    assert_eq!(home.test("acme", &[]).outcome(), "ok - 0");
    assert_eq!(home.test("acme", &[]).outcome(), "warning CONN-RATE-SHARED 0");
    let run = home.test("acme", &[]);
    assert_eq!(run.outcome(), "throttled CONN-RATE-SHARED 3");
    let finding = &run.connection()["findings"][0];
    assert_eq!(finding["retry"]["at"], "2026-11-22T00:00:17Z", "{finding}");
    assert!(!run.out.contains("CONN-RATE-BURST"), "{}", run.out);
}

#[test]
fn o39b_the_same_where_one_run_meets_the_limit_and_its_answer_shows_no_counter() {
    let peer = Peer::start();
    let home = home(&peer, RIGHTS);
    peer.answers("/me", left(95));
    peer.answers("/contacts", left(90));
    let bare = Says::json("{}").status("429 Too Many Requests").with("Retry-After", "17");
    peer.answers("/deals", bare);
    let run = home.test("acme", &[]);
    assert_eq!(run.outcome(), "throttled CONN-RATE-SHARED 3");
}

#[test]
fn s3_18_a_counter_that_falls_as_we_call_is_our_own_doing() {
    let peer = Peer::start();
    let home = home(&peer, RIGHTS);
    peer.in_turn("/me", vec![left(100), left(97)]);
    peer.in_turn("/contacts", vec![left(99), left(96)]);
    peer.in_turn("/deals", vec![left(98), left(95)]);
    for _ in 0..2 {
        assert_eq!(home.test("acme", &[]).outcome(), "ok - 0");
    }
    // Calls of `conn request` are conn's too.
    peer.in_turn("/me", (60..95).rev().map(left).collect());
    for _ in 0..10 {
        assert_eq!(home.run(&["request", "acme", "/me"]).code, 0);
    }
    peer.answers("/me", left(84));
    peer.answers("/contacts", left(83));
    peer.answers("/deals", left(82));
    assert_eq!(home.test("acme", &[]).outcome(), "ok - 0");
    peer.answers("/me", left(81).status("429 Too Many Requests").with("Retry-After", "3"));
    assert_eq!(home.test("acme", &[]).outcome(), "throttled CONN-RATE-BURST 3");
}

#[test]
fn calls_of_another_connection_to_the_same_host_are_conns_own() {
    let peer = Peer::start();
    let twin = "[connections.twin]\nconnector = \"peer\"\nsecrets.api_key = \"env:ACME_KEY\"\n";
    let home = home(&peer, twin);
    peer.in_turn("/me", (50..100).rev().map(left).collect());
    assert_eq!(home.test("acme", &[]).outcome(), "ok - 0");
    for _ in 0..12 {
        assert_eq!(home.test("twin", &[]).outcome(), "ok - 0");
    }
    assert_eq!(home.test("acme", &[]).outcome(), "ok - 0");
    for _ in 0..12 {
        assert_eq!(home.run(&["request", "twin", "/me"]).code, 0);
    }
    assert_eq!(home.run(&["request", "acme", "/me"]).code, 0);
    peer.answers("/me", left(72).status("429 Too Many Requests").with("Retry-After", "3"));
    assert_eq!(home.test("acme", &[]).outcome(), "throttled CONN-RATE-BURST 3");
    // Who is neither of them is somebody else.
    peer.answers("/me", left(40));
    assert_eq!(home.test("acme", &[]).outcome(), "warning CONN-RATE-SHARED 0");
}

#[test]
fn a_window_that_began_anew_is_not_compared() {
    let peer = Peer::start();
    peer.answers("/me", left(100));
    let home = home(&peer, "");
    assert_eq!(home.test("acme", &[]).outcome(), "ok - 0");
    let home = home.knowing("CONN_NOW", "2026-11-22T00:05:00Z");
    peer.answers("/me", left(40));
    assert_eq!(home.test("acme", &[]).outcome(), "ok - 0");
}

#[test]
fn two_connections_with_one_key_are_not_strangers_to_each_other() {
    let peer = Peer::start();
    peer.in_turn("/me", (10..100).rev().map(left).collect());
    let twin = "[connections.twin]\nconnector = \"peer\"\nsecrets.api_key = \"env:ACME_KEY\"\n";
    let home = home(&peer, twin);
    for _ in 0..4 {
        let run = home.run(&["test", "--all", "--format", "json"]);
        assert_eq!(run.code, 0);
        assert!(!run.out.contains("RATE-SHARED"), "{}", run.out);
    }
}
