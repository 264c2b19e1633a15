//! A consent that waits longer than a process lives: put away as plain values, and taken up again with its answer.

use super::{Attempt, AuthorizationCode, Possession, ProofKey, Stage};
use crate::base::Secret;

/// What it takes to go on with a consent. The verifier is as secret as the code itself; the rest stands in the
/// address that the person opens.
#[derive(Debug)]
pub struct PutAway {
    /// The address at which the browser ends, as it was sent.
    pub redirect_uri: String,
    /// The mark that must come back; `None` where the service brings none.
    pub state: Option<String>,
    /// What an identity token must hold.
    pub nonce: Option<String>,
    /// The verifier of the proof key; `None` where the definition switches it off.
    pub verifier: Option<Secret>,
}

impl AuthorizationCode {
    /// The consent as plain values; `None` unless it waits for its person.
    #[must_use]
    pub fn put_away(&self) -> Option<PutAway> {
        let Stage::Consenting(attempt) = &self.stage else { return None };
        Some(PutAway {
            redirect_uri: self.redirect_uri.clone(),
            state: attempt.state.clone(),
            nonce: attempt.nonce.clone(),
            verifier: attempt.proof.as_ref().map(|proof| Secret::new(proof.verifier().to_owned())),
        })
    }

    /// The consent as it was put away: its next input is the callback.
    #[must_use]
    pub fn taken_up(away: PutAway) -> Self {
        let PutAway { redirect_uri, state, nonce, verifier } = away;
        let proof = verifier.map(|verifier| ProofKey::known(verifier.expose().to_owned()));
        let stage = Stage::Consenting(Attempt { proof, state, nonce });
        Self { redirect_uri, possession: Possession::default(), stage }
    }
}

#[cfg(test)]
mod tests {
    use super::AuthorizationCode;
    use crate::flow::fixture::{moment, pairs, world};
    use crate::flow::{Conversation as _, Input, Step};

    #[test]
    fn a_consent_goes_on_where_it_was_put_away_and_takes_no_other_answer() {
        let world = world("");
        let mut first = AuthorizationCode::new("http://127.0.0.1/callback");
        assert!(first.put_away().is_none(), "nobody was asked yet");
        world.with(|terms| first.advance(terms, Input::Start, &moment(1))).unwrap();
        let away = first.put_away().unwrap();
        let (state, verifier) = (away.state.clone().unwrap(), away.verifier.as_ref().unwrap().duplicate());
        let mut second = AuthorizationCode::taken_up(away);
        let foreign = pairs(&[("code", "c"), ("state", "of-another")]);
        let refused = world.with(|terms| second.advance(terms, Input::Callback(&foreign), &moment(2)));
        assert_eq!(refused.unwrap_err().code, "CONN-OAUTH-STATE");
        let ours = pairs(&[("code", "c"), ("state", &state)]);
        let step = world.with(|terms| second.advance(terms, Input::Callback(&ours), &moment(3))).unwrap();
        let Step::Send { request, .. } = step else { panic!("{step:?}") };
        let body = String::from_utf8(request.body.as_ref().unwrap().bytes.to_vec()).unwrap();
        assert!(
            body.contains(&format!("code_verifier={}", verifier.expose())),
            "the proof key is the first one"
        );
        assert!(second.put_away().is_none(), "its code is on its way");
    }
}
