//! Tests of OAuth 1 with a person: which tokens sign what, and which callbacks are ours.

use super::OAuth1;
use crate::base::Request;
use crate::flow::fixture::{World, answer, cause, consent, done, moment, pairs, sent};
use crate::flow::{Conversation, Input, Step, Stop};

const DEFINITION: &str = "kind = 'oauth1'
    request = 'https://as.test/request'
    authorize = 'https://as.test/authorize'
    access = 'https://as.test/access'";
const REDIRECT: &str = "http://127.0.0.1:53682/callback";
const TEMPORARY: &str =
    "oauth_token=tt-123456&oauth_token_secret=ts-123456&oauth_callback_confirmed=true\r\n";
const GRANTED: &str = "oauth_token=at-123456&oauth_token_secret=as-123456&screen_name=hana\r\n";

struct Play {
    world: World,
    flow: OAuth1,
}

impl Play {
    fn of(more: &str) -> Self {
        let mut world = World::of(&format!("{DEFINITION}\n{more}"));
        world.values.insert("client_secret", "cs-123456".into());
        Self { world, flow: OAuth1::new(REDIRECT) }
    }

    fn step(&mut self, input: Input<'_>) -> Result<Step, Stop> {
        let flow = &mut self.flow;
        self.world.with(|terms| flow.advance(terms, input, &moment(1)))
    }

    fn answer(&mut self, status: u16, body: &str) -> Result<Step, Stop> {
        self.step(Input::Answer(&answer(status, "application/x-www-form-urlencoded", body)))
    }

    fn callback(&mut self, parameters: &[(&str, &str)]) -> Result<Step, Stop> {
        self.step(Input::Callback(&pairs(parameters)))
    }

    /// Gets to the consent; its address.
    fn consenting(more: &str, temporary: &str) -> (Self, String) {
        let mut play = Self::of(more);
        sent(play.step(Input::Start));
        let consent = consent(play.answer(200, temporary));
        let (name, token) = consent.mark.clone().unwrap();
        assert_eq!(name, "", "a refusal names the token in another parameter");
        assert!(consent.address.query_pairs().any(|(name, value)| name == "oauth_token" && value == token));
        (play, consent.address.to_string())
    }
}

fn proof(request: &Request) -> String {
    request.header("authorization").unwrap().to_owned()
}

#[test]
fn three_legs_end_with_a_token_and_its_secret() {
    let mut play =
        Play::of("extra.request = { x_auth_access_type = 'write' }\nextra.authorize = { perms = 'read' }");
    let request = sent(play.step(Input::Start));
    assert_eq!((request.method.as_str(), request.url.as_str()), ("POST", "https://as.test/request"));
    assert!(proof(&request).contains("oauth_callback=\"http%3A%2F%2F127.0.0.1%3A53682%2Fcallback\""));
    assert!(!proof(&request).contains("oauth_token="));
    assert_eq!(request.body.unwrap().bytes.as_slice(), b"x_auth_access_type=write");
    let consent = consent(play.answer(200, TEMPORARY));
    assert_eq!(consent.address.as_str(), "https://as.test/authorize?oauth_token=tt-123456&perms=read");
    let request = sent(play.callback(&[("oauth_token", "tt-123456"), ("oauth_verifier", "v-1")]));
    assert_eq!(request.url.as_str(), "https://as.test/access");
    assert!(proof(&request).contains("oauth_token=\"tt-123456\""));
    assert!(proof(&request).contains("oauth_verifier=\"v-1\""));
    let obtained = done(play.answer(200, GRANTED));
    assert_eq!(obtained.access_token.expose(), "at-123456");
    assert_eq!(obtained.token_secret.unwrap().expose(), "as-123456");
}

#[test]
fn a_callback_must_carry_the_token_that_was_sent() {
    let table: &[(&[(&str, &str)], &str)] = &[
        (&[("oauth_token", "other"), ("oauth_verifier", "v")], "CONN-OAUTH-STATE"),
        (&[("oauth_verifier", "v")], "CONN-OAUTH-STATE"),
        (&[("denied", "other")], "CONN-OAUTH-STATE"),
        (&[("oauth_problem", "user_refused")], "CONN-OAUTH-STATE"),
        (
            &[("oauth_token", "tt-123456"), ("oauth_token", "tt-123456"), ("oauth_verifier", "v")],
            "CONN-OAUTH-STATE",
        ),
        (&[("denied", "tt-123456")], "CONN-OAUTH-CONSENT-DENIED"),
        (&[("oauth_token", "tt-123456"), ("oauth_problem", "user_refused")], "CONN-OAUTH-CONSENT-DENIED"),
        (&[("oauth_token", "tt-123456")], "CONN-OAUTH-CALLBACK"),
        (&[("oauth_token", "tt-123456"), ("oauth_verifier", "v")], "none"),
    ];
    for (parameters, expected) in table {
        let mut play = Play::consenting("", TEMPORARY).0;
        assert_eq!(cause(play.callback(parameters)), *expected, "{parameters:?}");
        if *expected == "CONN-OAUTH-STATE" {
            sent(play.callback(&[("oauth_token", "tt-123456"), ("oauth_verifier", "v")]));
        }
    }
}

