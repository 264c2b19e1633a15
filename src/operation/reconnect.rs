//! Giving a connection a new credential: proven beside the old one, swapped in one write, undoable.

use std::collections::BTreeMap;
use std::time::Instant;

use super::afterwards::{self, Said};
use super::check::{self, Depth, Loaded};
use super::fresh::fresh;
use super::given::Given;
use super::keep::{self, Seen};
use super::prepare::{Prepared, find};
use super::secrets::{self, Secrets};
use super::tokens::authorize::Wish;
use super::tokens::waiting::Question;
use super::{Failure, World, account, conclude, consent, hygiene, reconsent};
use crate::base::{Secret, Text};
use crate::cause;
use crate::config::LayerKind;
use crate::diagnosis::judge::from_problem;
use crate::diagnosis::{Entry, Facts, Problem, Report};
use crate::model::connection::SecretSource;
use crate::model::{State, Verdict};
use crate::port::StateRecord;

/// What to give a connection.
#[derive(Debug, Default)]
pub struct ReconnectRequest {
    /// The connection.
    pub link_name: String,
    /// The environment; the connection's own where nothing is said.
    pub environment: Option<String>,
    /// Values of variables that change.
    pub values: BTreeMap<String, String>,
    /// Sources of secrets.
    pub secrets: BTreeMap<String, Given>,
    /// What standard input held.
    pub input: Option<Secret>,
    /// Where new values are kept; where the others are, where nothing is said.
    pub store: Option<SecretSource>,
    /// Whether a different account or organisation is expected.
    pub other_account: bool,
    /// Whether the address is in doubt, so that the variables are asked again.
    pub doubted: bool,
    /// How a person consents, where the kind needs it.
    pub wish: Wish,
}

/// What reconnecting came to.
#[derive(Debug)]
pub enum Reconnection {
    /// The connection was given a new credential, or keeps its own.
    Done(Box<Reconnected>),
    /// A person has to consent first, and nobody can be asked here.
    Waits(Box<Question>),
}

/// What became of it.
#[derive(Debug)]
pub struct Reconnected {
    /// Why it had stopped, if it had.
    pub before: Option<&'static cause::Cause>,
    /// The state before.
    pub state: State,
    /// What the new credential showed.
    pub report: Report,
    /// Whether it was swapped in.
    pub swapped: bool,
    /// Whether the one before is kept for a way back.
    pub undoable: bool,
    /// Why the new state could not be written, where it was swapped all the same.
    pub unremembered: Option<Failure>,
}

/// Asks for a new credential, proves it, and swaps it in only then.
///
/// # Errors
/// When the connection does not exist, an answer is missing, or a store fails. The old credential stays.
pub async fn reconnect(world: &dyn World, request: ReconnectRequest) -> Result<Reconnection, Failure> {
    let said = Said::of(&request);
    let (link_name, environment) = (request.link_name.clone(), request.environment.clone());
    let done = Box::pin(replace(world, request)).await;
    done.map_err(|failure| said.anew(failure, &link_name, environment.as_deref()))
}

async fn replace(world: &dyn World, mut request: ReconnectRequest) -> Result<Reconnection, Failure> {
    let mut old = find(world, &request.link_name, request.environment.as_deref())?;
    // Whoever gives a credential may give one to a new account.
    account::welcome(world, &mut old)?;
    let record = world.ledger().state(&old.item())?;
    let before =
        record.last_code.as_deref().filter(|_| record.last_verdict.as_deref() != Some("ok")).map(cause::get);
    say_why(world, &old, before);
    request.doubted = before.is_some_and(|cause| ADDRESSED.contains(&cause.code));
    if consent::is_needed(&old) {
        return Box::pin(reconsent::reconsent(world, old, request, record, before)).await;
    }
    let (other_account, said) = (request.other_account, Said::of(&request));
    let seen = Seen::now(world, &old);
    let (prepared, secrets, mut strange) = fresh(world, old.clone(), request)?;
    own_sources(&old, &prepared)?;
    strange.extend(secrets::strange_reference(&prepared, &secrets, &record.hosts));
    // A value of `--set` is the person's own word on where the credential goes; anything else needs consent.
    let chosen = old.connection.vars != prepared.connection.vars;
    let strange = if chosen { Vec::new() } else { strange };
    let (loaded, facts, mut entry) = Box::pin(prove(world, prepared, secrets, strange, record.clone())).await;
    // Proven, or of a service where nothing can be proven.
    let standing = conclude::standing(entry.verdict, &entry.access);
    let swapped = standing.is_healthy() || conclude::unprovable(&entry);
    let same = entry.findings.iter().all(|finding| finding.cause.code != "CONN-OAUTH-ORG");
    let agreed = same || other_account || agrees(world, &loaded, &entry)?;
    let swapped = swapped && agreed;
    if !agreed {
        refuse_other(&mut entry);
    }
    if !swapped {
        said.offer_anew(&mut entry, &loaded.prepared);
    }
    let proof = Proof { before, loaded, facts, entry, swapped };
    let reconnected = Box::pin(conclude_with(world, &old, &record, &seen, proof)).await?;
    Ok(Reconnection::Done(Box::new(reconnected)))
}

