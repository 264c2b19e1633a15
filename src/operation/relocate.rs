//! Moving what conn keeps of a connection to another store: of every account and in every environment. Nothing leaves
//! the old place before it stands in the new one and the definition says so.

use super::prepare::{Prepared, find};
use super::reconnect::own_sources;
use super::switch::places;
use super::{Failure, World, keep, secrets};
use crate::model::connection::SecretSource;
use crate::model::grant::ACCESS_TOKEN;
use crate::port::{ItemKey, SecretStore, StoreError, StoreFault};

/// Has a connection keep its secrets in this store.
///
/// # Errors
/// When it does not exist or stands in a project file, or a store that is there fails.
pub async fn relocate(
    world: &dyn World,
    link_name: &str,
    environment: Option<&str>,
    to: &SecretSource,
) -> Result<(), Failure> {
    let old = find(world, link_name, environment)?;
    let new = kept_in(&old, to);
    let Some(target) = secrets::store(world, to).filter(|_| new.connection != old.connection) else {
        return Ok(());
    };
    own_sources(&old, &new)?;
    let _held = keep::alone(world, &old.item()).await?;
    target.get(&old.item())?;
    let mut left = places(world, link_name, Some(&old))?;
    left.retain(|(source, _)| source != to);
    for (source, item) in &left {
        let Some(store) = secrets::store(world, source) else { continue };
        for item in [item.clone(), item.before()] {
            copy(store, target, &item)?;
        }
    }
    keep::redefine(world, &old, &new)?;
    for (source, item) in left {
        if let Err(failure) = keep::forget(world, &item, std::slice::from_ref(&source)) {
            tracing::warn!(store = source.shown(), ?failure, "an old credential was left behind");
        }
    }
    Ok(())
}

/// The same connection with this store in the place of every other of conn's own.
fn kept_in(old: &Prepared, to: &SecretSource) -> Prepared {
    let mut new = old.clone();
    let mut set = |key: &str| {
        if *to == SecretSource::Keyring {
            new.connection.secrets.shift_remove(key);
        } else {
            new.connection.secrets.insert(key.to_owned(), to.clone());
        }
    };
    old.method.secret_keys().filter(|key| secrets::source(old, key).is_stored()).for_each(&mut set);
    if old.connection.secrets.get(ACCESS_TOKEN).is_some_and(SecretSource::is_stored) {
        set(ACCESS_TOKEN);
    }
    if secrets::token_store(&new).is_some_and(|there| there != *to) {
        new.connection.secrets.insert(ACCESS_TOKEN.to_owned(), to.clone());
    }
    new
}

/// Copies one credential beside what the new place holds of it already. A store that is not there holds nothing that
/// anybody here could have used.
fn copy(from: &dyn SecretStore, to: &dyn SecretStore, item: &ItemKey) -> Result<(), StoreError> {
    let found = match secrets::read(from, item) {
        Err(StoreError { fault: StoreFault::Absent(_), .. }) => None,
        found => found?,
    };
    let Some(mut credential) = found else { return Ok(()) };
    if let Some(there) = secrets::read(to, item)? {
        credential.generation = credential.generation.max(there.generation) + 1;
        credential.grant = credential.grant.or(there.grant);
        for (key, value) in there.values {
            credential.values.entry(key).or_insert(value);
        }
    }
    to.put(item, &credential.to_item())
}