#[test]
fn the_callback_must_be_confirmed_unless_the_service_is_older_than_that() {
    let old = "rename = { oauth_verifier = '', oauth_callback = '' }
        extra.authorize = { oauth_callback = '{redirect_uri}' }";
    for (more, temporary, expected) in [
        ("", "oauth_token=t&oauth_token_secret=s", "CONN-OAUTH-STATE"),
        ("", "oauth_token=t&oauth_token_secret=s&oauth_callback_confirmed=false", "CONN-OAUTH-STATE"),
        ("", "oauth_token=t&oauth_token_secret=s&oauth_callback_confirmed=true", "none"),
        ("", "oauth_token_secret=s&oauth_callback_confirmed=true", "CONN-BODY-SCHEMA"),
        (old, "oauth_token=t&oauth_token_secret=s", "none"),
    ] {
        let mut play = Play::of(more);
        sent(play.step(Input::Start));
        assert_eq!(cause(play.answer(200, temporary)), expected, "{more} {temporary}");
    }
    let (mut play, address) = Play::consenting(old, "oauth_token=tt-123456&oauth_token_secret=ts-123456");
    assert!(address.ends_with("&oauth_callback=http%3A%2F%2F127.0.0.1%3A53682%2Fcallback"), "{address}");
    let request = sent(play.callback(&[("oauth_token", "tt-123456")]));
    assert!(!proof(&request).contains("oauth_verifier"));
}

#[test]
fn a_code_shown_on_a_page_is_pasted_without_a_token() {
    let mut play = Play::of("callback = 'oob'");
    assert!(proof(&sent(play.step(Input::Start))).contains("oauth_callback=\"oob\""));
    consent(play.answer(200, TEMPORARY));
    let pasted = play.world.with(|terms| crate::flow::callback::pasted(terms, "123 456\n"));
    let request = sent(play.step(Input::Callback(&pasted)));
    assert!(proof(&request).contains("oauth_verifier=\"123456\""));
}

#[test]
fn refusals_name_their_cause() {
    for (status, body, first, second) in [
        (401, "oauth_problem=timestamp_refused", "CONN-CLK-OAUTH1", "CONN-CLK-OAUTH1"),
        (401, "oauth_problem=consumer_key_unknown", "CONN-OAUTH-CLIENT-INVALID", "CONN-OAUTH-CLIENT-INVALID"),
        (401, "oauth_problem=signature_invalid", "CONN-AUTH-SIGNATURE", "CONN-AUTH-SIGNATURE"),
        (401, "Failed to validate", "CONN-OAUTH-CLIENT-INVALID", "CONN-OAUTH-CODE-EXPIRED"),
        (503, "", "CONN-OAUTH-SERVER", "CONN-OAUTH-SERVER"),
        (200, "oauth_token=t&oauth_callback_confirmed=true", "none", "CONN-BODY-SCHEMA"),
    ] {
        let mut play = Play::of("");
        sent(play.step(Input::Start));
        assert_eq!(cause(play.answer(status, body)), first, "{status} {body}");
        let mut play = Play::consenting("", TEMPORARY).0;
        sent(play.callback(&[("oauth_token", "tt-123456"), ("oauth_verifier", "v")]));
        assert_eq!(cause(play.answer(status, body)), second, "{status} {body}");
    }
}

#[test]
fn a_verifier_is_spent_once() {
    let mut play = Play::consenting("", TEMPORARY).0;
    let ours = [("oauth_token", "tt-123456"), ("oauth_verifier", "v")];
    sent(play.callback(&ours));
    assert_eq!(cause(play.callback(&ours)), "CONN-OAUTH-STATE");
    assert_eq!(cause(play.step(Input::Lost)), "CONN-OAUTH-CODE-EXPIRED");
}
