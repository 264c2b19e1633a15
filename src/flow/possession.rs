//! Proof of possession at an authorization server (RFC 9449, sections 5 and 8).

use zeroize::Zeroizing;

use super::{Stop, Terms, refusal};
use crate::base::{Header, Request, Response};
use crate::model::grant::DPOP_KEY;
use crate::scheme::Moment;
use crate::scheme::dpop::{ProofKey, proof};

/// The proofs of one conversation, with the nonce that the server gave last.
#[derive(Default)]
pub struct Possession {
    nonce: Option<String>,
    asked_again: bool,
}

impl Possession {
    /// Adds the proof where the definition wants one, with the key that is kept with the connection.
    ///
    /// # Errors
    /// When there is no key, or what is kept as the key is none.
    pub fn prove(&self, terms: &Terms<'_>, request: &mut Request, moment: &Moment) -> Result<(), Stop> {
        if terms.method.dpop != Some(true) {
            return Ok(());
        }
        let kept = terms.required(DPOP_KEY)?;
        let key =
            ProofKey::read(&kept).ok_or_else(|| Stop::new("CONN-SEC-CORRUPT").value("label", DPOP_KEY))?;
        let text = proof(&key, &request.method, &request.url, None, self.nonce.as_deref(), moment);
        request.set_header(Header::secret("DPoP", Zeroizing::new(text)));
        Ok(())
    }

    /// Whether the request has to be made once more, with the nonce of this answer. A server that asks twice for
    /// one request would ask for ever.
    pub fn is_asked_again(&mut self, terms: &Terms<'_>, response: &Response) -> bool {
        let nonce = refusal::nonce(response).filter(|_| terms.method.dpop == Some(true));
        self.asked_again = nonce.is_some() && !self.asked_again;
        if self.asked_again {
            self.nonce = nonce;
        }
        self.asked_again
    }
}

#[cfg(test)]
mod tests {
    use crate::base::{Request, Response};
    use crate::flow::authorize::AuthorizationCode;
    use crate::flow::device::Device;
    use crate::flow::fixture::{World, cause, consent, done, form, later, pairs, part, sent, world};
    use crate::flow::{Conversation, Input, Step, Stop, alone, refresh};
    use crate::scheme::dpop::ProofKey;

    const TOKEN: &str = r#"{"access_token":"at-123456","token_type":"DPoP"}"#;

    /// A conversation with a bound client; each step comes a second later.
    struct Play {
        world: World,
        flow: Box<dyn Conversation>,
        now: i64,
    }

    impl Play {
        fn of(definition: &str, flow: Option<Box<dyn Conversation>>) -> Self {
            let mut world = world(&format!("dpop = true\n{definition}"));
            let key = ProofKey::generate(&[5; 32]).to_text();
            world.values.extend([("dpop_key", key.to_string()), ("refresh_token", "rt-123456".into())]);
            world.values.insert("client_secret", "secret-of-more-than-32-bytes-0123456789".into());
            let flow = flow.unwrap_or_else(|| alone(&world.method));
            Self { world, flow, now: 0 }
        }

        fn step(&mut self, input: Input<'_>) -> Result<Step, Stop> {
            self.now += 1;
            let (flow, now) = (&mut self.flow, self.now);
            self.world.with(|terms| flow.advance(terms, input, &later(now)))
        }

        fn answer(&mut self, response: &Response) -> Result<Step, Stop> {
            self.step(Input::Answer(response))
        }
    }

