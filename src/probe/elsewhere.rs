//! Proxies that this machine names where programs like this one do not look.

use crate::diagnosis::stage::ProxyNote;
use crate::wire::ProxyAddress;

/// Read at log-in by PAM; whoever was not logged in that way (cron, a container) does not have its variables.
const FILE: &str = "/etc/environment";
const NAMES: [&str; 3] = ["https_proxy", "all_proxy", "http_proxy"];

/// The proxy of the system's own file.
pub(super) fn find() -> Option<ProxyNote> {
    find_in(&std::fs::read_to_string(FILE).ok()?)
}

fn find_in(text: &str) -> Option<ProxyNote> {
    let pairs = text.lines().filter_map(|line| line.trim().trim_start_matches("export ").split_once('='));
    let mut named =
        pairs.filter(|(name, _)| NAMES.iter().any(|known| name.trim().eq_ignore_ascii_case(known)));
    let proxy = named.find_map(|(_, value)| {
        let value = value.trim().trim_matches(['"', '\'']);
        ProxyAddress::parse(value, FILE).ok().filter(|_| !value.is_empty())
    })?;
    Some(ProxyNote::Elsewhere { place: FILE.to_owned(), proxy: proxy.shown() })
}

#[cfg(test)]
mod tests {
    use super::{ProxyNote, find_in};

    #[test]
    fn the_systems_proxy_is_shown_without_its_login() {
        let text = "PATH=/bin\nHTTPS_PROXY=\"http://marker:marker@proxy.corp:3128\"\n";
        let expected =
            ProxyNote::Elsewhere { place: "/etc/environment".into(), proxy: "http://proxy.corp:3128".into() };
        assert_eq!(find_in(text), Some(expected));
        assert_eq!(find_in("no_proxy=localhost\n"), None);
    }
}
