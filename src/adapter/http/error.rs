//! From the errors of the HTTP library to our faults.

use std::io;

use hyper_util::client::legacy::Error;

use super::line::{TooLate, Unresolved};
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

/// Why no answer began.
pub(super) fn sending(error: &Error, context: &Context<'_>) -> Fault {
    if let Some(words) = tunnel(error) {
        return Fault::Proxy(words);
    }
    if let Some(error) = fault::find::<Unresolved>(error) {
        return by_proxy(context, DnsFault::Other(error.to_string()), Fault::Dns, ProxyFault::Unresolved);
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
fn tunnel(error: &Error) -> Option<ProxyFault> {
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

fn connecting(error: &Error, context: &Context<'_>) -> Fault {
    let own = |fault| by_proxy(context, fault, Fault::Connect, ProxyFault::Unreachable);
    // The library wraps an error of the stream in one of its own.
    let layers = fault::layers(error);
    let cut =
        layers.iter().filter_map(|layer| layer.downcast_ref::<io::Error>()).any(|one| is_cut(one.kind()));
    match fault::find::<io::Error>(error) {
        // After TCP stands, only the handshake is left to fail.
        Some(_) if cut && !is_tcp(error) => Fault::Tls(TlsFault::Reset),
        Some(broken) => own(fault::connect(broken)),
        None if fault::find::<TooLate>(error).is_some() => own(ConnectFault::Timeout),
        None => own(ConnectFault::Other(innermost(error))),
    }
}

/// Whether hyper-util's TCP connector failed, by the fixed English words of its error.
fn is_tcp(error: &Error) -> bool {
    fault::layers(error).iter().any(|layer| layer.to_string().starts_with("tcp "))
}

fn is_cut(kind: io::ErrorKind) -> bool {
    use io::ErrorKind as K;
    matches!(kind, K::UnexpectedEof | K::ConnectionReset | K::ConnectionAborted | K::BrokenPipe)
}

fn exchanging(error: &Error) -> HttpFault {
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
        _ => HttpFault::Other(innermost(error)),
    }
}

/// Why a body that had begun did not end well.
pub(super) fn reading(error: &hyper::Error) -> HttpFault {
    if error.to_string() == "http2 error" {
        return HttpFault::Http2(innermost(error));
    }
    if error.is_incomplete_message() {
        return HttpFault::Truncated;
    }
    match fault::find::<io::Error>(error).map(io::Error::kind) {
        Some(io::ErrorKind::UnexpectedEof) => HttpFault::Truncated,
        Some(io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData) => {
            HttpFault::NotHttp(innermost(error))
        }
        Some(kind) if is_cut(kind) => HttpFault::Reset,
        _ => HttpFault::Other(innermost(error)),
    }
}

/// Why a body could not be unpacked.
pub(super) fn unpacking(error: &io::Error) -> HttpFault {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => HttpFault::Truncated,
        _ => HttpFault::BadEncoding,
    }
}

/// The words of the innermost error.
fn innermost(error: &(dyn std::error::Error + 'static)) -> String {
    fault::layers(error).last().map(ToString::to_string).unwrap_or_default()
}
