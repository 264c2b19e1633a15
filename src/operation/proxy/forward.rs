//! One call on its way to the service and its answer back.

use http::header::CONNECTION;
use http::{HeaderMap, HeaderName, HeaderValue, Version};
use url::Url;
use zeroize::Zeroizing;

use super::addresses;
use crate::base::{Body, Header, Request};
use crate::diagnosis::{Fault, judge, path};
use crate::model::State;
use crate::operation::check::Loaded;
use crate::operation::exchange::Caller;
use crate::operation::request::carried;
use crate::operation::{Failure, World, secrets};
use crate::port::{Content, Head, Reply, Route};

/// What belongs to one hop (RFC 9110, section 7.6.1), to this proxy, or to other programs at this address: cookies
/// know no ports.
const NOT_PASSED_ON: &[&str] = &[
    "authorization",
    "connection",
    "content-length",
    "cookie",
    "expect",
    "forwarded",
    "host",
    "keep-alive",
    "origin",
    "proxy-authorization",
    "proxy-connection",
    "referer",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "via",
];

/// The same on the way back.
const NOT_PASSED_BACK: &[&str] = &[
    "alt-svc",
    "connection",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authentication-info",
    "proxy-connection",
    "set-cookie",
    "strict-transport-security",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    // Tells an answer of this proxy from one of the service.
    "x-conn-proxy",
];

/// The connection as it is used now, and what every call of it needs alike.
pub(super) struct Current {
    pub(super) loaded: Loaded,
    hosts: Vec<String>,
    route: Route,
}

impl Current {
    /// Works out once where the connection's credential may travel, and the way there.
    ///
    /// # Errors
    /// When its client certificate cannot be presented.
    pub(super) fn new(world: &dyn World, loaded: Loaded) -> Result<Self, Failure> {
        let caller = Caller { world, prepared: &loaded.prepared, secrets: &loaded.secrets };
        let route = caller.route().map_err(|fault| failed(world, &loaded, &fault))?;
        let hosts = loaded.prepared.hosts(&loaded.secrets);
        Ok(Self { loaded, hosts, route })
    }
}

fn failed(world: &dyn World, loaded: &Loaded, fault: &Fault) -> Failure {
    let fingerprints = secrets::fingerprints(world, &loaded.prepared, &loaded.secrets);
    let subject = loaded.prepared.subject(&loaded.secrets, State::Connected, fingerprints);
    let mut finding = path::fault(fault, &subject);
    judge::name(&mut finding, &loaded.prepared.connector, &subject);
    Failure::from(finding)
}

/// Signs a call, sends it, and gives back the answer while its body is still coming.
pub(super) async fn send(
    world: &dyn World,
    current: &Current,
    base: &Url,
    own: &str,
    head: &Head,
    body: &Zeroizing<Vec<u8>>,
) -> Result<Reply, Failure> {
    let loaded = &current.loaded;
    let caller = Caller { world, prepared: &loaded.prepared, secrets: &loaded.secrets };
    let failed = |fault: Fault| failed(world, loaded, &fault);
    let mut request = build(&caller, base, head, body).map_err(failed)?;
    carried(&request, &caller)?;
    caller.sign_for(&mut request, &current.hosts).map_err(failed)?;
    let mut answer = caller.open(&mut request, &current.route).await.map_err(failed)?;
    let status = answer.status().as_u16();
    // Only the path: what a program asks for may hold secrets of its own.
    tracing::info!(method = %request.method, path = request.url.path(), status, "passed on");
    // That of this hop.
    *answer.version_mut() = Version::HTTP_11;
    lead_back(answer.headers_mut(), base, own);
    Ok(answer.map(Content::Flowing))
}

