//! Variables that the service fills: the one organisation of an account, or the one that a person chooses.

use super::{DEFINITION, Scene, says};
use crate::support::browser::Browser;
use crate::support::cli::Run;

fn definition() -> String {
    DEFINITION.replace(
        "test.identity.account = \"/sub\"",
        "test.identity = { account = \"/sub\", organisation = \"/organisation\" }\n\
         headers.orgid = \"{org}\"\n\
         vars.org = { label = \"Organisation\", from = \"test:/data/*/id\", shown = \"/name\", pattern = \"org-\\\\d+\", request = \"GET /organisations\" }",
    )
}

fn scene(organisations: &str) -> Option<Scene> {
    Scene::with(&definition(), &[("ORGANISATIONS", organisations)])
}

/// Adds one by the browser.
fn add(scene: &Scene) -> Option<Run> {
    let browser = Browser::willing()?;
    let line = scene.line("desk", "native", "conn-native", &["--flow", "browser"]);
    Some(scene.browse(&line, &browser))
}

#[test]
fn the_one_organisation_of_an_account_is_taken_unasked_and_sent_from_then_on() {
    let Some(scene) = scene("org-1=Acme,evil.test/x=Evil") else { return };
    let Some(run) = add(&scene) else { return };
    says(&run, 0, &["whoami ops", "org-1", "state: connected"]);
    // What is kept is shown as it is used.
    says(&scene.home.run(&["show", "desk"]), 0, &["org-1 · kept from test:/data/*/id"]);
    says(&scene.home.run(&["show", "desk", "--lang", "ja"]), 0, &["org-1 · test:/data/*/id から取得した値"]);
    let shown = scene.home.run(&["show", "desk", "--format", "json"]).json();
    assert!(shown.to_string().contains(r#""from":"kept""#), "{shown:#}");
    let asked = scene.oidc.count("api");
    let test = scene.home.test("desk", &[]);
    assert_eq!(test.connection()["identity"]["organisation"], "org-1", "{test:#?}");
    assert_eq!(scene.oidc.count("api"), asked + 1, "what is known is not asked again");
    scene.oidc.control("expire");
    let test = scene.home.test("desk", &[]);
    assert_eq!(test.connection()["identity"]["organisation"], "org-1", "it outlives a renewal");
}

#[test]
fn among_several_a_script_is_asked_once_and_a_new_consent_keeps_the_choice() {
    let Some(scene) = scene("org-1=Acme,org-2=Beta") else { return };
    let Some(run) = add(&scene) else { return };
    assert_eq!(run.code, 2, "{run:#?}");
    let question = run.json();
    assert_eq!((question["kind"].as_str(), question["variable"].as_str()), (Some("choice"), Some("org")));
    assert_eq!(question["choices"][1], serde_json::json!({ "value": "org-2", "shown": "Beta" }));
    says(&scene.home.run(&["connect", "desk", "--resume", "org-9"]), 2, &["org-1, org-2"]);
    let before = scene.token_requests();
    says(&scene.home.run(&["connect", "desk", "--resume", "org-2"]), 0, &["whoami ops · org-2"]);
    assert_eq!(scene.token_requests(), before, "the tokens had waited");
    says(&scene.home.run(&["connect", "desk", "--resume", "org-2"]), 2, &["conn connect desk"]);
    let Some(browser) = Browser::willing() else { return };
    let again = scene.browse(&["connect", "desk", "--flow", "browser"], &browser);
    says(&again, 0, &["whoami ops · org-2"]);
}

#[test]
fn a_value_that_the_definition_does_not_allow_is_never_sent() {
    let Some(scene) = scene("evil.test/x=Evil") else { return };
    let Some(run) = add(&scene) else { return };
    says(&run, 5, &["CONN-CFG-VARIABLE-MISSING", "evil.test/x", "does not allow"]);
    says(&scene.home.run(&["request", "desk", "/me"]), 5, &[]);
}

#[test]
fn what_a_person_sets_is_not_asked_of_the_service() {
    let Some(scene) = scene("org-1=Acme,org-2=Beta") else { return };
    let Some(browser) = Browser::willing() else { return };
    let line = scene.line("desk", "native", "conn-native", &["--flow", "browser", "--set", "org=org-2"]);
    says(&scene.browse(&line, &browser), 0, &["org-2"]);
    assert_eq!(scene.oidc.count("api"), 1);
}
