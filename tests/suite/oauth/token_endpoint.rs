//! A token endpoint and an API as vendors really run them: in trouble, silent about an end, refusing for reasons of
//! their own, and with tokens of any length.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::says;
use crate::support::cli::{Home, Run};
use crate::support::scripted::answer;
use crate::support::vendor::{Asked, Vendor, json};

/// A service with two connections whose tokens go into the vault.
pub const SHOP: &str = r#"
[connectors.shop]
name = "Shop"
base = "{url}/api"
vars.url.label = "Address"
vars.realm = { label = "Realm", pattern = "[0-9]+", from = "callback:realmId" }
test.request = "GET /me"
test.identity.account = "/id"

[[connectors.shop.permissions]]
id = "orders"
label = "Orders"
request = "GET /orders"

[[connectors.shop.permissions]]
id = "people"
label = "People"
request = "GET /people"

[[connectors.shop.rules]]
id = "shop/no-such-team"
when = { status = 401, json = { "/code" = "R008" } }
cause = "CONN-PERM-TENANT"

[[connectors.shop.rules]]
id = "shop/paused"
when = { token_endpoint = true, json = { "/code" = "P1" } }
cause = "CONN-OAUTH-THROTTLED"
retry_after = "15m"

[connectors.shop.auth.person]
kind = "oauth2"
authorize = "{url}/authorize"
token = "{url}/token"
client_auth = "none"
redirect.path = "/callback"
scopes = ["read"]
params.client_id = { label = "Client ID", secret = false }
"#;

/// A vendor, and a home with the connections `crm` and `other` to it.
pub struct Shop {
    pub vendor: Vendor,
    pub home: Home,
    _key: tempfile::TempDir,
}

impl Shop {
    pub fn open(answers: impl Fn(&Asked, usize) -> Vec<u8> + Send + Sync + 'static) -> Self {
        Self::defined(SHOP, answers)
    }

    /// The same with another definition of the service.
    pub fn defined(
        definition: &str,
        answers: impl Fn(&Asked, usize) -> Vec<u8> + Send + Sync + 'static,
    ) -> Self {
        let vendor = Vendor::start(answers);
        let key = tempfile::tempdir().unwrap();
        let connection = |name: &str| {
            format!(
                "[connections.{name}]\nconnector = \"shop\"\nvars.url = \"{}\"\nvars.client_id = \"app\"\n\
                 secrets.access_token = \"vault\"\n",
                vendor.url()
            )
        };
        let home = super::home(&format!("{definition}\n{}{}", connection("crm"), connection("other")), &key);
        Self { vendor, home, _key: key }
    }

    /// Consents, as a person would whose browser ends at this callback, with further words on the second line.
    pub fn consent(&self, name: &str, callback: &str, further: &[&str]) -> Run {
        let begun = self.home.run(&[&["connect", name], further].concat());
        assert_eq!(begun.code, 2, "{begun:#?}");
        let address = url::Url::parse(begun.json()["address"].as_str().unwrap()).unwrap();
        let (_, state) = address.query_pairs().find(|(key, _)| key == "state").unwrap();
        let answer = format!("http://127.0.0.1/callback?{callback}&state={state}");
        self.home.run_with(&["connect", name, "--resume", "-"], &answer)
    }

    /// A connection with the tokens of one consent.
    fn connected(answers: impl Fn(&Asked, usize) -> Vec<u8> + Send + Sync + 'static) -> Self {
        let shop = Self::open(answers);
        says(&shop.consent("crm", "code=c1&realmId=7", &[]), 0, &["whoami ops"]);
        shop
    }

    fn held(&self, name: &str, what: &str) -> String {
        self.home.run(&["token", name, "--parameter", what]).out.trim().to_owned()
    }
}

