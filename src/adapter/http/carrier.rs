//! One client for each host and way to it, made on first use.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use reqwest::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use reqwest::redirect::Policy;
use url::Url;

use super::error;
use crate::base::{Header, Peer, Request, Response, authority, is_loopback};
use crate::diagnosis::Fault;
use crate::diagnosis::fact::{HttpFault, TlsFault};
use crate::port::{BoxFuture, Carrier, ClientIdentity, Exchange, Opened, Pieces, Route};
use crate::wire::proxy::{ProxyAddress, ProxySettings};
use crate::wire::{Trust, chain, resolve, trust};

/// The most headers that an answer may have.
const HEADERS: usize = 256;
/// The most bytes of headers that an HTTP/2 answer may have.
const HEAD_BYTES: u32 = 64 * 1024;
/// The name by which services know us.
const USER_AGENT: &str = concat!("conn/", env!("CARGO_PKG_VERSION"));

/// The carrier of this program.
#[derive(Debug)]
pub struct HttpCarrier {
    proxies: Arc<ProxySettings>,
    trust: Arc<Trust>,
    clients: Mutex<HashMap<Way, reqwest::Client>>,
    securities: Mutex<HashMap<Security, rustls::ClientConfig>>,
}

/// What a client is made for. Connections of the same way share it: HTTP carries its credential in each
/// request, cookies are off, and no connection is ever logged in by itself (no NTLM, no Negotiate).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Way {
    authority: String,
    proxied: bool,
    connect: Duration,
    security: Security,
}

/// What TLS is made from. All hosts share it, and with it the sessions that they let us resume.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Security {
    ca_file: Option<PathBuf>,
    identity: Option<ClientIdentity>,
    older_protocol: bool,
}

impl HttpCarrier {
    /// A carrier that takes these proxies and trusts these authorities. Builds nothing yet.
    #[must_use]
    pub fn new(proxies: Arc<ProxySettings>, trust: Arc<Trust>) -> Self {
        Self { proxies, trust, clients: Mutex::default(), securities: Mutex::default() }
    }

    async fn exchange(&self, request: &Request, route: &Route) -> Result<Response, Fault> {
        let proxy = self.proxy_for(&request.url)?;
        let answer = self.answer(request, route, proxy).await?;
        let peer = peer(&answer, proxy);
        let mut response = read(answer, route).await?;
        response.peer = Some(Box::new(peer));
        Ok(response)
    }

    /// The head of an answer; its body waits.
    async fn answer(
        &self,
        request: &Request,
        route: &Route,
        proxy: Option<&ProxyAddress>,
    ) -> Result<reqwest::Response, Fault> {
        let client = self.client(&request.url, proxy, route)?;
        let context =
            error::Context { host: request.url.host_str().unwrap_or_default(), proxied: proxy.is_some() };
        let outgoing = outgoing(&client, request)?;
        let sending = tokio::time::timeout(route.connect + route.first_byte, outgoing.send());
        let answer = sending.await.map_err(|_| Fault::Http(HttpFault::NoAnswer))?;
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

    fn client(
        &self,
        url: &Url,
        proxy: Option<&ProxyAddress>,
        route: &Route,
    ) -> Result<reqwest::Client, Fault> {
        let security = Security {
            ca_file: route.ca_file.clone(),
            identity: route.identity.clone(),
            older_protocol: route.older_protocol,
        };
        let way = Way {
            authority: authority(url).unwrap_or_default(),
            proxied: proxy.is_some(),
            connect: route.connect,
            security,
        };
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = clients.get(&way) {
            return Ok(client.clone());
        }
        let tls = self.tls(&way.security)?;
        let client = build(proxy, &way, tls).map_err(|error| error::building(&error))?;
        clients.insert(way, client.clone());
        Ok(client)
    }

    fn tls(&self, security: &Security) -> Result<rustls::ClientConfig, Fault> {
        let mut known = self.securities.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(tls) = known.get(security) {
            return Ok(tls.clone());
        }
        if let Some(file) = &security.ca_file
            && trust::from_file(file).is_err()
        {
            return Err(Fault::Tls(TlsFault::NoTrustStore));
        }
        let mut tls = match &security.identity {
            Some(own) => self
                .trust
                .client_as(security.ca_file.as_deref(), &own.certificate, &own.private_key)
                .map_err(|why| Fault::Tls(TlsFault::ClientCertificateUnusable(why)))?,
            None => self.trust.client(security.ca_file.as_deref()),
        };
        if security.older_protocol {
            tls.alpn_protocols = vec![b"http/1.1".to_vec()];
        }
        known.insert(security.clone(), tls.clone());
        Ok(tls)
    }
}

fn build(
    proxy: Option<&ProxyAddress>,
    way: &Way,
    tls: rustls::ClientConfig,
) -> reqwest::Result<reqwest::Client> {
    let mut builder = reqwest::Client::builder()
        .tls_backend_preconfigured(tls)
        .tls_info(true)
        .dns_resolver(SystemResolver)
        .redirect(Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .no_proxy()
        .gzip(true)
        .user_agent(USER_AGENT)
        .connect_timeout(way.connect)
        .http1_max_headers(HEADERS)
        .http2_max_header_list_size(HEAD_BYTES);
    if way.security.older_protocol {
        builder = builder.http1_only();
    }
    if let Some(address) = proxy {
        builder = builder.proxy(through(address)?);
    }
    builder.build()
}

impl Carrier for HttpCarrier {
    fn send<'a>(&'a self, request: &'a Request, route: &'a Route) -> BoxFuture<'a, Exchange> {
        Box::pin(async move {
            let start = Instant::now();
            let outcome = tokio::time::timeout(route.total, self.exchange(request, route)).await;
            Exchange { outcome: outcome.unwrap_or(Err(Fault::Deadline)), elapsed: start.elapsed() }
        })
    }

