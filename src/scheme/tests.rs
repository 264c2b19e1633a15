//! The signers against published values (RFC 7617, RFC 7616) and a table of placements.

use std::borrow::Cow;

use super::api_key::Carrier;
use super::{Moment, SignError, digest, of, sign};
use crate::base::{Body, Header, Request, Response};
use crate::model::{AuthKind, AuthMethod};

pub fn request() -> Request {
    Request::new("GET", "https://api.test/dir/index.html".parse().unwrap())
}

pub fn moment() -> Moment {
    Moment::new("2026-11-22T00:00:00Z".parse().unwrap(), |bytes| bytes.fill(7))
}

pub fn method(text: &str) -> AuthMethod {
    toml::from_str(text).unwrap()
}

pub fn values<'a>(pairs: &'a [(&'a str, &'a str)]) -> impl Fn(&str) -> Option<Cow<'a, str>> + 'a {
    move |name| pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| Cow::Borrowed(*value))
}

/// A part of a JWT, decoded.
pub fn part(token: &str, at: usize) -> serde_json::Value {
    use base64::Engine as _;
    let part = token.split('.').nth(at).unwrap();
    let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(part).unwrap();
    serde_json::from_slice(&bytes).unwrap()
}

#[test]
fn basic_matches_the_published_values() {
    let cases = [
        ("Aladdin", "open sesame", "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="),
        ("user", "", "Basic dXNlcjo="),
        ("apikey123", "X", "Basic YXBpa2V5MTIzOlg="),
        ("", "key", "Basic OmtleQ=="),
        ("test", "123£", "Basic dGVzdDoxMjPCow=="),
    ];
    for (user, password, expected) in cases {
        let mut request = request();
        let method = method("kind = 'basic'\nuser = '{u}'\npassword = '{p}'");
        sign(&mut request, &method, &values(&[("u", user), ("p", password)]), &moment()).unwrap();
        assert_eq!(request.header("authorization"), Some(expected), "{user}:{password}");
    }
}

