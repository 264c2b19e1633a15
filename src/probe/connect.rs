//! TCP: every address at once, so that a dead family shows beside a living one.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use tokio::net::TcpStream;
use tokio::task::JoinSet;

use super::climb::{in_time, milliseconds};
use crate::diagnosis::fact::{Attempt, ConnectFault, Stage, StageDetail, StageFact, StageStatus};
use crate::wire::fault;

/// The most addresses that are tried.
const ADDRESSES: usize = 6;
/// How long the other addresses may take once one is connected.
const GRACE: Duration = Duration::from_millis(300);

/// What was seen at the addresses.
pub(super) struct Look {
    /// The first connection.
    pub stream: Option<TcpStream>,
    attempts: Vec<Attempt>,
    ms: f64,
}

impl Look {
    /// Why the first address failed.
    pub(super) fn fault(&self) -> ConnectFault {
        let fault = self.attempts.iter().find_map(|attempt| attempt.fault.clone());
        fault.unwrap_or(ConnectFault::Timeout)
    }

    pub(super) fn into_fact(self, status: StageStatus) -> StageFact {
        let detail = StageDetail::Connect { attempts: self.attempts };
        StageFact { stage: Stage::Connect, status, ms: Some(self.ms), detail }
    }
}

/// Connects to the addresses; the layer holds as soon as one does.
pub(super) async fn look(addresses: &[SocketAddr], limit: Duration) -> Look {
    let start = Instant::now();
    let mut tries = JoinSet::new();
    let chosen = choose(addresses);
    for (index, address) in chosen.iter().copied().enumerate() {
        tries.spawn(async move { (index, in_time(limit, TcpStream::connect(address)).await) });
    }
    let mut stream = None;
    let mut ms = None;
    let mut results: Vec<Option<Attempt>> = chosen.iter().map(|_| None).collect();
    let mut deadline = tokio::time::Instant::now() + limit + GRACE;
    while let Ok(Some(Ok((index, result)))) = tokio::time::timeout_at(deadline, tries.join_next()).await {
        let own = Attempt {
            address: chosen[index].to_string(),
            ms: milliseconds(start),
            fault: result.as_ref().err().map(fault::connect),
        };
        if let (Ok(connected), None) = (result, &stream) {
            stream = Some(connected);
            ms = Some(own.ms);
            deadline = tokio::time::Instant::now() + GRACE;
        }
        results[index] = Some(own);
    }
    let late = |address: &SocketAddr| Attempt {
        address: address.to_string(),
        ms: milliseconds(start),
        fault: Some(ConnectFault::Timeout),
    };
    let pairs = results.into_iter().zip(&chosen);
    let attempts = pairs.map(|(attempt, address)| attempt.unwrap_or_else(|| late(address))).collect();
    Look { stream, attempts, ms: ms.unwrap_or_else(|| milliseconds(start)) }
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