/// What the test of new values showed.
pub(super) struct Proof {
    pub(super) before: Option<&'static cause::Cause>,
    pub(super) loaded: Loaded,
    pub(super) facts: Facts,
    pub(super) entry: Entry,
    pub(super) swapped: bool,
}

/// Swaps what is proven, and remembers it. Once swapped, nothing is a failure any more.
pub(super) async fn conclude_with(
    world: &dyn World,
    old: &Prepared,
    record: &StateRecord,
    seen: &Seen,
    proof: Proof,
) -> Result<Reconnected, Failure> {
    let Proof { before, loaded, facts, mut entry, swapped } = proof;
    let mut unremembered = None;
    if swapped {
        // Whoever gives a system connection its credential is the admin for whom it waits.
        if entry.state == State::Pending && conclude::is_usable(&entry) {
            entry.state = State::Connected;
        }
        let mut stores = record.stores.clone();
        stores.extend(keep::stores(old).iter().map(SecretSource::shown));
        keep::swap(world, old, &loaded.prepared, &loaded.secrets, seen, &stores).await?;
        let hosts = loaded.prepared.hosts(&loaded.secrets);
        let pinned = StateRecord { account: None, organisation: None, hosts, stores, ..record.clone() };
        let loaded = Loaded { record: pinned, ..loaded };
        entry.checks = afterwards::checks(world, &loaded, record, &facts, &entry).await;
        unremembered = conclude::remember(world, &loaded, &facts, &entry, "reconnect").err();
    }
    let report = Report::of("reconnect", facts.at, entry.ms, vec![entry]);
    let undoable = is_undoable(world, old);
    Ok(Reconnected { before, state: record.state, report, swapped, undoable, unremembered })
}

/// Whether a credential before the current one is kept; a store that cannot tell keeps none.
pub(super) fn is_undoable(world: &dyn World, prepared: &Prepared) -> bool {
    let item = prepared.item().before();
    let stores = keep::stores(prepared).into_iter().filter_map(|source| secrets::store(world, &source));
    stores.into_iter().any(|store| store.get(&item).is_ok_and(|found| found.is_some()))
}

/// Refuses to write into a project file where a secret comes from: everybody who uses that folder would get it.
///
/// # Errors
/// When the new definition names other sources and stands in a project file.
pub(super) fn own_sources(old: &Prepared, new: &Prepared) -> Result<(), Failure> {
    const SHARED: Text = Text::new(
        "{name} stands in a project file, {place}; conn does not write into it where a secret comes from",
        "{name} はプロジェクトのファイル {place} で定義されています。秘密の値の取得元をこのファイルには書き込みません",
    );
    const OWN: Text = Text::new(
        "a connection of your own may read it from there: conn add --connector {connector}",
        "取得元を指定するには、ご自身の接続を追加してください: conn add --connector {connector}",
    );
    if old.layer != LayerKind::Project || old.connection.secrets == new.connection.secrets {
        return Ok(());
    }
    let (place, file) = (old.origin(), old.path.display().to_string());
    let values = [("name", old.link_name.as_str()), ("place", &place), ("file", &file)];
    let connector = [("connector", old.connection.connector.as_str())];
    let failure = Failure::cause("CONN-CFG-PROJECT-SECRET", &values);
    Err(failure.because(SHARED.fill(&values)).because(OWN.fill(&connector)))
}

