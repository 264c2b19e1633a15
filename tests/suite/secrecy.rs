//! No secret leaves: markers are planted in every place where conn holds one, every verb is run in every
//! form and both languages at the highest verbosity, and all that conn says or writes is searched.

use std::io::Write as _;
use std::process::Stdio;

use base64::Engine as _;
use conn::sandbox::{Credentials, modes};

use crate::support::needles::needles;
use crate::support::site::{Outcome, Site, files};

const FORMS: [&str; 6] = ["human", "plain", "json", "jsonl", "junit", "github"];
const LANGUAGES: [&str; 2] = ["en", "ja"];

/// A planted secret: letters of its own between characters that encodings change.
struct Marker {
    core: String,
    value: String,
}

impl Marker {
    fn new(kind: &str) -> Self {
        // Unlike the prefix, which says what the value is, these letters occur nowhere else.
        let core = Credentials::generate().key.rsplit('-').next().unwrap().to_owned();
        Self { value: format!("{kind}/+&%\"{core}"), core }
    }

    /// What must not be found.
    fn needles(&self) -> Vec<String> {
        needles(&self.core)
    }
}

/// A site in which every secret is a marker.
struct Planted {
    site: Site,
    needles: Vec<(String, String)>,
}

impl Planted {
    fn new() -> Self {
        let kinds = ["good", "limited", "revoked", "expired", "password", "wrong", "new", "passphrase"];
        let markers = kinds.map(Marker::new);
        let value = |index: usize| markers[index].value.clone();
        let mut site = Site::with(Credentials {
            key: value(0),
            limited_key: value(1),
            revoked_key: value(2),
            expired_key: value(3),
            password: value(4),
            ..Credentials::generate()
        });
        for (name, index) in [("LIMITED", 1), ("REVOKED", 2), ("EXPIRED", 3), ("WRONG", 5), ("NEW", 6)] {
            site.set(name, &value(index));
        }
        site.set("CONN_VAULT_PASSPHRASE", &value(7));
        site.sandbox.control().issue(&value(6));
        let needles = markers.iter().zip(kinds).flat_map(|(marker, kind)| {
            marker.needles().into_iter().map(move |needle| (kind.to_owned(), needle))
        });
        let needles = needles.collect();
        Self { site, needles }
    }

    /// Runs conn as loudly as it can and searches what it says.
    fn run(&self, line: &str) -> Outcome {
        let outcome = self.site.run(&format!("{line} -vvv --log-file conn.log"));
        self.search(&format!("the output of conn {line}"), outcome.all().as_bytes());
        assert!(
            [0, 1, 2, 3, 4, 5, 6, 7].contains(&outcome.exit),
            "conn {line} ended with {}\n{}",
            outcome.exit,
            outcome.all()
        );
        outcome
    }

    fn everywhere(&self, line: &str) {
        for form in FORMS {
            for language in LANGUAGES {
                self.run(&format!("{line} --format {form} --lang {language}"));
            }
        }
    }

    fn search(&self, place: &str, bytes: &[u8]) {
        let text = String::from_utf8_lossy(bytes);
        for (kind, needle) in &self.needles {
            if let Some(at) = text.find(needle.as_str()) {
                let from = text[..at].char_indices().rev().nth(60).map_or(0, |(index, _)| index);
                panic!("{place} holds the {kind} secret as {needle}: …{}", &text[from..at + needle.len()]);
            }
        }
    }

    /// Searches every file that conn wrote, the log included.
    fn search_files(&self) {
        let found = files(self.site.root());
        assert!(found.iter().any(|path| path.ends_with("conn.log")), "the log was written");
        for path in found {
            self.search(&path.display().to_string(), &std::fs::read(&path).unwrap());
        }
    }

    /// One connection of each kind, its secret in a variable.
    fn add_all(&self) {
        self.site.add_crm();
        for (method, secret) in [
            ("query", "api_key"),
            ("form", "api_key"),
            ("bearer", "token"),
            ("basic", "password"),
            ("digest", "password"),
        ] {
            let (source, user) = match secret {
                "password" => ("env:PASSWORD", " --set user=hanako@example.test"),
                _ => ("env:KEY", ""),
            };
            self.site.must(&format!(
                "add {method} --connector sandbox --method {method} --set address={{url}} --secret {secret}={source}{user}"
            ));
        }
    }

    /// A connection whose secret is given on standard input and kept in the vault.
    fn add_stored(&self, name: &str, variable: &str) -> Outcome {
        self.piped(
            &format!("add {name} --connector sandbox --method key --store vault --set address={{url}} --secret api_key=-"),
            variable,
        )
    }

