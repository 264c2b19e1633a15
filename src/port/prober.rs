//! Looking at the path to a service, layer by layer, without any credential.

use std::path::PathBuf;

use super::BoxFuture;
use crate::diagnosis::StageFact;

/// Where to look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The host name or address.
    pub host: String,
    /// The port.
    pub port: u16,
    /// Whether TLS is spoken.
    pub tls: bool,
    /// A file with further certificate authorities (PEM).
    pub ca_file: Option<PathBuf>,
}

/// Climbs from name resolution to TLS and stops at the first broken layer. Sends no credential of a service, ever.
///
/// At most one layer is `failed`. On the way through a proxy `dns` is `absent` (the proxy resolves the host),
/// `connect` is TCP to the proxy, and whatever keeps us from the proxy, its name included, fails the layer `proxy`.
pub trait Prober: Send + Sync {
    /// The layers `dns`, `connect`, `proxy` and `tls`, ground up; those above a failure are `not_reached`.
    fn climb<'a>(&'a self, target: &'a Target) -> BoxFuture<'a, Vec<StageFact>>;

    /// Where plain http to a host would go through a proxy, and that proxy answers in the host's place: the layer
    /// `http`, failed. One request without any credential, and none where no proxy stands between.
    fn intercepted<'a>(&'a self, host: &'a str) -> BoxFuture<'a, Option<StageFact>>;
}
