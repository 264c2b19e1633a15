//! `conn diagnose --fix`: a plan, a trial beside what is stored, and a change only where it helps.

use conn::adapter::secrets::vault::{Cost, Vault, VaultKey};
use conn::base::Secret;
use conn::model::Credential;
use conn::port::{ItemKey, SecretStore as _};

use crate::support::certificate::Authority;
use crate::support::cli::{Home, Run};
use crate::support::scripted::{Script, Scripted, answer};

const KEY: &str = "good-key-0123456789";

const CONNECTOR: &str = r#"# Everything of ours.
[connectors.acme]
name = { en = "Acme", ja = "アクメ" }
base = "{address}"
vars.address = { label = { en = "Address", ja = "アドレス" } }
headers.Accept = "text/xml"  # an old habit
test = { request = "GET /me", ok = { json = { "/id" = "exists" } } }
[connectors.acme.auth.key]
kind = "api_key"
header.x-api-key = "{api_key}"
params.api_key = { label = { en = "API key", ja = "APIキー" } }
"#;

fn connection(address: &str, source: &str) -> String {
    format!(
        "{CONNECTOR}\n# The main one; ask Aiko.\n[connections.crm]\nconnector = \"acme\"   # the CRM\n\
         vars.address = \"{address}\" # typed by hand\nsecrets.api_key = \"{source}\"\n"
    )
}

fn home(address: &str) -> Home {
    Home::with(&connection(address, "env:KEY")).knowing("KEY", KEY)
}

fn serving(answer: Vec<u8>) -> Scripted {
    Scripted::start(Script::says(answer))
}

