//! Asking an address whether it has an API at all: a few requests without any credential, for nothing is known of it yet.

use std::collections::BTreeMap;

use url::Url;

use super::exchange::answered;
use super::{Failure, World};
use crate::base::{Header, Phrase, Request, is_loopback};
use crate::diagnosis::fact::Subject;
use crate::diagnosis::sign::{PLACES, Sign};
use crate::diagnosis::{Answered, Fault, Finding, path};
use crate::model::{AuthKind, State};
use crate::port::Route;

/// What an address says of itself.
#[derive(Clone, Debug)]
pub struct Survey {
    /// The answer of the address itself.
    pub first: Answered,
    /// Where a sign of an API was seen.
    pub signs: Vec<(Url, u16, Sign)>,
    /// The requests that were sent.
    pub requests: u32,
}

/// Asks an address and the usual places of its host; why nobody answers there, where that is so.
///
/// # Errors
/// When a proxy setting cannot be used.
pub async fn survey(world: &dyn World, base: &Url) -> Result<Result<Survey, Box<Finding>>, Failure> {
    let host = base.host_str().unwrap_or_default();
    if let Some(variable) = world.unusable_proxy().filter(|_| !is_loopback(host)) {
        return Err(Failure::cause("CONN-PXY-ENV", &[("variable", variable), ("host", host)]));
    }
    let first = match ask(world, base.clone()).await {
        Ok(first) => first,
        Err(fault) => return Ok(Err(Box::new(unreached(&fault, base, host)))),
    };
    let mut signs: Vec<(Url, u16, Sign)> = Vec::new();
    signs.extend(Sign::of(&first).map(|sign| (base.clone(), first.status, sign)));
    let mut requests = 1;
    for place in PLACES {
        let Ok(url) = base.join(place) else { continue };
        requests += 1;
        let Ok(answer) = ask(world, url.clone()).await else { continue };
        // What a host says of every address says nothing of this one.
        let says = Sign::of(&answer).filter(|sign| !matches!(sign, Sign::Data | Sign::Challenge(_)));
        signs.extend(says.map(|sign| (url, answer.status, sign)));
    }
    Ok(Ok(Survey { first, signs, requests }))
}

async fn ask(world: &dyn World, url: Url) -> Result<Answered, Fault> {
    let mut request = Request::new("GET", url);
    request.set_header(Header::plain("Accept", "application/json"));
    let mut route = Route { ca_file: world.settings().ca_file.clone(), ..Route::default() };
    if let Some(total) = world.settings().timeout {
        route.total = total;
        route.connect = route.connect.min(total);
        (route.first_byte, route.idle) = (total, total);
    }
    Ok(answered(&world.carrier().send(&request, &route).await.outcome?))
}

/// Nobody answers, as the finding that a diagnosis would make of it.
fn unreached(fault: &Fault, base: &Url, host: &str) -> Finding {
    let subject = Subject {
        link_name: host.to_owned(),
        connector: String::new(),
        service: Phrase::same(host),
        method: String::new(),
        kind: AuthKind::None,
        environment: String::new(),
        base: base.to_string(),
        host: host.to_owned(),
        origin: String::new(),
        state: State::Pending,
        fingerprints: BTreeMap::new(),
        sources: BTreeMap::new(),
        redirect: None,
        options: Vec::new(),
        account: None,
    };
    let mut finding = path::fault(fault, &subject);
    crate::diagnosis::judge::name(&mut finding, &crate::model::Connector::default(), &subject);
    finding
}