    fn asks(nonce: &str) -> Response {
        let mut response = crate::flow::fixture::json(400, r#"{"error":"use_dpop_nonce"}"#);
        response.headers.push(("dpop-nonce".into(), nonce.into()));
        response
    }

    fn json(body: &str) -> Response {
        crate::flow::fixture::json(200, body)
    }

    fn claims(request: &Request) -> serde_json::Value {
        part(request.header("dpop").unwrap(), 1)
    }

    #[test]
    fn a_request_for_tokens_carries_a_proof_and_is_made_anew_once_with_a_nonce() {
        for (definition, flow) in [
            ("grant = 'client_credentials'\nclient_auth = 'secret_jwt'", None),
            ("", Some(Box::new(refresh::Refresh::default()) as Box<dyn Conversation>)),
        ] {
            let mut play = Play::of(definition, flow);
            let first = sent(play.step(Input::Start));
            let said = claims(&first);
            assert_eq!(
                (said["htm"].as_str(), said["htu"].as_str()),
                (Some("POST"), Some("https://as.test/token"))
            );
            assert!(said.get("nonce").is_none() && said.get("ath").is_none());
            let again = sent(play.answer(&asks("n-1")));
            assert_eq!(claims(&again)["nonce"], "n-1");
            assert_ne!(claims(&again)["jti"], said["jti"]);
            if let Some(proof) = form(&first).get("client_assertion") {
                assert_ne!(part(&form(&again)["client_assertion"], 1)["jti"], part(proof, 1)["jti"]);
            }
            assert_eq!(cause(play.answer(&asks("n-2"))), "CONN-AUTH-SIGNATURE");
        }
    }

    #[test]
    fn a_code_is_pushed_and_redeemed_with_the_nonce_that_the_server_gave_last() {
        let flow = AuthorizationCode::new("http://127.0.0.1:1/callback");
        let mut play = Play::of("par = 'https://as.test/par'", Some(Box::new(flow)));
        let pushed = sent(play.step(Input::Start));
        assert_eq!(claims(&pushed)["htu"], "https://as.test/par");
        let again = sent(play.answer(&asks("n-1")));
        assert_eq!(form(&again), form(&pushed));
        let mark = consent(play.answer(&json(r#"{"request_uri":"urn:x"}"#))).mark.unwrap();
        let callback = pairs(&[("code", "c-123456"), ("state", &mark.1)]);
        let first = sent(play.step(Input::Callback(&callback)));
        assert_eq!(claims(&first)["nonce"], "n-1");
        let again = sent(play.answer(&asks("n-2")));
        assert_eq!((claims(&again)["nonce"].as_str(), form(&again)), (Some("n-2"), form(&first)));
        assert!(form(&again).contains_key("code_verifier"));
        assert_eq!(done(play.answer(&json(TOKEN))).access_token.expose(), "at-123456");
    }

    #[test]
    fn a_device_asks_with_proofs_and_at_once_where_a_nonce_is_wanted() {
        let mut play = Play::of("device = 'https://as.test/device'", Some(Box::new(Device::new())));
        sent(play.step(Input::Start));
        let given =
            r#"{"device_code":"d","user_code":"U","verification_uri":"https://as.test/a","interval":1}"#;
        assert!(matches!(play.answer(&json(given)), Ok(Step::Code(_))));
        assert!(matches!(play.step(Input::Waited), Ok(Step::Wait(1))));
        assert!(claims(&sent(play.step(Input::Waited))).get("nonce").is_none());
        assert_eq!(claims(&sent(play.answer(&asks("n-1"))))["nonce"], "n-1");
        let pending = crate::flow::fixture::json(400, r#"{"error":"authorization_pending"}"#);
        assert!(matches!(play.answer(&pending), Ok(Step::Wait(1))));
        assert_eq!(claims(&sent(play.step(Input::Waited)))["nonce"], "n-1");
        assert_eq!(claims(&sent(play.answer(&asks("n-2"))))["nonce"], "n-2", "a nonce ends");
    }

    #[test]
    fn without_a_key_nothing_is_sent_and_without_the_wish_no_nonce_is_heard() {
        for (key, code) in [("", "CONN-CFG-VARIABLE-MISSING"), ("none", "CONN-SEC-CORRUPT")] {
            let mut play = Play::of("grant = 'client_credentials'", None);
            play.world.values.insert("dpop_key", key.into());
            assert_eq!(cause(play.step(Input::Start)), code);
        }
        let mut play = Play::of("grant = 'client_credentials'", None);
        play.world.method.dpop = None;
        assert!(sent(play.step(Input::Start)).header("dpop").is_none());
        assert_eq!(cause(play.answer(&asks("n-1"))), "CONN-AUTH-SIGNATURE");
    }
}
