//! Doing what a plan says: connectors first, then each connection's secrets and its definition. Killed in between,
//! everything up to there is whole, and the next import completes the rest.

use super::plan::{Change, NewConnection, Plan};
use crate::base::LinkName;
use crate::config::{LayerKind, Located};
use crate::model::State;
use crate::model::connection::SecretSource;
use crate::model::grant::{ACCESS_TOKEN, is_obtained};
use crate::operation::prepare::{self, Prepared};
use crate::operation::secrets::{self, Secrets};
use crate::operation::{Failure, World, keep};
use crate::port::StateRecord;

/// What an import did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// The connections that were written.
    pub connections: Vec<String>,
    /// The connectors that were written.
    pub connectors: Vec<String>,
}

/// Does what a plan says. `done` keeps count, so that a failure in the middle can say what stands already.
///
/// # Errors
/// When a store or the file fails; what was written up to there stays, and the next import completes the rest.
pub async fn apply(world: &dyn World, plan: &Plan, done: &mut Imported) -> Result<(), Failure> {
    let file = world.own_definitions();
    is_store_there(world, plan)?;
    for connector in plan.connectors.iter().filter(|one| one.change.writes()) {
        file.put_connector(&connector.id, &connector.fragment)?;
        done.connectors.push(connector.id.to_string());
    }
    for planned in plan.connections.iter().filter(|one| one.change.writes()) {
        write(world, planned).await?;
        done.connections.push(planned.link_name.to_string());
    }
    Ok(())
}

/// Nothing is written where the store for the secrets is not there.
fn is_store_there(world: &dyn World, plan: &Plan) -> Result<(), Failure> {
    let mut written = plan.connections.iter().filter(|one| one.change.writes());
    let Some(planned) = written.find(|one| one.secrets.iter().next().is_some()) else { return Ok(()) };
    let item = crate::port::ItemKey::current(planned.link_name.as_str(), planned.connection.environment());
    for source in keep::STORES {
        let sources = &planned.connection.secrets;
        let beside = || sources.get(ACCESS_TOKEN).or_else(|| sources.values().find(|one| one.is_stored()));
        let named = |key: &str| {
            let own = sources.get(key).or_else(|| if is_obtained(key) { beside() } else { None });
            own.cloned().unwrap_or_default()
        };
        let used = planned.secrets.iter().any(|(key, _)| named(key) == source);
        if let Some(store) = secrets::store(world, &source).filter(|_| used) {
            store.get(&item)?;
        }
    }
    Ok(())
}

async fn write(world: &dyn World, planned: &NewConnection) -> Result<(), Failure> {
    let definitions = world.definitions()?;
    let own = world.own_definitions();
    let old = definitions.connection(planned.link_name.as_str())?;
    let located = Located {
        value: match &old {
            // What a person wrote beside the values stays, and so does the store.
            Some(old) if planned.change == Change::Completed => old.value.clone(),
            _ => planned.connection.clone(),
        },
        name: planned.link_name.to_string(),
        kind: LayerKind::User,
        path: own.path().to_owned(),
        line: 0,
    };
    let place = located.clone();
    let prepared = prepare::assemble(&definitions, located, None)?;
    let item = prepared.item();
    let _held = keep::alone(world, &item).await?;
    let values = match planned.change {
        Change::Completed => joined(world, &prepared, &planned.secrets),
        _ => planned.secrets.duplicate(),
    };
    // What an older connection of this name left in the store stays readable.
    keep::keep(world, &prepared, &values, true)?;
    let path = old.filter(|old| old.kind != LayerKind::Project).map(|old| old.path);
    let name: &LinkName = &planned.link_name;
    match path {
        Some(_) if planned.change == Change::Completed => {}
        Some(path) => world.definition_file(&path).put_connection(name, &planned.connection)?,
        None => own.put_connection(name, &planned.connection)?,
    }
    pending(world, &prepared)?;
    for further in &planned.further {
        let environment = Some(further.environment.as_str());
        let located = Located { ..place.clone() };
        let mut prepared = prepare::assemble(&definitions, located, environment)?;
        prepared.account.clone_from(&further.account);
        let _held =
            if prepared.item() == item { None } else { Some(keep::alone(world, &prepared.item()).await?) };
        keep::keep(world, &prepared, &further.values, true)?;
        pending(world, &prepared)?;
    }
    Ok(())
}

/// Notes that an authorisation is there and not proven yet. One that serves all accounts has no state of its own.
fn pending(world: &dyn World, prepared: &Prepared) -> Result<(), Failure> {
    let stores = keep::stores(prepared).iter().map(SecretSource::shown).collect();
    let record = StateRecord {
        state: State::Pending,
        since: Some(world.clock().now()),
        stores,
        ..StateRecord::default()
    };
    world.ledger().set_state(&prepared.item(), &record)?;
    Ok(())
}

/// The values that are stored, with those that were missing.
fn joined(world: &dyn World, prepared: &Prepared, imported: &Secrets) -> Secrets {
    let (mut values, _) = secrets::load(world, prepared);
    for (key, value) in imported.iter() {
        if values.get(key).is_none() {
            values.insert(key, value.duplicate());
        }
    }
    values
}
