//! Tests of the authorization code: what the browser is sent to, and what comes back from it.

use super::AuthorizationCode;
use crate::base::Request;
use crate::flow::fixture::{World, cause, consent, done, form, json, moment, pairs, sent, world};
use crate::flow::{Consent, Conversation, Input, Metadata, Obtained, Step, Stop};

const REDIRECT: &str = "http://127.0.0.1:53682";
const TOKEN: &str = r#"{"access_token":"at-123456","token_type":"Bearer","expires_in":3600}"#;

/// A conversation and the world it goes by.
struct Play {
    world: World,
    flow: AuthorizationCode,
}

impl Play {
    fn of(world: World) -> Self {
        Self { world, flow: AuthorizationCode::new(REDIRECT) }
    }

    fn step(&mut self, input: Input<'_>) -> Result<Step, Stop> {
        let flow = &mut self.flow;
        self.world.with(|terms| flow.advance(terms, input, &moment(1)))
    }

    fn consent(&mut self) -> Consent {
        consent(self.step(Input::Start))
    }

    fn callback(&mut self, parameters: &[(&str, &str)]) -> Result<Step, Stop> {
        self.step(Input::Callback(&pairs(parameters)))
    }

    /// Consents, and comes back with a code and these parameters.
    fn redeem(&mut self, more: &[(&str, &str)]) -> Request {
        let state = self.consent().mark.unwrap().1;
        let mut parameters = vec![("code", "c-123456"), ("state", state.as_str())];
        parameters.extend(more);
        sent(self.callback(&parameters))
    }

    fn answer(&mut self, body: &str) -> Obtained {
        done(self.step(Input::Answer(&json(200, body))))
    }
}

fn query(consent: &Consent) -> Vec<(String, String)> {
    consent.address.query_pairs().into_owned().collect()
}

fn scopes(mut world: World, scopes: &[&str]) -> World {
    world.scopes = scopes.iter().map(|scope| (*scope).to_owned()).collect();
    world
}

#[test]
fn the_consent_address_holds_what_the_service_wants_and_no_verifier() {
    let mut play = Play::of(scopes(
        world("extra.authorize = { access_type = 'offline', prompt = 'consent page' }"),
        &["a", "b"],
    ));
    let consent = play.consent();
    let names: Vec<_> = query(&consent).into_iter().map(|(name, _)| name).collect();
    assert_eq!(
        names.join(" "),
        "response_type client_id redirect_uri scope state code_challenge code_challenge_method access_type prompt"
    );
    let text = consent.address.as_str();
    assert!(text.starts_with("https://as.test/authorize?response_type=code&client_id=client-1&"), "{text}");
    // The text of the redirect address is not touched: a parser would have added a slash.
    assert!(text.contains("redirect_uri=http%3A%2F%2F127.0.0.1%3A53682&scope=a%20b&"), "{text}");
    assert!(text.ends_with("prompt=consent%20page") && !text.contains(['+', ' ']));
    assert!(!text.contains(&moment(1).text(0)), "the verifier stays here");
    assert_eq!(consent.mark, Some(("state".into(), moment(1).text(1))));
}

#[test]
fn a_definition_renames_and_leaves_out() {
    for (definition, scope, present, absent) in [
        ("", &[][..], "response_type=code", "scope"),
        ("", &["openid", "a"][..], "nonce=", "nonsense"),
        ("", &["a"][..], "scope=a", "nonce="),
        ("rename = { response_type = '' }", &[][..], "client_id=", "response_type"),
        ("rename = { client_id = 'client_key' }", &[][..], "client_key=client-1", "client_id"),
        ("scope_param = 'user_scope'\nscope_separator = ','", &["a", "b"][..], "user_scope=a%2Cb", "&scope"),
        ("scope_separator = '+'", &["a", "b"][..], "scope=a+b", "%2B"),
        ("pkce = 'off'", &[][..], "state=", "code_challenge"),
        ("pkce = 'plain'", &[][..], "code_challenge_method=plain", "S256"),
        ("extra.authorize = { response_type = 'Assertion' }", &[][..], "response_type=Assertion", "=code&"),
        ("authorize = 'https://as.test/a?type=web_server'", &[][..], "type=web_server&", "%3F"),
        ("rename = { state = '' }", &[][..], "code_challenge=", "state="),
    ] {
        let address = Play::of(scopes(world(definition), scope)).consent().address;
        assert!(address.as_str().contains(present), "{definition}: {address}");
        assert!(!address.as_str().contains(absent), "{definition}: {address}");
    }
    let mut unbound = Play::of(world("rename = { state = '' }\npkce = 'off'"));
    assert_eq!(cause(unbound.step(Input::Start)), "CONN-OAUTH-STATE");
}

