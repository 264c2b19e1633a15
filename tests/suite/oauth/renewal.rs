//! Tokens that end, are refused, are withdrawn, or get lost on their way.

use std::process::Stdio;
use std::time::{Duration, Instant};

use super::{Scene, says};
use crate::support::browser::Browser;
use crate::support::oauth_servers::OauthServer;

/// A connection that a person authorised, with the counts at zero.
fn authorised(variables: &[(&str, &str)]) -> Option<Scene> {
    let scene = Scene::start(variables)?;
    let browser = Browser::willing()?;
    says(&scene.add_web("crm", &browser), 0, &["state: connected"]);
    scene.oidc.control("reset");
    Some(scene)
}

/// Waits for what a peer does in its own time.
pub fn until(what: &str, holds: impl Fn() -> bool) {
    let end = Instant::now() + Duration::from_secs(60);
    while !holds() {
        assert!(Instant::now() < end, "{what} never came");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_refused_token_is_renewed_by_one_request_and_the_new_refresh_token_is_kept() {
    let Some(scene) = authorised(&[]) else { return };
    for round in 1..=3 {
        scene.oidc.control("expire");
        assert_eq!(scene.home.test("crm", &[]).outcome(), "ok - 0", "round {round}");
        assert_eq!(scene.oidc.count("refresh_token"), round);
        assert_eq!(scene.oidc.count("api"), 2 * round, "refused once, then answered");
    }
    assert_eq!(scene.home.test("crm", &[]).outcome(), "ok - 0");
    assert_eq!(scene.token_requests(), 3, "a token that works is not renewed");
}

#[test]
fn a_withdrawn_authorisation_is_called_so_and_a_new_consent_repairs_it() {
    let Some(scene) = authorised(&[]) else { return };
    let Some(browser) = Browser::willing() else { return };
    scene.oidc.control("revoke-all");
    let run = scene.home.test("crm", &[]);
    assert_eq!(run.outcome(), "rejected CONN-OAUTH-REFRESH-REVOKED 4", "{run:#?}");
    run.has_steps();
    assert_eq!(run.connection()["state"]["after"], "needs_reconnect");
    assert_eq!(scene.oidc.count("refresh_token"), 1, "a refusal is not tried again");
    let token = scene.home.run(&["token", "crm"]);
    says(&token, 4, &["conn reconnect crm"]);
    assert_eq!(token.out, "");
    let run = scene.browse(&["reconnect", "crm", "--flow", "browser"], &browser);
    says(&run, 0, &["a new consent is needed", "same account as before: ops", "now: connected"]);
    assert_eq!(scene.home.test("crm", &[]).outcome(), "ok - 0");
    assert_eq!(scene.home.run(&["token", "crm"]).code, 0);
}

#[test]
fn a_consent_that_is_declined_at_a_reconnect_leaves_what_was_stored() {
    let Some(scene) = authorised(&[]) else { return };
    let Some(browser) = Browser::denying() else { return };
    let held = || scene.home.run(&["token", "crm", "--parameter", "refresh_token"]).out;
    let before = held();
    // A value that changes leads to a consent although the tokens still work.
    let line = ["reconnect", "crm", "--flow", "browser", "--secret", "client_secret=env:WRONG"];
    let run = scene.browse(&line, &browser);
    says(&run, 4, &["CONN-OAUTH-CONSENT-DENIED"]);
    assert!(!before.is_empty() && held() == before);
    assert_eq!(scene.home.test("crm", &[]).outcome(), "ok - 0");
}

#[test]
fn another_person_than_before_is_noticed_at_a_reconnect() {
    let Some(scene) = authorised(&[]) else { return };
    let Some(browser) = Browser::willing() else { return };
    scene.oidc.control("revoke-all");
    let eve = browser.knowing("BROWSE_USER", "eve");
    let run = scene.browse(&["reconnect", "crm", "--flow", "browser"], &eve);
    says(
        &run,
        4,
        &["CONN-OAUTH-ORG", "it was ops at the last success and is eve now", "keeps the one it had"],
    );
    let line = ["reconnect", "crm", "--flow", "browser", "--other-account"];
    says(&scene.browse(&line, &eve), 0, &["whoami eve"]);
}

#[test]
fn an_answer_that_never_arrives_is_not_asked_for_again_and_the_next_run_explains_the_loss() {
    let Some(scene) = authorised(&[]) else { return };
    let Some(browser) = Browser::willing() else { return };
    scene.oidc.control("expire");
    scene.oidc.control("lose?times=1");
    let run = scene.home.test("crm", &[]);
    says(&run, 6, &["a refresh token that works only once may be used up"]);
    assert_eq!(scene.oidc.count("refresh_token"), 1, "one token request and no second");
    assert_eq!(run.connection()["state"]["after"], "connected", "the path says nothing of the authorisation");
    let run = scene.home.run(&["test", "crm"]);
    says(&run, 4, &["CONN-OAUTH-REFRESH-ROTATED", "was interrupted before its answer was stored"]);
    says(&scene.browse(&["reconnect", "crm", "--flow", "browser"], &browser), 0, &["now: connected"]);
    scene.oidc.control("expire");
    assert_eq!(scene.home.test("crm", &[]).outcome(), "ok - 0", "the interruption is over");
}

#[test]
fn an_answer_that_never_arrives_does_no_harm_where_a_refresh_token_works_twice() {
    let Some(scene) = authorised(&[("ROTATE", "0")]) else { return };
    scene.oidc.control("expire");
    scene.oidc.control("lose?times=1");
    assert_eq!(scene.home.test("crm", &[]).code, 6);
    assert_eq!(scene.home.test("crm", &[]).outcome(), "ok - 0");
    assert_eq!(scene.oidc.count("refresh_token"), 2);
}

#[test]
fn a_process_killed_while_it_waits_for_new_tokens_is_remembered() {
    let Some(scene) = authorised(&[]) else { return };
    scene.oidc.control("expire");
    scene.oidc.control("slow?ms=60000");
    let mut command = scene.home.command(&["test", "crm"]);
    let quiet = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = quiet.spawn().unwrap();
    until("the token request", || scene.oidc.count("refresh_token") == 1);
    child.kill().unwrap();
    child.wait().unwrap();
    scene.oidc.control("slow?ms=0");
    let run = scene.home.run(&["test", "crm"]);
    says(&run, 4, &["CONN-OAUTH-REFRESH-ROTATED", "was interrupted before its answer was stored"]);
}

#[test]
fn a_refresh_that_brings_no_new_refresh_token_keeps_the_old_one() {
    let Some(server) = OauthServer::authlib(&[]) else { return };
    let folder = tempfile::tempdir().unwrap();
    let home = super::home(PASSWORD, &folder)
        .knowing("PERSON", "passwd")
        .knowing("APP", "password-secret-0123456789");
    let url = format!("url={}", server.url());
    let line =
        ["add", "crm", "--connector", "old", "--store", "vault", "--set", &url, "--set", "username=ops"];
    let further = ["--set", "client_id=conn-password", "--secret", "password=env:PERSON"];
    let run = home.run_with(
        &[&line[..], &further, &["--secret", "client_secret=-"]].concat(),
        "password-secret-0123456789",
    );
    says(&run, 0, &["whoami ops"]);
    let held = || home.run(&["token", "crm", "--parameter", "refresh_token"]).out;
    let before = held();
    for round in 1..=2 {
        server.control("expire");
        assert_eq!(home.test("crm", &[]).outcome(), "ok - 0", "round {round}");
        assert_eq!(server.control("counts")["refresh_token"], round);
    }
    assert!(!before.is_empty() && held() == before);
    assert_eq!(server.control("counts")["password"], 1, "the password travelled once");
}

/// authlib's server: a person's password, which RFC 9700 advises against and old services want.
const PASSWORD: &str = r#"
[connectors.old]
name = "Test password service"
base = "{url}/api"
vars.url.label = "Address"
test.request = "GET /me"
test.identity.account = "/sub"

[connectors.old.auth.person]
kind = "oauth2"
grant = "password"
token = "{url}/token"
client_auth = "basic"
basic_encoding = "raw"
scopes = ["read"]
"#;
