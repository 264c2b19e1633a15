//! One client for each host and way to it, made on first use.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpInfo;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::ClientConfig;
use url::Url;

use super::answer::{Arriving, read};
use super::error;
use super::line::{Leaf, Opener};
use super::outgoing::outgoing;
use crate::base::{Peer, Request, Response, authority, is_loopback};
use crate::diagnosis::Fault;
use crate::diagnosis::fact::{HttpFault, TlsFault};
use crate::port::{BoxFuture, Carrier, ClientIdentity, Exchange, Opened, Route};
use crate::wire::proxy::{ProxyAddress, ProxySettings};
use crate::wire::{Trust, chain, trust};

/// The most headers that an answer may have.
const HEADERS: usize = 256;
/// The most bytes of headers that an HTTP/2 answer may have.
const HEAD_BYTES: u32 = 64 * 1024;

/// A client with the lines that it keeps open.
type Lines = Client<Opener, Full<Bytes>>;

/// The carrier of this program.
#[derive(Debug)]
pub struct HttpCarrier {
    proxies: Arc<ProxySettings>,
    trust: Arc<Trust>,
    /// By the host that they are for.
    clients: Mutex<HashMap<String, Vec<(Way, Lines)>>>,
    securities: Mutex<Vec<(Security, Arc<ClientConfig>)>>,
}

/// What a client is made for, besides its host. Connections of the same way share it: HTTP carries its credential
/// in each request, cookies are off, and no connection is ever logged in by itself (no NTLM, no Negotiate).
#[derive(Debug)]
struct Way {
    proxied: bool,
    connect: Duration,
    security: Security,
}

impl Way {
    fn is(&self, proxied: bool, route: &Route) -> bool {
        self.proxied == proxied && self.connect == route.connect && self.security.is(route)
    }
}

/// What TLS is made from. All hosts share it, and with it the sessions that they let us resume.
#[derive(Clone, Debug)]
struct Security {
    ca_file: Option<PathBuf>,
    identity: Option<ClientIdentity>,
    older_protocol: bool,
}

impl Security {
    fn of(route: &Route) -> Self {
        Self {
            ca_file: route.ca_file.clone(),
            identity: route.identity.clone(),
            older_protocol: route.older_protocol,
        }
    }

    fn is(&self, route: &Route) -> bool {
        self.ca_file == route.ca_file
            && self.identity == route.identity
            && self.older_protocol == route.older_protocol
    }
}

impl HttpCarrier {
    /// A carrier that takes these proxies and trusts these authorities. Builds nothing yet.
    #[must_use]
    pub fn new(proxies: Arc<ProxySettings>, trust: Arc<Trust>) -> Self {
        Self { proxies, trust, clients: Mutex::default(), securities: Mutex::default() }
    }

    /// A whole answer, within the deadline of the whole: until the head comes it is not known what keeps it, and
    /// then it is the body.
    async fn exchange(&self, request: &Request, route: &Route) -> Result<Response, Fault> {
        let end = tokio::time::Instant::now() + route.total;
        let proxy = self.proxy_for(&request.url)?;
        let answer = self.answer(request, route, proxy).await?;
        let peer = peer(&answer, proxy);
        let reading = tokio::time::timeout_at(end, read(answer, route));
        let mut response = reading.await.map_err(|_| Fault::Http(HttpFault::Stalled))??;
        response.peer = Some(Box::new(peer));
        Ok(response)
    }

    /// The head of an answer, within the deadlines until then; its body waits.
    async fn answer(
        &self,
        request: &Request,
        route: &Route,
        proxy: Option<&ProxyAddress>,
    ) -> Result<hyper::Response<Incoming>, Fault> {
        let client = self.client(&request.url, proxy, route)?;
        let context =
            error::Context { host: request.url.host_str().unwrap_or_default(), proxied: proxy.is_some() };
        let sending = client.request(outgoing(request)?);
        let first_byte = route.connect + route.first_byte;
        let (patience, late) = if route.total < first_byte {
            (route.total, Fault::Deadline)
        } else {
            (first_byte, Fault::Http(HttpFault::NoAnswer))
        };
        let answer = tokio::time::timeout(patience, sending).await.map_err(|_| late)?;
        let answer = answer.map_err(|error| error::sending(&error, &context))?;
        if answer.status().is_informational() {
            let status = answer.status().as_u16();
            return Err(Fault::Http(HttpFault::NotHttp(format!("the answer ends with status {status}"))));
        }
        Ok(answer)
    }

