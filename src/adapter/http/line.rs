//! The line to a host: TCP, the way through a proxy, TLS.

use std::error::Error;
use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use hyper::Uri;
use hyper::header::{HeaderMap, HeaderValue, PROXY_AUTHORIZATION, USER_AGENT};
use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_rustls::{HttpsConnector, MaybeHttpsStream};
use hyper_util::client::legacy::connect::dns::Name;
use hyper_util::client::legacy::connect::proxy::{SocksV5, Tunnel};
use hyper_util::client::legacy::connect::{Connected, Connection, HttpConnector};
use rustls::ClientConfig;
use tower_service::Service;
use zeroize::Zeroizing;

use super::flight::{Beneath, Flight};
use super::gather::Gather;
use super::outgoing::NAME;
use crate::diagnosis::Fault;
use crate::port::BoxFuture;
use crate::wire::proxy::{ProxyAddress, ProxyLogin, ProxyScheme};
use crate::wire::resolve;

type BoxError = Box<dyn Error + Send + Sync>;
type Tcp = HttpConnector<SystemResolver>;

/// How long a line may be silent before the system asks whether the other end is still there, and how long between
/// two questions.
const STILL_THERE: Duration = Duration::from_secs(15);
/// How many questions.
const QUESTIONS: u32 = 3;
/// How long what was sent may stay without a receipt.
#[cfg(any(target_os = "android", target_os = "linux"))]
const NO_RECEIPT: Duration = Duration::from_secs(30);

/// Opens lines of one kind.
#[derive(Clone)]
pub(super) struct Opener {
    tcp: Tcp,
    tls: Arc<ClientConfig>,
    proxy: Option<Arc<Through>>,
    patience: Duration,
}

/// A proxy, and what it is told.
struct Through {
    address: Uri,
    way: Way,
}

enum Way {
    /// A tunnel that is asked for with these headers; the proxy itself may want TLS.
    Tunnel { headers: HeaderMap, tls: Arc<ClientConfig> },
    /// SOCKS 5; whether names are resolved here, and the user and password.
    Socks { resolves: bool, login: Option<(Zeroizing<String>, Zeroizing<String>)> },
}

impl Through {
    fn new(proxy: &ProxyAddress, tls: &ClientConfig) -> Result<Self, Fault> {
        let address = proxy.shown().parse();
        let address = address.map_err(|_| Fault::Local("CONN-PXY-ENV".to_owned()))?;
        let login = proxy.login.as_ref();
        let way = if proxy.scheme.is_socks() {
            let word = |word: &str| Zeroizing::new(word.to_owned());
            let login = login.map(|login| (word(login.user.expose()), word(login.password.expose())));
            Way::Socks { resolves: proxy.scheme == ProxyScheme::Socks5, login }
        } else {
            // The same security as for the service, but no protocol is chosen with the proxy.
            let mut tls = tls.clone();
            tls.alpn_protocols.clear();
            Way::Tunnel { headers: headers(login), tls: Arc::new(tls) }
        };
        Ok(Self { address, way })
    }
}

/// The headers of the request for a tunnel.
fn headers(login: Option<&ProxyLogin>) -> HeaderMap {
    let mut headers = HeaderMap::from_iter([(USER_AGENT, HeaderValue::from_static(NAME))]);
    if let Some(Ok(mut value)) = login.map(|login| HeaderValue::from_str(&login.basic())) {
        value.set_sensitive(true);
        headers.insert(PROXY_AUTHORIZATION, value);
    }
    headers
}

impl Opener {
    /// An opener of lines through this proxy, or straight.
    ///
    /// # Errors
    /// Where the proxy's address is none.
    pub(super) fn new(
        proxy: Option<&ProxyAddress>,
        tls: Arc<ClientConfig>,
        patience: Duration,
    ) -> Result<Self, Fault> {
        let proxy = proxy.map(|proxy| Through::new(proxy, &tls)).transpose()?.map(Arc::new);
        let mut tcp = HttpConnector::new_with_resolver(SystemResolver);
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        tcp.set_connect_timeout(Some(patience));
        tcp.set_keepalive(Some(STILL_THERE));
        tcp.set_keepalive_interval(Some(STILL_THERE));
        tcp.set_keepalive_retries(Some(QUESTIONS));
        #[cfg(any(target_os = "android", target_os = "linux"))]
        tcp.set_tcp_user_timeout(Some(NO_RECEIPT));
        Ok(Self { tcp, tls, proxy, patience })
    }

