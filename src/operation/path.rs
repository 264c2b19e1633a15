//! The path to the service of a connection: where to look, when to look, and what else conn knows about its
//! host.

use std::time::Duration;

use url::Url;

use super::World;
use super::check::{Depth, Loaded};
use super::exchange::Caller;
use super::prepare::prepare;
use super::secrets::Secrets;
use crate::base::suggest;
use crate::diagnosis::fact::{DnsFault, StageDetail};
use crate::diagnosis::stage::NameLook;
use crate::diagnosis::{AnswerFact, StageFact, StageStatus};
use crate::port::Target;

/// How long a request is silent before the path is looked at beside it.
const SILENCE: Duration = Duration::from_secs(2);

/// Climbs the path to the service without any credential.
pub(super) async fn climb(world: &dyn World, loaded: &Loaded) -> Vec<StageFact> {
    let base = loaded.prepared.base(&loaded.secrets).ok();
    let Some(target) = base.and_then(|base| target(world, loaded, &base)) else { return Vec::new() };
    let mut stages = world.prober().climb(&target).await;
    for stage in &mut stages {
        if let StageDetail::Dns {
            host, fault: Some(DnsFault::NoSuchName | DnsFault::NoAddress), look, ..
        } = &mut stage.detail
        {
            look.get_or_insert_with(NameLook::default).near = near(world, loaded, host);
        }
    }
    stages
}

/// Where an address of a connection leads.
pub(super) fn target(world: &dyn World, loaded: &Loaded, base: &Url) -> Option<Target> {
    let caller = Caller { world, prepared: &loaded.prepared, secrets: &loaded.secrets };
    Some(Target {
        host: base.host_str()?.to_owned(),
        port: base.port_or_known_default()?,
        tls: base.scheme() == "https",
        ca_file: caller.ca_file(),
    })
}

/// Waits for a request, with a look at the path beside it, so that the two waits do not add up: from the start
/// in a diagnosis, else where the request is silent for long. A path that is broken ends the request, too, and
/// then there is no answer to wait for.
pub(super) async fn attended(
    world: &dyn World,
    loaded: &Loaded,
    call: impl Future<Output = AnswerFact>,
    stages: &mut Vec<StageFact>,
    depth: Depth,
) -> Option<AnswerFact> {
    let mut call = std::pin::pin!(call);
    if !stages.is_empty() {
        return Some(call.await);
    }
    if depth == Depth::Test
        && let Ok(fact) = tokio::time::timeout(SILENCE, &mut call).await
    {
        return Some(fact);
    }
    let mut climbing = Box::pin(climb(world, loaded));
    tokio::select! {
        biased;
        seen = &mut climbing => {
            *stages = seen;
            if stages.iter().any(|stage| stage.status == StageStatus::Failed) { None } else { Some(call.await) }
        }
        fact = &mut call => {
            if fact.answer.is_none() || depth == Depth::Diagnose {
                *stages = climbing.await;
            }
            // A way on which an answer came is not broken, whatever became of the look beside it.
            for stage in stages.iter_mut().filter(|stage| stage.status == StageStatus::Failed) {
                stage.status = if fact.answer.is_some() { StageStatus::Unverified } else { stage.status };
            }
            Some(fact)
        }
    }
}

/// A proxy that answers plain http in the service's place, where a connection is plain http by mistake.
pub(super) async fn intercepted(world: &dyn World, base: &str) -> Option<StageFact> {
    let base = Url::parse(base).ok()?;
    world.prober().intercepted(base.host_str()?).await
}

/// A host that conn knows and that looks almost like one that does not exist: of this connection, or of another.
fn near(world: &dyn World, loaded: &Loaded, host: &str) -> Option<String> {
    let mut known = loaded.prepared.hosts(&loaded.secrets);
    let others = world.definitions().ok()?.link_names().ok()?;
    for name in others.iter().filter(|name| **name != loaded.prepared.link_name) {
        if let Ok(other) = prepare(world, name, None) {
            known.extend(other.hosts(&Secrets::default()));
        }
    }
    let names = known.iter().map(|known| known.split(':').next().unwrap_or_default());
    suggest::nearest(host, names.filter(|known| *known != host)).map(str::to_owned)
}
