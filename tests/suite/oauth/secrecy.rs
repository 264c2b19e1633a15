//! No code, verifier, token or client secret leaves, in any form, at the highest verbosity, also where things go
//! wrong: what went over the wire is asked of the server, and everything that conn says or writes is searched.

use std::cell::RefCell;

use super::{Scene, WEB_SECRET, says};
use crate::support::browser::Browser;
use crate::support::cli::Run;
use crate::support::needles::needles;

const FORMS: [&str; 6] = ["human", "plain", "json", "jsonl", "junit", "github"];

/// A scene that keeps what conn said.
struct Heard {
    scene: Scene,
    said: RefCell<Vec<(String, String)>>,
}

impl Heard {
    fn run(&self, line: &[impl AsRef<str>], browser: &Browser) -> Run {
        let mut words: Vec<&str> = line.iter().map(AsRef::as_ref).collect();
        words.extend(["-vvv", "--log-file", "conn.log"]);
        let run = self.scene.browse(&words, browser);
        self.said.borrow_mut().push((words.join(" "), format!("{}\n{}", run.out, run.err)));
        run
    }

    /// Each line in each form, the languages in turn.
    fn everywhere(&self, lines: &[&str], browser: &Browser) {
        for line in lines {
            for (index, form) in FORMS.iter().enumerate() {
                let rest = ["--format", form, "--lang", ["en", "ja"][index % 2]];
                self.run(&line.split(' ').chain(rest).collect::<Vec<_>>(), browser);
            }
        }
    }

    /// Searches all that was said and written for all that the server saw.
    fn search(&self) {
        let seen = self.scene.oidc.control("secrets");
        let secrets: Vec<&str> =
            seen.as_array().unwrap().iter().map(|value| value.as_str().unwrap()).collect();
        // A code, a verifier and two tokens at least.
        assert!(secrets.len() >= 4, "{secrets:?}");
        let mut places = self.said.borrow().clone();
        for (path, content) in self.scene.home.all_files() {
            places.push((path.display().to_string(), String::from_utf8_lossy(&content).into_owned()));
        }
        assert!(places.iter().any(|(place, text)| place.ends_with("conn.log") && !text.is_empty()));
        let needles = secrets.iter().chain([&WEB_SECRET]).flat_map(|secret| needles(secret));
        for needle in needles {
            for (place, text) in &places {
                assert!(!text.contains(&needle), "{place} holds {needle}:\n{text}");
            }
        }
    }
}

fn heard() -> Option<(Heard, Browser)> {
    let heard = Heard { scene: Scene::start(&[])?, said: RefCell::default() };
    let browser = Browser::willing()?;
    let further = ["--secret", "client_secret=env:WEB", "--flow", "browser"];
    says(&heard.run(&heard.scene.line("crm", "web", "conn-web", &further), &browser), 0, &["whoami ops"]);
    Some((heard, browser))
}

#[test]
fn a_connection_that_works_keeps_its_tokens_code_and_verifier_to_itself() {
    let Some((heard, browser)) = heard() else { return };
    heard.scene.oidc.control("expire");
    heard.everywhere(
        &[
            "test crm",
            "diagnose crm --why --save facts.json",
            "diagnose --from facts.json --why",
            "show crm",
            "history crm",
            "request crm /me --include",
            "connect crm --flow browser",
        ],
        &browser,
    );
    heard.search();
}

#[test]
fn a_connection_that_fails_keeps_them_too() {
    let Some((heard, browser)) = heard() else { return };
    heard.scene.oidc.control("expire");
    heard.scene.oidc.control("lose?times=1");
    heard.run(&["test", "crm"], &browser);
    heard.everywhere(
        &["test crm", "diagnose crm --why --save facts.json", "reconnect crm --flow browser"],
        &browser,
    );
    heard.scene.oidc.control("revoke-all");
    let denying = Browser::denying().unwrap();
    heard.everywhere(&["diagnose crm --why", "reconnect crm --flow browser", "token crm"], &denying);
    heard.search();
}

#[test]
fn only_the_verb_whose_purpose_it_is_prints_a_token() {
    let Some((heard, _)) = heard() else { return };
    let run = heard.scene.home.run(&["token", "crm", "-vvv", "--log-file", "conn.log"]);
    let token = run.out.trim();
    assert!(token.len() > 20 && !run.err.contains(token), "{run:#?}");
    let seen = heard.scene.oidc.control("secrets");
    assert!(seen.as_array().unwrap().iter().any(|value| value == token));
    heard.search();
}
