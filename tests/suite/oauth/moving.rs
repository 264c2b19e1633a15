//! Tokens and the way to another machine: they stay, are copied only where they do not rotate, or move.

use super::{Scene, home, says};
use crate::support::browser::Browser;
use crate::support::cli::Home;

/// A connection that a person authorised, and the home of another machine with its recipient.
fn scene() -> Option<(Scene, Home, tempfile::TempDir, String)> {
    let scene = Scene::start(&[])?;
    let browser = Browser::willing()?;
    says(&scene.add_web("crm", &browser), 0, &["state: connected"]);
    scene.oidc.control("reset");
    let key = tempfile::tempdir().unwrap();
    let other = home("", &key);
    let recipient = other.run(&["generate", "identity", "mine.txt"]).out.trim().to_owned();
    Some((scene, other, key, recipient))
}

fn carry(scene: &Scene, other: &Home, file: &str) {
    let sealed = std::fs::read(scene.home.folder().join("work").join(file)).unwrap();
    std::fs::write(other.folder().join("work").join(file), sealed).unwrap();
}

#[test]
fn tokens_stay_unless_somebody_moves_them_and_then_only_one_machine_renews() {
    let Some((scene, other, _key, recipient)) = scene() else { return };
    let export = |file: &str, further: &[&str]| {
        let words = ["export", "crm", "-o", file, "--recipient", &recipient];
        scene.home.run(&[&words[..], further].concat())
    };
    says(&export("leave.age", &[]), 0, &["its tokens stay here", "conn connect crm"]);
    says(&export("copy.age", &["--tokens", "copy"]), 0, &["its refresh token may change with each renewal"]);
    says(&scene.home.run(&["list"]), 0, &["connected"]);
    carry(&scene, &other, "leave.age");
    let import = |file: &str| other.run(&["import", file, "--identity", "mine.txt", "--yes"]);
    says(&import("leave.age"), 0, &["Next: conn connect crm"]);
    assert_eq!(other.run(&["remove", "crm", "--yes"]).code, 0);

    says(&export("move.age", &["--tokens", "move"]), 0, &["is disabled here now: its authorisation moved"]);
    says(&scene.home.run(&["list"]), 0, &["disabled"]);
    carry(&scene, &other, "move.age");
    says(&import("move.age"), 0, &["Next: conn test crm"]);
    scene.oidc.control("expire");
    assert_eq!(other.test("crm", &[]).outcome(), "ok - 0", "the other machine renews");
    let renewed = scene.token_requests();
    scene.home.test("crm", &[]);
    assert_eq!(scene.token_requests(), renewed, "this machine does not");
}

#[test]
fn a_move_that_cannot_be_written_leaves_the_connection_in_use() {
    let Some((scene, _other, _key, recipient)) = scene() else { return };
    let words =
        ["export", "crm", "-o", "no/such/folder/x.age", "--recipient", &recipient, "--tokens", "move"];
    says(&scene.home.run(&words), 2, &["x.age"]);
    assert_eq!(scene.home.test("crm", &[]).outcome(), "ok - 0");
}
