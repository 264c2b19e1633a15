//! Performs the steps of a conversation: sends, waits, and lets a person consent where one is needed.

use std::time::{Duration, Instant};

use url::Url;
use zeroize::Zeroizing;

use crate::base::{Response, authority};
use crate::diagnosis::{AnswerFact, Answered, Problem};
use crate::flow::callback;
use crate::flow::discovery::{Discovery, Next};
use crate::flow::{Consent, Conversation, Exchange, Input, Metadata, Obtained, Step, Stop, Terms, UserCode};
use crate::model::refusal::{self, Spent};
use crate::operation::check;
use crate::operation::exchange::{self, Caller};
use crate::operation::prepare::Prepared;
use crate::operation::secrets::Secrets;
use crate::operation::{Failure, World};
use crate::port::BoxFuture;
use crate::scheme::Values;

/// The cause of an answer that belongs to another consent: the wait goes on.
const FOREIGN: &str = "CONN-OAUTH-STATE";
/// How many such answers are taken before the consent is given up.
const MOST_STRANGERS: u32 = 5;

/// Why no tokens came.
#[derive(Debug)]
pub enum Trouble {
    /// Something is wrong that needs no answer to be seen.
    Problem(Box<Problem>),
    /// An answer, or its absence, is the reason; the judge says what it means.
    Fact(Box<AnswerFact>),
    /// The person cancelled, or something of ours failed.
    Failure(Box<Failure>),
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Self {
        Self::Failure(Box::new(failure))
    }
}

impl From<Problem> for Trouble {
    fn from(problem: Problem) -> Self {
        Self::Problem(Box::new(problem))
    }
}

/// What a person brought.
pub enum Brought {
    /// The parameters with which their browser came back.
    Callback(Vec<(String, String)>),
    /// What they pasted.
    Pasted(Zeroizing<String>),
}

/// Brings what only a person can give.
pub trait Consenting: Send {
    /// Has a person consent at an address; what came of it.
    ///
    /// # Errors
    /// When nobody came back, or the person cancelled.
    fn consent<'a>(&'a mut self, consent: &'a Consent) -> BoxFuture<'a, Result<Brought, Trouble>>;

    /// The same once more, after what came did not belong to this consent.
    ///
    /// # Errors
    /// As [`Consenting::consent`].
    fn again<'a>(&'a mut self, consent: &'a Consent) -> BoxFuture<'a, Result<Brought, Trouble>>;

    /// Tells a person which code to type where.
    ///
    /// # Errors
    /// When nobody can be told.
    fn tell<'a>(&'a mut self, code: &'a UserCode) -> BoxFuture<'a, Result<(), Trouble>>;
}

/// One conversation's surroundings.
pub struct Talk<'a> {
    /// The world.
    pub world: &'a dyn World,
    /// The connection.
    pub prepared: &'a Prepared,
    /// Its secrets.
    pub secrets: &'a Secrets,
    /// What the service publishes about itself, where it was asked.
    pub metadata: Option<&'a Metadata>,
    /// The scopes to ask for.
    pub scopes: &'a [String],
    /// What its token request spends: the same refusal means different things for each.
    pub spent: Spent,
}

