//! Definitions that many connections share: read and put together once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::layer::{Definitions, Located};
use super::mistake::ConfigError;
use crate::model::{AuthMethod, Connector};

/// A connector and its auth method as connections share them.
pub type Applied = (Arc<Connector>, Arc<AuthMethod>);

/// What was read before.
#[derive(Default)]
pub(super) struct Shared {
    /// Connectors that were read before: many connections have the same one.
    known: Mutex<HashMap<String, Located<Arc<Connector>>>>,
    /// The same as they are in an environment, each with one of its methods.
    applied: Mutex<HashMap<[String; 3], Applied>>,
}

impl Definitions {
    /// The connector of this id, read once for all who share it.
    ///
    /// # Errors
    /// As [`Definitions::connector`].
    pub fn shared_connector(&self, id: &str) -> Result<Option<Located<Arc<Connector>>>, ConfigError> {
        let known = || self.shared.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = known().get(id) {
            return Ok(Some(found.clone()));
        }
        let Some(found) = self.connector(id)? else { return Ok(None) };
        let Located { value, name, kind, path, line } = found;
        let found = Located { value: Arc::new(value), name, kind, path, line };
        known().insert(id.to_owned(), found.clone());
        Ok(Some(found))
    }

    /// A connector and its method in an environment, made once for all who share them. The key is the id, the
    /// environment and the name of the method.
    pub fn applied(&self, key: [String; 3], make: impl FnOnce() -> (Connector, AuthMethod)) -> Applied {
        let mut applied = self.shared.applied.lock().unwrap_or_else(PoisonError::into_inner);
        let make = || {
            let (connector, method) = make();
            (Arc::new(connector), Arc::new(method))
        };
        applied.entry(key).or_insert_with(make).clone()
    }
}
