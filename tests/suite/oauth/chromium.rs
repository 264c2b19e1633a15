//! The whole program with a real browser: a person in Chromium consents, declines, and types a code of a device.

use std::time::{Duration, Instant};

use super::device::add;
use super::{Scene, says};
use crate::support::browser::Browser;

/// The address of the page with these words. conn ends once it has given the page out; Chromium shows it a moment later.
fn shown(browser: &Browser, words: &str) -> String {
    let start = Instant::now();
    loop {
        let pages = browser.pages();
        if let Some(page) = pages.iter().find(|page| page.text.contains(words)) {
            return page.address.clone();
        }
        assert!(start.elapsed() < Duration::from_secs(30), "no {words}: {pages:#?}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn a_person_in_chromium_declines_at_first_and_consents_then() {
    let Some(scene) = Scene::start(&[]) else { return };
    let Some(browser) = Browser::chromium() else { return };
    let browser = browser.knowing("BROWSE_DENY", "1");
    says(&scene.add_web("crm", &browser), 4, &["CONN-OAUTH-CONSENT-DENIED", "conn connect crm"]);
    shown(&browser, "Not connected");
    let Some(browser) = Browser::chromium() else { return };
    let run = scene.browse(&["connect", "crm", "--flow", "browser"], &browser);
    says(&run, 0, &["whoami ops"]);
    assert!(!shown(&browser, "Connected").contains("code="));
}

#[test]
fn a_person_in_chromium_lets_a_device_in_or_not() {
    let Some(scene) = Scene::start(&[]) else { return };
    let Some(willing) = Browser::chromium() else { return };
    let run = add(&scene, "crm", |address| assert!(willing.open(address), "{:#?}", willing.pages()));
    says(&run, 0, &["whoami ops", "state: connected"]);
    let Some(denying) = Browser::chromium() else { return };
    let denying = denying.knowing("BROWSE_DENY", "1");
    let run = add(&scene, "other", |address| {
        denying.open(address);
    });
    says(&run, 4, &["CONN-OAUTH-CONSENT-DENIED", "access_denied"]);
}
