//! Keeping a credential: written whole, with the hosts to which it may travel.

use super::prepare::Prepared;
use super::secrets::{self, Secrets};
use super::{Failure, World};
use crate::base::Secret;
use crate::model::Credential;
use crate::model::connection::SecretSource;
use crate::port::ItemKey;

/// Writes the values of a connection that conn itself keeps. With `previous`, what was there before stays
/// readable for `conn reconnect --rollback`.
///
/// # Errors
/// When a store fails; what it held is then untouched.
pub fn keep(world: &dyn World, prepared: &Prepared, values: &Secrets, previous: bool) -> Result<(), Failure> {
    let hosts = prepared.hosts(values);
    for source in [SecretSource::Keyring, SecretSource::Vault] {
        let kept: Vec<(String, Secret)> = values
            .iter()
            .filter(|(key, _)| secrets::keeper(prepared, key).as_ref() == Some(&source))
            .map(|(key, value)| (key.to_owned(), value.duplicate()))
            .collect();
        let Some(store) = secrets::store(world, &source).filter(|_| !kept.is_empty()) else { continue };
        let item = ItemKey::current(&prepared.link_name, &prepared.environment);
        let old = secrets::read(store, &item)?;
        let generation = old.as_ref().map_or(1, |old| old.generation + 1);
        if let (true, Some(old)) = (previous, &old) {
            store.put(&item.before(), &old.to_item())?;
        }
        let credential = Credential {
            values: kept.into_iter().collect(),
            hosts: hosts.clone(),
            generation,
            stored: world.clock().now(),
            grant: values
                .grant()
                .filter(|_| secrets::token_store(prepared).as_ref() == Some(&source))
                .cloned(),
        };
        store.put(&item, &credential.to_item())?;
    }
    Ok(())
}

/// Removes everything that conn keeps for a connection in an environment.
///
/// # Errors
/// When a store fails.
pub fn forget(
    world: &dyn World,
    link_name: &str,
    environment: &str,
    sources: &[SecretSource],
) -> Result<bool, Failure> {
    let mut found = false;
    for source in sources {
        let Some(store) = secrets::store(world, source) else { continue };
        let item = ItemKey::current(link_name, environment);
        found |= store.delete(&item)?;
        found |= store.delete(&item.before())?;
    }
    Ok(found)
}

/// The stores that a connection uses.
#[must_use]
pub fn stores(prepared: &Prepared) -> Vec<SecretSource> {
    let used = prepared.method.secret_keys().map(|key| secrets::source(prepared, key));
    let used = used.chain(secrets::token_store(prepared));
    let mut stores: Vec<SecretSource> = used.filter(SecretSource::is_stored).collect();
    stores.sort_by_key(SecretSource::shown);
    stores.dedup();
    stores
}
