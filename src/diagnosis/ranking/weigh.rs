//! Weighing: the verdict of the answer itself, against the finer causes that may stand behind it.

use std::cmp::Reverse;

use super::candidate::{AHEAD, Candidate, LIKELY, Line, POSSIBLE};
use super::{explains, rules};
use crate::cause;
use crate::diagnosis::finding::{Confidence, Evidence, Finding};
use crate::diagnosis::view::View;
use crate::model::Strength;

/// What weighing makes of a verdict.
#[derive(Clone, Debug, Default)]
pub struct Weighed {
    /// The root.
    pub root: Option<Finding>,
    /// Everything that was weighed, the best first.
    pub candidates: Vec<Candidate>,
}

/// A line about a cause from a rule of the connector.
#[derive(Clone, Debug)]
pub struct Claim {
    /// The cause's code.
    pub cause: String,
    /// What it says.
    pub line: Line,
}

/// Weighs what may stand behind a verdict. The same facts give the same result, in whatever order they came.
#[must_use]
pub fn weigh(verdict: Finding, view: &View, claims: &[Claim]) -> Weighed {
    let code = verdict.cause.code;
    let peers = explains::peers(code, verdict.confidence == Confidence::Certain);
    let mut candidates: Vec<Candidate> = peers.iter().map(|code| heard(code, view, claims)).collect();
    candidates.sort_by_key(|candidate| (order(candidate), candidate.cause.number));
    let mut general = heard(code, view, claims);
    let is_refuted =
        general.is_excluded() || general.lines.iter().any(|line| line.strength == Strength::Against);
    // What is merely general competes with nobody.
    let competes = explains::behind(code).is_empty() || rules::about(code).next().is_some();
    settle(&mut candidates, competes.then(|| general.score()));
    general.lines = stated(&verdict, general.lines);
    general.confidence = Some(verdict.confidence);
    let enough = if is_refuted { Confidence::Possible } else { Confidence::Likely };
    let finer = candidates.first().filter(|first| first.confidence >= Some(enough)).cloned();
    let root = match finer {
        Some(finer) => finer_than(verdict, &finer, view),
        None => verdict,
    };
    candidates.push(general);
    for candidate in &mut candidates {
        candidate.is_root = candidate.cause.code == root.cause.code;
    }
    candidates.sort_by_key(|candidate| (Reverse(candidate.is_root), Reverse(candidate.confidence)));
    Weighed { root: Some(root), candidates }
}

/// A cause with all that rules say of it.
#[must_use]
pub fn heard(code: &str, view: &View, claims: &[Claim]) -> Candidate {
    let mut candidate = Candidate::new(cause::get(code));
    let holding = rules::about(code).filter(|rule| rule.holds(view));
    let own = holding.map(|rule| Line { strength: rule.strength, sentence: rule.sentence(view) });
    let said = claims.iter().filter(|claim| claim.cause == code).map(|claim| claim.line.clone());
    candidate.lines = own.chain(said).collect();
    candidate
}

/// The lines of the verdict itself, then those of the rules about it.
fn stated(verdict: &Finding, heard: Vec<Line>) -> Vec<Line> {
    let line = |e: &Evidence| Line { strength: e.strength, sentence: e.sentence.clone() };
    let mut lines: Vec<Line> = verdict.evidence.iter().map(line).collect();
    for line in heard {
        if !lines.iter().any(|other| other.sentence == line.sentence) {
            lines.push(line);
        }
    }
    lines
}

fn order(candidate: &Candidate) -> (bool, Reverse<bool>, Reverse<i32>) {
    (candidate.is_excluded(), Reverse(candidate.is_proven()), Reverse(candidate.score()))
}

/// How sure we are of each, by its own score and its distance to the next.
fn settle(candidates: &mut [Candidate], general: Option<i32>) {
    let scores: Vec<Option<i32>> =
        candidates.iter().map(|other| (!other.is_excluded()).then(|| other.score())).collect();
    for (place, candidate) in candidates.iter_mut().enumerate() {
        let others = scores.iter().enumerate().filter(|(other, _)| *other != place);
        let next = others.filter_map(|(_, score)| *score).chain(general).max().unwrap_or(0);
        let score = candidate.score();
        candidate.confidence = match () {
            () if candidate.is_excluded() => None,
            () if candidate.is_proven() => Some(Confidence::Certain),
            () if score >= LIKELY && score >= next + AHEAD => Some(Confidence::Likely),
            () if score >= POSSIBLE && candidate.is_supported() => Some(Confidence::Possible),
            () => Some(Confidence::Unknown),
        };
    }
}

/// The finer cause in the place of the general verdict, which it explains.
fn finer_than(general: Finding, finer: &Candidate, view: &View) -> Finding {
    let mut finding = Finding::new(finer.cause, finer.confidence.unwrap_or(Confidence::Unknown));
    finding.evidence = finer.evidence();
    for evidence in general.evidence {
        if !finding.evidence.iter().any(|other| other.sentence == evidence.sentence) {
            finding.evidence.push(evidence);
        }
    }
    finding.values = general.values;
    for (value, name) in [
        ("when", "history.when"),
        ("new_host", "d4.host"),
        ("expected", "d4.label"),
        ("new_host", "token.host"),
        ("data_centre", "token.choice"),
        ("scope", "grant.lacking"),
        ("method", "d16.method"),
    ] {
        if let Some(word) = view.get(name) {
            finding = finding.value(value, word);
        }
    }
    finding.vendor = general.vendor;
    finding.docs = general.docs;
    finding.retry_at = general.retry_at;
    finding
}
