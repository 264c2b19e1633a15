//! Authorising a connection: a person consents where the kind needs it, and the connection is proven. Naming it is
//! the consent to the hosts to which its definition leads now.

use std::time::Instant;

use super::check::{self, Depth};
use super::consent::{Outcome, Wanted};
use super::keep::Seen;
use super::prepare::find;
use super::secrets;
use super::tokens::authorize::Wish;
use super::tokens::waiting::{self, Question};
use super::{Failure, World, account, conclude, consent, keep};
use crate::base::Text;
use crate::diagnosis::Report;
use crate::model::State;

/// What connecting came to.
#[derive(Debug)]
pub enum Connected {
    /// The connection was looked at.
    Seen(Report),
    /// A person has to consent first, and nobody can be asked here.
    Waits(Question),
}

/// Proves a connection and marks it connected.
///
/// # Errors
/// When it does not exist, the person refuses a new host, or a store fails.
pub async fn connect(
    world: &dyn World,
    link_name: &str,
    environment: Option<&str>,
    wish: &Wish,
) -> Result<Connected, Failure> {
    let mut prepared = find(world, link_name, environment)?;
    account::name(world, &mut prepared)?;
    if consent::is_needed(&prepared) {
        // Whose authorisation it becomes is known once somebody has consented.
        prepared.account = None;
    } else {
        account::settle(world, &mut prepared)?;
    }
    let started = Instant::now();
    let mut loaded = check::load(world, prepared)?;
    let asked = loaded.problems.iter().any(|problem| problem.code == "CONN-CFG-HOST-CHANGED");
    let allowed = asked && allows(world, &loaded)?;
    if allowed {
        loaded.problems.retain(|problem| problem.code != "CONN-CFG-HOST-CHANGED");
        loaded = check::with(loaded.prepared, loaded.secrets, loaded.problems, loaded.record);
    }
    if consent::is_needed(&loaded.prepared) {
        let blocked = loaded.problems.iter().any(check::is_error);
        if wish.answer.is_none() && !blocked && waiting::is_wanted(world, &loaded.prepared, wish) {
            let (old, seen) = (&loaded.prepared, &Seen::default());
            let wanted = Wanted { old, seen, wish, verb: "connect", other_account: false };
            return match waiting::ask(world, old, &loaded.secrets, &wanted).await {
                Ok(question) => Ok(Connected::Waits(question)),
                Err(trouble) => Err(check::failure_of(world, &loaded, trouble).await),
            };
        }
        let old = loaded.prepared.clone();
        let seen = Seen::now(world, &old);
        let other_account = waiting::takes_another(world, &old, wish);
        let wanted = Wanted { old: &old, seen: &seen, wish, verb: "connect", other_account };
        return Ok(match Box::pin(consent::consent(world, loaded, &wanted)).await? {
            Outcome::Done(consented) => Connected::Seen(consented.report),
            Outcome::Waits(question) => Connected::Waits(*question),
        });
    }
    let facts = check::observe(world, &mut loaded, Depth::Test).await;
    let ms = started.elapsed().as_secs_f64() * 1000.0;
    let mut entry = conclude::entry(&loaded.prepared.connector, loaded.prepared.connection.kind, &facts, ms);
    if entry.verdict.is_healthy() {
        loaded.record.hosts = loaded.prepared.hosts(&loaded.secrets);
        // An admin at the terminal is who a system connection waits for; a paused one stays paused.
        if entry.state != State::Disabled {
            entry.state = State::Connected;
        }
        // Only a new host is written: what another process stored meanwhile must not be undone.
        if allowed {
            let prepared = &loaded.prepared;
            let _held = keep::alone(world, &prepared.item()).await?;
            keep::keep(world, &loaded.prepared, &loaded.secrets, true)?;
        }
    }
    conclude::remember(world, &loaded, &facts, &entry, "connect")?;
    let entries = vec![entry];
    Ok(Connected::Seen(Report {
        verb: "connect",
        started_at: facts.at,
        ms,
        entries,
        strict: false,
        part: None,
    }))
}

/// Asks whether the credential may travel to a host for which it was not stored.
fn allows(world: &dyn World, loaded: &check::Loaded) -> Result<bool, Failure> {
    const ASK: Text = Text::new(
        "The credential was stored for {before}. May it travel to {after}?",
        "この認証情報の送信先は {before} として登録されています。{after} への送信を許可しますか。",
    );
    const FIRST: Text = Text::new(
        "{place} wants to send the credential to {after}. Allow it?",
        "{place} の定義では、認証情報を {after} へ送信します。許可しますか。",
    );
    if !world.person().is_present() {
        return Ok(false);
    }
    let prepared = &loaded.prepared;
    let item = prepared.item();
    let mut before = loaded.record.hosts.clone();
    for source in keep::stores(prepared) {
        if let Some(store) = secrets::store(world, &source)
            && let Some(credential) = secrets::read(store, &item)?
        {
            before.extend(credential.hosts);
        }
    }
    let after = prepared.hosts(&loaded.secrets).join(", ");
    let question = if before.is_empty() { FIRST } else { ASK };
    let values = [("before", before.join(", ")), ("after", after), ("place", prepared.origin())];
    let question = question.fill(&values.each_ref().map(|(name, value)| (*name, value.as_str())));
    Ok(world.person().confirm(question.get(world.settings().language), false)?)
}
