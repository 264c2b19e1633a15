//! Swapping a credential: what goes, what stays, who wins, and what a swap that was done is called.

use std::path::Path;

use conn::sandbox::Credentials;

use crate::support::site::Site;

const ADD: &str =
    "add crm --connector sandbox --method key --store vault --set address={url} --secret api_key=file:old";

/// A site with `crm` in its vault and two further keys in files.
fn site() -> Site {
    let mut site = Site::with(Credentials::generate());
    let key = site.path("vault.key");
    private(&key, "a key of more than thirty-two bytes, for tests");
    site.set("CONN_VAULT_KEY_FILE", &key.display().to_string());
    private(&site.path("work/old"), &site.sandbox.credentials().key.clone());
    for name in ["new", "other"] {
        let key = Credentials::generate().key;
        site.sandbox.control().issue(&key);
        private(&site.path("work").join(name), &key);
        site.set(&name.to_uppercase(), &key);
    }
    site.must(ADD);
    site
}

fn private(path: &Path, text: &str) {
    std::fs::write(path, text).unwrap();
    crate::support::set_mode(path, 0o600);
}

/// Whether the last request carried the key of a file.
fn carried(site: &Site, name: &str) -> bool {
    let key = std::fs::read_to_string(site.path("work").join(name)).unwrap();
    site.sandbox.requests().last().unwrap().mentions(&key)
}

fn define(site: &Site, from: &str, to: &str) {
    let text = site.definitions();
    assert!(text.contains(from), "{text}");
    std::fs::write(site.definition_file(), text.replace(from, to)).unwrap();
}

#[test]
fn what_a_reference_replaces_leaves_the_store_and_a_rollback_brings_it_back_with_its_place() {
    let site = site();
    let swapped = site.must("reconnect crm --secret api_key=env:NEW --lang en");
    assert!(swapped.all().contains("--rollback"), "{}", swapped.all());
    assert!(carried(&site, "new") && site.definitions().contains("env:NEW"));
    // The stored value is not there any more, whoever points at it.
    define(&site, "env:NEW", "vault");
    let missing = site.run("test crm --lang en");
    assert!(missing.all().contains("CONN-SEC-MISSING"), "{}", missing.all());
    define(&site, "\"vault\"", "\"env:NEW\"");
    site.must("reconnect crm --rollback");
    assert!(site.definitions().contains("\"vault\""), "{}", site.definitions());
    site.must("test crm");
    assert!(carried(&site, "old"));
}

/// The terminal's output comes byte by byte.
#[cfg(unix)]
fn letters(text: &str) -> String {
    text.bytes().map(char::from).collect()
}

/// What a terminal shows of a reconnect at which this is typed.
#[cfg(unix)]
fn typed(site: &Site, line: &str, asked: &str, answer: &str) -> String {
    let mut command = site.command(line);
    command.stdin(std::process::Stdio::inherit()).env_remove("CONN_NO_INPUT");
    command.env("TERM", "xterm").env("COLUMNS", "250");
    let mut terminal = rexpect::session::spawn_command(command, Some(30_000)).unwrap();
    let before = terminal.exp_string(asked).unwrap();
    terminal.send(&format!("{answer}\r")).unwrap();
    terminal.flush().unwrap();
    before + &terminal.exp_eof().unwrap()
}

#[cfg(unix)]
#[test]
fn the_stored_key_typed_anew_is_tested_and_an_empty_answer_is_told_from_it() {
    for (language, none, next) in [
        ("en", "No value was given for crm", "To test the stored one: conn test crm"),
        ("ja", "crm の値が入力されていません", "保存済みの値を確認するには: conn test crm"),
    ] {
        let site = site();
        let key = site.sandbox.credentials().key.clone();
        site.sandbox.control().fail("revoked-key").unwrap();
        site.run("test crm");
        site.sandbox.control().heal();
        let line = format!("reconnect crm --lang {language}");
        let empty = typed(&site, &line, "API", "");
        assert!(empty.contains(&letters(none)) && empty.contains(&letters(next)), "{empty}");
        assert!(site.run("list --format json").stdout.contains("needs_reconnect"));
        let shown = typed(&site, &line, "API", &key);
        assert!(!shown.contains(&key), "{shown}");
        assert!(site.run("list --format json").stdout.contains("\"connected\""), "{shown}");
    }
}

