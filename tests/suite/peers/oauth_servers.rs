//! The servers that give tokens, driven without conn: what other tests rely on is so.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::json;
use sha2::{Digest as _, Sha256};

use crate::support::browser::Browser;
use crate::support::http::{self, Answer};
use crate::support::oauth_servers::{OauthServer, script};
use crate::support::oidc::Oidc;
use crate::support::scripted::{Script, Scripted, answer};

const WEB: Option<(&str, &str)> = Some(("conn-web", "web-secret-0123456789"));
const MACHINE: Option<(&str, &str)> = Some(("conn-machine", "machine-secret-0123456789"));
const ODD: (&str, &str) = ("conn-odd", "odd+secret/with %and:more=");
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

fn bearer(port: u16, path: &str, token: &str) -> Answer {
    http::get(port, path, &[("Authorization", &format!("Bearer {token}"))])
}

fn listener() -> Scripted {
    Scripted::start(Script::says(answer("200 OK", "Referrer-Policy: no-referrer\r\n", b"done")))
}

fn authorization(oidc: &Oidc, callback: &str) -> String {
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER));
    let parameters = [
        ("response_type", "code"),
        ("client_id", "conn-web"),
        ("redirect_uri", callback),
        ("scope", "openid read write"),
        ("state", "state-0123456789"),
        ("code_challenge", &challenge),
        ("code_challenge_method", "S256"),
    ];
    url::Url::parse_with_params(&format!("{}/auth", oidc.url()), parameters).unwrap().into()
}

