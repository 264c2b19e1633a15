//! From reqwest's errors to our faults. Their text holds the address with its query and is never shown.

use std::error::Error;
use std::io;

use crate::diagnosis::Fault;
use crate::diagnosis::fact::{ConnectFault, DnsFault, HttpFault, ProxyFault, TlsFault};
use crate::wire::fault;

/// What the request was about.
pub(super) struct Context<'a> {
    /// The host that was asked for.
    pub host: &'a str,
    /// Whether a proxy stood between.
    pub proxied: bool,
}

/// Why a client could not be made.
pub(super) fn building(error: &reqwest::Error) -> Fault {
    Fault::Http(HttpFault::Other(innermost(error)))
}

/// Why no answer began.
pub(super) fn sending(error: &reqwest::Error, context: &Context<'_>) -> Fault {
    if let Some(words) = tunnel(error) {
        return Fault::Proxy(words);
    }
    if error.is_dns() {
        return by_proxy(context, DnsFault::Other(innermost(error)), Fault::Dns, ProxyFault::Unresolved);
    }
    if let Some(error) = fault::find::<rustls::Error>(error) {
        return Fault::Tls(fault::tls(error, context.host));
    }
    if error.is_connect() { connecting(error, context) } else { Fault::Http(exchanging(error)) }
}

fn by_proxy<T>(
    context: &Context<'_>,
    inner: T,
    direct: fn(T) -> Fault,
    through: fn(T) -> ProxyFault,
) -> Fault {
    if context.proxied { Fault::Proxy(through(inner)) } else { direct(inner) }
}

/// The proxy's refusal. hyper-util keeps the type to itself and tells the status of 407 alone; the prober asks
/// again and learns the rest.
fn tunnel(error: &reqwest::Error) -> Option<ProxyFault> {
    let layers = fault::layers(error);
    let words = layers.iter().map(ToString::to_string).find(|words| words.starts_with("tunnel error: "))?;
    if words.contains("proxy authorization required") {
        return Some(ProxyFault::NeedsLogin(String::new()));
    }
    let below = layers.iter().find_map(|layer| layer.downcast_ref::<io::Error>()).map(fault::connect);
    match below {
        Some(found @ (ConnectFault::Refused | ConnectFault::Timeout)) => Some(ProxyFault::Unreachable(found)),
        _ => Some(ProxyFault::Other(words)),
    }
}

fn connecting(error: &reqwest::Error, context: &Context<'_>) -> Fault {
    let own = |fault| by_proxy(context, fault, Fault::Connect, ProxyFault::Unreachable);
    match fault::find::<io::Error>(error) {
        // After TCP stands, only the handshake is left to fail.
        Some(broken) if !is_tcp(error) && is_cut(broken.kind()) => Fault::Tls(TlsFault::Reset),
        Some(broken) => own(fault::connect(broken)),
        None if error.is_timeout() => own(ConnectFault::Timeout),
        None => own(ConnectFault::Other(innermost(error))),
    }
}

/// Whether hyper-util's TCP connector failed, by the fixed English words of its error.
fn is_tcp(error: &reqwest::Error) -> bool {
    fault::layers(error).iter().any(|layer| layer.to_string().starts_with("tcp "))
}

fn is_cut(kind: io::ErrorKind) -> bool {
    use io::ErrorKind as K;
    matches!(kind, K::UnexpectedEof | K::ConnectionReset | K::ConnectionAborted | K::BrokenPipe)
}

fn exchanging(error: &reqwest::Error) -> HttpFault {
    if let Some(hyper) = fault::find::<hyper::Error>(error) {
        if hyper.is_parse_too_large() {
            return HttpFault::HeadTooLarge;
        }
        if hyper.is_parse() {
            return HttpFault::NotHttp(hyper.to_string());
        }
        if hyper.is_incomplete_message() {
            return HttpFault::Empty;
        }
        if hyper.to_string() == "http2 error" {
            return HttpFault::Http2(innermost(hyper));
        }
    }
    match fault::find::<io::Error>(error).map(io::Error::kind) {
        Some(kind) if is_cut(kind) => HttpFault::Reset,
        _ if error.is_timeout() => HttpFault::NoAnswer,
        _ => HttpFault::Other(innermost(error)),
    }
}

/// Why a body that had begun did not end well.
pub(super) fn reading(error: &reqwest::Error) -> HttpFault {
    use io::ErrorKind as K;
    if let Some(hyper) = fault::find::<hyper::Error>(error) {
        if hyper.to_string() == "http2 error" {
            return HttpFault::Http2(innermost(hyper));
        }
        if hyper.is_incomplete_message() {
            return HttpFault::Truncated;
        }
    }
    match fault::find::<io::Error>(error).map(io::Error::kind) {
        Some(K::UnexpectedEof) => HttpFault::Truncated,
        Some(K::InvalidData) => HttpFault::BadEncoding,
        Some(K::InvalidInput) => HttpFault::NotHttp(innermost(error)),
        Some(kind) if is_cut(kind) => HttpFault::Reset,
        _ => HttpFault::Other(innermost(error)),
    }
}

/// The words of the innermost error. reqwest's own carry the address; those below do not.
fn innermost(error: &(dyn Error + 'static)) -> String {
    let layers = fault::layers(error);
    let below = layers.iter().rev().find(|layer| !layer.is::<reqwest::Error>());
    below.map_or_else(|| "the HTTP library gave no reason".to_owned(), ToString::to_string)
}
