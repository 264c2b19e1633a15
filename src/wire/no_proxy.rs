//! The hosts that do without a proxy: `NO_PROXY`.

use std::net::IpAddr;

/// A list as in `NO_PROXY`: names (with everything below them), addresses, networks, each with an optional port.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NoProxy(Vec<Exception>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Exception {
    hosts: Hosts,
    port: Option<u16>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Hosts {
    All,
    Name(String),
    Network(IpAddr, u8),
}

impl NoProxy {
    /// Reads a list separated by commas or blanks. Entries that mean nothing are passed over.
    #[must_use]
    pub fn parse(list: &str) -> Self {
        let entries = list.split([',', ' ', '\t']).map(str::trim).filter(|entry| !entry.is_empty());
        Self(entries.map(exception).collect())
    }

    /// Whether a host and port stand on the list.
    #[must_use]
    pub fn covers(&self, host: &str, port: u16) -> bool {
        let host =
            host.trim_start_matches('[').trim_end_matches(']').trim_end_matches('.').to_ascii_lowercase();
        self.0.iter().any(|entry| entry.port.is_none_or(|own| own == port) && entry.hosts.covers(&host))
    }
}

fn exception(entry: &str) -> Exception {
    if let Some(hosts) = network(entry) {
        return Exception { hosts, port: None };
    }
    let (name, port) = match entry.rsplit_once(':') {
        Some((name, digits)) => match digits.parse() {
            Ok(port) => (name, Some(port)),
            Err(_) => (entry, None),
        },
        None => (entry, None),
    };
    Exception { hosts: network(name).unwrap_or_else(|| named(name)), port }
}

fn named(name: &str) -> Hosts {
    let name =
        name.trim_start_matches('*').trim_start_matches('.').trim_end_matches('.').to_ascii_lowercase();
    if name.is_empty() { Hosts::All } else { Hosts::Name(name) }
}

fn network(entry: &str) -> Option<Hosts> {
    let (address, length) = match entry.split_once('/') {
        Some((address, length)) => (address, Some(length.parse::<u8>().ok()?)),
        None => (entry, None),
    };
    let address: IpAddr = address.trim_start_matches('[').trim_end_matches(']').parse().ok()?;
    let longest = if address.is_ipv4() { 32 } else { 128 };
    Some(Hosts::Network(address, length.unwrap_or(longest).min(longest)))
}

impl Hosts {
    fn covers(&self, host: &str) -> bool {
        match self {
            Self::All => true,
            Self::Name(name) => {
                host == name || host.strip_suffix(name.as_str()).is_some_and(|rest| rest.ends_with('.'))
            }
            Self::Network(network, length) => {
                host.parse().is_ok_and(|address| same_network(address, *network, *length))
            }
        }
    }
}

fn same_network(address: IpAddr, network: IpAddr, length: u8) -> bool {
    match (address, network) {
        (IpAddr::V4(a), IpAddr::V4(b)) => {
            (a.to_bits() ^ b.to_bits()).checked_shr(32 - u32::from(length)).unwrap_or(0) == 0
        }
        (IpAddr::V6(a), IpAddr::V6(b)) => {
            (a.to_bits() ^ b.to_bits()).checked_shr(128 - u32::from(length)).unwrap_or(0) == 0
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::NoProxy;

    #[test]
    fn names_cover_what_lies_below_them_and_networks_their_addresses() {
        for (list, host, port, expected) in [
            ("*", "anything", 443, true),
            ("", "api.test", 443, false),
            ("api.test", "api.test", 443, true),
            ("test", "api.test", 443, true),
            (".test", "api.test", 443, true),
            ("*.test", "API.TEST.", 443, true),
            ("pi.test", "api.test", 443, false),
            ("a.test, b.test c.test", "b.test", 443, true),
            ("api.test:8443", "api.test", 443, false),
            ("api.test:8443", "api.test", 8443, true),
            ("10.0.0.0/8", "10.200.1.1", 443, true),
            ("10.0.0.0/8", "11.0.0.1", 443, false),
            ("0.0.0.0/0", "11.0.0.1", 443, true),
            ("10.1.2.3", "10.1.2.3", 443, true),
            ("fd00::/8", "[fd77::1]", 443, true),
            ("fd00::/8", "fe80::1", 443, false),
            ("::/0", "fe80::1", 443, true),
            ("10.0.0.0/8", "10.example.com", 443, false),
        ] {
            assert_eq!(NoProxy::parse(list).covers(host, port), expected, "{list} {host}:{port}");
        }
    }
}
