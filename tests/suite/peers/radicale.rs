//! Radicale: a service that answers in XML and is asked with PROPFIND.

use crate::support::cli::Home;
use crate::support::radicale::Radicale;

const CONNECTOR: &str = include_str!("../../fixtures/peers/radicale.toml");

fn home(base: &str, password: &str) -> Home {
    let connection = format!(
        "[connections.calendar]\nconnector = \"radicale\"\nvars.base = \"{base}\"\nvars.user = \"ops\"\n\
         secrets.password = \"env:VALUE\"\n"
    );
    Home::with(&format!("{CONNECTOR}\n{connection}")).knowing("VALUE", password)
}

#[test]
fn a_calendar_server_is_tested_refused_and_missed() {
    let Some(radicale) = Radicale::start() else { return };
    let works = home(&radicale.url(), "passwd");
    let run = works.test("calendar", &[]);
    assert_eq!(run.access(), ["own granted", "team denied"], "{run:#?}");
    assert_eq!(run.connection()["verdict"], "forbidden", "{run:#?}");
    let run = home(&radicale.url(), "wrong-one").test("calendar", &[]);
    assert_eq!(run.outcome(), "rejected CONN-AUTH-REJECTED 4", "{run:#?}");
    run.has_steps();
    let state = works.test("calendar", &[]).connection()["state"]["after"].clone();
    drop(radicale);
    let run = works.test("calendar", &[]);
    assert_eq!(run.outcome(), "unreachable CONN-NET-REFUSED 6", "{run:#?}");
    assert_eq!(run.connection()["state"]["after"], state);
}

#[test]
fn a_password_changed_at_the_server_stops_the_connection_until_it_is_given_anew() {
    let Some(radicale) = Radicale::start() else { return };
    let home = home(&radicale.url(), "passwd").knowing("NEW", "another-one");
    assert_eq!(home.test("calendar", &[]).connection()["state"]["after"], "connected");
    radicale.change_password("another-one");
    let run = home.test("calendar", &[]);
    assert_eq!(run.outcome(), "rejected CONN-AUTH-PASSWORD-CHANGED 4", "{run:#?}");
    assert_eq!(run.connection()["state"]["after"], "needs_reconnect");
    let run = home.run(&["request", "calendar", "GET", "/"]);
    assert!(run.code == 4 && run.err.contains("conn reconnect calendar"), "{run:#?}");
    let run = home.run(&["reconnect", "calendar", "--secret", "password=env:NEW", "--format", "json"]);
    assert_eq!(run.connection()["state"]["after"], "connected", "{run:#?}");
    let run = home.run(&["request", "calendar", "GET", "/"]);
    assert!(!run.err.contains("conn reconnect"), "{run:#?}");
}
