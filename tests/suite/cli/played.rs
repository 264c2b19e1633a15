//! Services of different kinds, played by the sandbox from their own sample answers: found, added, tested, and seen
//! to fail, as a newcomer would do it.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Stdio};

use conn::sandbox::Credentials;

use crate::support::site::Site;

/// Each service with the arguments of `conn add`, and who the played service says we are.
const KINDS: &[(&str, &str, &str)] = &[
    ("slack", "--method token --secret token=env:SLACK", "Acme"),
    ("chatwork", "--method token --secret api_token=env:KEY", "Acme"),
    ("backlog", "--method key --set space=acme --secret api_key=env:KEY", ""),
    (
        "twilio",
        "--method token --set account_sid=AC0123456789abcdef0123456789abcdef --secret auth_token=env:KEY",
        "Acme",
    ),
    ("zendesk", "--set subdomain=acme --set email=sato@example.com --secret api_token=env:KEY", ""),
];

struct Served(Child);

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A sandbox that plays the services, and the definitions that it prints.
fn serve(site: &Site) -> (Served, String) {
    let ids: Vec<&str> = KINDS.iter().map(|(id, _, _)| *id).collect();
    let mut command = site.command(&format!("demo --serve --port 0 --service {}", ids.join(",")));
    let mut child = Served(command.stdout(Stdio::piped()).spawn().unwrap());
    let mut definitions = String::new();
    for line in BufReader::new(child.0.stdout.take().unwrap()).lines() {
        let line = line.unwrap();
        if line.starts_with("  [") || line.contains(" = ") {
            definitions += &format!("{}\n", line.trim());
        }
        if line.starts_with("Ctrl-C") {
            break;
        }
    }
    (child, definitions)
}

#[test]
fn five_services_of_different_kinds_are_added_and_tested_against_their_own_answers() {
    let mut site = Site::with(Credentials::demo());
    site.set("KEY", "abcdef0123456789abcdef0123456789");
    site.set("SLACK", "xoxb-123456-abcdefgh");
    let (_served, definitions) = serve(&site);
    std::fs::create_dir_all(site.definition_file().parent().unwrap()).unwrap();
    std::fs::write(site.definition_file(), &definitions).unwrap();
    for (id, arguments, who) in KINDS {
        let found = site.must(&format!("connectors search {id}"));
        assert!(found.stdout.contains(id), "{}", found.stdout);
        let added = site.must(&format!("add {id} --connector {id}-played {arguments}"));
        assert!(added.stdout.contains("✓ ") && added.stdout.contains(who), "{id}: {}", added.stdout);
        assert!(!added.stdout.contains('✗'), "{id}: {}", added.stdout);
    }
    let tested = site.must("test --all --format json");
    assert_eq!(tested.stdout.matches("\"verdict\": \"ok\"").count(), KINDS.len(), "{}", tested.stdout);

    let failing = site.definitions().replace("services/slack\"", "services/slack/as/CONN-AUTH-KEY-ROTATED\"");
    let failing = failing.replace("services/backlog\"", "services/backlog/as/CONN-PERM-PLAN\"");
    std::fs::write(site.definition_file(), failing).unwrap();
    for (id, code, exit) in [("slack", "CONN-AUTH-KEY-ROTATED", 4), ("backlog", "CONN-PERM-PLAN", 1)] {
        for language in ["en", "ja"] {
            let failed = site.run(&format!("test {id} --lang {language}"));
            assert!(
                failed.exit == exit && failed.stdout.contains(code),
                "{id} {}: {}",
                failed.exit,
                failed.all()
            );
        }
    }
}

#[test]
fn a_service_of_which_too_little_is_known_or_that_does_not_exist_is_not_played() {
    let site = Site::with(Credentials::demo());
    let unknown = site.run("demo --serve --port 0 --service slak");
    assert!(unknown.exit == 5 && unknown.stderr.contains("slak"), "{} {}", unknown.exit, unknown.all());
    let walk = site.run("demo --service slack");
    assert!(walk.exit == 2 && walk.stderr.contains("--serve"), "{}", walk.all());
}
