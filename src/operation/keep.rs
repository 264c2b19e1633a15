//! Keeping a credential: written whole, with the hosts to which it may travel, and never over one that
//! somebody else has just stored.

use std::collections::BTreeSet;
use std::time::Duration;

use super::prepare::Prepared;
use super::secrets::{self, Secrets};
use super::{Failure, World};
use crate::base::{Secret, Text};
use crate::model::Credential;
use crate::model::connection::SecretSource;
use crate::model::grant::{CLIENT_ID, is_obtained, is_of_client};
use crate::port::lock::Held;
use crate::port::{ItemKey, SecretStore};

/// The stores of conn's own.
pub const STORES: [SecretSource; 2] = [SecretSource::Keyring, SecretSource::Vault];

/// Which generation stood in each store when an operation began; 0 where there was none.
#[derive(Debug, Default)]
pub struct Seen(Vec<(SecretSource, u64)>);

impl Seen {
    /// Looks at the stores of a connection. One that cannot be read is left out: whoever takes a credential
    /// from somewhere else because of that must not be stopped.
    #[must_use]
    pub fn now(world: &dyn World, prepared: &Prepared) -> Self {
        let item = prepared.item();
        let look = |source: SecretSource| {
            let credential = secrets::read(secrets::store(world, &source)?, &item).ok()?;
            Some((source, generation(credential.as_ref())))
        };
        Self(stores(prepared).into_iter().filter_map(look).collect())
    }

    /// Whether a store still holds what was seen.
    fn holds(&self, source: &SecretSource, now: u64) -> bool {
        self.0.iter().all(|(seen, generation)| seen != source || *generation == now)
    }
}

fn generation(credential: Option<&Credential>) -> u64 {
    credential.map_or(0, |credential| credential.generation)
}

/// Writes the values of a connection that conn itself keeps. With `previous`, what was there before stays
/// readable for `conn reconnect --rollback`.
///
/// # Errors
/// When a store fails; what it held is then untouched.
pub fn keep(world: &dyn World, prepared: &Prepared, values: &Secrets, previous: bool) -> Result<(), Failure> {
    let places = places(world, prepared, values, &Seen::default())?;
    write(world, prepared, values, &places, previous)
}

/// How long to wait until another run has stored a credential.
const PATIENCE: Duration = Duration::from_secs(30);

/// Waits until nobody else writes the credential of a connection; dropping what is returned lets others.
///
/// # Errors
/// When somebody else writes it for too long, or the lock cannot be made.
pub async fn alone(world: &dyn World, item: &ItemKey) -> Result<Box<dyn Held>, Failure> {
    let held = world.locks().take(&item.to_string(), PATIENCE).await;
    held.map_err(|error| Failure::cause(error.cause(), &[("name", &item.link_name)]).because(error.explain()))
}

/// Swaps the credential and the definition of a connection for proven ones, or leaves both as they were. What
/// the old one leaves in a store that the new one does not use becomes the previous credential there; stores
/// that neither uses are emptied.
///
/// # Errors
/// When somebody else replaced the credential since `seen`, or a store or the file fails.
pub async fn swap(
    world: &dyn World,
    old: &Prepared,
    new: &Prepared,
    values: &Secrets,
    seen: &Seen,
    ever: &BTreeSet<String>,
) -> Result<(), Failure> {
    let _held = alone(world, &old.item()).await?;
    let places = places(world, new, values, seen)?;
    let item = old.item();
    let (was, is) = (stores(old), stores(new));
    for source in was.iter().filter(|source| !is.contains(source)) {
        let Some(store) = secrets::store(world, source) else { continue };
        if let Ok(now) = secrets::read(store, &item) {
            unchanged(old, seen, source, generation(now.as_ref()))?;
        }
    }
    write(world, new, values, &places, true)?;
    if new.connection != old.connection
        && let Err(failure) = redefine(world, old, new)
    {
        restore(&places, &item);
        return Err(failure);
    }
    // From here on the new credential is in use: what cannot be tidied up is no failure.
    for source in STORES {
        let Some(store) = secrets::store(world, &source) else { continue };
        let (was, is) = (was.contains(&source), is.contains(&source));
        let tidied = match (was, is) {
            (true, false) => retire(store, &item),
            (false, true) => store.delete(&item.before()).map(|_| ()),
            (false, false) if ever.contains(store.name()) => empty(store, &item).map(|_| ()),
            (true, true) | (false, false) => Ok(()),
        };
        if let Err(error) = tidied {
            tracing::warn!(store = store.name(), %error, "an old credential was left behind");
        }
    }
    Ok(())
}

pub(super) fn redefine(world: &dyn World, old: &Prepared, new: &Prepared) -> Result<(), Failure> {
    let name = old.link_name.parse().map_err(|_| Failure::cause("CONN-SELF-BUG", &[]))?;
    Ok(world.definition_file(&old.path).put_connection(&name, &new.connection)?)
}

/// A store that receives values, with what it holds.
struct Place<'a> {
    source: SecretSource,
    store: &'a dyn SecretStore,
    old: Option<Credential>,
}

impl Place<'_> {
    /// Puts back what was there. The failure that led here is the one that is told.
    fn restore(&self, item: &ItemKey) {
        let restored = match &self.old {
            Some(old) => self.store.put(item, &old.to_item()),
            None => self.store.delete(item).map(|_| ()),
        };
        if let Err(error) = restored {
            tracing::warn!(store = self.store.name(), %error, "the old credential was not put back");
        }
    }
}

