//! `conn diagnose --fix`: plan, consent, a trial beside what is stored, and only then the change.
//!
//! Nothing is written before a trial showed that it is better: what does not help needs no way back. The one
//! exception is a renewal of tokens, which a service may count; it is written as every renewal is.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use super::check::{self, Depth, Loaded};
use super::keep::{self, Seen};
use super::prepare::{Prepared, prepare};
use super::{Failure, World, conclude, diagnose, hygiene, secrets, tokens};
use crate::base::{Language, Secret, Template, Text, system_error};
use crate::cause::{Cause, Fix};
use crate::diagnosis::repair::{self, Action};
use crate::diagnosis::{Applied, Ending, Entry, Facts, Repair, Report, StageStatus};
use crate::model::connection::SecretSource;
use crate::model::{Obtaining, Verdict};
use crate::port::{HistoryRow, StateRecord};

/// The most repairs of one run.
const MOST: usize = 4;

/// What a person said beforehand.
#[derive(Clone, Copy, Debug, Default)]
pub struct Consent<'a> {
    /// Whether repairs that need consent have it.
    pub yes: bool,
    /// The fingerprint of the authority that may be trusted.
    pub trust: Option<&'a str>,
}

/// Diagnoses a connection and repairs it, one step at a time. `found` hears of each report that calls for a repair
/// before anybody is asked.
///
/// # Errors
/// When the connection does not exist, or a store or a file fails.
pub async fn fix(
    world: &dyn World,
    link_name: &str,
    environment: Option<&str>,
    consent: Consent<'_>,
    mut found: impl FnMut(&Report, &Repair),
) -> Result<(Report, Facts), Failure> {
    let wish = diagnose::Wish::default();
    let (mut report, mut facts) = Box::pin(diagnose::diagnose(world, link_name, environment, &wish)).await?;
    let mut applied: Vec<Applied> = Vec::new();
    while applied.len() < MOST {
        let Some((cause, repair)) = next(&report, &facts, &applied) else { break };
        found(&report, &repair);
        if let Some(ending) = refused(world, &repair, consent)? {
            applied.push(Applied { cause, repair, ending });
            break;
        }
        let trial = Box::pin(attempt(world, link_name, environment, &report, cause, &repair)).await?;
        let ending = trial.ending;
        if ending == Ending::Kept {
            report.entries = vec![trial.entry];
            facts = trial.facts;
        }
        applied.push(Applied { cause, repair, ending });
    }
    if let Some(entry) = report.entries.first_mut() {
        entry.fixes = applied;
    }
    Ok((report, facts))
}

/// The first repair of the root cause that was not tried yet.
fn next(report: &Report, facts: &Facts, applied: &[Applied]) -> Option<(&'static Cause, Repair)> {
    let root = report.entries.first()?.root().filter(|root| !root.over)?;
    let is_new = |repair: &Repair| applied.iter().all(|before| before.repair.action != repair.action);
    let untried = |repair: &Repair| repair.applicability != Fix::Manual && is_new(repair);
    Some((root.cause, repair::all(root, facts).into_iter().find(untried)?))
}

/// Why a repair must not be tried, if nobody agreed to it.
fn refused(world: &dyn World, repair: &Repair, consent: Consent<'_>) -> Result<Option<Ending>, Failure> {
    const ASK: Text = Text::new("Try this repair?", "この修復を試しますか。");
    if repair.applicability == Fix::Safe {
        return Ok(None);
    }
    let agreed = match repair.fingerprint() {
        Some(sha256) => consent.trust.is_some_and(|given| same_print(given, sha256)),
        None => consent.yes,
    };
    if agreed {
        return Ok(None);
    }
    if !world.person().is_present() {
        return Ok(Some(Ending::Unanswered));
    }
    let answer = world.person().confirm(ASK.get(world.settings().language), false)?;
    Ok((!answer).then_some(Ending::Declined))
}

/// Whether two writings of a fingerprint mean the same.
fn same_print(given: &str, sha256: &str) -> bool {
    let digits = |text: &str| -> String {
        let text = text.trim().to_ascii_lowercase();
        text.trim_start_matches("sha256:").chars().filter(char::is_ascii_hexdigit).collect()
    };
    digits(given) == digits(sha256)
}

/// What a trial showed.
struct Trial {
    entry: Entry,
    facts: Facts,
    ending: Ending,
}

