//! Adding a connection: choose, ask, test, save — in that order, so that nothing untested is kept unasked.
//! What was refused is corrected and tested again while a person is there to be asked.

use std::collections::BTreeMap;
use std::time::Instant;

use super::ask::{Answer, Answers};
use super::check::{self, Depth, Loaded};
use super::consent::Outcome;
use super::correct::{self, Wish};
use super::given::Given;
use super::keep::Seen;
use super::prepare::{Prepared, assemble};
use super::secrets::Secrets;
use super::tokens::waiting::Question;
use super::tokens::{self, register};
use super::{Failure, World, account, choose, conclude, consent, environments, hygiene, keep};
use crate::base::{LinkName, Phrase, Secret};
use crate::config::{LayerKind, Located};
use crate::diagnosis::{Entry, Report};
use crate::model::connection::{ConnectionKind, SecretSource};
use crate::model::grant::{ACCESS_TOKEN, is_of_client};
use crate::model::{Connection, State, Verdict};
use crate::port::StateRecord;

/// What to add.
#[derive(Debug, Default)]
pub struct AddRequest {
    /// The link name; made from the connector's id where nothing is said.
    pub link_name: Option<String>,
    /// The connector; asked where nothing is said.
    pub connector: Option<String>,
    /// The auth method; asked where there are several.
    pub method: Option<String>,
    /// The display name.
    pub name: Option<String>,
    /// Who authorises it.
    pub kind: Option<ConnectionKind>,
    /// The environment.
    pub environment: Option<String>,
    /// Values of variables.
    pub values: BTreeMap<String, String>,
    /// Sources of secrets.
    pub secrets: BTreeMap<String, Given>,
    /// What standard input held.
    pub input: Option<Secret>,
    /// Where conn keeps the values.
    pub store: SecretSource,
    /// Labels.
    pub tags: Vec<String>,
    /// What uses it.
    pub used_by: Vec<String>,
    /// Who to ask.
    pub owner: Option<String>,
    /// Whether one authorisation serves every environment.
    pub same_authorization: bool,
    /// How a person consents, where the kind needs it.
    pub wish: tokens::authorize::Wish,
    /// Whether to save without testing.
    pub untested: bool,
}

/// What became of it.
#[derive(Debug)]
pub struct Added {
    /// What the last test found; `None` where none was wanted.
    pub report: Option<Report>,
    /// Whether it was saved.
    pub saved: bool,
    /// The link name.
    pub link_name: String,
    /// The state in which it was saved.
    pub state: State,
    /// The file in which it stands.
    pub file: String,
    /// Whether a person's consent authorises it.
    pub consents: bool,
    /// What a person has to do before the consent can go on, where nobody can be asked here.
    pub question: Option<Box<Question>>,
}

/// Adds a connection; `tested` hears what each test found.
///
/// # Errors
/// When something is missing or does not fit; nothing is kept then.
pub async fn add(
    world: &dyn World,
    request: AddRequest,
    mut tested: impl FnMut(&Report),
) -> Result<Added, Failure> {
    let (link_name, mut prepared) = begin(world, &request)?;
    let file = world.own_definitions().path().display().to_string();
    let store = request.store.clone();
    let (untested, wish) = (request.untested, request.wish.clone());
    register::explain(world, &prepared);
    let rest = correct::arguments(&request);
    let filled = fill(world, &mut prepared, request, &store);
    let mut secrets = filled.map_err(|failure| anew(failure, &prepared, &rest))?;
    let (mut report, state, saved) = loop {
        // A person's consent comes after saving: only then is there a place for what it gives.
        if untested || consent::is_needed(&prepared) {
            break (None, State::Pending, true);
        }
        let (mut report, seen) = prove(world, &prepared, &secrets).await;
        let entry = &mut report.entries[0];
        let proven = is_kept(entry);
        if !proven {
            offer_again(entry, &prepared, &rest);
        }
        tested(&report);
        let entry = &report.entries[0];
        match if proven { Wish::Save } else { correct::offer(world, &prepared, entry)? } {
            Wish::Correct => correct::correct(world, &mut prepared, &mut secrets, entry, &store)?,
            wish => {
                let state = entry.state;
                break (Some((report, seen)), state, wish == Wish::Save);
            }
        }
    };
    if saved {
        label(world, &mut prepared, report.as_mut())?;
        // Tokens that came with the test are kept with what they were obtained with.
        let proven = report.as_ref().map_or(&secrets, |(_, seen)| &seen.loaded.secrets);
        save(world, &link_name, &prepared, proven, &rest).await?;
        remember(world, &prepared, report.as_ref(), state)?;
    }
    let consents = consent::is_needed(&prepared);
    let asked = world.person().is_present() || wish.way.is_some();
    let mut added = Added {
        report: report.map(|(report, _)| report),
        saved,
        link_name: link_name.to_string(),
        state,
        file,
        consents,
        question: None,
    };
    if saved && !untested && asked && consents {
        (added.report, added.question) = match Box::pin(authorise(world, prepared, &wish)).await? {
            Some(Outcome::Done(consented)) => (Some(consented.report), None),
            Some(Outcome::Waits(question)) => (None, Some(question)),
            None => (None, None),
        };
        let entry = added.report.as_ref().and_then(|report| report.entries.first());
        added.state = entry.map_or(State::Pending, |entry| entry.state);
        added.report.iter().for_each(tested);
    }
    Ok(added)
}