    fn open<'a>(&'a self, request: &'a Request, route: &'a Route) -> BoxFuture<'a, Result<Opened, Fault>> {
        Box::pin(async move {
            let proxy = self.proxy_for(&request.url)?;
            let answer = tokio::time::timeout(route.total, self.answer(request, route, proxy)).await;
            let answer = answer.unwrap_or(Err(Fault::Deadline))?;
            Ok(Opened { head: head(&answer), body: Box::new(Arriving { answer, idle: route.idle }) })
        })
    }

    fn leave(&self, authority: &str) {
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        clients.retain(|way, _| way.authority != authority);
    }
}

/// A body on its way.
struct Arriving {
    answer: reqwest::Response,
    idle: Duration,
}

impl Pieces for Arriving {
    fn next(&mut self) -> BoxFuture<'_, Option<Result<Vec<u8>, Fault>>> {
        Box::pin(async move {
            match tokio::time::timeout(self.idle, self.answer.chunk()).await {
                Err(_) => Some(Err(Fault::Http(HttpFault::Stalled))),
                Ok(Err(error)) => Some(Err(Fault::Http(error::reading(&error)))),
                Ok(Ok(chunk)) => chunk.map(|bytes| Ok(Vec::from(bytes))),
            }
        })
    }
}

fn through(address: &ProxyAddress) -> reqwest::Result<reqwest::Proxy> {
    let proxy = reqwest::Proxy::https(address.shown())?;
    Ok(match &address.login {
        Some(login) => proxy.basic_auth(login.user.expose(), login.password.expose()),
        None => proxy,
    })
}

fn outgoing(client: &reqwest::Client, request: &Request) -> Result<reqwest::RequestBuilder, Fault> {
    let method = reqwest::Method::from_bytes(request.method.as_bytes())
        .map_err(|_| Fault::Local("CONN-CFG-DEFINITION".into()))?;
    let mut builder = client.request(method, request.url.clone());
    for header in &request.headers {
        let (name, value) = pair(header)?;
        builder = builder.header(name, value);
    }
    if let Some(body) = &request.body {
        if request.header(CONTENT_TYPE.as_str()).is_none() {
            builder = builder.header(CONTENT_TYPE, body.content_type.as_str());
        }
        builder = builder.body(body.bytes.to_vec());
    }
    Ok(builder)
}

/// A header for the wire. Its value is marked, so that no `Debug` shows it and HTTP/2 does not index it.
fn pair(header: &Header) -> Result<(HeaderName, HeaderValue), Fault> {
    let wrong = if header.secret { "CONN-SEC-WHITESPACE" } else { "CONN-CFG-DEFINITION" };
    let wrong = || Fault::Local(wrong.into());
    let name = HeaderName::from_bytes(header.name.as_bytes()).map_err(|_| wrong())?;
    let mut value = HeaderValue::from_str(&header.value).map_err(|_| wrong())?;
    value.set_sensitive(true);
    Ok((name, value))
}

async fn read(mut answer: reqwest::Response, route: &Route) -> Result<Response, Fault> {
    let mut response = head(&answer);
    loop {
        let next = tokio::time::timeout(route.idle, answer.chunk()).await;
        let chunk = next.map_err(|_| Fault::Http(HttpFault::Stalled))?;
        let Some(chunk) = chunk.map_err(|error| Fault::Http(error::reading(&error)))? else {
            return Ok(response);
        };
        let room = route.body_cap - response.body.len();
        response.body.extend_from_slice(&chunk[..room.min(chunk.len())]);
        if chunk.len() > room {
            response.truncated = true;
            return Ok(response);
        }
    }
}

fn head(answer: &reqwest::Response) -> Response {
    let headers = answer.headers().iter();
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    Response {
        status: answer.status().as_u16(),
        headers: headers.map(|(name, value)| (name.as_str().to_owned(), text(value))).collect(),
        body: vec![],
        truncated: false,
        version: version(answer.version()).to_owned(),
        peer: None,
    }
}

const fn version(version: reqwest::Version) -> &'static str {
    match version {
        reqwest::Version::HTTP_09 => "HTTP/0.9",
        reqwest::Version::HTTP_10 => "HTTP/1.0",
        reqwest::Version::HTTP_2 => "HTTP/2.0",
        reqwest::Version::HTTP_3 => "HTTP/3.0",
        _ => "HTTP/1.1",
    }
}

/// Who answered.
fn peer(answer: &reqwest::Response, proxy: Option<&ProxyAddress>) -> Peer {
    let leaf = answer.extensions().get::<reqwest::tls::TlsInfo>().and_then(|tls| tls.peer_certificate());
    let (issuer, ends) = leaf.and_then(chain::issuer_and_end).unzip();
    let address = answer.remote_addr().filter(|_| proxy.is_none());
    Peer {
        address: address.map(|address| address.ip().to_string()),
        issuer,
        ends,
        proxy: proxy.map(ToString::to_string),
        proxy_source: proxy.map(|proxy| proxy.source.to_owned()),
    }
}

/// Names as the system resolves them, in a thread that holds nobody up.
struct SystemResolver;

impl reqwest::dns::Resolve for SystemResolver {
    fn resolve(&self, name: reqwest::dns::Name) -> reqwest::dns::Resolving {
        Box::pin(async move {
            let addresses = resolve::lookup(name.as_str(), 0).await?;
            Ok(Box::new(addresses.into_iter()) as reqwest::dns::Addrs)
        })
    }
}
