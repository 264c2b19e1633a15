//! The results of several runs as those of one: `conn test --merge`. Nothing may be missing and nothing twice.

use std::collections::{BTreeMap, BTreeSet};

use super::report::{Part, Report};
use crate::base::Timestamp;

/// Why results cannot be put together. Each names files by their place in what was handed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Clash {
    /// The parts are not of one split: the two differ in number, or in how many connections there are.
    OtherSplit(usize, usize),
    /// A part is there twice.
    SamePart(usize, usize),
    /// These parts are not there.
    MissingParts(Vec<u32>, Part),
    /// The parts together hold another number of connections than there are.
    Incomplete {
        /// How many there are.
        found: usize,
        /// How many there should be.
        all: usize,
    },
    /// A connection has two results in one environment.
    SameConnection(String, usize, usize),
}

/// One report of several, sorted by link name.
///
/// # Errors
/// When parts are missing, or anything is there twice.
pub fn merge(reports: Vec<Report>) -> Result<Report, Clash> {
    whole(&reports)?;
    let mut known: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for (place, report) in reports.iter().enumerate() {
        for entry in &report.entries {
            let key = (entry.subject.link_name.as_str(), entry.subject.environment.as_str());
            if let Some(before) = known.insert(key, place) {
                return Err(Clash::SameConnection(key.0.to_owned(), before, place));
            }
        }
    }
    let started_at = reports.iter().map(|report| report.started_at).min().unwrap_or_default();
    let ms =
        reports.iter().map(|report| since(started_at, report.started_at) + report.ms).fold(0.0, f64::max);
    let strict = reports.iter().any(|report| report.strict);
    let mut entries: Vec<_> = reports.into_iter().flat_map(|report| report.entries).collect();
    entries.sort_by(|a, b| {
        let key = |entry: &super::Entry| (entry.subject.link_name.clone(), entry.subject.environment.clone());
        key(a).cmp(&key(b))
    });
    Ok(Report { verb: "test", started_at, ms, entries, strict, part: None })
}

/// Whether all parts of a split are there, each once, with all of its connections.
fn whole(reports: &[Report]) -> Result<(), Clash> {
    let parts: Vec<(usize, Part, usize)> = reports
        .iter()
        .enumerate()
        .filter_map(|(place, report)| Some((place, report.part?, report.entries.len())))
        .collect();
    let Some(&(first, split, _)) = parts.first() else { return Ok(()) };
    let mut seen: BTreeMap<u32, usize> = BTreeMap::new();
    for &(place, part, _) in &parts {
        if (part.shard.count, part.all) != (split.shard.count, split.all) {
            return Err(Clash::OtherSplit(first, place));
        }
        if let Some(before) = seen.insert(part.shard.index, place) {
            return Err(Clash::SamePart(before, place));
        }
    }
    let there: BTreeSet<u32> = seen.into_keys().collect();
    let missing: Vec<u32> = (1..=split.shard.count).filter(|index| !there.contains(index)).collect();
    if !missing.is_empty() {
        return Err(Clash::MissingParts(missing, split));
    }
    let found = parts.iter().map(|(_, _, entries)| entries).sum();
    if found == split.all { Ok(()) } else { Err(Clash::Incomplete { found, all: split.all }) }
}

fn since(earlier: Timestamp, later: Timestamp) -> f64 {
    later.duration_since(earlier).as_secs_f64() * 1000.0
}
