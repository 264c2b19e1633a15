//! Every shape of a token answer that was seen in the field.

use indexmap::IndexMap;
use proptest::prelude::*;

use super::{Obtained, read, read_spent};
use crate::base::{Response, Timestamp};
use crate::flow::{Stop, Terms};
use crate::model::AuthMethod;
use crate::model::connector::Variable;
use crate::model::refusal::Spent;
use crate::scheme::Moment;

const NOW: &str = "2026-11-21T11:00:00Z";
const HOUR: &str = "2026-11-21T12:00:00Z";

fn answer(status: u16, body: &[u8]) -> Response {
    Response { status, body: body.to_vec(), ..Response::default() }
}

fn read_with(definition: &str, variables: &str, response: &Response) -> Result<Obtained, Stop> {
    let method: AuthMethod = toml::from_str(&format!("kind = 'oauth2'\n{definition}")).unwrap();
    let variables: IndexMap<String, Variable> = toml::from_str(variables).unwrap();
    let values = |_: &str| None;
    let terms =
        Terms { method: &method, variables: &variables, values: &values, metadata: None, scopes: &[] };
    read(&terms, response, &Moment::new(NOW.parse().unwrap(), |_| {}))
}

fn plain(body: &str) -> Result<Obtained, Stop> {
    read_with("", "", &answer(200, body.as_bytes()))
}

fn moment(text: &str) -> Option<Timestamp> {
    text.parse().ok()
}

