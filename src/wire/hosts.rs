//! The hosts file, which wins over every name server.

use std::net::IpAddr;
use std::path::Path;

use crate::diagnosis::stage::HostsLine;

#[cfg(windows)]
const FILE: &str = r"C:\Windows\System32\drivers\etc\hosts";
#[cfg(not(windows))]
const FILE: &str = "/etc/hosts";

/// The first line of the hosts file that names a host.
#[must_use]
pub fn find(host: &str) -> Option<HostsLine> {
    // Comments may be in any charset: Windows writes them in that of its language.
    let bytes = std::fs::read(Path::new(FILE)).ok()?;
    find_in(&String::from_utf8_lossy(&bytes), host)
}

fn find_in(text: &str, host: &str) -> Option<HostsLine> {
    let host = host.trim_end_matches('.');
    text.lines().enumerate().find_map(|(index, line)| {
        let mut words = line.split('#').next()?.split_whitespace();
        let address: IpAddr = words.next()?.parse().ok()?;
        let named = words.any(|name| name.trim_end_matches('.').eq_ignore_ascii_case(host));
        named.then(|| HostsLine { file: FILE.to_owned(), line: index + 1, address: address.to_string() })
    })
}

#[cfg(test)]
mod tests {
    use super::find_in;

    #[test]
    fn the_first_line_that_names_the_host_counts_and_comments_do_not() {
        let text =
            "# 10.0.0.9 api.test\n127.0.0.1 localhost\n10.0.0.1 old API.test. # kept\n10.0.0.2 api.test\n";
        let found = find_in(text, "api.test").unwrap();
        assert_eq!((found.line, found.address.as_str()), (3, "10.0.0.1"));
        assert_eq!(find_in(text, "kept"), None);
        assert_eq!(find_in("junk api.test", "api.test"), None);
    }
}
