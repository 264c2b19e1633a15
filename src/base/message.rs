//! Requests and answers as plain values, whoever carries them.

use std::fmt;

use http::HeaderMap;
use url::Url;
use zeroize::Zeroizing;

/// One header. The value is wiped on drop and never shown by `Debug`.
#[derive(Clone)]
pub struct Header {
    /// The name, as the definition spells it.
    pub name: String,
    /// The value.
    pub value: Zeroizing<String>,
    /// Whether the value holds a secret.
    pub secret: bool,
}

impl Header {
    /// A header that anybody may read.
    #[must_use]
    pub fn plain(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self { name: name.into(), value: Zeroizing::new(value.into()), secret: false }
    }

    /// A header that holds a secret.
    #[must_use]
    pub fn secret(name: impl Into<String>, value: Zeroizing<String>) -> Self {
        Self { name: name.into(), value, secret: true }
    }
}

/// A request body.
#[derive(Clone)]
pub struct Body {
    /// The media type.
    pub content_type: String,
    /// The bytes, wiped on drop.
    pub bytes: Zeroizing<Vec<u8>>,
}

/// A request, ready to be sent.
#[derive(Clone)]
pub struct Request {
    /// `GET`, `POST`, ….
    pub method: String,
    /// The address, with any secret that travels in it.
    pub url: Url,
    /// The address for people: secrets in it are masked.
    pub shown_url: String,
    /// The headers, in order.
    pub headers: Vec<Header>,
    /// The body.
    pub body: Option<Body>,
    /// The fields of the body, form or JSON, that hold a part of a credential.
    pub secret_fields: Vec<String>,
    /// Whether it carries any part of a credential.
    pub credentialed: bool,
}

impl Request {
    /// A request without headers, body or credential.
    #[must_use]
    pub fn new(method: &str, url: Url) -> Self {
        let shown_url = url.as_str().to_owned();
        Self {
            method: method.to_owned(),
            url,
            shown_url,
            headers: vec![],
            body: None,
            secret_fields: vec![],
            credentialed: false,
        }
    }

    /// The value of a header, by name in any case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|h| h.name.eq_ignore_ascii_case(name)).map(|h| h.value.as_str())
    }

    /// Sets a header, replacing one of the same name.
    pub fn set_header(&mut self, header: Header) {
        self.headers.retain(|other| !other.name.eq_ignore_ascii_case(&header.name));
        self.headers.push(header);
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.headers.iter().map(|header| header.name.as_str()).collect();
        write!(formatter, "{} {} {names:?}", self.method, self.shown_url)
    }
}

/// An answer, its body capped at the reader's limit.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// The headers, names in lower case, in order.
    pub headers: Vec<(String, String)>,
    /// The decoded body, at most as long as the cap.
    pub body: Vec<u8>,
    /// Whether the body was longer than the cap.
    pub truncated: bool,
    /// The protocol: `HTTP/1.1` or `HTTP/2.0`.
    pub version: String,
    /// Who answered.
    pub peer: Option<Box<super::Peer>>,
}

impl Response {
    /// The head of an answer: its body is empty.
    #[must_use]
    pub fn head(status: u16, headers: &HeaderMap) -> Self {
        let pairs = headers.iter().map(|(name, value)| {
            (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
        });
        Self { status, headers: pairs.collect(), ..Self::default() }
    }

    /// The first value of a header, by name in any case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The body as text, invalid bytes replaced.
    #[must_use]
    pub fn text(&self) -> std::borrow::Cow<'_, str> {
        String::from_utf8_lossy(&self.body)
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} ({} bytes)", self.status, self.body.len())
    }
}
