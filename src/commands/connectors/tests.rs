//! What the form makes is a connector that the format reads.

use super::draft::{Draft, Field, Placement, base, place_name};
use super::oauth::OAuth;
use crate::config::{Definitions, Layer, LayerKind};
use crate::model::{AuthKind, Connector, RequestLine};

fn draft(kind: AuthKind, placement: Placement, keys: &[&str], test: &str) -> Draft {
    let field = |key: &&str| Field { key: (*key).to_owned(), label: format!("{key} \"表示名\"") };
    Draft {
        id: "acme".parse().unwrap(),
        name: "Acme \\ \"CRM\"".to_owned(),
        kind,
        placement,
        fields: keys.iter().map(field).collect(),
        oauth: None,
        base: "https://{tenant}.acme.test/v1".to_owned(),
        test: test.to_owned(),
    }
}

fn read(text: &str) -> Connector {
    let layer = Layer { kind: LayerKind::User, path: "connectors.toml".into(), text: text.to_owned() };
    Definitions::new(vec![layer]).connector("acme").unwrap().unwrap().value
}

#[test]
fn every_kind_and_placement_of_the_form_makes_a_definition_that_is_read_back() {
    let keyed = Placement::ALL.map(|place| (AuthKind::ApiKey, place, &["X-Api-Key", "client id"][..]));
    let others = [
        (AuthKind::Basic, Placement::Header, &["user", "password"][..]),
        (AuthKind::Digest, Placement::Header, &["user", "password"][..]),
        (AuthKind::Bearer, Placement::Header, &["token"][..]),
        (AuthKind::None, Placement::Header, &[][..]),
    ];
    for (kind, place, keys) in keyed.into_iter().chain(others) {
        let text = draft(kind, place, keys, "/{x_api_key}/{client_id}/me").to_toml().unwrap();
        let connector = read(&text);
        let (_, method) = connector.method(None).unwrap();
        assert_eq!((method.kind, method.params.len()), (kind, keys.len()), "{text}");
        assert_eq!(connector.name.as_ref().unwrap().en, "Acme \\ \"CRM\"");
        assert!(connector.vars.contains_key("tenant"), "{text}");
        for (name, template) in method.templates() {
            assert!(template.names().all(|place| method.params.contains_key(place)), "{name}: {text}");
        }
        let Some(RequestLine::Call { method, .. }) = connector.test.map(|test| test.request) else {
            panic!("{text}")
        };
        let in_body = kind == AuthKind::ApiKey && matches!(place, Placement::Form | Placement::Json);
        assert_eq!(method, if in_body { "POST" } else { "GET" }, "{text}");
    }
}

#[test]
fn a_service_with_oauth_becomes_a_definition_that_asks_for_its_app() {
    let two = |authorize: Option<&str>| OAuth::Two {
        authorize: authorize.map(str::to_owned),
        token: "https://acme.test/token".to_owned(),
        refresh: None,
        scopes: vec!["a".to_owned(), "b".to_owned()],
        separator: Some(",".to_owned()),
    };
    let one = OAuth::One {
        request: "https://acme.test/request".to_owned(),
        authorize: "https://acme.test/authorize".to_owned(),
        access: "https://acme.test/access".to_owned(),
    };
    let page = Some("https://acme.test/authorize");
    let cases = [
        (AuthKind::OAuth2, two(page), Placement::Header, "scope_separator = \",\""),
        (AuthKind::OAuth2, two(page), Placement::Query, "send.query.\"X-Token\" = \"{access_token}\""),
        (AuthKind::OAuth2, two(None), Placement::Header, "grant = \"client_credentials\""),
        (AuthKind::OAuth1, one, Placement::Query, "transmission = \"query\""),
    ];
    for (kind, oauth, place, expected) in cases {
        let text = Draft { oauth: Some(oauth), ..draft(kind, place, &["X-Token"], "/me") }.to_toml().unwrap();
        assert!(text.contains(expected), "{text}");
        let connector = read(&text);
        let (_, method) = connector.method(None).unwrap();
        assert_eq!(method.kind, kind, "{text}");
        assert!(method.params.contains_key("client_id"), "{text}: {method:?}");
    }
}

#[test]
fn a_path_parameter_needs_its_place_and_a_test_may_say_reach_or_its_own_method() {
    assert!(draft(AuthKind::ApiKey, Placement::Path, &["token"], "/me").to_toml().is_err());
    assert!(draft(AuthKind::ApiKey, Placement::Path, &["token"], "/bot{token}/me").to_toml().is_ok());
    for (test, request) in [
        ("reach", "reach"),
        ("HEAD /me", "HEAD /me"),
        ("me", "GET /me"),
        ("https://{tenant}.acme.test/v1/me", "GET /me"),
        ("HEAD https://{tenant}.acme.test/v1/me?to=http://x", "HEAD /me?to=http://x"),
    ] {
        let text = draft(AuthKind::Bearer, Placement::Header, &["token"], test).to_toml().unwrap();
        assert!(text.contains(&format!("request = \"{request}\"")), "{text}");
    }
    for test in
        ["SEND /me", "https://y.test/me", "GET https://y.test/me", "/https://y.test/me", "http://y.test/"]
    {
        assert!(draft(AuthKind::Bearer, Placement::Header, &["token"], test).to_toml().is_err(), "{test}");
    }
}

#[test]
fn a_base_is_https_or_on_this_machine() {
    let cases = [
        (" api.acme.test/v1/ ", Some("https://api.acme.test/v1")),
        ("https://api.acme.test", Some("https://api.acme.test")),
        ("http://127.0.0.1:8000/", Some("http://127.0.0.1:8000")),
        ("http://localhost", Some("http://localhost")),
        ("http://api.acme.test", None),
        ("http://localhost.evil.test", None),
        ("ftp://api.acme.test", None),
        ("https://", None),
        ("http://127.0.0.1:8000/q?v=1", None),
        ("https://api.acme.test/#top", None),
        ("https://{tenant", None),
    ];
    for (typed, expected) in cases {
        assert_eq!(base(typed).ok().as_deref(), expected, "{typed}");
    }
    assert_eq!(place_name("X-Api-Key"), "x_api_key");
}
