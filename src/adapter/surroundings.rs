//! This machine as the file system, the variables and the trust store show it.

use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;

use crate::base::Timestamp;
use crate::base::Variables;
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
    fn file(&self, path: &Path) -> Result<Option<FileSeen>, String> {
        match fs::metadata(path) {
            Ok(metadata) => Ok(Some(seen(&metadata))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error.to_string()),
        }
    }

    fn proxy(&self) -> Result<Option<ProxySeen>, &'static str> {
        let settings = ProxySettings::gather(self.proxy.as_deref(), &self.variables);
        let settings = settings.map_err(|error| error.source_name)?;
        let proxy = settings.proxy();
        Ok(proxy.map(|proxy| ProxySeen { source: proxy.source, address: proxy.to_string() }))
    }

    fn trust(&self) -> Result<TrustSeen, String> {
        self.trust.survey().map(|(roots, count)| TrustSeen { roots, count })
    }
}

#[cfg(unix)]
fn seen(metadata: &fs::Metadata) -> FileSeen {
    use std::os::unix::fs::MetadataExt as _;
    FileSeen {
        folder: metadata.is_dir(),
        mode: Some(metadata.mode() & 0o777),
        foreign: metadata.uid() != rustix::process::geteuid().as_raw(),
        saved: saved(metadata),
    }
}

#[cfg(not(unix))]
fn seen(metadata: &fs::Metadata) -> FileSeen {
    FileSeen { folder: metadata.is_dir(), mode: None, foreign: false, saved: saved(metadata) }
}

fn saved(metadata: &fs::Metadata) -> Option<Timestamp> {
    metadata.modified().ok().and_then(|moment| Timestamp::try_from(moment).ok())
}
