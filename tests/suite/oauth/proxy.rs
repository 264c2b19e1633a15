//! Tokens behind `conn proxy`: a program that uses it never sees that one ended.

use super::{MACHINE_SECRET, Scene, says};
use crate::support::passage::{Passage, status};

#[test]
fn a_token_that_ends_is_renewed_once_however_many_calls_it_breaks() {
    let Some(scene) = Scene::start(&[]) else { return };
    let line = scene.line("crm", "machine", "conn-machine", &["--secret", "client_secret=-"]);
    let words: Vec<&str> = line.iter().map(String::as_str).collect();
    says(&scene.home.run_with(&words, MACHINE_SECRET), 0, &[]);
    let proxy = Passage::start(scene.home.command(&["proxy", "crm", "--format", "json"]));
    let path = "GET /me";
    assert_eq!(status(&proxy.ask(path)), 200, "{}", proxy.ask(path));
    let before = scene.oidc.count("client_credentials");
    scene.oidc.control("expire");
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| assert_eq!(status(&proxy.ask(path)), 200));
        }
    });
    assert_eq!(scene.oidc.count("client_credentials"), before + 1);
}
