//! One call on its way to the service and its answer back.

use url::Url;
use zeroize::Zeroizing;

use super::addresses;
use crate::base::{Body, Header, Request, same_origin};
use crate::diagnosis::{Fault, judge, path};
use crate::model::State;
use crate::operation::check::Loaded;
use crate::operation::exchange::Caller;
use crate::operation::{Failure, World, secrets};
use crate::port::{Content, Head, Opened, Reply, Route};

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
    "set-cookie",
    "strict-transport-security",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
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
    caller.sign_for(&mut request, &current.hosts).map_err(failed)?;
    let Opened { head: answer, body } = caller.open(&mut request, &current.route).await.map_err(failed)?;
    let status = answer.status;
    // Only the path: what a program asks for may hold secrets of its own.
    tracing::info!(method = %request.method, path = request.url.path(), status, "passed on");
    Ok(Reply { status, headers: back(answer.headers, base, own), body: Content::Flowing(body) })
}

fn build(caller: &Caller<'_>, base: &Url, head: &Head, body: &Zeroizing<Vec<u8>>) -> Result<Request, Fault> {
    let form = || Fault::Local("CONN-CFG-HOST-FORM".to_owned());
    let text = format!("{}{}", base.as_str().trim_end_matches('/'), head.target);
    let url = Url::parse(&text).map_err(|_| form())?;
    if !same_origin(&url, base) || !url.path().starts_with(base.path().trim_end_matches('/')) {
        return Err(Fault::Local("CONN-CFG-HOST-CHANGED".to_owned()));
    }
    let mut request = Request::new(&head.method, caller.without_secrets(url));
    for (name, template) in &caller.prepared.connector.headers {
        let value = template.expand(|name| caller.prepared.value(name, caller.secrets));
        let value = value.map_err(|_| Fault::Local("CONN-CFG-VARIABLE-MISSING".to_owned()))?;
        request.set_header(Header::plain(name, value.to_string()));
    }
    let named: Vec<String> = hop_by_hop(head.all("connection"));
    let mut content_type = None;
    for (name, value) in &head.headers {
        let stays = NOT_PASSED_ON.contains(&name.as_str())
            || named.contains(name)
            || name.starts_with("x-forwarded-");
        if !stays {
            request.set_header(Header::plain(name, value));
        }
        if name == "content-type" {
            content_type = Some(value.clone());
        }
    }
    if !body.is_empty() {
        let content_type = content_type.unwrap_or_else(|| "application/octet-stream".to_owned());
        request.body = Some(Body { content_type, bytes: body.clone() });
    }
    Ok(request)
}

/// The headers that `Connection` names.
fn hop_by_hop<'a>(values: impl Iterator<Item = &'a str>) -> Vec<String> {
    values.flat_map(|value| value.split(',')).map(|name| name.trim().to_ascii_lowercase()).collect()
}

fn back(answer: Vec<(String, String)>, base: &Url, own: &str) -> Vec<(String, String)> {
    let connection = answer.iter().filter(|(name, _)| name == "connection");
    let named = hop_by_hop(connection.map(|(_, value)| value.as_str()));
    let stays = |name: &String| {
        NOT_PASSED_BACK.contains(&name.as_str())
            || named.contains(name)
            || name.starts_with("access-control-")
    };
    let passed = answer.into_iter().filter(|(name, _)| !stays(name));
    let own = |(name, value): (String, String)| {
        let value = addresses::through(&name, &value, base, own).unwrap_or(value);
        (name, value)
    };
    passed.map(own).collect()
}