/// Tries a repair beside what is stored, and keeps it where it is better.
async fn attempt(
    world: &dyn World,
    link_name: &str,
    environment: Option<&str>,
    before: &Report,
    cause: &'static Cause,
    repair: &Repair,
) -> Result<Trial, Failure> {
    let started = Instant::now();
    let old = prepare(world, link_name, environment)?;
    let record = world.ledger().state(&old.item())?;
    let seen = Seen::now(world, &old);
    let mut changed = changed(world, &old, &repair.action)?;
    let (mut loaded, moved) = load(world, changed.prepared.clone(), repair, record.clone());
    let facts = match &repair.action {
        Action::Renew => match tokens::renew(world, &mut loaded).await {
            Ok(()) => check::observe(world, &mut loaded, Depth::Diagnose).await,
            Err(trouble) => check::with_trouble(world, &loaded, trouble).await,
        },
        _ => check::observe(world, &mut loaded, Depth::Diagnose).await,
    };
    let ms = started.elapsed().as_secs_f64() * 1000.0;
    let entry = conclude::entry(&loaded.prepared.connector, loaded.prepared.connection.kind, &facts, ms);
    // Where a credential is refused, only one that is taken is better.
    let strict = moved || repair.changes_credential() || cause.verdict == Verdict::Rejected;
    let better = before.entries.first().is_some_and(|before| is_better(before, &entry, cause, strict));
    let ending = if better {
        // Tokens that were renewed on the way are our own writing.
        let seen = if old.method.obtaining() == Obtaining::Given { seen } else { Seen::now(world, &old) };
        let stores = stores(&record, &old);
        if moved || matches!(repair.action, Action::CleanSecret { .. }) {
            keep::swap(world, &old, &loaded.prepared, &loaded.secrets, &seen, &stores).await?;
        } else if loaded.prepared.connection != old.connection {
            keep::redefine(world, &old, &loaded.prepared)?;
        }
        changed.write(world)?;
        if moved {
            loaded.record.hosts = loaded.prepared.hosts(&loaded.secrets);
        }
        conclude::remember(world, &loaded, &facts, &entry, "diagnose")?;
        Ending::Kept
    } else {
        changed.undo(world);
        Ending::NoBetter(entry.root().map(|finding| finding.cause.code))
    };
    audit(world, &facts, cause, repair, &ending)?;
    Ok(Trial { entry, facts, ending })
}

fn stores(record: &StateRecord, old: &Prepared) -> std::collections::BTreeSet<String> {
    let mut stores = record.stores.clone();
    stores.extend(keep::stores(old).iter().map(SecretSource::shown));
    stores
}

/// The connection with its change, its secrets and what is wrong with them; and whether the credential would travel
/// to a host for which it was not stored, to which somebody has just agreed.
fn load(world: &dyn World, prepared: Prepared, repair: &Repair, record: StateRecord) -> (Loaded, bool) {
    let (mut secrets, found) = secrets::load(world, &prepared);
    let mut problems = hygiene::lint(&prepared);
    problems.extend(found);
    problems.extend(secrets::strange_reference(&prepared, &secrets, &record.hosts));
    if let Action::CleanSecret { parameter } = &repair.action
        && let Some(value) = secrets.get(parameter)
    {
        let cleaned = Secret::new(hygiene::clean(value.expose()).0);
        problems.retain(|problem| problem.values.get("parameter") != Some(parameter));
        problems.extend(hygiene::check(&prepared, parameter, &cleaned));
        secrets.insert(parameter.clone(), cleaned);
    }
    let strange = |problem: &crate::diagnosis::Problem| problem.code == "CONN-CFG-HOST-CHANGED";
    let moved = repair.moves_credential() && problems.iter().any(strange);
    if moved {
        problems.retain(|problem| !strange(problem));
    }
    // What is renewed on the way must not be lost, whatever becomes of the repair.
    (Loaded { stored: true, ..check::with(prepared, secrets, problems, record) }, moved)
}

/// A connection with a change that is not written yet, and what has to be written beside the connection.
struct Changed {
    prepared: Prepared,
    connector_value: Option<(PathBuf, Vec<String>, String)>,
    file: Option<PathBuf>,
}

impl Changed {
    /// Writes what stands in the connector.
    fn write(&mut self, world: &dyn World) -> Result<(), Failure> {
        self.file = None;
        let Some((path, keys, value)) = self.connector_value.take() else { return Ok(()) };
        let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
        Ok(world.definition_file(&path).set_value(&keys, &value)?)
    }

    /// Takes away what the trial needed.
    fn undo(&mut self, world: &dyn World) {
        if let Some(file) = self.file.take()
            && let Err(error) = world.remove_private(&file)
        {
            tracing::warn!(%error, "a certificate of a trial was left behind");
        }
    }
}

