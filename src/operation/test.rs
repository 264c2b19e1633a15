//! Testing one, several or all connections: bounded concurrency, fair per host, a deadline for each.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use futures_util::stream::{self, StreamExt as _};
use tokio::sync::Semaphore;

use super::check::{self, Depth, Loaded};
use super::prepare::{Prepared, assemble, unknown_connection};
use super::secrets::Secrets;
use super::{Failure, World, account, conclude, control};
use crate::base::Text;
use crate::config::Located;
use crate::diagnosis::fact::{Facts, Fault};
use crate::diagnosis::judge::TEST;
use crate::diagnosis::report::{Account, Part};
use crate::diagnosis::{AnswerFact, Entry, Report};
use crate::model::{Connection, Shard, State, Verdict};
use crate::port::StateRecord;

/// The most requests at once to one host.
const PER_HOST: usize = 4;
/// How long one connection may take in all.
const DEADLINE: Duration = Duration::from_secs(60);

/// What to test, and how.
#[derive(Clone, Debug, Default)]
pub struct TestRequest {
    /// These connections; all where none is named.
    pub link_names: Vec<String>,
    /// Only those with this label.
    pub tag: Option<String>,
    /// The environment; each connection's own where nothing is said.
    pub environment: Option<String>,
    /// How many at once.
    pub jobs: usize,
    /// Whether warnings count.
    pub strict: bool,
    /// Only this part of them.
    pub shard: Option<Shard>,
}

/// Tests connections; `finished` hears of each as it ends.
///
/// # Errors
/// When a named connection does not exist or definitions cannot be read.
pub async fn test(
    world: &dyn World,
    request: &TestRequest,
    mut finished: impl FnMut(&Entry),
) -> Result<Report, Failure> {
    let started_at = world.clock().now();
    let clock = Instant::now();
    let jobs = Semaphore::new(request.jobs.max(1));
    let hosts = Hosts::default();
    let Meant { known, strangers, order, all } = select(world, request)?;
    // Stores and programs answer on this thread: asked later, they would eat the deadlines of calls under way.
    let loaded = known.into_iter().map(|prepared| check::load(world, prepared));
    let mut loaded = loaded.collect::<Result<Vec<Loaded>, Failure>>()?;
    count_siblings(&mut loaded);
    // Each call under way takes room, so no more begin than can be sent; a turn of each host comes before the next of any.
    let waiting = in_turns(loaded).into_iter().map(|loaded| one(world, loaded, &jobs, &hosts));
    let mut running = stream::iter(waiting).buffer_unordered(2 * request.jobs.max(1));
    let mut entries = strangers;
    entries.iter().for_each(&mut finished);
    let mut unremembered = None;
    while let Some(outcome) = running.next().await {
        let (entry, unwritten) = outcome?;
        finished(&entry);
        entries.push(entry);
        unremembered = unremembered.or(unwritten);
    }
    if let Some(failure) = &unremembered {
        tell_unremembered(world, failure);
    }
    entries.sort_by_key(|entry| order.get(&entry.subject.link_name));
    let ms = clock.elapsed().as_secs_f64() * 1000.0;
    let part = request.shard.map(|shard| Part { shard, all });
    Ok(Report { verb: "test", started_at, ms, entries, strict: request.strict, part })
}

/// The connections so that those of one host stand as far apart as can be.
fn in_turns(loaded: Vec<Loaded>) -> Vec<Loaded> {
    let mut seen: BTreeMap<Option<String>, usize> = BTreeMap::new();
    let mut turns: Vec<(usize, Loaded)> = Vec::with_capacity(loaded.len());
    for one in loaded {
        let turn = seen.entry(host(&one)).or_default();
        turns.push((*turn, one));
        *turn += 1;
    }
    turns.sort_by_key(|(turn, _)| *turn);
    turns.into_iter().map(|(_, one)| one).collect()
}

fn host(one: &Loaded) -> Option<String> {
    one.prepared.base(&one.secrets).ok().and_then(|url| crate::base::authority(&url))
}

/// How many calls the other connections to each host may send: they are conn's own, whoever counts them.
fn count_siblings(loaded: &mut [Loaded]) {
    let calls = |one: &Loaded| 2 * (1 + one.prepared.connector.permissions.len() as u64);
    let hosts: Vec<Option<String>> = loaded.iter().map(host).collect();
    let mut all: BTreeMap<&str, u64> = BTreeMap::new();
    for (one, host) in loaded.iter().zip(&hosts) {
        *all.entry(host.as_deref().unwrap_or_default()).or_default() += calls(one);
    }
    for (one, host) in loaded.iter_mut().zip(&hosts) {
        one.siblings = all[host.as_deref().unwrap_or_default()] - calls(one);
    }
}

/// What keeps the calls to each host few.
#[derive(Default)]
struct Hosts(std::sync::Mutex<BTreeMap<String, std::sync::Arc<Host>>>);

/// How many may go to a host at once: one at first, so that those that follow share the connection that it made.
struct Host {
    gate: Semaphore,
    widened: AtomicBool,
}

impl Hosts {
    fn of(&self, host: &str) -> std::sync::Arc<Host> {
        let mut hosts = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let new = || Host { gate: Semaphore::new(1), widened: AtomicBool::new(false) };
        std::sync::Arc::clone(hosts.entry(host.to_owned()).or_insert_with(|| std::sync::Arc::new(new())))
    }
}

impl Host {
    /// The first one has been there, whatever came of it.
    fn widen(&self) {
        if !self.widened.swap(true, Ordering::Relaxed) {
            self.gate.add_permits(PER_HOST - 1);
        }
    }
}

