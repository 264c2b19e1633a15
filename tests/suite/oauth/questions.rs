//! Without a terminal a consent is one question, whatever the verb and whatever the version of OAuth.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::Stdio;

use super::{Scene, oauth1, says};
use crate::support::browser::Browser;
use crate::support::http;
use crate::support::program::free_port;

/// The address at which a browser ended that found nobody there.
fn callback(browser: &Browser, mark: &str) -> String {
    let pages = browser.pages();
    let places = pages.iter().rev().filter_map(|page| page.headers["location"].as_str());
    let found = places.into_iter().find(|place| place.contains(mark));
    found.unwrap_or_else(|| panic!("no {mark}: {pages:#?}")).to_owned()
}

#[test]
fn a_reconnect_that_needs_a_person_prints_the_question_and_takes_its_answer() {
    let (Some(scene), Some(browser)) = (Scene::start(&[]), Browser::willing()) else { return };
    says(&scene.add_web("crm", &browser), 0, &[]);
    scene.oidc.control("revoke-all");
    let run = scene.home.run(&["reconnect", "crm", "--scope", "openid", "--scope", "read"]);
    let question = run.json();
    assert_eq!((run.code, question["kind"].as_str()), (2, Some("consent")), "{run:#?}");
    assert_eq!(question["resume"], "conn connect crm --resume VALUE");
    let address = question["address"].as_str().unwrap();
    assert!(address.contains("scope=openid%20read&"), "{address}");
    browser.open(address);
    let answer = callback(&browser, "code=");
    says(&scene.home.run(&["connect", "crm", "--resume", &answer]), 0, &["whoami ops"]);
    // What can be renewed asks nobody.
    says(&scene.home.run(&["reconnect", "crm"]), 0, &["now: connected"]);
}

#[test]
fn new_values_of_an_app_are_proven_without_a_person_where_they_can_be_and_else_wait_for_the_answer() {
    let (Some(mut scene), Some(browser)) = (Scene::start(&[]), Browser::willing()) else { return };
    scene.home.set("WEB_NEW", super::WEB_SECRET);
    says(&scene.add_web("crm", &browser), 0, &[]);
    let defined = |scene: &Scene| std::fs::read_to_string(scene.home.definitions()).unwrap();
    // The refresh token proves them.
    let consents = scene.oidc.count("auth");
    says(
        &scene.home.run(&["reconnect", "crm", "--secret", "client_secret=env:WEB_NEW"]),
        0,
        &["now: connected"],
    );
    assert!(defined(&scene).contains("env:WEB_NEW"), "{}", defined(&scene));
    assert_eq!(scene.oidc.count("auth"), consents);
    // What the service refuses changes nothing, and nobody is asked to consent to it.
    for (language, said) in [("en", "crm keeps the one it had"), ("ja", "crm は以前の認証情報のままです")]
    {
        let line = ["reconnect", "crm", "--secret", "client_secret=env:WRONG", "--lang", language];
        let anew = "conn reconnect crm --secret client_secret=env:WRONG";
        says(&scene.home.run(&line), 4, &["CONN-OAUTH-CLIENT-INVALID", said, anew]);
    }
    assert!(defined(&scene).contains("env:WEB_NEW"));
    says(&scene.home.run(&["test", "crm"]), 0, &["whoami ops"]);
    // Without a good refresh token a person is needed; until their answer nothing changes.
    scene.oidc.control("revoke-all");
    let line = ["reconnect", "crm", "--secret", "client_secret=-"];
    let run = scene.home.run_with(&line, super::WEB_SECRET);
    assert_eq!((run.code, run.json()["kind"].as_str()), (2, Some("consent")), "{run:#?}");
    assert!(defined(&scene).contains("env:WEB_NEW"));
    browser.open(run.json()["address"].as_str().unwrap());
    let answer = callback(&browser, "code=");
    scene.home.set("WEB_NEW", "no-longer-there-0123456789");
    says(&scene.home.run(&["connect", "crm", "--resume", &answer]), 0, &["whoami ops"]);
    assert!(defined(&scene).contains("client_secret = \"vault\""), "{}", defined(&scene));
    says(&scene.home.run(&["reconnect", "crm"]), 0, &["now: connected"]);
    assert!(scene.home.all_files().iter().all(|(_, text)| {
        !text.windows(super::WEB_SECRET.len()).any(|window| window == super::WEB_SECRET.as_bytes())
    }));
}

