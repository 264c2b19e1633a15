//! The authorization code: a person consents in their own browser, and a code comes back that is redeemed once
//! (RFC 6749, section 4.1; RFC 8252).

mod put_away;

use std::mem;

use indexmap::IndexMap;

use super::consent_address::{self, Parameters};
use super::pkce::ProofKey;
use super::possession::Possession;
use super::token_request::Fields;
use super::{
    Consent, Conversation, Exchange, Input, Obtained, Step, Stop, Terms, callback, decline, identity, pushed,
    token_answer, token_request,
};
use crate::base::{Secret, Text};
use crate::model::refusal::Spent;
use crate::scheme::Moment;

pub use put_away::PutAway;

/// One consent by authorization code.
pub struct AuthorizationCode {
    /// The text exactly as it is registered: a parser would add a slash.
    redirect_uri: String,
    possession: Possession,
    stage: Stage,
}

enum Stage {
    New,
    Pushing(Attempt),
    Consenting(Attempt),
    Redeeming(Redeeming),
    Over,
}

/// What was sent with one consent and must fit what comes back.
struct Attempt {
    proof: Option<ProofKey>,
    /// `None` where the service brings no state back.
    state: Option<String>,
    nonce: Option<String>,
}

struct Redeeming {
    code: Secret,
    proof: Option<ProofKey>,
    nonce: Option<String>,
    kept: IndexMap<String, String>,
}

impl AuthorizationCode {
    /// A consent that comes back to this address.
    #[must_use]
    pub fn new(redirect_uri: &str) -> Self {
        Self { redirect_uri: redirect_uri.to_owned(), possession: Possession::default(), stage: Stage::New }
    }

    fn begin(&mut self, terms: &Terms<'_>, moment: &Moment) -> Result<Step, Stop> {
        let attempt = self.attempt(terms, moment)?;
        let required = terms.metadata.is_some_and(|metadata| metadata.requires_pushed);
        if terms.method.par.is_none() && !required {
            let address = terms.address("authorize")?;
            let parameters = self.parameters(terms, &attempt)?;
            let address = consent_address::with(terms, address, &parameters);
            return Ok(self.consent(terms, attempt, address));
        }
        self.push(terms, attempt, moment)
    }

    fn push(&mut self, terms: &Terms<'_>, attempt: Attempt, moment: &Moment) -> Result<Step, Stop> {
        let mut request = pushed::request(terms, &self.parameters(terms, &attempt)?, moment)?;
        self.possession.prove(terms, &mut request, moment)?;
        self.stage = Stage::Pushing(attempt);
        Ok(Step::Send { exchange: Exchange::Pushed, request: Box::new(request) })
    }

    fn attempt(&self, terms: &Terms<'_>, moment: &Moment) -> Result<Attempt, Stop> {
        const NOTHING: Text = Text::new(
            "The definition sends neither a state nor a proof key, so anybody's code would be taken.",
            "定義で state も検証キー（PKCE）も使用しないため、第三者の認可コードを区別できません。",
        );
        let proof = ProofKey::fresh(terms, moment)?;
        // Where a person copies the code from the service's own page, no state comes back with it.
        let by_hand = self.redirect_uri.starts_with("urn:");
        let state = (!terms.name("state").is_empty() && !by_hand).then(|| moment.text(1));
        if state.is_none() && proof.is_none() {
            return Err(Stop::new("CONN-OAUTH-STATE").because(NOTHING, &[]));
        }
        let is_openid = terms.scopes.iter().any(|scope| scope == "openid");
        Ok(Attempt { proof, state, nonce: is_openid.then(|| moment.text(2)) })
    }

    fn parameters(&self, terms: &Terms<'_>, attempt: &Attempt) -> Result<Parameters, Stop> {
        let mut parameters = Parameters::default();
        parameters.set("response_type", "code");
        parameters.set("client_id", terms.required("client_id")?);
        parameters.set("redirect_uri", &*self.redirect_uri);
        if let Some(scope) = terms.scope().filter(|scope| !scope.trim().is_empty()) {
            parameters.set("scope", scope);
        }
        if let Some(state) = &attempt.state {
            parameters.set("state", &**state);
        }
        if let Some(proof) = &attempt.proof {
            parameters.set("code_challenge", proof.challenge());
            parameters.set("code_challenge_method", proof.method());
        }
        if let Some(nonce) = &attempt.nonce {
            parameters.set("nonce", &**nonce);
        }
        parameters.extend(terms)?;
        Ok(parameters)
    }

    fn consent(&mut self, terms: &Terms<'_>, attempt: Attempt, address: url::Url) -> Step {
        let name = callback::name(terms, "state").to_owned();
        let mark = attempt.state.clone().map(|state| (name, state));
        self.stage = Stage::Consenting(attempt);
        Step::Consent(Box::new(Consent { address, mark }))
    }

