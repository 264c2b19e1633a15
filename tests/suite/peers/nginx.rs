//! An API behind nginx with TLS, reached directly and through squid.

use crate::support::certificate::{Authority, Identity};
use crate::support::cli::{Home, Run};
use crate::support::nginx::Nginx;
use crate::support::squid::Squid;

pub const GATEWAY: &str = include_str!("../../fixtures/peers/gateway.toml");
/// What nginx knows: two keys of one account, and one that may not see the orders.
pub const AROUND: &str = r#"
    map $http_x_api_key $account {
      default ""; "key-old-0123456789" acme; "key-new-0123456789" acme; "key-reader-0123456" reader;
    }
    limit_req_zone $binary_remote_addr zone=few:1m rate=1r/m;
"#;
pub const API: &str = r#"
    default_type application/json;
    location = /me {
      if ($account = "") { return 401 '{"error":{"code":"unknown_key","message":"no such key"}}'; }
      return 200 '{"account":"$account"}';
    }
    location = /orders {
      if ($account = "reader") { return 403 '{"error":{"code":"not_yours","message":"no right to read orders"}}'; }
      return 200 '{"orders":[]}';
    }
    location = /door { auth_basic "the door"; auth_basic_user_file users; try_files /none @door; }
    location @door { return 200 '{"account":"$remote_user"}'; }
    location = /few { limit_req zone=few; limit_req_status 429; try_files /none @few; }
    location = /busy { limit_req zone=few; limit_req_status 503; try_files /none @few; }
    location @few { return 200 '{"account":"acme"}'; }
"#;
const KEY: &str = "key-old-0123456789";

fn connection(base: &str, lines: &str) -> String {
    format!("[connections.it]\nconnector = \"gateway\"\nvars.base = \"{base}\"\n{lines}\n")
}

/// A connection with a key.
fn keyed(base: &str, lines: &str) -> Home {
    let lines = format!("method = \"key\"\nsecrets.api_key = \"env:VALUE\"\n{lines}");
    Home::with(&format!("{GATEWAY}\n{}", connection(base, &lines))).knowing("VALUE", KEY)
}

fn root() -> Authority {
    Authority::root("conn tests", "Test Root")
}

fn trusted(home: &Home, root: &Authority, verb: &str) -> Run {
    let file = root.file();
    home.run(&[verb, "it", "--format", "json", "--cacert", file.to_str().unwrap()])
}

#[test]
fn a_good_path_shows_its_certificate_and_a_right_that_is_missing_shows_in_its_row() {
    let root = root();
    let Some(nginx) = Nginx::with(&root.good(), AROUND, API) else { return };
    let base = format!("https://localhost:{}", nginx.port);
    let home = keyed(&base, "");
    let run = trusted(&home, &root, "test");
    assert_eq!((run.outcome().as_str(), run.access()), ("ok - 0", vec!["orders granted".into()]), "{run:#?}");
    let run = trusted(&home, &root, "diagnose");
    let expected = ["dns", "connect", "proxy", "tls", "http"];
    let stages = run.stages();
    assert!(expected.iter().all(|id| stages.iter().any(|stage| stage.starts_with(id))), "{stages:?}");
    let stages = run.connection()["stages"].clone();
    let tls = stages.as_array().unwrap().iter().find(|stage| stage["id"] == "tls").unwrap().clone();
    assert_eq!(tls["status"], "ok");
    let words = tls.to_string();
    assert!(words.contains("Test Root"), "{words}");
    let home = home.knowing("VALUE", "key-reader-0123456");
    let run = trusted(&home, &root, "test");
    assert_eq!(run.access(), ["orders denied"], "{run:#?}");
    assert_eq!((run.code, run.connection()["verdict"].as_str().unwrap()), (1, "forbidden"), "{run:#?}");
}

#[test]
fn a_wrong_key_and_a_wrong_password_at_the_door_are_rejected() {
    let root = root();
    let Some(nginx) = Nginx::with(&root.good(), AROUND, API) else { return };
    let base = format!("https://127.0.0.1:{}", nginx.port);
    let run = trusted(&keyed(&base, "").knowing("VALUE", "key-wrong-01234567"), &root, "test");
    assert_eq!(run.outcome(), "rejected CONN-AUTH-REJECTED 4", "{run:#?}");
    assert_eq!(run.connection()["findings"][0]["vendor"]["code"], "unknown_key");
    let lines =
        "method = \"basic\"\nvars.page = \"door\"\nvars.user = \"ops\"\nsecrets.password = \"env:VALUE\"";
    for (password, expected) in [("passwd", "ok - 0"), ("wrong-one", "rejected CONN-AUTH-REJECTED 4")] {
        let home = Home::with(&format!("{GATEWAY}\n{}", connection(&base, lines))).knowing("VALUE", password);
        let run = trusted(&home, &root, "test");
        assert_eq!(run.outcome(), expected, "{run:#?}");
    }
}

