//! Everything an operation may ask of the world, made on first use.

use crate::base::Process;
use crate::config::{ConfigError, Definitions, Settings};
use crate::port::{
    Browser, Carrier, Clock, DefinitionFile, Doorway, Entropy, Gateway, Ledger, Locks, Person, Prober,
    SecretReferences, SecretStore, Surroundings,
};
use crate::scheme::Moment;

/// Everything an operation may ask of the world. Each part is made on first use, so that a verb pays for
/// nothing it does not need.
pub trait World: Send + Sync {
    /// Carries requests.
    fn carrier(&self) -> &dyn Carrier;

    /// The variable or flag that holds a proxy address nobody can use, if one does.
    fn unusable_proxy(&self) -> Option<&'static str>;

    /// Looks at the path to a service.
    fn prober(&self) -> &dyn Prober;

    /// The operating system's keyring.
    fn keyring(&self) -> &dyn SecretStore;

    /// The sealed file.
    fn vault(&self) -> &dyn SecretStore;

    /// Secrets that others keep.
    fn references(&self) -> &dyn SecretReferences;

    /// States and history.
    fn ledger(&self) -> &dyn Ledger;

    /// The person's browser.
    fn browser(&self) -> &dyn Browser;

    /// The door at which a browser comes back with consent.
    fn doorway(&self) -> &dyn Doorway;

    /// A port at which programs make calls that are passed on.
    fn gateway(&self) -> &dyn Gateway;

    /// Locks between processes.
    fn locks(&self) -> &dyn Locks;

    /// The settings of this run.
    fn settings(&self) -> &Settings;

    /// A file of definitions that may be changed.
    fn definition_file(&self, path: &std::path::Path) -> Box<dyn DefinitionFile>;

    /// Writes a file for this user alone (mode 0600 on Unix), whole or not at all. What is no plain file, as
    /// `/dev/stdout`, is written to as it stands.
    ///
    /// # Errors
    /// What the system said.
    fn write_private(&self, path: &std::path::Path, content: &[u8]) -> std::io::Result<()>;

    /// Hands this process over to a program, with further variables in its environment. Returns only where
    /// that failed, with what the system said.
    fn take_over(
        &self,
        words: &[std::ffi::OsString],
        variables: &[(String, zeroize::Zeroizing<String>)],
    ) -> std::io::Error;

    /// Takes a file of this user away; one that is not there is no error.
    ///
    /// # Errors
    /// What the system said.
    fn remove_private(&self, path: &std::path::Path) -> std::io::Result<()>;

    /// Time.
    fn clock(&self) -> &dyn Clock;

    /// Chance.
    fn entropy(&self) -> &dyn Entropy;

    /// This moment, with chance for what is signed now.
    fn moment(&self) -> Moment {
        Moment::new(self.clock().now(), |bytes| self.entropy().fill(bytes))
    }

    /// The person at the terminal.
    fn person(&self) -> &dyn Person;

    /// This machine, to be looked at.
    fn surroundings(&self) -> &dyn Surroundings;

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
