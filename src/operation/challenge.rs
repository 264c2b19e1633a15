//! Sending, and answering what a service asks back before it takes a proof: a Digest challenge, or the wish for a
//! nonce in a proof of possession (RFC 9449, section 9).

use super::exchange::Caller;
use crate::base::{Request, Response};
use crate::diagnosis::Fault;
use crate::flow;
use crate::model::AuthKind;
use crate::port::{Opened, Route};
use crate::scheme;

impl Caller<'_> {
    /// Sends once, and a second time where something was asked back.
    ///
    /// # Errors
    /// Why there is no answer.
    pub async fn send(&self, request: &mut Request, route: &Route) -> Result<Response, Fault> {
        let response = self.world.carrier().send(request, route).await.outcome?;
        if !self.prove_again(request, &response) {
            return Ok(response);
        }
        self.world.carrier().send(request, route).await.outcome
    }

    /// The same, back as soon as the head of the answer is there.
    ///
    /// # Errors
    /// Why there is no answer.
    pub async fn open(&self, request: &mut Request, route: &Route) -> Result<Opened, Fault> {
        let opened = self.world.carrier().open(request, route).await?;
        if !self.prove_again(request, &opened.head) {
            return Ok(opened);
        }
        self.world.carrier().open(request, route).await
    }

    /// Whether the service asked something back and the request now answers it.
    fn prove_again(&self, request: &mut Request, response: &Response) -> bool {
        if response.status != 401 || !request.credentialed {
            return false;
        }
        match self.prepared.method.kind {
            AuthKind::Digest => self.answer_challenge(request, response),
            AuthKind::OAuth2 => self.prove_anew(request, response),
            _ => false,
        }
    }

    fn prove_anew(&self, request: &mut Request, response: &Response) -> bool {
        let nonce = flow::refusal::nonce(response).filter(|_| self.prepared.method.dpop == Some(true));
        let Some(nonce) = nonce else { return false };
        let values = |name: &str| self.prepared.value(name, self.secrets);
        scheme::oauth2::prove(request, &values, Some(&nonce), &self.world.moment()).is_ok()
    }

    fn answer_challenge(&self, request: &mut Request, response: &Response) -> bool {
        let values = |name: &str| self.prepared.value(name, self.secrets);
        let nonce = self.client_nonce();
        let answered = scheme::digest::answer(request, &self.prepared.method, &values, response, &nonce);
        // No challenge that we can answer: nothing was proven, so nothing was refused.
        request.credentialed = answered == Ok(true);
        request.credentialed
    }

    fn client_nonce(&self) -> String {
        let mut bytes = [0_u8; 16];
        self.world.entropy().fill(&mut bytes);
        bytes.iter().fold(String::with_capacity(32), |text, byte| text + &format!("{byte:02x}"))
    }
}
