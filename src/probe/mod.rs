//! A look at the path to a service, layer by layer: name, TCP, proxy, TLS. One file for each layer.
//!
//! The carrying client cannot tell a silent name server from a dropped packet or a mute TLS peer; this can,
//! because it takes each step itself. It never sends a service's credential, and on a connection whose certificate
//! was refused never more than a bare question for the time.

mod ask;
mod climb;
mod connect;
mod dns;
mod elsewhere;
mod handshake;
mod head;
mod peek;
mod socks;
mod tunnel;

pub use climb::{Deadlines, PathProber};
pub use dns::NameServers;
