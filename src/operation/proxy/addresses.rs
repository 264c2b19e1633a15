//! Addresses in the head of an answer. One below the connection's base leads through the proxy again, so that a
//! redirect, a new entry or the next page is reached with the connection's authentication; any other leads where the
//! service meant it, and whoever follows it does so without.

use url::{ParseError, Position, Url};

use crate::base::{link, same_origin};

/// The value of a header as a program at the proxy has to read it; `None` where it reads as it stands.
pub(super) fn through(name: &str, value: &str, base: &Url, own: &str) -> Option<String> {
    match name {
        "location" | "content-location" => followed(value, base, own),
        "link" => link::lead(value, |target| followed(target, base, own)),
        _ => None,
    }
}

/// What begins with `/` is meant from the root of the service, which at the proxy is its base.
fn followed(reference: &str, base: &Url, own: &str) -> Option<String> {
    let (target, moved) = match Url::parse(reference) {
        Ok(target) => (target, false),
        Err(ParseError::RelativeUrlWithoutBase) if reference.starts_with('/') => {
            (base.join(reference).ok()?, true)
        }
        Err(_) => return None,
    };
    match below(&target, base) {
        Some(rest) => Some(format!("http://{own}{rest}")),
        None => moved.then(|| target.into()),
    }
}

/// What comes after the base, where an address lies below it.
fn below<'a>(target: &'a Url, base: &Url) -> Option<&'a str> {
    let anonymous = target.username().is_empty() && target.password().is_none();
    let rest = target[Position::BeforePath..].strip_prefix(base.path().trim_end_matches('/'))?;
    let whole = rest.is_empty() || rest.starts_with(['/', '?', '#']);
    (anonymous && whole && same_origin(target, base)).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::through;

    #[test]
    fn an_address_below_the_base_leads_through_the_proxy_and_any_other_where_it_was_meant() {
        let base = "https://api.example.com/v1".parse().unwrap();
        for (reference, expected) in [
            ("https://api.example.com/v1/x?y=1#z", Some("http://127.0.0.1:4000/x?y=1#z")),
            ("https://API.Example.com:443/v1/x", Some("http://127.0.0.1:4000/x")),
            ("https://api.example.com/v1", Some("http://127.0.0.1:4000")),
            ("https://api.example.com/v1?page=2", Some("http://127.0.0.1:4000?page=2")),
            ("/v1/x%2Fy", Some("http://127.0.0.1:4000/x%2Fy")),
            ("//api.example.com/v1/x", Some("http://127.0.0.1:4000/x")),
            // Two slashes would name a host of their own.
            ("/v1//evil.example/x", Some("http://127.0.0.1:4000//evil.example/x")),
            // Beside the base: the proxy has no such path.
            ("/login", Some("https://api.example.com/login")),
            ("/v1/../admin", Some("https://api.example.com/admin")),
            ("//files.example.com/x", Some("https://files.example.com/x")),
            ("https://api.example.com/v10/x", None),
            ("https://api.example.com/v1/%2e%2e/admin", None),
            ("https://api.example.com:8443/v1/x", None),
            ("http://api.example.com/v1/x", None),
            ("https://user@api.example.com/v1/x", None),
            ("https://api.example.com.evil/v1", None),
            ("https://login.example.com/", None),
            // These follow from the call's own address, which the proxy has too.
            ("x?page=2", None),
            ("?page=2", None),
            ("mailto:a@example.com", None),
            ("", None),
        ] {
            for name in ["location", "content-location"] {
                assert_eq!(
                    through(name, reference, &base, "127.0.0.1:4000").as_deref(),
                    expected,
                    "{reference}"
                );
            }
            assert_eq!(through("x-next", reference, &base, "127.0.0.1:4000"), None, "{reference}");
        }
        let root = "http://127.0.0.1:18099/".parse().unwrap();
        assert_eq!(through("location", "/x", &root, "127.0.0.1:4000").unwrap(), "http://127.0.0.1:4000/x");
    }

    #[test]
    fn every_page_of_a_list_is_asked_for_at_the_proxy() {
        let base = "https://api.example.com/v1".parse().unwrap();
        for (header, expected) in [
            (
                "<https://api.example.com/v1/x?page=2>; rel=\"next\", </v1/x?page=9>; rel=\"last\"",
                Some(
                    "<http://127.0.0.1:4000/x?page=2>; rel=\"next\", <http://127.0.0.1:4000/x?page=9>; rel=\"last\"",
                ),
            ),
            (
                "<https://docs.example.com/>; rel=help; title=\"a, <https://api.example.com/v1/>\",<?page=2>;rel=next",
                None,
            ),
            ("<https://api.example.com/v1/x", None),
        ] {
            assert_eq!(through("link", header, &base, "127.0.0.1:4000").as_deref(), expected, "{header}");
        }
    }
}
