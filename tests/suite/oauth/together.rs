//! Many processes at once need the same new token.

use std::process::Stdio;

use super::renewal::until;
use super::{Scene, says};
use crate::support::browser::Browser;
use crate::support::http;

/// How many processes.
const MANY: usize = 100;
/// Seconds until the first token ends: a quarter of it before its end, conn counts it as ended.
const LIFE: &str = "4";

#[test]
fn a_hundred_processes_that_need_the_same_ended_rotating_token_make_one_request_and_print_one_token() {
    let Some(scene) = Scene::start(&[("ACCESS_TTL", LIFE)]) else { return };
    let Some(browser) = Browser::willing() else { return };
    says(&scene.add_web("crm", &browser), 0, &[]);
    let old = scene.home.run(&["token", "crm"]).out;
    let bearer = format!("Bearer {}", old.trim());
    until("the end of the token", || {
        http::get(scene.oidc.port, "/api/me", &[("Authorization", &bearer)]).status == 401
    });
    scene.oidc.control("life?seconds=3600");
    scene.oidc.control("reset");
    let start = || {
        let mut command = scene.home.command(&["token", "crm"]);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    };
    let children: Vec<_> = (0..MANY).map(|_| start()).collect();
    let outputs: Vec<_> = children.into_iter().map(|child| child.wait_with_output().unwrap()).collect();
    let new = String::from_utf8(outputs[0].stdout.clone()).unwrap();
    assert!(!new.is_empty() && new != old, "{outputs:#?}");
    for output in &outputs {
        assert!(output.status.success(), "none is refused: {output:#?}");
        assert_eq!(String::from_utf8_lossy(&output.stdout), new);
    }
    assert_eq!((scene.token_requests(), scene.oidc.count("refresh_token")), (1, 1));
    assert_eq!(scene.home.test("crm", &[]).outcome(), "ok - 0");
}

#[test]
fn processes_that_are_refused_at_once_share_one_renewal() {
    let Some(scene) = Scene::start(&[]) else { return };
    let Some(browser) = Browser::willing() else { return };
    says(&scene.add_web("crm", &browser), 0, &[]);
    scene.oidc.control("reset");
    scene.oidc.control("expire");
    let start = || {
        let mut command = scene.home.command(&["test", "crm", "--format", "json"]);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    };
    let children: Vec<_> = (0..12).map(|_| start()).collect();
    for child in children {
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{output:#?}");
    }
    assert_eq!(scene.token_requests(), 1);
}
