//! All connections with their states: definitions and ledger, nothing else.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::rc::Rc;

use super::{Failure, World, environments};
use crate::base::{Phrase, Timestamp};
use crate::catalog;
use crate::config::{Definitions, Mistake, Outline};
use crate::model::State;
use crate::port::{NoticeRow, StateRecord};

/// Which connections.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Only those with this label.
    pub tag: Option<String>,
    /// Only those in this state.
    pub state: Option<State>,
    /// The environment; each connection's own where nothing is said.
    pub environment: Option<String>,
    /// Only those that nothing has used since then.
    pub unused_since: Option<Timestamp>,
}

impl Filter {
    /// Whether it leaves anything out.
    #[must_use]
    pub const fn is_any(&self) -> bool {
        self.tag.is_some() || self.state.is_some() || self.unused_since.is_some()
    }
}

/// What is known of all connections.
pub struct Known {
    definitions: Definitions,
    states: BTreeMap<(String, String), StateRecord>,
}

/// The connections that pass a filter.
#[derive(Clone, Debug, Default)]
pub struct Listed<'k> {
    /// Each of them, sorted by link name.
    pub rows: Vec<Row<'k>>,
    /// The link names of those that do not know the environment.
    pub strangers: Vec<&'k str>,
}

/// One connection of the list.
#[derive(Clone, Debug)]
pub struct Row<'k> {
    /// The connection and where it stands.
    pub connection: Outline<'k>,
    /// The service's display name.
    pub service: Rc<Phrase>,
    /// The environment.
    pub environment: Cow<'k, str>,
    /// What is known from earlier runs, if there were any.
    pub record: Option<&'k StateRecord>,
}

impl Row<'_> {
    /// The state of the connection in the environment.
    #[must_use]
    pub fn state(&self) -> State {
        self.record.map_or_else(State::default, |record| record.state)
    }
}

impl Known {
    /// Reads the definitions and the ledger.
    ///
    /// # Errors
    /// When one of them cannot be read.
    pub fn read(world: &dyn World) -> Result<Self, Failure> {
        Ok(Self { definitions: world.definitions()?, states: world.ledger().states()? })
    }

    /// The link names that two files hold.
    ///
    /// # Errors
    /// When a file is not TOML.
    pub fn collisions(&self) -> Result<Vec<Mistake>, Failure> {
        Ok(self.definitions.collisions()?)
    }

    /// The connections that pass the filter. One that does not know the environment is left out and named, unless none
    /// of them knows it.
    ///
    /// # Errors
    /// When a definition has a mistake, or no connection knows the environment.
    pub fn list<'k>(&'k self, filter: &'k Filter) -> Result<Listed<'k>, Failure> {
        if let Some(environment) = &filter.environment {
            environments::known_to_any(&self.definitions, filter.tag.as_deref(), environment)?;
        }
        let mut outlines = self.definitions.outlines()?;
        outlines.sort_unstable_by_key(|connection| connection.link_name);
        let mut services: BTreeMap<String, Rc<Phrase>> = BTreeMap::new();
        let mut states = self.states.iter().peekable();
        let mut listed = Listed { rows: Vec::with_capacity(outlines.len()), strangers: Vec::new() };
        for connection in outlines {
            if filter.tag.as_ref().is_some_and(|tag| !connection.tags.iter().any(|own| own == *tag)) {
                continue;
            }
            let environment = match &filter.environment {
                Some(environment) => environment.into(),
                None => connection.environment.clone(),
            };
            if !environments::is_known(&self.definitions, &connection, &environment) {
                listed.strangers.push(connection.link_name);
                continue;
            }
            // Connections and states come in the same order.
            let own = if connection.same_authorization { &connection.environment } else { &environment };
            let key = (connection.link_name, &**own);
            while states.next_if(|((name, of), _)| (&**name, &**of) < key).is_some() {}
            let record = states.peek().filter(|((name, of), _)| (&**name, &**of) == key);
            let record = record.map(|(_, record)| *record);
            if filter.state.is_some_and(|state| state != record.map(|r| r.state).unwrap_or_default()) {
                continue;
            }
            let used = record.and_then(|record| record.used);
            if filter.unused_since.is_some_and(|since| used.is_some_and(|used| used >= since)) {
                continue;
            }
            let service = if let Some(known) = services.get(&*connection.connector) {
                Rc::clone(known)
            } else {
                let service = Rc::new(service(&self.definitions, &connection.connector));
                Rc::clone(services.entry(connection.connector.to_string()).or_insert(service))
            };
            listed.rows.push(Row { connection, service, environment, record });
        }
        Ok(listed)
    }
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

/// A notice that was not seen for so long is over, unless its date is still to come.
const FORGOTTEN: jiff::SignedDuration = jiff::SignedDuration::from_hours(24 * 30);

/// What services announced about their own end, soonest first; of connections with this label only, where one is said.
///
/// # Errors
/// When the ledger or a definition cannot be read.
pub fn deprecations(world: &dyn World, tag: Option<&str>) -> Result<Vec<NoticeRow>, Failure> {
    let now = world.clock().now();
    let definitions = world.definitions()?;
    let outlines = definitions.outlines()?;
    let tagged = |row: &NoticeRow| {
        let own = outlines.iter().find(|one| one.link_name == row.link_name);
        own.is_some_and(|one| tag.is_none_or(|tag| one.tags.iter().any(|own| own == tag)))
    };
    let stands = |row: &NoticeRow| {
        now.duration_since(row.last_seen) <= FORGOTTEN || row.notice.date.is_some_and(|date| date > now)
    };
    Ok(world.ledger().notices()?.into_iter().filter(|row| tagged(row) && stands(row)).collect())
}
