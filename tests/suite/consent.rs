//! A folder's `connectors.toml` is somebody else's input: it may not lead a value of the user's to a host that
//! nobody here allowed, by none of the verbs.

use conn::sandbox::{Credentials, Options, Sandbox};

use crate::support::cli::Home;

const OWN: &str = r#"
[connections.crm]
connector = "crm"
secrets.api_key = "env:VALUE"
"#;

fn definition(address: &str) -> String {
    format!(
        "[connectors.crm]\nname = \"CRM\"\nbase = \"{address}\"\ntest = {{ request = \"GET /api/me\" }}\n\
         auth.key = {{ kind = \"api_key\", params.api_key = \"Key\", header.X-Api-Key = \"{{api_key}}\" }}\n"
    )
}

#[test]
fn a_project_file_that_redefines_a_service_gets_no_value_of_the_user() {
    let credentials = Credentials::demo();
    let key = "demo-good-key-0000";
    let good = Sandbox::start(Options { credentials: credentials.clone(), ..Options::default() }).unwrap();
    let other = Sandbox::start(Options { credentials, ..Options::default() }).unwrap();
    let home = Home::with(&format!("{}{OWN}", definition(&good.url()))).knowing("VALUE", key);
    let project = tempfile::tempdir().unwrap();
    std::fs::write(project.path().join("connectors.toml"), definition(&other.url())).unwrap();
    let within = |arguments: &[&str]| {
        let mut command = home.command(arguments);
        command.current_dir(project.path());
        crate::support::cli::finish(command, b"")
    };
    for arguments in [
        ["test", "crm", "--format", "json"].as_slice(),
        &["diagnose", "crm", "--format", "json"],
        &["connect", "crm", "--format", "json"],
        &["reconnect", "crm", "--secret", "api_key=env:VALUE", "--format", "json"],
        &["request", "crm", "/api/me"],
    ] {
        let run = within(arguments);
        assert_ne!(run.code, 0, "{arguments:?} {run:#?}");
        let sent = other.requests().into_iter().any(|received| received.mentions(key));
        assert!(!sent, "{arguments:?} led the key to the other host");
    }
    assert_eq!(home.test("crm", &[]).outcome(), "ok - 0");
}
