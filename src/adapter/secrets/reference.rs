//! Secrets that conn does not keep: variables of the environment and the output of programs.

use crate::adapter::command;
use crate::base::{Secret, Variables};
use crate::model::connection::SecretSource;
use crate::port::{ReferenceError, SecretReferences};

/// Reads `env:` and `command:` sources.
pub struct References {
    variables: Variables,
}

impl References {
    /// References into this environment.
    #[must_use]
    pub const fn new(variables: Variables) -> Self {
        Self { variables }
    }
}

impl SecretReferences for References {
    fn read(&self, source: &SecretSource) -> Result<Secret, ReferenceError> {
        match source {
            SecretSource::Environment(name) => self
                .variables
                .get(name)
                .map(|value| Secret::new(value.to_owned()))
                .ok_or_else(|| ReferenceError::Unset(name.clone())),
            SecretSource::Command(line) => command::read(line, command::DEADLINE),
            store => Err(ReferenceError::NotAReference(store.shown())),
        }
    }
}
