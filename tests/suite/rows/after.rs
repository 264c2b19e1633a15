//! What is checked once a connection was connected again.

use serde_json::Value;

use super::{KEY, home};
use crate::past::peer::{Peer, Says};
use crate::support::cli::{Home, Run};

const RIGHT: &str =
    "[[connectors.peer.permissions]]\nid = \"deals\"\nlabel = \"Deals\"\nrequest = \"GET /deals\"\n";

fn reconnect(home: &Home) -> Run {
    home.run(&["reconnect", "acme", "--secret", "api_key=env:ACME_KEY", "--format", "json"])
}

fn check(run: &Run, id: &str) -> Value {
    let checks = run.connection()["checks"].clone();
    let rows = checks.as_array().unwrap_or_else(|| panic!("{run:#?}"));
    rows.iter().find(|check| check["id"] == id).unwrap_or_else(|| panic!("{id}: {run:#?}")).clone()
}

#[test]
fn s0_22_s0_24_s0_26_s0_29_after_a_reconnect_everything_is_checked_anew() {
    let peer = Peer::start();
    peer.answers("/me", Says::json("{\"id\":1,\"mail\":\"ann\"}"));
    peer.answers("/deals", Says::json("[]"));
    let home = home(&peer, RIGHT);
    let definitions = std::fs::read_to_string(home.definitions()).unwrap();
    let definitions = definitions
        .replace("[connectors.peer.test]\n", "[connectors.peer.test]\nidentity.account = \"/mail\"\n");
    std::fs::write(home.definitions(), definitions).unwrap();
    assert_eq!(home.test("acme", &[]).code, 0);
    let run = reconnect(&home);
    assert_eq!(run.code, 0, "{run:#?}");
    let ids: Vec<Value> =
        run.connection()["checks"].as_array().unwrap().iter().map(|c| c["id"].clone()).collect();
    assert_eq!(ids, ["V1", "V2", "V3", "V4", "V5", "V6", "V7", "V8"]);
    for id in ["V1", "V2", "V4", "V5", "V6", "V8"] {
        assert_eq!(check(&run, id)["passed"], true, "{id}: {run:#?}");
    }
    assert!(check(&run, "V8")["text"].as_str().unwrap().contains("3 times"), "{run:#?}");
    // A right that is lost and a warning in an answer show in their rows.
    peer.answers("/deals", Says::json("{}").status("403 Forbidden"));
    peer.answers("/me", Says::json("{\"id\":1,\"mail\":\"ann\"}").with("Warning", "299 - \"old client\""));
    let run = reconnect(&home);
    assert_eq!(
        (check(&run, "V2")["passed"].clone(), check(&run, "V5")["passed"].clone()),
        (false.into(), false.into())
    );
    assert!(check(&run, "V5")["text"].as_str().unwrap().contains("old client"), "{run:#?}");
}

#[test]
fn s0_25_after_a_reconnect_the_settings_are_compared_with_those_before() {
    let (peer, other) = (Peer::start(), Peer::start());
    peer.answers("/me", Says::json("{\"id\":1}"));
    other.answers("/me", Says::json("{\"id\":1}"));
    let (before, now) = (peer.address.to_string(), other.address.to_string());
    let definitions = peer
        .definitions("vars.host = { label = \"Host\" }\n")
        .replace(&format!("base = \"http://{before}\""), "base = \"http://{host}\"")
        + &format!("vars.host = \"{before}\"\n");
    let home = Home::with(&definitions).knowing("ACME_KEY", KEY);
    assert_eq!(home.test("acme", &[]).code, 0);
    assert_eq!(check(&reconnect(&home), "V4")["text"], "the value is the same as at the last success");
    let home = home.knowing("ACME_KEY", "key-of-acme-0002");
    let host = format!("host={now}");
    let line = ["reconnect", "acme", "--set", &host, "--secret", "api_key=env:ACME_KEY", "--format", "json"];
    let run = home.run(&line);
    let text = check(&run, "V4")["text"].as_str().unwrap().to_owned();
    assert!(text.starts_with("the new value is in use"), "{text}");
    assert!(text.contains(&format!("http://{before} → http://{now}")), "{text}");
    assert!(!run.out.contains(KEY), "{run:#?}");
}

#[test]
fn s0_28_s4_14_after_a_reconnect_the_other_people_are_counted() {
    let peer = Peer::start();
    peer.answers("/me", Says::json("{\"id\":1}"));
    let home = home(&peer, "");
    let definitions = std::fs::read_to_string(home.definitions()).unwrap();
    let definitions = definitions.replace("[connections.acme]\n", "[connections.acme]\nkind = \"user\"\n");
    std::fs::write(home.definitions(), definitions.replace("env:ACME_KEY", "vault")).unwrap();
    let home = home.knowing("CONN_VAULT_PASSPHRASE", "correct horse");
    let of = |label: &str, further: &[&str]| {
        let line =
            ["reconnect", "acme", "--account", label, "--secret", "api_key=env:ACME_KEY", "--format", "json"];
        home.run(&[&line[..], further].concat())
    };
    assert_eq!(of("ann", &[]).code, 0);
    peer.answers("/me", Says::json("{}").status("401 Unauthorized"));
    assert_eq!(home.run(&["test", "acme", "--account", "ann"]).code, 4);
    peer.answers("/me", Says::json("{\"id\":1}"));
    let run = of("ben", &[]);
    let users = check(&run, "V7");
    assert_eq!(users["passed"], false, "{run:#?}");
    assert_eq!(users["text"], "authorised users: 1 of 2; not: ann", "{run:#?}");
    // Whoever is connected again counts, and one who was removed does not.
    let run = of("ann", &[]);
    assert_eq!((&check(&run, "V7")["passed"], &run.code), (&true.into(), &0), "{run:#?}");
    assert_eq!(check(&run, "V7")["text"], "authorised users: 2 of 2", "{run:#?}");
    assert_eq!(home.run(&["account", "remove", "acme", "ben", "--yes"]).code, 0);
    let run = of("ann", &["--lang", "ja"]);
    assert_eq!(check(&run, "V7")["text"], "認証済みの利用者: 1 人中 1 人", "{run:#?}");
}