fn restore(places: &[Place<'_>], item: &ItemKey) {
    for place in places {
        place.restore(item);
    }
}

/// The stores that receive values, each holding what was seen.
fn places<'a>(
    world: &'a dyn World,
    prepared: &Prepared,
    values: &Secrets,
    seen: &Seen,
) -> Result<Vec<Place<'a>>, Failure> {
    let item = prepared.item();
    let mut places = Vec::new();
    for source in STORES {
        let receives = values.iter().any(|(key, _)| secrets::keeper(prepared, key).as_ref() == Some(&source));
        let Some(store) = secrets::store(world, &source).filter(|_| receives) else { continue };
        let old = secrets::read(store, &item)?;
        unchanged(prepared, seen, &source, generation(old.as_ref()))?;
        places.push(Place { source, store, old });
    }
    Ok(places)
}

/// Refuses to write over what somebody else stored in the meantime.
fn unchanged(prepared: &Prepared, seen: &Seen, source: &SecretSource, now: u64) -> Result<(), Failure> {
    const REPLACED: Text = Text::new(
        "somebody else just replaced the credential of {name}; it was left as they stored it",
        "{name} の認証情報は、別の処理によって直前に更新されました。そちらを残し、今回の値は保存していません",
    );
    if seen.holds(source, now) {
        return Ok(());
    }
    let name = [("name", prepared.link_name.as_str())];
    Err(Failure::cause("CONN-SELF-LOCK", &name).because(REPLACED.fill(&name)))
}

/// Writes all places or none.
fn write(
    world: &dyn World,
    prepared: &Prepared,
    values: &Secrets,
    places: &[Place<'_>],
    previous: bool,
) -> Result<(), Failure> {
    let item = prepared.item();
    let hosts = prepared.hosts(values);
    if prepared.shares() {
        share(world, prepared, values, &hosts)?;
    }
    for (done, place) in places.iter().enumerate() {
        let kept: Vec<(String, Secret)> = values
            .iter()
            .filter(|(key, _)| secrets::keeper(prepared, key).as_ref() == Some(&place.source))
            .filter(|(key, _)| !prepared.shares() || is_obtained(key))
            .map(|(key, value)| (key.to_owned(), value.duplicate()))
            .collect();
        let credential = Credential {
            values: kept.into_iter().collect(),
            hosts: hosts.clone(),
            generation: generation(place.old.as_ref()) + 1,
            stored: world.clock().now(),
            grant: values
                .grant()
                .filter(|_| secrets::token_store(prepared).as_ref() == Some(&place.source))
                .cloned(),
        };
        let old = place.old.as_ref().filter(|old| previous && !is_empty(old));
        let saved = old.map_or(Ok(()), |old| place.store.put(&item.before(), &old.to_item()));
        if let Err(error) = saved.and_then(|()| place.store.put(&item, &credential.to_item())) {
            restore(&places[..done], &item);
            return Err(error.into());
        }
    }
    Ok(())
}

/// Whether an item holds no more than a client that conn registered for the consent to come.
fn is_empty(credential: &Credential) -> bool {
    credential.grant.is_none()
        && credential.values.contains_key(CLIENT_ID)
        && credential.values.keys().all(|key| is_of_client(key))
}

/// Writes the values of the app beside the accounts, where they changed.
fn share(world: &dyn World, prepared: &Prepared, values: &Secrets, hosts: &[String]) -> Result<(), Failure> {
    let item = prepared.shared_item();
    for source in STORES {
        let Some(store) = secrets::store(world, &source) else { continue };
        let given = values
            .iter()
            .filter(|(key, _)| !is_obtained(key) && secrets::keeper(prepared, key).as_ref() == Some(&source));
        let given: indexmap::IndexMap<String, Secret> =
            given.map(|(key, value)| (key.to_owned(), value.duplicate())).collect();
        if given.is_empty() {
            continue;
        }
        let old = secrets::read(store, &item)?;
        let same = |old: &Credential| {
            given.iter().all(|(key, value)| {
                old.values.get(key).is_some_and(|before| before.expose() == value.expose())
            })
        };
        if old.as_ref().is_some_and(|old| same(old) && old.hosts == hosts) {
            continue;
        }
        let (hosts, stored) = (hosts.to_vec(), world.clock().now());
        let generation = generation(old.as_ref()) + 1;
        let credential = Credential { values: given, hosts, generation, stored, grant: None };
        store.put(&item, &credential.to_item())?;
    }
    Ok(())
}

/// Makes the current credential of a store the previous one.
fn retire(store: &dyn SecretStore, item: &ItemKey) -> Result<(), crate::port::StoreError> {
    if let Some(current) = store.get(item)? {
        store.put(&item.before(), &current)?;
        store.delete(item)?;
    }
    Ok(())
}

/// Removes the current and the previous credential from a store, and a consent that still waits.
fn empty(store: &dyn SecretStore, item: &ItemKey) -> Result<bool, crate::port::StoreError> {
    let current = store.delete(item)?;
    store.delete(&item.waiting())?;
    Ok(store.delete(&item.before())? || current)
}

/// Removes everything that conn keeps of an authorisation.
///
/// # Errors
/// When a store fails.
pub fn forget(world: &dyn World, item: &ItemKey, sources: &[SecretSource]) -> Result<bool, Failure> {
    let mut found = false;
    for source in sources {
        let Some(store) = secrets::store(world, source) else { continue };
        found |= empty(store, item)?;
    }
    Ok(found)
}

/// The stores that a connection uses.
#[must_use]
pub fn stores(prepared: &Prepared) -> Vec<SecretSource> {
    let used = prepared.method.secret_keys().map(|key| secrets::source(prepared, key));
    let used: Vec<SecretSource> = used.chain(secrets::token_store(prepared)).collect();
    STORES.into_iter().filter(|store| used.contains(store)).collect()
}
