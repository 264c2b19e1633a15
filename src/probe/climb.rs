//! From the ground up, until a layer does not hold.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;

use super::dns::{self, Found, NameServers};
use super::{connect, elsewhere, handshake, peek, tunnel};
use crate::diagnosis::fact::{ProxyFault, Stage, StageDetail, StageFact, StageStatus, TlsFault};
use crate::diagnosis::stage::{Peek, ProxyLook, ProxyNote};
use crate::port::{BoxFuture, Prober, Target};
use crate::wire::proxy::ProxyAddress;
use crate::wire::{ProxySettings, Trust};

/// How long each layer may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deadlines {
    /// Name resolution, by the system and by its name servers side by side.
    pub dns: Duration,
    /// TCP, all addresses at once.
    pub connect: Duration,
    /// The proxy's answer.
    pub proxy: Duration,
    /// The handshake.
    pub tls: Duration,
}

impl Default for Deadlines {
    fn default() -> Self {
        Self {
            dns: Duration::from_secs(3),
            connect: Duration::from_secs(5),
            proxy: Duration::from_secs(10),
            tls: Duration::from_secs(5),
        }
    }
}

/// How long name servers are heard out once the layers above stand or fell.
const PATIENCE: Duration = Duration::from_millis(50);
/// How long a handshake is silent before the neighbourhood is looked at, too.
const SILENCE: Duration = Duration::from_secs(1);
/// How long a look at the neighbourhood may take.
const PEEK: Duration = Duration::from_secs(2);

/// A byte stream, whatever lies below it.
pub(super) trait Wire: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Wire for T {}

/// The prober of this program.
#[derive(Debug)]
pub struct PathProber {
    proxies: Arc<ProxySettings>,
    trust: Arc<Trust>,
    name_servers: NameServers,
    deadlines: Deadlines,
}

/// The way on which TCP came about, so that it can be taken again.
struct Way<'a> {
    address: SocketAddr,
    proxy: Option<&'a ProxyAddress>,
    round_trip: Duration,
}

impl PathProber {
    /// A prober that takes these proxies and trusts these authorities.
    #[must_use]
    pub fn new(proxies: Arc<ProxySettings>, trust: Arc<Trust>) -> Self {
        Self { proxies, trust, name_servers: NameServers::System, deadlines: Deadlines::default() }
    }

    /// Asks these name servers and not the system.
    #[must_use]
    pub fn asking(self, servers: Vec<SocketAddr>) -> Self {
        Self { name_servers: NameServers::Given(servers), ..self }
    }

    /// Gives each layer so long and no longer.
    #[must_use]
    pub fn within(self, deadlines: Deadlines) -> Self {
        Self { deadlines, ..self }
    }

    async fn stages(&self, target: &Target) -> Vec<StageFact> {
        let proxy = if target.tls { self.proxies.choose(&target.host, target.port) } else { None };
        match proxy {
            Some(proxy) => self.through(proxy, target).await,
            None => self.straight(target).await,
        }
    }

    async fn straight(&self, target: &Target) -> Vec<StageFact> {
        let found = dns::look(&target.host, target.port, &self.name_servers, self.deadlines.dns).await;
        if found.addresses.is_empty() {
            let reach = bare(Stage::Connect, StageStatus::NotReached);
            return self.ground(found, reach, target, bare(Stage::Tls, StageStatus::NotReached)).await;
        }
        let mut look = connect::look(&found.addresses, self.deadlines.connect).await;
        let Some(stream) = look.stream.take() else {
            let reach = look.into_fact(StageStatus::Failed);
            return self.ground(found, reach, target, bare(Stage::Tls, StageStatus::NotReached)).await;
        };
        let address = stream.peer_addr().unwrap_or(found.addresses[0]);
        let way = Way { address, proxy: None, round_trip: look.round_trip() };
        let tls = self.secure(target, &way, Box::new(stream)).await;
        self.ground(found, look.into_fact(StageStatus::Ok), target, tls).await
    }

