//! Giving a connection a new credential: proven beside the old one, swapped in one write, undoable.

use std::collections::BTreeMap;
use std::time::Instant;

use super::ask::{Answer, Answers, Given};
use super::check::{self, Depth, Loaded};
use super::prepare::{Prepared, prepare};
use super::secrets::{self, Secrets};
use super::{Failure, World, conclude, hygiene, keep};
use crate::base::{Phrase, Secret, Text};
use crate::cause;
use crate::diagnosis::report::{AccessStatus, Check};
use crate::diagnosis::{Entry, Facts, Problem, Report, answer};
use crate::model::State;
use crate::model::connection::SecretSource;
use crate::port::{ItemKey, StateRecord};

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
    /// Whether a different account or organisation is expected.
    pub other_account: bool,
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
}

/// Asks for a new credential, proves it, and swaps it in only then.
///
/// # Errors
/// When the connection does not exist, an answer is missing, or a store fails. The old credential stays.
pub async fn reconnect(world: &dyn World, request: ReconnectRequest) -> Result<Reconnected, Failure> {
    let old = prepare(world, &request.link_name, request.environment.as_deref())?;
    if !old.method.is_supported() {
        let values = [("name", old.link_name.as_str()), ("kind", old.method.kind.text().en)];
        return Err(Failure::cause("CONN-CFG-KIND-UNSUPPORTED", &values));
    }
    let record = world.ledger().state(&old.link_name, &old.environment)?;
    let before =
        record.last_code.as_deref().filter(|_| record.last_verdict.as_deref() != Some("ok")).map(cause::get);
    say_why(world, &old, before);
    let other_account = request.other_account;
    // A value of `--set` is the person's own word on where the credential goes; anything else needs consent.
    let chosen = !request.values.is_empty();
    let (prepared, secrets, mut strange) = fresh(world, old.clone(), request)?;
    strange.extend(secrets::strange_reference(&prepared, &secrets, &record.hosts));
    let strange = if chosen { Vec::new() } else { strange };
    let state = record.state;
    let (loaded, facts, entry) = Box::pin(prove(world, prepared, secrets, strange, record.clone())).await;
    // Proven, or of a service where nothing can be proven.
    let standing = conclude::standing(entry.verdict, &entry.access);
    let swapped = standing.is_healthy() || conclude::unprovable(&entry);
    let same = entry.findings.iter().all(|finding| finding.cause.code != "CONN-OAUTH-ORG");
    let swapped = swapped && (same || other_account || agrees(world, &loaded, &entry)?);
    let mut entry = entry;
    if swapped {
        keep::keep(world, &loaded.prepared, &loaded.secrets, true)?;
        if loaded.prepared.connection != old.connection {
            let name = old.link_name.parse().map_err(|_| Failure::cause("CONN-SELF-BUG", &[]))?;
            world.definition_file(&old.path).put_connection(&name, &loaded.prepared.connection)?;
        }
        let hosts = loaded.prepared.hosts(&loaded.secrets);
        let pinned = StateRecord { account: None, organisation: None, hosts, ..record.clone() };
        let loaded = Loaded { record: pinned, ..loaded };
        entry.checks = checks(&loaded, &record, &facts, &entry);
        conclude::remember(world, &loaded, &facts, &entry, "reconnect")?;
    }
    let report =
        Report { verb: "reconnect", started_at: facts.at, ms: entry.ms, entries: vec![entry], strict: false };
    let undoable = world_keeps(world, &old)?;
    Ok(Reconnected { before, state, report, swapped, undoable })
}

