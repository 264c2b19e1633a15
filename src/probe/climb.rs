//! From the ground up, until a layer does not hold.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::io::{AsyncRead, AsyncWrite};

use super::dns::{self, NameServers};
use super::{connect, handshake, tunnel};
use crate::diagnosis::fact::{ProxyFault, Stage, StageDetail, StageFact, StageStatus};
use crate::port::{BoxFuture, Prober, Target};
use crate::wire::proxy::ProxyAddress;
use crate::wire::{ProxySettings, Trust};

/// How long each layer may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deadlines {
    /// Name resolution, by the system and then by its name servers: each has this long.
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
        let mut stages = Vec::with_capacity(4);
        let wire = match proxy {
            Some(proxy) => self.through(proxy, target, &mut stages).await,
            None => self.straight(target, &mut stages).await,
        };
        match wire {
            Some(wire) if target.tls => {
                let config = self.trust.look(target.ca_file.as_deref());
                let mut fact = handshake::look(config, &target.host, wire, self.deadlines.tls).await;
                if let StageDetail::Tls { roots, .. } = &mut fact.detail {
                    *roots = self.trust.roots();
                }
                stages.push(fact);
            }
            Some(_) => stages.push(bare(Stage::Tls, StageStatus::Absent)),
            None => stages.push(bare(Stage::Tls, StageStatus::NotReached)),
        }
        stages
    }

    async fn straight(&self, target: &Target, stages: &mut Vec<StageFact>) -> Option<Box<dyn Wire>> {
        let found = dns::look(&target.host, target.port, &self.name_servers, self.deadlines.dns).await;
        let addresses = found.addresses.clone();
        stages.push(found.into_fact(&target.host));
        if addresses.is_empty() {
            stages.push(bare(Stage::Connect, StageStatus::NotReached));
            stages.push(bare(Stage::Proxy, StageStatus::Absent));
            return None;
        }
        let mut look = connect::look(&addresses, self.deadlines.connect).await;
        let stream = look.stream.take();
        let status = if stream.is_some() { StageStatus::Ok } else { StageStatus::Failed };
        stages.push(look.into_fact(status));
        stages.push(bare(Stage::Proxy, StageStatus::Absent));
        stream.map(|stream| Box::new(stream) as Box<dyn Wire>)
    }

    /// The way through a proxy. The proxy resolves the host, so there is no such layer here; what keeps us
    /// from the proxy itself belongs to the layer `proxy`, for it says nothing about the host.
    async fn through(
        &self,
        proxy: &ProxyAddress,
        target: &Target,
        stages: &mut Vec<StageFact>,
    ) -> Option<Box<dyn Wire>> {
        stages.push(bare(Stage::Dns, StageStatus::Absent));
        let start = Instant::now();
        let found = dns::look(&proxy.host, proxy.port, &self.name_servers, self.deadlines.dns).await;
        if let Some(fault) = found.fault {
            stages.push(bare(Stage::Connect, StageStatus::Absent));
            stages.push(tunnel::failed(proxy, ProxyFault::Unresolved(fault), milliseconds(start)));
            return None;
        }
        let mut look = connect::look(&found.addresses, self.deadlines.connect).await;
        let Some(stream) = look.stream.take() else {
            let fault = ProxyFault::Unreachable(look.fault());
            stages.push(look.into_fact(StageStatus::Unverified));
            stages.push(tunnel::failed(proxy, fault, milliseconds(start)));
            return None;
        };
        stages.push(look.into_fact(StageStatus::Ok));
        let config = self.trust.look(None);
        let (fact, wire) = tunnel::look(proxy, target, stream, config, self.deadlines.proxy).await;
        stages.push(fact);
        wire
    }
}

impl Prober for PathProber {
    fn climb<'a>(&'a self, target: &'a Target) -> BoxFuture<'a, Vec<StageFact>> {
        Box::pin(self.stages(target))
    }
}

/// A layer without anything to tell.
fn bare(stage: Stage, status: StageStatus) -> StageFact {
    StageFact { stage, status, ms: None, detail: StageDetail::Nothing }
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