impl Talk<'_> {
    /// Performs a conversation to its end.
    ///
    /// # Errors
    /// Why no tokens came.
    pub async fn hold(
        &self,
        conversation: &mut dyn Conversation,
        mut person: Option<&mut dyn Consenting>,
    ) -> Result<Obtained, Trouble> {
        let mut happened = Happened::Start;
        let (mut asked, mut strangers) = (None, 0);
        loop {
            happened = match self.proceed(conversation, happened).await? {
                Pause::Done(obtained) => return Ok(*obtained),
                Pause::Consent(consent) => match person.as_deref_mut() {
                    Some(person) => {
                        let parameters = self.parameters(person.consent(&consent).await?);
                        asked = Some(*consent);
                        Happened::Callback(parameters)
                    }
                    None => return Err(self.nobody()),
                },
                Pause::Foreign(stop) => match (person.as_deref_mut(), &asked) {
                    (Some(person), Some(consent)) if strangers < MOST_STRANGERS => {
                        strangers += 1;
                        Happened::Callback(self.parameters(person.again(consent).await?))
                    }
                    _ => return Err(self.stopped(*stop, None)),
                },
                Pause::Code(code) => match person.as_deref_mut() {
                    Some(person) => {
                        person.tell(&code).await?;
                        Happened::Waited
                    }
                    None => return Err(self.nobody()),
                },
            };
        }
    }

    /// Performs the steps that need no person, until there are tokens or a person is needed.
    pub(super) async fn proceed(
        &self,
        conversation: &mut dyn Conversation,
        mut happened: Happened,
    ) -> Result<Pause, Trouble> {
        let values = |name: &str| self.prepared.value(name, self.secrets);
        let terms = self.terms(&values);
        let mut last: Option<(Exchange, AnswerFact)> = None;
        loop {
            let step = conversation.advance(&terms, happened.input(), &self.world.moment());
            if let (Err(stop), Happened::Callback(_)) = (&step, &happened)
                && stop.code == FOREIGN
            {
                return Ok(Pause::Foreign(Box::new(stop.clone())));
            }
            happened = match step.map_err(|stop| self.stopped(stop, last.take()))? {
                Step::Send { exchange, request } => {
                    let (outcome, fact) = self.send(exchange, &request).await?;
                    last = Some((exchange, fact));
                    outcome
                }
                Step::Wait(seconds) => {
                    tokio::time::sleep(Duration::from_secs(seconds)).await;
                    Happened::Waited
                }
                Step::Consent(consent) => return Ok(Pause::Consent(consent)),
                Step::Code(code) => return Ok(Pause::Code(code)),
                Step::Done(obtained) => return Ok(Pause::Done(obtained)),
            };
        }
    }

    /// What the conversation goes by.
    pub(super) fn terms<'t>(&'t self, values: &'t Values<'t>) -> Terms<'t> {
        Terms {
            method: &self.prepared.method,
            variables: &self.prepared.connector.vars,
            values,
            metadata: self.metadata,
            scopes: self.scopes,
        }
    }

    /// Asks the authorization server what it publishes about itself.
    ///
    /// # Errors
    /// Why that cannot be used.
    pub async fn discover(&self) -> Result<Metadata, Trouble> {
        let issuer = self.prepared.method.issuer.as_ref();
        let issuer =
            issuer.and_then(|issuer| issuer.expand(|name| self.prepared.value(name, self.secrets)).ok());
        let mut search = Discovery::of(issuer.as_deref().map_or("", String::as_str))
            .map_err(|stop| self.stopped(stop, None))?;
        let (mut happened, mut last) = (Happened::Start, None);
        loop {
            match search.advance(&happened.input()).map_err(|stop| self.stopped(stop, last.take()))? {
                Next::Found(metadata) => return Ok(*metadata),
                Next::Send(request) => {
                    let (outcome, fact) = self.send(Exchange::Metadata, &request).await?;
                    (happened, last) = (outcome, Some((Exchange::Metadata, fact)));
                }
            }
        }
    }

    /// The parameters of what a person brought.
    fn parameters(&self, brought: Brought) -> Vec<(String, String)> {
        match brought {
            Brought::Callback(parameters) => parameters,
            Brought::Pasted(line) => {
                let values = |name: &str| self.prepared.value(name, self.secrets);
                callback::pasted(&self.terms(&values), &line)
            }
        }
    }

    fn nobody(&self) -> Trouble {
        self.prepared.problem("CONN-CFG-NOT-AUTHORISED", &[]).into()
    }

    async fn send(
        &self,
        exchange: Exchange,
        request: &crate::base::Request,
    ) -> Result<(Happened, AnswerFact), Trouble> {
        let (response, fact) = self.ask(exchange, request).await?;
        Ok((response.map_or(Happened::Lost, Happened::Answer), fact))
    }

    /// Sends one request of a conversation; only to hosts that the definition or the service's metadata names. The
    /// answer, where one came, and what was seen.
    pub(super) async fn ask(
        &self,
        exchange: Exchange,
        request: &crate::base::Request,
    ) -> Result<(Option<Response>, AnswerFact), Trouble> {
        if !self.may_reach(&request.url) {
            let host = authority(&request.url).unwrap_or_default();
            let values = [("host", host.as_str()), ("new_host", host.as_str())];
            return Err(self.prepared.problem("CONN-CFG-HOST-CHANGED", &values).into());
        }
        if let Some(problem) = check::proxy_problem(self.world, self.prepared, &request.url) {
            return Err(problem.into());
        }
        let started = Instant::now();
        let caller = Caller { world: self.world, prepared: self.prepared, secrets: self.secrets };
        let outcome = match caller.route() {
            Ok(route) => self.world.carrier().send(request, &route).await.outcome,
            Err(fault) => Err(fault),
        };
        let ms = started.elapsed().as_secs_f64() * 1000.0;
        let status = outcome.as_ref().ok().map(|response| response.status);
        tracing::info!(exchange = exchange.code(), method = %request.method, url = %request.shown_url, status, ms, "asked for tokens");
        let fact = |answer, fault| AnswerFact {
            request: format!("{}:{}", exchange.code(), self.spent_in(exchange).code()),
            method: request.method.clone(),
            url: request.shown_url.clone(),
            credentialed: true,
            ms,
            redirects: Vec::new(),
            answer,
            fault,
        };
        let (response, fact) = match outcome {
            Ok(response) => {
                let seen = seen(&response, self.spent_in(exchange));
                (Some(response), fact(Some(seen), None))
            }
            Err(fault) => (None, fact(None, Some(fault))),
        };
        self.prepared.beside.add_sent(&fact);
        Ok((response, fact))
    }

    const fn spent_in(&self, exchange: Exchange) -> Spent {
        match exchange {
            Exchange::Token | Exchange::Login | Exchange::Pushed => self.spent,
            _ => Spent::Nothing,
        }
    }

    fn may_reach(&self, url: &Url) -> bool {
        let Some(host) = authority(url) else { return false };
        let published = self.metadata.into_iter().flat_map(|metadata| {
            metadata.addresses.values().chain(metadata.mtls_addresses.values()).filter_map(authority)
        });
        self.prepared.hosts(self.secrets).into_iter().chain(published).any(|allowed| allowed == host)
    }

    pub(super) fn stopped(&self, stop: Stop, last: Option<(Exchange, AnswerFact)>) -> Trouble {
        match last {
            Some((_, fact)) if stop.answered || fact.fault.is_some() => Trouble::Fact(Box::new(fact)),
            _ => self.problem(stop).into(),
        }
    }

    fn problem(&self, stop: Stop) -> Problem {
        let values: Vec<(&str, &str)> = stop.values.iter().map(|(k, v)| (*k, v.as_str())).collect();
        let mut problem = self.prepared.problem(stop.code, &values);
        problem.evidence = stop.evidence;
        problem
    }
}

/// An answer of a conversation as a fact. One that may hold tokens becomes a fact without its body: only what
/// refuses is read by people.
fn seen(response: &Response, spent: Spent) -> Answered {
    let mut seen = exchange::answered(response);
    if response.status < 400 && refusal::read(spent, seen.status, &seen.headers, &seen.body).is_none() {
        seen.body = "".into();
    }
    seen
}

/// Where a conversation pauses.
pub(super) enum Pause {
    /// A person consents at an address.
    Consent(Box<Consent>),
    /// A person types a code.
    Code(Box<UserCode>),
    /// Tokens are there.
    Done(Box<Obtained>),
    /// What came belongs to another consent; the conversation still waits for its own.
    Foreign(Box<Stop>),
}

/// What happened last, owned, so that the next step can look at it.
pub(super) enum Happened {
    Start,
    Answer(Response),
    Lost,
    Callback(Vec<(String, String)>),
    Waited,
}

impl Happened {
    fn input(&self) -> Input<'_> {
        match self {
            Self::Start => Input::Start,
            Self::Answer(response) => Input::Answer(response),
            Self::Lost => Input::Lost,
            Self::Callback(parameters) => Input::Callback(parameters),
            Self::Waited => Input::Waited,
        }
    }
}
