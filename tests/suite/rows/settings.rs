//! What is set, where it comes from, and what may travel.

use serde_json::Value;

use super::{KEY, home};
use crate::past::peer::{Peer, Says};
use crate::support::cli::Home;

const ACME: &str = r#"
[connectors.acme]
name = "Acme"
base = "https://{host}/api/v2"
vars.host = { label = "Host" }
vars.dc = { label = "Data centre", default = "jp" }
auth.key = { kind = "api_key", header.X-Key = "{api_key}", params.api_key.label = "API key" }
test.request = "GET /me"
environments.sandbox.base = "https://sandbox.test/api/v2"
[connections.crm]
connector = "acme"
vars.host = "crm.acme.test"
secrets.api_key = "env:ACME_KEY"
"#;

#[test]
fn s0_8_s0_18_each_value_is_shown_with_its_source_and_the_address_that_they_make() {
    let home = Home::with(ACME).knowing("ACME_KEY", KEY);
    let shown = home.run(&["show", "crm", "--format", "json"]).json();
    let origin = |name: &str| {
        let rows = shown["variables"].as_array().unwrap();
        rows.iter().find(|row| row["name"] == name).unwrap()["origin"].clone()
    };
    assert_eq!(
        (&shown["base"], &shown["environment"]),
        (&Value::from("https://crm.acme.test/api/v2"), &Value::from("production"))
    );
    assert_eq!(origin("host")["from"], "connection");
    assert!(origin("host")["place"].as_str().unwrap().contains("connectors.toml:"), "{shown}");
    assert_eq!(origin("dc")["from"], "default");
    assert_eq!(shown["parameters"][0]["source"], "env:ACME_KEY");
    let other = home.run(&["show", "crm", "--environment", "sandbox", "--format", "json"]).json();
    assert_eq!(other["base"], "https://sandbox.test/api/v2");
    let diagnosed = home.run(&["diagnose", "crm", "--offline"]);
    for words in ["https://crm.acme.test/api/v2", "connectors.toml:", "env:ACME_KEY", "production"] {
        assert!(diagnosed.out.contains(words), "{words}: {diagnosed:#?}");
    }
}

#[test]
fn s2_2_a_connection_says_whether_its_service_is_built_in_or_ones_own() {
    let peer = Peer::start();
    peer.answers("/me", Says::json("{\"why\":\"frozen\"}").status("403 Forbidden"));
    let rule = "rules = [{ id = \"peer/frozen\", when = { json = { \"/why\" = \"frozen\" } }, cause = \"CONN-PERM-ROLE\" }]\n";
    let definitions = peer.definitions(rule)
        + "[connections.code]\nconnector = \"github\"\nsecrets.token = \"env:ACME_KEY\"\n";
    let home = Home::with(&definitions).knowing("ACME_KEY", KEY);
    for (language, name, words) in [
        ("en", "acme", "(peer) · your own file"),
        ("ja", "acme", "(peer) · ユーザーのファイル"),
        ("en", "code", "(github) · built in"),
        ("ja", "code", "(github) · 組み込み"),
    ] {
        let run = home.run(&["show", name, "--lang", language]);
        assert!(run.out.contains(words), "{words}: {run:#?}");
    }
    for (language, words) in
        [("en", "the rule peer/frozen of your own definition"), ("ja", "独自定義の規則 peer/frozen")]
    {
        let run = home.run(&["test", "acme", "--lang", language]);
        assert!(run.out.contains(words), "{run:#?}");
    }
}

#[test]
fn s2_3_s2_9_the_list_names_link_service_and_state() {
    let peer = Peer::start();
    peer.answers("/me", Says::json("{\"id\":1}"));
    let home = home(&peer, "");
    assert_eq!(home.run(&["list", "--format", "json"]).json()["connections"][0]["state"], "pending");
    home.test("acme", &[]);
    let screen = home.run(&["list"]).out;
    let row = screen.lines().find(|line| line.starts_with("acme")).unwrap();
    assert!(row.contains("Peer") && row.contains("connected"), "{screen}");
}

#[test]
fn s4_7_only_a_connected_connection_carries_traffic_and_each_other_state_says_the_way_out() {
    let peer = Peer::start();
    peer.answers("/me", Says::json("{}").status("401 Unauthorized"));
    let home = home(&peer, "");
    let request = || home.run(&["request", "acme", "/me"]);
    let pending = request();
    assert!(pending.code == 5 && pending.err.contains("CONN-CFG-NOT-AUTHORISED"), "{pending:#?}");
    assert!(pending.err.contains("pending"), "{pending:#?}");
    peer.answers("/me", Says::json("{\"id\":1}"));
    assert_eq!(home.test("acme", &[]).code, 0);
    assert_eq!(request().code, 0);
    peer.answers("/me", Says::json("{}").status("401 Unauthorized"));
    assert_eq!(home.test("acme", &[]).connection()["state"]["after"], "needs_reconnect");
    let shut = request();
    assert!(shut.code != 0 && shut.err.contains("conn reconnect acme"), "{shut:#?}");
    // Looking at it stays allowed in every state.
    assert_eq!(home.run(&["diagnose", "acme"]).code, 4);
}

#[test]
fn s0_10_a_reconnect_asks_for_nothing_but_the_secret() {
    let home = Home::with(
        "[connectors.acme]\nbase = \"https://{host}\"\nvars.host = { label = \"Host\" }\n\
         auth.basic = { kind = \"basic\", params.user = { label = \"User\", secret = false }, params.password.label = \"Password\" }\n\
         test.request = \"GET /me\"\n[connections.crm]\nconnector = \"acme\"\nvars.host = \"a.test\"\nvars.user = \"ann\"\n\
         secrets.password = \"vault\"\n",
    )
    .knowing("CONN_VAULT_PASSPHRASE", "correct horse");
    let run = home.run(&["reconnect", "crm"]);
    assert!(run.code == 2 && run.err.contains("--secret password="), "{run:#?}");
    assert!(!run.err.contains("--set"), "{run:#?}");
}