fn changed(world: &dyn World, old: &Prepared, action: &Action) -> Result<Changed, Failure> {
    let mut changed = Changed { prepared: old.clone(), connector_value: None, file: None };
    let prepared = &mut changed.prepared;
    let id = &old.connection.connector;
    match action {
        Action::SetVariable { name, to, .. } => {
            prepared.connection.vars.insert(name.clone(), to.clone());
            for other in &mut prepared.elsewhere {
                other.connection.vars.insert(name.clone(), to.clone());
            }
        }
        Action::SetBase { to, .. } => {
            Arc::make_mut(&mut prepared.connector).base = Some(template(to)?);
            changed.connector_value = connector_value(world, id, &["base"], to)?;
        }
        Action::SetHeader { of_test, name, to, .. } => {
            let value = template(to)?;
            if let Some(test) = Arc::make_mut(&mut prepared.connector).test.as_mut().filter(|_| *of_test) {
                test.headers.insert(name.clone(), value);
                changed.connector_value = connector_value(world, id, &["test", "headers", name], to)?;
            } else {
                Arc::make_mut(&mut prepared.connector).headers.insert(name.clone(), value);
                changed.connector_value = connector_value(world, id, &["headers", name], to)?;
            }
        }
        Action::Trust { sha256, pem, .. } => {
            let name = format!("conn-{}-{}.pem", old.link_name, sha256.get(..8).unwrap_or_default());
            let file = old.path.parent().unwrap_or(&old.path).join(&name);
            world.write_private(&file, pem.as_bytes()).map_err(|error| unwritable(&file, &error))?;
            prepared.connection.ca_file = Some(name);
            changed.file = Some(file);
        }
        Action::SetMethod { to, .. } => {
            *prepared = old.by_method(to).ok_or_else(|| Failure::cause("CONN-SELF-BUG", &[]))?;
        }
        Action::SetHttpVersion { to } => {
            prepared.connection.http_version = Some(*to);
            prepared.older_protocol = true;
        }
        Action::CleanSecret { .. } | Action::Renew => {}
    }
    Ok(changed)
}

fn template(text: &str) -> Result<Template, Failure> {
    text.parse().map_err(|_| Failure::cause("CONN-SELF-BUG", &[]))
}

/// Where a value of a connector is written.
fn connector_value(
    world: &dyn World,
    id: &str,
    keys: &[&str],
    to: &str,
) -> Result<Option<(PathBuf, Vec<String>, String)>, Failure> {
    let Some(located) = world.definitions()?.connector(id)? else { return Ok(None) };
    let keys = ["connectors", id].iter().chain(keys).map(|key| (*key).to_owned()).collect();
    Ok(Some((located.path, keys, to.to_owned())))
}

fn unwritable(path: &std::path::Path, error: &std::io::Error) -> Failure {
    const WRONG: Text = Text::new("{file}: {reason}", "{file}: {reason}");
    let values = [("file", path.display().to_string().into()), ("reason", system_error::explained(error))];
    Failure::usage(WRONG.fill_phrases(&values), None)
}

/// Whether a trial is better than what was: it works; or, where no credential is at stake, the cause is gone and
/// the first broken layer is a higher one.
fn is_better(before: &Entry, after: &Entry, cause: &Cause, strict: bool) -> bool {
    let standing = conclude::standing(after.verdict, &after.access);
    let other_owner = after.findings.iter().any(|finding| finding.cause.code == "CONN-OAUTH-ORG");
    if standing.is_healthy() || conclude::unprovable(after) {
        return !other_owner;
    }
    let gone = after.findings.iter().all(|finding| finding.cause.code != cause.code);
    !strict && gone && reach(after) > reach(before)
}

/// How many layers stand below the first broken one.
fn reach(entry: &Entry) -> usize {
    let broken = entry.stages.iter().position(|line| line.status == StageStatus::Failed);
    broken.unwrap_or(entry.stages.len())
}

/// The line of the history that says what was changed.
fn audit(
    world: &dyn World,
    facts: &Facts,
    cause: &Cause,
    repair: &Repair,
    ending: &Ending,
) -> Result<(), Failure> {
    const KEPT: Text = Text::new("repaired: {plan}", "修復: {plan}");
    const NOT: Text = Text::new("repair tried and not kept: {plan}", "修復を試行（変更なし）: {plan}");
    let text = if *ending == Ending::Kept { KEPT } else { NOT };
    let detail = text.fill_phrases(&[("plan", repair.plan.clone())]);
    let detail = crate::base::redact::scrub(detail.get(Language::En)).into_owned();
    world.ledger().append(&HistoryRow {
        link_name: facts.connection.link_name.clone(),
        environment: facts.connection.environment.clone(),
        account: facts.connection.account.clone(),
        verb: "fix".to_owned(),
        verdict: if *ending == Ending::Kept { "repaired" } else { "not_repaired" }.to_owned(),
        code: Some(cause.code.to_owned()),
        detail: Some(detail),
        first_seen: facts.at,
        last_seen: facts.at,
        count: 1,
    })?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::same_print;

    #[test]
    fn a_fingerprint_is_the_same_in_every_usual_writing() {
        for given in ["ab12", "AB:12", "sha256:ab12", " AB12 "] {
            assert!(same_print(given, "ab12"), "{given}");
        }
        assert!(!same_print("ab13", "ab12"));
    }
}
