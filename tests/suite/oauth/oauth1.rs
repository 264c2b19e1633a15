//! OAuth 1.0a with a person: three legs by the browser, by a number to type, declined, and withdrawn.

use super::{home, says};
use crate::support::browser::Browser;
use crate::support::cli::{Home, Run, finish};
use crate::support::oauth_servers::OauthServer;

pub const DEFINITION: &str = include_str!("../../fixtures/peers/oauth1.toml");

pub struct Scene {
    pub provider: OauthServer,
    pub home: Home,
    _key: tempfile::TempDir,
}

pub fn scene() -> Option<Scene> {
    scene_of(DEFINITION)
}

/// The same with another definition.
pub fn scene_of(definition: &str) -> Option<Scene> {
    let provider = OauthServer::oauth1()?;
    let key = tempfile::tempdir().unwrap();
    Some(Scene {
        provider,
        home: home(definition, &key).knowing("CONSUMER", "consumer-secret-0123456789"),
        _key: key,
    })
}

impl Scene {
    pub fn line(&self, method: &str) -> Vec<String> {
        let url = format!("url={}", self.provider.url());
        let words =
            ["add", "crm", "--connector", "first", "--method", method, "--store", "vault", "--set", &url];
        let further = ["--set", "client_id=conn-oauth1", "--secret", "client_secret=env:CONSUMER"];
        words.iter().chain(&further).map(|word| (*word).to_owned()).collect()
    }

    fn add(&self, browser: &Browser) -> Run {
        let line = self.line("person");
        self.browse(
            &line.iter().map(String::as_str).chain(["--flow", "browser"]).collect::<Vec<_>>(),
            browser,
        )
    }

    fn browse(&self, line: &[&str], browser: &Browser) -> Run {
        let mut command = self.home.command(line);
        command.envs(browser.variables());
        finish(command, b"")
    }
}

#[test]
fn three_legs_are_walked_with_a_browser_and_withdrawn_tokens_are_replaced_by_new_ones() {
    let (Some(scene), Some(browser)) = (scene(), Browser::willing()) else { return };
    says(&scene.add(&browser), 0, &["whoami ops", "state: connected"]);
    let counts = scene.provider.control("counts");
    assert_eq!((&counts["request_token"], &counts["access_token"]), (&1.into(), &1.into()), "{counts}");
    assert_eq!(scene.home.test("crm", &[]).outcome(), "ok - 0");
    scene.provider.control("revoke-all");
    let run = scene.home.test("crm", &[]);
    assert_eq!((run.connection()["verdict"].as_str(), run.code), (Some("rejected"), 4), "{run:#?}");
    run.has_steps();
    says(&scene.browse(&["reconnect", "crm", "--flow", "browser"], &browser), 0, &["now: connected"]);
}

#[test]
fn a_person_who_declines_three_legs_is_told_so() {
    let (Some(scene), Some(browser)) = (scene(), Browser::denying()) else { return };
    says(&scene.add(&browser), 4, &["CONN-OAUTH-CONSENT-DENIED"]);
    assert_eq!(scene.provider.control("counts")["access_token"], serde_json::Value::Null);
}

#[cfg(unix)]
#[test]
fn a_number_that_the_service_shows_is_typed_at_the_terminal() {
    let (Some(scene), Some(browser)) = (scene(), Browser::willing()) else { return };
    let line = scene.line("number");
    let words: Vec<&str> = line.iter().map(String::as_str).chain(["--flow", "paste"]).collect();
    let command = scene.home.command(&words);
    let mut terminal = rexpect::session::spawn_command(command, Some(20_000)).unwrap();
    terminal.exp_string("/authorize?oauth_token=").unwrap();
    let rest = terminal.read_line().unwrap();
    let address = format!("{}/authorize?oauth_token={}", scene.provider.url(), rest.trim());
    terminal.exp_string("paste").unwrap();
    assert!(browser.open(&address), "{:#?}", browser.pages());
    let pages = browser.pages();
    let shown = pages.iter().find_map(|page| page.text.split_once("<code>")).expect("a number");
    let number = shown.1.split('<').next().unwrap().to_owned();
    // The terminal is in raw mode, where the key for a new line sends a carriage return.
    terminal.send(&format!("{number}\r")).unwrap();
    terminal.flush().unwrap();
    terminal.exp_string("state: connected").unwrap();
    terminal.exp_eof().unwrap();
    assert_eq!(scene.home.test("crm", &[]).outcome(), "ok - 0");
}
