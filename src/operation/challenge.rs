//! Sending, and answering what a service asks back before it takes a proof: a Digest challenge, or the wish for a
//! nonce in a proof of possession (RFC 9449, section 9). A nonce that an API gave is used for the next requests of this
//! process, which saves each of them the first refusal.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use http::StatusCode;

use super::exchange::Caller;
use crate::base::{Request, Response, authority, hex};
use crate::diagnosis::Fault;
use crate::flow::refusal;
use crate::model::AuthKind;
use crate::port::{Opened, Route};
use crate::scheme;

/// The last nonce of each API, by host. An authorization server has its own, even on the same host (RFC 9449,
/// section 8): those live with their conversations.
static NONCES: Mutex<BTreeMap<String, String>> = Mutex::new(BTreeMap::new());

impl Caller<'_> {
    /// Sends once, and a second time where something was asked back.
    ///
    /// # Errors
    /// Why there is no answer.
    pub async fn send(&self, request: &mut Request, route: &Route) -> Result<Response, Fault> {
        self.use_nonce(request);
        let response = self.world.carrier().send(request, route).await.outcome?;
        if !self.prove_again(request, &response) {
            return Ok(response);
        }
        self.prepared.beside.add();
        self.world.carrier().send(request, route).await.outcome
    }

    /// The same, back as soon as the head of the answer is there.
    ///
    /// # Errors
    /// Why there is no answer.
    pub async fn open(&self, request: &mut Request, route: &Route) -> Result<Opened, Fault> {
        self.use_nonce(request);
        let opened = self.world.carrier().open(request, route).await?;
        let asks_back = request.credentialed && opened.status() == StatusCode::UNAUTHORIZED;
        if !asks_back && !self.proves_possession(request) {
            return Ok(opened);
        }
        let head = Response::head(opened.status().as_u16(), opened.headers());
        if !self.prove_again(request, &head) {
            return Ok(opened);
        }
        self.prepared.beside.add();
        self.world.carrier().open(request, route).await
    }

    fn proves_possession(&self, request: &Request) -> bool {
        self.prepared.method.dpop == Some(true) && request.credentialed
    }

    /// Makes the proof with the nonce that the API gave before, where it gave one.
    fn use_nonce(&self, request: &mut Request) {
        if !self.proves_possession(request) {
            return;
        }
        let nonces = NONCES.lock().unwrap_or_else(PoisonError::into_inner);
        let nonce = authority(&request.url).and_then(|host| nonces.get(&host).cloned());
        drop(nonces);
        if let Some(nonce) = nonce {
            self.prove(request, &nonce);
        }
    }

    /// Remembers the nonce that an answer gives, whether it asks for one or not (RFC 9449, section 8.2).
    fn learn_nonce(&self, request: &Request, response: &Response) {
        if !self.proves_possession(request) {
            return;
        }
        if let (Some(host), Some(nonce)) = (authority(&request.url), refusal::offered_nonce(response)) {
            NONCES.lock().unwrap_or_else(PoisonError::into_inner).insert(host, nonce);
        }
    }

    /// Whether the service asked something back and the request now answers it.
    fn prove_again(&self, request: &mut Request, response: &Response) -> bool {
        self.learn_nonce(request, response);
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
        let nonce = refusal::nonce(response).filter(|_| self.proves_possession(request));
        nonce.is_some_and(|nonce| self.prove(request, &nonce))
    }

    fn prove(&self, request: &mut Request, nonce: &str) -> bool {
        let values = |name: &str| self.prepared.value(name, self.secrets);
        scheme::oauth2::prove(request, &values, Some(nonce), &self.world.moment()).is_ok()
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
        hex(&bytes)
    }
}
