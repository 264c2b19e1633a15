//! Observing one connection: its own problems, its test request, its permissions, and the path where that
//! fails. Facts only; the judge decides what they mean.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures_util::future::join_all;
use url::Url;

use super::exchange::Caller;
use super::prepare::Prepared;
use super::secrets::{self, Secrets};
use super::tokens::{self, Trouble};
use super::variables::{self, Filled};
use super::{Failure, World, path};
use crate::base::{Text, Timestamp};
use crate::cause::{self, Severity};
use crate::diagnosis::fact::{Past, SCHEMA};
use crate::diagnosis::flap::Stretch;
use crate::diagnosis::grant::GrantFact;
use crate::diagnosis::judge::{self, TEST};
use crate::diagnosis::last_good::{LastGood, Setting};
use crate::diagnosis::share::Tally;
use crate::diagnosis::{AnswerFact, Facts, Fault, Problem, StageStatus, answer};
use crate::model::{Obtaining, RequestLine, State};
use crate::port::{ControlRecord, PastRecord, StateRecord};

/// How deep to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// The test request and the permissions; the path only where that fails.
    Test,
    /// The path first, always.
    Diagnose,
    /// What needs no traffic.
    Offline,
}

/// A connection with its secrets, ready to be observed.
pub struct Loaded {
    /// The connection.
    pub prepared: Prepared,
    /// Its secrets.
    pub secrets: Secrets,
    /// What is wrong before any traffic.
    pub problems: Vec<Problem>,
    /// What is known from earlier runs.
    pub record: StateRecord,
    /// What stood at the last success.
    pub good: Option<Arc<LastGood>>,
    /// The results of the last hours, newest first.
    pub stretches: Vec<Stretch>,
    /// When a made-up key was sent last.
    pub control: Option<ControlRecord>,
    /// The most calls that other connections to the same host send in the same run.
    pub siblings: u64,
    /// Whether the secrets are those of the store: tokens that are renewed on the way then go there too.
    pub stored: bool,
}

/// Reads the secrets and the state of a connection.
///
/// # Errors
/// When the ledger cannot be read.
pub fn load(world: &dyn World, prepared: Prepared) -> Result<Loaded, Failure> {
    let PastRecord { state, good, results, control } =
        world.ledger().past(&prepared.item(), super::history::RECENT)?;
    let stretches = super::history::stretches(results);
    Ok(Loaded { good: good.map(Arc::new), stretches, control, ..known(world, prepared, state) })
}

/// The same with a state that was read already, and without what the last success showed.
#[must_use]
pub fn known(world: &dyn World, prepared: Prepared, record: StateRecord) -> Loaded {
    let mut problems = super::hygiene::lint(&prepared);
    problems.extend(super::belonging::end(&prepared, world.clock().now()));
    let (secrets, found) = secrets::load(world, &prepared);
    problems.extend(found);
    problems.extend(secrets::strange_reference(&prepared, &secrets, &record.hosts));
    Loaded { stored: true, ..with(prepared, secrets, problems, record) }
}

/// The same with values that are not stored yet.
#[must_use]
pub fn with(prepared: Prepared, secrets: Secrets, mut problems: Vec<Problem>, record: StateRecord) -> Loaded {
    let blocked = problems.iter().any(is_error);
    // An address that waits for an answer of the service is no mistake.
    if !blocked
        && !variables::awaits(&prepared, &secrets)
        && let Err(problem) = prepared.base(&secrets)
    {
        problems.push(problem);
    }
    Loaded {
        prepared,
        secrets,
        problems,
        record,
        good: None,
        stretches: Vec::new(),
        control: None,
        siblings: 0,
        stored: false,
    }
}

/// Whether a problem keeps a connection from being used at all.
pub(super) fn is_error(problem: &Problem) -> bool {
    !problem.lowered && cause::get(&problem.code).severity == Severity::Error
}

