//! What is wrong on this machine: definitions, and the store of the secrets. Nothing may be sent.

use crate::support::cli::{Home, Run};

const KEY: &str = "acmeKq7Zr2Wv9Xt4Lm1";

const ACME: &str = r#"
[connectors.acme]
base = "{address}"
vars.address.label = "Address"
lockout = false
max_connections = 1
auth.key = { kind = "api_key", header.X-Acme-Key = "{key}", params.key.label = "API key" }
test.request = "GET /me"
"#;

fn connection(name: &str, address: &str, source: &str) -> String {
    format!(
        "[connections.{name}]\nconnector = \"acme\"\nvars.address = \"{address}\"\nsecrets.key = \"{source}\"\n"
    )
}

fn home(connections: &str) -> Home {
    Home::with(&format!("{ACME}{connections}")).knowing("ACME_KEY", KEY)
}

/// Diagnoses in both languages: the root, the exit, steps, nothing sent, and no secret.
fn expect(home: &Home, name: &str, root: &str) -> Run {
    let runs = ["en", "ja"].map(|language| {
        let run = home.run(&["diagnose", name, "--format", "json", "--lang", language]);
        assert_eq!(run.code, 5, "{run:#?}");
        let connection = run.connection();
        assert_eq!(connection["findings"][0]["code"], format!("CONN-{root}"), "{run:#?}");
        assert_eq!(connection["requests_used"], 0, "{run:#?}");
        run.has_steps();
        assert!(!run.out.contains(KEY) && !run.err.contains(KEY));
        run
    });
    let [first, _] = runs;
    first
}

#[test]
fn o01_a_sample_left_in_the_address() {
    for address in ["https://<domain>.freshsales.io", "https://${ACME_HOST}"] {
        let home = home(&connection("crm", address, "env:ACME_KEY"));
        let run = expect(&home, "crm", "CFG-PLACEHOLDER");
        let place = run.connection()["connection"]["origin"].as_str().unwrap().to_owned();
        assert!(place.contains("connectors.toml:"), "{place}");
    }
}

#[test]
fn o02_an_address_without_a_scheme() {
    let home = home(&connection("crm", "acme.example-vendor.test/crm/ ", "env:ACME_KEY"));
    expect(&home, "crm", "CFG-HOST-FORM");
}

#[test]
fn o03_two_connections_of_one_name() {
    let one = connection("crm", "https://acme.test", "env:ACME_KEY");
    let home = home(&format!("{one}{one}"));
    let run = home.run(&["diagnose", "crm", "--format", "json"]);
    assert_eq!((run.code, run.json()["code"].as_str()), (5, Some("CONN-CFG-LINKNAME-DUP")), "{run:#?}");
    assert!(run.out.contains("connectors.toml:9") && run.out.contains("connectors.toml:13:1"), "{run:#?}");
}

#[test]
fn o04_more_connections_than_the_service_allows() {
    let both = ["one", "two"].map(|name| connection(name, "https://acme.test", "env:ACME_KEY"));
    let home = home(&both.concat());
    expect(&home, "two", "CFG-SINGLE");
}

#[test]
fn o05_a_key_with_something_around_it() {
    for key in [&*format!("{KEY}\n"), "acmeKq7Zr2Wv9Xt4Ｌm1"] {
        let mut home = home(&connection("crm", "https://acme.test", "env:ACME_KEY"));
        home.set("ACME_KEY", key);
        expect(&home, "crm", "SEC-WHITESPACE");
    }
}

#[test]
fn o06_a_key_that_is_not_in_its_store() {
    let home = home(&connection("crm", "https://acme.test", "vault"))
        .knowing("CONN_VAULT_PASSPHRASE", "correct horse");
    expect(&home, "crm", "SEC-MISSING");
}

#[test]
fn o07_a_machine_without_a_keyring() {
    let home = home(&connection("crm", "https://acme.test", "keyring"));
    let run = expect(&home, "crm", "SEC-STORE-ABSENT");
    assert!(run.out.contains("CI"), "{run:#?}");
}