#[test]
fn a_token_is_found_in_every_shape() {
    for (body, expires) in [
        (r#"{"access_token":"t","token_type":"Bearer","expires_in":3600}"#, HOUR),
        (r#"{"access_token":"t","expires_in":"3600","token_type":"bearer"}"#, HOUR),
        (r#"{"access_token":"t","expires_in":"3600.0"}"#, HOUR),
        (r#"{"access_token":"t","expires_in":null}"#, ""),
        (r#"{"access_token":"t","expires_in":0}"#, ""),
        (r#"{"access_token":"t"}"#, ""),
        (r#"{"access_token":"t","token_type":"User Access Token","expires_in":3600}"#, HOUR),
        (r#"{"accessToken":"t","tokenType":"Bearer","expiresIn":3600}"#, HOUR),
        (r#"{"access_token":{"token":"t","expires_at":"2026-11-21T12:00:00Z"}}"#, HOUR),
        (r#"{"message":"success","data":{"access_token":"t","expires_in":3600,"error_code":0}}"#, HOUR),
        (r#"{"status":0,"body":{"access_token":"t","expires_in":3600}}"#, HOUR),
        (r#"{"ok":true,"authed_user":{"access_token":"t","expires_in":3600}}"#, HOUR),
        (r#"{"access_token":"t","expires_at":"2026-11-21T21:00:00+09:00"}"#, HOUR),
        (r#"{"access_token":"t","expires_at":1795262400}"#, HOUR),
        (r#"{"access_token":"t","expires_at":1795262400000}"#, HOUR),
        (r#"{"access_token":"t","access_token_expiration":1795262400}"#, HOUR),
        ("\u{feff}{\"access_token\":\"t\",\"expires_in\":3600}\r\n", HOUR),
        (r#"{"access_token":"t\r\n","expires_in":"3600\r\n"}"#, HOUR),
        ("access_token=t&scope=repo%2Cgist&token_type=bearer", ""),
        ("access_token=t&expires=3600", HOUR),
        (r#"{"token":"t","expires":"1h"}"#, HOUR),
        (r#"{"access_token":"t","errors":[],"error":null,"expires_in":3600}"#, HOUR),
    ] {
        let obtained = plain(body).unwrap_or_else(|stop| panic!("{body}: {stop:?}"));
        assert_eq!(obtained.access_token.expose(), "t", "{body}");
        assert_eq!(obtained.expires, moment(expires), "{body}");
        assert!(obtained.refresh_token.is_none(), "{body}");
    }
}

#[test]
fn everything_else_in_the_answer_is_read_too() {
    let body = r#"{"access_token":"a-1","refresh_token":"r-1\n","id_token":"i-1","token_type":"DPoP",
        "expires_in":3600,"x_refresh_token_expires_in":8640000,"scope":"read write"}"#;
    let obtained = read_with("", "", &answer(201, body.as_bytes())).unwrap();
    assert_eq!(obtained.refresh_token.unwrap().expose(), "r-1");
    assert_eq!(obtained.id_token.unwrap().expose(), "i-1");
    assert_eq!(obtained.token_type.as_deref(), Some("DPoP"));
    assert_eq!(obtained.refresh_expires, moment("2027-03-01T11:00:00Z"));
    assert_eq!(obtained.scopes.unwrap(), ["read", "write"]);
    for empty in [r#""""#, "null"] {
        let body = format!(r#"{{"access_token":"t","refresh_token":{empty},"scope":""}}"#);
        let obtained = plain(&body).unwrap();
        assert!(obtained.refresh_token.is_none() && obtained.scopes.is_none(), "{body}");
    }
    let one = plain("oauth_token=t&oauth_token_secret=s-1").unwrap();
    assert_eq!(one.token_secret.unwrap().expose(), "s-1");
}

#[test]
fn scopes_come_with_any_separator() {
    for (scope, definition) in [
        (r#""a b""#, ""),
        (r#""a,b""#, ""),
        (r#""a, b""#, "scope_separator = ','"),
        (r#""a b""#, "scope_separator = ','"),
        (r#""a;b""#, ""),
        (r#"["a","b"]"#, ""),
        (r#"["a","b",3,""]"#, ""),
    ] {
        let body = format!(r#"{{"access_token":"t","scope":{scope}}}"#);
        let obtained = read_with(definition, "", &answer(200, body.as_bytes())).unwrap();
        assert_eq!(obtained.scopes.unwrap(), ["a", "b"], "{body}");
    }
}

#[test]
fn the_definition_says_where_things_stand() {
    let slack = r#"{"ok":true,"access_token":"bot","authed_user":{"access_token":"t","scope":"x"}}"#;
    let tableau = r#"{"credentials":{"token":"t","estimatedTimeToExpiration":"177:05:38"}}"#;
    for (definition, body, expires) in [
        ("response.token = '/authed_user/access_token'", slack, ""),
        (
            "response = { token = '/credentials/token', expires = '/credentials/estimatedTimeToExpiration' }",
            tableau,
            "2027-05-17T16:38:00Z",
        ),
        (
            "response = { expires_unit = 'milliseconds' }",
            r#"{"access_token":"t","expires_in":3600000}"#,
            HOUR,
        ),
        ("access_lifetime = '1h'", r#"{"access_token":"t"}"#, HOUR),
        ("access_lifetime = '1h'", r#"{"access_token":"t","expires_in":0}"#, ""),
        ("response.token = '/0/id'", r#"[{"id":"t"}]"#, ""),
        ("response.token = ''", "t\r\n", ""),
        ("response.token = ''", "\"t\"", ""),
        ("response.token = '/n'", r#"{"n":"t"}"#, ""),
    ] {
        let obtained = read_with(definition, "", &answer(200, body.as_bytes())).unwrap();
        assert_eq!(obtained.access_token.expose(), "t", "{body}");
        assert_eq!(obtained.expires, moment(expires), "{body}");
    }
}

#[test]
fn a_token_can_stand_in_a_cookie_or_a_header() {
    let headers = vec![
        ("set-cookie".to_owned(), "other=x".to_owned()),
        ("set-cookie".to_owned(), "sid=t; Path=/; HttpOnly".to_owned()),
        ("x-token".to_owned(), "t".to_owned()),
    ];
    for place in ["cookie:sid", "header:X-Token"] {
        let response = Response { status: 204, headers: headers.clone(), ..Response::default() };
        let obtained = read_with(&format!("response.token = '{place}'"), "", &response).unwrap();
        assert_eq!(obtained.access_token.expose(), "t");
    }
    let none = read_with("response.token = 'cookie:none'", "", &answer(200, b"{}"));
    assert_eq!(none.unwrap_err().code, "CONN-BODY-SCHEMA");
}

#[test]
fn without_an_expiry_a_jwt_speaks_for_itself() {
    let token = "eyJhbGciOiJub25lIn0.eyJleHAiOjE3OTUyNjI0MDB9.x";
    let body = format!(r#"{{"access_token":"{token}"}}"#);
    let obtained = read_with("access_lifetime = '2h'", "", &answer(200, body.as_bytes())).unwrap();
    assert_eq!(obtained.expires, moment(HOUR));
}

#[test]
fn what_is_no_token_answer_is_refused_by_name() {
    for (status, body, code) in [
        (200, "", "CONN-BODY-EMPTY"),
        (200, "<!doctype html><title>Log in</title>", "CONN-BODY-HTML"),
        (403, "<html>blocked", "CONN-BODY-HTML"),
        (502, "<html>Bad gateway", "CONN-OAUTH-SERVER"),
        (200, r#"{"access_token":"secret-tok"#, "CONN-BODY-INVALID"),
        (200, "garbage", "CONN-BODY-TYPE"),
        (200, "{}", "CONN-BODY-SCHEMA"),
        (200, r#"{"access_token":""}"#, "CONN-BODY-SCHEMA"),
        (200, r#"{"access_token":null}"#, "CONN-BODY-SCHEMA"),
        (200, r#"{"access_token":["t"]}"#, "CONN-BODY-SCHEMA"),
        (200, r#"{"ok":false,"error":"invalid_code"}"#, "CONN-OAUTH-CODE-EXPIRED"),
        (200, r#"{"error":"bad_verification_code","error_uri":"x"}"#, "CONN-OAUTH-CODE-EXPIRED"),
        (200, r#"{"error":"Access Denied","status":"failure"}"#, "CONN-OAUTH-THROTTLED"),
        (307, "", "CONN-HTTP-REDIRECT-HOST"),
        (429, "", "CONN-OAUTH-THROTTLED"),
    ] {
        let method: AuthMethod = toml::from_str("kind = 'oauth2'").unwrap();
        let variables = IndexMap::default();
        let values = |_: &str| None;
        let terms =
            Terms { method: &method, variables: &variables, values: &values, metadata: None, scopes: &[] };
        let now = Moment::new(NOW.parse().unwrap(), |_| {});
        let stop = read_spent(Spent::Code, &terms, &answer(status, body.as_bytes()), &now).unwrap_err();
        assert_eq!(stop.code, code, "{status} {body}");
        assert!(stop.answered, "{body}");
        assert!(crate::cause::find(stop.code).is_some(), "{code} is no cause");
        assert!(!format!("{stop:?}").contains("secret-tok"));
    }
}

#[test]
fn values_become_variables_only_where_these_allow_them() {
    let variables = r"
        instance_url = { from = 'token:/instance_url', pattern = 'https://[a-z0-9-]+\.my\.salesforce\.com' }
        team = { from = 'token:/team/id' }
        host = { strip = 'url', pattern = '[a-z]+\.wrike\.com' }
    ";
    let good = r#"{"access_token":"t","instance_url":"https://acme.my.salesforce.com","team":{"id":"T1"},
        "host":"https://app.wrike.com/"}"#;
    let obtained = read_with("response.keep = { host = '/host' }", variables, &answer(200, good.as_bytes()));
    let kept = obtained.unwrap().kept;
    assert_eq!(kept["instance_url"], "https://acme.my.salesforce.com");
    assert_eq!(kept["team"], "T1");
    assert_eq!(kept["host"], "app.wrike.com");

    for (field, value, code) in [
        ("instance_url", "https://acme.my.salesforce.com.evil.test", "CONN-OAUTH-INSTANCE"),
        ("instance_url", "https://evil.test/?.my.salesforce.com", "CONN-OAUTH-INSTANCE"),
        ("instance_url", "https://acme.my.salesforce.com@evil.test", "CONN-OAUTH-INSTANCE"),
        ("instance_url", "http://acme.my.salesforce.com", "CONN-OAUTH-INSTANCE"),
        ("team", "not a name, but a long confidential text", "CONN-CFG-VALUE-FORM"),
    ] {
        let mut team = serde_json::json!({ "access_token": "t", "team": { "id": "T1" } });
        match field {
            "team" => team["team"]["id"] = value.into(),
            _ => team[field] = value.into(),
        }
        let stop = read_with("", variables, &answer(200, team.to_string().as_bytes())).unwrap_err();
        assert_eq!(stop.code, code, "{value}");
        let said = format!("{stop:?}");
        assert!(said.contains(if field == "team" { "team" } else { "instance_url" }), "{said}");
        assert!(!said.contains("confidential") && !said.contains("salesforce.com@"), "{said}");
    }
    assert!(plain(r#"{"access_token":"t"}"#).unwrap().kept.is_empty());
}

/// Whether the stop holds a stretch of the body that is long enough to be a part of a secret.
fn leaks(stop: &Stop, body: &str) -> bool {
    let said = format!("{stop:?} {stop}");
    let letters: Vec<char> = body.chars().collect();
    letters.windows(8).any(|window| {
        let stretch: String = window.iter().collect();
        // Words that are ours in the first place prove nothing.
        said.contains(&stretch) && stretch.contains('\u{3b1}')
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn reading_never_panics(body in proptest::collection::vec(any::<u8>(), 0..200), status in 100_u16..600) {
        let _ = read_with("access_lifetime = '1h'", "", &answer(status, &body));
    }

    /// Greek letters stand for what only the body holds.
    #[test]
    fn no_stretch_of_the_body_is_in_a_stop(
        secret in "[\u{3b1}]{8,40}",
        status in proptest::sample::select(vec![200_u16, 201, 302, 400, 401, 403, 429, 500]),
        shape in 0_usize..9,
    ) {
        let body = match shape {
            0 => format!(r#"{{"access_token":"{secret}""#),
            1 => format!(r#"{{"error":"{secret}","error_description":"{secret}"}}"#),
            2 => format!("<html>{secret}"),
            3 => secret.clone(),
            4 => format!(r#"{{"{secret}":1}}"#),
            5 => format!(r#"{{"access_token":"t","team":"{secret} {secret}"}}"#),
            6 => format!("error={secret}&x={secret}"),
            7 => format!(r#"{{"error":"invalid_grant","error_description":"{secret}"}}"#),
            _ => format!("[{{\"token\":\"{secret}\"}}]"),
        };
        let result = read_with("", "team = { from = 'token:/team' }", &answer(status, body.as_bytes()));
        if let Err(stop) = result {
            prop_assert!(!leaks(&stop, &body), "{stop:?}");
        }
    }
}
