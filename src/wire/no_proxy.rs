//! The hosts that do without a proxy: `NO_PROXY`.

use std::net::IpAddr;

/// A list as in `NO_PROXY`: names (with everything below them), addresses, networks, each with an optional port.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NoProxy(Vec<Exception>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Exception {
    /// As it was written.
    entry: String,
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
        self.covering(host, port).is_some()
    }

    /// The entry that covers a host and port.
    #[must_use]
    pub fn covering(&self, host: &str, port: u16) -> Option<&str> {
        let host = bare(host);
        let covers =
            |entry: &&Exception| entry.port.is_none_or(|own| own == port) && entry.hosts.covers(&host);
        self.0.iter().find(covers).map(|entry| entry.entry.as_str())
    }

    /// The entry that speaks of a host and does not cover it: with a scheme or a path, or with another port.
    #[must_use]
    pub fn missing(&self, host: &str, port: u16) -> Option<&str> {
        let host = bare(host);
        let speaks = |entry: &&Exception| {
            let text = entry.entry.to_ascii_lowercase();
            let text = text.split_once("://").map_or(text.as_str(), |(_, rest)| rest);
            let name = text.split(['/', ':']).next().unwrap_or_default().trim_start_matches(['*', '.']);
            !name.is_empty() && (host == name || host.ends_with(&format!(".{name}")))
        };
        let uncovered = self.covering(&host, port).is_none();
        self.0.iter().filter(|_| uncovered).find(speaks).map(|entry| entry.entry.as_str())
    }
}

/// A host without brackets and without the dot at its end.
fn bare(host: &str) -> String {
    host.trim_start_matches('[').trim_end_matches(']').trim_end_matches('.').to_ascii_lowercase()
}

fn exception(entry: &str) -> Exception {
    let written = entry.to_owned();
    if let Some(hosts) = network(entry) {
        return Exception { entry: written, hosts, port: None };
    }
    let (name, port) = match entry.rsplit_once(':') {
        Some((name, digits)) => match digits.parse() {
            Ok(port) => (name, Some(port)),
            Err(_) => (entry, None),
        },
        None => (entry, None),
    };
    Exception { entry: written, hosts: network(name).unwrap_or_else(|| named(name)), port }
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

    #[test]
    fn an_entry_that_was_meant_for_the_host_and_misses_it_is_found() {
        for (list, expected) in [
            ("https://api.test", Some("https://api.test")),
            ("b.test, api.test:8443", Some("api.test:8443")),
            ("http://*.test/", Some("http://*.test/")),
            ("api.test", None),
            ("other.test", None),
        ] {
            assert_eq!(NoProxy::parse(list).missing("api.test", 443), expected, "{list}");
        }
    }
}
