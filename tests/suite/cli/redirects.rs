//! A credential never follows a redirect to another host, whatever carries it.

use conn::sandbox::Credentials;

use crate::support::site::Site;

/// A method, its plain answers and its secret.
const KINDS: [(&str, &str, &str); 6] = [
    ("key", "", "api_key=env:KEY"),
    ("query", "", "api_key=env:KEY"),
    ("form", "", "api_key=env:KEY"),
    ("bearer", "", "token=env:KEY"),
    ("basic", "--set user=hanako@example.test", "password=env:PASSWORD"),
    ("digest", "--set user=hanako@example.test", "password=env:PASSWORD"),
];

#[test]
fn another_host_gets_no_request_at_all_for_any_kind_and_verb() {
    let site = Site::with(Credentials::generate());
    let control = site.sandbox.control();
    for (method, plain, secret) in KINDS {
        control.heal();
        site.must(&format!("add {method} --connector sandbox --method {method} --set address={{url}} {plain} --secret {secret}"));
        control.fail("other-host").unwrap();
        for line in [
            format!("test {method}"),
            format!("diagnose {method}"),
            format!("connect {method}"),
            format!("request {method} /api/me"),
            format!("reconnect {method} --secret {secret}"),
        ] {
            let outcome = site.run(&line);
            assert!(matches!(outcome.exit, 0 | 6), "{line}: {}\n{}", outcome.exit, outcome.all());
        }
    }
    let seen = site.sandbox.requests();
    assert!(seen.len() > KINDS.len() * 4, "the service itself was asked");
    assert!(seen.iter().all(|request| !request.elsewhere), "nothing reached the other host");
    assert!(seen.iter().all(|request| request.header("referer").is_none()));
}

#[test]
fn a_move_within_the_same_host_is_followed() {
    let site = Site::with(Credentials::generate());
    site.add_crm();
    site.sandbox.control().fail("moved").unwrap();
    site.must("test crm");
    assert!(site.sandbox.requests().iter().any(|request| request.path.starts_with("/v2")));
}

#[test]
fn another_host_is_given_in_one_command_that_tests_it_first() {
    let mut site = Site::with(Credentials::generate());
    site.set("COLUMNS", "250");
    site.add_crm();
    site.sandbox.control().fail("other-host").unwrap();
    let given = format!("--set address=http://localhost:{}", site.sandbox.elsewhere().port());
    for language in ["en", "ja"] {
        let said = site.run(&format!("test crm --lang {language}")).all();
        let line = format!("conn reconnect crm {given}");
        assert!(said.lines().any(|shown| shown.trim() == line), "{line}: {said}");
        let add = format!(
            "add more --connector sandbox --method key --set address={} --secret api_key=env:KEY",
            site.sandbox.url()
        );
        let said = site.run(&format!("{add} --lang {language}")).all();
        let line = format!("conn add more --connector sandbox --method key {given} --secret api_key=env:KEY");
        assert!(said.lines().any(|shown| shown.trim() == line), "{line}: {said}");
    }
}
