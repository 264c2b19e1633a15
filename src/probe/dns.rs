//! The name: asked as the system asks it and, side by side, by ourselves at each of its name servers, because
//! the system keeps the reason to itself (its words for NXDOMAIN and FORMERR are the same, and so are those
//! for SERVFAIL and REFUSED) and hides which of its sources spoke.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::time::{Duration, Instant};

use tokio::task::JoinSet;
use tokio::time::{Instant as Moment, timeout, timeout_at};

use super::ask::{self, Question};
use super::climb::milliseconds;
use crate::diagnosis::fact::{DnsFault, Stage, StageDetail, StageFact, StageStatus};
use crate::diagnosis::stage::{Asked, NameLook};
use crate::wire::{hosts, resolve};

/// How long one source may lag behind the others once enough is known to name a cause.
const GRACE: Duration = Duration::from_millis(500);

/// A name server that said nothing for so many milliseconds, while everything else went on, is silent.
const SILENCE: f64 = 500.0;

/// Who is asked for names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NameServers {
    /// The system, as every program asks it, and beside it each of its name servers.
    System,
    /// These servers only.
    Given(Vec<SocketAddr>),
}

/// What was found for a name.
#[derive(Debug)]
pub(super) struct Found {
    pub addresses: Vec<SocketAddr>,
    pub fault: Option<DnsFault>,
    host: String,
    servers: Vec<String>,
    ms: f64,
    look: NameLook,
    asking: Asking,
}

impl Found {
    /// Hears the name servers out that have not answered yet, without waiting for them any longer than this.
    pub(super) async fn into_fact(mut self, patience: Duration) -> StageFact {
        let until = Moment::now() + patience;
        while let Ok(true) = timeout_at(until, self.asking.next()).await {}
        let addresses = self.addresses.iter().map(|address| address.ip().to_string()).collect();
        self.look.alias = self.asking.alias;
        let waited = self.asking.started.map_or(0.0, milliseconds);
        let silent = |question: &Question| (waited > SILENCE).then(|| question.unanswered(waited));
        let pairs = self.asking.heard.into_iter().zip(&self.asking.questions);
        self.look.asked = pairs.filter_map(|(heard, question)| heard.or_else(|| silent(question))).collect();
        StageFact {
            stage: Stage::Dns,
            status: if self.fault.is_none() { StageStatus::Ok } else { StageStatus::Failed },
            ms: Some(self.ms),
            detail: StageDetail::Dns {
                host: self.host,
                addresses,
                servers: self.servers,
                fault: self.fault,
                look: (self.look != NameLook::default()).then_some(self.look),
            },
        }
    }
}

/// The questions of our own that are under way.
#[derive(Debug, Default)]
struct Asking {
    under_way: JoinSet<Heard>,
    started: Option<Instant>,
    questions: Vec<Question>,
    /// In the order of the questions.
    heard: Vec<Option<Asked>>,
    alias: Option<String>,
}

/// What came back.
#[derive(Debug)]
enum Heard {
    Addresses(usize, Asked),
    Alias(Option<String>),
}

impl Asking {
    fn start(questions: &[Question], host: &str, limit: Duration) -> Self {
        let mut asking = Self {
            started: Some(Instant::now()),
            questions: questions.to_vec(),
            heard: questions.iter().map(|_| None).collect(),
            ..Self::default()
        };
        for (index, question) in questions.iter().cloned().enumerate() {
            let host = host.to_owned();
            let asked = async move { Heard::Addresses(index, question.addresses(&host, limit).await) };
            asking.under_way.spawn(asked);
        }
        if let Some(question) = questions.first().cloned() {
            let host = host.to_owned();
            asking.under_way.spawn(async move { Heard::Alias(question.alias(&host, limit).await) });
        }
        asking
    }

    /// Waits for one more; whether there was one.
    async fn next(&mut self) -> bool {
        match self.under_way.join_next().await {
            Some(Ok(Heard::Addresses(index, asked))) => self.heard[index] = Some(asked),
            Some(Ok(Heard::Alias(alias))) => self.alias = alias,
            Some(Err(_)) => {}
            None => return false,
        }
        true
    }

    fn over_udp(&self) -> impl Iterator<Item = Option<&Asked>> {
        // Questions come in pairs: UDP, then TCP.
        self.heard.iter().step_by(2).map(Option::as_ref)
    }

    /// Whether every name server said over UDP what it has to say, or fell silent.
    fn is_complete(&self) -> bool {
        self.over_udp().all(|asked| asked.is_some())
    }

