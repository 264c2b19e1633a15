//! The name: asked as the system asks it, and where that fails, asked again by ourselves, because the system
//! keeps the reason to itself (its words for NXDOMAIN and FORMERR are the same, and so are those for SERVFAIL
//! and REFUSED).

use std::net::{IpAddr, SocketAddr};
use std::time::{Duration, Instant};

use hickory_resolver::config::{
    ConnectionConfig, NameServerConfig, ResolveHosts, ResolverConfig, ResolverOpts,
};
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::net::{DnsError, NetError};
use hickory_resolver::proto::op::ResponseCode;
use hickory_resolver::system_conf::read_system_conf;
use hickory_resolver::{Resolver, TokioResolver};

use super::climb::milliseconds;
use crate::diagnosis::fact::{DnsFault, Stage, StageDetail, StageFact, StageStatus};
use crate::wire::resolve;

/// Who is asked for names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NameServers {
    /// The system, as every program asks it.
    System,
    /// These servers only.
    Given(Vec<SocketAddr>),
}

/// What was found for a name.
#[derive(Debug)]
pub(super) struct Found {
    pub addresses: Vec<SocketAddr>,
    pub servers: Vec<String>,
    pub fault: Option<DnsFault>,
    pub ms: f64,
}

impl Found {
    pub(super) fn into_fact(self, host: &str) -> StageFact {
        let addresses = self.addresses.iter().map(|address| address.ip().to_string()).collect();
        StageFact {
            stage: Stage::Dns,
            status: if self.fault.is_none() { StageStatus::Ok } else { StageStatus::Failed },
            ms: Some(self.ms),
            detail: StageDetail::Dns {
                host: host.to_owned(),
                addresses,
                servers: self.servers,
                fault: self.fault,
            },
        }
    }
}

/// Looks a name up. An address is its own answer.
pub(super) async fn look(host: &str, port: u16, servers: &NameServers, limit: Duration) -> Found {
    let start = Instant::now();
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let found = |addresses, servers, fault| Found { addresses, servers, fault, ms: milliseconds(start) };
    if let Ok(address) = host.parse::<IpAddr>() {
        return found(vec![SocketAddr::new(address, port)], vec![], None);
    }
    let system = match servers {
        NameServers::Given(_) => None,
        NameServers::System => Some(tokio::time::timeout(limit, resolve::lookup(host, port)).await),
    };
    if let Some(Ok(Ok(addresses))) = system
        && !addresses.is_empty()
    {
        return found(addresses, vec![], None);
    }
    let Some((config, options)) = configuration(servers) else {
        return found(vec![], vec![], Some(DnsFault::NoServer));
    };
    let names = config.name_servers.iter().map(|server| server.ip.to_string()).collect();
    match (ask(config, options, host, limit).await, servers) {
        (Ok(ips), NameServers::Given(_)) => {
            found(ips.into_iter().map(|ip| SocketAddr::new(ip, port)).collect(), names, None)
        }
        (Ok(ips), NameServers::System) => found(vec![], names, Some(disagreement(&ips))),
        (Err(fault), _) => found(vec![], names, Some(fault)),
    }
}

fn disagreement(ips: &[IpAddr]) -> DnsFault {
    let shown: Vec<String> = ips.iter().map(ToString::to_string).collect();
    let shown = shown.join(", ");
    DnsFault::Other(format!("the system finds no address, its name servers answer {shown}"))
}

fn configuration(servers: &NameServers) -> Option<(ResolverConfig, ResolverOpts)> {
    let (config, options) = match servers {
        NameServers::System => read_system_conf().ok()?,
        NameServers::Given(list) => {
            let servers = list.iter().map(given).collect();
            (ResolverConfig::from_parts(None, vec![], servers), ResolverOpts::default())
        }
    };
    (!config.name_servers.is_empty()).then_some((config, options))
}

fn given(address: &SocketAddr) -> NameServerConfig {
    let mut connection = ConnectionConfig::udp();
    connection.port = address.port();
    NameServerConfig::new(address.ip(), true, vec![connection])
}

async fn ask(
    config: ResolverConfig,
    mut options: ResolverOpts,
    host: &str,
    limit: Duration,
) -> Result<Vec<IpAddr>, DnsFault> {
    options.timeout = limit / 2;
    options.attempts = 1;
    options.cache_size = 0;
    options.use_hosts_file = ResolveHosts::Never;
    let resolver: TokioResolver = Resolver::builder_with_config(config, TokioRuntimeProvider::default())
        .with_options(options)
        .build()
        .map_err(|error| DnsFault::Other(error.to_string()))?;
    // The dot at the end keeps search domains out.
    let name = format!("{}.", host.trim_end_matches('.'));
    match tokio::time::timeout(limit, resolver.lookup_ip(name)).await {
        Err(_) => Err(DnsFault::Timeout),
        Ok(Err(error)) => Err(reason(&error)),
        Ok(Ok(answer)) => {
            let addresses: Vec<IpAddr> = answer.iter().collect();
            if addresses.is_empty() { Err(DnsFault::NoAddress) } else { Ok(addresses) }
        }
    }
}

fn reason(error: &NetError) -> DnsFault {
    match error {
        NetError::Timeout => DnsFault::Timeout,
        NetError::Dns(DnsError::NoRecordsFound(none)) => match none.response_code {
            ResponseCode::NXDomain => DnsFault::NoSuchName,
            _ => DnsFault::NoAddress,
        },
        NetError::Dns(DnsError::ResponseCode(ResponseCode::ServFail)) => DnsFault::ServerFailure,
        NetError::Dns(DnsError::ResponseCode(ResponseCode::Refused)) => DnsFault::Refused,
        other => DnsFault::Other(other.to_string()),
    }
}
