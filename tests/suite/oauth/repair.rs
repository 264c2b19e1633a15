//! Ways back and ways on: the credential before, further scopes, and environments that only some know.

use super::{Scene, says};
use crate::support::browser::Browser;

fn redefine(scene: &Scene, from: &str, to: &str) {
    let text = std::fs::read_to_string(scene.home.definitions()).unwrap();
    assert!(text.contains(from), "{text}");
    std::fs::write(scene.home.definitions(), text.replace(from, to)).unwrap();
}

#[test]
fn going_back_to_ended_tokens_loses_none_of_them_where_the_service_does_not_answer() {
    let (Some(scene), Some(browser)) = (Scene::start(&[]), Browser::willing()) else { return };
    says(&scene.add_web("crm", &browser), 0, &[]);
    says(&scene.browse(&["connect", "crm", "--flow", "browser"], &browser), 0, &["whoami ops"]);
    scene.oidc.control("expire");
    redefine(&scene, "GET /me", "GET /broken");
    let run = scene.home.run(&["reconnect", "crm", "--rollback"]);
    assert_ne!(run.code, 0, "{run:#?}");
    says(&run, run.code, &["keeps the one it had"]);
    assert_eq!(scene.oidc.count("refresh_token"), 1, "the earlier refresh token was spent");
    redefine(&scene, "GET /broken", "GET /me");
    says(&scene.home.run(&["reconnect", "crm", "--rollback"]), 0, &["uses the credential from before again"]);
    assert_eq!(scene.oidc.count("refresh_token"), 1, "what it gave was kept");
    says(&scene.home.run(&["reconnect", "crm", "--rollback"]), 0, &["uses the credential from before again"]);
    assert_eq!(scene.home.test("crm", &[]).outcome(), "ok - 0");
}

#[test]
fn a_missing_scope_is_asked_for_with_those_that_are_there_also_where_the_app_secret_is_kept_elsewhere() {
    let (Some(scene), Some(browser)) = (Scene::start(&[]), Browser::willing()) else { return };
    let further =
        ["--secret", "client_secret=env:WEB", "--flow", "browser", "--scope", "openid", "--scope", "read"];
    says(&scene.browse(&scene.line("crm", "web", "conn-web", &further), &browser), 0, &["whoami ops"]);
    redefine(&scene, "GET /me", "GET /orders");
    let run = scene.home.run(&["test", "crm"]);
    says(&run, 1, &["CONN-PERM-SCOPE", "conn reconnect crm --scope openid --scope read --scope write"]);
    let line =
        ["reconnect", "crm", "--flow", "browser", "--scope", "openid", "--scope", "read", "--scope", "write"];
    says(&scene.browse(&line, &browser), 0, &["now: connected"]);
    assert_eq!(scene.oidc.count("refresh_token"), 0, "other scopes need a person");
    assert_eq!(scene.home.test("crm", &[]).outcome(), "ok - 0");
}

#[test]
fn an_environment_that_only_some_know_stops_nobody_else_and_one_authorisation_shows_its_state() {
    let Some(scene) = Scene::start(&[]) else { return };
    let line = scene.line("crm", "machine", "conn-machine", &["--secret", "client_secret=env:MACHINE"]);
    says(&scene.alone(&line), 0, &["state: connected"]);
    let url = scene.oidc.url();
    let text = std::fs::read_to_string(scene.home.definitions()).unwrap();
    let sandbox = format!("\n[connectors.idp.environments.sandbox]\nbase = \"{url}/api\"\n");
    let other = format!(
        "\n[connectors.other]\nbase = \"{url}/api\"\nauth.none.kind = \"none\"\ntest.request = \"reach\"\n\
         [connections.plain]\nconnector = \"other\"\n"
    );
    let same = text.replace("[connections.crm]\n", "[connections.crm]\nsame_authorization = true\n");
    std::fs::write(scene.home.definitions(), format!("{same}{sandbox}{other}")).unwrap();
    let list = scene.home.run(&["list", "--environment", "sandbox"]);
    says(&list, 0, &["crm", "Left out, without an environment sandbox (1): plain"]);
    assert!(!list.out.contains("plain"), "{list:#?}");
    let run = scene.home.run(&["test", "--all", "--environment", "sandbox", "--format", "json"]);
    let outcomes: Vec<(String, String)> = run.json()["connections"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            let code = one["findings"][0]["code"].as_str().unwrap_or("-").to_owned();
            (one["connection"]["link_name"].as_str().unwrap().to_owned(), code)
        })
        .collect();
    let expected = [("crm", "-"), ("plain", "CONN-CFG-ENVIRONMENT-UNKNOWN")];
    let expected = expected.map(|(name, code)| (name.to_owned(), code.to_owned())).to_vec();
    assert_eq!((outcomes, run.code), (expected, 0), "{run:#?}");
    assert_eq!(run.json()["connections"][1]["verdict"], "skipped", "{run:#?}");
    let all = ["test", "--all", "--environment", "sandbox"];
    says(&scene.home.run(&all), 0, &["1 ok", "not tested: plain (no environment sandbox)"]);
    let japanese = scene.home.run(&[&all[..], &["--lang", "ja"]].concat());
    says(&japanese, 0, &["未実施: plain（環境 sandbox なし）"]);
    // Whatever reads a result finds nothing failed in what was left out.
    for (format, there, absent) in [
        ("junit", "<testcase name=\"connection\" classname=\"plain\">", "<failure"),
        ("openmetrics", "conn_verdict{connection=\"plain\"", "conn_stage_ok{connection=\"plain\""),
        ("github", "1 not proved", "plain"),
    ] {
        let run = scene.home.run(&[&all[..], &["--format", format]].concat());
        says(&run, 0, &[there]);
        assert!(!run.out.contains(absent), "{format}: {run:#?}");
    }
    let named = scene.home.run(&["test", "plain", "--environment", "sandbox"]);
    says(&named, 5, &["sandbox is not an environment of plain.", "there is: production"]);
    for verb in [&["list"][..], &["test", "--all"]] {
        let run = scene.home.run(&[verb, &["--environment", "sandbx"]].concat());
        let said = ["None of these connections has the environment sandbx.", "did you mean sandbox?"];
        says(&run, 5, &said);
        says(&run, 5, &["there is: production, sandbox", "conn connectors show idp"]);
        let run = scene.home.run(&[verb, &["--environment", "sandbx", "--lang", "ja"]].concat());
        says(
            &run,
            5,
            &["対象の接続の中に、sandbx という環境を持つものはありません。", "「sandbox」のことですか。"],
        );
    }
    redefine(&scene, "[connections.plain]\nconnector = \"other\"\n", "");
    let list = scene.home.run(&["list", "--environment", "sandbox", "--format", "json"]).json();
    assert_eq!(list["connections"][0]["state"], "connected", "{list:#}");
}
