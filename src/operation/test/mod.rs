//! Testing one, several or all connections: bounded concurrency, fair per host, a deadline for each.

mod select;
mod turns;

use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::FutureExt as _;
use futures_util::stream::{self, LocalBoxStream, StreamExt as _};
use tokio::sync::Semaphore;

use self::select::{Meant, select};
use self::turns::{Host, Source, Turn};
use super::check::{self, Depth, Loaded};
use super::prepare::Prepared;
use super::{Failure, World, conclude, control, system};
use crate::base::Text;
use crate::diagnosis::fact::{Facts, Fault};
use crate::diagnosis::judge::TEST;
use crate::diagnosis::last_good::LastGood;
use crate::diagnosis::report::{Account, Part};
use crate::diagnosis::{AnswerFact, Entry, Report};
use crate::model::{Shard, State, Verdict};
use crate::port::RunRecord;

/// The most requests at once to one host.
const PER_HOST: usize = 4;
/// So many begin at once. More are under way only where services let us wait: where it is we who are busy, more at once
/// would be no faster, and what each needs would no longer be at hand when its turn comes.
const FIRST: usize = 32;
/// When nothing ended for so long, twice as many may be under way.
const QUIET: Duration = Duration::from_millis(50);
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

/// Tests connections; `finished` hears of each as it ends, and may shorten it.
///
/// # Errors
/// When a named connection does not exist or definitions cannot be read.
pub async fn test(
    world: &dyn World,
    request: &TestRequest,
    mut finished: impl FnMut(&mut Entry),
) -> Result<Report, Failure> {
    let started_at = world.clock().now();
    let clock = Instant::now();
    let at_once = world.surroundings().at_once(request.jobs.max(1));
    let mut room = Room::new(at_once);
    let definitions = world.definitions()?;
    let source = Source { definitions: &definitions, environment: request.environment.as_deref() };
    let Meant { hosts, mut strangers, count, all } = select(world, request, &source)?;
    let run = Run {
        world,
        source,
        hosts: Arc::clone(&room.hosts),
        jobs: Arc::clone(&room.jobs),
        named: !request.link_names.is_empty(),
    };
    let begun = stream::iter(hosts).then(|host| run.one_host(host));
    let mut running = pin!(begun.flatten_unordered(at_once));
    strangers.reserve_exact(count - strangers.len());
    let mut entries = strangers;
    for (_, entry) in &mut entries {
        finished(entry);
    }
    let mut unremembered = None;
    while let Some(outcome) = room.wait(running.next()).await {
        let mut ended = vec![outcome?];
        // What ended meanwhile is written with it: a change of the database costs more than what it holds.
        while let Some(Some(outcome)) = running.next().now_or_never() {
            ended.push(outcome?);
        }
        let runs: Vec<RunRecord> = ended.iter_mut().filter_map(|ended| ended.run.take()).collect();
        unremembered = unremembered.or(remember(world, &runs)?);
        for ended in &mut ended {
            finished(&mut ended.entry);
        }
        entries.extend(ended.into_iter().map(|ended| (ended.place, ended.entry)));
    }
    if let Some(failure) = &unremembered {
        tell_unremembered(world, failure);
    }
    entries.sort_unstable_by_key(|(place, _)| *place);
    let entries = entries.into_iter().map(|(_, entry)| entry).collect();
    let ms = clock.elapsed().as_secs_f64() * 1000.0;
    let part = request.shard.map(|shard| Part { shard, all });
    Ok(Report { verb: "test", started_at, ms, entries, strict: request.strict, part })
}

/// How many connections may be under way.
struct Room {
    /// A permit for each host that was begun.
    hosts: Arc<Semaphore>,
    /// A permit for each connection.
    jobs: Arc<Semaphore>,
    now: usize,
    most: usize,
}

impl Room {
    fn new(most: usize) -> Self {
        let now = most.min(FIRST);
        let permits = || Arc::new(Semaphore::new(now));
        Self { hosts: permits(), jobs: permits(), now, most }
    }

    /// Waits for something to end, with more under way the longer nothing does.
    async fn wait<T>(&mut self, ending: impl Future<Output = T>) -> T {
        let mut ending = pin!(ending);
        while self.now < self.most {
            if let Ok(ended) = tokio::time::timeout(QUIET, &mut ending).await {
                return ended;
            }
            let more = self.now.min(self.most - self.now);
            self.hosts.add_permits(more);
            self.jobs.add_permits(more);
            self.now += more;
        }
        ending.await
    }
}