    /// The proxy for an address; refuses what must not be sent at all.
    fn proxy_for(&self, url: &Url) -> Result<Option<&ProxyAddress>, Fault> {
        let host = url.host_str().unwrap_or_default();
        match url.scheme() {
            "https" => Ok(self.proxies.choose(host, url.port_or_known_default().unwrap_or(443))),
            "http" if is_loopback(host) => Ok(None),
            "http" => Err(Fault::Local("CONN-CFG-HOST-INSECURE".into())),
            _ => Err(Fault::Local("CONN-CFG-HOST-FORM".into())),
        }
    }

    fn client(&self, url: &Url, proxy: Option<&ProxyAddress>, route: &Route) -> Result<Lines, Fault> {
        let authority = authority(url).unwrap_or_default();
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        let known = clients
            .get(&authority)
            .and_then(|all| all.iter().find(|(way, _)| way.is(proxy.is_some(), route)));
        if let Some((_, client)) = known {
            return Ok(client.clone());
        }
        let way = Way { proxied: proxy.is_some(), connect: route.connect, security: Security::of(route) };
        let client = lines(Opener::new(proxy, self.tls(route)?, route.connect)?);
        clients.entry(authority).or_default().push((way, client.clone()));
        Ok(client)
    }

    fn tls(&self, route: &Route) -> Result<Arc<ClientConfig>, Fault> {
        let mut known = self.securities.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, tls)) = known.iter().find(|(security, _)| security.is(route)) {
            return Ok(Arc::clone(tls));
        }
        if let Some(file) = &route.ca_file
            && trust::probe(file).is_err()
        {
            return Err(Fault::Tls(TlsFault::NoTrustStore));
        }
        let mut tls = match &route.identity {
            Some(own) => self
                .trust
                .client_as(route.ca_file.as_deref(), &own.certificate, &own.private_key)
                .map_err(|why| Fault::Tls(TlsFault::ClientCertificateUnusable(why)))?,
            None => self.trust.client(route.ca_file.as_deref()),
        };
        if route.older_protocol {
            tls.alpn_protocols = vec![b"http/1.1".to_vec()];
        }
        let tls = Arc::new(tls);
        known.push((Security::of(route), Arc::clone(&tls)));
        Ok(tls)
    }
}

fn lines(opener: Opener) -> Lines {
    Client::builder(TokioExecutor::new())
        .timer(TokioTimer::new())
        .pool_timer(TokioTimer::new())
        .http1_max_headers(HEADERS)
        .http2_max_header_list_size(HEAD_BYTES)
        .build(opener)
}

impl Carrier for HttpCarrier {
    fn send<'a>(&'a self, request: &'a Request, route: &'a Route) -> BoxFuture<'a, Exchange> {
        Box::pin(async move {
            let start = Instant::now();
            let outcome = self.exchange(request, route).await;
            Exchange { outcome, elapsed: start.elapsed() }
        })
    }

    fn open<'a>(&'a self, request: &'a Request, route: &'a Route) -> BoxFuture<'a, Result<Opened, Fault>> {
        Box::pin(async move {
            let proxy = self.proxy_for(&request.url)?;
            let (head, body) = Arriving::new(self.answer(request, route, proxy).await?, route.idle);
            Ok(Opened::from_parts(head, Box::new(body)))
        })
    }

    fn leave(&self, authority: &str) {
        self.clients.lock().unwrap_or_else(PoisonError::into_inner).remove(authority);
    }
}

/// Who answered.
fn peer(answer: &hyper::Response<Incoming>, proxy: Option<&ProxyAddress>) -> Peer {
    let leaf = answer.extensions().get::<Leaf>();
    let (issuer, ends) = leaf.and_then(|leaf| chain::issuer_and_end(&leaf.0)).unzip();
    let address = answer.extensions().get::<HttpInfo>().filter(|_| proxy.is_none());
    Peer {
        address: address.map(|line| line.remote_addr().ip().to_string()),
        issuer,
        ends,
        proxy: proxy.map(ToString::to_string),
        proxy_source: proxy.map(|proxy| proxy.source.to_owned()),
    }
}
