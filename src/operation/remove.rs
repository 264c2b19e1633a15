//! Removing a connection: what the service gave is given back first, as far as the service lets us.

use std::collections::BTreeSet;

use super::prepare::{find, unknown_connection};
use super::switch::places;
use super::tokens::registration;
use super::tokens::revoke::{self, Revocation};
use super::{Failure, World, account, check, keep};
use crate::base::{Phrase, Text, safe_text, shell};
use crate::config::LayerKind;
use crate::model::Obtaining;
use crate::model::connection::{ConnectionKind, SecretSource};
use crate::port::ItemKey;

/// What `conn remove` did.
#[derive(Debug, Default)]
pub struct Removed {
    /// Whether there was a definition.
    pub defined: bool,
    /// Whether there was a stored credential.
    pub stored: bool,
    /// Whether the service ended tokens.
    pub revoked: bool,
    /// Tokens that the service did not end, and why.
    pub left: Vec<Phrase>,
    /// Stores that may still hold something of it, and why.
    pub unclean: Vec<(SecretSource, Failure)>,
}

/// Refuses to remove all of a connection where a part of it is named: an account, or an environment.
///
/// # Errors
/// When one is named, and when the definitions cannot be read.
pub fn whole(world: &dyn World, link_name: &str) -> Result<(), Failure> {
    const ACCOUNTS: Text = Text::new(
        "conn remove removes {name} with all its accounts, and one is named: {label}.",
        "conn remove は {name} をすべてのアカウントごと削除しますが、アカウント {label} が指定されています。",
    );
    const ONE: Text = Text::new(
        "Only this account: conn account remove {name} {label}",
        "このアカウントだけを削除するには conn account remove {name} {label} を実行してください。",
    );
    const LEAVE: Text = Text::new(
        "conn remove {name} removes the whole connection; leave --account out.",
        "conn remove {name} は接続全体を削除します。--account を外してください。",
    );
    const ENVIRONMENTS: Text = Text::new(
        "conn remove removes {name} with all its environments, and one is named: {label}.",
        "conn remove は {name} をすべての環境ごと削除しますが、環境 {label} が指定されています。",
    );
    const EVERYWHERE: Text = Text::new(
        "To remove the whole connection, leave --environment (CONN_ENVIRONMENT) out: conn remove {name}",
        "接続全体を削除するには、--environment（CONN_ENVIRONMENT）を外して conn remove {name} を実行してください。",
    );
    let settings = world.settings();
    let Some(located) = world.definitions()?.connection(link_name)? else { return Ok(()) };
    let (text, hint, label) = match (&settings.account, &settings.environment) {
        (Some(label), _) if located.value.kind == ConnectionKind::User => (ACCOUNTS, ONE, label),
        (Some(_), _) => return Err(account::shared(link_name, LEAVE)),
        (None, Some(environment)) => (ENVIRONMENTS, EVERYWHERE, environment),
        (None, None) => return Ok(()),
    };
    let label = shell::word(&safe_text::line(label, 80));
    let values = [("name", link_name), ("label", &*label)];
    Err(Failure::usage(text.fill(&values), Some(hint.fill(&values))))
}

/// What uses a connection, as far as its definition says so.
pub fn users(world: &dyn World, link_name: &str) -> Vec<String> {
    let found =
        world.definitions().ok().and_then(|definitions| definitions.connection(link_name).ok().flatten());
    found.map(|connection| connection.value.used_by).unwrap_or_default()
}

/// Refuses a name of which nothing is known: no definition, and no past that a removal cut short would have left.
///
/// # Errors
/// When it is one, or definitions or the ledger cannot be read.
pub fn known(world: &dyn World, link_name: &str) -> Result<(), Failure> {
    let definitions = world.definitions()?;
    if definitions.connection(link_name)?.is_some() || !world.ledger().history(link_name, 1)?.is_empty() {
        return Ok(());
    }
    Err(unknown_connection(link_name, &definitions.link_names()?))
}

