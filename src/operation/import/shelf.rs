//! The connectors that are there, read once.

use std::cell::OnceCell;

use crate::config::{Definitions, LayerKind};
use crate::model::Connector;
use crate::moving::address::{self, Under};

/// A connector with its id.
pub struct Known {
    /// The id.
    pub id: String,
    /// The definition.
    pub connector: Connector,
    /// Whether it is built in.
    pub built_in: bool,
}

/// The connectors that are there, read when somebody asks for all of them.
pub struct Shelf<'d> {
    /// Every layer.
    pub definitions: &'d Definitions,
    all: OnceCell<Vec<Known>>,
}

impl<'d> Shelf<'d> {
    /// The connectors of these definitions.
    pub const fn new(definitions: &'d Definitions) -> Self {
        Self { definitions, all: OnceCell::new() }
    }

    /// Every connector that can be used. One with a mistake is left out: `conn lint` tells of it.
    pub fn all(&self) -> &[Known] {
        self.all.get_or_init(|| {
            let ids = self.definitions.connector_ids().unwrap_or_default();
            let found = ids.into_iter().filter_map(|id| self.find(&id));
            found
                .filter(|known| known.connector.retired.is_none() && !known.connector.auth.is_empty())
                .collect()
        })
    }

    /// One connector.
    pub fn find(&self, id: &str) -> Option<Known> {
        let located = self.definitions.connector(id).ok()??;
        let built_in = located.kind == LayerKind::BuiltIn;
        Some(Known { id: id.to_owned(), connector: located.value, built_in })
    }

    /// The connectors to whose hosts an address leads, the nearest ones; several where they are equally near.
    pub fn at(&self, address: &str) -> Vec<(&Known, Under)> {
        let all = self.all().iter();
        let found = all.filter_map(|known| Some((known, address::under(&known.connector, address)?)));
        let mut found: Vec<(&Known, Under)> = found.collect();
        let best = found.iter().map(|(_, under)| under.fixed).max().unwrap_or_default();
        found.retain(|(_, under)| under.fixed == best);
        found
    }
}