/// Gives what each person has for themselves the name that the service gave them, where nobody named the account.
fn label(
    world: &dyn World,
    prepared: &mut Prepared,
    report: Option<&mut (Report, Tested)>,
) -> Result<(), Failure> {
    let Some((report, tested)) = report else { return Ok(()) };
    let own = prepared.connection.kind == ConnectionKind::User && prepared.account.is_none();
    if !own || consent::is_needed(prepared) {
        return Ok(());
    }
    prepared.account = Some(account::label(&report.entries[0]));
    report.entries[0].subject.account.clone_from(&prepared.account);
    tested.loaded.prepared.account.clone_from(&prepared.account);
    tested.loaded.record = world.ledger().state(&prepared.item())?;
    Ok(())
}

/// Has a person consent to a connection that was just saved; nothing where they stopped: what was given is saved
/// already, and the consent can follow.
async fn authorise(
    world: &dyn World,
    prepared: Prepared,
    wish: &tokens::authorize::Wish,
) -> Result<Option<Outcome>, Failure> {
    let old = prepared.clone();
    let loaded = check::load(world, prepared)?;
    let seen = Seen::now(world, &old);
    let wanted =
        consent::Wanted { old: &old, seen: &seen, wish, verb: "add", other_account: false, changed: false };
    match Box::pin(consent::begin(world, loaded, &wanted)).await {
        Ok(outcome) => Ok(Some(outcome)),
        Err(Failure::Cancelled) => Ok(None),
        Err(failure) => Err(failure),
    }
}

/// The service, the method and the link name, joined with what is known of them.
fn begin(world: &dyn World, request: &AddRequest) -> Result<(LinkName, Prepared), Failure> {
    let definitions = world.definitions()?;
    let (id, connector) = choose::connector(world, &definitions, request.connector.as_deref())?;
    let method_name = choose::method(world, &id, &connector, request.method.as_deref())?;
    let kind = choose::allowed_kind(&id, &connector, request.kind)?;
    let (link_name, shown) = choose::link_name(world, &definitions, &id, request.link_name.as_deref())?;
    choose::room(&definitions, &id, &connector, request.environment.as_deref())?;
    let connection = Connection {
        connector: id,
        name: request.name.clone().or(shown).map(Phrase::from),
        method: (connector.auth.len() > 1).then_some(method_name),
        kind,
        environment: request.environment.clone(),
        tags: request.tags.clone(),
        used_by: request.used_by.clone(),
        owner: request.owner.clone(),
        same_authorization: request.same_authorization.then_some(true),
        ..Connection::default()
    };
    if let Some(environment) = &request.environment {
        environments::known(&connector, &connection.connector, link_name.as_str(), environment)?;
    }
    let located = Located {
        value: connection,
        name: link_name.to_string(),
        kind: LayerKind::User,
        path: world.own_definitions().path().to_owned(),
        line: 0,
    };
    let mut prepared = assemble(&definitions, located, request.environment.as_deref())?;
    account::name(world, &mut prepared)?;
    if consent::is_needed(&prepared) {
        prepared.account = None;
    }
    Ok((link_name, prepared))
}

/// Nobody answers every question only to learn that there is no store for what they typed.
fn is_store_there(
    world: &dyn World,
    prepared: &Prepared,
    request: &AddRequest,
    store: &SecretSource,
) -> Result<(), Failure> {
    let mut asked = prepared.method.secret_keys().filter(|key| !request.secrets.contains_key(*key));
    if asked.next().is_none() || !world.person().is_present() {
        return Ok(());
    }
    let Some(store) = super::secrets::store(world, store) else { return Ok(()) };
    store.get(&prepared.item()).map(drop).map_err(Failure::from)
}

/// Asks for everything that the connector wants to know.
fn fill(
    world: &dyn World,
    prepared: &mut Prepared,
    request: AddRequest,
    store: &SecretSource,
) -> Result<Secrets, Failure> {
    is_store_there(world, prepared, &request, store)?;
    let mut answers = Answers {
        values: request.values,
        secrets: request.secrets,
        input: request.input,
        ..Answers::of(world, prepared)
    };
    while let Some((name, variable)) = answers.turn() {
        if let Some(value) = answers.variable(&name, &variable)? {
            prepared.connection.vars.insert(name, value);
        }
    }
    let mut secrets = Secrets::default();
    for (key, parameter) in &prepared.method.params.clone() {
        let is_given = answers.values.contains_key(key) || answers.secrets.contains_key(key);
        if prepared.registers() && is_of_client(key) && !is_given {
            // conn registers a client of its own.
            continue;
        }
        if !parameter.secret {
            if let Some(value) = answers.plain(key, parameter)? {
                prepared.connection.vars.insert(key.clone(), value);
            }
            continue;
        }
        match answers.secret(key, parameter)? {
            Some(Answer::Value(value)) => {
                if *store != SecretSource::Keyring {
                    prepared.connection.secrets.insert(key.clone(), store.clone());
                }
                secrets.insert(key.clone(), value);
            }
            Some(Answer::Reference(source)) => {
                prepared.connection.secrets.insert(key.clone(), source);
            }
            // Where it may come later, it goes where the others are.
            None if *store != SecretSource::Keyring => {
                prepared.connection.secrets.insert(key.clone(), store.clone());
            }
            None => {}
        }
    }
    // A name that is mistyped is also missing; that it is unknown tells more.
    answers.none_left(prepared)?;
    answers.complete()?;
    // Tokens are kept beside what was given; where nothing is, the definition says where.
    if *store != SecretSource::Keyring && super::secrets::token_store(prepared) == Some(SecretSource::Keyring)
    {
        prepared.connection.secrets.insert(ACCESS_TOKEN.to_owned(), store.clone());
    }
    Ok(secrets)
}