#[test]
fn another_account_is_taken_at_the_answer_only_where_the_question_said_so() {
    let (Some(scene), Some(browser)) = (Scene::start(&[]), Browser::willing()) else { return };
    says(&scene.add_web("crm", &browser), 0, &[]);
    let Some(eve) = Browser::willing() else { return };
    let eve = eve.knowing("BROWSE_USER", "eve");
    for (further, code, word) in [(&[][..], 4, "CONN-OAUTH-ORG"), (&["--other-account"], 0, "whoami eve")] {
        scene.oidc.control("revoke-all");
        let run = scene.home.run(&[&["reconnect", "crm"], further].concat());
        assert_eq!(run.code, 2, "{run:#?}");
        eve.open(run.json()["address"].as_str().unwrap());
        let answer = callback(&eve, "code=");
        says(&scene.home.run(&["connect", "crm", "--resume", &answer]), code, &[word]);
    }
}

#[test]
fn three_legs_wait_for_their_answer_and_take_no_other() {
    let (Some(scene), Some(browser)) = (oauth1::scene(), Browser::willing()) else { return };
    let line = scene.line("person");
    says(&scene.home.run(&line.iter().map(String::as_str).collect::<Vec<_>>()), 0, &["state: pending"]);
    let run = scene.home.run(&["connect", "crm"]);
    assert_eq!((run.code, run.json()["kind"].as_str()), (2, Some("consent")), "{run:#?}");
    browser.open(run.json()["address"].as_str().unwrap());
    let answer = callback(&browser, "oauth_verifier=");
    let foreign = "http://127.0.0.1/callback?oauth_token=of-another&oauth_verifier=1234";
    says(&scene.home.run(&["connect", "crm", "--resume", foreign]), 4, &["CONN-OAUTH-STATE"]);
    says(&scene.home.run(&["connect", "crm", "--resume", &answer]), 0, &["whoami ops"]);
    assert_eq!(scene.provider.control("counts")["access_token"], 1);
    assert_eq!(scene.home.test("crm", &[]).outcome(), "ok - 0");
}

#[test]
fn a_number_to_type_is_an_answer_too() {
    let (Some(scene), Some(browser)) = (oauth1::scene(), Browser::willing()) else { return };
    let line = scene.line("number");
    says(&scene.home.run(&line.iter().map(String::as_str).collect::<Vec<_>>()), 0, &["state: pending"]);
    let question = scene.home.run(&["connect", "crm"]).json();
    assert!(browser.open(question["address"].as_str().unwrap()), "{:#?}", browser.pages());
    let pages = browser.pages();
    let shown = pages.iter().find_map(|page| page.text.split_once("<code>")).expect("a number");
    let number = shown.1.split('<').next().unwrap();
    says(&scene.home.run(&["connect", "crm", "--resume", number]), 0, &["whoami ops"]);
}

#[test]
fn strangers_at_the_door_do_not_spoil_three_legs() {
    let port = free_port();
    let fixed = format!("redirect.path = \"/callback\"\nredirect.port = {port}");
    let definition = oauth1::DEFINITION.replace("redirect.path = \"/callback\"", &fixed);
    let (Some(scene), Some(browser)) = (oauth1::scene_of(&definition), Browser::willing()) else { return };
    let line = scene.line("person");
    let words: Vec<&str> = line.iter().map(String::as_str).chain(["--flow", "browser"]).collect();
    let mut command = scene.home.command(&words);
    // A browser that opens nothing: the test is the person.
    command.env("BROWSER", "true").stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap());
    let mut err = String::new();
    let address = loop {
        let mut line = String::new();
        assert_ne!(lines.read_line(&mut line).unwrap(), 0, "no address: {err}");
        err.push_str(&line);
        if let Some((_, token)) = line.split_once("/authorize?oauth_token=") {
            break format!("{}/authorize?oauth_token={}", scene.provider.url(), token.trim());
        }
    };
    for path in [
        "/callback?oauth_token=of-another&oauth_verifier=1234",
        "/callback?denied=of-another",
        "/callback?oauth_problem=permission_denied",
        "/callback?oauth_verifier=1234",
        "/callback",
        "/favicon.ico",
    ] {
        let answer = http::get(port, path, &[]);
        assert!(answer.status >= 400, "{path}: {}", answer.status);
    }
    assert!(browser.open(&address), "{:#?}", browser.pages());
    lines.read_to_string(&mut err).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success() && err.contains("state: connected"), "{err}");
    assert_eq!(scene.provider.control("counts")["access_token"], 1);
}
