//! Which host an address leads to.

use url::{Position, Url};

/// The host of an address, with its port where that is not the usual one.
#[must_use]
pub fn authority(url: &Url) -> Option<String> {
    url.host_str()?;
    Some(url[Position::BeforeHost..Position::AfterPort].to_ascii_lowercase())
}

/// Whether two addresses have the same scheme, host and port (RFC 6454). Unlike [`Url::origin`] it copies nothing.
#[must_use]
pub fn same_origin(one: &Url, other: &Url) -> bool {
    one.scheme() == other.scheme()
        && one.host_str().is_some_and(|host| !host.is_empty() && other.host_str() == Some(host))
        && one.port_or_known_default() == other.port_or_known_default()
}

#[cfg(test)]
mod tests {
    use super::{authority, same_origin};

    #[test]
    fn an_authority_is_the_host_with_its_port_where_that_is_not_the_usual_one() {
        for (url, expected) in [
            ("https://API.test/x?y#z", Some("api.test")),
            ("https://user:word@api.test:443/", Some("api.test")),
            ("https://api.test:8443", Some("api.test:8443")),
            ("http://[::1]:80/x", Some("[::1]")),
            ("http://[::1]:81/x", Some("[::1]:81")),
            ("data:x", None),
        ] {
            assert_eq!(authority(&url.parse().unwrap()).as_deref(), expected, "{url}");
        }
    }

    #[test]
    fn an_origin_is_scheme_host_and_port() {
        let same = |one: &str, other: &str| same_origin(&one.parse().unwrap(), &other.parse().unwrap());
        for (one, other, expected) in [
            ("https://a.test/x", "https://A.test:443/y?z", true),
            ("https://a.test", "https://a.test:8443", false),
            ("https://a.test", "http://a.test:443", false),
            ("https://a.test", "https://a.test.", false),
            ("https://a.test", "https://b.test", false),
            ("data:x", "data:x", false),
        ] {
            assert_eq!(same(one, other), expected, "{one} {other}");
        }
    }
}