#[test]
fn two_attempts_have_nothing_in_common() {
    let values = |seed| {
        let world = scopes(world(""), &["openid"]);
        let step =
            world.with(|terms| AuthorizationCode::new(REDIRECT).advance(terms, Input::Start, &moment(seed)));
        let pairs = query(&consent(step));
        ["state", "code_challenge", "nonce"]
            .map(|name| pairs.iter().find(|(n, _)| n == name).unwrap().1.clone())
    };
    let (first, second) = (values(1), values(2));
    for (one, other) in first.iter().zip(&second) {
        assert_ne!(one, other);
        assert!(one.len() >= 43);
    }
}

#[test]
fn a_service_without_s256_is_not_gone_on_with() {
    let mut world = world("");
    world.metadata = Some(Metadata { pkce_methods: Some(vec!["plain".into()]), ..Metadata::default() });
    assert_eq!(cause(Play::of(world).step(Input::Start)), "CONN-OAUTH-PKCE");
}

#[test]
fn a_code_is_redeemed_with_its_verifier_and_the_same_redirect_text() {
    let mut play = Play::of(world("extra.token = { audience = 'x' }"));
    let request = play.redeem(&[]);
    assert_eq!((request.method.as_str(), request.url.as_str()), ("POST", "https://as.test/token"));
    let form = form(&request);
    for (name, value) in [
        ("grant_type", "authorization_code"),
        ("code", "c-123456"),
        ("redirect_uri", REDIRECT),
        ("code_verifier", &moment(1).text(0)),
        ("client_id", "client-1"),
        ("audience", "x"),
    ] {
        assert_eq!(form.get(name).map(String::as_str), Some(value), "{name}");
    }
    assert!(!form.contains_key("state"));
    let obtained = play.answer(TOKEN);
    assert_eq!(obtained.access_token.expose(), "at-123456");
}

#[test]
fn a_foreign_callback_sends_nothing_and_the_wait_goes_on() {
    let mut play = Play::of(world(""));
    let state = play.consent().mark.unwrap().1;
    for foreign in [
        &[("code", "evil"), ("state", "other")][..],
        &[("code", "evil")],
        &[("error", "access_denied")],
        &[("code", "evil"), ("state", &state), ("state", &state)],
    ] {
        assert_eq!(cause(play.callback(foreign)), "CONN-OAUTH-STATE", "{foreign:?}");
    }
    let request = sent(play.callback(&[("code", "c-123456"), ("state", &state)]));
    assert_eq!(form(&request)["code"], "c-123456");
}

#[test]
fn a_replayed_callback_redeems_nothing() {
    let mut play = Play::of(world(""));
    let state = play.consent().mark.unwrap().1;
    let parameters = [("code", "c-123456"), ("state", state.as_str())];
    sent(play.callback(&parameters));
    assert_eq!(cause(play.callback(&parameters)), "CONN-OAUTH-STATE");
    assert_eq!(play.answer(TOKEN).access_token.expose(), "at-123456", "the first one is not disturbed");
    assert_eq!(cause(play.callback(&parameters)), "CONN-OAUTH-STATE");
}

#[test]
fn a_mixed_up_issuer_is_refused_before_the_token_request() {
    let mut world = world("");
    world.metadata =
        Some(Metadata { issuer: "https://as.test".into(), promises_issuer: true, ..Metadata::default() });
    let mut play = Play::of(world);
    let state = play.consent().mark.unwrap().1;
    let mixed = [("code", "c"), ("state", &*state), ("iss", "https://evil.test")];
    assert_eq!(cause(play.callback(&mixed)), "CONN-OAUTH-STATE");
    assert_eq!(cause(play.callback(&mixed[..2])), "CONN-OAUTH-STATE");
    sent(play.callback(&[("code", "c"), ("state", &state), ("iss", "https://as.test")]));
}

#[test]
fn a_declined_consent_ends_the_conversation() {
    let mut play = Play::of(world(""));
    let state = play.consent().mark.unwrap().1;
    assert_eq!(
        cause(play.callback(&[("error", "access_denied"), ("state", &state)])),
        "CONN-OAUTH-CONSENT-DENIED"
    );
    assert_eq!(cause(play.callback(&[("code", "c"), ("state", &state)])), "CONN-OAUTH-STATE");
}