/// Says why the connection had stopped. What is wrong here is looked at once more, so that it can be named.
fn say_why(world: &dyn World, prepared: &Prepared, before: Option<&'static cause::Cause>) {
    const STOPPED: Text = Text::new(
        "{name} stopped because: {title} ({number})",
        "{name} が使えなくなった理由: {title}（{number}）",
    );
    let settings = world.settings();
    if let (Some(cause), true) = (before, world.person().is_present() && !settings.quiet) {
        let language = settings.language;
        let local = cause.verdict == Verdict::LocalSetup;
        let loaded = if local { check::load(world, prepared.clone()).ok() } else { None };
        let none = Secrets::default();
        let secrets = loaded.as_ref().map_or(&none, |loaded| &loaded.secrets);
        let subject = prepared.subject(secrets, State::default(), BTreeMap::new());
        let problems = loaded.into_iter().flat_map(|loaded| loaded.problems);
        let seen = problems.into_iter().find(|problem| problem.code == cause.code);
        let problem = seen.unwrap_or_else(|| prepared.problem(cause.code, &[]));
        let title = from_problem(&problem, &prepared.connector, &subject).title(language);
        let number = cause.number.to_string();
        let line = STOPPED.fill(&[("name", &prepared.link_name), ("title", &title), ("number", &number)]);
        world.person().say(line.get(language));
    }
}

/// The causes that put the address in doubt rather than the credential.
const ADDRESSED: [&str; 6] = [
    "CONN-API-TENANT",
    "CONN-API-PATH",
    "CONN-AUTH-DC",
    "CONN-DNS-NXDOMAIN",
    "CONN-CFG-HOST-FORM",
    "CONN-HTTP-REDIRECT-HOST",
];

/// Tests the new values beside the old ones.
pub(super) async fn prove(
    world: &dyn World,
    prepared: Prepared,
    mut new: Secrets,
    strange: Vec<Problem>,
    record: StateRecord,
) -> (Loaded, Facts, Entry) {
    let started = Instant::now();
    let mut problems = hygiene::lint(&prepared);
    problems.extend(strange);
    for key in prepared.method.secret_keys() {
        let source = secrets::source(&prepared, key);
        if !source.is_stored() {
            match secrets::refer(world, &prepared, key, &source) {
                Ok(value) => new.insert(key, value),
                Err(problem) => problems.push(problem),
            }
        } else if new.get(key).is_none() && !prepared.method.params[key].optional {
            let label = prepared.method.params[key].label.en.clone();
            problems.push(prepared.problem("CONN-SEC-MISSING", &[("label", &label), ("parameter", key)]));
        }
    }
    for (key, value) in new.iter() {
        problems.extend(hygiene::check(&prepared, key, value));
    }
    // The old key's history says nothing about the new one.
    let history = StateRecord { fingerprints: BTreeMap::default(), ..record };
    let mut loaded = check::with(prepared, new, problems, history);
    // Tokens of an earlier credential that are renewed on the way are kept where it is kept.
    loaded.stored = loaded.prepared.earlier;
    let facts = check::observe(world, &mut loaded, Depth::Test).await;
    let ms = started.elapsed().as_secs_f64() * 1000.0;
    let entry = conclude::entry(&loaded.prepared.connector, loaded.prepared.connection.kind, &facts, ms);
    (loaded, facts, entry)
}

/// Makes the remark that the account is a different one the reason why nothing was kept.
pub fn refuse_other(entry: &mut Entry) {
    let other = entry.findings.iter_mut().find(|finding| finding.cause.code == "CONN-OAUTH-ORG");
    if let Some(finding) = other {
        finding.severity = cause::Severity::Error;
        entry.verdict = finding.cause.verdict;
    }
}

/// A different account or organisation than before: stop and ask.
///
/// # Errors
/// When the person cancelled.
pub fn agrees(world: &dyn World, loaded: &Loaded, entry: &Entry) -> Result<bool, Failure> {
    const ASK: Text = Text::new(
        "The service now says {after}; it was {before}. Use it all the same?",
        "サービスの応答は {after} です（以前は {before}）。このまま使いますか。",
    );
    if !world.person().is_present() {
        return Ok(false);
    }
    let now = entry.identity.clone().unwrap_or_default();
    let name = |account: &Option<String>, organisation: &Option<String>| {
        [account, organisation].into_iter().flatten().cloned().collect::<Vec<_>>().join(", ")
    };
    let after = name(&now.account, &now.organisation);
    let before = name(&loaded.record.account, &loaded.record.organisation);
    let question = ASK.fill(&[("after", &after), ("before", &before)]);
    Ok(world.person().confirm(question.get(world.settings().language), false)?)
}