/// The connections that a request means.
struct Meant {
    known: Vec<Prepared>,
    /// What is said of those that do not know the environment, where all are meant.
    strangers: Vec<Entry>,
    /// The place of each name of both, in the order of the files.
    order: BTreeMap<String, usize>,
    /// How many connections there are with those of the other parts.
    all: usize,
}

fn select(world: &dyn World, request: &TestRequest) -> Result<Meant, Failure> {
    let definitions = world.definitions()?;
    let environment = request.environment.as_deref();
    let mut wanted: Vec<Located<Connection>> = if request.link_names.is_empty() {
        let all = definitions.connections()?;
        let tagged =
            |c: &Located<Connection>| request.tag.as_ref().is_none_or(|tag| c.value.tags.contains(tag));
        all.into_iter().filter(tagged).collect()
    } else {
        let find = |name: &String| match definitions.connection(name)? {
            Some(located) => Ok(located),
            None => Err(unknown_connection(name, &definitions.link_names()?)),
        };
        request.link_names.iter().map(find).collect::<Result<_, Failure>>()?
    };
    let all = wanted.len();
    wanted.retain(|located| request.shard.is_none_or(|shard| shard.holds(&located.name)));
    let order = wanted.iter().enumerate().map(|(place, located)| (located.name.clone(), place)).collect();
    let (mut known, mut strangers) = (Vec::new(), Vec::new());
    for located in wanted {
        let spare = located.clone();
        match assemble(&definitions, located, environment) {
            Ok(mut prepared) => {
                account::settle(world, &mut prepared)?;
                known.push(prepared);
            }
            Err(failure)
                if request.link_names.is_empty() && failure.is_of("CONN-CFG-ENVIRONMENT-UNKNOWN") =>
            {
                let mut prepared = assemble(&definitions, spare, None)?;
                environment.unwrap_or_default().clone_into(&mut prepared.environment);
                strangers.push(stranger(world, prepared, failure));
            }
            Err(failure) => return Err(failure),
        }
    }
    Ok(Meant { known, strangers, order, all })
}

/// A connection that does not know the environment in which all are tested. Nothing is remembered of it.
fn stranger(world: &dyn World, prepared: Prepared, failure: Failure) -> Entry {
    let problem = failure.problem(&prepared);
    let loaded = check::with(prepared, Secrets::default(), vec![problem], StateRecord::default());
    let facts = check::blank(world, &loaded);
    conclude::entry(&loaded.prepared.connector, loaded.prepared.connection.kind, &facts, 0.0)
}

async fn one(
    world: &dyn World,
    mut loaded: Loaded,
    jobs: &Semaphore,
    hosts: &Hosts,
) -> Result<(Entry, Option<Failure>), Failure> {
    if loaded.record.state == State::Disabled {
        return Ok((skipped(world, &loaded), None));
    }
    let host = hosts.of(&host(&loaded).unwrap_or_default());
    let turn = host.gate.acquire().await;
    let permit = jobs.acquire().await;
    let started = Instant::now();
    let observing = check::observe(world, &mut loaded, Depth::Test);
    let observed = tokio::time::timeout(DEADLINE, observing).await;
    drop((turn, permit));
    host.widen();
    let facts = match observed {
        Ok(mut facts) => {
            control::recall(world, &loaded, &mut facts);
            facts
        }
        Err(_) => overdue(world, &mut loaded).await,
    };
    finish(world, &loaded, &facts, "test", started)
}

/// Judges and remembers. Where nothing can be written, the result stands all the same.
///
/// # Errors
/// When the ledger is damaged.
pub fn finish(
    world: &dyn World,
    loaded: &Loaded,
    facts: &Facts,
    verb: &str,
    started: Instant,
) -> Result<(Entry, Option<Failure>), Failure> {
    let ms = started.elapsed().as_secs_f64() * 1000.0;
    let entry = conclude::entry(&loaded.prepared.connector, loaded.prepared.connection.kind, facts, ms);
    match conclude::remember(world, loaded, facts, &entry, verb) {
        Ok(()) => Ok((entry, None)),
        Err(failure) if failure.is_of("CONN-SELF-STATE") => Ok((entry, Some(failure))),
        Err(failure) => Err(failure),
    }
}

/// Says once that results are not remembered, and why.
pub fn tell_unremembered(world: &dyn World, failure: &Failure) {
    const WARNING: Text =
        Text::new("Warning: the result is not remembered. {reason}", "警告: 結果を記録できません。{reason}");
    let language = world.settings().language;
    let reason = failure.evidence(language).unwrap_or_else(|| failure.message(language));
    world.person().say(WARNING.fill(&[("reason", &reason)]).get(language));
}

async fn overdue(world: &dyn World, loaded: &mut Loaded) -> Facts {
    let mut facts = check::observe(world, loaded, Depth::Offline).await;
    facts.answers.push(AnswerFact {
        request: TEST.to_owned(),
        method: "GET".to_owned(),
        url: facts.connection.base.clone(),
        credentialed: true,
        ms: DEADLINE.as_secs_f64() * 1000.0,
        redirects: Vec::new(),
        answer: None,
        fault: Some(Fault::Deadline),
    });
    facts
}

/// A connection that a person switched off.
fn skipped(world: &dyn World, loaded: &Loaded) -> Entry {
    let fingerprints = super::secrets::fingerprints(world, &loaded.secrets);
    let subject = loaded.prepared.subject(&loaded.secrets, State::Disabled, fingerprints);
    Entry {
        subject,
        verdict: Verdict::Skipped,
        state: State::Disabled,
        stages: Vec::new(),
        findings: Vec::new(),
        identity: None,
        access: Vec::new(),
        quota: None,
        changes: Vec::new(),
        checks: Vec::new(),
        fixes: Vec::new(),
        account: Account::default(),
        last_ok: loaded.record.last_ok,
        requests: 0,
        attempts: 0,
        ms: 0.0,
    }
}