/// A proxy setting that nobody can use: going around it could leave the company's network.
#[must_use]
pub fn proxy_problem(world: &dyn World, prepared: &Prepared, url: &Url) -> Option<Problem> {
    const HOLDS: Text = Text::new(
        "{variable} holds no proxy address that conn understands (http, https, socks5)",
        "{variable} の値はプロキシのアドレスとして解釈できません（http、https、socks5）",
    );
    let variable = world.unusable_proxy()?;
    if url.host_str().is_some_and(crate::base::is_loopback) {
        return None;
    }
    let mut problem = prepared.problem("CONN-PXY-ENV", &[("variable", variable)]);
    problem.evidence.push(HOLDS.fill(&[("variable", variable)]));
    Some(problem)
}

/// The same for the address of a connection.
#[must_use]
pub fn base_proxy_problem(world: &dyn World, loaded: &Loaded) -> Option<Problem> {
    world.unusable_proxy()?;
    proxy_problem(world, &loaded.prepared, &loaded.prepared.base(&loaded.secrets).ok()?)
}

/// What keeps a connection from being used at all, as a failure; `None` where nothing does.
#[must_use]
pub fn blocked(loaded: &Loaded) -> Option<Failure> {
    loaded.problems.iter().find(|problem| is_error(problem)).map(|problem| failure(&loaded.prepared, problem))
}

/// A problem of a connection as the failure of a verb that makes no report.
#[must_use]
pub fn failure(prepared: &Prepared, problem: &Problem) -> Failure {
    let subject = prepared.subject(&Secrets::default(), State::default(), BTreeMap::new());
    judge::from_problem(problem, &prepared.connector, &subject).into()
}

/// Observes one connection. Tokens that are about to end are renewed first, and once more where the service
/// refuses them.
pub async fn observe(world: &dyn World, loaded: &mut Loaded, depth: Depth) -> Facts {
    let mut facts = look(world, loaded, depth).await;
    facts.beside = loaded.prepared.beside.count();
    let unreached = facts.stages.iter().any(|stage| stage.status == StageStatus::Failed);
    if unreached {
        facts.history.others = super::history::neighbours(world, &loaded.prepared);
    }
    super::history::look_beside(world, &loaded.prepared, &mut facts);
    facts
}

/// What is wrong before any request; and where only that keeps conn from asking in the clear, who would answer there.
async fn before_traffic(world: &dyn World, loaded: &Loaded, depth: Depth) -> Facts {
    let mut facts = blank(world, loaded);
    facts.problems.extend(base_proxy_problem(world, loaded));
    let in_the_clear = |problem: &Problem| problem.code == "CONN-CFG-HOST-INSECURE";
    if depth != Depth::Offline && facts.problems.iter().any(in_the_clear) {
        facts.stages.extend(path::intercepted(world, &facts.connection.base).await);
    }
    facts
}

async fn look(world: &dyn World, loaded: &mut Loaded, depth: Depth) -> Facts {
    let mut facts = before_traffic(world, loaded, depth).await;
    if depth == Depth::Offline || facts.problems.iter().any(is_error) {
        return facts;
    }
    // Tokens that are renewed would be lost with a request that a broken path ends early.
    let side_by_side = loaded.secrets.grant().is_none();
    if depth == Depth::Diagnose && !side_by_side {
        facts.stages = path::climb(world, loaded).await;
        if facts.stages.iter().any(|stage| stage.status == StageStatus::Failed) {
            return facts;
        }
    }
    let ended = ended(loaded, &facts).filter(|_| depth == Depth::Diagnose);
    let renewed = match tokens::ready(world, loaded).await {
        Ok(renewed) => renewed,
        Err(trouble) => return troubled(world, loaded, facts, trouble).await,
    };
    match variables::fill(world, loaded).await {
        Filled::All => {}
        Filled::Several(choice) => facts.problems.push(variables::undecided(&loaded.prepared, &choice)),
        Filled::Refused { fact, problem, is_test } => {
            facts.grant = grant(loaded, renewed);
            facts = troubled(world, loaded, facts, Trouble::Fact(fact)).await;
            if !is_test || works(loaded, &facts, loaded.prepared.connector.tested()) {
                facts.problems.extend(problem.map(|problem| *problem));
            }
            return facts;
        }
    }
    if facts.problems.iter().any(is_error) {
        return facts;
    }
    if loaded.secrets.grant().is_some() {
        // What came with new tokens may lead to another address.
        facts.connection = blank(world, loaded).connection;
    }
    facts.grant = grant(loaded, renewed);
    ask(world, loaded, &mut facts, depth).await;
    if !renewed && refused(&facts) && tokens::can_renew(loaded) {
        match tokens::renew(world, loaded).await {
            Ok(()) => {
                facts.answers.clear();
                facts.grant = grant(loaded, true);
                ask(world, loaded, &mut facts, depth).await;
            }
            Err(trouble) => {
                facts.answers.clear();
                return troubled(world, loaded, facts, trouble).await;
            }
        }
    }
    facts.grant = told(world, loaded, facts.grant.take(), ended, depth).await;
    facts
}

