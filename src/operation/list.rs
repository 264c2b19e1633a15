//! All connections with their states: definitions and ledger, nothing else.

use std::collections::BTreeMap;

use super::prepare::known_environment;
use super::{Failure, World};
use crate::base::Phrase;
use crate::catalog;
use crate::config::{Definitions, Located};
use crate::model::{Connection, State};
use crate::port::StateRecord;

/// Which connections.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Only those with this label.
    pub tag: Option<String>,
    /// Only those in this state.
    pub state: Option<State>,
    /// The environment; each connection's own where nothing is said.
    pub environment: Option<String>,
}

/// One connection of the list.
#[derive(Clone, Debug)]
pub struct Row {
    /// The connection and where it stands.
    pub connection: Located<Connection>,
    /// The service's display name.
    pub service: Phrase,
    /// The environment.
    pub environment: String,
    /// What is known from earlier runs.
    pub record: StateRecord,
}

/// The connections that pass the filter, sorted by link name.
///
/// # Errors
/// When a definition or the ledger cannot be read.
pub fn list(world: &dyn World, filter: &Filter) -> Result<Vec<Row>, Failure> {
    let definitions = world.definitions()?;
    let mut states = world.ledger().states()?;
    let mut services = BTreeMap::new();
    let mut rows = Vec::new();
    for connection in definitions.connections()? {
        if filter.tag.as_ref().is_some_and(|tag| !connection.value.tags.contains(tag)) {
            continue;
        }
        let own = connection.value.environment();
        let environment = filter.environment.as_deref().unwrap_or(own).to_owned();
        if environment != own
            && let Ok(Some(connector)) = definitions.connector(&connection.value.connector)
        {
            known_environment(&connector.value, &connection.value, &connection.name, &environment)?;
        }
        let record = states.remove(&(connection.name.clone(), environment.clone())).unwrap_or_default();
        if filter.state.is_some_and(|state| state != record.state) {
            continue;
        }
        let id = connection.value.connector.clone();
        let service = match services.get(&id) {
            Some(known) => Phrase::clone(known),
            None => services.entry(id.clone()).or_insert(service(&definitions, &id)).clone(),
        };
        rows.push(Row { connection, service, environment, record });
    }
    rows.sort_by(|a, b| a.connection.name.cmp(&b.connection.name));
    Ok(rows)
}

/// The service's name. A connector that is not there or has a mistake does not hide its connections: they
/// appear under its id.
fn service(definitions: &Definitions, id: &str) -> Phrase {
    match catalog::find(id) {
        Some(known) if definitions.defines(id) == Ok(false) => {
            Phrase { en: known.name_en.to_owned(), ja: known.name_ja.to_owned() }
        }
        _ => match definitions.connector(id) {
            Ok(Some(connector)) => connector.value.display_name(id),
            _ => Phrase::same(id),
        },
    }
}
