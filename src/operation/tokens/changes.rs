//! New values of an app that were given to a reconnect and wait, beside its question, for the answer that proves them.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use super::waiting::Zeroized;
use crate::model::connection::SecretSource;
use crate::operation::check::Loaded;
use crate::operation::prepare::Prepared;
use crate::operation::secrets::{self, Secrets};

/// What a connection is to become once the answer has proven it.
#[derive(Serialize, Deserialize)]
pub struct Changes {
    vars: IndexMap<String, String>,
    sources: IndexMap<String, SecretSource>,
    values: IndexMap<String, Zeroized>,
}

impl Changes {
    /// What is new about a connection. Values that others keep stay with them.
    pub fn of(prepared: &Prepared, given: &Secrets) -> Self {
        let stored = prepared.method.secret_keys().filter(|key| secrets::source(prepared, key).is_stored());
        let values = stored.filter_map(|key| Some((key.to_owned(), Zeroized::of(given.get(key)?))));
        Self {
            vars: prepared.connection.vars.clone(),
            sources: prepared.connection.secrets.clone(),
            values: values.collect(),
        }
    }

    /// Lets a connection be what it is to become.
    pub fn apply(self, loaded: &mut Loaded) {
        loaded.prepared.connection.vars = self.vars;
        loaded.prepared.connection.secrets = self.sources;
        for (key, value) in self.values {
            loaded.secrets.insert(key, value.secret());
        }
    }
}