fn build(caller: &Caller<'_>, base: &Url, head: &Head, body: &Zeroizing<Vec<u8>>) -> Result<Request, Fault> {
    // Only path and query are the program's: no way of writing them leads to another host.
    let root = base.path().trim_end_matches('/');
    let mut url = base.clone();
    url.set_path(&[root, head.uri.path()].concat());
    url.set_query(head.uri.query());
    if !url.path().starts_with(root) {
        return Err(Fault::Local("CONN-CFG-HOST-CHANGED".to_owned()));
    }
    let mut request = Request::new(head.method.as_str(), caller.without_secrets(url));
    for (name, template) in &caller.prepared.connector.headers {
        let value = template.expand(|name| caller.prepared.value(name, caller.secrets));
        let value = value.map_err(|_| Fault::Local("CONN-CFG-VARIABLE-MISSING".to_owned()))?;
        request.set_header(Header::plain(name, value.to_string()));
    }
    let named: Vec<String> = hop_by_hop(&head.headers);
    let mut content_type = None;
    for (name, value) in &head.headers {
        let (name, value) = (name.as_str(), text(value));
        let stays = NOT_PASSED_ON.contains(&name)
            || named.iter().any(|other| other == name)
            || name.starts_with("x-forwarded-");
        if !stays {
            request.set_header(Header::plain(name, value));
        }
        if name == "content-type" {
            content_type = Some(value.to_owned());
        }
    }
    if !body.is_empty() {
        let content_type = content_type.unwrap_or_else(|| "application/octet-stream".to_owned());
        request.body = Some(Body { content_type, bytes: body.clone() });
    }
    Ok(request)
}

/// A header's value; what is no text was turned away before, or has no name that we look at.
fn text(value: &HeaderValue) -> &str {
    std::str::from_utf8(value.as_bytes()).unwrap_or_default()
}

/// The headers that `Connection` names.
fn hop_by_hop(headers: &HeaderMap) -> Vec<String> {
    let values = headers.get_all(CONNECTION).into_iter().map(text);
    values.flat_map(|value| value.split(',')).map(|name| name.trim().to_ascii_lowercase()).collect()
}

/// Takes away what does not belong to the program at the proxy, and leads addresses through it.
fn lead_back(headers: &mut HeaderMap, base: &Url, own: &str) {
    let named = hop_by_hop(headers);
    let stays = |name: &&HeaderName| {
        let name = name.as_str();
        NOT_PASSED_BACK.contains(&name)
            || named.iter().any(|other| other == name)
            || name.starts_with("access-control-")
    };
    for name in headers.keys().filter(stays).cloned().collect::<Vec<_>>() {
        headers.remove(name);
    }
    for (name, value) in headers {
        let led = addresses::through(name.as_str(), text(value), base, own);
        if let Some(Ok(led)) = led.map(HeaderValue::try_from) {
            *value = led;
        }
    }
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderValue};

    use super::lead_back;

    #[test]
    fn what_belongs_to_one_hop_or_to_a_browser_stays_behind_and_addresses_lead_through_the_proxy() {
        let base = "https://api.example.com/v1".parse().unwrap();
        let mut headers: HeaderMap = [
            ("connection", "close, X-Hop"),
            ("x-hop", "1"),
            ("keep-alive", "timeout=5"),
            ("proxy-connection", "keep-alive"),
            ("set-cookie", "session=1"),
            ("access-control-allow-origin", "*"),
            ("x-conn-proxy", "turned-away"),
            ("content-type", "application/json"),
            ("location", "https://api.example.com/v1/next"),
        ]
        .into_iter()
        .map(|(name, value)| (name.parse().unwrap(), HeaderValue::from_static(value)))
        .collect();
        headers.append("x-raw", HeaderValue::from_bytes(b"\xe9t\xe9").unwrap());
        lead_back(&mut headers, &base, "127.0.0.1:4000");
        let mut left: Vec<(&str, &[u8])> =
            headers.iter().map(|(name, value)| (name.as_str(), value.as_bytes())).collect();
        left.sort_unstable();
        let expected: [(&str, &[u8]); 3] = [
            ("content-type", b"application/json"),
            ("location", b"http://127.0.0.1:4000/next"),
            ("x-raw", b"\xe9t\xe9"),
        ];
        assert_eq!(left, expected);
    }
}
