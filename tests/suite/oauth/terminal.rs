//! A person at a terminal whose browser cannot come back: they paste what they see, first wrong things, then the
//! right one.

use super::{DEFINITION, Scene};
use crate::support::browser::Browser;
use crate::support::program::free_port;

/// What a person reads, per language: before the paste, after a wrong one, at the end.
const WORDS: [(&str, [&str; 3]); 2] = [
    ("en", ["paste that page's address here", "does not belong to this sign-in", "state: connected"]),
    ("ja", ["アドレスをここに貼り付けてください", "今回のサインインの応答ではありません", "接続"]),
];

#[test]
fn garbage_and_foreign_answers_are_told_and_the_true_address_however_long_connects() {
    // The browser runs elsewhere: nothing listens where its callback leads.
    let definition = DEFINITION.replace(
        "redirect.path = \"/callback\"\nredirect.port = 17890",
        "redirect = { host = \"app.test\", path = \"/callback\", https = true }",
    );
    for (language, words) in WORDS {
        // The terminal's output comes byte by byte.
        let [asks, foreign, done] = words.map(|words| words.bytes().map(char::from).collect::<String>());
        let Some(scene) = Scene::with(&definition, &[("CALLBACK", "https://app.test/callback")]) else {
            return;
        };
        let Some(browser) = Browser::willing() else { return };
        let line = scene.line("crm", "fixed", "conn-fixed", &["--flow", "paste", "--lang", language]);
        let words: Vec<&str> = line.iter().map(String::as_str).collect();
        let command = scene.home.command(&words);
        let mut terminal = rexpect::session::spawn_command(command, Some(30_000)).unwrap();
        terminal.exp_string(&format!("{}/auth?", scene.oidc.url())).unwrap();
        let query = terminal.read_line().unwrap();
        let address = format!("{}/auth?{}", scene.oidc.url(), query.trim());
        terminal.exp_string(&asks).unwrap();
        let wrong = [
            "what?",
            "https://app.test/callback?code=abc&state=of-another-sign-in",
            "abc#of-another-sign-in",
        ];
        for wrong in wrong {
            terminal.send(&format!("{wrong}\r")).unwrap();
            terminal.flush().unwrap();
            terminal.exp_string(&foreign).unwrap();
        }
        // The browser ends at a page that cannot be shown; its address is what counts.
        assert!(!browser.open(&address), "{:#?}", browser.pages());
        let pages = browser.pages();
        let last = pages.iter().rev().find_map(|page| page.headers["location"].as_str()).unwrap();
        assert!(last.starts_with("https://app.test/callback?"), "{pages:#?}");
        // Terminals cut lines beyond 4,095 bytes unless they are read key by key.
        let long = format!("{last}&padding={}", "0123456789".repeat(1500));
        terminal.send(&format!("{long}\r")).unwrap();
        terminal.flush().unwrap();
        let shown = terminal.exp_eof().unwrap();
        assert!(shown.contains(&done) && shown.contains("ops"), "{shown}");
        let code = last.split("code=").nth(1).unwrap().split('&').next().unwrap();
        assert!(!shown.contains(code), "what is pasted is not shown: {shown}");
        assert_eq!(scene.oidc.count("authorization_code"), 1);
        assert_eq!(scene.home.test("crm", &[]).outcome(), "ok - 0");
    }
}

#[test]
fn the_address_is_shown_however_quiet_conn_is_and_while_a_browser_seems_to_open() {
    let Some(scene) = Scene::start(&[]) else { return };
    let line = scene.line("crm", "native", "conn-native", &["--flow", "browser", "-q"]);
    let words: Vec<&str> = line.iter().map(String::as_str).collect();
    let mut command = scene.home.command(&words);
    command.env("BROWSER", "true");
    let mut terminal = rexpect::session::spawn_command(command, Some(30_000)).unwrap();
    terminal.exp_string(&format!("{}/auth?", scene.oidc.url())).unwrap();
    terminal.exp_string("paste").unwrap();
    terminal.send_control('c').unwrap();
    terminal.exp_eof().unwrap();
}

