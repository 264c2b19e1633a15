//! What is signed (RFC 5849, section 3.4.1): method, address and every parameter, in one order for everybody.

use percent_encoding::utf8_percent_encode;
use url::{Url, form_urlencoded};
use zeroize::Zeroizing;

use super::super::api_key::form_of;
use super::Parameters;
use crate::base::Request;
use crate::base::template::UNRESERVED;

/// The signature base string.
pub(super) fn of(request: &Request, protocol: &Parameters) -> Zeroizing<String> {
    let mut pairs: Vec<(String, Zeroizing<String>)> = Vec::new();
    let mut add = |name: &str, value: &str| pairs.push((encode(name), Zeroizing::new(encode(value))));
    for (name, value) in request.url.query_pairs() {
        add(&name, &value);
    }
    for (name, value) in form_urlencoded::parse(form_of(request).unwrap_or_default()) {
        add(&name, &value);
    }
    for (name, value) in protocol {
        add(name, value);
    }
    // After encoding, as section 3.4.1.3.2 says: `%` comes before letters.
    pairs.sort_by(|one, other| (&one.0, one.1.as_str()).cmp(&(&other.0, other.1.as_str())));
    let mut normalized = Zeroizing::new(String::new());
    for (name, value) in &pairs {
        let mark = if normalized.is_empty() { "" } else { "&" };
        normalized.push_str(&format!("{mark}{name}={}", value.as_str()));
    }
    let method = request.method.to_uppercase();
    Zeroizing::new(format!("{}&{}&{}", encode(&method), encode(&address(&request.url)), encode(&normalized)))
}

/// The base string URI (section 3.4.1.2): without query and fragment. The address itself already has its host in
/// lower case and no usual port; a `;` in its path stays.
fn address(url: &Url) -> String {
    let mut bare = url.clone();
    bare.set_query(None);
    bare.set_fragment(None);
    bare.to_string()
}

/// Section 3.6: everything but the unreserved characters, in upper case.
pub(super) fn encode(text: &str) -> String {
    utf8_percent_encode(text, UNRESERVED).to_string()
}

#[cfg(test)]
mod tests {
    use super::address;

    /// RFC 5849, section 3.4.1.2, and its neighbours.
    #[test]
    fn an_address_is_signed_without_query_fragment_and_usual_port() {
        for (url, expected) in [
            ("http://EXAMPLE.COM:80/r%20v/X?id=123", "http://example.com/r%20v/X"),
            ("https://www.example.net:8080/?q=1", "https://www.example.net:8080/"),
            ("HTTP://www.example.com:443/", "http://www.example.com:443/"),
            ("https://www.example.com:443/", "https://www.example.com/"),
            ("https://www.example.com/path#fragment", "https://www.example.com/path"),
            ("https://www.example.com/a;b=1/c;d?e", "https://www.example.com/a;b=1/c;d"),
            ("http://[::1]:8080/x", "http://[::1]:8080/x"),
        ] {
            assert_eq!(address(&url.parse().unwrap()), expected, "{url}");
        }
    }
}