    fn pushed(&mut self, terms: &Terms<'_>, attempt: Attempt, request_uri: String) -> Result<Step, Stop> {
        let mut parameters = Parameters::default();
        parameters.set("client_id", terms.required("client_id")?);
        parameters.set("request_uri", request_uri);
        let address = consent_address::with(terms, terms.address("authorize")?, &parameters);
        Ok(self.consent(terms, attempt, address))
    }

    /// A callback that is not ours leaves everything as it is: the wait may go on.
    fn returned(
        &mut self,
        terms: &Terms<'_>,
        attempt: Attempt,
        parameters: &[(String, String)],
        moment: &Moment,
    ) -> Result<Step, Stop> {
        let returned = match callback::read(terms, parameters, attempt.state.as_deref()) {
            Ok(returned) => returned,
            Err(stop) => {
                if stop.code == "CONN-OAUTH-STATE" {
                    self.stage = Stage::Consenting(attempt);
                }
                return Err(stop);
            }
        };
        let redeeming = Redeeming {
            code: returned.code,
            proof: attempt.proof,
            nonce: attempt.nonce,
            kept: returned.kept,
        };
        self.redeem(terms, redeeming, moment)
    }

    fn redeem(&mut self, terms: &Terms<'_>, redeeming: Redeeming, moment: &Moment) -> Result<Step, Stop> {
        let request = terms.with(&redeeming.kept, |terms| self.token_request(terms, &redeeming, moment))?;
        self.stage = Stage::Redeeming(redeeming);
        Ok(Step::Send { exchange: Exchange::Token, request: Box::new(request) })
    }

    fn token_request(
        &self,
        terms: &Terms<'_>,
        redeeming: &Redeeming,
        moment: &Moment,
    ) -> Result<crate::base::Request, Stop> {
        let mut fields = Fields::grant("authorization_code")
            .secret("code", redeeming.code.expose())
            .plain("redirect_uri", &self.redirect_uri);
        if let Some(proof) = &redeeming.proof {
            fields = fields.secret("code_verifier", proof.verifier());
        }
        let extra = terms.method.extra.as_ref().map(|extra| &extra.token);
        let mut request = token_request::build(terms, &terms.address("token")?, fields, extra, moment)?;
        self.possession.prove(terms, &mut request, moment)?;
        Ok(request)
    }
}

impl Conversation for AuthorizationCode {
    fn advance(&mut self, terms: &Terms<'_>, input: Input<'_>, moment: &Moment) -> Result<Step, Stop> {
        match (mem::replace(&mut self.stage, Stage::Over), input) {
            (Stage::New, Input::Start) => self.begin(terms, moment),
            (Stage::Pushing(attempt), Input::Answer(response)) => {
                if self.possession.is_asked_again(terms, response) {
                    return self.push(terms, attempt, moment);
                }
                self.pushed(terms, attempt, pushed::read(response)?)
            }
            (Stage::Pushing(_), Input::Lost) => Err(decline::lost()),
            (Stage::Consenting(attempt), Input::Callback(parameters)) => {
                self.returned(terms, attempt, parameters, moment)
            }
            (Stage::Redeeming(redeeming), Input::Answer(response)) => {
                // Without the nonce the server did not look at the code.
                if self.possession.is_asked_again(terms, response) {
                    return self.redeem(terms, redeeming, moment);
                }
                let obtained = terms.with(&redeeming.kept, |terms| {
                    token_answer::read_spent(Spent::Code, terms, response, moment)
                })?;
                obtained_with(redeeming, obtained)
            }
            (Stage::Redeeming(_), Input::Lost) => Err(decline::spent()),
            // A second callback while the code of the first is on its way, or after it.
            (stage @ (Stage::Redeeming(_) | Stage::Over), Input::Callback(_)) => {
                self.stage = stage;
                Err(Stop::new("CONN-OAUTH-STATE"))
            }
            _ => Err(decline::out_of_turn()),
        }
    }
}

fn obtained_with(redeeming: Redeeming, mut obtained: Obtained) -> Result<Step, Stop> {
    const NONCE: Text = Text::new(
        "The identity token answers another request than ours.",
        "ID トークンが、今回の要求に対するものではありません。",
    );
    let token = obtained.id_token.as_ref();
    if let (Some(token), Some(nonce)) = (token, &redeeming.nonce)
        && identity::answers_another(token.expose(), nonce)
    {
        return Err(Stop::new("CONN-OAUTH-STATE").because(NONCE, &[]));
    }
    for (variable, value) in redeeming.kept {
        obtained.kept.entry(variable).or_insert(value);
    }
    Ok(Step::Done(Box::new(obtained)))
}

#[cfg(test)]
mod tests;