#[test]
fn s4_11_a_second_authorisation_of_an_admin_connection_replaces_the_first_only_if_somebody_says_so() {
    let (Some(scene), Some(browser)) = (Scene::start(&[]), Browser::willing()) else { return };
    super::says(&scene.add_web("crm", &browser), 0, &["whoami ops"]);
    let asked = |language: &str| {
        let command = scene.home.command(&["connect", "crm", "--flow", "paste", "--lang", language]);
        rexpect::session::spawn_command(command, Some(30_000)).unwrap()
    };
    let letters = |text: &str| text.bytes().map(char::from).collect::<String>();
    for (language, question, kept) in [
        ("en", "holds one authorisation for everyone, and it has one (ops).", "keeps the authorisation"),
        ("ja", "すでに認証済みです（ops）", "conn add"),
    ] {
        let mut terminal = asked(language);
        terminal.exp_string(&letters(question)).unwrap();
        terminal.send("n\r").unwrap();
        terminal.flush().unwrap();
        let end = terminal.exp_eof().unwrap();
        assert!(end.contains(kept), "{end}");
    }
    assert_eq!(scene.home.test("crm", &[]).outcome(), "ok - 0");
    let mut terminal = asked("en");
    terminal.exp_string("Replace it?").unwrap();
    terminal.send("y\r").unwrap();
    terminal.flush().unwrap();
    terminal.exp_string(&format!("{}/auth?", scene.oidc.url())).unwrap();
    terminal.send_control('c').unwrap();
    terminal.exp_eof().unwrap();
    // Until another one is proven, the first stays.
    assert_eq!(scene.home.test("crm", &[]).outcome(), "ok - 0");
    assert_eq!(scene.oidc.count("authorization_code"), 1);
    // Where nobody can be asked, the command is the wish.
    super::says(&scene.browse(&["connect", "crm", "--flow", "browser"], &browser), 0, &["whoami ops"]);
    assert_eq!(scene.oidc.count("authorization_code"), 2);
}

#[test]
fn a_redirect_address_that_the_service_does_not_know_is_named_as_the_cause() {
    let port = free_port();
    let definition = DEFINITION
        .replace("par = \"{url}/request\"", &format!("par = \"{{url}}/request\"\nredirect.port = {port}"))
        .replace("redirect.path = \"/callback\"", "redirect.path = \"/elsewhere\"");
    let Some(scene) = Scene::with(&definition, &[]) else { return };
    let Some(browser) = Browser::willing() else { return };
    let run = scene.browse(&scene.line("crm", "pushed", "conn-par", &["--flow", "browser"]), &browser);
    let address = format!("http://127.0.0.1:{port}/elsewhere");
    super::says(
        &run,
        4,
        &["CONN-OAUTH-REDIRECT-URI", "redirect_uri did not match", "this address", &address],
    );
    let line = scene.line("crm-ja", "pushed", "conn-par", &["--flow", "browser", "--lang", "ja"]);
    super::says(&scene.browse(&line, &browser), 4, &["次のアドレスをそのまま登録してください", &address]);
    assert!(browser.pages().is_empty());
}

/// A secret service that takes calls and never answers.
#[cfg(target_os = "linux")]
#[test]
fn what_needs_no_secret_never_asks_the_keyring() {
    use std::os::unix::net::UnixListener;

    use crate::support::cli::Home;

    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("bus");
    let bus = UnixListener::bind(&socket).unwrap();
    bus.set_nonblocking(true).unwrap();
    let connection = "[connections.crm]\nconnector = \"idp\"\nmethod = \"machine\"\nvars.url = \"http://127.0.0.1:9\"\n\
                      vars.client_id = \"app\"\nsecrets.client_secret = \"keyring\"\n";
    let home = Home::with(&format!("{DEFINITION}\n{connection}"))
        .knowing("DBUS_SESSION_BUS_ADDRESS", &format!("unix:path={}", socket.display()));
    for line in [
        ["--version"].as_slice(),
        &["list"],
        &["show", "crm"],
        &["history", "crm"],
        &["connectors", "list"],
        &["explain", "5101"],
        &["lint"],
    ] {
        let run = home.run(line);
        assert_eq!(run.code, 0, "{line:?}: {run:#?}");
        assert!(bus.accept().is_err(), "{line:?} asked the keyring");
    }
    let run = home.command(&["test", "crm"]).env("CONN_KEYRING_TIMEOUT", "1").output().unwrap();
    assert!(bus.accept().is_ok(), "a test needs it: {run:#?}");
    assert_eq!(run.status.code(), Some(5), "{run:#?}");
}