fn healthy() -> Scripted {
    serving(answer("200 OK", "Content-Type: application/json\r\n", br#"{"id":1}"#))
}

fn text(home: &Home) -> String {
    std::fs::read_to_string(home.definitions()).unwrap()
}

fn fix(home: &Home, further: &[&str]) -> Run {
    home.run(&[&["diagnose", "crm", "--fix", "--format", "json"], further].concat())
}

#[test]
fn o02_a_host_that_was_pasted_with_a_path_is_set_right_and_every_comment_stays() {
    let server = healthy();
    let typed = format!("{}/crm/ ", server.address);
    let home = home(&typed);
    let before = text(&home);
    let found = home.test("crm", &[]);
    assert_eq!(found.outcome(), "local_setup CONN-CFG-HOST-FORM 5");
    assert_eq!(found.connection()["findings"][0]["repair"]["applicability"], "safe");
    let run = fix(&home, &[]);
    assert_eq!(run.outcome(), "ok - 0");
    assert_eq!(run.endings(), ["CONN-CFG-HOST-FORM kept"]);
    assert_eq!(text(&home), before.replace(&typed, &format!("http://{}", server.address)));
    let history = home.run(&["history", "crm", "--format", "json"]).json();
    let rows = history["results"].as_array().unwrap();
    assert!(rows.iter().any(|row| row["verb"] == "fix" && row["verdict"] == "repaired"), "{history}");
    assert_eq!(fix(&home, &[]).endings(), [""; 0], "what is in order is left alone");
}

#[test]
fn a_screen_shows_the_plan_before_and_the_result_after_in_both_languages() {
    let server = healthy();
    for (language, plan, done) in
        [("en", "Repair: write", "repaired and tested again"), ("ja", "修復: ", "を修復し、再テストしました")]
    {
        let home = home(&format!("{}/crm/ ", server.address));
        let run = home.run(&["diagnose", "crm", "--fix", "--lang", language]);
        assert_eq!(run.code, 0, "{run:#?}");
        assert!(run.err.contains(plan) && run.out.contains(done), "{run:#?}");
        assert!(run.out.contains("conn diagnose crm --fix"), "{run:#?}");
    }
}

#[test]
fn o31_a_header_is_changed_only_after_consent_and_only_where_that_helps() {
    let xml = serving(answer("200 OK", "Content-Type: application/xml\r\n", b"<me/>"));
    let home = home(&format!("http://{}", xml.address));
    let before = text(&home);
    let unanswered = fix(&home, &[]);
    assert_eq!(unanswered.outcome(), "mismatch CONN-BODY-TYPE 1");
    assert_eq!(unanswered.endings(), ["CONN-BODY-TYPE unanswered"]);
    assert!(!xml.heard().iter().any(|head| head.contains("application/json")), "nothing was tried");
    let refused = fix(&home, &["--yes"]);
    assert_eq!(refused.endings(), ["CONN-BODY-TYPE no_better"]);
    assert!(xml.heard().last().unwrap().contains("application/json"), "it was tried");
    assert_eq!(text(&home), before, "what does not help is not written");
    let rows = home.run(&["history", "crm", "--format", "json"]).json();
    assert!(rows["results"].as_array().unwrap().iter().any(|row| row["verdict"] == "not_repaired"));
}

/// Puts a value into the vault as it stands, as another program or an older conn could have.
fn plant(home: &Home, value: &str, host: &str) {
    let path = home.definitions().parent().unwrap().parent().unwrap().join("state/vault.json");
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    let credential = Credential {
        values: [("api_key".to_owned(), Secret::new(value.to_owned()))].into_iter().collect(),
        hosts: vec![host.to_owned()],
        generation: 1,
        stored: conn::base::Timestamp::UNIX_EPOCH,
        grant: None,
    };
    vault(&path).put(&ItemKey::current("crm", "production"), &credential.to_item()).unwrap();
}

fn vault(path: &std::path::Path) -> Vault {
    let give = Box::new(|_| Some(Secret::new("a passphrase of the test".to_owned())));
    Vault::new(path, vec![VaultKey::Passphrase(give, Cost { memory_kib: 64, passes: 1 })])
}

#[test]
fn o05_a_stored_value_is_trimmed_and_full_width_letters_are_asked_about() {
    let server = healthy();
    let address = server.address.to_string();
    let wide: String = KEY.chars().map(|c| if c == 'g' { 'ｇ' } else { c }).collect();
    for (stored, consent, expected) in [
        (format!("{KEY}\n"), &[][..], "CONN-SEC-WHITESPACE kept"),
        (wide.clone(), &[], "CONN-SEC-WHITESPACE unanswered"),
        (wide, &["--yes"], "CONN-SEC-WHITESPACE kept"),
    ] {
        let home = Home::with(&connection(&format!("http://{address}"), "vault"))
            .knowing("CONN_VAULT_PASSPHRASE", "a passphrase of the test");
        plant(&home, &stored, &address);
        let count = server.heard().len();
        let run = fix(&home, consent);
        assert_eq!(run.endings(), [expected], "{run:#?}");
        let kept = expected.ends_with("kept");
        assert_eq!(server.heard().len() > count, kept, "a value in doubt is not sent");
        assert_eq!(run.code, if kept { 0 } else { 5 });
        assert!(!run.out.contains(KEY) && !run.err.contains(KEY));
        if kept {
            assert!(server.heard().last().unwrap().contains(&format!("x-api-key: {KEY}\r\n")));
            assert_eq!(home.test("crm", &[]).outcome(), "ok - 0");
            assert_eq!(home.run(&["reconnect", "crm", "--rollback"]).code, 5, "the value before is kept");
        }
    }
}

#[test]
fn a_move_for_good_is_followed_only_with_consent_and_the_new_host_is_remembered() {
    let root = Authority::root("conn tests", "Test Root");
    let secure = Scripted::start(
        Script::says(answer("200 OK", "Content-Type: application/json\r\n", br#"{"id":1}"#))
            .over(root.good().server()),
    );
    let location = format!("https://localhost:{}/me", secure.address.port());
    let old = serving(answer("301 Moved Permanently", &format!("Location: {location}\r\n"), b""));
    let home = Home::with(&connection(&format!("http://{}", old.address), "vault"))
        .knowing("CONN_VAULT_PASSPHRASE", "a passphrase of the test")
        .knowing("SSL_CERT_FILE", root.file().to_str().unwrap());
    plant(&home, KEY, &old.address.to_string());
    assert_eq!(fix(&home, &[]).endings(), ["CONN-HTTP-REDIRECT-HOST unanswered"]);
    assert!(secure.heard().is_empty(), "no credential travels before somebody agreed");
    let run = fix(&home, &["--yes"]);
    assert_eq!(run.endings(), ["CONN-HTTP-REDIRECT-HOST kept"], "{run:#?}");
    assert!(text(&home).contains(&format!(
        "vars.address = \"https://localhost:{}\" # typed by hand",
        secure.address.port()
    )));
    assert_eq!(home.test("crm", &[]).outcome(), "ok - 0");
}

#[test]
fn o25_an_authority_is_trusted_by_its_fingerprint_alone_and_for_one_connection_alone() {
    let corporate = Authority::root("Fortinet", "FG100FTK20001234");
    let identity = corporate.intermediate("FG100F Issuing").good();
    let server = Scripted::start(
        Script::says(answer("200 OK", "Content-Type: application/json\r\n", br#"{"id":1}"#))
            .over(identity.server()),
    );
    let other = Authority::root("conn tests", "Other Root");
    let home = Home::with(&connection(&format!("https://{}", server.address), "env:KEY"))
        .knowing("KEY", KEY)
        .knowing("SSL_CERT_FILE", other.file().to_str().unwrap());
    let before = text(&home);
    for consent in [&["--yes"][..], &["--trust", "00112233"]] {
        let run = fix(&home, consent);
        assert_eq!(run.endings(), ["CONN-TLS-INTERCEPTED unanswered"], "{run:#?}");
        assert_eq!(text(&home), before);
    }
    assert!(server.heard().is_empty(), "nothing is sent to a server that is not verified");
    let found = home.run(&["diagnose", "crm", "--format", "json"]).connection();
    let print = found["findings"][0]["repair"]["action"]["trust"]["sha256"].as_str().unwrap().to_owned();
    let run = fix(&home, &["--trust", &print]);
    assert_eq!(run.outcome(), "ok - 0");
    assert_eq!(run.endings(), ["CONN-TLS-INTERCEPTED kept"]);
    let name = format!("conn-crm-{}.pem", &print[..8]);
    assert_eq!(text(&home), format!("{before}ca_file = \"{name}\"\n"));
    assert_eq!(home.test("crm", &[]).outcome(), "ok - 0");
    let trusted = std::fs::read_to_string(home.definitions().with_file_name(name)).unwrap();
    assert_eq!(trusted.matches("BEGIN CERTIFICATE").count(), 1, "{trusted}");
}

#[test]
fn the_command_that_repairs_means_the_environment_that_was_looked_at() {
    let server = healthy();
    let definitions = connection(&format!("{}/crm/ ", server.address), "env:KEY");
    let sandbox = "[connectors.acme.environments.sandbox]\nbase = \"{address}\"\n";
    let home = Home::with(&format!("{definitions}{sandbox}")).knowing("KEY", KEY);
    for (options, command) in [
        (&[][..], "conn diagnose crm --fix\n"),
        (&["--environment", "sandbox"], "conn diagnose crm --fix --environment sandbox\n"),
    ] {
        let run = home.run(&[&["diagnose", "crm"], options].concat());
        assert!(run.code == 5 && run.out.contains(command), "{run:#?}");
    }
    let run = fix(&home, &["--environment", "sandbox"]);
    assert_eq!(
        (run.outcome().as_str(), run.endings()),
        ("ok - 0", vec!["CONN-CFG-HOST-FORM kept".to_owned()])
    );
}