#[cfg(unix)]
#[test]
fn why_a_connection_had_stopped_names_what_it_was() {
    let mut site = site();
    site.must("reconnect crm --secret api_key=env:NEW");
    let new = site.variables()["NEW"].clone();
    let stopped = |site: &Site, cases: [(&str, String); 2]| {
        for (language, words) in cases {
            let line = format!("reconnect crm --secret api_key=- --lang {language}");
            let shown = typed(site, &line, "API", "");
            assert!(shown.contains(&letters(&words)), "{words}: {shown}");
        }
    };
    site.set("NEW", "");
    site.run("test crm");
    stopped(
        &site,
        [
            ("en", "The environment variable NEW that holds a secret of crm is not set. (1118)".to_owned()),
            ("ja", "接続 crm の秘密情報を持つ環境変数 NEW が設定されていません。（1118）".to_owned()),
        ],
    );
    site.set("NEW", &new);
    let other = site.sandbox.url().replace("127.0.0.1", "localhost");
    define(&site, &site.sandbox.url(), &other);
    site.run("test crm");
    let host = other.trim_start_matches("http://");
    stopped(&site, [("en", host.to_owned()), ("ja", host.to_owned())]);
}

#[test]
fn a_key_file_that_is_not_there_is_named_and_doctor_looks_at_the_store_that_is_used() {
    let without_blanks = |text: &str| text.split_whitespace().collect::<String>();
    let mut site = site();
    let proven = site.must("doctor --lang en").stdout;
    assert!(proven.contains("The vault keeps secrets") && !proven.contains("keyring keeps"), "{proven}");
    let absent = site.path("nowhere/vault.key").display().to_string();
    site.set("CONN_VAULT_KEY_FILE", &absent);
    for (language, words) in [
        ("en", format!("there is no key file {absent}")),
        ("ja", format!("キーファイル {absent} がありません")),
    ] {
        for line in ["test crm", "doctor"] {
            let run = site.run(&format!("{line} --lang {language}"));
            assert!(
                run.exit == 5 && without_blanks(&run.all()).contains(&without_blanks(&words)),
                "{words}: {}",
                run.all()
            );
            assert!(line == "doctor" || run.all().contains("conn doctor --store vault"), "{}", run.all());
        }
    }
}

#[test]
fn a_rollback_goes_back_one_step_and_not_to_an_older_one() {
    let site = site();
    site.must("reconnect crm --secret api_key=env:NEW");
    site.must("reconnect crm --secret api_key=env:OTHER");
    let back = site.run("reconnect crm --rollback --lang en");
    assert_eq!(back.exit, 2, "{}", back.all());
    site.must("test crm");
    assert!(carried(&site, "other"));
}

#[test]
fn a_removal_reaches_every_store_that_the_connection_ever_used() {
    let site = site();
    site.must("reconnect crm --secret api_key=env:NEW");
    let definition = site.definitions();
    site.must("remove crm --yes");
    std::fs::write(site.definition_file(), definition.replace("env:NEW", "vault")).unwrap();
    let back = site.run("reconnect crm --rollback --lang en");
    assert_eq!(back.exit, 2, "nothing was left to go back to: {}", back.all());
}

#[test]
fn where_a_secret_comes_from_is_not_written_into_a_project_file() {
    let site = site();
    let file = site.path("work/connectors.toml");
    let address = site.sandbox.url();
    let text = format!(
        "[connections.team]\nconnector = \"sandbox\"\nmethod = \"key\"\nvars.address = \"{address}\"\n"
    );
    std::fs::write(&file, &text).unwrap();
    for source in ["env:NEW", "command:cat"] {
        let refused = site.run(&format!("reconnect team --secret api_key={source} --lang en"));
        assert_eq!(refused.exit, 5, "{}", refused.all());
        assert!(refused.all().contains("CONN-CFG-PROJECT-SECRET"), "{}", refused.all());
        assert!(refused.all().contains("conn add --connector sandbox"), "{}", refused.all());
        assert_eq!(std::fs::read_to_string(&file).unwrap(), text);
    }
}

