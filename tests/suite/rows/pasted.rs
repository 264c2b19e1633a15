//! What values and definitions say of themselves, found before anything is sent.

use super::{KEY, home};
use crate::past::peer::{Peer, Says};
use crate::support::cli::Home;

#[test]
fn s0_33_s1_3_a_key_of_another_kind_is_recognised_without_being_shown() {
    let peer = Peer::start();
    peer.answers("/me", Says::json("{\"id\":1}"));
    let pattern = "[connectors.peer.auth.key.params.api_key]\npattern = \"glpat-[A-Za-z0-9]+\"\n";
    let definitions = peer.definitions("").replace("[connectors.peer.auth.key.params.api_key]\n", pattern);
    let pasted = "ghp_0123456789abcdefghij0123456789abcdef";
    let home = Home::with(&definitions).knowing("ACME_KEY", pasted);
    let run = home.test("acme", &[]);
    assert_eq!(run.outcome(), "warning CONN-SEC-SHAPE 0", "{run:#?}");
    assert!(
        run.out.contains("GitHub personal access token") && !run.out.contains("0123456789ab"),
        "{run:#?}"
    );
}

#[test]
fn s0_11_a_finding_names_a_value_as_people_do_in_each_language() {
    let peer = Peer::start();
    let definitions = peer
        .definitions("")
        .replace("label = \"API key\"", "label = { en = \"API key\", ja = \"接続キー\" }");
    let home = Home::with(&definitions).knowing("ACME_KEY", &format!(" {KEY}\n"));
    for (language, label) in [("en", "API key"), ("ja", "接続キー")] {
        let run = home.run(&["test", "acme", "--lang", language, "--format", "json"]);
        assert_eq!(run.outcome(), "local_setup CONN-SEC-WHITESPACE 5");
        let title = run.connection()["findings"][0]["title"].as_str().unwrap().to_owned();
        assert!(title.contains(label), "{title}");
    }
}

#[test]
fn s4_18_a_key_of_another_environment_is_not_sent() {
    let peer = Peer::start();
    peer.answers("/me", Says::json("{\"id\":1}"));
    let sandbox = format!("environments.sandbox.base = \"http://{}\"\n", peer.address);
    let (live, test) = ("sk_live_0123456789abcdef", "sk_test_0123456789abcdef");
    for (further, environment, key, expected) in [
        (&*sandbox, "production", live, "ok - 0"),
        (&sandbox, "sandbox", test, "ok - 0"),
        (&sandbox, "production", test, "local_setup CONN-CFG-ENV 5"),
        (&sandbox, "sandbox", live, "local_setup CONN-CFG-ENV 5"),
        // One address for both, and nobody named an environment: the key alone decides.
        ("", "production", test, "ok - 0"),
    ] {
        let home = Home::with(&peer.definitions(further)).knowing("ACME_KEY", key);
        let run = home.test("acme", &["--environment", environment]);
        assert_eq!(run.outcome(), expected, "{run:#?}");
        if run.code != 0 {
            assert_eq!(run.connection()["requests_used"], 0, "{run:#?}");
            let other = if environment == "sandbox" { "production" } else { "sandbox" };
            assert!(run.out.contains(&format!("conn test acme --environment {other}")), "{run:#?}");
            let screen = home.run(&["test", "acme", "--environment", environment, "--lang", "ja"]).out;
            assert!(screen.contains("環境") && !screen.contains("0123456789"), "{screen}");
        }
    }
}

#[test]
fn s4_4_a_data_centre_where_the_service_is_not_offered_is_named_before_anything_is_sent() {
    let peer = Peer::start();
    peer.answers("/me", Says::json("{\"id\":1}"));
    let offered = "regions = [\"com\", \"eu\"]\nvars.dc = { label = \"Data centre\" }\n";
    for (dc, expected) in [("EU", "ok - 0"), ("jp", "local_setup CONN-CFG-DC-UNSUPPORTED 5")] {
        let definitions = peer.definitions(offered) + &format!("vars.dc = \"{dc}\"\n");
        let run = Home::with(&definitions).knowing("ACME_KEY", KEY).test("acme", &[]);
        assert_eq!(run.outcome(), expected, "{run:#?}");
        assert!(run.code == 0 || run.out.contains("com, eu"), "{run:#?}");
    }
}

#[test]
fn s4_5_s4_15_a_service_that_ends_is_announced_and_one_that_ended_is_named() {
    let peer = Peer::start();
    peer.answers("/me", Says::json("{\"id\":1}"));
    let retired = "retired = \"2030-03-31: moved to Peer Two\"\nreplaced_by = \"peer-two\"\n";
    let mut home = home(&peer, retired);
    for (now, expected) in
        [("2029-01-01T00:00:00Z", "CONN-API-DEPRECATED"), ("2030-04-01T00:00:00Z", "CONN-VEND-DISCONTINUED")]
    {
        home.set("CONN_NOW", now);
        let run = home.test("acme", &[]);
        assert_eq!(run.outcome(), format!("warning {expected} 0"), "{run:#?}");
        assert!(run.out.contains("peer-two"), "{run:#?}");
        assert_eq!(home.test("acme", &["--strict"]).code, 7);
    }
    let added = home.run(&["add", "more", "--connector", "peer", "--secret", "api_key=env:ACME_KEY"]);
    assert!(added.code == 1 && added.err.contains("CONN-VEND-DISCONTINUED"), "{added:#?}");
}

#[test]
fn s0_27_s0_34_an_older_api_version_and_an_older_conn_are_named() {
    let peer = Peer::start();
    peer.answers("/me", Says::json("{\"object\":\"user\",\"id\":\"u1\",\"type\":\"bot\",\"bot\":{}}"));
    let own = "extends = \"notion\"\nheaders.Notion-Version = \"2019-01-01\"\n";
    let definitions = peer.definitions(own) + "method = \"key\"\n";
    let line = ["reconnect", "acme", "--secret", "api_key=env:ACME_KEY", "--format", "json"];
    let run = Home::with(&definitions).knowing("ACME_KEY", KEY).run(&line);
    let checks = run.connection()["checks"].clone();
    let versions =
        checks.as_array().unwrap_or_else(|| panic!("{run:#?}")).iter().find(|check| check["id"] == "V6");
    let versions = versions.unwrap_or_else(|| panic!("{run:#?}"));
    assert_eq!(versions["passed"], false, "{run:#?}");
    assert!(versions["text"].as_str().unwrap().contains("2019-01-01"), "{versions}");
    // A field that only a newer conn knows is no mistake of whoever wrote it.
    let newer = home(&peer, "needs = \"99.1\"\nnew_field = 1\n");
    for line in [&["test", "acme"][..], &["lint"], &["test", "acme", "--lang", "ja"]] {
        let run = newer.run(line);
        let said = run.out.clone() + &run.err;
        assert!(run.code == 5 && said.contains("99.1") && !said.contains("new_field"), "{line:?}: {run:#?}");
    }
    assert!(newer.run(&["test", "acme"]).err.contains("CONN-CFG-CONNECTOR-OUTDATED"));
}
