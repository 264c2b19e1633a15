//! The keyring, against a real gnome-keyring. The store finds its bus by the environment, so each case runs
//! in a process of its own: this binary again, with the case's name.

use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use conn::adapter::secrets::keyring::Keyring;
use conn::adapter::secrets::vault::{Vault, VaultKey};
use conn::base::Secret;
use conn::port::{ItemKey, SecretStore, StoreFault};

use super::secrets::behaves_as_a_store;
use crate::support::desk::{Desk, Start};

const CASE: &str = "CONN_TEST_KEYRING_CASE";
const DAEMON: &str = "CONN_TEST_KEYRING_PROCESS";
const DEADLINE: Duration = Duration::from_secs(3);

type Case = (&'static str, fn());

/// What runs inside a session.
const CASES: [Case; 10] = [
    ("behaves", behaves),
    ("writes", || keyring().put(&sales(), &value()).unwrap()),
    ("absent", || assert!(matches!(read_fault(), StoreFault::Absent(_)), "{:?}", read_fault())),
    ("locked", || assert_eq!((read_fault(), write_fault()), (StoreFault::Locked, StoreFault::Locked))),
    ("never unlocked", || {
        assert_eq!((read_fault(), write_fault()), (StoreFault::NeverUnlocked, StoreFault::NeverUnlocked));
    }),
    ("hung", hung),
    ("hung later", hung_later),
    ("died", died),
    ("ambiguous", || {
        assert_eq!((read_fault(), write_fault()), (StoreFault::Ambiguous(2), StoreFault::Ambiguous(2)));
    }),
    ("corrupt", || assert!(matches!(read_fault(), StoreFault::Corrupt(_)))),
];

fn keyring() -> Keyring {
    Keyring::new(DEADLINE)
}

fn sales() -> ItemKey {
    ItemKey::current("freshsales-main", "production")
}

fn value() -> Secret {
    Secret::new("{\"api_key\":\"鍵 v\"}".to_owned())
}

fn read_fault() -> StoreFault {
    keyring().get(&sales()).expect_err("reading must fail").fault
}

fn write_fault() -> StoreFault {
    keyring().put(&sales(), &value()).expect_err("writing must fail").fault
}

fn behaves() {
    behaves_as_a_store(&|| Arc::new(keyring()));
    let folder = tempfile::tempdir().unwrap();
    behaves_as_a_store(&|| {
        let keys = vec![VaultKey::Keyring(Arc::new(keyring()))];
        Arc::new(Vault::new(&folder.path().join("vault.json"), keys))
    });
}

fn signal(signal: rustix::process::Signal) {
    let process = super::variable(DAEMON).unwrap().parse().unwrap();
    rustix::process::kill_process(rustix::process::Pid::from_raw(process).unwrap(), signal).unwrap();
}

fn hung() {
    signal(rustix::process::Signal::STOP);
    let begin = Instant::now();
    assert!(matches!(read_fault(), StoreFault::Hung(_)));
    // Generous: what matters is that it ends at all.
    assert!(begin.elapsed() < DEADLINE * 10);
}

fn hung_later() {
    let keyring = keyring();
    keyring.put(&sales(), &value()).unwrap();
    signal(rustix::process::Signal::STOP);
    assert!(matches!(keyring.get(&sales()).unwrap_err().fault, StoreFault::Hung(_)));
    signal(rustix::process::Signal::CONT);
    assert!(keyring.get(&sales()).unwrap().is_some(), "it is found again when it answers again");
}

fn died() {
    let keyring = keyring();
    keyring.put(&sales(), &value()).unwrap();
    signal(rustix::process::Signal::KILL);
    let fault = keyring.get(&sales()).unwrap_err().fault;
    assert!(matches!(fault, StoreFault::Died(_)), "{fault:?}");
    let fault = keyring.get(&sales()).unwrap_err().fault;
    assert!(matches!(fault, StoreFault::Absent(_)), "{fault:?}");
}

#[test]
#[ignore = "runs inside the sessions that the other tests open"]
fn a_case_inside_a_session() {
    let name = super::variable(CASE).unwrap();
    let (_, case) = CASES.iter().find(|(case, _)| *case == name).unwrap();
    case();
}

/// Runs a case in a process of its own.
fn run(command: &mut Command, case: &str) {
    let output = command
        .args(["--exact", "contract::keyring::a_case_inside_a_session", "--ignored", "--nocapture"])
        .env(CASE, case)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "case {case}: {said}");
}

fn run_at(desk: &Desk, case: &str) {
    run(&mut desk.command(std::env::current_exe().unwrap()), case);
}

fn run_with_keyring(case: &str) {
    let Some(desk) = Desk::unlocked() else { return };
    let mut command = desk.command(std::env::current_exe().unwrap());
    run(command.env(DAEMON, desk.keyring_process().to_string()), case);
}

#[test]
fn a_keyring_behaves_as_a_store_and_keeps_a_vaults_key() {
    run_with_keyring("behaves");
}

#[test]
fn an_item_is_found_by_other_programs_under_the_connections_name() {
    let Some(desk) = Desk::unlocked() else { return };
    run_at(&desk, "writes");
    let found = desk.secret_tool(&["lookup", "service", "conn", "username", "freshsales-main"], b"");
    assert_eq!(String::from_utf8_lossy(&found.stdout), value().expose());
    let listed = desk.secret_tool(&["search", "--all", "service", "conn"], b"");
    let text = String::from_utf8_lossy(&listed.stdout) + String::from_utf8_lossy(&listed.stderr);
    assert!(text.contains("label = conn: freshsales-main"), "{text}");
    let attributes: Vec<_> = text.lines().filter(|line| line.starts_with("attribute.")).collect();
    assert_eq!(attributes.len(), 2, "{attributes:?}");
}

#[test]
fn no_bus_and_no_keyring_on_it_are_absent() {
    let Some(desk) = Desk::open() else { return };
    run_at(&desk, "absent");
    let mut command = desk.command(std::env::current_exe().unwrap());
    run(command.env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus"), "absent");
}

#[test]
fn a_locked_keyring_and_one_never_unlocked_are_told_apart() {
    let Some(mut desk) = Desk::open() else { return };
    desk.start_keyring(Start::Alone);
    run_at(&desk, "never unlocked");
    desk.stop_keyring();
    desk.start_keyring(Start::Unlocked);
    run_at(&desk, "writes");
    desk.stop_keyring();
    desk.start_keyring(Start::Alone);
    run_at(&desk, "locked");
}

#[test]
fn a_keyring_that_hangs_ends_at_the_deadline() {
    run_with_keyring("hung");
    run_with_keyring("hung later");
}

#[test]
fn a_keyring_killed_in_the_middle_is_said_to_have_died() {
    run_with_keyring("died");
}

#[test]
fn two_items_of_one_name_are_ambiguous_and_none_is_picked() {
    let Some(desk) = Desk::unlocked() else { return };
    for number in ["1", "2"] {
        let arguments = ["store", "--label=x", "service", "conn", "username", "freshsales-main", "n", number];
        assert!(desk.secret_tool(&arguments, b"{}").status.success());
    }
    run_at(&desk, "ambiguous");
}

#[test]
fn junk_of_another_program_is_corrupt() {
    let Some(desk) = Desk::unlocked() else { return };
    let arguments = ["store", "--label=x", "service", "conn", "username", "freshsales-main"];
    assert!(desk.secret_tool(&arguments, b"hunter2").status.success());
    run_at(&desk, "corrupt");
}
