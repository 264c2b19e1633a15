//! Questions of people in trouble that no other room answers; `faults/rows` says which test answers which.

mod after;
mod guidance;
mod pasted;
mod settings;
mod spoken;
mod surveyed;
mod usage;

use crate::past::peer::Peer;
use crate::support::cli::Home;

/// The key of the connection `acme`; no output may hold it.
const KEY: &str = "key-of-acme-0001";

/// A home with the connection `acme` to a peer, the connector with further lines.
fn home(peer: &Peer, further: &str) -> Home {
    Home::with(&peer.definitions(further)).knowing("ACME_KEY", KEY)
}