/// Tokens that end with a number, and never by time.
fn tokens(number: usize) -> Vec<u8> {
    json("200 OK", &format!(r#"{{"access_token":"access-{number}","refresh_token":"refresh-{number}"}}"#))
}

/// The API, for one who is known.
fn me() -> Vec<u8> {
    json("200 OK", r#"{"id":"ops"}"#)
}

fn refused() -> Vec<u8> {
    json("401 Unauthorized", r#"{"error":"invalid_token"}"#)
}

/// Grants each token request, and lets only `access-0` into the API until it has ended.
fn ending(ended: &Arc<AtomicBool>) -> impl Fn(&Asked, usize) -> Vec<u8> + Send + Sync + use<> {
    let ended = Arc::clone(ended);
    move |asked, before| match asked.path.as_str() {
        "/token" => tokens(before),
        _ if ended.load(Ordering::SeqCst) && asked.header("authorization") == Some("Bearer access-0") => {
            refused()
        }
        _ => me(),
    }
}

#[test]
fn a_token_endpoint_in_trouble_is_asked_once_and_neither_shuts_a_connection_nor_costs_its_tokens() {
    let ended = Arc::new(AtomicBool::new(false));
    let page = b"<!doctype html><title>Just a moment...</title><p>Checking your browser</p>";
    let html = "Content-Type: text/html\r\n";
    for trouble in [
        json("500 Internal Server Error", r#"{"error":"server_error"}"#),
        answer("502 Bad Gateway", html, b"<h1>502 Bad Gateway</h1>"),
        answer("503 Service Unavailable", "Retry-After: 30\r\n", b""),
        answer("429 Too Many Requests", "Retry-After: 30\r\n", b""),
        answer("403 Forbidden", &format!("{html}Server: cloudflare\r\ncf-mitigated: challenge\r\n"), page),
        answer("200 OK", html, b"<h1>Down for maintenance</h1>"),
    ] {
        ended.store(false, Ordering::SeqCst);
        let well = Arc::new(AtomicBool::new(true));
        let (good, sick, is_well) = (ending(&ended), trouble.clone(), Arc::clone(&well));
        let shop = Shop::connected(move |asked, before| {
            if asked.path == "/token" && !is_well.load(Ordering::SeqCst) {
                sick.clone()
            } else {
                good(asked, before)
            }
        });
        ended.store(true, Ordering::SeqCst);
        well.store(false, Ordering::SeqCst);
        let shown = String::from_utf8_lossy(&trouble).into_owned();
        let run = shop.home.test("crm", &[]);
        assert_ne!(run.code, 4, "{shown}: {run:#?}");
        assert_ne!(run.code, 0, "{shown}: {run:#?}");
        assert_eq!(run.connection()["state"]["after"], "connected", "{shown}: {run:#?}");
        assert_eq!(shop.vendor.at("/token").len(), 2, "{shown}: one renewal, not repeated");
        assert_eq!(shop.held("crm", "refresh_token"), "refresh-0");
        well.store(true, Ordering::SeqCst);
        assert_eq!(shop.home.test("crm", &[]).outcome(), "ok - 0", "{shown}");
    }
}

#[test]
fn a_refusal_by_name_shuts_the_connection_and_an_unknown_name_is_shown() {
    for (error, shut) in [("invalid_grant", true), ("moon_in_the_wrong_phase", false)] {
        let ended = Arc::new(AtomicBool::new(false));
        let good = ending(&ended);
        let body = format!(r#"{{"error":"{error}","error_description":"as it is"}}"#);
        let shop = Shop::connected(move |asked, before| {
            if asked.path == "/token" && before > 0 {
                json("400 Bad Request", &body)
            } else {
                good(asked, before)
            }
        });
        ended.store(true, Ordering::SeqCst);
        let run = shop.home.test("crm", &[]);
        let after = if shut { "needs_reconnect" } else { "connected" };
        assert_eq!(run.connection()["state"]["after"], after, "{run:#?}");
        assert!(run.out.contains(error), "{run:#?}");
        run.has_steps();
        // What is stored is never thrown away by a refusal.
        assert!(shop.home.files().iter().any(|(path, _)| path.to_string_lossy().contains("vault")));
        assert_eq!(shop.vendor.at("/token").len(), 2);
    }
}

#[test]
fn tokens_that_somebody_else_stored_meanwhile_are_taken_and_the_refusal_of_ours_is_no_verdict() {
    let ended = Arc::new(AtomicBool::new(false));
    let good = ending(&ended);
    // The vault with newer tokens, as somebody on another machine writes it into a shared folder.
    let swap: Arc<std::sync::Mutex<Option<(std::path::PathBuf, Vec<u8>)>>> = Arc::default();
    let other = Arc::clone(&swap);
    let shop = Shop::connected(move |asked, before| {
        if asked.path == "/token"
            && let Some((path, newer)) = other.lock().unwrap().take()
        {
            std::fs::write(path, newer).unwrap();
            return json("400 Bad Request", r#"{"error":"invalid_grant"}"#);
        }
        good(asked, before)
    });
    let vault = || {
        let files = shop.home.files();
        let found = files.into_iter().find(|(path, _)| path.ends_with("state/vault.json"));
        found.unwrap_or_else(|| {
            panic!("{:?}", shop.home.files().iter().map(|f| f.0.clone()).collect::<Vec<_>>())
        })
    };
    let (path, before) = vault();
    ended.store(true, Ordering::SeqCst);
    assert_eq!(shop.home.test("crm", &[]).outcome(), "ok - 0");
    let (_, newer) = vault();
    std::fs::write(&path, before).unwrap();
    *swap.lock().unwrap() = Some((path, newer));
    let run = shop.home.test("crm", &[]);
    assert_eq!(run.outcome(), "ok - 0", "{run:#?}");
    assert!(swap.lock().unwrap().is_none(), "the refusal was given");
    assert_eq!(shop.held("crm", "refresh_token"), "refresh-1");
}

#[test]
fn without_a_word_about_the_end_a_token_is_used_until_it_is_refused_and_then_renewed_once_for_all_requests() {
    let ended = Arc::new(AtomicBool::new(false));
    let shop = Shop::connected(ending(&ended));
    assert_eq!(shop.home.test("crm", &[]).outcome(), "ok - 0");
    assert_eq!(shop.vendor.at("/token").len(), 1);
    ended.store(true, Ordering::SeqCst);
    let run = shop.home.test("crm", &[]);
    assert_eq!((run.outcome().as_str(), run.access().len()), ("ok - 0", 2), "{run:#?}");
    assert_eq!(shop.vendor.at("/token").len(), 2, "test request and permissions share one renewal");
}

#[test]
fn an_api_that_refuses_every_token_costs_one_renewal_and_one_repetition() {
    let ended = Arc::new(AtomicBool::new(false));
    let end = Arc::clone(&ended);
    let shop = Shop::connected(move |asked, before| match asked.path.as_str() {
        "/token" => tokens(before),
        _ if end.load(Ordering::SeqCst) => refused(),
        _ => me(),
    });
    let before = shop.vendor.at("/api/me").len();
    ended.store(true, Ordering::SeqCst);
    let run = shop.home.run(&["request", "crm", "/me"]);
    assert_ne!(run.code, 0, "{run:#?}");
    assert_eq!((shop.vendor.at("/token").len(), shop.vendor.at("/api/me").len() - before), (2, 2));
    let run = shop.home.test("crm", &[]);
    assert_ne!(run.code, 0, "{run:#?}");
    assert!(shop.vendor.at("/token").len() <= 3 && shop.vendor.at("/api/me").len() - before <= 4, "{run:#?}");
}

#[test]
fn a_401_that_says_something_else_is_judged_by_its_own_word() {
    let ended = Arc::new(AtomicBool::new(false));
    let end = Arc::clone(&ended);
    let shop = Shop::connected(move |asked, before| match asked.path.as_str() {
        "/token" => tokens(before),
        "/api/me" if end.load(Ordering::SeqCst) => json("401 Unauthorized", r#"{"code":"R008"}"#),
        _ => me(),
    });
    ended.store(true, Ordering::SeqCst);
    let run = shop.home.test("crm", &[]);
    assert_eq!(run.connection()["findings"][0]["code"], "CONN-PERM-TENANT", "{run:#?}");
    assert_eq!(run.connection()["state"]["after"], "connected", "{run:#?}");
    assert!(shop.vendor.at("/token").len() <= 2, "{run:#?}");
}

#[test]
fn a_rule_for_the_token_endpoint_judges_its_answers_and_no_others() {
    let ended = Arc::new(AtomicBool::new(false));
    let (end, good) = (Arc::clone(&ended), ending(&ended));
    let shop = Shop::connected(move |asked, before| match asked.path.as_str() {
        "/token" if end.load(Ordering::SeqCst) => json("200 OK", r#"{"success":false,"code":"P1"}"#),
        "/api/people" if before > 0 => json("403 Forbidden", r#"{"code":"P1"}"#),
        _ => good(asked, before),
    });
    let denied = shop.home.test("crm", &[]);
    assert_eq!(denied.connection()["findings"][0]["code"], "CONN-PERM-RESOURCE", "{denied:#?}");
    ended.store(true, Ordering::SeqCst);
    let run = shop.home.test("crm", &[]);
    assert_eq!(run.outcome(), "throttled CONN-OAUTH-THROTTLED 3", "{run:#?}");
    assert_eq!(run.connection()["state"]["after"], "connected", "{run:#?}");
    assert!(run.connection()["findings"][0]["retry"]["at"].is_string(), "{run:#?}");
}

#[test]
fn a_token_may_be_as_long_as_the_service_likes_and_every_request_names_its_program() {
    let long: Vec<String> = (0..1800).map(|number| format!("{number:05}")).collect();
    let long = long.concat();
    let body = format!(r#"{{"access_token":"a{long}","refresh_token":"r{long}","expires_in":"3600"}}"#);
    let shop =
        Shop::connected(move |asked, _| if asked.path == "/token" { json("200 OK", &body) } else { me() });
    assert_eq!(shop.home.test("crm", &[]).outcome(), "ok - 0");
    assert_eq!(
        (shop.held("crm", "access_token").len(), shop.held("crm", "refresh_token").len()),
        (9001, 9001)
    );
    for asked in shop.vendor.heard() {
        assert!(asked.header("user-agent").is_some_and(|agent| agent.starts_with("conn/")), "{asked:#?}");
    }
}

#[test]
fn a_code_that_has_ended_is_told_in_words_with_the_way_to_begin_again() {
    let shop = Shop::open(|asked, _| {
        if asked.path == "/token" {
            json("400 Bad Request", r#"{"error":"invalid_grant","error_description":"code has expired"}"#)
        } else {
            me()
        }
    });
    let run = shop.consent("crm", "code=late", &[]);
    says(&run, 4, &["CONN-OAUTH-CODE-EXPIRED", "conn connect crm"]);
    assert!(!run.out.contains("{\"error\""), "{run:#?}");
    assert_eq!(shop.vendor.at("/token").len(), 1);
}

#[test]
fn a_reconnect_keeps_what_was_chosen_and_a_renewal_touches_no_other_connection() {
    let ended = Arc::new(AtomicBool::new(false));
    let shop = Shop::open(ending(&ended));
    for name in ["crm", "other"] {
        says(
            &shop.consent(name, "code=c&realmId=42", &["--scope", "read", "--scope", "write"]),
            0,
            &["whoami ops"],
        );
    }
    let (file, other) =
        (std::fs::read_to_string(shop.home.definitions()).unwrap(), shop.held("other", "access_token"));
    let sent = shop.vendor.at("/token").len();
    for _ in 0..2 {
        assert_eq!(shop.home.run(&["test", "--all"]).code, 0);
    }
    assert_eq!(shop.vendor.at("/token").len(), sent, "what works is not renewed");
    ended.store(true, Ordering::SeqCst);
    says(&shop.home.run(&["reconnect", "crm"]), 0, &["connected"]);
    let last = shop.vendor.at("/token").pop().unwrap();
    assert_eq!(last.field("refresh_token").as_deref(), Some("refresh-0"), "its own refresh token: {last:#?}");
    assert_eq!(std::fs::read_to_string(shop.home.definitions()).unwrap(), file);
    assert_eq!(
        (shop.held("other", "access_token"), shop.held("other", "refresh_token")),
        (other, "refresh-1".into())
    );
    assert_eq!(shop.held("crm", "refresh_token"), "refresh-2");
    let shown = shop.home.run(&["show", "crm"]).out;
    assert!(shown.contains("read write"), "{shown}");
}

#[test]
fn token_requests_go_through_the_proxy_of_this_run_like_all_others() {
    let proxy = Vendor::start(|_, _| {
        answer("407 Proxy Authentication Required", "Proxy-Authenticate: Basic\r\n", b"")
    });
    let definition = "[connectors.far]\nname = \"Far\"\nbase = \"https://api.far.test\"\ntest.request = \"GET /me\"\n\
        [connectors.far.auth.machine]\nkind = \"oauth2\"\ngrant = \"client_credentials\"\n\
        token = \"https://idp.far.test/token\"\nclient_auth = \"basic\"\n\
        [connections.crm]\nconnector = \"far\"\nvars.client_id = \"app\"\nsecrets.client_secret = \"env:WEB\"\n";
    let key = tempfile::tempdir().unwrap();
    let home = super::home(definition, &key).knowing("HTTPS_PROXY", &proxy.url());
    let run = home.test("crm", &[]);
    assert_eq!(run.code, 6, "{run:#?}");
    assert!(
        proxy.heard().iter().any(|asked| asked.head.starts_with("CONNECT idp.far.test:443 ")),
        "{run:#?}"
    );
}
