//! TCP: every address at once, so that a dead family shows beside a living one.

use std::net::{IpAddr, SocketAddr};
use std::time::{Duration, Instant};

use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::{Instant as Moment, timeout, timeout_at};

use super::climb::{in_time, milliseconds};
use crate::diagnosis::fact::{Attempt, ConnectFault, Stage, StageDetail, StageFact, StageStatus};
use crate::diagnosis::stage::{ReachLook, Tries};
use crate::wire::fault;
use crate::wire::gateway::{self, Hop};

/// The most addresses that are tried.
const ADDRESSES: usize = 6;
/// How long the other addresses may take once one is connected.
const GRACE: Duration = Duration::from_millis(300);
/// How long silence lasts before the neighbourhood is looked at, too.
const SILENCE: Duration = Duration::from_millis(700);
/// A connection that took this long lost its first packet: systems send it again after a second.
const LATE: Duration = Duration::from_millis(900);
/// How many further tries show whether packets are lost now and then.
const TRIES: u32 = 4;
/// The port of the web, where nearly every server has somebody to say no.
const WEB: u16 = 80;

/// What was seen at the addresses.
pub(super) struct Look {
    /// The first connection.
    pub stream: Option<TcpStream>,
    attempts: Vec<Attempt>,
    around: ReachLook,
    ms: f64,
}

impl Look {
    /// Why the first address failed.
    pub(super) fn fault(&self) -> ConnectFault {
        let fault = self.attempts.iter().find_map(|attempt| attempt.fault.clone());
        fault.unwrap_or(ConnectFault::Timeout)
    }

    /// How long the first connection took.
    pub(super) fn round_trip(&self) -> Duration {
        Duration::from_secs_f64(self.ms / 1000.0)
    }

    pub(super) fn into_fact(self, status: StageStatus) -> StageFact {
        let look = (self.around != ReachLook::default()).then_some(self.around);
        let detail = StageDetail::Connect { attempts: self.attempts, look };
        StageFact { stage: Stage::Connect, status, ms: Some(self.ms), detail }
    }
}

/// Connects to the addresses; the layer holds as soon as one does.
pub(super) async fn look(addresses: &[SocketAddr], limit: Duration) -> Look {
    let chosen = choose(addresses);
    let web = web_port(&chosen, limit);
    tokio::pin!(web);
    let race = race(&chosen, limit);
    tokio::pin!(race);
    let mut around = ReachLook::default();
    let (stream, attempts, ms) = loop {
        tokio::select! {
            biased;
            raced = &mut race => break raced,
            answers = &mut web, if around.web_port.is_none() => around.web_port = Some(answers),
        }
    };
    if stream.is_none() {
        let first = chosen.iter().find_map(|address| match address.ip() {
            IpAddr::V4(address) => gateway::find(address),
            IpAddr::V6(_) => None,
        });
        around.neighbour = first == Some(Hop::Neighbour);
        if let Some(Hop::Gateway(gateway)) = first {
            around.gateway = Some(gateway.to_string());
        }
    } else {
        around.web_port = None;
        around.tries = tries(&chosen, &attempts).await;
    }
    Look { stream, attempts, around, ms }
}

/// Connects to all at once.
async fn race(chosen: &[SocketAddr], limit: Duration) -> (Option<TcpStream>, Vec<Attempt>, f64) {
    let start = Instant::now();
    let mut tries = JoinSet::new();
    for (index, address) in chosen.iter().copied().enumerate() {
        tries.spawn(async move { (index, in_time(limit, TcpStream::connect(address)).await) });
    }
    let mut stream = None;
    let mut ms = None;
    let mut results: Vec<Option<Attempt>> = chosen.iter().map(|_| None).collect();
    let mut deadline = Moment::now() + limit + GRACE;
    while let Ok(Some(Ok((index, result)))) = timeout_at(deadline, tries.join_next()).await {
        let own = Attempt {
            address: chosen[index].to_string(),
            ms: milliseconds(start),
            fault: result.as_ref().err().map(fault::connect),
        };
        if let (Ok(connected), None) = (result, &stream) {
            stream = Some(connected);
            ms = Some(own.ms);
            deadline = Moment::now() + GRACE;
        }
        results[index] = Some(own);
    }
    let late = |address: &SocketAddr| Attempt {
        address: address.to_string(),
        ms: milliseconds(start),
        fault: Some(ConnectFault::Timeout),
    };
    let pairs = results.into_iter().zip(chosen);
    let attempts = pairs.map(|(attempt, address)| attempt.unwrap_or_else(|| late(address))).collect();
    (stream, attempts, ms.unwrap_or_else(|| milliseconds(start)))
}

/// Whether the machine at the first address answers at the port of the web, after a while of silence: then the
/// machine is there, and it is the port that is closed on the way. A refusal is an answer, too.
async fn web_port(chosen: &[SocketAddr], limit: Duration) -> bool {
    tokio::time::sleep(SILENCE.min(limit / 2)).await;
    let Some(first) = chosen.first().filter(|first| first.port() != WEB) else {
        return std::future::pending().await;
    };
    match timeout(limit, TcpStream::connect((first.ip(), WEB))).await {
        Ok(Ok(_)) => true,
        Ok(Err(error)) => fault::connect(&error) == ConnectFault::Refused,
        Err(_) => false,
    }
}

/// Where a connection came late, as if its first packet was lost: whether that happens now and then.
async fn tries(chosen: &[SocketAddr], attempts: &[Attempt]) -> Option<Tries> {
    let (good, attempt) = chosen.iter().zip(attempts).find(|(_, attempt)| attempt.fault.is_none())?;
    if attempt.ms < LATE.as_secs_f64() * 1000.0 {
        return None;
    }
    let mut further = JoinSet::new();
    for _ in 0..TRIES {
        let address = *good;
        further.spawn(async move {
            timeout(LATE, TcpStream::connect(address)).await.is_ok_and(|tried| tried.is_ok())
        });
    }
    let succeeded = further.join_all().await.into_iter().filter(|succeeded| *succeeded).count();
    let failed = TRIES - u32::try_from(succeeded).unwrap_or(TRIES);
    Some(Tries { made: TRIES + 1, failed: failed + 1 })
}

/// The first addresses of both families, in the system's order.
fn choose(addresses: &[SocketAddr]) -> Vec<SocketAddr> {
    let first_of_other = addresses.iter().position(|address| address.is_ipv4() != addresses[0].is_ipv4());
    let mut chosen: Vec<SocketAddr> = addresses.iter().copied().take(ADDRESSES).collect();
    if let Some(index) = first_of_other.filter(|index| *index >= ADDRESSES) {
        chosen[ADDRESSES - 1] = addresses[index];
    }
    chosen
}

#[cfg(test)]
mod tests {
    use super::choose;

    #[test]
    fn both_families_are_tried_however_many_addresses_there_are() {
        let mut all: Vec<std::net::SocketAddr> =
            (1..=9).map(|n| format!("10.0.0.{n}:443").parse().unwrap()).collect();
        all.push("[fd00::1]:443".parse().unwrap());
        let chosen = choose(&all);
        assert_eq!(chosen.len(), 6);
        assert!(chosen[0].is_ipv4() && chosen[5].is_ipv6());
        assert_eq!(choose(&all[..2]), all[..2]);
        assert_eq!(choose(&[]), []);
    }
}
