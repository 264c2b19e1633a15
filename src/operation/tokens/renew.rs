//! Renewing tokens: one process at a time, what is stored read again inside the lock, the intent recorded before a
//! token that works once is spent, and what came written before anything else happens.

use std::time::Duration;

use super::{Talk, Trouble, custody, metadata};
use crate::base::{Secret, Text, Timestamp};
use crate::diagnosis::{AnswerFact, Fault};
use crate::flow::{self, Conversation, Metadata, Obtained};
use crate::model::grant::{ACCESS_TOKEN, REFRESH_TOKEN};
use crate::model::refusal::Spent;
use crate::model::{Credential, Obtaining};
use crate::operation::check::Loaded;
use crate::operation::prepare::Prepared;
use crate::operation::secrets::{self, Secrets};
use crate::operation::{Failure, World};
use crate::port::ItemKey;

/// A token that ends sooner than this many seconds is renewed before it is used.
const MARGIN: i64 = 60;
/// How long to wait for another process that renews the same tokens.
const PATIENCE: Duration = Duration::from_secs(90);

/// Whether the tokens in hand cannot be used as they are.
#[must_use]
pub fn is_due(world: &dyn World, loaded: &Loaded) -> bool {
    let (secrets, now) = (&loaded.secrets, world.clock().now());
    let ends = secrets.grant().is_some_and(|grant| {
        // A token that lives for a minute would always be due.
        let life = grant.expires.map_or(i64::MAX, |expires| expires.as_second() - grant.obtained.as_second());
        grant.is_due(now, MARGIN.min(life / 4))
    });
    secrets.get(ACCESS_TOKEN).is_none() || ends
}

/// Sees to it that a connection's tokens can be used now; whether that took new ones.
///
/// # Errors
/// Why they cannot.
pub async fn ready(world: &dyn World, loaded: &mut Loaded) -> Result<bool, Trouble> {
    if loaded.prepared.method.obtaining() == Obtaining::Given || !is_due(world, loaded) {
        return Ok(false);
    }
    renew(world, loaded).await.map(|()| true)
}

/// Whether tokens could be renewed without a person.
#[must_use]
pub fn can_renew(loaded: &Loaded) -> bool {
    match loaded.prepared.method.obtaining() {
        Obtaining::Given => false,
        Obtaining::BySelf => true,
        Obtaining::ByConsent => loaded.secrets.get(REFRESH_TOKEN).is_some(),
    }
}

/// Renews a connection's tokens, unless another process just did.
///
/// # Errors
/// Why there are no new ones.
pub async fn renew(world: &dyn World, loaded: &mut Loaded) -> Result<(), Trouble> {
    let proven = loaded.stored && secrets::token_store(&loaded.prepared).is_some();
    if !proven {
        return in_memory(world, loaded).await;
    }
    let item = loaded.prepared.item();
    let held = world.locks().take(&item.to_string(), PATIENCE).await;
    let _held = held.map_err(|error| Trouble::from(Failure::from(error)))?;
    let before = custody::stored(world, &loaded.prepared)?;
    if let Some(stored) = before.as_ref().filter(|stored| is_other(loaded, stored)) {
        // What is stored is what holds: the refresh token that we read before the lock may be spent.
        custody::adopt(&mut loaded.secrets, stored);
        if !is_due(world, loaded) {
            return Ok(());
        }
    }
    let generation = before.as_ref().map_or(0, |before| before.generation);
    let interrupted = world.ledger().renewal(&item).map_err(Failure::from)?;
    let interrupted = interrupted.filter(|(spent, _)| *spent == generation);
    let spends = loaded.secrets.get(REFRESH_TOKEN).is_some();
    if spends {
        let intent = Some((generation, world.clock().now()));
        let recorded = world.ledger().set_renewal(&item, intent);
        recorded.map_err(Failure::from)?;
    }
    custody::make_key(world, &loaded.prepared, &mut loaded.secrets);
    match obtain(world, &loaded.prepared, &loaded.secrets).await {
        Ok((obtained, metadata)) => {
            let now = world.clock().now();
            custody::take_in(&mut loaded.secrets, obtained, now, false, &scopes(&loaded.prepared));
            metadata::keep(&mut loaded.secrets, metadata.as_ref(), now);
            custody::write(world, &loaded.prepared, &loaded.secrets, before)?;
            forget(world, &item, spends)?;
            moved(&loaded.prepared, &loaded.secrets, custody::stored(world, &loaded.prepared)?.as_ref())
        }
        Err(trouble) => {
            let unknown = matches!(&trouble, Trouble::Fact(fact) if fact.fault.as_ref().is_some_and(Fault::may_have_arrived));
            if !unknown {
                forget(world, &item, spends)?;
            }
            // Somebody without our lock, on another machine's copy of the store, may have been first.
            let again = custody::stored(world, &loaded.prepared)?;
            if let Some(newer) = again.filter(|again| again.generation > generation) {
                custody::adopt(&mut loaded.secrets, &newer);
                return Ok(());
            }
            Err(explained(&loaded.prepared, trouble, interrupted))
        }
    }
}

