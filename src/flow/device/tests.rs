//! Tests of device authorization: every wait to the second.

use super::Device;
use crate::flow::fixture::{World, cause, done, form, json, later, sent, world};
use crate::flow::{Conversation, Input, Step, Stop, UserCode};

const DEVICE: &str = "device = 'https://as.test/device'";
const GIVEN: &str = r#"{"device_code":"dc-123456","user_code":"WDJB-MJHT",
    "verification_uri":"https://as.test/activate","expires_in":600}"#;

struct Play {
    world: World,
    flow: Device,
    now: i64,
}

impl Play {
    fn new() -> Self {
        Self { world: world(DEVICE), flow: Device::new(), now: 0 }
    }

    fn step(&mut self, input: Input<'_>) -> Result<Step, Stop> {
        let (flow, now) = (&mut self.flow, self.now);
        self.world.with(|terms| flow.advance(terms, input, &later(now)))
    }

    /// Gets to the wait before the first question.
    fn told(answer: &str) -> Self {
        let mut play = Self::new();
        play.code(answer).unwrap();
        play
    }

    fn code(&mut self, answer: &str) -> Result<UserCode, Stop> {
        sent(self.step(Input::Start));
        match self.step(Input::Answer(&json(200, answer)))? {
            Step::Code(code) => Ok(*code),
            other => panic!("{other:?}"),
        }
    }

    /// The seconds to wait, after which the next question is sent.
    fn wait(&mut self, step: Result<Step, Stop>) -> u64 {
        let Ok(Step::Wait(seconds)) = step else { panic!("{step:?}") };
        self.now += i64::try_from(seconds).unwrap();
        seconds
    }
}

#[test]
fn a_person_is_told_where_to_type_what() {
    let mut play = Play::new();
    play.world.scopes = vec!["a".into(), "b".into()];
    let request = sent(play.step(Input::Start));
    assert_eq!(request.url.as_str(), "https://as.test/device");
    assert_eq!(form(&request)["client_id"], "client-1");
    assert_eq!(form(&request)["scope"], "a b");
    let Ok(Step::Code(code)) = play.step(Input::Answer(&json(200, GIVEN))) else { panic!() };
    assert_eq!((code.code.as_str(), code.address.as_str()), ("WDJB-MJHT", "https://as.test/activate"));
    assert_eq!(code.expires, later(600).now);
    assert_eq!(code.complete, None);
}

#[test]
fn the_whole_address_is_offered_only_on_a_host_of_this_conversation() {
    for (shown, complete, expected) in [
        ("https://as.test/activate", "https://as.test/activate?c=1", Ok(true)),
        ("https://as.test/activate", "https://evil.test/activate?c=1", Ok(false)),
        ("https://www.other.test/device", "https://www.other.test/device?c=1", Ok(false)),
        ("https://as.test/activate", "http://as.test/activate?c=1", Ok(false)),
        ("http://as.test/activate", "", Err("CONN-CFG-HOST-INSECURE")),
        ("activate", "", Err("CONN-BODY-SCHEMA")),
        ("", "", Err("CONN-BODY-SCHEMA")),
    ] {
        let answer = format!(
            r#"{{"device_code":"dc-123456","user_code":"U","verification_uri":"{shown}","verification_uri_complete":"{complete}"}}"#
        );
        let code = Play::new().code(&answer).map_err(|stop| stop.code);
        assert_eq!(code.map(|code| code.complete.is_some()), expected, "{shown} {complete}");
    }
}

#[test]
fn questions_keep_the_pace_that_the_service_sets() {
    let mut play = Play::told(GIVEN);
    let step = play.step(Input::Waited);
    assert_eq!(play.wait(step), 5, "without an interval: five");
    for (answer, seconds) in [
        (Some(json(400, r#"{"error":"authorization_pending"}"#)), 5),
        (Some(json(200, r#"{"error":"authorization_pending"}"#)), 5),
        (Some(json(400, r#"{"error":"slow_down"}"#)), 10),
        (Some(json(400, r#"{"error":"authorization_pending"}"#)), 10),
        (Some(json(200, r#"{"error":"slow_down","interval":10}"#)), 15),
        (Some(json(429, "")), 20),
        (None, 40),
        (Some(json(503, "")), 80),
        (Some(json(400, r#"{"error":"authorization_pending"}"#)), 80),
    ] {
        let question = sent(play.step(Input::Waited));
        assert_eq!(form(&question)["grant_type"], "urn:ietf:params:oauth:grant-type:device_code");
        assert_eq!(form(&question)["device_code"], "dc-123456");
        let step = play.step(answer.as_ref().map_or(Input::Lost, Input::Answer));
        assert_eq!(play.wait(step), seconds, "{answer:?}");
    }
    sent(play.step(Input::Waited));
    let obtained = done(play.step(Input::Answer(&json(200, r#"{"access_token":"at-123456"}"#))));
    assert_eq!(obtained.access_token.expose(), "at-123456");
}

#[test]
fn a_named_interval_is_kept() {
    for (written, seconds) in [("7", 7), ("\"7\"", 7), ("0", 1), ("null", 5)] {
        let mut play = Play::told(&GIVEN.replace("600", &format!("600,\"interval\":{written}")));
        let step = play.step(Input::Waited);
        assert_eq!(play.wait(step), seconds, "{written}");
    }
}

#[test]
fn the_end_of_a_consent_is_named() {
    for (body, status, expected) in [
        (r#"{"error":"expired_token"}"#, 400, "CONN-OAUTH-DEVICE-EXPIRED"),
        (r#"{"error":"access_denied"}"#, 400, "CONN-OAUTH-CONSENT-DENIED"),
        (r#"{"error":"access_denied"}"#, 200, "CONN-OAUTH-CONSENT-DENIED"),
        (r#"{"error":"invalid_client"}"#, 401, "CONN-OAUTH-CLIENT-INVALID"),
        (r#"{"error":"unsupported_grant_type"}"#, 400, "CONN-OAUTH-GRANT"),
    ] {
        let mut play = Play::told(GIVEN);
        let step = play.step(Input::Waited);
        play.wait(step);
        sent(play.step(Input::Waited));
        assert_eq!(cause(play.step(Input::Answer(&json(status, body)))), expected, "{body}");
    }
}

#[test]
fn nothing_is_asked_after_the_deadline() {
    let mut play = Play::told(GIVEN);
    let step = play.step(Input::Waited);
    play.wait(step);
    play.now = 599;
    sent(play.step(Input::Waited));
    let step = play.step(Input::Answer(&json(400, r#"{"error":"authorization_pending"}"#)));
    play.wait(step);
    assert_eq!(play.now, 604);
    assert_eq!(cause(play.step(Input::Waited)), "CONN-OAUTH-DEVICE-EXPIRED");
}

#[test]
fn a_service_that_gives_no_code_says_why() {
    for (body, status, expected) in [
        (r#"{"error":"unauthorized_client"}"#, 400, "CONN-OAUTH-GRANT"),
        (r#"{"error":"invalid_scope"}"#, 200, "CONN-OAUTH-SCOPE-INVALID"),
        (r#"{"user_code":"U"}"#, 200, "CONN-BODY-SCHEMA"),
        ("", 503, "CONN-OAUTH-SERVER"),
    ] {
        let mut play = Play::new();
        sent(play.step(Input::Start));
        assert_eq!(cause(play.step(Input::Answer(&json(status, body)))), expected, "{body}");
    }
    let mut play = Play::new();
    sent(play.step(Input::Start));
    assert_eq!(cause(play.step(Input::Lost)), "CONN-NET-READ-TIMEOUT");
}
