//! Looking at this machine without changing it.

use std::path::Path;

use crate::base::{Phrase, Timestamp};
use crate::diagnosis::fact::Roots;

/// A file or folder as it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileSeen {
    /// Whether it is a folder.
    pub folder: bool,
    /// Its permission bits, where the system has them.
    pub mode: Option<u32>,
    /// Whether it belongs to another user.
    pub foreign: bool,
    /// Whether this user can write it; into it, where it is a folder.
    pub writable: bool,
}

/// The proxy that requests take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProxySeen {
    /// The variable or flag that names it.
    pub source: &'static str,
    /// Its address without user and password.
    pub address: String,
}

/// The certificate authorities that are trusted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustSeen {
    /// Where they come from.
    pub roots: Roots,
    /// How many, where conn counts them itself.
    pub count: Option<usize>,
}

/// Looks at this machine without any traffic.
pub trait Surroundings: Send + Sync {
    /// A file or folder; `None` where there is none.
    ///
    /// # Errors
    /// Why it cannot be looked at.
    fn file(&self, path: &Path) -> Result<Option<FileSeen>, Phrase>;

    /// When a file was written last, where that can be seen.
    fn saved(&self, path: &Path) -> Option<Timestamp>;

    /// The proxy of this run.
    ///
    /// # Errors
    /// The name of the variable or flag whose value is no proxy address.
    fn proxy(&self) -> Result<Option<ProxySeen>, &'static str>;

    /// The trust store of this run.
    ///
    /// # Errors
    /// Why it cannot be used.
    fn trust(&self) -> Result<TrustSeen, Phrase>;

    /// How many of so many exchanges may be under way at once, as far as this machine lets files and connections be
    /// open. Asks the system for more room where it has some.
    fn at_once(&self, wanted: usize) -> usize;
}
