//! What stood at the last success, so that a later run can say what is different. No secret is in it: keys appear
//! as fingerprints made with this machine's own key, answers as the names of their keys.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::expiry::{self, Expiring};
use super::fact::{Answered, Facts, Stage, StageDetail, StageStatus, Subject};
use super::shape::Shape;
use crate::base::{Peer, Timestamp, redact, safe_text};

/// The most addresses of a service that are remembered.
const ADDRESSES: usize = 16;

/// What a run was made with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Setting {
    /// The version of conn.
    pub conn: String,
    /// When the file that defines the connection was last written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub saved: Option<Timestamp>,
}

/// The way to a service.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Way {
    /// The proxy, without user or password; none where there is a direct way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proxy: Option<String>,
    /// The variable or flag that names the proxy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

/// What stood in one run. What that run did not see is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastGood {
    /// The connector's id.
    #[serde(default)]
    pub connector: String,
    /// The auth method.
    #[serde(default)]
    pub method: String,
    /// Where the connection is defined, `FILE:LINE`.
    #[serde(default)]
    pub origin: String,
    /// The address with its variables filled in.
    #[serde(default)]
    pub base: String,
    /// Parameter → keyed fingerprint.
    #[serde(default)]
    pub fingerprints: BTreeMap<String, String>,
    /// Parameter → where its value is kept.
    #[serde(default)]
    pub sources: BTreeMap<String, String>,
    /// The scopes granted, sorted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scopes: Option<Vec<String>>,
    /// The addresses that answered, newest last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub addresses: Vec<String>,
    /// Who issued the certificate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
    /// The way to the service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub way: Option<Way>,
    /// Header → the API version that the service names.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub versions: BTreeMap<String, String>,
    /// Request → how its answer is built.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub shapes: BTreeMap<String, Shape>,
    /// What ends, and when.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub ends: BTreeMap<Expiring, Timestamp>,
    /// The version of conn.
    #[serde(default)]
    pub conn: String,
}

impl LastGood {
    /// What stands in this run.
    #[must_use]
    pub fn of(facts: &Facts) -> Self {
        let Subject { connector, method, origin, base, fingerprints, sources, .. } = &facts.connection;
        let granted = facts.grant.as_ref().and_then(|grant| grant.granted.clone());
        let clean = |text: &str| redact::scrub(text).into_owned();
        Self {
            connector: connector.clone(),
            method: method.clone(),
            origin: origin.clone(),
            base: clean(base),
            fingerprints: fingerprints.clone(),
            sources: sources.clone(),
            scopes: granted.map(|mut scopes| {
                scopes.sort_unstable();
                scopes
            }),
            addresses: addresses(facts),
            issuer: issuer(facts),
            way: way(facts),
            versions: answers(facts).flat_map(|(_, answer)| versions(answer)).collect(),
            shapes: answers(facts)
                .filter_map(|(request, answer)| Some((request.to_owned(), shape(answer)?.clone())))
                .collect(),
            ends: expiry::seen(facts),
            conn: facts.setting.as_ref().map(|setting| setting.conn.clone()).unwrap_or_default(),
        }
    }

    /// What is kept after a further success: what it saw, else what was known.
    #[must_use]
    pub fn after(&self, now: Self, at: Timestamp) -> Self {
        let mut addresses = self.addresses.clone();
        addresses.extend(now.addresses.iter().filter(|one| !self.addresses.contains(one)).cloned());
        let surplus = addresses.len().saturating_sub(ADDRESSES);
        let mut shapes = now.shapes;
        for (request, known) in &self.shapes {
            match shapes.get_mut(request) {
                Some(shape) => *shape = known.after(shape, at),
                None => drop(shapes.insert(request.clone(), known.clone())),
            }
        }
        let mut versions = self.versions.clone();
        versions.extend(now.versions);
        Self {
            scopes: now.scopes.or_else(|| self.scopes.clone()),
            addresses: addresses.split_off(surplus),
            issuer: now.issuer.or_else(|| self.issuer.clone()),
            way: now.way.or_else(|| self.way.clone()),
            versions,
            shapes,
            ..now
        }
    }
}

fn answers(facts: &Facts) -> impl Iterator<Item = (&str, &Answered)> {
    let answered =
        facts.answers.iter().filter_map(|fact| Some((fact.request.as_str(), fact.answer.as_ref()?)));
    answered.filter(|(_, answer)| (200..300).contains(&answer.status))
}

/// How an answer is built, where it came whole.
pub(super) fn shape(answer: &Answered) -> Option<&Shape> {
    if answer.truncated { None } else { answer.body.shape() }
}

fn peers(facts: &Facts) -> impl Iterator<Item = &Peer> {
    facts.answers.iter().filter_map(|fact| fact.answer.as_ref()?.peer.as_deref())
}

fn addresses(facts: &Facts) -> Vec<String> {
    let resolved = facts.stages.iter().filter_map(|stage| match &stage.detail {
        StageDetail::Dns { addresses, .. } if stage.status == StageStatus::Ok => Some(addresses),
        _ => None,
    });
    let mut found: Vec<String> = resolved.flatten().cloned().collect();
    found.extend(peers(facts).filter_map(|peer| peer.address.clone()));
    found.sort_unstable();
    found.dedup();
    found.truncate(ADDRESSES);
    found
}

fn issuer(facts: &Facts) -> Option<String> {
    let shown = facts.stages.iter().find_map(|stage| match &stage.detail {
        StageDetail::Tls { chain, .. } => chain.first().map(|leaf| leaf.issuer.clone()),
        _ => None,
    });
    let issuer = peers(facts).find_map(|peer| peer.issuer.clone()).or(shown)?;
    Some(safe_text::line(&issuer, 120))
}

fn way(facts: &Facts) -> Option<Way> {
    if let Some(peer) = peers(facts).next() {
        return Some(Way { proxy: peer.proxy.clone(), source: peer.proxy_source.clone() });
    }
    let stage = facts.stages.iter().find(|stage| stage.stage == Stage::Proxy)?;
    match &stage.detail {
        StageDetail::Proxy { proxy, source, .. } if stage.status != StageStatus::Absent => {
            Some(Way { proxy: Some(proxy.clone()), source: Some(source.clone()) })
        }
        _ if stage.status == StageStatus::Absent => Some(Way::default()),
        _ => None,
    }
}

/// Headers that name the version of an API, beside those that say so in their name.
const VERSIONS: [&str; 8] = [
    "stripe-version",
    "openai-version",
    "notion-version",
    "intercom-version",
    "linkedin-version",
    "square-version",
    "x-ms-version",
    "x-api-level",
];

fn versions(answer: &Answered) -> impl Iterator<Item = (String, String)> {
    let named = answer
        .headers
        .iter()
        .filter(|(name, _)| name.contains("api-version") || VERSIONS.contains(&name.as_str()));
    // What a service supports is a list and says nothing about the version in use.
    let used = named.filter(|(name, _)| !name.contains("supported"));
    used.map(|(name, value)| (name.clone(), safe_text::line(value, 60)))
}
