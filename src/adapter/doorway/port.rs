//! A port on the loopback addresses, and on no other.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, TcpListener as Socket};

use tokio::net::TcpListener;

use super::taken;
use crate::base::system_error;
use crate::port::doorway::{DoorwayError, DoorwayHost};

/// How often a free port of one family is looked for that is free in the other, too.
const ATTEMPTS: u8 = 8;

/// Listens on the host's addresses, all at the same port, and says which port it is.
pub(super) fn bind(host: DoorwayHost, port: Option<u16>) -> Result<(Vec<TcpListener>, u16), DoorwayError> {
    let mut attempt = 1;
    loop {
        match bind_once(host, port.unwrap_or(0)) {
            Err(DoorwayError::PortTaken { .. }) if port.is_none() && attempt < ATTEMPTS => attempt += 1,
            outcome => return outcome,
        }
    }
}

fn bind_once(host: DoorwayHost, port: u16) -> Result<(Vec<TcpListener>, u16), DoorwayError> {
    let first = listen(Ipv4Addr::LOCALHOST.into(), port).map_err(|error| refused(port, &error))?;
    let port = first.local_addr().map_err(|error| refused(port, &error))?.port();
    let mut listeners = vec![first];
    if host == DoorwayHost::Localhost {
        match listen(Ipv6Addr::LOCALHOST.into(), port) {
            Ok(second) => listeners.push(second),
            // Whoever sits there would get the person's browser.
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => return Err(refused(port, &error)),
            // A machine without IPv6; its browser does not go there either.
            Err(_) => {}
        }
    }
    Ok((listeners, port))
}

fn listen(address: IpAddr, port: u16) -> io::Result<TcpListener> {
    let socket = Socket::bind((address, port))?;
    socket.set_nonblocking(true)?;
    TcpListener::from_std(socket)
}

fn refused(port: u16, error: &io::Error) -> DoorwayError {
    match error.kind() {
        io::ErrorKind::AddrInUse => DoorwayError::PortTaken { port, by: taken::by(port) },
        _ => DoorwayError::Io(system_error::explained(error)),
    }
}
