//! The stores of credentials. None falls back to another, none writes in the clear.
//!
//! To add one: its file, its `mod` line, its name in [`NAMES`], and a line in the list of
//! `tests/suite/contract/secrets.rs`, whose behaviours it must pass.

pub mod keyring;
mod keyring_fault;
pub mod reference;
pub mod vault;

pub use keyring::Keyring;
pub use vault::{Vault, VaultKey};

/// The names of all stores, as `connectors.toml` and `--store` write them.
pub const NAMES: [&str; 2] = ["keyring", "vault"];
