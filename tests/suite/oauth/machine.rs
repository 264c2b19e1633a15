//! Programs that need no person, and the token for a script.

use super::{MACHINE_SECRET, Scene, says};
use crate::support::cli::Run;

/// Adds one whose secret conn keeps.
fn add_kept(scene: &Scene) -> Run {
    let line = scene.line("crm", "machine", "conn-machine", &["--secret", "client_secret=-"]);
    scene.home.run_with(&line.iter().map(String::as_str).collect::<Vec<_>>(), MACHINE_SECRET)
}

#[test]
fn a_machine_gets_its_token_by_itself_and_a_new_one_when_the_old_is_refused() {
    let Some(scene) = Scene::start(&[]) else { return };
    says(&add_kept(&scene), 0, &["whoami conn-machine", "state: connected"]);
    assert_eq!(scene.oidc.count("client_credentials"), 1);
    assert_eq!(scene.home.test("crm", &[]).outcome(), "ok - 0");
    assert_eq!(scene.oidc.count("client_credentials"), 1, "the stored one was used");
    scene.oidc.control("expire");
    assert_eq!(scene.home.test("crm", &[]).outcome(), "ok - 0");
    assert_eq!(scene.oidc.count("client_credentials"), 2);
}

#[test]
fn a_wrong_client_secret_is_named_and_nothing_is_saved() {
    let Some(scene) = Scene::start(&[]) else { return };
    let line = scene.line("crm", "machine", "conn-machine", &["--secret", "client_secret=env:WRONG"]);
    let run = scene.alone(&line);
    says(&run, 4, &["CONN-OAUTH-CLIENT-INVALID", "invalid_client", "Nothing was saved"]);
    assert_eq!(scene.token_requests(), 1, "a refusal is not tried again");
    assert!(!std::fs::read_to_string(scene.home.definitions()).unwrap().contains("[connections"));
}

#[test]
fn a_fresh_token_is_printed_without_a_request_also_as_a_whole_header() {
    let Some(scene) = Scene::start(&[]) else { return };
    says(&add_kept(&scene), 0, &[]);
    let before = (scene.token_requests(), scene.oidc.count("api"));
    let token = scene.home.run(&["token", "crm"]);
    says(&token, 0, &[]);
    let header = scene.home.run(&["token", "crm", "--header"]);
    assert_eq!(header.out, format!("Authorization: Bearer {}", token.out));
    assert_eq!((token.err, header.err), (String::new(), String::new()));
    assert_eq!((scene.token_requests(), scene.oidc.count("api")), before);
    let bearer = header.out.trim().split_once(' ').unwrap().1;
    let me = crate::support::http::get(scene.oidc.port, "/api/me", &[("Authorization", bearer)]);
    assert_eq!(me.text("sub"), "conn-machine");
}

#[test]
fn a_machine_whose_secret_conn_does_not_keep_needs_no_store_and_asks_anew() {
    let Some(scene) = Scene::start(&[]) else { return };
    let line = scene.line("crm", "machine", "conn-machine", &["--secret", "client_secret=env:MACHINE"]);
    says(&scene.alone(&line), 0, &["whoami conn-machine"]);
    let token = scene.home.run(&["token", "crm"]);
    assert_eq!((token.code, scene.oidc.count("client_credentials")), (0, 2), "{token:#?}");
    let files = scene.home.files();
    assert!(files.iter().all(|(path, _)| !path.to_string_lossy().contains("vault")), "{files:#?}");
}