/// Whether a credential before the current one is kept.
fn world_keeps(world: &dyn World, prepared: &Prepared) -> Result<bool, Failure> {
    let item = ItemKey::current(&prepared.link_name, &prepared.environment).before();
    for source in keep::stores(prepared) {
        if let Some(store) = secrets::store(world, &source)
            && store.get(&item)?.is_some()
        {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Says why the connection had stopped.
fn say_why(world: &dyn World, prepared: &Prepared, before: Option<&'static cause::Cause>) {
    const STOPPED: Text = Text::new(
        "{name} stopped because: {title} ({number})",
        "{name} が使えなくなった理由: {title}（{number}）",
    );
    let settings = world.settings();
    if let (Some(cause), false) = (before, settings.quiet) {
        let language = settings.language;
        let service = prepared.connector.display_name(&prepared.connection.connector);
        let values = BTreeMap::from([
            ("name".to_owned(), Phrase::from(prepared.link_name.as_str())),
            ("service".to_owned(), service),
        ]);
        let title = crate::diagnosis::finding::fill(cause.title.get(language), &values, language);
        let number = cause.number.to_string();
        let line = STOPPED.fill(&[("name", &prepared.link_name), ("title", &title), ("number", &number)]);
        if world.person().is_present() {
            world.person().say(line.get(language));
        }
    }
}

/// The connection with its new values. What is not given anew, and what is left empty, stays as it is.
fn fresh(
    world: &dyn World,
    mut prepared: Prepared,
    request: ReconnectRequest,
) -> Result<(Prepared, Secrets, Vec<Problem>), Failure> {
    let (old, problems) = secrets::load(world, &prepared);
    let strange = problems.into_iter().filter(|problem| problem.code == "CONN-CFG-HOST-CHANGED").collect();
    let named = !request.secrets.is_empty() || !request.values.is_empty();
    let mut answers = Answers {
        world,
        values: request.values,
        secrets: request.secrets,
        input: request.input,
        may_stay: world.person().is_present(),
        missing: Vec::new(),
    };
    for (name, variable) in &prepared.connector.vars.clone() {
        if answers.values.contains_key(name)
            && let Some(value) = answers.variable(name, variable)?
        {
            prepared.connection.vars.insert(name.clone(), value);
        }
    }
    let mut secrets = Secrets::default();
    for (key, parameter) in &prepared.method.params.clone() {
        let asked =
            answers.secrets.contains_key(key) || (!named && secrets::source(&prepared, key).is_stored());
        if !parameter.secret {
            if let Some(value) = answers.values.remove(key) {
                prepared.connection.vars.insert(key.clone(), value.trim().to_owned());
            }
            continue;
        }
        let answer = if asked { answers.secret(key, parameter)? } else { None };
        match answer {
            Some(Answer::Value(value)) => {
                if !secrets::source(&prepared, key).is_stored() {
                    prepared.connection.secrets.shift_remove(key);
                }
                secrets.insert(key.clone(), value);
            }
            Some(Answer::Reference(source)) => {
                prepared.connection.secrets.insert(key.clone(), source);
            }
            None => {
                if let Some(value) = old.get(key) {
                    secrets.insert(key.clone(), value.duplicate());
                }
            }
        }
    }
    answers.complete()?;
    answers.none_left(&prepared)?;
    nothing_new(&prepared, named, &secrets, &old)?;
    Ok((prepared, secrets, strange))
}

/// A connection whose secrets are all kept elsewhere has nothing that conn could ask for.
fn nothing_new(prepared: &Prepared, named: bool, new: &Secrets, old: &Secrets) -> Result<(), Failure> {
    const SAME: Text = Text::new(
        "Nothing new was given for {name}; the credential stays as it is.",
        "{name} の新しい値が指定されていません。認証情報は変更していません。",
    );
    const ELSEWHERE: Text = Text::new(
        "Its secrets come from {sources}: change them there, then run conn test {name}; or give --secret NAME=SOURCE.",
        "秘密の値の取得元は {sources} です。取得元の値を更新して conn test {name} を実行するか、--secret 名前=取得元 を指定してください。",
    );
    let asked = prepared.method.secret_keys().any(|key| secrets::source(prepared, key).is_stored());
    let changed =
        new.iter().any(|(key, value)| old.get(key).is_none_or(|old| old.expose() != value.expose()));
    if named || (asked && changed) || prepared.method.secret_keys().next().is_none() {
        return Ok(());
    }
    let sources = prepared
        .method
        .secret_keys()
        .map(|key| secrets::source(prepared, key).shown())
        .collect::<Vec<_>>()
        .join(", ");
    let values = [("name", prepared.link_name.as_str()), ("sources", &sources)];
    Err(Failure::usage(SAME.fill(&values), (!asked).then(|| ELSEWHERE.fill(&values))))
}

/// Tests the new values beside the old ones.
async fn prove(
    world: &dyn World,
    prepared: Prepared,
    mut new: Secrets,
    strange: Vec<Problem>,
    record: StateRecord,
) -> (Loaded, Facts, Entry) {
    let started = Instant::now();
    let mut problems = super::prepare::lint(&prepared);
    problems.extend(strange);
    for key in prepared.method.secret_keys() {
        let source = secrets::source(&prepared, key);
        if !source.is_stored() {
            match secrets::refer(world, &prepared, &source) {
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
    let loaded = check::with(prepared, new, problems, history);
    let facts = check::observe(world, &loaded, Depth::Test).await;
    let ms = started.elapsed().as_secs_f64() * 1000.0;
    let entry = conclude::entry(&loaded.prepared.connector, loaded.prepared.connection.kind, &facts, ms);
    (loaded, facts, entry)
}

/// A different account or organisation than before: stop and ask.
fn agrees(world: &dyn World, loaded: &Loaded, entry: &Entry) -> Result<bool, Failure> {
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

/// The checks after a reconnect (V1 identity, V2 data, V3 writing, V4 settings, V5 warnings, V6 versions).
fn checks(loaded: &Loaded, before: &StateRecord, facts: &Facts, entry: &Entry) -> Vec<Check> {
    vec![
        identity(before, entry),
        data(entry),
        writing(),
        settings(before, entry),
        warnings(facts),
        versions(loaded),
    ]
}

fn identity(before: &StateRecord, entry: &Entry) -> Check {
    const SAME: Text = Text::new("same account as before: {account}", "以前と同じアカウントです: {account}");
    const FIRST: Text = Text::new("account: {account}", "アカウント: {account}");
    const OTHER: Text =
        Text::new("another account than before: {account}", "以前と異なるアカウントです: {account}");
    const NONE: Text = Text::new(
        "the service does not say whose credential it is",
        "サービスは認証情報の所有者を返しません",
    );
    let account = entry.identity.as_ref().and_then(|identity| identity.account.clone());
    let Some(account) = account else {
        return Check { id: "V1", passed: None, words: NONE.into() };
    };
    let (passed, text) = match &before.account {
        None => (true, FIRST),
        Some(old) if *old == account => (true, SAME),
        Some(_) => (false, OTHER),
    };
    Check { id: "V1", passed: Some(passed), words: text.fill(&[("account", &account)]) }
}

fn data(entry: &Entry) -> Check {
    const READ: Text =
        Text::new("data can be read: {granted} of {all}", "データの取得: {all} 件中 {granted} 件");
    const NONE: Text = Text::new("no permission is declared", "権限の定義がありません");
    let granted = entry.access.iter().filter(|row| row.status == AccessStatus::Granted).count();
    let all = entry.access.len();
    if all == 0 {
        return Check { id: "V2", passed: None, words: NONE.into() };
    }
    let values = [granted.to_string(), all.to_string()];
    let words = READ.fill(&[("granted", &values[0]), ("all", &values[1])]);
    Check { id: "V2", passed: Some(granted == all), words }
}

fn writing() -> Check {
    const NONE: Text = Text::new("no harmless write is declared", "無害な書き込みの定義がありません");
    Check { id: "V3", passed: None, words: NONE.into() }
}

fn settings(before: &StateRecord, entry: &Entry) -> Check {
    const CHANGED: Text = Text::new("the new value is in use", "新しい値が使われています");
    const SAME: Text = Text::new("the value is the same as at the last success", "値は前回成功時と同じです");
    let changed = before.fingerprints != entry.subject.fingerprints;
    let text = if changed { CHANGED } else { SAME };
    Check { id: "V4", passed: Some(true), words: text.into() }
}

fn warnings(facts: &Facts) -> Check {
    const NONE: Text = Text::new("no warning in the answers", "応答に警告はありません");
    let answers = facts.answers.iter().filter_map(|fact| fact.answer.as_ref());
    let found: Vec<Phrase> = answers.flat_map(answer::warnings).collect();
    match found.into_iter().next() {
        Some(words) => Check { id: "V5", passed: Some(false), words },
        None => Check { id: "V5", passed: Some(true), words: NONE.into() },
    }
}

fn versions(loaded: &Loaded) -> Check {
    const VERSION: Text =
        Text::new("conn {version}, connector {connector}", "conn {version}、コネクター {connector}");
    let values = [
        ("version", env!("CARGO_PKG_VERSION")),
        ("connector", loaded.prepared.connection.connector.as_str()),
    ];
    Check { id: "V6", passed: Some(true), words: VERSION.fill(&values) }
}

/// Puts the credential before the last reconnect back, once it is proven.
///
/// # Errors
/// When there is none, it is refused, or a store fails.
pub async fn rollback(
    world: &dyn World,
    link_name: &str,
    environment: Option<&str>,
) -> Result<Reconnected, Failure> {
    const NONE: Text = Text::new(
        "There is no earlier credential of {name} to go back to.",
        "{name} には戻せる以前の認証情報がありません。",
    );
    let prepared = prepare(world, link_name, environment)?;
    let record = world.ledger().state(&prepared.link_name, &prepared.environment)?;
    let mut secrets = Secrets::default();
    let item = ItemKey::current(&prepared.link_name, &prepared.environment);
    let mut found = false;
    let mut hosts = Vec::new();
    for source in [SecretSource::Keyring, SecretSource::Vault] {
        let used = prepared.method.secret_keys().any(|key| secrets::source(&prepared, key) == source);
        let Some(store) = secrets::store(world, &source).filter(|_| used) else { continue };
        if let Some(credential) = secrets::read(store, &item.before())? {
            found = true;
            hosts.extend(credential.hosts);
            credential.values.into_iter().for_each(|(key, value)| secrets.insert(key, value));
        }
    }
    if !found {
        return Err(Failure::usage(NONE.fill(&[("name", link_name)]), None));
    }
    let state = record.state;
    let strange = secrets::strange_host(&prepared, &secrets, &hosts).into_iter().collect();
    let (loaded, facts, mut entry) = Box::pin(prove(world, prepared, secrets, strange, record.clone())).await;
    let swapped = entry.verdict.is_healthy();
    if swapped {
        keep::keep(world, &loaded.prepared, &loaded.secrets, true)?;
        entry.checks = checks(&loaded, &record, &facts, &entry);
        conclude::remember(world, &loaded, &facts, &entry, "reconnect")?;
    }
    let report =
        Report { verb: "reconnect", started_at: facts.at, ms: entry.ms, entries: vec![entry], strict: false };
    Ok(Reconnected { before: None, state, report, swapped, undoable: swapped })
}
