//! conn registers itself where the service lets programs do that, and asks what its token is worth.

use super::{DEFINITION, Scene, says};
use crate::support::browser::Browser;

const DYNAMIC: &str = "
[connectors.idp.auth.dynamic]
kind = \"oauth2\"
issuer = \"{url}\"
self_register = true
scopes = [\"openid\", \"offline_access\", \"read\"]
extra.authorize.prompt = \"consent\"
";

fn scene() -> Option<Scene> {
    Scene::with(&format!("{DEFINITION}{DYNAMIC}"), &[])
}

fn add(scene: &Scene, browser: &Browser) -> crate::support::cli::Run {
    let url = format!("url={}", scene.oidc.url());
    let words = ["add", "crm", "--connector", "idp", "--method", "dynamic", "--store", "vault"];
    scene.browse(&[&words[..], &["--set", &url, "--flow", "browser"]].concat(), browser)
}

#[test]
fn a_client_is_registered_once_said_used_again_and_withdrawn_in_the_end() {
    let (Some(scene), Some(browser)) = (scene(), Browser::willing()) else { return };
    let run = add(&scene, &browser);
    says(&run, 0, &["conn has registered itself as a client of Test IdP", "whoami ops", "state: connected"]);
    assert_eq!(scene.oidc.count("registration"), 1);
    says(&scene.browse(&["connect", "crm", "--flow", "browser"], &browser), 0, &["whoami ops"]);
    scene.oidc.control("expire");
    assert_eq!(scene.home.test("crm", &[]).outcome(), "ok - 0");
    assert_eq!((scene.oidc.count("registration"), scene.oidc.count("refresh_token")), (1, 1));
    let defined = std::fs::read_to_string(scene.home.definitions()).unwrap();
    assert!(!defined.contains("client_id"), "{defined}");
    says(&scene.home.run(&["remove", "crm", "--yes"]), 0, &["crm is removed"]);
    assert_eq!(scene.oidc.count("client_delete"), 1);
}

#[test]
fn a_consent_that_fails_leaves_the_client_for_the_next_one() {
    let (Some(scene), Some(browser)) = (scene(), Browser::denying()) else { return };
    says(&add(&scene, &browser), 4, &["CONN-OAUTH-CONSENT-DENIED"]);
    let Some(browser) = Browser::willing() else { return };
    says(&scene.browse(&["connect", "crm", "--flow", "browser"], &browser), 0, &["whoami ops"]);
    assert_eq!(scene.oidc.count("registration"), 1);
    says(&scene.home.run(&["reconnect", "crm", "--rollback"]), 2, &["no earlier credential"]);
}

#[test]
fn a_client_that_the_service_forgot_is_registered_anew_at_a_reconnect() {
    let (Some(scene), Some(browser)) = (scene(), Browser::willing()) else { return };
    says(&add(&scene, &browser), 0, &[]);
    scene.oidc.control("forget-clients");
    scene.oidc.control("expire");
    assert_eq!(scene.home.test("crm", &[]).outcome(), "rejected CONN-OAUTH-CLIENT-INVALID 4");
    says(&scene.browse(&["reconnect", "crm", "--flow", "browser"], &browser), 0, &["now: connected"]);
    assert_eq!(scene.oidc.count("registration"), 2);
}

#[test]
fn a_client_that_a_person_gave_is_used_and_none_is_registered() {
    let (Some(scene), Some(browser)) = (scene(), Browser::willing()) else { return };
    let line = scene.line("crm", "dynamic", "conn-native", &["--flow", "browser"]);
    let definition = std::fs::read_to_string(scene.home.definitions()).unwrap();
    let fixed =
        definition.replace("self_register = true", "self_register = true\nredirect.path = \"/callback\"");
    std::fs::write(scene.home.definitions(), fixed).unwrap();
    says(&scene.browse(&line, &browser), 0, &["whoami ops"]);
    assert_eq!(scene.oidc.count("registration"), 0);
}

#[test]
fn what_the_issuer_publishes_is_asked_once_and_kept_for_the_renewals() {
    let (Some(scene), Some(browser)) = (Scene::start(&[]), Browser::willing()) else { return };
    let line = scene.line("crm", "native", "conn-native", &["--flow", "browser"]);
    says(&scene.browse(&line, &browser), 0, &["whoami ops"]);
    for _ in 0..2 {
        scene.oidc.control("expire");
        assert_eq!(scene.home.test("crm", &[]).outcome(), "ok - 0");
    }
    assert_eq!((scene.oidc.count("discovery"), scene.oidc.count("refresh_token")), (1, 2));
}

#[test]
fn diagnose_asks_the_authorization_server_what_the_token_is_worth() {
    let definition = DEFINITION.replace(
        "token = \"{url}/token\"\nclient_auth = \"basic\"\nredirect",
        "token = \"{url}/token\"\nintrospect = \"{url}/token/introspection\"\nclient_auth = \"basic\"\nredirect",
    );
    let (Some(scene), Some(browser)) = (Scene::with(&definition, &[]), Browser::willing()) else { return };
    says(&scene.add_web("crm", &browser), 0, &["whoami ops"]);
    assert_eq!(scene.oidc.count("introspection"), 0);
    let run = scene.home.run(&["diagnose", "crm"]);
    says(&run, 0, &["ops, token active until", "scopes: openid offline_access read write"]);
    assert_eq!(scene.oidc.count("introspection"), 1);
    // The API refuses what the authorization server calls active: the token is for another audience.
    let changed = definition_of(&scene).replace("GET /me", "GET /strangers");
    std::fs::write(scene.home.definitions(), changed).unwrap();
    let run = scene.home.run(&["diagnose", "crm"]);
    says(&run, 4, &["CONN-OAUTH-AUDIENCE", "the authorization server says: token active until"]);
    // A client that may not ask leaves the token unjudged.
    let changed = definition_of(&scene).replace("GET /strangers", "GET /me").replace("env:WEB", "env:WRONG");
    std::fs::write(scene.home.definitions(), changed).unwrap();
    let run = scene.home.run(&["diagnose", "crm"]);
    says(&run, 0, &["does not say whether the token is active (CONN-OAUTH-CLIENT-INVALID)"]);
}

fn definition_of(scene: &Scene) -> String {
    std::fs::read_to_string(scene.home.definitions()).unwrap()
}
