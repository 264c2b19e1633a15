//! Changing a file of definitions.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::base::{ConnectorId, Language, LinkName, Phrase};
use crate::model::Connection;

/// One `connectors.toml` that conn may change. Every change keeps the comments, is made whole or not at all,
/// and waits for other programs of ours that change the same file.
pub trait DefinitionFile: Send + Sync {
    /// The file.
    fn path(&self) -> &Path;

    /// Adds a connection, or changes the one of this name.
    ///
    /// # Errors
    /// When the file cannot be read, understood or written; it is then as it was.
    fn put_connection(&self, link_name: &LinkName, connection: &Connection) -> Result<(), EditError>;

    /// Takes a connection out; `false` where there was none.
    ///
    /// # Errors
    /// As [`DefinitionFile::put_connection`].
    fn remove_connection(&self, link_name: &str) -> Result<bool, EditError>;

    /// Gives a connection another link name; `false` where there was none.
    ///
    /// # Errors
    /// As [`DefinitionFile::put_connection`], and when the new name is taken.
    fn rename_connection(&self, from: &str, to: &LinkName) -> Result<bool, EditError>;

    /// Adds a connector, or replaces the one of this id. `fragment` is TOML with its `[connectors.ID]` headers
    /// and comments, written as it stands.
    ///
    /// # Errors
    /// As [`DefinitionFile::put_connection`], and when the fragment does not fit into the file.
    fn put_connector(&self, id: &ConnectorId, fragment: &str) -> Result<(), EditError>;

    /// Takes a connector out; `false` where there was none.
    ///
    /// # Errors
    /// As [`DefinitionFile::put_connection`].
    fn remove_connector(&self, id: &str) -> Result<bool, EditError>;

    /// Sets one text value, for example `["connections", "main", "vars", "host"]`.
    ///
    /// # Errors
    /// As [`DefinitionFile::put_connection`].
    fn set_value(&self, keys: &[&str], value: &str) -> Result<(), EditError>;
}

/// Why a file of definitions could not be changed. The file is as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EditError {
    /// The file.
    pub path: PathBuf,
    /// The code of the cause.
    pub code: &'static str,
    /// What went wrong. Holds no value of the file.
    pub message: Phrase,
}

impl fmt::Display for EditError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.path.display(), self.message.get(Language::En))
    }
}

impl std::error::Error for EditError {}
