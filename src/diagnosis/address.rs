//! The value that a person typed where a host belongs: whether it has the right form, and which one it would be.

use url::Url;

use crate::base::is_loopback;
use crate::base::typed::{is_invisible, narrow};

/// Where in a base URL a variable stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// It is the base URL, scheme included.
    Whole,
    /// It is the host.
    Host,
    /// It is the first part of the host; the rest follows.
    Label(String),
}

/// The variable that decides the host of a base URL.
#[must_use]
pub fn deciding(base: &str) -> Option<(&str, Place)> {
    let (before, rest) = base.split_once('{')?;
    let (inside, after) = rest.split_once('}')?;
    let name = inside.split('|').next()?;
    match before {
        "" => Some((name, Place::Whole)),
        "https://" if after.is_empty() || after.starts_with('/') => Some((name, Place::Host)),
        "https://" if after.starts_with('.') => {
            let suffix = after.split(['/', '{', ':']).next()?;
            Some((name, Place::Label(suffix.to_owned())))
        }
        _ => None,
    }
}

/// Whether the host of a base URL stands in the definition itself, so that nobody typed any of it.
#[must_use]
pub fn is_fixed(base: &str) -> bool {
    let authority = base.split_once("://").and_then(|(_, rest)| rest.split('/').next());
    authority.is_some_and(|authority| !authority.contains('{'))
}

/// Whether a value can certainly not stand at its place.
#[must_use]
pub fn is_malformed(value: &str, place: &Place) -> bool {
    let strange =
        |c: char| c.is_whitespace() || c.is_control() || meant(c) != c || matches!(c, '@' | '?' | '#');
    if value.is_empty() || value.contains(['<', '{', '$']) {
        // A sample or nothing at all is another mistake.
        return false;
    }
    match place {
        Place::Whole => value.contains(strange) || !value.contains("://"),
        Place::Host => value.contains(strange) || value.contains("://"),
        Place::Label(_) => value.contains(strange) || value.contains(['/', ':']),
    }
}

/// The value as it was meant; `None` where that cannot be told. With `keep_path` a path stays.
#[must_use]
pub fn canonical(value: &str, place: &Place, keep_path: bool) -> Option<String> {
    let narrow: String = value.chars().filter(|c| !is_invisible(*c)).map(meant).collect();
    let typed = narrow.trim();
    let (scheme, rest) = match typed.split_once("://") {
        Some((scheme, rest)) => (scheme.to_ascii_lowercase(), rest),
        // Nobody encrypts what never leaves the machine.
        None if is_loopback(typed.split(['/', ':']).next()?) => ("http".to_owned(), typed),
        None => ("https".to_owned(), typed),
    };
    let rest = rest.trim_start_matches('/');
    let authority = rest.split(['/', '?', '#', ' ']).next()?.trim_end_matches('.').to_ascii_lowercase();
    if authority.is_empty() || authority.contains('@') || !matches!(scheme.as_str(), "https" | "http") {
        return None;
    }
    let url = Url::parse(&format!("https://{authority}/")).ok()?;
    let host = url.host_str()?;
    match place {
        Place::Whole => {
            let scheme = if scheme == "http" && is_loopback(host) { "http" } else { "https" };
            let path = path_of(rest).filter(|_| keep_path).unwrap_or_default();
            Some(format!("{scheme}://{authority}{path}"))
        }
        Place::Host => Some(authority),
        Place::Label(suffix) => {
            let label = authority.strip_suffix(suffix.as_str()).unwrap_or(&authority);
            (!label.is_empty() && !label.contains(['.', ':'])).then(|| label.to_owned())
        }
    }
}

/// The path behind an authority, without what follows it and without a final slash.
fn path_of(rest: &str) -> Option<String> {
    let at = rest.find('/')?;
    let path = rest[at..].split(['?', '#']).next()?.trim().trim_end_matches('/');
    (!path.is_empty() && !path.contains(char::is_whitespace)).then(|| path.to_owned())
}

/// A character as it is meant in an address, where the Japanese full stop is typed for the other one.
fn meant(c: char) -> char {
    if c == '。' { '.' } else { narrow(c) }
}

#[cfg(test)]
mod tests {
    use super::{Place, canonical, deciding, is_fixed, is_malformed};

    #[test]
    fn a_host_without_any_variable_is_fixed() {
        for (base, fixed) in [
            ("https://api.test", true),
            ("https://api.test/{tenant}/v1", true),
            ("https://{tenant}.api.test/v1", false),
            ("https://api.{domain}", false),
            ("{address}", false),
            ("{address}/v1", false),
        ] {
            assert_eq!(is_fixed(base), fixed, "{base}");
        }
    }

    #[test]
    fn the_variable_that_decides_the_host_is_found() {
        let label = |suffix: &str| Place::Label(suffix.to_owned());
        for (base, expected) in [
            ("{address}", Some(("address", Place::Whole))),
            ("{address}/api/v2", Some(("address", Place::Whole))),
            ("https://{host}", Some(("host", Place::Host))),
            ("https://{host}/v1", Some(("host", Place::Host))),
            ("https://{tenant}.crm.test/v1", Some(("tenant", label(".crm.test")))),
            ("https://api.test/{tenant}", None),
            ("https://api.test", None),
        ] {
            assert_eq!(deciding(base), expected, "{base}");
        }
    }

    #[test]
    fn a_pasted_address_becomes_what_its_place_holds() {
        let label = Place::Label(".crm.test".to_owned());
        for (value, place, expected) in [
            ("acme.example-vendor.test/crm/ ", &Place::Whole, Some("https://acme.example-vendor.test")),
            ("HTTPS://Acme.Test:8443/x?y", &Place::Whole, Some("https://acme.test:8443")),
            ("http://acme.test", &Place::Whole, Some("https://acme.test")),
            ("http://127.0.0.1:80 ", &Place::Whole, Some("http://127.0.0.1:80")),
            ("127.0.0.1:8765/x", &Place::Whole, Some("http://127.0.0.1:8765")),
            ("ａｃｍｅ．ｔｅｓｔ", &Place::Host, Some("acme.test")),
            ("https://acme.test/", &Place::Host, Some("acme.test")),
            ("https://acme.crm.test/deals", &label, Some("acme")),
            ("acme", &label, Some("acme")),
            ("acme.other.test", &label, None),
            ("ftp://acme.test", &Place::Whole, None),
            ("user:word@acme.test", &Place::Whole, None),
            ("", &Place::Host, None),
        ] {
            assert_eq!(canonical(value, place, false).as_deref(), expected, "{value}");
        }
        let kept = canonical("intranet.test/redmine/", &Place::Whole, true);
        assert_eq!(kept.as_deref(), Some("https://intranet.test/redmine"));
    }

    #[test]
    fn only_what_cannot_be_right_is_malformed() {
        let label = Place::Label(".crm.test".to_owned());
        for (value, place, expected) in [
            ("https://acme.test/crm", &Place::Whole, false),
            ("acme.test", &Place::Whole, true),
            ("https://acme.test ", &Place::Whole, true),
            ("acme.test/sales", &Place::Host, false),
            ("https://acme.test", &Place::Host, true),
            ("acme", &label, false),
            ("acme.crm.test/x", &label, true),
            ("<domain>", &Place::Host, false),
        ] {
            assert_eq!(is_malformed(value, place), expected, "{value}");
        }
    }
}
