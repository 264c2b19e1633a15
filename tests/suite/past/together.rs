//! Many connections in one run: failures with one cause are one cause, and what ends the run can be chosen.

use super::peer::{Peer, Says};
use crate::support::cli::Home;

/// Connections to hosts that nobody answers for: the name server of this test is nobody either.
fn twins(names: &[(&str, &str)]) -> String {
    let one = |(name, path): &(&str, &str)| {
        format!(
            "[connectors.{name}]\nname = \"{name}\"\nbase = \"{path}\"\n[connectors.{name}.auth.key]\nkind = \"api_key\"\n\
             header.X-Key = \"{{api_key}}\"\n[connectors.{name}.auth.key.params.api_key]\nlabel = \"API key\"\n\
             [connectors.{name}.test]\nrequest = \"GET /me\"\n[connections.{name}]\nconnector = \"{name}\"\n\
             secrets.api_key = \"env:ACME_KEY\"\n"
        )
    };
    names.iter().map(one).collect()
}

#[test]
fn s1_22_failures_with_one_cause_are_counted_as_one_and_what_was_not_tested_is_named() {
    let peer = Peer::start();
    peer.answers("/me", Says::json("{\"id\":1}"));
    let broken = twins(&[("one", "http://127.0.0.1:9"), ("two", "http://127.0.0.1:9")]);
    let home = Home::with(&peer.definitions(&broken)).knowing("ACME_KEY", "key-of-acme-0001");
    home.run(&["disable", "two"]);
    let third = twins(&[("three", "http://127.0.0.1:9")]);
    let definitions = std::fs::read_to_string(home.definitions()).unwrap() + &third;
    std::fs::write(home.definitions(), definitions).unwrap();
    let run = home.run(&["test", "--all"]);
    assert_eq!(run.code, 6, "{}", run.out);
    for expected in
        ["2 failed (1 cause)", "CONN-NET-REFUSED (2102)", "one, three", "slowest: ", "not tested: two"]
    {
        assert!(run.out.contains(expected), "{expected}: {}", run.out);
    }
    let quiet = home.run(&["test", "--all", "--quiet", "--lang", "ja"]);
    assert!(quiet.out.contains("one, three") && quiet.out.contains("失敗 2 件"), "{}", quiet.out);
    assert!(!quiet.out.contains("最も遅い"), "{}", quiet.out);
}

#[test]
fn what_ends_a_run_can_be_chosen() {
    let peer = Peer::start();
    peer.answers("/me", Says::json("{\"id\":1}").with("Sunset", "Thu, 31 Dec 2099 00:00:00 GMT"));
    let broken = twins(&[("one", "http://127.0.0.1:9")]);
    let home = Home::with(&peer.definitions(&broken)).knowing("ACME_KEY", "key-of-acme-0001");
    for (arguments, code) in [
        (&["test", "--all"][..], 6),
        (&["test", "--all", "--exit-zero"], 0),
        (&["test", "--all", "--fail-on", "error"], 6),
        (&["test", "acme", "--fail-on", "error"], 0),
        (&["test", "acme", "--fail-on", "warning"], 7),
        (&["test", "--all", "--fail-on", "CONN-AUTH-REJECTED"], 0),
        (&["test", "--all", "--fail-on", "CONN-AUTH-REJECTED,2102"], 6),
        (&["test", "acme", "--fail-on", "API-DEPRECATED"], 7),
        (&["test", "acme", "--fail-on", "nonsense"], 2),
    ] {
        let run = home.run(arguments);
        assert_eq!(run.code, code, "{arguments:?}: {run:#?}");
    }
    let told = home.run(&["test", "--all", "--exit-zero"]);
    assert!(told.err.contains("exit code 0"), "{}", told.err);
}

#[test]
fn o38_s3_21_a_run_that_waits_until_the_time_that_the_service_names_succeeds() {
    let peer = Peer::start();
    let refused = Says::json("{}").status("429 Too Many Requests").with("Retry-After", "1");
    peer.in_turn("/me", vec![refused, Says::json("{\"id\":1}")]);
    let home = Home::with(&peer.definitions("")).knowing("ACME_KEY", "key-of-acme-0001");
    let run = home.run(&["test", "acme", "--wait"]);
    assert_eq!(run.code, 0, "{run:#?}");
}

#[test]
fn s0_30_other_connections_tell_a_dead_network_from_a_dead_service() {
    let peer = Peer::start();
    peer.answers("/me", Says::json("{\"id\":1}"));
    let broken = twins(&[("one", "http://127.0.0.1:9")]);
    let home = Home::with(&peer.definitions(&broken)).knowing("ACME_KEY", "key-of-acme-0001");
    assert_eq!(home.test("acme", &[]).code, 0);
    let run = home.test("one", &[]);
    assert_eq!(run.outcome(), "unreachable CONN-NET-REFUSED 6");
    assert!(!run.out.contains("this machine and its network work"), "acme is on this machine: {}", run.out);
}
