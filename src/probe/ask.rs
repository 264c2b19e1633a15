//! Questions of our own to one name server.

use std::net::{IpAddr, SocketAddr};
use std::time::{Duration, Instant};

use hickory_resolver::config::{
    ConnectionConfig, NameServerConfig, ResolveHosts, ResolverConfig, ResolverOpts,
};
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::net::{DnsError, NetError};
use hickory_resolver::proto::op::ResponseCode;
use hickory_resolver::proto::rr::{RData, RecordType};
use hickory_resolver::system_conf::read_system_conf;
use hickory_resolver::{Resolver, TokioResolver};

use super::climb::milliseconds;
use super::dns::NameServers;
use crate::diagnosis::fact::DnsFault;
use crate::diagnosis::stage::{Asked, Over};

/// The most name servers that are asked; systems do not ask more either.
const SERVERS: usize = 3;

/// Whom to ask.
pub(super) struct Plan {
    /// The name servers, as configured.
    pub servers: Vec<String>,
    /// The domains that the system appends.
    pub search: Vec<String>,
    /// Each server over UDP and then over TCP.
    pub questions: Vec<Question>,
}

/// One way to ask one server.
#[derive(Clone, Debug)]
pub(super) struct Question {
    server: SocketAddr,
    over: Over,
}

/// The plan for these servers.
pub(super) fn plan(servers: &NameServers) -> Plan {
    let (addresses, search) = match servers {
        NameServers::Given(list) => (list.clone(), vec![]),
        NameServers::System => system(),
    };
    let mut distinct: Vec<SocketAddr> = Vec::new();
    for address in addresses {
        if !distinct.contains(&address) {
            distinct.push(address);
        }
    }
    let questions = distinct
        .iter()
        .take(SERVERS)
        .flat_map(|server| [Over::Udp, Over::Tcp].map(|over| Question { server: *server, over }));
    Plan {
        servers: distinct.iter().map(|server| shown(*server)).collect(),
        search,
        questions: questions.collect(),
    }
}

fn system() -> (Vec<SocketAddr>, Vec<String>) {
    let Ok((config, _)) = read_system_conf() else { return (vec![], vec![]) };
    let servers = config.name_servers.iter().map(|server| {
        let port = server.connections.first().map_or(53, |connection| connection.port);
        SocketAddr::new(server.ip, port)
    });
    let search = config.search().iter().map(ToString::to_string);
    (servers.collect(), search.map(|domain| domain.trim_end_matches('.').to_owned()).collect())
}

/// A server by its address, and by its port where that is not the usual one.
fn shown(server: SocketAddr) -> String {
    if server.port() == 53 { server.ip().to_string() } else { server.to_string() }
}

impl Question {
    /// The addresses of a name at this server.
    pub(super) async fn addresses(&self, host: &str, limit: Duration) -> Asked {
        let start = Instant::now();
        let result = match self.resolver(limit) {
            Ok(resolver) => match tokio::time::timeout(limit, resolver.lookup_ip(absolute(host))).await {
                Err(_) => Err(DnsFault::Timeout),
                Ok(Err(error)) => Err(reason(&error)),
                Ok(Ok(answer)) => Ok(answer.iter().collect::<Vec<IpAddr>>()),
            },
            Err(fault) => Err(fault),
        };
        let (addresses, fault) = match result {
            Ok(found) if found.is_empty() => (vec![], Some(DnsFault::NoAddress)),
            Ok(found) => (found.iter().map(ToString::to_string).collect(), None),
            Err(fault) => (vec![], Some(fault)),
        };
        Asked { server: shown(self.server), over: self.over, ms: milliseconds(start), addresses, fault }
    }

    /// What is known of a question that nobody answered so far.
    pub(super) fn unanswered(&self, ms: f64) -> Asked {
        Asked {
            server: shown(self.server),
            over: self.over,
            ms,
            addresses: vec![],
            fault: Some(DnsFault::Timeout),
        }
    }

    /// The name for which a name is an alias at this server.
    pub(super) async fn alias(&self, host: &str, limit: Duration) -> Option<String> {
        let resolver = self.resolver(limit).ok()?;
        let answer = tokio::time::timeout(limit, resolver.lookup(absolute(host), RecordType::CNAME)).await;
        let answer = answer.ok()?.ok()?;
        let target = answer.answers().iter().find_map(|record| match &record.data {
            RData::CNAME(target) => Some(target.to_string()),
            _ => None,
        });
        target.map(|target| target.trim_end_matches('.').to_owned())
    }

    fn resolver(&self, limit: Duration) -> Result<TokioResolver, DnsFault> {
        let mut connection = match self.over {
            Over::Udp => ConnectionConfig::udp(),
            Over::Tcp => ConnectionConfig::tcp(),
        };
        connection.port = self.server.port();
        let server = NameServerConfig::new(self.server.ip(), true, vec![connection]);
        let mut options = ResolverOpts::default();
        options.timeout = limit;
        options.attempts = 0;
        options.cache_size = 0;
        options.use_hosts_file = ResolveHosts::Never;
        let config = ResolverConfig::from_parts(None, vec![], vec![server]);
        Resolver::builder_with_config(config, TokioRuntimeProvider::default())
            .with_options(options)
            .build()
            .map_err(|error| DnsFault::Other(error.to_string()))
    }
}

/// The dot at the end keeps search domains out.
fn absolute(host: &str) -> String {
    format!("{}.", host.trim_end_matches('.'))
}

fn reason(error: &NetError) -> DnsFault {
    match error {
        NetError::Timeout => DnsFault::Timeout,
        NetError::Dns(DnsError::NoRecordsFound(none)) => match none.response_code {
            ResponseCode::NXDomain => DnsFault::NoSuchName,
            ResponseCode::ServFail => DnsFault::ServerFailure,
            ResponseCode::Refused => DnsFault::Refused,
            _ => DnsFault::NoAddress,
        },
        NetError::Dns(DnsError::ResponseCode(ResponseCode::ServFail)) => DnsFault::ServerFailure,
        NetError::Dns(DnsError::ResponseCode(ResponseCode::Refused)) => DnsFault::Refused,
        other => DnsFault::Other(other.to_string()),
    }
}