    /// The layers of a way without proxy, complete.
    async fn ground(
        &self,
        found: Found,
        reach: StageFact,
        target: &Target,
        tls: StageFact,
    ) -> Vec<StageFact> {
        let mut notes = self.proxies.explain(&target.host, target.port);
        if reach.status == StageStatus::Failed {
            notes.extend(elsewhere::find());
        }
        vec![found.into_fact(PATIENCE).await, reach, unproxied(notes), tls]
    }

    /// The way through a proxy. The proxy resolves the host, so there is no such layer here; what keeps us
    /// from the proxy itself belongs to the layer `proxy`, for it says nothing about the host.
    async fn through(&self, proxy: &ProxyAddress, target: &Target) -> Vec<StageFact> {
        let dns = bare(Stage::Dns, StageStatus::Absent);
        let unreached = || bare(Stage::Tls, StageStatus::NotReached);
        let start = Instant::now();
        let notes = self.proxies.explain(&target.host, target.port);
        let found = dns::look(&proxy.host, proxy.port, &self.name_servers, self.deadlines.dns).await;
        if let Some(fault) = found.fault {
            let failed = tunnel::failed(proxy, ProxyFault::Unresolved(fault), milliseconds(start));
            return vec![dns, bare(Stage::Connect, StageStatus::Absent), noted(failed, notes), unreached()];
        }
        let mut look = connect::look(&found.addresses, self.deadlines.connect).await;
        let Some(stream) = look.stream.take() else {
            let failed = tunnel::failed(proxy, ProxyFault::Unreachable(look.fault()), milliseconds(start));
            return vec![dns, look.into_fact(StageStatus::Unverified), noted(failed, notes), unreached()];
        };
        let address = stream.peer_addr().unwrap_or(found.addresses[0]);
        let way = Way { address, proxy: Some(proxy), round_trip: look.round_trip() };
        let reach = look.into_fact(StageStatus::Ok);
        let config = self.trust.look(None);
        let (fact, wire) = tunnel::look(proxy, target, stream, config, self.deadlines.proxy).await;
        let tls = match wire {
            Some(wire) => self.secure(target, &way, wire).await,
            None => unreached(),
        };
        vec![dns, reach, noted(fact, notes), tls]
    }

    /// The handshake. Where it fails in a way that has several causes, what a passer-by sees tells them apart;
    /// where it is silent, that look is taken while it still may speak.
    async fn secure(&self, target: &Target, way: &Way<'_>, wire: Box<dyn Wire>) -> StageFact {
        if !target.tls {
            return bare(Stage::Tls, StageStatus::Absent);
        }
        let config = self.trust.look(target.ca_file.as_deref());
        let mut shaking = Box::pin(handshake::look(config, &target.host, wire, self.deadlines.tls));
        let mut silence = Box::pin(async {
            tokio::time::sleep(SILENCE).await;
            self.peek(&TlsFault::Timeout, target, way).await
        });
        let mut seen = None;
        let mut fact = loop {
            tokio::select! {
                biased;
                fact = &mut shaking => break fact,
                look = &mut silence, if seen.is_none() => seen = Some(look),
            }
        };
        if let StageDetail::Tls { roots, fault, peek, .. } = &mut fact.detail {
            *roots = self.trust.roots();
            *peek = match fault {
                None => None,
                Some(TlsFault::Timeout) => seen,
                Some(fault) => Some(Box::pin(self.peek(fault, target, way)).await),
            };
            *peek = peek.take().filter(|peek| *peek != Peek::default());
        }
        fact
    }

