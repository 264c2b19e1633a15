//! Everything an operation may ask of the world, made on first use.

use crate::base::Process;
use crate::config::{ConfigError, Definitions};
use crate::port::{Clock, DefinitionFile, Entropy, Person};

/// Everything an operation may ask of the world. Each part is made on first use, so that a verb pays for
/// nothing it does not need.
pub trait World: Send + Sync {
    /// Time.
    fn clock(&self) -> &dyn Clock;

    /// Chance.
    fn entropy(&self) -> &dyn Entropy;

    /// The person at the terminal.
    fn person(&self) -> &dyn Person;

    /// The process as it was found.
    fn process(&self) -> &Process;
    /// Every layer of definitions as it stands now, over the built-in ones.
    ///
    /// # Errors
    /// When a file is there but cannot be read.
    fn definitions(&self) -> Result<Definitions, ConfigError>;

    /// One file of definitions alone, over the built-in ones.
    ///
    /// # Errors
    /// When it is not there or cannot be read.
    fn definitions_in(&self, file: &std::path::Path) -> Result<Definitions, ConfigError>;

    /// The user's own `connectors.toml`; with `--config` that file.
    fn own_definitions(&self) -> &dyn DefinitionFile;
}