#[test]
fn values_travel_where_the_definition_says_and_never_show() {
    let pairs = [("key", "s+e/c=r&t"), ("id", "7")];
    let cases = [
        ("header.X-Key = 'T {key}'", "header X-Key"),
        ("query.api_key = '{key}'", "query"),
        ("form.k = '{key}'\nform.i = '{id}'", "form"),
        ("json.k = '{key}'", "json"),
        ("cookie.sid = '{key}'", "cookie"),
    ];
    for (placement, what) in cases {
        let mut request = request();
        sign(&mut request, &method(&format!("kind = 'api_key'\n{placement}")), &values(&pairs), &moment())
            .unwrap();
        let body = request.body.as_ref().map(|body| String::from_utf8(body.bytes.to_vec()).unwrap());
        match what {
            "header X-Key" => assert_eq!(request.header("x-key"), Some("T s+e/c=r&t")),
            "query" => assert_eq!(request.url.query(), Some("api_key=s%2Be%2Fc%3Dr%26t")),
            "form" => assert_eq!(body.as_deref(), Some("k=s%2Be%2Fc%3Dr%26t&i=7")),
            "json" => assert_eq!(body.as_deref(), Some(r#"{"k":"s+e/c=r&t"}"#)),
            _ => assert_eq!(request.header("cookie"), Some("sid=s%2Be%2Fc%3Dr%26t")),
        }
        let shown = format!("{request:?} {}", request.shown_url);
        assert!(!shown.contains("s+e/c") && !shown.contains("s%2Be"), "{shown}");
    }
}

#[test]
fn the_credential_joins_a_body_that_can_carry_it_and_no_other_is_replaced() {
    const JSON: &str = "application/json";
    const FORM: &str = "application/x-www-form-urlencoded";
    let (form, json) = ("form.k = '{key}'", "json.k = '{key}'");
    for (placement, label, kind, body, expected) in [
        (form, None, FORM, "a=1", Ok("a=1&k=s")),
        (form, Some("application/x-www-form-urlencoded; charset=utf-8"), "text/plain", "a=1", Ok("a=1&k=s")),
        (form, None, "", "", Ok("k=s")),
        (form, Some(JSON), "", "", Ok("k=s")),
        (form, None, JSON, r#"{"a":1}"#, Err(Carrier::Form)),
        (form, Some(JSON), FORM, r#"{"a":1}"#, Err(Carrier::Form)),
        (json, None, JSON, r#"{"a":1}"#, Ok(r#"{"a":1,"k":"s"}"#)),
        (json, Some("application/vnd.api+json"), JSON, r#"{"a":1}"#, Ok(r#"{"a":1,"k":"s"}"#)),
        (json, None, "", "", Ok(r#"{"k":"s"}"#)),
        (json, None, JSON, "[1,2]", Err(Carrier::Object)),
        (json, None, FORM, "a=1", Err(Carrier::Object)),
    ] {
        let mut request = request();
        let label = label.map(|label| Header::plain("Content-Type", label));
        request.headers.extend(label.clone());
        let bytes = body.as_bytes().to_vec().into();
        request.body = (!kind.is_empty()).then(|| Body { content_type: kind.to_owned(), bytes });
        let method = method(&format!("kind = 'api_key'\n{placement}"));
        let outcome = sign(&mut request, &method, &values(&[("key", "s")]), &moment());
        assert_eq!(outcome, expected.map(drop).map_err(SignError::Body), "{placement} {kind} {body}");
        let carried = request.body.as_ref().map_or("", |body| std::str::from_utf8(&body.bytes).unwrap());
        assert_eq!(carried, expected.unwrap_or(body), "{placement} {kind}");
        let kept = label.filter(|_| !kind.is_empty()).map(|label| label.value.to_string());
        assert_eq!(request.header("content-type"), kept.as_deref(), "{placement} {kind} {body}");
    }
}

#[test]
fn a_bearer_token_has_no_prefix_but_bearer_unless_the_definition_places_it() {
    let mut plain = request();
    sign(
        &mut plain,
        &method("kind = 'bearer'\nparams.token = 'Token'"),
        &values(&[("token", "t")]),
        &moment(),
    )
    .unwrap();
    assert_eq!(plain.header("authorization"), Some("Bearer t"));
    let mut placed = request();
    let own = method("kind = 'bearer'\nparams.token = 'Token'\nheader.X-Auth = '{token}'");
    sign(&mut placed, &own, &values(&[("token", "t")]), &moment()).unwrap();
    assert_eq!((placed.header("x-auth"), placed.header("authorization")), (Some("t"), None));
}

#[test]
fn what_cannot_travel_is_refused_before_anything_is_sent() {
    let header = method("kind = 'api_key'\nheader.X-Key = '{key}'");
    for bad in ["a\r\nHost: evil", "a\0", "ｋｅｙ"] {
        let outcome = sign(&mut request(), &header, &values(&[("key", bad)]), &moment());
        assert_eq!(outcome, Err(SignError::Character("X-Key".into())), "{bad:?}");
    }
    let basic = method("kind = 'basic'\nuser = '{u}'\npassword = 'p'");
    assert!(sign(&mut request(), &basic, &values(&[("u", "a:b")]), &moment()).is_err());
    assert!(matches!(sign(&mut request(), &header, &values(&[]), &moment()), Err(SignError::Unresolved(_))));
}

/// Every value that some kind needs.
const EVERYTHING: [(&str, &str); 10] = [
    ("user", "u"),
    ("password", "p"),
    ("token", "t"),
    ("access_token", "t"),
    ("client_id", "c"),
    ("client_secret", "s"),
    ("access_key_id", "a"),
    ("secret_access_key", "s"),
    ("secret", "s"),
    ("company", "7"),
];

#[test]
fn every_kind_fills_the_placements_beside_its_proof() {
    let sign = "sign = { algorithm = 'ALG', key = 'secret', text = '{method}', region = 'r', service = 's' }";
    for kind in AuthKind::ALL {
        let sign = sign.replace("ALG", if kind == AuthKind::Jwt { "HS256" } else { "sha256" });
        let text = format!("kind = '{}'\nheader.X-Company = '{{company}}'\n{sign}", kind.code());
        let mut request = request();
        let method = method(&text);
        // A kind that says that it draws nothing has nothing to draw from.
        let moment = if of(kind).draws(&method) { moment() } else { Moment::still(moment().now) };
        of(kind).sign(&mut request, &method, &values(&EVERYTHING), &moment).unwrap();
        assert_eq!(request.header("x-company"), Some("7"), "{kind:?}");
    }
}

#[test]
fn digest_matches_the_published_response() {
    let challenge = concat!(
        r#"Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=MD5, "#,
        r#"nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS""#
    );
    let response = Response {
        status: 401,
        headers: vec![("www-authenticate".into(), challenge.into())],
        ..Response::default()
    };
    let method = method("kind = 'digest'\nuser = 'Mufasa'\npassword = '{p}'");
    let mut request = request();
    let nonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ";
    let pairs = [("p", "Circle of Life")];
    assert!(digest::answer(&mut request, &method, &values(&pairs), &response, nonce).unwrap());
    let header = request.header("authorization").unwrap();
    assert!(header.contains("8ca523f5e9506fed4657c9700eebdbec"), "{header}");
}
