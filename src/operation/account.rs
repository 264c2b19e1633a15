//! The accounts of a connection on which each person authorises for themselves: which one is meant, which one
//! stands in where nobody is there to say, and how one leaves.

use super::prepare::{self, Prepared};
use super::tokens::revoke::{self, Revocation};
use super::{Failure, World, check, keep, secrets, system};
use crate::base::{Text, safe_text, suggest};
use crate::diagnosis::report::Entry;
use crate::model::State;
use crate::model::connection::ConnectionKind;
use crate::port::{AccountRecord, ItemKey};

/// The longest label, in characters.
const LONGEST: usize = 80;
/// The label of somebody whom the test request does not name.
const NAMELESS: &str = "default";

/// Decides which account a connection is used with: the one that was named, else the primary. Nothing is known or
/// written of an account that nobody authorised: its name is a mistake.
///
/// # Errors
/// When an account is named and the connection has none of that name, or the label cannot be one.
pub fn settle(world: &dyn World, prepared: &mut Prepared) -> Result<(), Failure> {
    welcome(world, prepared)?;
    match prepared.account.clone() {
        Some(label) if prepared.named_account.is_some() => existing(world, prepared, &label).map(drop),
        _ => Ok(()),
    }
}

/// Decides the same where a new account may come to be.
///
/// # Errors
/// When an account is named and the connection cannot have any, or the label cannot be one.
pub fn welcome(world: &dyn World, prepared: &mut Prepared) -> Result<(), Failure> {
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
/// As [`welcome`].
pub fn name(world: &dyn World, prepared: &mut Prepared) -> Result<(), Failure> {
    const LEAVE: Text = Text::new(
        "Connections with kind = \"user\" have accounts; leave --account out.",
        "アカウントを使えるのは kind = \"user\" の接続です。--account を外してください。",
    );
    const LABEL: Text = Text::new(
        "An account's label has 1 to {most} printable characters.",
        "アカウント名は 1〜{most} 文字の表示可能な文字で指定してください。",
    );
    let Some(label) = &world.settings().account else { return Ok(()) };
    if prepared.connection.kind != ConnectionKind::User {
        return Err(shared(&prepared.link_name, LEAVE));
    }
    if tidy(label).as_deref() != Some(label) {
        return Err(Failure::usage(LABEL.fill(&[("most", &LONGEST.to_string())]), None));
    }
    prepared.account = Some(label.clone());
    prepared.named_account = Some(label.clone());
    Ok(())
}

/// An account is named where there are none, with what to do instead.
pub(super) fn shared(link_name: &str, hint: Text) -> Failure {
    const ONE: Text = Text::new(
        "{name} holds one authorisation for everyone, so it has no accounts.",
        "{name} は全員で 1 つの認証情報を使う接続のため、アカウントを指定できません。",
    );
    Failure::usage(ONE.fill(&[("name", link_name)]), Some(hint.fill(&[("name", link_name)])))
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

/// The connection and its accounts.
///
/// # Errors
/// When there is no such connection, or the ledger cannot be read.
pub fn list(
    world: &dyn World,
    link_name: &str,
    environment: Option<&str>,
) -> Result<(Prepared, Vec<AccountRecord>), Failure> {
    let prepared = prepare::find(world, link_name, environment)?;
    let accounts = of(world, &prepared)?;
    Ok((prepared, accounts))
}

/// Makes an account the one that is used where nobody says which.
///
/// # Errors
/// When there is no such connection or account, it was never connected, or the ledger cannot be written.
pub fn set_primary(
    world: &dyn World,
    link_name: &str,
    environment: Option<&str>,
    label: &str,
) -> Result<(), Failure> {
    const NEVER: Text = Text::new(
        "The account {label} of {name} was never connected.",
        "{name} のアカウント {label} は一度も接続済みになっていません。",
    );
    const FIRST: Text =
        Text::new("Connect it first: {command}", "先に {command} を実行して接続済みにしてください。");
    let (mut prepared, account) = having(world, link_name, environment, label)?;
    prepared.named_account = Some(label.to_owned());
    let record = account.map(|account| account.record).unwrap_or_default();
    if record.state == State::Pending && record.last_ok.is_none() {
        let shown = safe_text::line(label, LONGEST);
        let command = prepared.command("connect");
        let values = [("name", link_name), ("label", &*shown), ("command", &*command)];
        return Err(Failure::usage(NEVER.fill(&values), Some(FIRST.fill(&values))));
    }
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
    let (prepared, _) = having(world, link_name, environment, label)?;
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
fn having(
    world: &dyn World,
    link_name: &str,
    environment: Option<&str>,
    label: &str,
) -> Result<(Prepared, Option<AccountRecord>), Failure> {
    let mut prepared = prepare::find(world, link_name, environment)?;
    prepared.account = Some(label.to_owned());
    let account = existing(world, &prepared, label)?;
    Ok((prepared, account))
}

/// An account that a connection has. After the state database was lost only the store knows of it.
///
/// # Errors
/// When the connection has no such account: there are these, or this command makes one.
pub fn existing(
    world: &dyn World,
    prepared: &Prepared,
    label: &str,
) -> Result<Option<AccountRecord>, Failure> {
    let accounts = of(world, prepared)?;
    if let Some(account) = accounts.iter().find(|account| account.label == label) {
        return Ok(Some(account.clone()));
    }
    let item = ItemKey { account: Some(label.to_owned()), ..prepared.item() };
    let mut stores = keep::stores(prepared).into_iter().filter_map(|source| secrets::store(world, &source));
    if stores.any(|store| store.get(&item).is_ok_and(|found| found.is_some())) {
        return Ok(None);
    }
    let labels: Vec<String> = accounts.into_iter().map(|account| account.label).collect();
    Err(unknown(prepared, label, &labels))
}

/// An account that nobody authorised, with those that there are and the nearest of them.
fn unknown(prepared: &Prepared, label: &str, labels: &[String]) -> Failure {
    const UNKNOWN: Text = Text::new(
        "{name} has no account {label}; there are: {labels}.",
        "{name} に {label} というアカウントはありません。あるのは {labels} です。",
    );
    const NONE: Text = Text::new(
        "{name} has no account {label}; it has none yet.",
        "{name} に {label} というアカウントはありません。アカウントはまだ 1 つもありません。",
    );
    const NEAREST: Text = Text::new("Did you mean {nearest}?", "「{nearest}」のことですか。");
    const ADD: Text = Text::new("This adds it: {command}", "追加するには {command} を実行してください。");
    const KIND: Text = Text::new(
        "Connections with kind = \"user\" have accounts.",
        "アカウントを使えるのは kind = \"user\" の接続です。",
    );
    let name = prepared.link_name.as_str();
    if labels.is_empty() && prepared.connection.kind != ConnectionKind::User {
        return shared(name, KIND);
    }
    let shown = safe_text::line(label, LONGEST);
    let all = labels.join(", ");
    let values = [("name", name), ("label", &*shown), ("labels", &*all)];
    let hint = match suggest::nearest(label, labels.iter().map(String::as_str)) {
        Some(nearest) => NEAREST.fill(&[("nearest", nearest)]),
        None => ADD.fill(&[("command", &adding(prepared, label))]),
    };
    Failure::usage(if labels.is_empty() { NONE } else { UNKNOWN }.fill(&values), Some(hint))
}

/// The command that adds an account: a person consents, or gives a credential.
#[must_use]
pub fn adding(prepared: &Prepared, label: &str) -> String {
    system::authorising(&Prepared { named_account: Some(label.to_owned()), ..prepared.clone() })
}
