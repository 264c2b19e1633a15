//! Authorisations against oidc-provider: given back when a connection is removed.

use crate::support::browser::Browser;
use crate::support::cli::{Home, Run};
use crate::support::oidc::Oidc;
use crate::support::scripted::{Script, Scripted, answer};

const CODE: &str =
    "authorize = \"{issuer}/auth\"\ntoken = \"{issuer}/token\"\nrevoke = \"{issuer}/token/revocation\"\n";

/// A home with a connection `app` of a public client whose tokens go into the vault.
fn home(oidc: &Oidc, addresses: &str, port: Option<u16>, further: &str) -> Home {
    let issuer = oidc.url();
    let addresses = addresses.replace("{issuer}", &issuer);
    let client = if addresses.contains("device_code") { "conn-device" } else { "conn-native" };
    let port = port.map(|port| format!(", port = {port}")).unwrap_or_default();
    let home = Home::with(&format!(
        "[connectors.op]\nname = \"OP\"\nbase = \"{issuer}\"\n\
         test = {{ request = \"GET /api/me\", identity.account = \"/sub\" }}\n\
         [connectors.op.auth.code]\nkind = \"oauth2\"\nclient_auth = \"none\"\n{addresses}\
         redirect = {{ path = \"/callback\"{port} }}\n\
         scopes = [\"openid\", \"offline_access\", \"read\"]\nextra.authorize.prompt = \"consent\"\n\
         params.client_id = {{ label = \"Client ID\", secret = false }}\n\
         [connections.app]\nconnector = \"op\"\nvars.client_id = \"{client}\"\n\
         secrets.access_token = \"vault\"\n{further}"
    ));
    home.knowing("CONN_VAULT_PASSPHRASE", "correct horse")
}

/// Runs conn with somebody's browser.
fn browsing(home: &Home, browser: &Browser, arguments: &[&str]) -> Run {
    let mut command = home.command(arguments);
    command.envs(browser.variables());
    crate::support::cli::finish(command, b"")
}

#[test]
fn what_is_removed_is_revoked_first_and_what_cannot_be_is_named() {
    let Some(oidc) = Oidc::start(&[]) else { return };
    let Some(browser) = Browser::willing() else { return };
    let published = "issuer = \"{issuer}\"\n";
    let silent =
        CODE.lines().filter(|line| !line.starts_with("revoke")).collect::<Vec<_>>().join("\n") + "\n";
    let broken = CODE.replace("/token/revocation", "/nowhere");
    for (addresses, revoked, said) in [
        (CODE, 2, "has revoked its tokens"),
        (published, 2, "has revoked its tokens"),
        (&silent, 0, "offers no way to end it from here"),
        (&broken, 0, "answers HTTP 404"),
    ] {
        let home = home(&oidc, addresses, None, "");
        let run = browsing(&home, &browser, &["connect", "app", "--flow", "browser", "--format", "json"]);
        assert_eq!(run.outcome(), "ok - 0", "{run:#?}");
        let before = oidc.count("revocation");
        let run = home.run(&["remove", "app", "--yes"]);
        assert_eq!(run.code, 0, "{run:#?}");
        assert!(run.err.contains("app is removed") && run.err.contains(said), "{run:#?}");
        assert_eq!(oidc.count("revocation") - before, revoked, "{addresses}");
        assert_ne!(home.run(&["show", "app"]).code, 0);
    }
}

#[test]
fn a_consent_without_a_terminal_is_a_question_that_waits_for_its_answer() {
    let Some(oidc) = Oidc::start(&[]) else { return };
    let Some(browser) = Browser::willing() else { return };
    let ends = Scripted::start(Script::says(answer("200 OK", "", b"done")));
    let home = home(&oidc, CODE, Some(ends.url("http", "/").port().unwrap()), "");
    let run = home.run(&["connect", "app"]);
    assert_eq!(run.code, 2, "{run:#?}");
    let question = run.json();
    assert_eq!(
        (question["schema"].as_str(), question["kind"].as_str()),
        (Some("conn.question/1"), Some("consent"))
    );
    assert_eq!(question["redirect_uri"], ends.url("http", "/callback").as_str());
    assert_eq!(question["resume"], "conn connect app --resume VALUE");
    assert!(browser.open(question["address"].as_str().unwrap()), "{:#?}", browser.pages());
    let path = ends.heard()[0].split(' ').nth(1).unwrap().to_owned();
    let callback = ends.url("http", &path).to_string();
    let foreign = home.run(&["connect", "app", "--resume", "some-code#of-another", "--format", "json"]);
    assert_eq!(foreign.connection()["findings"][0]["code"], "CONN-OAUTH-STATE", "{foreign:#?}");
    // An empty answer is none, and the question stays open.
    for (language, said) in [("en", "of app is empty"), ("ja", "app のサインインへの応答が空です")]
    {
        let empty = home.run_with(&["connect", "app", "--resume", "-", "--lang", language], "\n");
        assert!(empty.code == 2 && empty.err.contains(said), "{empty:#?}");
        assert!(empty.err.contains("conn connect app --resume VALUE"), "{empty:#?}");
    }
    let run =
        home.run_with(&["connect", "app", "--resume", "-", "--format", "json"], &format!("{callback}\n"));
    assert_eq!(run.outcome(), "ok - 0", "{run:#?}");
    assert_eq!(oidc.count("authorization_code"), 1);
    let again = home.run(&["connect", "app", "--resume", &callback]);
    assert!(again.code == 2 && again.err.contains("No sign-in of app waits"), "{again:#?}");
    assert_eq!(home.test("app", &[]).outcome(), "ok - 0");
}