/// How the test of one connection ended.
struct Ended {
    /// Its place in the order of the files.
    place: usize,
    entry: Entry,
    /// What is to be remembered of it.
    run: Option<RunRecord>,
}

/// What the tests of a run have in common.
struct Run<'a> {
    world: &'a dyn World,
    source: Source<'a>,
    /// A permit for each host that was begun.
    hosts: Arc<Semaphore>,
    /// A permit for each that is under way.
    jobs: Arc<Semaphore>,
    /// Whether the connections were named one by one.
    named: bool,
}

impl<'a> Run<'a> {
    /// Tests the connections to one host: the first alone, so that those that follow share what it opened. After the
    /// last it is closed, so that never more is open than is used. While there is no room for a host nothing is made
    /// for it.
    async fn one_host(&'a self, host: Host<'a>) -> LocalBoxStream<'a, Result<Ended, Failure>> {
        let permit = self.hosts.acquire().await;
        let mut turns = host.turns.into_iter();
        let first = stream::iter(turns.next()).then(|turn| self.one(turn));
        let others = stream::iter(turns).map(|turn| self.one(turn)).buffer_unordered(PER_HOST);
        let closing = stream::iter(host.authority).filter_map(move |authority| {
            let _held_until_now = &permit;
            self.world.carrier().leave(&authority);
            std::future::ready(None)
        });
        first.chain(others).chain(closing).boxed_local()
    }

    async fn one(&self, turn: Turn<'_>) -> Result<Ended, Failure> {
        let permit = self.jobs.acquire().await;
        let place = turn.place;
        let loaded = turn.load(self.world, &self.source)?;
        let waits = !self.named && system::awaits(&loaded.prepared, &loaded.record);
        if waits || loaded.record.state == State::Disabled {
            return Ok(Ended { place, entry: skipped(self.world, &loaded), run: None });
        }
        // Only what is under way takes its room.
        let (entry, run) = Box::pin(observed(self.world, loaded)).await;
        drop(permit);
        Ok(Ended { place, entry, run: Some(run) })
    }
}

async fn observed(world: &dyn World, mut loaded: Loaded) -> (Entry, RunRecord) {
    let started = Instant::now();
    let observed = {
        // Large, so it stays where it is.
        let observing = pin!(check::observe(world, &mut loaded, Depth::Test));
        tokio::time::timeout(DEADLINE, observing).await
    };
    let facts = match observed {
        Ok(mut facts) => {
            control::recall(&loaded, &mut facts);
            facts
        }
        Err(_) => overdue(world, &mut loaded).await,
    };
    finish(&loaded, &facts, "test", started)
}

/// Judges: the result, and what is to be remembered of it.
#[must_use]
pub fn finish(loaded: &Loaded, facts: &Facts, verb: &str, started: Instant) -> (Entry, RunRecord) {
    let ms = started.elapsed().as_secs_f64() * 1000.0;
    let now = LastGood::of(facts);
    let Prepared { connector, connection, .. } = &loaded.prepared;
    let entry = conclude::compared(connector, connection.kind, facts, &now, ms);
    let run = conclude::left(loaded, facts, &entry, now, verb);
    (entry, run)
}

/// Remembers results. Where nothing can be written, they stand all the same; why is given back.
///
/// # Errors
/// When the ledger is damaged.
pub fn remember(world: &dyn World, runs: &[RunRecord]) -> Result<Option<Failure>, Failure> {
    if runs.is_empty() {
        return Ok(None);
    }
    match world.ledger().remember(runs).map_err(Failure::from) {
        Ok(()) => Ok(None),
        Err(failure) if failure.is_of("CONN-SELF-STATE") => Ok(Some(failure)),
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

/// A connection that a person switched off, or for which an admin has done nothing yet.
fn skipped(world: &dyn World, loaded: &Loaded) -> Entry {
    let fingerprints = super::secrets::fingerprints(world, &loaded.prepared, &loaded.secrets);
    let state = loaded.record.state;
    let subject = loaded.prepared.subject(&loaded.secrets, state, fingerprints);
    Entry {
        subject,
        verdict: Verdict::Skipped,
        state,
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