/// A parameter of the first callback.
fn parameter(listener: &Scripted, name: &str) -> Option<String> {
    let heard = listener.heard();
    let path = heard.first()?.split(' ').nth(1)?;
    let url = listener.url("http", path);
    url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

/// The answer to a code that a browser brought.
fn consented(oidc: &Oidc, browser: &Browser) -> Answer {
    let listener = listener();
    let callback = listener.url("http", "/callback").to_string();
    assert!(browser.open(&authorization(oidc, &callback)), "{:#?}", browser.pages());
    assert_eq!(parameter(&listener, "state").as_deref(), Some("state-0123456789"));
    assert_eq!(parameter(&listener, "iss"), Some(oidc.url()));
    let code = parameter(&listener, "code").unwrap();
    let form = [
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("redirect_uri", &callback),
        ("code_verifier", VERIFIER),
    ];
    oidc.token(WEB, &form)
}

fn refreshed(oidc: &Oidc, token: &str) -> Answer {
    oidc.token(WEB, &[("grant_type", "refresh_token"), ("refresh_token", token)])
}

#[test]
fn metadata_names_what_the_server_offers_and_a_machine_gets_a_token() {
    let Some(oidc) = Oidc::get() else { return };
    let metadata = http::get(oidc.port, "/.well-known/openid-configuration", &[]);
    assert_eq!(metadata.text("issuer"), oidc.url());
    for endpoint in ["authorization", "device_authorization", "token", "revocation", "registration"] {
        assert!(metadata.text(&format!("{endpoint}_endpoint")).starts_with(&oidc.url()));
    }
    let token = oidc.token(MACHINE, &[("grant_type", "client_credentials"), ("scope", "read")]);
    let me = bearer(oidc.port, "/api/me", &token.text("access_token"));
    assert_eq!((me.text("sub"), me.text("scope")), ("conn-machine".into(), "read".into()));
    let orders = bearer(oidc.port, "/api/orders", &token.text("access_token"));
    assert!(orders.status == 403 && orders.head.contains("insufficient_scope"), "{orders:#?}");
    let nobody = http::get(oidc.port, "/api/me", &[]);
    assert!(nobody.status == 401 && nobody.head.contains("Bearer realm"), "{nobody:#?}");
}

#[test]
fn a_person_consents_refresh_tokens_rotate_and_an_old_one_ends_the_grant() {
    let Some(oidc) = Oidc::start(&[]) else { return };
    let Some(browser) = Browser::willing() else { return };
    let first = consented(&oidc, &browser);
    let pages = browser.pages();
    assert!(pages[0].address.contains("/auth?") && pages[0].status == 303, "{pages:#?}");
    assert!(pages[1].text.contains("Log in"), "{pages:#?}");
    let [.., back, icon] = pages.as_slice() else { panic!("{pages:#?}") };
    assert!(back.text == "done" && back.headers["referrer-policy"] == "no-referrer", "{pages:#?}");
    assert!(icon.address.ends_with("/favicon.ico"), "{pages:#?}");
    assert_eq!(bearer(oidc.port, "/api/orders", &first.text("access_token")).text("sub"), "ops");
    let second = refreshed(&oidc, &first.text("refresh_token"));
    assert_ne!(second.text("refresh_token"), first.text("refresh_token"));
    oidc.control("expire");
    assert_eq!(bearer(oidc.port, "/api/me", &second.text("access_token")).status, 401);
    let third = refreshed(&oidc, &second.text("refresh_token"));
    assert_eq!(bearer(oidc.port, "/api/me", &third.text("access_token")).status, 200);
    assert_eq!(refreshed(&oidc, &first.text("refresh_token")).text("error"), "invalid_grant");
    assert_eq!(refreshed(&oidc, &third.text("refresh_token")).text("error"), "invalid_grant");
    assert_eq!(bearer(oidc.port, "/api/me", &third.text("access_token")).status, 401);
    assert_eq!((oidc.count("authorization_code"), oidc.count("refresh_token")), (1, 4));
}

#[test]
fn a_person_keeps_a_right_back_or_says_no() {
    let Some(oidc) = Oidc::get() else { return };
    let Some(browser) = Browser::willing() else { return };
    let narrow = consented(&oidc, &browser.knowing("BROWSE_WITHOUT", "write").knowing("BROWSE_USER", "eve"));
    assert_eq!(narrow.text("scope"), "openid read");
    assert_eq!(bearer(oidc.port, "/api/me", &narrow.text("access_token")).text("sub"), "eve");
    let (listener, browser) = (listener(), Browser::denying().unwrap());
    let callback = listener.url("http", "/callback").to_string();
    assert!(browser.open(&authorization(&oidc, &callback)), "{:#?}", browser.pages());
    assert_eq!(parameter(&listener, "error").as_deref(), Some("access_denied"));
}

#[cfg(target_os = "linux")]
#[test]
fn a_real_browser_consents_and_comes_back() {
    let Some(oidc) = Oidc::get() else { return };
    let Some(browser) = Browser::chromium() else { return };
    let token = consented(&oidc, &browser);
    assert_eq!(bearer(oidc.port, "/api/me", &token.text("access_token")).text("sub"), "ops");
    assert!(browser.pages().last().is_some_and(|page| page.text == "done"), "{:#?}", browser.pages());
}

#[test]
fn a_device_waits_for_its_person_and_hears_a_no() {
    let Some(oidc) = Oidc::get() else { return };
    for (browser, expected) in [(Browser::willing(), None), (Browser::denying(), Some("access_denied"))] {
        let Some(browser) = browser else { return };
        let asked = http::post(
            oidc.port,
            "/device/auth",
            None,
            &[("client_id", "conn-device"), ("scope", "openid read")],
        );
        let code = asked.text("device_code");
        let kind = "urn:ietf:params:oauth:grant-type:device_code";
        let form = [("grant_type", kind), ("client_id", "conn-device"), ("device_code", &code)];
        assert_eq!(oidc.token(None, &form).text("error"), "authorization_pending");
        assert!(browser.open(&asked.text("verification_uri_complete")), "{:#?}", browser.pages());
        let token = oidc.token(None, &form);
        match expected {
            Some(error) => assert_eq!(token.text("error"), error),
            None => {
                assert_eq!(bearer(oidc.port, "/api/me", &token.text("access_token")).text("sub"), "ops");
            }
        }
    }
}

/// A statement of a client about itself or a user, signed.
fn assertion(algorithm: Algorithm, pem: &str, issuer: &str, subject: &str, audience: &str) -> String {
    let key = match algorithm {
        Algorithm::ES256 => EncodingKey::from_ec_pem(pem.as_bytes()),
        _ => EncodingKey::from_rsa_pem(pem.as_bytes()),
    };
    // Until 2100, for this process has no clock at hand.
    let claims =
        json!({ "iss": issuer, "sub": subject, "aud": audience, "exp": 4_102_444_800_u64, "jti": pem });
    jsonwebtoken::encode(&Header::new(algorithm), &claims, &key.unwrap()).unwrap()
}

#[test]
fn statements_signed_with_a_key_of_the_server_are_believed() {
    let Some(oidc) = Oidc::get() else { return };
    for (name, algorithm) in [("ES256", Algorithm::ES256), ("RS256", Algorithm::RS256)] {
        let statement = assertion(algorithm, &oidc.key(name), "conn-jwt", "conn-jwt", &oidc.url());
        let kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
        let form = [
            ("grant_type", "client_credentials"),
            ("client_assertion_type", kind),
            ("client_assertion", &statement),
        ];
        assert_eq!(oidc.token(None, &form).status, 200);
        assert_eq!(oidc.token(None, &form).text("error"), "invalid_client", "it was used");
    }
    let Some(authlib) = OauthServer::authlib(&[]) else { return };
    for (subject, expected) in [("ops", 200), ("nobody", 400)] {
        let audience = format!("{}/token", authlib.url());
        let statement = assertion(Algorithm::ES256, &authlib.key(), "conn-bearer", subject, &audience);
        let kind = "urn:ietf:params:oauth:grant-type:jwt-bearer";
        let form = [("grant_type", kind), ("assertion", statement.as_str()), ("scope", "read")];
        assert_eq!(http::post(authlib.port, "/token", None, &form).status, expected, "{subject}");
    }
}

#[test]
fn an_answer_can_get_lost_although_the_request_was_acted_upon() {
    let Some(oidc) = Oidc::start(&[]) else { return };
    let Some(browser) = Browser::willing() else { return };
    let token = consented(&oidc, &browser).text("refresh_token");
    oidc.control("lose?times=1");
    assert_eq!(refreshed(&oidc, &token).status, 0);
    assert_eq!(refreshed(&oidc, &token).text("error"), "invalid_grant", "it was used");
}

#[test]
fn the_two_servers_disagree_about_a_secret_that_form_encoding_changes() {
    let Some(oidc) = Oidc::get() else { return };
    let Some(authlib) = OauthServer::authlib(&[]) else { return };
    let form = [("grant_type", "client_credentials")];
    let encoded: String = url::form_urlencoded::byte_serialize(ODD.1.as_bytes()).collect();
    for (secret, expected) in [(encoded.as_str(), (200, 401)), (ODD.1, (400, 200))] {
        let client = Some((ODD.0, secret));
        let (one, other) = (oidc.token(client, &form), http::post(authlib.port, "/token", client, &form));
        assert_eq!((one.status, other.status), expected, "{one:#?} {other:#?}");
    }
}

#[test]
fn a_password_brings_a_token_and_its_refresh_brings_no_new_refresh_token() {
    let Some(authlib) = OauthServer::authlib(&[]) else { return };
    let client = Some(("conn-password", "password-secret-0123456789"));
    let ask = |password| {
        let form =
            [("grant_type", "password"), ("username", "ops"), ("password", password), ("scope", "read")];
        http::post(authlib.port, "/token", client, &form)
    };
    assert_eq!(ask("wrong-one").text("error"), "invalid_request");
    let token = ask("passwd");
    assert_eq!(bearer(authlib.port, "/api/me", &token.text("access_token")).text("sub"), "ops");
    authlib.control("expire");
    assert_eq!(bearer(authlib.port, "/api/me", &token.text("access_token")).status, 401);
    let held = token.text("refresh_token");
    let form = [("grant_type", "refresh_token"), ("refresh_token", held.as_str())];
    let token = http::post(authlib.port, "/token", client, &form);
    assert!(token.json().get("refresh_token").is_none(), "{token:#?}");
    assert_eq!(bearer(authlib.port, "/api/me", &token.text("access_token")).status, 200);
    assert_eq!(http::post(authlib.port, "/revoke", client, &[("token", &held)]).status, 200);
    assert_eq!(http::post(authlib.port, "/token", client, &form).text("error"), "invalid_grant");
}

#[test]
fn three_legs_are_walked_with_every_method_and_placement() {
    let Some(provider) = OauthServer::oauth1() else { return };
    let output = script("oauth1_client.py").unwrap().arg(provider.url()).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(said.lines().filter(|line| line.ends_with(" ops")).count(), 7 * 3, "{said}");
    assert_eq!(provider.control("counts")["authorize"], 21);
}
