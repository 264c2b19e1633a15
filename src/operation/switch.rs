//! Pausing, resuming and renaming a connection.

use super::keep;
use super::prepare::{Prepared, find, unknown_connection};
use super::secrets;
use super::{Failure, World, account};
use crate::base::{LinkName, Text};
use crate::model::State;
use crate::model::connection::{PRODUCTION, SecretSource};
use crate::port::ItemKey;

/// Switches a connection off, or on again, with all its accounts or the one that is named; returns the state afterwards.
///
/// # Errors
/// When it does not exist or the ledger fails.
pub fn enable(
    world: &dyn World,
    link_name: &str,
    environment: Option<&str>,
    on: bool,
) -> Result<State, Failure> {
    let mut prepared = find(world, link_name, environment)?;
    account::name(world, &mut prepared)?;
    if let Some(label) = &prepared.account {
        account::existing(world, &prepared, label)?;
        return enable_one(world, &prepared.item(), on);
    }
    let mut all = vec![enable_one(world, &prepared.item(), on)?];
    for account in account::of(world, &prepared)? {
        let item = ItemKey { account: Some(account.label), ..prepared.item() };
        let state = enable_one(world, &item, on)?;
        if account.is_primary {
            all.insert(0, state);
        }
    }
    Ok(all[0])
}

fn enable_one(world: &dyn World, item: &ItemKey, on: bool) -> Result<State, Failure> {
    let mut record = world.ledger().state(item)?;
    let state = match (on, record.state) {
        (false, _) => State::Disabled,
        // What was proven before the pause is proven still; a test will say if it is not.
        (true, State::Disabled) if record.last_verdict.as_deref() == Some("rejected") => {
            State::NeedsReconnect
        }
        (true, State::Disabled) if record.last_ok.is_some() => State::Connected,
        (true, State::Disabled) => State::Pending,
        (true, state) => state,
    };
    if state != record.state {
        record.state = state;
        record.since = Some(world.clock().now());
        world.ledger().set_state(item, &record)?;
    }
    Ok(state)
}

/// Gives a connection another link name: its credential first under the new name, then its definition, then
/// its past, and the old credential last.
///
/// # Errors
/// When it does not exist, the new name is taken, or a store or file fails.
pub fn rename(world: &dyn World, from: &str, to: &LinkName) -> Result<(), Failure> {
    let prepared = find(world, from, None)?;
    let taken = world.definitions()?.link_names()?.iter().any(|name| name == to.as_str());
    if taken {
        const TAKEN: Text = Text::new(
            "There is a connection {name} already; choose another name.",
            "接続 {name} はすでにあります。別の名前を指定してください。",
        );
        return Err(Failure::usage(TAKEN.fill(&[("name", to.as_str())]), None));
    }
    let items = places(world, from, Some(&prepared))?;
    for (source, old) in &items {
        let Some(store) = secrets::store(world, source) else { continue };
        let new = ItemKey { link_name: to.to_string(), ..old.clone() };
        for (old, new) in [(old.clone(), new.clone()), (old.before(), new.before())] {
            if let Some(item) = store.get(&old)? {
                store.put(&new, &item)?;
            }
        }
    }
    if !world.definition_file(&prepared.path).rename_connection(from, to)? {
        return Err(unknown_connection(from, &[]));
    }
    world.ledger().rename(from, to.as_str())?;
    for (source, item) in &items {
        keep::forget(world, item, std::slice::from_ref(source))?;
    }
    Ok(())
}

/// Every place where a credential of this connection may be: the stores that it uses, in every environment, and
/// those that it used when it was last seen. Without any trace of it, the place where it usually is.
pub(super) fn places(
    world: &dyn World,
    link_name: &str,
    prepared: Option<&Prepared>,
) -> Result<Vec<(SecretSource, ItemKey)>, Failure> {
    let mut places = Vec::new();
    if let Some(prepared) = prepared {
        let mut names: Vec<String> = prepared.connector.environments.keys().cloned().collect();
        names.extend([PRODUCTION.to_owned(), prepared.environment.clone()]);
        for store in keep::stores(prepared) {
            places.extend(names.iter().map(|name| (store.clone(), ItemKey::current(link_name, name))));
        }
    }
    for ((name, environment), record) in world.ledger().states()? {
        if name == link_name {
            let stores = record.stores.iter().filter_map(|store| store.parse().ok());
            places.extend(stores.map(|store| (store, ItemKey::current(link_name, &environment))));
        }
    }
    for account in world.ledger().accounts(link_name)? {
        let item =
            ItemKey { account: Some(account.label), ..ItemKey::current(link_name, &account.environment) };
        let stores = account.record.stores.iter().filter_map(|store| store.parse().ok());
        places.extend(stores.map(|store| (store, item.clone())));
    }
    if places.is_empty() && prepared.is_none() {
        places.push((SecretSource::Keyring, ItemKey::current(link_name, PRODUCTION)));
    }
    places.sort_by_key(|(store, item)| (store.shown(), item.clone()));
    places.dedup();
    Ok(places)
}
