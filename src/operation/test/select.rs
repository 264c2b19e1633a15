//! Which connections a request means.

use super::TestRequest;
use crate::config::Located;
use crate::diagnosis::Entry;
use crate::model::Connection;
use crate::operation::prepare::{Prepared, assemble, unknown_connection};
use crate::operation::secrets::Secrets;
use crate::operation::{Failure, World, account, check, conclude};
use crate::port::StateRecord;

/// The connections that a request means.
pub(super) struct Meant {
    /// Each with its place in the order of the files.
    pub(super) known: Vec<(usize, Prepared)>,
    /// What is said of those that do not know the environment, where all are meant.
    pub(super) strangers: Vec<(usize, Entry)>,
    /// How many connections there are with those of the other parts.
    pub(super) all: usize,
}

/// Finds them.
///
/// # Errors
/// When a named connection does not exist or definitions cannot be read.
pub(super) fn select(world: &dyn World, request: &TestRequest) -> Result<Meant, Failure> {
    let definitions = world.definitions()?;
    let environment = request.environment.as_deref();
    let mut wanted: Vec<Located<Connection>> = if request.link_names.is_empty() {
        let all = definitions.connections()?;
        let tagged =
            |c: &Located<Connection>| request.tag.as_ref().is_none_or(|tag| c.value.tags.contains(tag));
        all.into_iter().filter(tagged).collect()
    } else {
        let find = |name: &String| match definitions.connection(name)? {
            Some(located) => Ok(located),
            None => Err(unknown_connection(name, &definitions.link_names()?)),
        };
        request.link_names.iter().map(find).collect::<Result<_, Failure>>()?
    };
    let all = wanted.len();
    wanted.retain(|located| request.shard.is_none_or(|shard| shard.holds(&located.name)));
    let (mut known, mut strangers) = (Vec::new(), Vec::new());
    for (place, located) in wanted.into_iter().enumerate() {
        let spare = located.clone();
        match assemble(&definitions, located, environment) {
            Ok(mut prepared) => {
                account::settle(world, &mut prepared)?;
                known.push((place, prepared));
            }
            Err(failure)
                if request.link_names.is_empty() && failure.is_of("CONN-CFG-ENVIRONMENT-UNKNOWN") =>
            {
                let mut prepared = assemble(&definitions, spare, None)?;
                environment.unwrap_or_default().clone_into(&mut prepared.environment);
                strangers.push((place, stranger(world, prepared, failure)));
            }
            Err(failure) => return Err(failure),
        }
    }
    Ok(Meant { known, strangers, all })
}

/// A connection that does not know the environment in which all are tested. Nothing is remembered of it.
fn stranger(world: &dyn World, prepared: Prepared, failure: Failure) -> Entry {
    let problem = failure.problem(&prepared);
    let loaded = check::with(prepared, Secrets::default(), vec![problem], StateRecord::default());
    let facts = check::blank(world, &loaded);
    conclude::entry(&loaded.prepared.connector, loaded.prepared.connection.kind, &facts, 0.0)
}
