//! Carrying a request to a service and its answer back.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::time::Duration;

use bytes::Bytes;
use zeroize::Zeroizing;

use super::BoxFuture;
use crate::base::{Request, Response};
use crate::diagnosis::Fault;

/// How one connection reaches its service.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Route {
    /// The deadline of TCP and TLS together.
    pub connect: Duration,
    /// The deadline of the first byte.
    pub first_byte: Duration,
    /// The longest silence within an answer.
    pub idle: Duration,
    /// The deadline of the whole exchange.
    pub total: Duration,
    /// The most bytes of a decoded body that are read.
    pub body_cap: usize,
    /// A file with further certificate authorities (PEM).
    pub ca_file: Option<std::path::PathBuf>,
    /// What proves us in the TLS handshake.
    pub identity: Option<ClientIdentity>,
    /// Whether HTTP/2 is not offered.
    pub older_protocol: bool,
}

/// A client certificate with its key (RFC 8705). `Debug` shows neither; both are wiped on drop.
#[derive(Clone, PartialEq, Eq)]
pub struct ClientIdentity {
    /// The certificate, then those of the authorities between, as PEM.
    pub certificate: Zeroizing<String>,
    /// The key as PKCS#8 (RFC 5958), DER.
    pub private_key: Zeroizing<Vec<u8>>,
}

impl Hash for ClientIdentity {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.certificate.as_bytes().hash(state);
        self.private_key.as_slice().hash(state);
    }
}

impl fmt::Debug for ClientIdentity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ClientIdentity(***)")
    }
}

impl Default for Route {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            first_byte: Duration::from_secs(15),
            idle: Duration::from_secs(10),
            total: Duration::from_secs(30),
            body_cap: 1024 * 1024,
            ca_file: None,
            identity: None,
            older_protocol: false,
        }
    }
}

/// What came back, and how long it took.
#[derive(Debug)]
pub struct Exchange {
    /// The answer, or why there is none.
    pub outcome: Result<Response, Fault>,
    /// From the first step to the last byte.
    pub elapsed: Duration,
}

/// An answer whose body is still on its way.
pub type Opened = http::Response<Box<dyn Pieces>>;

/// A body that comes piece by piece.
pub trait Pieces: Send {
    /// The next piece; `None` at the end.
    fn next(&mut self) -> BoxFuture<'_, Option<Result<Bytes, Fault>>>;
}

/// Carries requests. Never follows a redirect, sends no `Referer`, keeps no cookie, and reads no more than
/// the route's cap. Plain http goes to loopback only, and loopback never through a proxy.
pub trait Carrier: Send + Sync {
    /// Sends one request.
    fn send<'a>(&'a self, request: &'a Request, route: &'a Route) -> BoxFuture<'a, Exchange>;

    /// Sends one request, and is back as soon as the head of the answer is there. The total deadline holds
    /// until then, no cap holds for the body, and silence within it has its own deadline.
    fn open<'a>(&'a self, request: &'a Request, route: &'a Route) -> BoxFuture<'a, Result<Opened, Fault>>;

    /// Closes what is kept open to a host (with its port, where that is not the usual one): nobody asks it again soon.
    fn leave(&self, authority: &str);
}
