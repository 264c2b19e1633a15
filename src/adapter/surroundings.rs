//! This machine as the file system, the variables and the trust store show it.

use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;

use crate::base::{Phrase, Timestamp, Variables, system_error};
use crate::port::surroundings::{FileSeen, ProxySeen, Surroundings, TrustSeen};
use crate::wire::{ProxySettings, Trust};

/// This machine.
pub struct Machine {
    proxy: Option<String>,
    variables: Variables,
    trust: Arc<Trust>,
}

impl Machine {
    /// This machine, with the explicit proxy and the trust store of this run.
    #[must_use]
    pub const fn new(proxy: Option<String>, variables: Variables, trust: Arc<Trust>) -> Self {
        Self { proxy, variables, trust }
    }
}

impl Surroundings for Machine {
    fn file(&self, path: &Path) -> Result<Option<FileSeen>, Phrase> {
        match fs::metadata(path) {
            Ok(metadata) => Ok(Some(seen(path, &metadata))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(system_error::explained(&error)),
        }
    }

    fn saved(&self, path: &Path) -> Option<Timestamp> {
        Timestamp::try_from(fs::metadata(path).ok()?.modified().ok()?).ok()
    }

    fn proxy(&self) -> Result<Option<ProxySeen>, &'static str> {
        let settings = ProxySettings::gather(self.proxy.as_deref(), &self.variables);
        let settings = settings.map_err(|error| error.source_name)?;
        let proxy = settings.proxy();
        Ok(proxy.map(|proxy| ProxySeen { source: proxy.source, address: proxy.to_string() }))
    }

    fn trust(&self) -> Result<TrustSeen, Phrase> {
        self.trust.survey().map(|(roots, count)| TrustSeen { roots, count })
    }

    fn at_once(&self, wanted: usize) -> usize {
        within_limit(wanted)
    }
}

/// An exchange holds its own connection, and for a moment one for each address family; where it fails, the look at the
/// path opens some more.
#[cfg(unix)]
const EACH: u64 = 4;
/// The state database, the terminal, the files of definitions and secrets, and what the runtime needs.
#[cfg(unix)]
const BESIDE: u64 = 48;

#[cfg(unix)]
fn within_limit(wanted: usize) -> usize {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    let needed = wanted as u64 * EACH + BESIDE;
    // No limit at all is told as none.
    let (Some(current), most) = (limit.current, limit.maximum.unwrap_or(needed)) else { return wanted };
    let raised = needed.min(most);
    let allowed = if raised > current
        && setrlimit(Resource::Nofile, Rlimit { current: Some(raised), maximum: limit.maximum }).is_ok()
    {
        raised
    } else {
        current
    };
    let room = usize::try_from(allowed.saturating_sub(BESIDE) / EACH).unwrap_or(wanted);
    wanted.min(room).max(1)
}

#[cfg(not(unix))]
const fn within_limit(wanted: usize) -> usize {
    wanted
}

#[cfg(unix)]
fn seen(path: &Path, metadata: &fs::Metadata) -> FileSeen {
    use rustix::fs::{Access, access};
    use std::os::unix::fs::MetadataExt as _;
    FileSeen {
        folder: metadata.is_dir(),
        mode: Some(metadata.mode() & 0o777),
        foreign: metadata.uid() != rustix::process::geteuid().as_raw(),
        writable: access(path, Access::WRITE_OK).is_ok(),
    }
}

#[cfg(not(unix))]
fn seen(_: &Path, metadata: &fs::Metadata) -> FileSeen {
    // A folder that is marked read-only can be written into.
    let writable = metadata.is_dir() || !metadata.permissions().readonly();
    FileSeen { folder: metadata.is_dir(), mode: None, foreign: false, writable }
}
