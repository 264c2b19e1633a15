//! A person consents, declines, keeps something back, or finds the way barred.

use std::net::{Ipv4Addr, TcpListener};

use super::{DEFINITION, Scene, says};
use crate::support::browser::Browser;
use crate::support::program::free_port;

#[test]
fn a_person_consents_in_the_browser_and_the_connection_is_proven_before_the_page_says_so() {
    let Some(scene) = Scene::start(&[]) else { return };
    let Some(browser) = Browser::willing() else { return };
    says(&scene.add_web("crm", &browser), 0, &["whoami ops", "state: connected"]);
    let pages = browser.pages();
    let first = &pages[0];
    let last =
        pages.iter().find(|page| page.text.contains("Connected")).unwrap_or_else(|| panic!("{pages:#?}"));
    assert!(first.address.contains("code_challenge_method=S256"), "{first:#?}");
    assert!(first.address.contains("state=") && !first.address.contains("verifier"), "{first:#?}");
    assert_eq!(last.status, 200);
    assert_eq!(last.headers["referrer-policy"], "no-referrer");
    assert_eq!(last.headers["cache-control"], "no-store");
    assert!(!last.address.contains("code=") && !last.address.contains("state="), "{last:#?}");
    assert_eq!(scene.oidc.count("authorization_code"), 1);
    assert_eq!(scene.home.test("crm", &[]).outcome(), "ok - 0");
}

#[test]
fn two_attempts_share_neither_state_nor_challenge_nor_nonce() {
    let Some(scene) = Scene::start(&[]) else { return };
    let mut seen: Vec<Vec<String>> = vec![];
    for name in ["one", "two"] {
        let Some(browser) = Browser::willing() else { return };
        says(&scene.add_web(name, &browser), 0, &[]);
        let address = url::Url::parse(&browser.pages()[0].address).unwrap();
        let value = |name: &str| {
            let found = address.query_pairs().find(|(key, _)| key == name);
            found.unwrap_or_else(|| panic!("no {name}: {address}")).1.into_owned()
        };
        seen.push(["state", "code_challenge", "nonce"].iter().map(|name| value(name)).collect());
    }
    for (one, two) in seen[0].iter().zip(&seen[1]) {
        assert_ne!(one, two);
        // 128 bits and more, in base64.
        assert!(one.len() >= 22, "{one}");
    }
}

#[test]
fn a_person_who_declines_is_told_how_to_try_again_and_nothing_is_asked_of_the_token_endpoint() {
    let Some(scene) = Scene::start(&[]) else { return };
    let Some(browser) = Browser::denying() else { return };
    let run = scene.add_web("crm", &browser);
    says(&run, 4, &["CONN-OAUTH-CONSENT-DENIED", "access_denied", "conn connect crm"]);
    assert_eq!(scene.token_requests(), 0);
    let pages = browser.pages();
    assert!(pages.iter().any(|page| page.text.contains("Not connected")), "{pages:#?}");
    let Some(browser) = Browser::willing() else { return };
    says(&scene.browse(&["connect", "crm", "--flow", "browser"], &browser), 0, &["whoami ops"]);
}

#[test]
fn a_scope_that_a_person_keeps_back_is_named() {
    let Some(scene) = Scene::start(&[]) else { return };
    let Some(browser) = Browser::willing() else { return };
    let run = scene.add_web("crm", &browser.knowing("BROWSE_WITHOUT", "write"));
    says(&run, 0, &["CONN-PERM-SCOPE", "4 scopes were asked for; not granted: write", "state: connected"]);
}

#[test]
fn scopes_on_the_command_line_take_the_place_of_those_of_the_definition() {
    let Some(scene) = Scene::start(&[]) else { return };
    let Some(browser) = Browser::willing() else { return };
    let further = ["--flow", "browser", "--scope", "openid", "--scope", "read"];
    let line = scene.line("crm", "native", "conn-native", &further);
    says(&scene.browse(&line, &browser), 0, &["whoami ops"]);
    assert!(browser.pages()[0].address.contains("scope=openid%20read&"), "{:#?}", browser.pages()[0]);
}

#[test]
fn a_registered_port_that_is_taken_is_named_with_the_program_that_has_it_and_no_other_is_tried() {
    let port = free_port();
    let definition = DEFINITION.replace("17890", &port.to_string());
    let callback = format!("http://127.0.0.1:{port}/callback");
    let Some(scene) = Scene::with(&definition, &[("CALLBACK", &callback)]) else { return };
    let Some(browser) = Browser::willing() else { return };
    let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).unwrap();
    let run = scene.browse(&scene.line("crm", "fixed", "conn-fixed", &["--flow", "browser"]), &browser);
    says(&run, 4, &["CONN-OAUTH-CALLBACK", &format!("Port {port} of this machine is taken")]);
    if cfg!(target_os = "linux") {
        says(&run, 4, &[&format!("PID {}", std::process::id())]);
    }
    assert_eq!(scene.oidc.count("authorization"), 0);
    drop(taken);
    says(&scene.browse(&["connect", "crm", "--flow", "browser"], &browser), 0, &["whoami ops"]);
}

