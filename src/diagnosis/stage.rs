//! What the prober learns about a layer beyond whether it holds: the differences that tell causes apart.
//!
//! Every type here hangs on an optional field of [`super::fact::StageDetail`], so that facts saved earlier can
//! still be read.

use serde::{Deserialize, Serialize};

use super::fact::DnsFault;
use crate::base::Timestamp;

/// A name, as everybody who could be asked knows it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct NameLook {
    /// What each name server of this machine said, asked by ourselves.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub asked: Vec<Asked>,
    /// Why the system found nothing, where a name server knew the name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system: Option<DnsFault>,
    /// How long the system itself took, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system_ms: Option<f64>,
    /// The line of the hosts file that names the host.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hosts: Option<HostsLine>,
    /// The name for which the host is an alias.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alias: Option<String>,
    /// The search domains, which the system appends to names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub search: Vec<String>,
    /// A host that conn knows and that looks almost the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub near: Option<String>,
}

/// What one name server said.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Asked {
    /// Its address.
    pub server: String,
    /// How it was asked.
    pub over: Over,
    /// How long it took, in milliseconds.
    pub ms: f64,
    /// The addresses it gave.
    pub addresses: Vec<String>,
    /// Why it gave none.
    pub fault: Option<DnsFault>,
}

/// How a name server is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Over {
    /// As every program asks.
    Udp,
    /// As is done where UDP does not pass.
    Tcp,
}

/// A line of the hosts file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostsLine {
    /// The file.
    pub file: String,
    /// The line's number, from 1.
    pub line: usize,
    /// The address it gives.
    pub address: String,
}

/// What surrounds a TCP connection that failed, or that came about only now and then.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReachLook {
    /// Whether the same machine answers at port 80.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub web_port: Option<bool>,
    /// The gateway through which the addresses are reached.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gateway: Option<String>,
    /// Whether the address is in a network of this machine's own, without any gateway between.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub neighbour: bool,
    /// How many further tries were made, and how many of them failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tries: Option<Tries>,
}

/// Tries, one after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tries {
    /// All of them.
    pub made: u32,
    /// Those that failed.
    pub failed: u32,
}

/// Why a proxy is asked or not, and what it said.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProxyLook {
    /// The title of the page with which it refused, or the beginning of its words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<String>,
    /// What the variables say beside the proxy that is used.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub variables: Vec<ProxyNote>,
}

/// Something about the proxy variables that may surprise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProxyNote {
    /// Two spellings of a variable name different proxies; the first is used.
    Differ {
        /// The variable that counts.
        used: String,
        /// The one that does not.
        unused: String,
    },
    /// The exceptions cover the host, so that no proxy is asked.
    Excepted {
        /// The variable.
        variable: String,
        /// The entry of it.
        entry: String,
        /// The proxy that would be asked otherwise.
        proxy: String,
    },
    /// An entry of the exceptions was meant for the host, as it seems, and does not cover it.
    Missed {
        /// The variable.
        variable: String,
        /// The entry of it.
        entry: String,
    },
    /// A proxy is named somewhere that does not count for https.
    Elsewhere {
        /// Where: a variable, or a file of the system.
        place: String,
        /// The proxy.
        proxy: String,
    },
}

/// What was seen without trusting anybody, and without any credential, after a handshake failed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Peek {
    /// This machine's clock at that moment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub local: Option<Timestamp>,
    /// The clock of the server, behind the certificate that was refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<Timestamp>,
    /// What `http://HOST/` says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub web: Option<Glance>,
    /// Whether a handshake of very few bytes was answered at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub small_passes: Option<bool>,
    /// Whether a whole handshake came about once both sides kept their packets small.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pieces_pass: Option<bool>,
}

/// The head of an answer, as a passer-by sees it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Glance {
    /// The status.
    pub status: u16,
    /// Where it leads, without query.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    /// Who says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server: Option<String>,
    /// Its clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<Timestamp>,
    /// A header that only proxies write, where the answer has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proxy_mark: Option<(String, String)>,
}

/// Headers that proxies write into the answers that they make themselves.
pub const PROXY_MARKS: [&str; 4] = ["x-squid-error", "x-proxy-error", "x-bluecoat-via", "x-zscaler-error"];