    async fn peek(&self, fault: &TlsFault, target: &Target, way: &Way<'_>) -> Peek {
        use TlsFault as F;
        let host = target.host.trim_start_matches('[').trim_end_matches(']');
        let hurry = (way.round_trip * 4).clamp(Duration::from_millis(250), PEEK);
        let (clock, small, web) = match fault {
            F::Expired | F::NotYetValid => (true, false, Some(PEEK)),
            F::Timeout => (false, true, Some(PEEK)),
            F::WrongName { .. }
            | F::UnknownIssuer
            | F::SelfSigned
            | F::ChainIncomplete
            | F::NotTls
            | F::Reset => (false, false, Some(hurry)),
            _ => return Peek::default(),
        };
        let date = async {
            let wire = if clock { self.again(target, way).await? } else { return None };
            peek::date(wire, host, PEEK).await
        };
        let small_passes = async {
            let wire = if small { self.again(target, way).await? } else { return None };
            Some(peek::small_passes(wire, host, PEEK).await)
        };
        // How large the packets of a proxy are is not ours to say.
        let pieces_pass = async {
            if !small || way.proxy.is_some() {
                return None;
            }
            peek::pieces_pass(way.address, host, PEEK).await
        };
        let web = async {
            match web.filter(|_| way.proxy.is_none()) {
                Some(limit) => peek::web(way.address.ip(), host, limit).await,
                None => None,
            }
        };
        let (date, small_passes, pieces_pass, web) = tokio::join!(date, small_passes, pieces_pass, web);
        let local = (date.is_some() || web.is_some()).then(jiff::Timestamp::now);
        Peek { local, date, web, small_passes, pieces_pass }
    }

    async fn in_the_clear(&self, host: &str) -> Option<StageFact> {
        let proxy = self.proxies.plain(host)?;
        let start = Instant::now();
        let found = dns::look(&proxy.host, proxy.port, &self.name_servers, self.deadlines.dns).await;
        let stream = connect::look(&found.addresses, self.deadlines.connect).await.stream?;
        let seen = peek::by_proxy(Box::new(stream), host, self.deadlines.proxy).await?;
        seen.proxy_mark.as_ref()?;
        let summary = format!("{} from {}", seen.status, proxy.shown());
        let detail = StageDetail::Http { summary, fault: None, look: Some(seen) };
        Some(StageFact {
            stage: Stage::Http,
            status: StageStatus::Failed,
            ms: Some(milliseconds(start)),
            detail,
        })
    }

    /// Takes the same way once more.
    async fn again(&self, target: &Target, way: &Way<'_>) -> Option<Box<dyn Wire>> {
        let stream = tokio::time::timeout(PEEK, TcpStream::connect(way.address)).await.ok()?.ok()?;
        match way.proxy {
            None => Some(Box::new(stream)),
            Some(proxy) => tunnel::look(proxy, target, stream, self.trust.look(None), PEEK).await.1,
        }
    }
}

impl Prober for PathProber {
    fn climb<'a>(&'a self, target: &'a Target) -> BoxFuture<'a, Vec<StageFact>> {
        Box::pin(self.stages(target))
    }

    fn intercepted<'a>(&'a self, host: &'a str) -> BoxFuture<'a, Option<StageFact>> {
        Box::pin(self.in_the_clear(host))
    }
}

/// A layer without anything to tell.
fn bare(stage: Stage, status: StageStatus) -> StageFact {
    StageFact { stage, status, ms: None, detail: StageDetail::Nothing }
}

/// No proxy, with what the variables say about it.
fn unproxied(notes: Vec<ProxyNote>) -> StageFact {
    let absent = bare(Stage::Proxy, StageStatus::Absent);
    if notes.is_empty() {
        return absent;
    }
    let detail = StageDetail::Proxy {
        proxy: String::new(),
        source: String::new(),
        status: None,
        headers: vec![],
        fault: None,
        look: None,
    };
    noted(StageFact { detail, ..absent }, notes)
}

fn noted(mut fact: StageFact, notes: Vec<ProxyNote>) -> StageFact {
    if let StageDetail::Proxy { look, .. } = &mut fact.detail
        && !notes.is_empty()
    {
        *look = Some(ProxyLook { variables: notes, ..look.take().unwrap_or_default() });
    }
    fact
}

/// The milliseconds since a moment, to the microsecond: more digits would not survive being saved.
pub(super) fn milliseconds(start: Instant) -> f64 {
    (start.elapsed().as_secs_f64() * 1_000_000.0).round() / 1000.0
}

/// Waits for an io result, no longer than a deadline.
pub(super) async fn in_time<T>(limit: Duration, work: impl Future<Output = io::Result<T>>) -> io::Result<T> {
    match tokio::time::timeout(limit, work).await {
        Ok(result) => result,
        Err(_) => Err(io::ErrorKind::TimedOut.into()),
    }
}