#[test]
fn what_was_refused_is_offered_once_more_in_the_words_in_which_it_was_given() {
    const WRONG: &str = "sbx-nobody-000000000000000000000000";
    let mut site = site();
    site.set("WRONG", WRONG);
    private(&site.path("work/wrong"), WRONG);
    let both = "--secret api_key=env:WRONG --set address={url}";
    let file = "--secret api_key=file:wrong --set address={url} --other-account";
    let before = (site.definitions(), site.run("show crm --lang en").stdout);
    for (given, code, offered) in [
        (both, "CONN-AUTH-REJECTED", both),
        // A value that conn would keep.
        (file, "CONN-AUTH-REJECTED", file),
        ("--set address={url} --secret api_key=env:WRONG", "CONN-AUTH-REJECTED", both),
        // A step that names another source of the secret.
        (
            "--secret api_key=env:UNSET --set address={url}",
            "CONN-SEC-ENV-MISSING",
            "--secret api_key=- --set address={url}",
        ),
    ] {
        for language in ["en", "ja"] {
            let refused = site.run(&format!("reconnect crm {given} --lang {language}"));
            assert!(refused.stdout.contains(code), "{given}: {}", refused.all());
            let line = format!("conn reconnect crm {}", offered.replace("{url}", &site.sandbox.url()));
            assert!(refused.stdout.lines().any(|shown| shown.trim() == line), "{line}: {}", refused.all());
            assert!(!refused.all().contains(WRONG), "{}", refused.all());
        }
    }
    assert_eq!((site.definitions(), site.run("show crm --lang en").stdout), before);
}

/// What happens while a reconnect waits; it waits at a pipe.
#[cfg(unix)]
mod meanwhile {
    use std::fs::File;
    use std::io::Write as _;
    use std::path::PathBuf;
    use std::process::{Command, Stdio};

    use super::{Site, carried, site};

    /// A file that gives its content only when it is written to.
    fn pipe(site: &Site) -> PathBuf {
        let path = site.path("work/pipe");
        assert!(Command::new("mkfifo").args(["-m", "600"]).arg(&path).status().unwrap().success());
        path
    }

    /// Begins a reconnect, acts once it has looked at what is stored, then gives it the new key.
    fn meanwhile(site: &Site, act: impl FnOnce()) -> (i32, String) {
        let pipe = pipe(site);
        let mut command = site.command("reconnect crm --secret api_key=file:pipe --lang en");
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        // Opens when conn opens it to read.
        let mut writer = File::options().write(true).open(&pipe).unwrap();
        act();
        writer.write_all(&std::fs::read(site.path("work/new")).unwrap()).unwrap();
        drop(writer);
        let output = child.wait_with_output().unwrap();
        let said = [output.stdout, output.stderr].concat();
        (output.status.code().unwrap(), String::from_utf8(said).unwrap())
    }

    #[test]
    fn of_two_reconnects_at_once_the_second_says_so_and_swaps_nothing() {
        let site = site();
        let (exit, said) = meanwhile(&site, || {
            site.must("reconnect crm --secret api_key=file:other");
        });
        assert!(exit == 3 && said.contains("somebody else just replaced"), "{exit} {said}");
        site.must("test crm");
        assert!(carried(&site, "other"));
    }

    #[test]
    fn a_swap_that_was_done_is_a_success_whatever_comes_after() {
        let site = site();
        let (exit, said) = meanwhile(&site, || {
            let database = rusqlite::Connection::open(found(&site, "state.db")).unwrap();
            database.execute_batch("DROP TABLE history").unwrap();
        });
        assert!(exit == 0 && said.contains("uses the new credential"), "{exit} {said}");
        assert!(said.contains("CONN-SELF-STATE"), "{said}");
        assert!(carried(&site, "new"));
    }

    fn found(site: &Site, name: &str) -> PathBuf {
        let files = crate::support::site::files(&site.path("home"));
        files.into_iter().find(|path| path.ends_with(name)).unwrap()
    }
}
