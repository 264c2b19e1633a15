//! Device authorization (RFC 8628): a person types a code at another place, and conn asks until they have.

use std::mem;

use url::Url;

use super::consent_address::Parameters;
use super::possession::Possession;
use super::token_request::Fields;
use super::{
    Conversation, Exchange, Input, Step, Stop, Terms, UserCode, decline, fields, terms, token_answer,
    token_request,
};
use crate::base::{Response, Secret, Text, Timestamp};
use crate::model::refusal::Spent;
use crate::scheme::Moment;

/// Seconds between two questions where the service names none (section 3.2), and what each `slow_down` adds
/// for good (section 3.5).
const STEP: u64 = 5;

/// How long a code lives where the service does not say, in seconds.
const LIFETIME: u64 = 900;

/// One consent by device code.
#[derive(Default)]
pub struct Device {
    possession: Possession,
    stage: Stage,
}

#[derive(Default)]
enum Stage {
    #[default]
    New,
    Asked,
    Told(Grant),
    Waiting(Grant),
    Polling(Grant),
    Over,
}

/// What the service gave, and how patient it wants us to be.
struct Grant {
    code: Secret,
    /// Seconds before the next question.
    interval: u64,
    deadline: Timestamp,
}

/// What it takes to go on asking about a code that a person was told.
#[derive(Debug)]
pub struct PutAway {
    /// The device code.
    pub code: Secret,
    /// Seconds before the next question.
    pub interval: u64,
    /// When the code ends.
    pub deadline: Timestamp,
}

impl Device {
    /// A consent that has not begun.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The consent as plain values; `None` unless the person has just been told the code.
    #[must_use]
    pub fn put_away(&self) -> Option<PutAway> {
        let Stage::Told(grant) = &self.stage else { return None };
        Some(PutAway { code: grant.code.duplicate(), interval: grant.interval, deadline: grant.deadline })
    }

    /// The consent as it was put away: its next input is [`Input::Waited`], and then it asks.
    #[must_use]
    pub fn taken_up(away: PutAway) -> Self {
        let PutAway { code, interval, deadline } = away;
        let stage = Stage::Waiting(Grant { code, interval, deadline });
        Self { possession: Possession::default(), stage }
    }

    fn begin(&mut self, terms: &Terms<'_>, moment: &Moment) -> Result<Step, Stop> {
        let mut parameters = Parameters::default();
        parameters.set("client_id", terms.required("client_id")?);
        if let Some(scope) = terms.scope().filter(|scope| !scope.trim().is_empty()) {
            parameters.set("scope", scope);
        }
        parameters.extend(terms)?;
        let fields =
            parameters.sent(terms).fold(Fields::default(), |all, (name, value)| all.plain(name, value));
        let request = token_request::build(terms, &terms.address("device")?, fields, None, moment)?;
        self.stage = Stage::Asked;
        Ok(Step::Send { exchange: Exchange::Device, request: Box::new(request) })
    }

    fn told(&mut self, terms: &Terms<'_>, response: &Response, moment: &Moment) -> Result<Step, Stop> {
        let declines = !(200..300).contains(&response.status);
        let answer = fields::read(response).filter(|fields| !declines && !fields.contains_key("error"));
        let answer = answer.ok_or_else(|| decline::unusable(response, "device_code"))?;
        let code = Secret::new(fields::required(&answer, "device_code")?.to_owned());
        let user_code = fields::required(&answer, "user_code")?.to_owned();
        // Google's first version wrote "url".
        let uri =
            fields::text(&answer, "verification_uri").or_else(|| fields::text(&answer, "verification_url"));
        let address = page(uri.ok_or_else(|| fields::lacking("verification_uri"))?)?;
        let complete = fields::text(&answer, "verification_uri_complete").and_then(|uri| page(uri).ok());
        let lifetime = fields::seconds(&answer, "expires_in").filter(|seconds| *seconds > 0);
        let deadline = after(moment.now, lifetime.unwrap_or(LIFETIME));
        let interval = fields::seconds(&answer, "interval").unwrap_or(STEP).max(1);
        self.stage = Stage::Told(Grant { code, interval, deadline });
        Ok(Step::Code(Box::new(UserCode {
            code: user_code,
            complete: complete.filter(|complete| is_known(terms, &address, complete)),
            address,
            expires: deadline,
        })))
    }

