//! A request as it goes out.

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{ACCEPT, ACCEPT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, USER_AGENT};
use hyper::{Method, Uri};

use crate::base::{Header, Request};
use crate::diagnosis::Fault;

/// The name by which services know us.
pub(super) const NAME: &str = concat!("conn/", env!("CARGO_PKG_VERSION"));

/// The request for the library.
///
/// # Errors
/// Where a part of it cannot be written; nothing was sent.
pub(super) fn outgoing(request: &Request) -> Result<hyper::Request<Full<Bytes>>, Fault> {
    let method = Method::from_bytes(request.method.as_bytes()).map_err(|_| local("CONN-CFG-DEFINITION"))?;
    let address: Uri = request.url.as_str().parse().map_err(|_| local("CONN-CFG-HOST-FORM"))?;
    let mut headers = HeaderMap::with_capacity(request.headers.len() + 4);
    for header in &request.headers {
        let (name, value) = pair(header)?;
        headers.append(name, value);
    }
    let body = match &request.body {
        Some(body) => {
            if !headers.contains_key(CONTENT_TYPE) {
                let kind = HeaderValue::from_str(&body.content_type);
                headers.insert(CONTENT_TYPE, kind.map_err(|_| local("CONN-CFG-DEFINITION"))?);
            }
            Bytes::from(body.bytes.to_vec())
        }
        None => Bytes::new(),
    };
    for (name, value) in [(ACCEPT, "*/*"), (USER_AGENT, NAME), (ACCEPT_ENCODING, "gzip")] {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    let mut outgoing = hyper::Request::new(Full::new(body));
    *outgoing.method_mut() = method;
    *outgoing.uri_mut() = address;
    *outgoing.headers_mut() = headers;
    Ok(outgoing)
}

/// A header for the wire. Its value is marked, so that no `Debug` shows it and HTTP/2 does not index it.
fn pair(header: &Header) -> Result<(HeaderName, HeaderValue), Fault> {
    let wrong = if header.secret { "CONN-SEC-WHITESPACE" } else { "CONN-CFG-DEFINITION" };
    let name = HeaderName::from_bytes(header.name.as_bytes()).map_err(|_| local(wrong))?;
    let mut value = HeaderValue::from_str(&header.value).map_err(|_| local(wrong))?;
    value.set_sensitive(true);
    Ok((name, value))
}

fn local(code: &str) -> Fault {
    Fault::Local(code.to_owned())
}
