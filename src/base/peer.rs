//! The other end of a connection.

use serde::{Deserialize, Serialize};

use super::Timestamp;

/// The other end of a connection that carried an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Peer {
    /// The address of the service, without its port; none where a proxy stood between.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// Who issued its certificate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
    /// The last moment of its certificate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends: Option<Timestamp>,
    /// The proxy, without user or password.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proxy: Option<String>,
    /// The variable or flag that names the proxy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proxy_source: Option<String>,
}