    fn wait(&mut self, grant: Grant) -> Step {
        let seconds = grant.interval;
        self.stage = Stage::Waiting(grant);
        Step::Wait(seconds)
    }

    fn poll(&mut self, terms: &Terms<'_>, grant: Grant, moment: &Moment) -> Result<Step, Stop> {
        const OVER: Text = Text::new("The code's time is over.", "コードの有効期間が終了しました。");
        if moment.now >= grant.deadline {
            return Err(Stop::new("CONN-OAUTH-DEVICE-EXPIRED").because(OVER, &[]));
        }
        let fields = Fields::grant("urn:ietf:params:oauth:grant-type:device_code")
            .secret("device_code", grant.code.expose());
        let extra = terms.method.extra.as_ref().map(|extra| &extra.token);
        let mut request = token_request::build(terms, &terms.address("token")?, fields, extra, moment)?;
        self.possession.prove(terms, &mut request, moment)?;
        self.stage = Stage::Polling(grant);
        Ok(Step::Send { exchange: Exchange::Token, request: Box::new(request) })
    }

    /// Some answer with 200 even where they mean “not yet” (GitHub), so the word comes before the status.
    fn polled(
        &mut self,
        terms: &Terms<'_>,
        mut grant: Grant,
        response: &Response,
        moment: &Moment,
    ) -> Result<Step, Stop> {
        if self.possession.is_asked_again(terms, response) {
            return self.poll(terms, grant, moment);
        }
        let answer = fields::read(response);
        let word = answer.as_ref().and_then(|fields| fields::text(fields, "error"));
        match (word, response.status) {
            (Some("authorization_pending"), _) => Ok(self.wait(grant)),
            (Some("slow_down"), _) | (None, 429) => {
                grant.interval = grant.interval.saturating_add(STEP);
                Ok(self.wait(grant))
            }
            (None, 500..) => Ok(self.back_off(grant)),
            _ => {
                let obtained = token_answer::read_spent(Spent::Device, terms, response, moment)?;
                Ok(Step::Done(Box::new(obtained)))
            }
        }
    }

    /// Without an answer the next question comes after twice the time (section 3.5).
    fn back_off(&mut self, mut grant: Grant) -> Step {
        grant.interval = grant.interval.saturating_mul(2);
        self.wait(grant)
    }
}

impl Conversation for Device {
    fn advance(&mut self, terms: &Terms<'_>, input: Input<'_>, moment: &Moment) -> Result<Step, Stop> {
        match (mem::replace(&mut self.stage, Stage::Over), input) {
            (Stage::New, Input::Start) => self.begin(terms, moment),
            (Stage::Asked, Input::Answer(response)) => self.told(terms, response, moment),
            (Stage::Asked, Input::Lost) => Err(decline::lost()),
            (Stage::Told(grant), Input::Waited) => Ok(self.wait(grant)),
            (Stage::Waiting(grant), Input::Waited) => self.poll(terms, grant, moment),
            (Stage::Polling(grant), Input::Answer(response)) => self.polled(terms, grant, response, moment),
            (Stage::Polling(grant), Input::Lost) => Ok(self.back_off(grant)),
            _ => Err(decline::out_of_turn()),
        }
    }
}

/// The page for a person.
fn page(written: &str) -> Result<Url, Stop> {
    let address = Url::parse(written).map_err(|_| fields::lacking("verification_uri"))?;
    terms::secure(address)
}

/// Whether the address with the code in it may be offered: on the host that the person is shown, and a host of
/// this conversation. A code in an address of another host would be somebody else's page (section 5.4).
fn is_known(terms: &Terms<'_>, shown: &Url, complete: &Url) -> bool {
    let host = complete.host_str();
    let is_ours = |name| {
        terms
            .address_if_any(name)
            .is_ok_and(|address| address.is_some_and(|address| address.host_str() == host))
    };
    shown.host_str() == host && ["device", "token", "authorize", "issuer"].into_iter().any(is_ours)
}

fn after(now: Timestamp, seconds: u64) -> Timestamp {
    let span = jiff::SignedDuration::from_secs(i64::try_from(seconds).unwrap_or(i64::MAX));
    now.checked_add(span).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests;