#[test]
fn a_code_without_an_answer_is_never_sent_again() {
    let mut play = Play::of(world(""));
    play.redeem(&[]);
    assert_eq!(cause(play.step(Input::Lost)), "CONN-OAUTH-CODE-EXPIRED");
    assert_eq!(cause(play.step(Input::Lost)), "CONN-SELF-BUG");
    let mut play = Play::of(world(""));
    play.redeem(&[]);
    let refused = json(400, r#"{"error":"invalid_grant"}"#);
    assert_eq!(cause(play.step(Input::Answer(&refused))), "CONN-OAUTH-CODE-EXPIRED");
}

#[test]
fn what_the_callback_names_is_used_at_once_and_kept() {
    let mut world = world("token = 'https://{accounts}/token'");
    world.variables = toml::from_str(
        "accounts = { from = 'callback:accounts', choices = ['eu.as.test'] }\nrealm = { from = 'callback:realmId' }",
    )
    .unwrap();
    world.values.insert("accounts", "com.as.test".into());
    let mut play = Play::of(world);
    let request = play.redeem(&[("accounts", "eu.as.test"), ("realmId", "123")]);
    assert_eq!(request.url.as_str(), "https://eu.as.test/token");
    let kept: Vec<_> = play.answer(TOKEN).kept.into_iter().collect();
    assert_eq!(kept, pairs(&[("accounts", "eu.as.test"), ("realm", "123")]));
}

#[test]
fn a_pushed_request_leaves_only_a_reference_for_the_browser() {
    for declared in [true, false] {
        let mut world = scopes(world(if declared { "par = 'https://as.test/par'" } else { "" }), &["a"]);
        if !declared {
            let address = "https://as.test/par".parse().unwrap();
            let addresses = indexmap::IndexMap::from([("par", address)]);
            world.metadata = Some(Metadata { addresses, requires_pushed: true, ..Metadata::default() });
        }
        let mut play = Play::of(world);
        let request = sent(play.step(Input::Start));
        assert_eq!(request.url.as_str(), "https://as.test/par");
        let form = form(&request);
        for name in ["response_type", "client_id", "redirect_uri", "scope", "state", "code_challenge"] {
            assert!(form.contains_key(name), "{name}");
        }
        assert!(!form.contains_key("code_verifier"));
        let answer = json(201, r#"{"request_uri":"urn:x:1","expires_in":60}"#);
        let consent = consent(play.step(Input::Answer(&answer)));
        assert_eq!(
            consent.address.as_str(),
            "https://as.test/authorize?client_id=client-1&request_uri=urn%3Ax%3A1"
        );
        let state = consent.mark.unwrap().1;
        assert_eq!(form["state"], state);
        sent(play.callback(&[("code", "c"), ("state", &state)]));
    }
    let mut play = Play::of(world("par = 'https://as.test/par'"));
    sent(play.step(Input::Start));
    assert_eq!(cause(play.step(Input::Lost)), "CONN-NET-READ-TIMEOUT");
}

#[test]
fn an_identity_token_for_another_request_is_refused() {
    use base64::Engine as _;
    let claims = |nonce: &str| {
        let claims = format!(r#"{{"nonce":"{nonce}"}}"#);
        let claims = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(claims);
        json(200, &format!(r#"{{"access_token":"at-123456","id_token":"e30.{claims}.x"}}"#))
    };
    for (nonce, expected) in [(moment(1).text(2), "none"), ("other".into(), "CONN-OAUTH-STATE")] {
        let mut play = Play::of(scopes(world(""), &["openid"]));
        play.redeem(&[]);
        assert_eq!(cause(play.step(Input::Answer(&claims(&nonce)))), expected);
    }
}

#[test]
fn a_code_that_is_copied_by_hand_is_bound_by_the_proof_key() {
    let oob = "urn:ietf:wg:oauth:2.0:oob";
    let world = world("");
    let mut flow = AuthorizationCode::new(oob);
    let consent = consent(world.with(|terms| flow.advance(terms, Input::Start, &moment(1))));
    assert_eq!(consent.mark, None);
    let request = sent(world.with(|terms| {
        let pasted = crate::flow::callback::pasted(terms, " c-123456\n");
        flow.advance(terms, Input::Callback(&pasted), &moment(1))
    }));
    assert_eq!(form(&request)["redirect_uri"], oob);
    assert_eq!(form(&request)["code_verifier"], moment(1).text(0));
}
