//! A connection's whole life with a real gnome-keyring, read back by a program of others.

use super::nginx::{API, AROUND, GATEWAY};
use crate::support::certificate::Authority;
use crate::support::cli::{Home, Run};
use crate::support::desk::{Desk, Start};
use crate::support::nginx::Nginx;

const OLD: &str = "key-old-0123456789";
const NEW: &str = "key-new-0123456789";

/// A gateway and a home that trusts it, both without a desk.
struct Scene {
    _root: Authority,
    nginx: Nginx,
    home: Home,
}

fn scene() -> Option<Scene> {
    let root = Authority::root("conn tests", "Test Root");
    let nginx = Nginx::with(&root.good(), AROUND, API)?;
    let home = Home::with(GATEWAY).knowing("CONN_CACERT", root.file().to_str().unwrap());
    Some(Scene { _root: root, nginx, home })
}

impl Scene {
    fn at(self, desk: &Desk) -> Self {
        let home = self.home.knowing("DBUS_SESSION_BUS_ADDRESS", &desk.bus_address());
        Self { home, ..self }
    }

    fn add(&self) -> Run {
        let base = format!("base=https://localhost:{}", self.nginx.port);
        let arguments = ["add", "crm", "--connector", "gateway", "--method", "key", "--set", &base];
        self.home.run_with(&[&arguments[..], &["--secret", "api_key=-"]].concat(), OLD)
    }

    /// Asserts that no file of conn holds a key.
    fn holds_no_key(&self) {
        for (path, content) in self.home.files() {
            let found =
                [OLD, NEW].iter().any(|key| content.windows(key.len()).any(|part| part == key.as_bytes()));
            assert!(!found, "{}", path.display());
        }
    }
}

fn stored(desk: &Desk, name: &str) -> String {
    let found = desk.secret_tool(&["lookup", "service", "conn", "username", name], b"");
    String::from_utf8(found.stdout).unwrap()
}

fn succeeds(run: &Run) {
    assert_eq!(run.code, 0, "{run:#?}");
    let shown = format!("{}{}", run.out, run.err);
    assert!(!shown.contains(OLD) && !shown.contains(NEW), "{run:#?}");
}

#[test]
fn a_credential_lives_in_the_keyring_from_add_to_remove() {
    let (Some(desk), Some(scene)) = (Desk::unlocked(), scene()) else { return };
    let scene = scene.at(&desk);
    let home = &scene.home;
    succeeds(&scene.add());
    assert!(stored(&desk, "crm").contains(OLD));
    succeeds(&home.run(&["test", "crm"]));
    let refused = home.run_with(&["reconnect", "crm", "--secret", "api_key=-"], "key-wrong-01234567");
    assert_eq!(refused.code, 4, "{refused:#?}");
    assert!(stored(&desk, "crm").contains(OLD), "the working key stayed");
    succeeds(&home.run_with(&["reconnect", "crm", "--secret", "api_key=-"], NEW));
    assert!(stored(&desk, "crm").contains(NEW));
    succeeds(&home.run(&["reconnect", "crm", "--rollback"]));
    assert!(stored(&desk, "crm").contains(OLD));
    succeeds(&home.run(&["rename", "crm", "sales"]));
    assert_eq!(stored(&desk, "crm"), "");
    assert!(stored(&desk, "sales").contains(OLD));
    succeeds(&home.run(&["test", "sales"]));
    succeeds(&home.run(&["remove", "sales", "--yes"]));
    let left = desk.secret_tool(&["search", "--all", "service", "conn"], b"");
    assert_eq!(String::from_utf8_lossy(&left.stdout), "", "nothing is left behind");
    scene.holds_no_key();
}

/// Asserts that conn says what is wrong with the keyring, with a way out, and keeps nothing anywhere else.
fn fails(scene: &Scene, run: &Run, code: &str) {
    assert_eq!(run.code, 5, "{run:#?}");
    let shown = format!("{}{}", run.out, run.err);
    assert!(shown.contains(code), "{run:#?}");
    assert!(shown.contains(" 1. ") || shown.contains("\"n\": 1"), "{run:#?}");
    assert!(!shown.contains(OLD), "{run:#?}");
    scene.holds_no_key();
}

#[test]
fn without_a_keyring_nothing_is_saved_and_no_file_takes_its_place() {
    let Some(scene) = scene() else { return };
    fails(&scene, &scene.add(), "CONN-SEC-STORE-ABSENT");
    assert!(!std::fs::read_to_string(scene.home.definitions()).unwrap().contains("[connections"));
}

#[test]
fn a_keyring_never_unlocked_and_a_locked_one_each_say_so() {
    let (Some(mut desk), Some(scene)) = (Desk::open(), scene()) else { return };
    let scene = scene.at(&desk);
    desk.start_keyring(Start::Alone);
    fails(&scene, &scene.add(), "CONN-SEC-STORE-NEVER-UNLOCKED");
    assert!(!std::fs::read_to_string(scene.home.definitions()).unwrap().contains("[connections"));
    desk.stop_keyring();
    desk.start_keyring(Start::Unlocked);
    succeeds(&scene.add());
    desk.stop_keyring();
    desk.start_keyring(Start::Alone);
    let run = scene.home.test("crm", &[]);
    assert_eq!(run.outcome(), "local_setup CONN-SEC-STORE-LOCKED 5", "{run:#?}");
    assert_eq!(run.connection()["state"]["after"], "connected", "a locked keyring says nothing of the key");
    fails(&scene, &run, "CONN-SEC-STORE-LOCKED");
    let run = scene.home.run_with(&["reconnect", "crm", "--secret", "api_key=-"], NEW);
    assert_eq!(run.code, 5, "{run:#?}");
}

#[test]
fn secrets_move_from_one_store_to_the_other_and_back_and_leave_nothing_behind() {
    let (Some(desk), Some(scene)) = (Desk::unlocked(), scene()) else { return };
    let mut scene = scene.at(&desk);
    scene.home.set("CONN_VAULT_PASSPHRASE", "correct-horse-battery");
    let home = &scene.home;
    let left = || {
        let found = desk.secret_tool(&["search", "--all", "service", "conn"], b"");
        String::from_utf8_lossy(&found.stdout).into_owned()
    };
    succeeds(&scene.add());
    succeeds(&home.run_with(&["reconnect", "crm", "--secret", "api_key=-"], NEW));
    succeeds(&home.run(&["connect", "crm", "--store", "vault"]));
    assert_eq!(left(), "");
    assert!(std::fs::read_to_string(home.definitions()).unwrap().contains("api_key = \"vault\""));
    scene.holds_no_key();
    succeeds(&home.run(&["test", "crm"]));
    // The value before goes along, and the way back with it.
    succeeds(&home.run(&["connect", "crm", "--store", "keyring"]));
    assert!(stored(&desk, "crm").contains(NEW));
    assert!(!std::fs::read_to_string(home.definitions()).unwrap().contains("vault"));
    succeeds(&home.run(&["reconnect", "crm", "--rollback"]));
    assert!(stored(&desk, "crm").contains(OLD));
}