/// Removes a connection: its tokens at the service, then definition, credential and past. Killed in between it is gone for every
/// command, and the next `conn remove` cleans up the rest.
///
/// # Errors
/// When there is nothing of that name, it stands in a file that is not the user's, or a store fails.
pub async fn remove(world: &dyn World, link_name: &str) -> Result<Removed, Failure> {
    let definitions = world.definitions()?;
    let located = definitions.connection(link_name)?;
    let mut removed = Removed::default();
    let items = match located {
        Some(located) => {
            if located.kind == LayerKind::Project {
                let place = format!("{}:{}", located.path.display(), located.line);
                return Err(not_ours(link_name, &place));
            }
            let path = located.path.clone();
            // A connection whose connector is gone can be removed all the same.
            let items = places(world, link_name, find(world, link_name, None).ok().as_ref())?;
            for item in items.iter().map(|(_, item)| item).collect::<BTreeSet<_>>() {
                let revocation = Box::pin(revoke(world, item)).await;
                removed.revoked |= revocation.revoked;
                removed.left.extend(revocation.left);
            }
            for item in items
                .iter()
                .map(|(_, item)| item)
                .filter(|item| item.account.is_none())
                .collect::<BTreeSet<_>>()
            {
                removed.left.extend(Box::pin(withdraw(world, item)).await);
            }
            removed.defined = world.definition_file(&path).remove_connection(link_name)?;
            items
        }
        None => places(world, link_name, None)?,
    };
    for (source, item) in &items {
        // Without a definition a store is only asked if it is there.
        match keep::forget(world, item, std::slice::from_ref(source)) {
            Ok(found) => removed.stored |= found,
            Err(failure) if removed.defined => {
                if removed.unclean.iter().all(|(known, _)| known != source) {
                    removed.unclean.push((source.clone(), failure));
                }
            }
            Err(_) => {}
        }
    }
    // Where a store could not be cleaned, the next `conn remove` has to know what may be in it.
    if removed.unclean.is_empty() {
        world.ledger().forget(link_name)?;
    }
    if !removed.defined && !removed.stored {
        return Err(unknown_connection(link_name, &definitions.link_names()?));
    }
    Ok(removed)
}

/// Has the service end what it gave. A connection that cannot be used any more has nothing to give back with.
async fn revoke(world: &dyn World, item: &ItemKey) -> Revocation {
    let Ok(mut prepared) = find(world, &item.link_name, Some(&item.environment)) else {
        return Revocation::default();
    };
    // One authorisation for all environments is given back once.
    if prepared.shared_item().environment != item.environment {
        return Revocation::default();
    }
    prepared.account.clone_from(&item.account);
    if prepared.method.obtaining() == Obtaining::Given {
        return Revocation::default();
    }
    match check::load(world, prepared) {
        Ok(loaded) => revoke::revoke(world, &loaded).await,
        Err(_) => Revocation::default(),
    }
}

/// Has the service forget the client that conn registered there; why it did not.
async fn withdraw(world: &dyn World, item: &ItemKey) -> Option<Phrase> {
    let prepared = find(world, &item.link_name, Some(&item.environment)).ok()?;
    if !prepared.registers() || prepared.shared_item().environment != item.environment {
        return None;
    }
    let loaded = check::load(world, prepared).ok()?;
    registration::withdraw(world, &loaded).await
}

fn not_ours(link_name: &str, place: &str) -> Failure {
    const WHOSE: Text = Text::new(
        "{name} stands in a project file: {place}",
        "{name} はプロジェクトのファイル {place} で定義されています。",
    );
    const HOW: Text = Text::new(
        "Take it out there by hand; it belongs to everybody who uses that folder.",
        "共有のファイルのため、手作業で削除してください。",
    );
    Failure::usage(WHOSE.fill(&[("name", link_name), ("place", place)]), Some(HOW.into()))
}