#[test]
fn a_way_that_the_service_does_not_offer_is_no_step() {
    let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = taken.local_addr().unwrap().port();
    let folder = tempfile::tempdir().unwrap();
    for (device, offered) in [("", false), ("device = \"https://id.test/device\"\n", true)] {
        let definition = format!(
            "[connectors.acme]\nbase = \"https://api.test\"\ntest.request = \"GET /me\"\n[connectors.acme.auth.web]\n\
             kind = \"oauth2\"\nauthorize = \"https://id.test/authorize\"\ntoken = \"https://id.test/token\"\n\
             redirect.port = {port}\n{device}[connections.crm]\nconnector = \"acme\"\nvars.client_id = \"c1\"\n\
             secrets = {{ client_secret = \"env:WEB\", access_token = \"vault\" }}\n"
        );
        let home = super::home(&definition, &folder);
        for language in ["en", "ja"] {
            let run = home.run(&["connect", "crm", "--flow", "browser", "--lang", language]);
            says(&run, 4, &["CONN-OAUTH-CALLBACK", "conn connect crm --flow paste"]);
            assert_eq!(run.out.contains("conn connect crm --flow device"), offered, "{run:#?}");
        }
    }
}

#[test]
fn what_is_added_where_nobody_can_be_asked_waits_with_the_question_of_connect() {
    let folder = tempfile::tempdir().unwrap();
    let home = super::home("", &folder);
    let values = ["--set", "client_id=c1", "--secret", "client_secret=env:WEB", "--store", "vault"];
    let line = [&["add", "fr", "--connector", "freee", "--flow", "paste"], &values[..]].concat();
    let run = home.run(&line);
    let question = run.json();
    assert_eq!((run.code, question["kind"].as_str()), (2, Some("consent")), "{run:#?}");
    assert_eq!(question["resume"], "conn connect fr --resume VALUE", "{run:#?}");
    let again = home.run(&["connect", "fr", "--flow", "paste"]).json();
    let place = |question: &serde_json::Value| {
        question["address"].as_str().unwrap().split_once('?').unwrap().0.to_owned()
    };
    assert_eq!(place(&question), place(&again));
}

#[test]
fn a_client_that_must_push_its_request_does_so_and_the_browser_carries_a_reference() {
    let Some(scene) = Scene::start(&[]) else { return };
    let Some(browser) = Browser::willing() else { return };
    let line = scene.line("crm", "pushed", "conn-par", &["--flow", "browser"]);
    says(&scene.browse(&line, &browser), 0, &["whoami ops"]);
    assert_eq!(scene.oidc.count("pushed_authorization_request"), 1);
    let address = &browser.pages()[0].address;
    assert!(address.contains("request_uri=") && !address.contains("code_challenge"), "{address}");
}

#[test]
fn addresses_come_from_what_the_issuer_publishes_about_itself() {
    let Some(scene) = Scene::start(&[]) else { return };
    let Some(browser) = Browser::willing() else { return };
    let line = scene.line("crm", "native", "conn-native", &["--flow", "browser"]);
    says(&scene.browse(&line, &browser), 0, &["whoami ops"]);
    assert_eq!(scene.oidc.count("discovery"), 1);
}

#[test]
fn an_issuer_that_publishes_another_name_is_refused_before_anything_is_sent_to_it() {
    let definition = DEFINITION.replace("issuer = \"{url}\"", "issuer = \"{url}/\"");
    let Some(scene) = Scene::with(&definition, &[]) else { return };
    let Some(browser) = Browser::willing() else { return };
    let run = scene.browse(&scene.line("crm", "native", "conn-native", &["--flow", "browser"]), &browser);
    assert_ne!(run.code, 0, "{run:#?}");
    assert_eq!((scene.oidc.count("authorization"), scene.token_requests()), (0, 0), "{run:#?}");
}

#[test]
fn without_a_terminal_and_without_a_way_nothing_opens_and_nothing_waits() {
    let Some(scene) = Scene::start(&[]) else { return };
    let Some(browser) = Browser::willing() else { return };
    let further = ["--secret", "client_secret=env:WEB"];
    says(&scene.browse(&scene.line("crm", "web", "conn-web", &further), &browser), 0, &["state: pending"]);
    let run = scene.browse(&["connect", "crm"], &browser);
    assert_eq!((run.code, run.json()["kind"].as_str()), (2, Some("consent")), "{run:#?}");
    assert!(browser.pages().is_empty(), "{:#?}", browser.pages());
    says(&scene.home.run(&["token", "crm"]), 5, &["CONN-CFG-NOT-AUTHORISED"]);
}

#[test]
fn a_code_with_a_wrong_client_secret_gives_nothing_and_names_the_client() {
    let Some(scene) = Scene::start(&[]) else { return };
    let Some(browser) = Browser::willing() else { return };
    let further = ["--secret", "client_secret=env:WRONG", "--flow", "browser"];
    let run = scene.browse(&scene.line("crm", "web", "conn-web", &further), &browser);
    says(&run, 4, &["CONN-OAUTH-CLIENT-INVALID", "invalid_client"]);
    assert_eq!(scene.token_requests(), 1, "a code is spent once");
    let last = browser.pages().iter().any(|page| page.text.contains("Not connected"));
    assert!(last, "browser and terminal agree: {:#?}", browser.pages());
}
