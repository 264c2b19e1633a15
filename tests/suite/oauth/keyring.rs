//! Tokens in a real gnome-keyring, read back by a program of others.

use super::{DEFINITION, WEB_SECRET, says};
use crate::support::browser::Browser;
use crate::support::cli::{Home, finish};
use crate::support::desk::Desk;
use crate::support::oidc::Oidc;

#[test]
fn tokens_live_in_the_keyring_from_consent_to_renewal_and_in_no_file() {
    let (Some(desk), Some(oidc), Some(browser)) = (Desk::unlocked(), Oidc::start(&[]), Browser::willing())
    else {
        return;
    };
    let home = Home::with(DEFINITION).knowing("DBUS_SESSION_BUS_ADDRESS", &desk.bus_address());
    let url = format!("url={}", oidc.url());
    let line =
        ["add", "crm", "--connector", "idp", "--method", "web", "--set", &url, "--set", "client_id=conn-web"];
    let mut command =
        home.command(&[&line[..], &["--secret", "client_secret=-", "--flow", "browser"]].concat());
    command.envs(browser.variables());
    says(&finish(command, WEB_SECRET.as_bytes()), 0, &["whoami ops", "state: connected"]);
    let stored = || {
        let found = desk.secret_tool(&["lookup", "service", "conn", "username", "crm"], b"");
        String::from_utf8(found.stdout).unwrap()
    };
    let value = |name| home.run(&["token", "crm", "--parameter", name]).out.trim().to_owned();
    let first = value("refresh_token");
    assert!(stored().contains(&first) && stored().contains(&value("access_token")) && !first.is_empty());
    oidc.control("expire");
    assert_eq!(home.test("crm", &[]).outcome(), "ok - 0");
    let second = value("refresh_token");
    assert!(stored().contains(&second) && !stored().contains(&first), "the rotated one took its place");
    for (path, content) in home.files() {
        let text = String::from_utf8_lossy(&content);
        for secret in [&first, &second, WEB_SECRET] {
            assert!(!text.contains(secret), "{}", path.display());
        }
    }
}