/// What is known of the authorisation, with what the service says of its token where it is asked.
async fn told(
    world: &dyn World,
    loaded: &Loaded,
    grant: Option<GrantFact>,
    had_ended: Option<Timestamp>,
    depth: Depth,
) -> Option<GrantFact> {
    let grant = GrantFact { had_ended, ..grant? };
    if depth != Depth::Diagnose {
        return Some(grant);
    }
    let introspection = tokens::introspect::look(world, loaded).await.or(grant.introspection);
    Some(GrantFact { introspection, ..grant })
}

/// When the token in hand ended, where a person consented to it and its recorded end has passed.
fn ended(loaded: &Loaded, facts: &Facts) -> Option<Timestamp> {
    let consented = loaded.prepared.method.obtaining() == Obtaining::ByConsent;
    loaded.secrets.grant()?.expires.filter(|expires| consented && *expires <= facts.at)
}

/// The path alone: nothing is sent to the service.
pub async fn path_alone(world: &dyn World, loaded: &Loaded) -> Facts {
    let mut facts = blank(world, loaded);
    facts.problems.extend(base_proxy_problem(world, loaded));
    if !facts.problems.iter().any(is_error) {
        facts.stages = path::climb(world, loaded).await;
    }
    facts
}

/// What is known of the authorisation.
fn grant(loaded: &Loaded, renewed: bool) -> Option<GrantFact> {
    let grant = loaded.secrets.grant()?;
    let method = &loaded.prepared.method;
    let after =
        |since: Timestamp, life: Option<&String>| since.checked_add(crate::base::time::span(life?)?).ok();
    let ends = grant.refresh_expires.or_else(|| after(grant.consented, method.refresh_lifetime.as_ref()));
    Some(GrantFact {
        obtained: grant.obtained,
        consented: grant.consented,
        expires: grant.expires,
        ends,
        lapses: after(grant.obtained, method.refresh_idle.as_ref()),
        renewable: tokens::can_renew(loaded),
        renewed,
        had_ended: None,
        asked: grant.asked.clone(),
        granted: grant.scopes.clone(),
        introspection: None,
    })
}

/// Whether the test request was refused as unauthorised.
fn refused(facts: &Facts) -> bool {
    facts.answers.first().and_then(|fact| fact.answer.as_ref()).is_some_and(|answer| answer.status == 401)
}

/// Facts of a connection for which no tokens came.
pub async fn with_trouble(world: &dyn World, loaded: &Loaded, trouble: Trouble) -> Facts {
    troubled(world, loaded, blank(world, loaded), trouble).await
}

/// Why a connection has no usable token, for a verb that makes no report.
pub async fn failure_of(world: &dyn World, loaded: &Loaded, trouble: Trouble) -> Failure {
    if let Trouble::Failure(failure) = trouble {
        return *failure;
    }
    let facts = with_trouble(world, loaded, trouble).await;
    let kind = loaded.prepared.connection.kind;
    let entry = super::conclude::entry(&loaded.prepared.connector, kind, &facts, 0.0);
    let root = entry.findings.into_iter().next();
    root.map_or_else(|| Failure::cause("CONN-SELF-UNKNOWN", &[]), Failure::from)
}