#[test]
fn a_code_for_another_device_is_a_question_too() {
    let Some(oidc) = Oidc::start(&[]) else { return };
    let Some(browser) = Browser::willing() else { return };
    let device = "grant = \"device_code\"\ndevice = \"{issuer}/device/auth\"\ntoken = \"{issuer}/token\"\n";
    let home = home(&oidc, device, None, "");
    let run = home.run(&["connect", "app"]);
    let question = run.json();
    assert_eq!((run.code, question["kind"].as_str()), (2, Some("device")), "{run:#?}");
    assert_eq!(question["resume"], "conn connect app --resume");
    assert!(browser.open(question["address_with_code"].as_str().unwrap()), "{:#?}", browser.pages());
    let run = home.run(&["connect", "app", "--resume", "--format", "json"]);
    assert_eq!(run.outcome(), "ok - 0", "{run:#?}");
}

fn somebody(name: &'static str) -> Option<Browser> {
    Some(Browser::willing()?.knowing("BROWSE_USER", name))
}

#[test]
fn each_person_authorises_for_themselves_and_one_stands_in_for_all() {
    let Some(oidc) = Oidc::start(&[]) else { return };
    let home = home(&oidc, CODE, None, "kind = \"user\"\n");
    for name in ["ops", "eve"] {
        let Some(browser) = somebody(name) else { return };
        let run = browsing(&home, &browser, &["connect", "app", "--flow", "browser", "--format", "json"]);
        assert_eq!(run.outcome(), "ok - 0", "{run:#?}");
    }
    let listed = || {
        let list = home.run(&["account", "list", "app", "--format", "json"]).json();
        let accounts = list["accounts"].as_array().unwrap().clone();
        let row =
            |one: &serde_json::Value| (one["label"].as_str().unwrap().to_owned(), one["primary"] == true);
        accounts.iter().map(row).collect::<Vec<_>>()
    };
    assert_eq!(listed(), [("eve".to_owned(), false), ("ops".to_owned(), true)]);
    let who = |further: &[&str]| {
        let run = home.run(&[&["request", "app", "/api/me"], further].concat());
        assert_eq!(run.code, 0, "{run:#?}");
        run.json()["sub"].as_str().unwrap().to_owned()
    };
    assert_eq!((who(&[]), who(&["--account", "eve"])), ("ops".to_owned(), "eve".to_owned()));
    assert_eq!(home.run(&["account", "primary", "app", "eve"]).code, 0);
    assert_eq!((who(&[]), who(&["--account", "ops"])), ("eve".to_owned(), "ops".to_owned()));
    assert_ne!(home.run(&["token", "app"]).out, home.run(&["token", "app", "--account", "ops"]).out);
    let shown = home.run(&["show", "app"]).out;
    assert!(shown.contains("eve · connected · primary, ops · connected"), "{shown}");
    assert!(shown.contains("openid offline_access read"), "{shown}");
    let unknown = home.run(&["account", "remove", "app", "evw", "--yes"]);
    assert!(unknown.code == 2 && unknown.err.contains("eve"), "{unknown:#?}");
    let run = home.run(&["account", "remove", "app", "eve", "--yes"]);
    assert!(run.code == 0 && run.err.contains("has no primary account now"), "{run:#?}");
    assert_eq!(oidc.count("revocation"), 2);
    assert_eq!(home.test("app", &[]).outcome(), "local_setup CONN-CFG-PRIMARY-MISSING 5");
    assert_eq!(home.run(&["request", "app", "/api/me"]).code, 5);
    assert_eq!(home.test("app", &["--account", "ops"]).outcome(), "ok - 0");
    assert_eq!(home.run(&["remove", "app", "--yes"]).code, 0);
    assert_eq!(oidc.count("revocation"), 4);
}

#[test]
fn one_authorisation_serves_all_environments_only_where_the_connection_says_so() {
    let Some(oidc) = Oidc::start(&[]) else { return };
    let Some(browser) = Browser::willing() else { return };
    let elsewhere =
        format!("[connectors.op.environments.sandbox]\nbase = \"http://localhost:{}\"\n", oidc.port);
    for (same, code) in [("same_authorization = true\n", 0), ("", 5)] {
        let home = home(&oidc, CODE, None, &format!("{same}{elsewhere}"));
        let run = browsing(&home, &browser, &["connect", "app", "--flow", "browser", "--format", "json"]);
        assert_eq!(run.outcome(), "ok - 0", "{run:#?}");
        assert_eq!(home.run(&["request", "app", "/api/me"]).code, 0);
        let run = home.run(&["request", "app", "/api/me", "--environment", "sandbox"]);
        assert_eq!(run.code, code, "{same} {run:#?}");
    }
}
