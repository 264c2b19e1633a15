//! What is there already under the name of something that is imported.

use super::place::Placing;
use super::plan::{Change, NewConnection};
use crate::base::Secret;
use crate::config::{LayerKind, Located};
use crate::model::Connection;
use crate::operation::secrets;
use crate::operation::{Failure, prepare};

/// What becomes of a connection.
///
/// # Errors
/// When the definitions or the store cannot be read.
pub fn change(placing: &Placing<'_>, planned: &NewConnection) -> Result<Change, Failure> {
    let Some(located) = placing.shelf.definitions.connection(planned.link_name.as_str())? else {
        return Ok(Change::New);
    };
    // A project file is everybody's: what stands there is changed there.
    let ours = located.kind != LayerKind::Project;
    let other = if placing.request.replace && ours { Change::Replaced } else { Change::Kept };
    if !is_like(placing, planned, &located.value) {
        return Ok(other);
    }
    if planned.secrets.iter().next().is_none() {
        return Ok(Change::Same);
    }
    Ok(match values(placing, planned, located)? {
        Values::Same => Change::Same,
        Values::Fewer => Change::Completed,
        Values::Other => other,
    })
}

/// Whether a connection says the same as one that is imported; what it says beyond that is a person's own.
fn is_like(placing: &Placing<'_>, planned: &NewConnection, old: &Connection) -> bool {
    let method = |connection: &Connection| {
        let known = placing.shelf.find(&connection.connector)?;
        known.connector.method(connection.method.as_deref()).map(|(name, _)| name.to_owned())
    };
    let vars = planned.connection.vars.iter().all(|(name, value)| old.vars.get(name) == Some(value));
    let kept = |connection: &Connection, key: &str| connection.secrets.get(key).cloned().unwrap_or_default();
    // Where nobody said which store is meant, the one that is used stays.
    let stores = placing.request.store.is_none()
        || planned.secrets.iter().all(|(key, _)| kept(old, key) == kept(&planned.connection, key));
    old.connector == planned.connection.connector
        && method(old) == method(&planned.connection)
        && vars
        && stores
}

enum Values {
    Same,
    Fewer,
    Other,
}

/// The values that are stored, beside those that are imported.
fn values(
    placing: &Placing<'_>,
    planned: &NewConnection,
    located: Located<Connection>,
) -> Result<Values, Failure> {
    let old = prepare::assemble(placing.shelf.definitions, located, None)?;
    let mut fewer = false;
    for (key, value) in planned.secrets.iter() {
        match stored(placing, &old, key)? {
            None => fewer = true,
            Some(stored) if stored.expose() == value.expose() => {}
            Some(_) => return Ok(Values::Other),
        }
    }
    Ok(if fewer { Values::Fewer } else { Values::Same })
}

fn stored(placing: &Placing<'_>, old: &prepare::Prepared, key: &str) -> Result<Option<Secret>, Failure> {
    let Some(source) = secrets::keeper(old, key) else { return Ok(None) };
    let Some(store) = secrets::store(placing.world, &source) else { return Ok(None) };
    let credential = secrets::read(store, &old.item())?;
    Ok(credential.and_then(|credential| credential.values.get(key).map(Secret::duplicate)))
}

/// What becomes of a connector: one that a file of this machine defines otherwise stays as it is.
///
/// # Errors
/// When a file is not TOML.
pub fn definition(
    placing: &Placing<'_>,
    id: &str,
    wanted: &crate::model::Connector,
) -> Result<Option<Change>, Failure> {
    let Some(known) = placing.shelf.definitions.connector(id)? else { return Ok(Some(Change::New)) };
    if known.value == *wanted {
        return Ok(Some(Change::Same));
    }
    if known.kind == LayerKind::BuiltIn {
        return Ok(None);
    }
    Ok(Some(if placing.request.replace { Change::Replaced } else { Change::Kept }))
}
