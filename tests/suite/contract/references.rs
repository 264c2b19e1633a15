//! `env:` and `command:` sources: what they give, and every way in which they give nothing.

use std::time::{Duration, Instant};

use conn::adapter::command;
use conn::adapter::secrets::reference::References;
use conn::base::Variables;
use conn::model::connection::SecretSource;
use conn::port::{ReferenceError, SecretReferences};

fn read(source: &str) -> Result<String, ReferenceError> {
    let variables: Variables = [("ACME_KEY", "from the variable"), ("EMPTY", "")]
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let source: SecretSource = source.parse().unwrap();
    References::new(variables).read(&source).map(|secret| secret.expose().to_owned())
}

#[test]
fn a_reference_gives_the_value_and_takes_one_line_end_away() {
    let cases = [
        ("env:ACME_KEY", "from the variable"),
        ("command:printf value", "value"),
        ("command:printf 'value\\n'", "value"),
        ("command:printf 'value\\r\\n'", "value"),
        ("command:printf ' two\\nlines \\n\\n'", " two\nlines \n"),
        ("command:printf %s '日本語 鍵'", "日本語 鍵"),
    ];
    for (source, expected) in cases {
        assert_eq!(read(source).as_deref(), Ok(expected), "{source}");
    }
}

#[test]
fn a_reference_that_gives_nothing_says_why_and_shows_neither_arguments_nor_output() {
    let sh = "sh".to_owned();
    let cases = [
        ("env:EMPTY", ReferenceError::Unset("EMPTY".into()), "CONN-SEC-ENV-MISSING"),
        ("env:NOT_THERE", ReferenceError::Unset("NOT_THERE".into()), "CONN-SEC-ENV-MISSING"),
        ("keyring", ReferenceError::NotAReference("keyring".into()), "CONN-SEC-MISSING"),
        (
            "command:sh -c 'echo hunter2; echo hunter2 >&2; exit 3'",
            ReferenceError::Status { program: sh.clone(), status: "exit status: 3".into() },
            "CONN-SEC-COMMAND-FAILED",
        ),
        ("command:true hunter2", ReferenceError::Empty { program: "true".into() }, "CONN-SEC-COMMAND-FAILED"),
        (
            "command:sh -c 'head -c 65537 /dev/zero'",
            ReferenceError::TooLong { program: sh.clone(), limit: 65536 },
            "CONN-SEC-COMMAND-FAILED",
        ),
        (
            "command:printf '\\377'",
            ReferenceError::NotText { program: "printf".into() },
            "CONN-SEC-COMMAND-FAILED",
        ),
    ];
    for (source, expected, cause) in cases {
        let error = read(source).unwrap_err();
        assert_eq!(error, expected, "{source}");
        assert_eq!(error.cause(), cause, "{source}");
        assert!(!format!("{error} {error:?}").contains("hunter2"));
    }
    assert!(matches!(read("command:conn-no-such-program x"), Err(ReferenceError::Start { .. })));
}

#[test]
fn a_program_without_end_is_killed_with_all_it_started() {
    let folder = tempfile::tempdir().unwrap();
    let marker = folder.path().join("processes");
    let line = format!("sh -c 'sleep 1000 & echo $$ $! > {}; wait'", marker.display());
    let begun = command::read(&line, Duration::from_secs(2)).unwrap_err();
    assert_eq!(begun, ReferenceError::Hung { program: "sh".into(), seconds: 2 });
    let processes = std::fs::read_to_string(marker).unwrap();
    // On a busy machine a signal needs a moment to arrive.
    let start = Instant::now();
    while let Some(alive) = processes.split_whitespace().find(|process| is_alive(process)) {
        assert!(start.elapsed() < Duration::from_secs(30), "{alive} lives on");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// A killed process may linger as a zombie until its new parent collects it.
fn is_alive(process: &str) -> bool {
    let status = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    !(status.is_empty() || status.contains(") Z") || status.contains(") X"))
}