#[test]
fn each_bad_certificate_has_its_own_name_and_sends_nothing() {
    let root = root();
    let expired = root.issue(|params| {
        params.not_before = rcgen::date_time_ymd(2020, 1, 1);
        params.not_after = rcgen::date_time_ymd(2021, 1, 1);
    });
    let early = root.issue(|params| params.not_before = rcgen::date_time_ymd(2090, 1, 1));
    let other = root.issue(|params| {
        params.subject_alt_names = vec![rcgen::SanType::DnsName("other.test".try_into().unwrap())];
    });
    for (identity, authority, expected) in [
        (&expired, Some(&root), "unreachable CONN-TLS-EXPIRED 6"),
        (&early, Some(&root), "unreachable CONN-TLS-NOT-YET-VALID 6"),
        (&other, Some(&root), "unreachable CONN-TLS-HOSTNAME 6"),
        (&root.good(), None, "unreachable CONN-TLS-UNKNOWN-CA 6"),
        (&Identity::self_signed(), Some(&root), "unreachable CONN-TLS-SELF-SIGNED 6"),
    ] {
        let Some(nginx) = Nginx::with(identity, AROUND, API) else { return };
        let home = keyed(&format!("https://localhost:{}", nginx.port), "");
        let run = match authority {
            Some(root) => trusted(&home, root, "test"),
            None => home.test("it", &[]),
        };
        assert_eq!(run.outcome(), expected, "{run:#?}");
        assert!(run.stages().contains(&"tls failed".to_owned()), "{:?}", run.stages());
        assert!(run.stages().contains(&"http not_reached".to_owned()), "{:?}", run.stages());
        assert_eq!(run.connection()["state"]["after"], "pending");
        run.has_steps();
    }
}

#[test]
fn a_server_that_wants_a_client_certificate_says_so() {
    let root = root();
    let clients = Authority::root("conn tests", "Client Root");
    let file = clients.file();
    let asks = format!("ssl_verify_client on; ssl_client_certificate {};{API}", file.display());
    let Some(nginx) = Nginx::with(&root.good(), AROUND, &asks) else { return };
    let run = trusted(&keyed(&format!("https://localhost:{}", nginx.port), ""), &root, "test");
    assert!(run.outcome().contains("CONN-TLS-CLIENT-CERT "), "{run:#?}");
    assert_eq!(run.code, 6);
}

#[test]
fn plain_http_at_the_https_port_is_told_from_a_bad_request_and_is_never_sent_elsewhere() {
    let root = root();
    let Some(nginx) = Nginx::with(&root.good(), AROUND, API) else { return };
    let run = trusted(&keyed(&format!("http://127.0.0.1:{}", nginx.port), ""), &root, "test");
    assert!(run.outcome().contains("CONN-HTTP-CLEARTEXT"), "{run:#?}");
    let run = keyed("http://api.test:8080", "").test("it", &[]);
    assert_eq!(run.outcome(), "local_setup CONN-CFG-HOST-INSECURE 5", "{run:#?}");
    assert_eq!(run.connection()["requests_used"], 0);
}

#[test]
fn a_limit_of_the_server_throttles_and_leaves_the_state() {
    let root = root();
    let Some(nginx) = Nginx::with(&root.good(), AROUND, API) else { return };
    let base = format!("https://localhost:{}", nginx.port);
    let first = trusted(&keyed(&base, "vars.page = \"few\""), &root, "test");
    assert_eq!(first.outcome(), "ok - 0", "{first:#?}");
    for (page, expected) in
        [("few", "throttled CONN-RATE-UNKNOWN 3"), ("busy", "provider_down CONN-VEND-OVERLOAD 3")]
    {
        let run = trusted(&keyed(&base, &format!("vars.page = \"{page}\"")), &root, "test");
        assert_eq!(run.outcome(), expected, "{run:#?}");
        assert_eq!(run.connection()["state"]["after"], "pending");
    }
}

#[test]
fn through_squid_the_proxy_is_used_asked_for_a_login_and_believed_when_it_denies() {
    let root = root();
    let Some(nginx) = Nginx::with(&root.good(), AROUND, API) else { return };
    let Some(squid) = Squid::start() else { return };
    let open = format!("http://127.0.0.1:{}", squid.open);
    let guarded = format!("http://127.0.0.1:{}", squid.guarded);
    let login = format!("http://user:marker-0123456789@127.0.0.1:{}", squid.guarded);
    for (proxy, host, expected) in [
        (&open, "api.test", "ok - 0"),
        (&login, "api.test", "ok - 0"),
        (&guarded, "api.test", "unreachable CONN-PXY-AUTH 6"),
        (&open, "denied.test", "unreachable CONN-PXY-DENIED 6"),
    ] {
        let home = keyed(&format!("https://{host}:{}", nginx.port), "").knowing("HTTPS_PROXY", proxy);
        let run = trusted(&home, &root, "test");
        assert_eq!(run.outcome(), expected, "{proxy} {host}: {run:#?}");
        let run = trusted(&home, &root, "diagnose");
        assert_eq!(run.outcome(), expected, "{proxy} {host}: {run:#?}");
        let proxied = if expected == "ok - 0" { "proxy ok" } else { "proxy failed" };
        assert!(run.stages().contains(&proxied.to_owned()), "{:?}", run.stages());
        assert!(!format!("{run:?}").contains("marker-0123456789"));
    }
    let file = root.file();
    let stopped = keyed(&format!("https://api.test:{}", nginx.port), "");
    let run = stopped.test("it", &["--proxy", &open, "--cacert", file.to_str().unwrap()]);
    assert_eq!(run.outcome(), "ok - 0", "{run:#?}");
    drop(squid);
    let run = stopped.test("it", &["--proxy", &open]);
    assert_eq!(run.outcome(), "unreachable CONN-PXY-UNREACHABLE 6", "{run:#?}");
}
