//! The accounts of a connection on which each person authorises for themselves: which one is meant, which one
//! stands in where nobody is there to say, and how one leaves.

use super::prepare::{self, Prepared};
use super::tokens::revoke::{self, Revocation};
use super::{Failure, World, check, keep};
use crate::base::{Text, safe_text, suggest};
use crate::diagnosis::report::Entry;
use crate::model::connection::ConnectionKind;
use crate::port::AccountRecord;

/// The longest label, in characters.
const LONGEST: usize = 80;
/// The label of somebody whom the test request does not name.
const NAMELESS: &str = "default";

/// Decides which account a connection is used with: the one that was named, else the primary.
///
/// # Errors
/// When an account is named and the connection has none, or the label cannot be one.
pub fn settle(world: &dyn World, prepared: &mut Prepared) -> Result<(), Failure> {
    name(world, prepared)?;
    if prepared.connection.kind != ConnectionKind::User || prepared.account.is_some() {
        return Ok(());
    }
    let accounts = of(world, prepared)?;
    prepared.account =
        accounts.iter().find(|account| account.is_primary).map(|account| account.label.clone());
    prepared.lacks_primary = prepared.account.is_none() && !accounts.is_empty();
    Ok(())
}

/// Takes the account that was named, and no other.
///
/// # Errors
/// As [`settle`].
pub fn name(world: &dyn World, prepared: &mut Prepared) -> Result<(), Failure> {
    const ONE: Text = Text::new(
        "{name} holds one authorisation for everyone, so it has no accounts.",
        "{name} は全員で 1 つの認証情報を使う接続のため、アカウントを指定できません。",
    );
    const KIND: Text = Text::new(
        "Connections with kind = \"user\" have accounts; leave --account out.",
        "アカウントを使えるのは kind = \"user\" の接続です。--account を外してください。",
    );
    const LABEL: Text = Text::new(
        "An account's label has 1 to {most} printable characters.",
        "アカウント名は 1〜{most} 文字の表示可能な文字で指定してください。",
    );
    let Some(label) = &world.settings().account else { return Ok(()) };
    if prepared.connection.kind != ConnectionKind::User {
        let name = [("name", prepared.link_name.as_str())];
        return Err(Failure::usage(ONE.fill(&name), Some(KIND.into())));
    }
    if tidy(label).as_deref() != Some(label) {
        return Err(Failure::usage(LABEL.fill(&[("most", &LONGEST.to_string())]), None));
    }
    prepared.account = Some(label.clone());
    prepared.named_account = true;
    Ok(())
}

/// A text as a label; `None` where nothing of it can be one.
fn tidy(text: &str) -> Option<String> {
    let line = safe_text::line(text, LONGEST);
    let label = line.trim();
    (!label.is_empty()).then(|| label.to_owned())
}

/// The label of whoever consented: their name at the service.
#[must_use]
pub fn label(entry: &Entry) -> String {
    let identity = entry.identity.as_ref();
    let shown =
        identity.and_then(|identity| identity.account.as_deref().or(identity.organisation.as_deref()));
    shown.and_then(tidy).unwrap_or_else(|| NAMELESS.to_owned())
}

/// The accounts of a connection in its environment, by label.
///
/// # Errors
/// When the ledger cannot be read.
pub fn of(world: &dyn World, prepared: &Prepared) -> Result<Vec<AccountRecord>, Failure> {
    let environment = prepared.item().environment;
    let mut accounts = world.ledger().accounts(&prepared.link_name)?;
    accounts.retain(|account| account.environment == environment);
    Ok(accounts)
}

/// The accounts of a connection.
///
/// # Errors
/// When there is no such connection, or the ledger cannot be read.
pub fn list(
    world: &dyn World,
    link_name: &str,
    environment: Option<&str>,
) -> Result<(ConnectionKind, Vec<AccountRecord>), Failure> {
    let prepared = prepare::find(world, link_name, environment)?;
    Ok((prepared.connection.kind, of(world, &prepared)?))
}

/// Makes an account the one that is used where nobody says which.
///
/// # Errors
/// When there is no such connection or account, or the ledger cannot be written.
pub fn set_primary(
    world: &dyn World,
    link_name: &str,
    environment: Option<&str>,
    label: &str,
) -> Result<(), Failure> {
    let prepared = existing(world, link_name, environment, label)?;
    Ok(world.ledger().set_primary(&prepared.item())?)
}

/// Removes an account: its tokens at the service, then what is stored, then its past. What became of the tokens, and
/// whether the connection is without a primary account now.
///
/// # Errors
/// When there is no such connection or account, or a store fails.
pub async fn remove(
    world: &dyn World,
    link_name: &str,
    environment: Option<&str>,
    label: &str,
) -> Result<(Revocation, bool), Failure> {
    let prepared = existing(world, link_name, environment, label)?;
    let (item, stores) = (prepared.item(), keep::stores(&prepared));
    let loaded = check::load(world, prepared)?;
    let revocation = Box::pin(revoke::revoke(world, &loaded)).await;
    keep::forget(world, &item, &stores)?;
    world.ledger().forget_account(&item)?;
    let rest = of(world, &loaded.prepared)?;
    let lacks_primary = !rest.is_empty() && rest.iter().all(|account| !account.is_primary);
    Ok((revocation, lacks_primary))
}

/// The connection with an account that it has.
fn existing(
    world: &dyn World,
    link_name: &str,
    environment: Option<&str>,
    label: &str,
) -> Result<Prepared, Failure> {
    const UNKNOWN: Text =
        Text::new("{name} has no account {label}.", "{name} に {label} というアカウントはありません。");
    const NEAREST: Text = Text::new("Did you mean {nearest}?", "「{nearest}」のことですか。");
    const LIST: Text =
        Text::new("See which there are: conn account list {name}", "一覧: conn account list {name}");
    let mut prepared = prepare::find(world, link_name, environment)?;
    let accounts = of(world, &prepared)?;
    if accounts.iter().any(|account| account.label == label) {
        prepared.account = Some(label.to_owned());
        return Ok(prepared);
    }
    let shown = safe_text::line(label, LONGEST);
    let values = [("name", link_name), ("label", &*shown)];
    let hint = match suggest::nearest(label, accounts.iter().map(|account| account.label.as_str())) {
        Some(nearest) => NEAREST.fill(&[("nearest", nearest)]),
        None => LIST.fill(&values),
    };
    Err(Failure::usage(UNKNOWN.fill(&values), Some(hint)))
}
