//! Moving out: definitions and connections as `connectors.toml` writes them, and, sealed for named recipients, the
//! credentials that go with them.
//!
//! Tokens that a person's consent gave are the hard part. Where each renewal spends the refresh token, two machines
//! that hold one end each other's: the second renewal looks like theft, and the service revokes both (RFC 9700,
//! section 4.14.2). So tokens stay here unless somebody asks, go in copy only where they do not rotate, and else only
//! move: this machine stops using the connection first.

mod credentials;
mod definitions;

pub use credentials::{Given, Tokens, give_back, take_out};
pub use definitions::{Exported, gather};