    /// Whether a name server gave a reason, which may name the cause.
    fn has_reason(&self) -> bool {
        self.over_udp().flatten().any(|asked| !matches!(asked.fault, Some(DnsFault::Timeout)))
    }

    /// The addresses that the first server with any gave.
    fn addresses(&self, port: u16) -> Vec<SocketAddr> {
        let given = self.over_udp().flatten().find(|asked| !asked.addresses.is_empty());
        let parsed =
            given.into_iter().flat_map(|asked| asked.addresses.iter().filter_map(|text| text.parse().ok()));
        parsed.map(|address: IpAddr| SocketAddr::new(address, port)).collect()
    }

    /// The reason: the first that is more than silence.
    fn fault(&self) -> Option<DnsFault> {
        let faults: Vec<&DnsFault> =
            self.over_udp().flatten().filter_map(|asked| asked.fault.as_ref()).collect();
        let spoken = faults.iter().find(|fault| !matches!(fault, DnsFault::Timeout | DnsFault::Other(_)));
        spoken.or(faults.first()).map(|fault| (*fault).clone())
    }
}

type System =
    Pin<Box<dyn Future<Output = Result<io::Result<Vec<SocketAddr>>, tokio::time::error::Elapsed>> + Send>>;

/// Looks a name up. An address is its own answer.
pub(super) async fn look(host: &str, port: u16, servers: &NameServers, limit: Duration) -> Found {
    let start = Instant::now();
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let mut found = Found {
        addresses: vec![],
        fault: None,
        host: host.to_owned(),
        servers: vec![],
        ms: 0.0,
        look: NameLook::default(),
        asking: Asking::default(),
    };
    if let Ok(address) = host.parse::<IpAddr>() {
        found.addresses = vec![SocketAddr::new(address, port)];
        return found;
    }
    let plan = ask::plan(servers);
    // Loopback needs no question, and what nobody was asked nobody said.
    if !crate::base::loopback::is_localhost(host) {
        found.servers = plan.servers;
        found.asking = Asking::start(&plan.questions, host, limit);
        found.look.search = plan.search;
    }
    match servers {
        NameServers::Given(_) => {
            while !found.asking.is_complete() && found.asking.next().await {}
            found.addresses = found.asking.addresses(port);
        }
        NameServers::System => {
            let own = host.to_owned();
            let system: System = Box::pin(timeout(limit, async move { resolve::lookup(&own, port).await }));
            found.ask_system(system, port, limit).await;
            found.look.hosts = hosts::find(host);
        }
    }
    if found.addresses.is_empty() {
        let system = found.look.system.clone().unwrap_or(DnsFault::Timeout);
        let none = if found.servers.is_empty() { DnsFault::NoServer } else { system };
        found.fault = Some(found.asking.fault().unwrap_or(none));
    }
    found.ms = milliseconds(start);
    found
}

impl Found {
    /// Waits for the system, and no longer than makes sense once the name servers have spoken.
    async fn ask_system(&mut self, mut system: System, port: u16, limit: Duration) {
        let start = Instant::now();
        let mut until = Moment::now() + limit;
        let mut refused = None;
        loop {
            let patience = tokio::time::sleep_until(until);
            tokio::select! {
                biased;
                said = &mut system, if refused.is_none() => {
                    self.look.system_ms = Some(milliseconds(start));
                    match said {
                        Ok(Ok(addresses)) if !addresses.is_empty() => {
                            self.addresses = addresses;
                            return;
                        }
                        Ok(Ok(_)) => refused = Some(DnsFault::NoAddress),
                        Ok(Err(error)) => refused = Some(DnsFault::Other(error.to_string())),
                        Err(_) => refused = Some(DnsFault::Timeout),
                    }
                }
                true = self.asking.next() => {}
                () = patience => break,
            }
            if refused.is_some() && self.asking.is_complete() {
                break;
            }
            let reasoned = self.asking.has_reason() && (refused.is_some() || self.asking.is_complete());
            if reasoned && self.asking.addresses(port).is_empty() {
                until = until.min(Moment::now() + GRACE);
            }
        }
        let own = self.asking.addresses(port);
        match refused.unwrap_or(DnsFault::Timeout) {
            // The system only waits longer than we do; programs will get there.
            DnsFault::Timeout if !own.is_empty() => {
                self.addresses = own;
                self.look.system = Some(DnsFault::Timeout);
            }
            why => self.look.system = Some(why),
        }
    }
}