/// Facts of a connection that has no usable token.
async fn troubled(world: &dyn World, loaded: &Loaded, mut facts: Facts, trouble: Trouble) -> Facts {
    match trouble {
        Trouble::Problem(problem) => facts.problems.push(*problem),
        Trouble::Failure(failure) => facts.problems.push(failure.problem(&loaded.prepared)),
        Trouble::Fact(fact) => {
            let broken = matches!(&fact.fault, Some(fault) if !matches!(fault, Fault::Local(_)));
            if broken
                && let Some(target) =
                    Url::parse(&fact.url).ok().and_then(|url| path::target(world, loaded, &url))
            {
                facts.stages = world.prober().climb(&target).await;
            }
            loaded.prepared.beside.told(&fact);
            facts.answers.push(*fact);
        }
    }
    facts.beside = loaded.prepared.beside.count();
    facts
}

/// The test request, the path where that fails, and the permissions where it works.
async fn ask(world: &dyn World, loaded: &Loaded, facts: &mut Facts, depth: Depth) {
    let caller = Caller { world, prepared: &loaded.prepared, secrets: &loaded.secrets };
    let test = loaded.prepared.connector.tested();
    let call = caller.call(TEST, test);
    let Some(fact) = path::attended(world, loaded, call, &mut facts.stages, depth).await else {
        return;
    };
    let failed_below = matches!(&fact.fault, Some(fault) if !matches!(fault, Fault::Local(_)));
    facts.answers.push(fact);
    if failed_below && facts.stages.is_empty() {
        facts.stages = path::climb(world, loaded).await;
    }
    if works(loaded, facts, test) {
        facts.answers.extend(permissions(&caller, loaded).await);
    }
}

fn works(loaded: &Loaded, facts: &Facts, test: &crate::model::TestRequest) -> bool {
    let fact = &facts.answers[0];
    test.request != RequestLine::Reach
        && fact.answer.is_some()
        && answer::judge(&loaded.prepared.connector, test, facts, fact).is_ok()
}

async fn permissions(caller: &Caller<'_>, loaded: &Loaded) -> Vec<AnswerFact> {
    let declared: Vec<_> = loaded.prepared.connector.permissions.iter().collect();
    let requests: Vec<_> = declared.iter().map(|permission| permission.as_test()).collect();
    let calls =
        declared.iter().zip(&requests).map(|(permission, request)| caller.call(&permission.id, request));
    join_all(calls).await
}

/// Facts before anything was done.
pub(super) fn blank(world: &dyn World, loaded: &Loaded) -> Facts {
    let fingerprints = secrets::fingerprints(world, &loaded.prepared, &loaded.secrets);
    let record = &loaded.record;
    Facts {
        schema: SCHEMA.to_owned(),
        at: world.clock().now(),
        connection: loaded.prepared.subject(&loaded.secrets, record.state, fingerprints),
        problems: loaded.problems.clone(),
        stages: Vec::new(),
        answers: Vec::new(),
        history: Past {
            last_ok: record.last_ok,
            fingerprints: record.fingerprints.clone(),
            account: record.account.clone(),
            organisation: record.organisation.clone(),
            last_good: loaded.good.clone(),
            tally: Some(Tally {
                counter: record.counter.clone(),
                siblings: loaded.siblings,
                beside: Vec::new(),
            })
            .filter(|tally| *tally != Tally::default()),
            stretches: loaded.stretches.clone(),
            others: Vec::new(),
        },
        grant: grant(loaded, false),
        setting: Some(setting(world, loaded)),
        ends: secrets::ends(&loaded.prepared, &loaded.secrets),
        aged: secrets::aged(&loaded.prepared, &loaded.secrets, world.clock().now()),
        definition: Some(super::definition::fact(&loaded.prepared, &loaded.secrets)),
        experiments: Vec::new(),
        beside: 0,
    }
}

/// What this run is made with.
fn setting(world: &dyn World, loaded: &Loaded) -> Setting {
    let saved = world.surroundings().saved(&loaded.prepared.path);
    Setting { conn: env!("CARGO_PKG_VERSION").to_owned(), saved }
}
