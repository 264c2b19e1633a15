//! From a name to addresses, as the operating system does it.

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs};

use tokio::sync::oneshot;

/// Asks the system for the addresses of a name.
///
/// The question runs in a thread of its own: a resolver that hangs holds neither the caller's deadline nor the
/// end of the process. `localhost` is loopback without a question (RFC 6761, section 6.3), so that plain http
/// to it cannot leave this machine.
///
/// # Errors
/// What the system said; its text is in the system's language and tells little.
pub async fn lookup(host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
    if crate::base::loopback::is_localhost(host) {
        return Ok(vec![(Ipv4Addr::LOCALHOST, port).into(), (Ipv6Addr::LOCALHOST, port).into()]);
    }
    let (answer, waiting) = oneshot::channel();
    let asked = (host.to_owned(), port);
    std::thread::Builder::new().name("resolver".into()).spawn(move || {
        let _ = answer.send(asked.to_socket_addrs().map(Iterator::collect));
    })?;
    waiting.await.unwrap_or_else(|_| Err(io::Error::other("the resolver stopped")))
}