    async fn open(self, address: Uri) -> Result<Line, BoxError> {
        let Some(proxy) = self.proxy else {
            return Ok(Line::new(HttpsConnector::from((Beneath(self.tcp), self.tls)).call(address).await?));
        };
        match &proxy.way {
            Way::Socks { resolves, login } => {
                let mut socks = SocksV5::new(proxy.address.clone(), self.tcp);
                if let Some((user, password)) = login {
                    socks = socks.with_auth(user.to_string(), password.to_string());
                }
                let socks = Numbered { inner: socks, resolves: *resolves };
                Ok(Line::new(HttpsConnector::from((Beneath(socks), self.tls)).call(address).await?))
            }
            Way::Tunnel { headers, tls } => {
                let to_proxy = HttpsConnector::from((self.tcp, Arc::clone(tls)));
                let tunnel = Tunnel::new(proxy.address.clone(), to_proxy).with_headers(headers.clone());
                Ok(Line::new(HttpsConnector::from((Beneath(tunnel), self.tls)).call(address).await?))
            }
        }
    }
}

impl Service<Uri> for Opener {
    type Response = Line;
    type Error = BoxError;
    type Future = BoxFuture<'static, Result<Line, BoxError>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, address: Uri) -> Self::Future {
        let this = self.clone();
        Box::pin(async move {
            let patience = this.patience;
            tokio::time::timeout(patience, this.open(address)).await.unwrap_or_else(|_| Err(TooLate.into()))
        })
    }
}

/// A SOCKS proxy that is told an address in place of a name, where names are resolved here.
#[derive(Clone)]
struct Numbered {
    inner: SocksV5<Tcp>,
    resolves: bool,
}

impl Service<Uri> for Numbered {
    type Response = <Tcp as Service<Uri>>::Response;
    type Error = BoxError;
    type Future = BoxFuture<'static, Result<Self::Response, BoxError>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, address: Uri) -> Self::Future {
        let mut this = self.clone();
        Box::pin(async move {
            let address = if this.resolves { numbered(&address).await? } else { address };
            Ok(this.inner.call(address).await?)
        })
    }
}

async fn numbered(address: &Uri) -> Result<Uri, BoxError> {
    let host = address.host().unwrap_or_default();
    let port = address.port_u16().unwrap_or(443);
    if host.starts_with('[') {
        return Ok(address.clone());
    }
    let found = resolve::lookup(host, port).await.map_err(Unresolved)?;
    let Some(first) = found.first() else { return Ok(address.clone()) };
    Ok(format!("https://{first}").parse()?)
}

/// Neither TCP nor TLS stood in time.
#[derive(Debug)]
pub(super) struct TooLate;

impl fmt::Display for TooLate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the connection did not stand in time")
    }
}

impl Error for TooLate {}

/// A name without an address.
#[derive(Debug)]
pub(super) struct Unresolved(io::Error);

impl fmt::Display for Unresolved {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl Error for Unresolved {}

/// Names as the system resolves them, in a thread that holds nobody up.
#[derive(Clone)]
pub(super) struct SystemResolver;

impl Service<Name> for SystemResolver {
    type Response = std::vec::IntoIter<SocketAddr>;
    type Error = Unresolved;
    type Future = BoxFuture<'static, Result<Self::Response, Unresolved>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Unresolved>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, name: Name) -> Self::Future {
        Box::pin(async move { Ok(resolve::lookup(name.as_str(), 0).await.map_err(Unresolved)?.into_iter()) })
    }
}

/// The certificate of who answered (DER).
#[derive(Clone)]
pub(super) struct Leaf(pub(super) Arc<[u8]>);

trait Bytes: Read + Write + Connection + Send + Unpin {}

impl<T: Read + Write + Connection + Send + Unpin> Bytes for T {}

/// A line that stands.
pub(super) struct Line {
    stream: Box<dyn Bytes>,
    leaf: Option<Leaf>,
}

impl Line {
    fn new<T: Bytes + 'static>(mut stream: MaybeHttpsStream<Flight<T>>) -> Self {
        let secured = match &mut stream {
            MaybeHttpsStream::Http(open) => {
                open.stands();
                return Self { stream: Box::new(stream), leaf: None };
            }
            MaybeHttpsStream::Https(secured) => secured,
        };
        let (beneath, session) = secured.inner_mut().get_mut();
        beneath.inner_mut().stands();
        let leaf = session.peer_certificates().and_then(<[_]>::first);
        let leaf = leaf.map(|leaf| Leaf(Arc::from(leaf.as_ref())));
        let stream: Box<dyn Bytes> = match session.alpn_protocol() {
            Some(b"h2") => Box::new(Gather::new(stream)),
            _ => Box::new(stream),
        };
        Self { stream, leaf }
    }
}

impl Connection for Line {
    fn connected(&self) -> Connected {
        match &self.leaf {
            Some(leaf) => self.stream.connected().extra(leaf.clone()),
            None => self.stream.connected(),
        }
    }
}

impl Read for Line {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl Write for Line {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        pieces: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, pieces)
    }
}
