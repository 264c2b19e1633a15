//! The system connection of a service: made by itself when somebody uses the service without naming a connection.
//! It stays `pending`, and carries nothing, until an admin authorises it.

use super::prepare::{Prepared, assemble};
use super::secrets::{self, Secrets};
use super::{Failure, World, choose, consent};
use crate::base::{LinkName, Phrase, Text, name};
use crate::config::{LayerKind, Located};
use crate::model::connection::ConnectionKind;
use crate::model::{Connection, State};
use crate::port::StateRecord;

/// The connection that stands for a service where none was named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SystemConnection {
    /// Its link name.
    pub link_name: String,
    /// Where it was made just now: the command with which an admin authorises it.
    pub authorise: Option<String>,
}

/// Finds the system connection of a service, or makes it.
///
/// # Errors
/// When there is no such service, it allows no system connection, or what it must know has no default.
pub fn find_or_make(
    world: &dyn World,
    connector: &str,
    environment: Option<&str>,
) -> Result<SystemConnection, Failure> {
    let definitions = world.definitions()?;
    let (id, found) = choose::connector(world, &definitions, Some(connector))?;
    let there = definitions.connections()?.into_iter().find(|connection| {
        connection.value.connector == id
            && connection.value.kind == ConnectionKind::System
            && environment.is_none_or(|environment| connection.value.environment() == environment)
    });
    if let Some(connection) = there {
        return Ok(SystemConnection { link_name: connection.name, authorise: None });
    }
    let kind = choose::allowed_kind(&id, &found, Some(ConnectionKind::System))?;
    choose::room(&definitions, &id, &found, environment)?;
    let link_name = free_name(&definitions.link_names()?, &id)?;
    let environment = environment.map(str::to_owned);
    let connection = Connection { connector: id.clone(), kind, environment, ..Connection::default() };
    let located = Located {
        value: connection,
        name: link_name.to_string(),
        kind: LayerKind::User,
        path: world.own_definitions().path().to_owned(),
        line: 0,
    };
    let prepared = assemble(&definitions, located, None)?;
    let missing = unset(&prepared);
    if !missing.is_empty() {
        return Err(needs_answers(&id, &missing));
    }
    world.own_definitions().put_connection(&link_name, &prepared.connection)?;
    let authorise = Some(authorising(&prepared));
    Ok(SystemConnection { link_name: link_name.to_string(), authorise })
}

/// The command with which an admin authorises it.
#[must_use]
pub fn authorising(prepared: &Prepared) -> String {
    let verb = if consent::is_needed(prepared) { "connect" } else { "reconnect" };
    prepared.command(verb)
}

/// Whether it waits for an admin who has given it nothing yet: what others keep would be there without them.
#[must_use]
pub fn awaits(prepared: &Prepared, record: &StateRecord) -> bool {
    let given = || prepared.method.secret_keys().any(|key| !secrets::source(prepared, key).is_stored());
    let never = record.state == State::Pending && record.last_ok.is_none();
    prepared.connection.kind == ConnectionKind::System && never && !given()
}

/// The variables that a person must give and that have no default.
fn unset(prepared: &Prepared) -> Vec<String> {
    let nothing = Secrets::default();
    let vars = prepared.connector.vars.iter();
    let asked = vars.filter(|(_, variable)| variable.from.is_none() && !variable.optional);
    let unset = asked.filter(|(name, _)| prepared.value(name, &nothing).is_none());
    unset.map(|(name, _)| name.clone()).collect()
}

fn free_name(taken: &[String], id: &str) -> Result<LinkName, Failure> {
    let base = name::slug(id);
    let numbered = (2..).map(|number| format!("{base}-system-{number}"));
    let mut names = [base.clone(), format!("{base}-system")].into_iter().chain(numbered);
    let free = names.find(|name| !taken.contains(name)).unwrap_or(base);
    free.parse().map_err(|_| choose::bad_name(&free))
}

fn needs_answers(id: &str, missing: &[String]) -> Failure {
    const NEEDS: Text = Text::new(
        "{connector} cannot be used without a connection: it must know {names}.",
        "{connector} を接続なしで使うことはできません。{names} の設定が必要です。",
    );
    const ADD: Text = Text::new(
        "conn add --connector {connector} --kind system asks for it",
        "conn add --connector {connector} --kind system で設定してください",
    );
    let names = missing.join(", ");
    let values = [("connector", id), ("names", names.as_str())];
    let (message, hint): (Phrase, Phrase) = (NEEDS.fill(&values), ADD.fill(&values));
    Failure::usage(message, Some(hint))
}
