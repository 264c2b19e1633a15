//! The conversations that need no person, each in one table row and in what can go wrong.

use super::fixture::{World, json, moment, world};
use super::{Conversation, Exchange, Input, Obtained, Step, Stop, alone, refresh, revoke};
use crate::base::{Request, Response};

fn with(mut world: World, values: &[(&'static str, &str)]) -> World {
    world.values.extend(values.iter().map(|(key, value)| (*key, (*value).to_owned())));
    world
}

fn start(world: &World, conversation: &mut dyn Conversation) -> Result<(Exchange, Request), Stop> {
    match world.with(|terms| conversation.advance(terms, Input::Start, &moment(0)))? {
        Step::Send { exchange, request } => Ok((exchange, *request)),
        other => panic!("{other:?}"),
    }
}

fn answered(
    world: &World,
    conversation: &mut dyn Conversation,
    response: &Response,
) -> Result<Obtained, Stop> {
    match world.with(|terms| conversation.advance(terms, Input::Answer(response), &moment(1)))? {
        Step::Done(obtained) => Ok(*obtained),
        other => panic!("{other:?}"),
    }
}

fn body(request: &Request) -> String {
    request.body.as_ref().map(|body| String::from_utf8(body.bytes.to_vec()).unwrap()).unwrap_or_default()
}

#[test]
fn each_grant_asks_once_and_reads_the_answer() {
    let values = [
        ("client_secret", "s-1"),
        ("username", "sato"),
        ("password", "p&1"),
        ("refresh_token", "r-1"),
        ("subject_token", "t-0"),
        ("account", "a-1"),
    ];
    for (definition, sent) in [
        (
            "grant = 'client_credentials'",
            "grant_type=client_credentials&client_id=client-1&client_secret=s-1",
        ),
        (
            "grant = 'account_credentials'\nextra.token = { account_id = '{account}' }",
            "grant_type=account_credentials&client_id=client-1&client_secret=s-1&account_id=a-1",
        ),
        (
            "grant = 'password'",
            "grant_type=password&username=sato&password=p%261&client_id=client-1&client_secret=s-1",
        ),
        (
            "grant = 'refresh_token'",
            "grant_type=refresh_token&refresh_token=r-1&client_id=client-1&client_secret=s-1",
        ),
        (
            "grant = 'token_exchange'\nextra.token = { audience = 'api' }",
            "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Atoken-exchange&subject_token=t-0\
             &subject_token_type=urn%3Aietf%3Aparams%3Aoauth%3Atoken-type%3Aaccess_token\
             &client_id=client-1&client_secret=s-1&audience=api",
        ),
    ] {
        let world = with(world(definition), &values);
        let mut conversation = alone(&world.method);
        let (exchange, request) = start(&world, conversation.as_mut()).unwrap();
        assert_eq!(exchange, Exchange::Token);
        assert_eq!(request.url.as_str(), "https://as.test/token");
        assert_eq!(body(&request), sent, "{definition}");
        let answer = json(200, r#"{"access_token":"t-1","token_type":"bearer","expires_in":60}"#);
        let obtained = answered(&world, conversation.as_mut(), &answer).unwrap();
        assert_eq!(obtained.access_token.expose(), "t-1");
        assert!(obtained.expires.is_some());
    }
}

#[test]
fn the_scopes_of_the_terms_are_asked_for_and_a_renewal_names_none() {
    let mut world = with(world("scope_separator = ','"), &[("refresh_token", "r-1")]);
    world.scopes = vec!["a".into(), "b".into()];
    let client = start(&world, &mut super::Once::<super::client_credentials::ClientCredentials>::default());
    assert!(body(&client.unwrap().1).contains("scope=a%2Cb"));
    let renewal = start(&world, &mut refresh::Refresh::default()).unwrap().1;
    assert!(!body(&renewal).contains("scope"));
}

#[test]
fn a_renewal_goes_to_its_own_address_where_there_is_one() {
    let values = [("refresh_token", "r-1"), ("access_token", "t-0")];
    let world = with(
        world(
            "refresh = 'https://as.test/refresh'\n\
             extra.refresh = { grant_type = 'fb_exchange_token', fb_exchange_token = '{access_token}', \
             refresh_token = '' }",
        ),
        &values,
    );
    let request = start(&world, &mut refresh::Refresh::default()).unwrap().1;
    assert_eq!(request.url.path(), "/refresh");
    assert_eq!(body(&request), "grant_type=fb_exchange_token&client_id=client-1&fb_exchange_token=t-0");
}

#[test]
fn a_refusal_and_a_silence_end_the_conversation_each_by_its_cause() {
    let world =
        with(world("grant = 'refresh_token'\nrefresh_single_use = true"), &[("refresh_token", "r-1")]);
    for (response, code) in [
        (json(400, r#"{"error":"invalid_grant"}"#), "CONN-OAUTH-REFRESH-REVOKED"),
        (json(401, r#"{"error":"invalid_client"}"#), "CONN-OAUTH-CLIENT-INVALID"),
        (json(503, ""), "CONN-OAUTH-SERVER"),
        (json(200, "{}"), "CONN-BODY-SCHEMA"),
    ] {
        let mut conversation = alone(&world.method);
        start(&world, conversation.as_mut()).unwrap();
        let stop = answered(&world, conversation.as_mut(), &response).unwrap_err();
        assert_eq!((stop.code, stop.answered), (code, true));
    }
    let mut conversation = alone(&world.method);
    start(&world, conversation.as_mut()).unwrap();
    let lost = world.with(|terms| conversation.advance(terms, Input::Lost, &moment(1))).unwrap_err();
    assert_eq!((lost.code, lost.answered, lost.evidence.len()), ("CONN-NET-READ-TIMEOUT", false, 1));
}

#[test]
fn what_is_missing_is_named_before_anything_is_sent() {
    for (definition, key) in [
        ("grant = 'password'", "username"),
        ("grant = 'refresh_token'", "refresh_token"),
        ("grant = 'token_exchange'", "subject_token"),
    ] {
        let world = world(definition);
        let stop = start(&world, alone(&world.method).as_mut()).unwrap_err();
        assert!(stop.values.contains(&("key", key.to_owned())), "{stop:?}");
    }
}

#[test]
fn a_log_in_fills_its_call_and_takes_the_token_from_the_answer() {
    let values = [("username", "sato"), ("password", "p&\"1"), ("site", "acme")];
    for (login, url, sent) in [
        (
            "request = 'POST /auth/{site}'\njson = { credentials = { name = '{username}', pw = '{password}', n = 1 } }",
            "https://api.test/v1/auth/acme",
            r#"{"credentials":{"name":"sato","pw":"p&\"1","n":1}}"#,
        ),
        (
            "request = 'POST https://login.test/in'\nform = { user = '{username}', pass = '{password}' }",
            "https://login.test/in",
            "user=sato&pass=p%26%221",
        ),
        (
            "request = 'GET /in'\nquery = { u = '{username}' }\nheaders = { X-Pass = '{password}' }",
            "https://api.test/v1/in?u=sato",
            "",
        ),
    ] {
        let definition = format!(
            "kind = 'session'\nbase = 'https://api.test/v1/'\nresponse = {{ token = '/session/id' }}\n[login]\n{login}"
        );
        let world = with(World::of(&definition), &values);
        let mut conversation = alone(&world.method);
        let (exchange, request) = start(&world, conversation.as_mut()).unwrap();
        assert_eq!(exchange, Exchange::Login);
        assert_eq!(request.url.as_str(), url);
        assert_eq!(body(&request), sent);
        assert!(request.credentialed && !request.shown_url.contains("sato"), "{}", request.shown_url);
        assert!(!format!("{request:?}").contains("p&"));
        let answer = json(200, r#"{"session":{"id":"t-1"}}"#);
        assert_eq!(answered(&world, conversation.as_mut(), &answer).unwrap().access_token.expose(), "t-1");
        let refused = json(401, "{}");
        assert_eq!(answered(&world, conversation.as_mut(), &refused).unwrap_err().code, "CONN-AUTH-REJECTED");
    }
}

#[test]
fn a_log_in_never_travels_in_the_clear() {
    let definition = "kind = 'session'\n[login]\nrequest = 'POST {there}'";
    let world = with(World::of(definition), &[("there", "http://login.test/in")]);
    let stop = start(&world, alone(&world.method).as_mut()).unwrap_err();
    assert_eq!(stop.code, "CONN-CFG-HOST-INSECURE");
}

#[test]
fn a_token_is_revoked_where_there_is_an_address_for_it() {
    let values = [("refresh_token", "r-1"), ("client_secret", "s-1")];
    let revoking = with(world("revoke = 'https://as.test/revoke'\nclient_auth = 'basic'"), &values);
    let request = revoking.with(|terms| revoke::request(terms, revoke::Token::Refresh, &moment(0)));
    let request = request.unwrap().unwrap();
    assert_eq!(request.url.path(), "/revoke");
    assert_eq!(body(&request), "token=r-1&token_type_hint=refresh_token");
    assert!(request.header("authorization").is_some_and(|value| value.starts_with("Basic ")));
    let without = with(world(""), &values);
    let request = without.with(|terms| revoke::request(terms, revoke::Token::Refresh, &moment(0)));
    assert!(request.unwrap().is_none());
    for (status, body, code) in [
        (200, "", None),
        (204, "", None),
        (503, "", Some("CONN-OAUTH-SERVER")),
        (400, r#"{"error":"unsupported_token_type"}"#, Some("CONN-OAUTH-TOKEN-TYPE")),
    ] {
        assert_eq!(revoke::read(&json(status, body)).err().map(|stop| stop.code), code, "{status}");
    }
}