/// Whether another process renewed the tokens since we read ours.
fn is_other(loaded: &Loaded, stored: &Credential) -> bool {
    let ours = loaded.secrets.get(ACCESS_TOKEN).map(Secret::expose);
    stored.values.get(ACCESS_TOKEN).is_some_and(|theirs| ours != Some(theirs.expose()))
}

fn forget(world: &dyn World, item: &ItemKey, spends: bool) -> Result<(), Trouble> {
    if spends {
        let forgotten = world.ledger().set_renewal(item, None);
        forgotten.map_err(Failure::from)?;
    }
    Ok(())
}

/// Tokens for values that are not stored yet, or that are never stored: nothing can be lost.
async fn in_memory(world: &dyn World, loaded: &mut Loaded) -> Result<(), Trouble> {
    custody::make_key(world, &loaded.prepared, &mut loaded.secrets);
    let (obtained, _) = obtain(world, &loaded.prepared, &loaded.secrets).await?;
    custody::take_in(&mut loaded.secrets, obtained, world.clock().now(), false, &scopes(&loaded.prepared));
    Ok(())
}

/// The scopes that a definition asks for where nobody chooses.
#[must_use]
pub fn scopes(prepared: &Prepared) -> Vec<String> {
    let wanted = prepared.method.scopes.iter().filter(|scope| scope.default);
    wanted.map(|scope| scope.name.clone()).collect()
}

/// Asks for tokens without a person.
async fn obtain(
    world: &dyn World,
    prepared: &Prepared,
    secrets: &Secrets,
) -> Result<(Obtained, Option<Metadata>), Trouble> {
    match once(world, prepared, secrets).await {
        Err(Trouble::Fact(fact)) if is_gone(&fact) => {
            // Addresses that were read a while ago answer no more: they are read anew, and asked once.
            let mut secrets = secrets.duplicate();
            if !metadata::forget(&mut secrets) {
                return Err(Trouble::Fact(fact));
            }
            once(world, prepared, &secrets).await
        }
        outcome => outcome,
    }
}

/// Whether nothing can have acted upon a request: nobody was reached, or nobody is at home there.
fn is_gone(fact: &AnswerFact) -> bool {
    match (&fact.answer, &fact.fault) {
        (Some(answer), _) => matches!(answer.status, 404 | 405 | 410),
        (None, Some(fault)) => !fault.may_have_arrived() && !matches!(fault, Fault::Local(_)),
        (None, None) => false,
    }
}

async fn once(
    world: &dyn World,
    prepared: &Prepared,
    secrets: &Secrets,
) -> Result<(Obtained, Option<Metadata>), Trouble> {
    let mut conversation: Box<dyn Conversation> = if secrets.get(REFRESH_TOKEN).is_some() {
        Box::new(flow::refresh::Refresh::default())
    } else if prepared.method.obtaining() == Obtaining::BySelf {
        flow::alone(&prepared.method)
    } else {
        return Err(ended(prepared, secrets));
    };
    let scopes = scopes(prepared);
    let metadata = metadata::published(world, prepared, secrets).await?;
    let spent = match secrets.get(REFRESH_TOKEN) {
        Some(_) => Spent::Refresh,
        None => Spent::of_grant(prepared.method.grant()),
    };
    let talk = Talk { world, prepared, secrets, metadata: metadata.as_ref(), scopes: &scopes, spent };
    let obtained = talk.hold(conversation.as_mut(), None).await?;
    Ok((obtained, metadata))
}

/// No person ever consented, or the consent gave nothing that could be renewed.
fn ended(prepared: &Prepared, secrets: &Secrets) -> Trouble {
    const NONE: Text = Text::new(
        "no refresh token is stored, so only a new consent helps",
        "更新トークンが保存されていないため、認可のやり直しが必要です",
    );
    if secrets.get(ACCESS_TOKEN).is_none() {
        return prepared.problem("CONN-CFG-NOT-AUTHORISED", &[]).into();
    }
    let mut problem = prepared.problem("CONN-OAUTH-ACCESS-EXPIRED", &[]);
    problem.evidence.push(NONE.into());
    problem.into()
}

/// New tokens that lead to a host for which nobody agreed.
fn moved(prepared: &Prepared, secrets: &Secrets, stored: Option<&Credential>) -> Result<(), Trouble> {
    let allowed = stored.map(|stored| stored.hosts.clone()).unwrap_or_default();
    match secrets::strange_host(prepared, secrets, &allowed) {
        Some(problem) => Err(problem.into()),
        None => Ok(()),
    }
}

/// A refusal after a renewal whose end nobody saw: the token was most likely spent by ourselves.
fn explained(prepared: &Prepared, trouble: Trouble, interrupted: Option<(u64, Timestamp)>) -> Trouble {
    const CUT: Text = Text::new(
        "a renewal that began at {when} was interrupted before its answer was stored",
        "{when} に始まった更新が、応答を保存する前に中断されました",
    );
    let (Trouble::Fact(fact), Some((_, when))) = (&trouble, interrupted) else { return trouble };
    if fact.answer.is_none() {
        return trouble;
    }
    let mut problem = prepared.problem("CONN-OAUTH-REFRESH-ROTATED", &[]);
    problem.evidence.push(CUT.fill(&[("when", &crate::base::time::iso(when))]));
    problem.into()
}
