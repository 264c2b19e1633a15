//! The proxy: our own CONNECT (or SOCKS dialogue), because the client's error keeps status and headers to itself.
//!
//! A login for the proxy is sent if the settings have one; it is for the proxy alone.

use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use zeroize::Zeroizing;

use super::climb::{Wire, in_time, milliseconds};
use super::head::{self, Head};
use super::socks;
use crate::diagnosis::fact::{ProxyFault, Stage, StageDetail, StageFact, StageStatus};
use crate::diagnosis::stage::ProxyLook;
use crate::port::Target;
use crate::wire::proxy::{ProxyAddress, ProxyScheme, authority};

/// The headers that explain a proxy's answer.
const EXPLAINING: [&str; 7] =
    ["proxy-authenticate", "x-squid-error", "via", "server", "proxy-status", "location", "retry-after"];

/// The layer `proxy` when it does not hold.
pub(super) fn failed(proxy: &ProxyAddress, fault: ProxyFault, ms: f64) -> StageFact {
    fact(proxy, Said::default(), Some(fault), ms)
}

/// What the proxy said.
#[derive(Default)]
struct Said {
    head: Option<Head>,
    page: Option<String>,
}

fn fact(proxy: &ProxyAddress, said: Said, fault: Option<ProxyFault>, ms: f64) -> StageFact {
    let status = if fault.is_some() { StageStatus::Failed } else { StageStatus::Ok };
    let (code, mut headers) = said.head.map_or((None, vec![]), |head| (Some(head.status), head.headers));
    headers.retain(|(name, _)| EXPLAINING.contains(&name.as_str()));
    let source = proxy.source.to_owned();
    let look = said.page.map(|page| ProxyLook { page: Some(page), ..ProxyLook::default() });
    let detail = StageDetail::Proxy { proxy: proxy.shown(), source, status: code, headers, fault, look };
    StageFact { stage: Stage::Proxy, status, ms: Some(ms), detail }
}

/// Asks the proxy for a tunnel to the target; the stream is there if it agreed.
pub(super) async fn look(
    proxy: &ProxyAddress,
    target: &Target,
    stream: TcpStream,
    config: ClientConfig,
    limit: Duration,
) -> (StageFact, Option<Box<dyn Wire>>) {
    let start = Instant::now();
    let asked = in_time(limit, async {
        let mut wire = enter(proxy, stream, config).await?;
        if proxy.scheme.is_socks() {
            let decided = socks::ask(proxy, target, &mut wire).await?;
            return Ok((Said::default(), decided.err(), wire));
        }
        wire.write_all(request(proxy, target).as_bytes()).await?;
        wire.flush().await?;
        let head = head::read(&mut wire).await?;
        let fault = judge(&head);
        let page = if fault.is_some() { head::page(&mut wire).await } else { None };
        Ok((Said { head: Some(head), page }, fault, wire))
    });
    match asked.await {
        Ok((said, fault, wire)) => {
            let wire = fault.is_none().then_some(wire);
            (fact(proxy, said, fault, milliseconds(start)), wire)
        }
        Err(error) => {
            let fault = ProxyFault::Other(error.to_string());
            (failed(proxy, fault, milliseconds(start)), None)
        }
    }
}

async fn enter(
    proxy: &ProxyAddress,
    stream: TcpStream,
    mut config: ClientConfig,
) -> io::Result<Box<dyn Wire>> {
    if proxy.scheme != ProxyScheme::Https {
        return Ok(Box::new(stream));
    }
    config.alpn_protocols.clear();
    let name = ServerName::try_from(proxy.host.clone()).map_err(io::Error::other)?;
    Ok(Box::new(TlsConnector::from(Arc::new(config)).connect(name, stream).await?))
}

fn request(proxy: &ProxyAddress, target: &Target) -> Zeroizing<String> {
    let host = authority(&target.host, target.port);
    let login = proxy
        .login
        .as_ref()
        .map(|login| Zeroizing::new(format!("Proxy-Authorization: {}\r\n", login.basic().as_str())));
    let login = login.as_ref().map_or("", |line| line.as_str());
    Zeroizing::new(format!("CONNECT {host} HTTP/1.1\r\nHost: {host}\r\n{login}\r\n"))
}

fn judge(head: &Head) -> Option<ProxyFault> {
    match head.status {
        200..=299 => None,
        407 => Some(ProxyFault::NeedsLogin(schemes(head))),
        500.. => Some(ProxyFault::Upstream(head.status)),
        100..=199 => Some(ProxyFault::Other(format!("status {}", head.status))),
        _ => Some(ProxyFault::Denied(head.status)),
    }
}

fn schemes(head: &Head) -> String {
    let asked = head.headers.iter().filter(|(name, _)| name == "proxy-authenticate");
    let words: Vec<&str> = asked.filter_map(|(_, value)| value.split_whitespace().next()).collect();
    words.join(", ")
}

#[cfg(test)]
mod tests {
    use super::{Head, ProxyFault, judge};

    #[test]
    fn each_answer_of_a_proxy_has_its_own_meaning() {
        for (text, expected) in [
            ("HTTP/1.1 200 Connection established\r\n\r\n", None),
            (
                "HTTP/1.1 407 X\r\nProxy-Authenticate: Negotiate\r\nproxy-authenticate: Basic realm=\"a\"\r\n\r\n",
                Some(ProxyFault::NeedsLogin("Negotiate, Basic".into())),
            ),
            ("HTTP/1.0 403 Forbidden\r\n\r\n", Some(ProxyFault::Denied(403))),
            ("HTTP/1.1 302 Found\r\nLocation: http://login/\r\n\r\n", Some(ProxyFault::Denied(302))),
            ("HTTP/1.1 503 X\r\n\r\n", Some(ProxyFault::Upstream(503))),
            ("HTTP/1.1 101 X\r\n\r\n", Some(ProxyFault::Other("status 101".into()))),
        ] {
            assert_eq!(judge(&Head::parse(text).unwrap()), expected, "{text}");
        }
        for text in ["", "SSH-2.0-OpenSSH\r\n\r\n", "HTTP/1.1\r\n\r\n", "HTTP/1.1 abc\r\n\r\n"] {
            assert_eq!(Head::parse(text), None, "{text}");
        }
    }
}
