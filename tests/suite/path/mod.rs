//! The path to a service: the carrier and the prober against scripted servers and real programs.

mod carrier;
mod name;
mod protocol;
mod proxy;
mod tls;

use std::sync::Arc;
use std::time::Duration;

use conn::base::{Request, Response};
use conn::diagnosis::Fault;
use conn::diagnosis::fact::{Stage, StageDetail, StageFact, StageStatus, TlsFault};
use conn::port::{Carrier, Prober, Route, Target};
use conn::probe::{Deadlines, PathProber};
use conn::wire::{ProxySettings, Trust};

use crate::support::certificate::Authority;

fn trusting(authority: &Authority) -> Arc<Trust> {
    Arc::new(Trust::new(Some(authority.file())))
}

fn direct() -> Arc<ProxySettings> {
    Arc::new(ProxySettings::direct())
}

fn target(host: &str, port: u16) -> Target {
    Target { host: host.to_owned(), port, tls: true, ca_file: None }
}

fn patient() -> Deadlines {
    let limit = Duration::from_secs(10);
    Deadlines { dns: limit, connect: limit, proxy: limit, tls: limit }
}

fn run<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

fn climb(prober: &PathProber, target: &Target) -> Vec<StageFact> {
    let stages = run(prober.climb(target));
    let layers: Vec<Stage> = stages.iter().map(|fact| fact.stage).collect();
    assert_eq!(layers, [Stage::Dns, Stage::Connect, Stage::Proxy, Stage::Tls]);
    assert!(stages.iter().filter(|fact| fact.status == StageStatus::Failed).count() <= 1, "{stages:#?}");
    let saved = serde_json::to_string(&stages).unwrap();
    assert_eq!(serde_json::from_str::<Vec<StageFact>>(&saved).unwrap(), stages);
    stages
}

fn statuses(stages: &[StageFact]) -> Vec<StageStatus> {
    stages.iter().map(|fact| fact.status).collect()
}

fn tls_fault(stages: &[StageFact]) -> Option<TlsFault> {
    match &stages[3].detail {
        StageDetail::Tls { fault, .. } => fault.clone(),
        other => panic!("{other:?}"),
    }
}

fn get(carrier: &impl Carrier, url: &str) -> Result<Response, Fault> {
    let request = Request::new("GET", url.parse().unwrap());
    run(carrier.send(&request, &Route::default())).outcome
}
