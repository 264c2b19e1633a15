//! What people copy must work: every `connectors.toml` that the project shows.

use std::path::{Path, PathBuf};
use std::time::Duration;

use conn::catalog;
use conn::config::{BuiltIn, Definitions, Layer, LayerKind};
use conn::diagnosis::fixture::mismatches;
use conn::sandbox::{Credentials, Options, Running, Sandbox};

use crate::support::home::Home;

fn shown() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let examples = std::fs::read_dir(root.join("examples")).unwrap();
    let mut files: Vec<PathBuf> = examples
        .map(|entry| entry.unwrap().path().join("connectors.toml"))
        .filter(|file| file.is_file())
        .collect();
    files.push(root.join("connectors.toml"));
    files
}

fn sandbox() -> Running {
    Sandbox::start(Options { credentials: Credentials::demo(), pace: Duration::ZERO, ..Options::default() })
        .unwrap()
}

/// An example's definitions in the home, with the address of this test's own sandbox.
fn copy(example: &str, sandbox: &Running, home: &Home) -> PathBuf {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let text = std::fs::read_to_string(examples.join(example).join("connectors.toml")).unwrap();
    let usual = format!("http://127.0.0.1:{}", conn::sandbox::DEMO_PORT);
    assert!(text.contains(&usual), "{example} names the address of conn demo --serve");
    let file = home.folder().join(format!("{example}.toml"));
    std::fs::write(&file, text.replace(&usual, &sandbox.url())).unwrap();
    file
}

#[test]
fn every_file_that_people_copy_passes_lint() {
    let files = shown();
    assert!(files.len() >= 3, "{files:?}");
    let home = Home::new();
    for file in files {
        let outcome = home.run_words(["conn".into(), "lint".into(), file.into_os_string()]);
        assert_eq!(outcome.exit, 0, "{}", outcome.output);
    }
}

#[test]
fn every_sample_answer_in_them_is_judged_as_it_says() {
    for path in shown() {
        let text = std::fs::read_to_string(&path).unwrap();
        let layer = Layer { kind: LayerKind::User, path: path.clone(), text };
        let built_in = BuiltIn { find: catalog::text, ids: catalog::ids };
        let definitions = Definitions::new(vec![layer]).with_built_in(built_in);
        for link_name in definitions.link_names().unwrap() {
            let connection = definitions.connection(&link_name).unwrap().unwrap();
            let id = connection.value.connector;
            let connector = definitions.connector(&id).unwrap().unwrap().value;
            assert_eq!(mismatches(&id, &connector), [], "{}", path.display());
        }
    }
}

#[test]
fn the_admins_own_service_is_tested_and_its_revoked_key_is_named() {
    let (sandbox, mut home) = (sandbox(), Home::new());
    copy("admin", &sandbox, &home);
    let test = "conn test warehouse-tokyo --config admin.toml";
    for (key, exit, code) in [
        ("demo-good-key-0000", 0, "hanako@example.test"),
        ("demo-revoked-key-0000", 4, "CONN-AUTH-KEY-ROTATED"),
        ("", 5, "WAREHOUSE_KEY"),
    ] {
        home.set("WAREHOUSE_KEY", key);
        let outcome = home.run(test);
        assert_eq!(outcome.exit, exit, "{key}: {}{}", outcome.output, outcome.error);
        assert!((outcome.output + &outcome.error).contains(code), "{key} → {code}");
    }
}

#[cfg(unix)]
#[test]
fn the_pipelines_script_passes_on_the_exit_code_and_says_who_has_to_act() {
    let (sandbox, home) = (sandbox(), Home::new());
    let file = copy("ci", &sandbox, &home);
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/ci/check-connections.sh");
    let report = home.folder().join("report.xml");
    for (key, temporary, exit, said) in [
        ("demo-good-key-0000", "", 0, "All connections are healthy"),
        ("demo-revoked-key-0000", "", 4, "A credential was refused"),
        ("demo-throttled-key-0000", "", 3, "Temporary"),
        ("demo-throttled-key-0000", "1", 0, "Temporary"),
        ("", "", 5, "set-up is incomplete"),
    ] {
        let output = std::process::Command::new("sh")
            .args([&script, &file, &report])
            .current_dir(home.folder())
            .env("CONN", env!("CARGO_BIN_EXE_conn"))
            .env("CRM_KEY", key)
            .env("BILLING_TOKEN", "demo-good-key-0000")
            .env("ARCHIVE_PASSWORD", "demo-password-0000")
            .env("ALLOW_TEMPORARY", temporary)
            .env_remove("TAG")
            .output()
            .unwrap();
        let talk = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(exit), "{key}: {talk}");
        assert!(talk.contains(said), "{key}: {talk}");
        let junit = std::fs::read_to_string(&report).unwrap();
        assert!(junit.contains("<testsuites") && junit.contains("name=\"billing\""), "{junit}");
    }
}