/// What was refused can only be added again: there is nothing yet that could be repaired.
fn offer_again(entry: &mut Entry, prepared: &Prepared, rest: &[String]) {
    let again = Phrase::from(correct::again(prepared, Some(entry), rest));
    for finding in &mut entry.findings {
        finding.values.insert("again".to_owned(), again.clone());
        finding.repair = None;
    }
}

/// Whether a connection with this outcome is saved unasked: its credential was not refused, or could not be
/// judged for reasons that pass.
fn is_kept(entry: &Entry) -> bool {
    entry.verdict.is_healthy()
        || matches!(entry.verdict, Verdict::Forbidden | Verdict::Throttled)
        || conclude::unprovable(entry)
}

/// Tests before saving.
async fn prove(world: &dyn World, prepared: &Prepared, given: &Secrets) -> (Report, Tested) {
    let started_at = world.clock().now();
    let started = Instant::now();
    let mut loaded = with_references(world, prepared, given);
    let facts = check::observe(world, &mut loaded, Depth::Test).await;
    let ms = started.elapsed().as_secs_f64() * 1000.0;
    let mut entry = conclude::entry(&prepared.connector, prepared.connection.kind, &facts, ms);
    // Whoever adds a connection to a service where nothing can be proven means to use it.
    if conclude::unprovable(&entry) && prepared.connection.kind != ConnectionKind::System {
        entry.state = State::Connected;
    }
    let report = Report::of("add", started_at, ms, vec![entry]);
    (report, Tested { loaded, facts })
}

/// A connection as it was tested.
struct Tested {
    loaded: Loaded,
    facts: crate::diagnosis::Facts,
}

/// The values that were given, and those that references give, as they would be loaded after saving.
fn with_references(world: &dyn World, prepared: &Prepared, given: &Secrets) -> Loaded {
    let mut secrets = Secrets::default();
    let mut problems = hygiene::lint(prepared);
    for key in prepared.method.secret_keys() {
        let source = super::secrets::source(prepared, key);
        if let Some(value) = given.get(key) {
            secrets.insert(key, value.duplicate());
        } else if !source.is_stored() {
            match super::secrets::refer(world, prepared, key, &source) {
                Ok(value) => secrets.insert(key, value),
                Err(problem) => problems.push(problem),
            }
        }
    }
    for (key, value) in secrets.iter() {
        problems.extend(hygiene::check(prepared, key, value));
    }
    let hosts = prepared.hosts(&secrets);
    check::with(prepared.clone(), secrets, problems, StateRecord { hosts, ..StateRecord::default() })
}

/// What was not saved can only be added again; without a store, in the vault.
fn anew(failure: Failure, prepared: &Prepared, rest: &[String]) -> Failure {
    let again = correct::again(prepared, None, rest);
    let absent = failure.is_of("CONN-SEC-STORE-ABSENT");
    failure.instead(if absent { format!("{again} --store vault") } else { again })
}

/// Secrets first, then the definition: a kill between the two leaves an item that the next try replaces, and
/// never a connection without its credential.
async fn save(
    world: &dyn World,
    link_name: &LinkName,
    prepared: &Prepared,
    secrets: &Secrets,
    rest: &[String],
) -> Result<(), Failure> {
    let _held = keep::alone(world, &prepared.item()).await?;
    // What an older connection of this name left in the store stays readable.
    keep::keep(world, prepared, secrets, true).map_err(|failure| anew(failure, prepared, rest))?;
    world.own_definitions().put_connection(link_name, &prepared.connection)?;
    Ok(())
}

fn remember(
    world: &dyn World,
    prepared: &Prepared,
    tested: Option<&(Report, Tested)>,
    state: State,
) -> Result<(), Failure> {
    if let Some((report, seen)) = tested {
        return conclude::remember(world, &seen.loaded, &seen.facts, &report.entries[0], "add");
    }
    let stores = keep::stores(prepared).iter().map(SecretSource::shown).collect();
    let record = StateRecord { state, since: Some(world.clock().now()), stores, ..StateRecord::default() };
    world.ledger().set_state(&prepared.item(), &record)?;
    Ok(())
}
