//! Services of different kinds, played by the sandbox from their own sample answers: found, added, tested, and seen
//! to fail, as a newcomer would do it.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
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
fn serve(site: &Site, ids: &[&str]) -> (Served, String) {
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
    let ids: Vec<&str> = KINDS.iter().map(|(id, _, _)| *id).collect();
    let _served = played(&site, &ids);
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

/// The same, with the definitions in their place.
fn played(site: &Site, ids: &[&str]) -> Served {
    let (served, definitions) = serve(site, ids);
    std::fs::create_dir_all(site.definition_file().parent().unwrap()).unwrap();
    std::fs::write(site.definition_file(), &definitions).unwrap();
    served
}

/// The hosts to which a connection may send anything; all of them must be this machine.
fn stays_here(site: &Site, link_name: &str) {
    let shown: serde_json::Value =
        serde_json::from_str(&site.must(&format!("show {link_name} --format json")).stdout).unwrap();
    let hosts: Vec<&str> =
        shown["hosts"].as_array().unwrap().iter().filter_map(|host| host.as_str()).collect();
    assert!(!hosts.is_empty() && hosts.iter().all(|host| host.starts_with("127.0.0.1")), "{hosts:?}");
}

/// Where a browser ends that opens an address.
fn opened(address: &str) -> String {
    let url = url::Url::parse(address).unwrap();
    let host = format!("{}:{}", url.host_str().unwrap(), url.port().unwrap());
    let mut stream = std::net::TcpStream::connect(&host).unwrap();
    let target = &url[url::Position::BeforePath..];
    write!(stream, "GET {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let location = answer.lines().find_map(|line| line.strip_prefix("location: "));
    location.unwrap_or_else(|| panic!("{answer}")).trim().to_owned()
}

#[test]
fn a_played_service_gives_tokens_itself_and_the_secret_of_a_client_stays_on_this_machine() {
    let mut site = Site::with(Credentials::demo());
    site.set("SECRET", "EFabcdef0123456789abcdef0123456789");
    site.set("CONN_VAULT_PASSPHRASE", "a-passphrase");
    let _served = played(&site, &["paypal", "zoho-desk"]);

    let arguments =
        "--connector paypal-played --set client_id=AZ0123456789 --secret client_secret=env:SECRET";
    let added = site.must(&format!("add pay {arguments}"));
    assert!(added.stdout.contains("✓ "), "{}", added.all());
    stays_here(&site, "pay");

    let arguments =
        "--connector zoho-desk-played --set client_id=1000.ABC123 --secret client_secret=env:SECRET";
    let added = site.run(&format!("add desk {arguments} --store vault"));
    assert!(added.exit == 0 || added.exit == 2, "{}", added.all());
    stays_here(&site, "desk");
    let asked = site.run("connect desk");
    assert_eq!(asked.exit, 2, "{}", asked.all());
    let question: serde_json::Value = serde_json::from_str(&asked.stdout).unwrap();
    let address = question["address"].as_str().unwrap();
    assert!(address.starts_with("http://127.0.0.1:"), "{address}");
    let connected = site.must(&format!("connect desk --resume {}", opened(address)));
    assert!(connected.stdout.contains("✓ "), "{}", connected.all());
    stays_here(&site, "desk");
    for language in ["en", "ja"] {
        let tested = site.must(&format!("test --all --lang {language} --format json"));
        assert_eq!(tested.stdout.matches("\"verdict\": \"ok\"").count(), 2, "{}", tested.stdout);
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
