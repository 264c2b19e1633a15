//! A person types a code on another device.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::Stdio;

use super::{Scene, says};
use crate::support::browser::Browser;
use crate::support::cli::Run;

/// Adds a connection and does something with the address that it shows.
pub fn add(scene: &Scene, name: &str, person: impl FnOnce(&str)) -> Run {
    let line = scene.line(name, "device", "conn-device", &["--flow", "device"]);
    let words: Vec<&str> = line.iter().map(String::as_str).collect();
    let mut command = scene.home.command(&words);
    let streams = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = streams.spawn().unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap());
    let mut err = String::new();
    let address = loop {
        let mut line = String::new();
        assert_ne!(lines.read_line(&mut line).unwrap(), 0, "no address: {err}");
        err.push_str(&line);
        if let Some((_, code)) = line.split_once("user_code=") {
            break format!("{}/device?user_code={}", scene.oidc.url(), code.trim());
        }
    };
    person(&address);
    lines.read_to_string(&mut err).unwrap();
    let output = child.wait_with_output().unwrap();
    Run { code: output.status.code().unwrap_or(-1), out: String::from_utf8(output.stdout).unwrap(), err }
}

#[test]
fn a_code_that_a_person_types_elsewhere_connects_and_the_host_to_visit_is_shown() {
    let Some(scene) = Scene::start(&[]) else { return };
    let Some(browser) = Browser::willing() else { return };
    let run = add(&scene, "crm", |address| assert!(browser.open(address), "{:#?}", browser.pages()));
    let shown = format!("open {}/device and enter the code", scene.oidc.url());
    says(&run, 0, &["whoami ops", "state: connected", &shown]);
    scene.oidc.control("expire");
    assert_eq!(scene.home.test("crm", &[]).outcome(), "ok - 0", "it can be renewed without a person");
    assert_eq!(scene.oidc.count("refresh_token"), 1);
}

#[test]
fn a_person_who_declines_elsewhere_ends_the_wait() {
    let Some(scene) = Scene::start(&[]) else { return };
    let Some(browser) = Browser::denying() else { return };
    let run = add(&scene, "crm", |address| {
        browser.open(address);
    });
    says(&run, 4, &["CONN-OAUTH-CONSENT-DENIED", "access_denied"]);
}

#[test]
fn a_code_that_nobody_types_in_time_is_said_to_have_expired() {
    let Some(scene) = Scene::start(&[("DEVICE_TTL", "1")]) else { return };
    says(&add(&scene, "crm", |_| {}), 4, &["CONN-OAUTH-DEVICE-EXPIRED", "conn connect crm"]);
}
