//! What the carrier and the prober share: which authorities are trusted, which proxy is used, how a name
//! becomes addresses and by which way they are reached, and how the errors of the libraries become our own faults.
//!
//! Nothing here sends a request, and nothing reads the environment: values are handed in. There is no way to
//! switch the verification of certificates off; keep it so.

pub mod chain;
pub mod fault;
pub mod gateway;
pub mod hosts;
pub mod no_proxy;
mod proven;
pub mod proxy;
pub mod resolve;
pub mod trust;

pub use proxy::{ProxyAddress, ProxyError, ProxySettings};
pub use trust::Trust;
