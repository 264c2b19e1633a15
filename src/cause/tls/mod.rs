//! What is wrong with the encrypted connection.

pub mod certificate;
pub mod handshake;

pub use certificate::{
    CHAIN_INCOMPLETE, EXPIRED, EXPIRES_SOON, HOSTNAME, INTERCEPTED, NOT_YET_VALID, REVOKED, SELF_SIGNED,
    UNKNOWN_CA,
};
pub use handshake::{
    CLIENT_CERT, CLIENT_CERT_REJECTED, HANDSHAKE_RESET, HANDSHAKE_TIMEOUT, NOT_TLS, PROTOCOL, TRUST_STORE,
};
