//! What arrives: the request as it came, and what its path asks for.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

/// A request as it arrived, kept for assertions.
#[derive(Clone, PartialEq, Eq)]
pub struct Received {
    /// `GET`, `POST`, ….
    pub method: String,
    /// The path as sent, with its prefixes.
    pub path: String,
    /// The query as sent, without the `?`.
    pub query: String,
    /// The headers in order; names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// Whether it went to the other host, to which only redirects point.
    pub elsewhere: bool,
}

impl Received {
    /// The first value of a header, by name in any case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// Whether the words stand anywhere in what was sent: method, path, query, headers or body.
    #[must_use]
    pub fn mentions(&self, words: &str) -> bool {
        self.path.contains(words)
            || self.query.contains(words)
            || self.headers.iter().any(|(_, value)| value.contains(words))
            || String::from_utf8_lossy(&self.body).contains(words)
    }

    /// Path and query, as the request line carried them.
    pub(super) fn target(&self) -> String {
        if self.query.is_empty() { self.path.clone() } else { format!("{}?{}", self.path, self.query) }
    }

    /// A value of the query.
    pub(super) fn query_value(&self, name: &str) -> Option<String> {
        form_value(&self.query, name)
    }

    /// A value of a form body.
    pub(super) fn form_value(&self, name: &str) -> Option<String> {
        let form = self.header("content-type")?.starts_with("application/x-www-form-urlencoded");
        form.then(|| form_value(&String::from_utf8_lossy(&self.body), name)).flatten()
    }

    /// A text at the top of a JSON body.
    pub(super) fn json_value(&self, name: &str) -> Option<String> {
        let json = self.header("content-type")?.starts_with("application/json");
        let body: serde_json::Value = serde_json::from_slice(&self.body).ok().filter(|_| json)?;
        body.get(name)?.as_str().map(str::to_owned)
    }
}

fn form_value(pairs: &str, name: &str) -> Option<String> {
    url::form_urlencoded::parse(pairs.as_bytes())
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.into_owned())
}

/// What the path asks for, its prefixes taken off.
#[derive(Default, Debug, PartialEq, Eq)]
pub(super) struct Route<'a> {
    /// `/faults/MODE`.
    pub(super) fault: Option<&'a str>,
    /// `/only/KIND`.
    pub(super) only: Option<&'a str>,
    /// `/key/KEY`.
    pub(super) key: Option<Cow<'a, str>>,
    /// `/v2`: where the mode `moved` points, and where no current mode reaches.
    pub(super) moved: bool,
    /// The rest.
    pub(super) path: &'a str,
}

impl<'a> Route<'a> {
    pub(super) fn of(path: &'a str) -> Self {
        let mut route = Self { path, ..Self::default() };
        loop {
            if let Some((mode, rest)) = after(route.path, "/faults/") {
                (route.fault, route.path) = (Some(mode), rest);
            } else if let Some((kind, rest)) = after(route.path, "/only/") {
                (route.only, route.path) = (Some(kind), rest);
            } else if let Some((key, rest)) = after(route.path, "/key/") {
                (route.key, route.path) = (Some(percent_decode_str(key).decode_utf8_lossy()), rest);
            } else if let Some(rest) = route.path.strip_prefix("/v2").filter(|rest| rest.starts_with('/')) {
                (route.moved, route.path) = (true, rest);
            } else {
                return route;
            }
        }
    }
}

/// The word after a prefix, and the rest of the path behind it.
pub(super) fn after<'a>(path: &'a str, prefix: &str) -> Option<(&'a str, &'a str)> {
    let rest = path.strip_prefix(prefix)?;
    let end = rest.find('/').unwrap_or(rest.len());
    let (word, rest) = rest.split_at(end);
    Some((word, if rest.is_empty() { "/" } else { rest }))
}

#[cfg(test)]
mod tests {
    use super::Route;

    #[test]
    fn prefixes_combine_and_what_is_left_is_the_path() {
        let route = Route::of("/faults/maintenance/only/path/key/a%20b/api/me");
        assert_eq!(route.fault, Some("maintenance"));
        assert_eq!(route.only, Some("path"));
        assert_eq!(route.key.as_deref(), Some("a b"));
        assert_eq!(route.path, "/api/me");
        assert_eq!(Route::of("/api/me"), Route { path: "/api/me", ..Route::default() });
        assert_eq!(Route::of("/faults/slow").path, "/");
    }
}