    fn piped(&self, line: &str, variable: &str) -> Outcome {
        let mut command = self.site.command(&format!("{line} -vvv --log-file conn.log"));
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let value = &self.site.variables()[variable];
        child.stdin.take().unwrap().write_all(format!("{value}\n").as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        let outcome = Outcome {
            exit: output.status.code().unwrap_or(-1),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        };
        self.search(&format!("the output of conn {line}"), outcome.all().as_bytes());
        outcome
    }
}

#[test]
fn the_search_finds_a_marker_in_every_encoding() {
    let planted = Planted::new();
    let key = planted.site.sandbox.credentials().key.clone();
    let percent: String = conn::base::redact::encodings(&key).join("\n");
    for form in percent.lines().filter(|form| form.len() > 12) {
        let found =
            planted.needles.iter().any(|(_, needle)| form.to_lowercase().contains(&needle.to_lowercase()));
        assert!(found, "{form}");
    }
    for user in ["", "a", "ab"] {
        let basic = base64::engine::general_purpose::STANDARD.encode(format!("{user}:{key}"));
        assert!(planted.needles.iter().any(|(_, needle)| basic.contains(needle.as_str())), "user {user:?}");
    }
}

#[test]
fn every_verb_in_every_form_and_both_languages_keeps_the_secret() {
    let planted = Planted::new();
    planted.add_all();
    for line in [
        "test --all",
        "test crm",
        "diagnose basic --why --save facts.json",
        "diagnose --from facts.json --why",
        "diagnose crm --offline",
        "connect crm",
        "show crm",
        "list",
        "history crm",
        "request basic GET /api/contacts --include",
        "lint",
        "explain AUTH-REJECTED",
        "connectors show sandbox",
        "generate schema",
        "reconnect crm --secret api_key=env:WRONG",
        "reconnect crm --secret api_key=env:NEW",
        "disable digest",
        "request digest /api/me",
        "enable digest",
        "add crm --connector sandbox --method key --set address={url} --secret api_key=env:KEY",
        "add wrong --connector sandbox --method key --set address={url} --secret api_key=env:WRONG",
    ] {
        planted.everywhere(line);
    }
    planted.search_files();
    let key = planted.site.sandbox.credentials().key.clone();
    assert!(planted.site.sandbox.requests().iter().any(|request| request.mentions(&key)), "it did travel");
}

#[test]
fn a_secret_in_the_vault_is_kept_from_its_first_day_to_its_removal() {
    let planted = Planted::new();
    let added = planted.add_stored("kept", "NEW");
    assert_eq!(added.exit, 0, "{}", added.all());
    planted.search_files();
    for line in
        ["test kept", "show kept --format json", "diagnose kept --why", "request kept /api/me --include"]
    {
        planted.run(line);
    }
    let refused = planted.piped("reconnect kept --secret api_key=-", "WRONG");
    assert_eq!(refused.exit, 4, "{}", refused.all());
    let proven = planted.piped("reconnect kept --secret api_key=-", "KEY");
    assert_eq!(proven.exit, 0, "{}", proven.all());
    planted.search_files();
    let back = planted.run("reconnect kept --rollback --format json");
    assert_eq!(back.exit, 0, "{}", back.all());
    let twice = planted.run("reconnect kept --secret api_key=env:NEW --format jsonl");
    assert_eq!(twice.exit, 0, "{}", twice.all());
    planted.run("test kept --format junit");
    planted.run("rename kept still-kept");
    planted.run("test still-kept");
    planted.run("remove still-kept --yes");
    planted.search_files();
}

#[test]
fn every_fault_of_a_service_even_one_that_repeats_the_credential_keeps_the_secret() {
    let planted = Planted::new();
    planted.add_all();
    let control = planted.site.sandbox.control();
    for (index, mode) in modes().enumerate() {
        control.fail(mode.name).unwrap();
        let form = FORMS[index % FORMS.len()];
        let language = LANGUAGES[index / FORMS.len() % 2];
        let rest = format!("--timeout 1 --format {form} --lang {language}");
        planted.run(&format!("test --all {rest}"));
        planted.run(&format!("diagnose query --why --save facts.json {rest}"));
    }
    planted.search_files();
}

#[test]
fn a_service_that_repeats_the_credential_is_masked_for_every_kind_verb_and_form() {
    let planted = Planted::new();
    planted.add_all();
    planted.site.sandbox.control().fail("echo").unwrap();
    for name in ["crm", "query", "form", "bearer", "basic", "digest"] {
        planted.everywhere(&format!("test {name}"));
        planted.run(&format!("diagnose {name} --why --save {name}.json"));
        planted.run(&format!("diagnose --from {name}.json --why --format json"));
        planted.run(&format!("request {name} /api/me --include"));
        planted.run(&format!("connect {name}"));
        planted.run(&format!("history {name} --format json"));
        planted.run(&format!("show {name} --format json"));
    }
    for line in
        ["list --format json", "reconnect crm --secret api_key=env:WRONG", "test --all --format junit"]
    {
        planted.run(line);
    }
    let added = planted.add_stored("second", "WRONG");
    assert_eq!(added.exit, 4, "{}", added.all());
    planted.search_files();
}

#[test]
fn a_refused_credential_of_every_sort_is_not_shown() {
    let planted = Planted::new();
    for (name, variable) in
        [("limited", "LIMITED"), ("revoked", "REVOKED"), ("expired", "EXPIRED"), ("unknown", "WRONG")]
    {
        for form in FORMS {
            planted.run(&format!(
                "add {name}-{form} --connector sandbox --method key --set address={{url}} --secret api_key=env:{variable} --no-test --format {form}"
            ));
            planted.run(&format!("test {name}-{form} --format {form} --lang ja"));
            planted.run(&format!("diagnose {name}-{form} --why --format {form}"));
        }
    }
    planted.search_files();
}

#[test]
fn a_secret_given_as_a_plain_value_is_refused_and_not_repeated() {
    let planted = Planted::new();
    planted.site.add_crm();
    let plain = planted.site.variables()["WRONG"].clone();
    for form in FORMS {
        for language in LANGUAGES {
            for line in [
                "add plain --connector sandbox --method key --set address={url} --secret api_key=",
                "add plain --connector sandbox --method key --set address={url} --secret ",
                "add plain --connector sandbox --method key --set address={url} --set api_key=",
                "reconnect crm --secret api_key=",
                "reconnect crm --set api_key=",
                "reconnect crm --secret ",
            ] {
                let outcome = planted.run(&format!("{line}{plain} --format {form} --lang {language}"));
                assert!(outcome.exit == 2 || outcome.exit == 5, "{line} ended with {}", outcome.exit);
            }
        }
    }
    assert!(!planted.site.definitions().contains("plain"), "nothing was saved");
    planted.search_files();
}

#[test]
fn a_definition_file_with_a_secret_in_a_wrong_place_is_reported_without_it() {
    let planted = Planted::new();
    planted.site.add_crm();
    let file = planted.site.definition_file();
    let good = planted.site.definitions();
    let secret = planted.site.variables()["KEY"].replace('"', "");
    for wrong in [
        format!("secrets.api_key = \"{secret}\""),
        format!("secrets = \"{secret}\""),
        format!("vars.api_key = \"{secret}\""),
        format!("api_key = \"{secret}\""),
        format!("secrets.api_key = {secret}"),
        format!("secrets.api_key = \"{secret}"),
        format!("secrets.{secret} = \"env:KEY\""),
        format!("secrets.api_key = [\"{secret}\"]"),
        format!("secrets.api_key = {{ value = \"{secret}\" }}"),
        format!("method = \"{secret}\""),
        format!("tags = \"{secret}\""),
        secret.clone(),
        format!("[connections.\"{secret}\"]"),
    ] {
        let place =
            if wrong.starts_with("method") { good.replace("method = \"key\"\n", "") } else { good.clone() };
        std::fs::write(&file, format!("{place}\n{wrong}\n")).unwrap();
        for line in [
            "lint",
            "test crm",
            "show crm",
            "list",
            "diagnose crm --why",
            "request crm /api/me",
            "test --all",
        ] {
            for form in ["human", "json", "github"] {
                let outcome = planted.site.run(&format!("{line} -vvv --log-file conn.log --format {form}"));
                planted.search(&format!("conn {line} with {wrong} in the file"), outcome.all().as_bytes());
            }
        }
    }
    std::fs::write(&file, good).unwrap();
    planted.search_files();
}

#[cfg(target_os = "linux")]
#[test]
fn the_command_line_of_a_running_conn_holds_no_secret() {
    let planted = Planted::new();
    planted.add_all();
    planted.site.sandbox.control().fail("silent").unwrap();
    let before = planted.site.sandbox.requests().len();
    let mut command = planted.site.command("test crm --timeout 20");
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    while planted.site.sandbox.requests().len() == before {
        assert!(child.try_wait().unwrap().is_none(), "conn waits for an answer");
        std::thread::yield_now();
    }
    let line = std::fs::read(format!("/proc/{}/cmdline", child.id())).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(String::from_utf8_lossy(&line).contains("crm"));
    planted.search("the command line", &line);
}
