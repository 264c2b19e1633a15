//! The JSON that `json` and `jsonl` share. Keys and codes are never translated; sentences are in the language
//! of the page and say so (`lang`); times are ISO-8601 in UTC. Fields are only ever added within a version.

use serde::{Serialize, Serializer};
use serde_json::{Map, Value, json};

use super::page::Page;
use super::steps;
use super::words::{self, safe};
use crate::base::{Language, Timestamp, time};
use crate::cause::ExitClass;
use crate::diagnosis::change::Change;
use crate::diagnosis::experiment::Controls;
use crate::diagnosis::fact::StageDetail;
use crate::diagnosis::ranking::{Candidate, Line, WhyNot};
use crate::diagnosis::report::{Access, Check, Quota, StageLine};
use crate::diagnosis::{Entry, Finding, Report};
use crate::model::Verdict;

/// The schema of results.
pub const RESULT: &str = "conn.result/1";

/// The program, as every object of ours names it.
#[must_use]
pub fn tool() -> Value {
    json!({ "name": env!("CARGO_PKG_NAME"), "version": env!("CARGO_PKG_VERSION") })
}

/// An exit, as number and class.
#[must_use]
pub fn exit(class: ExitClass) -> Value {
    json!({ "code": class.code(), "class": class })
}

/// A moment, or null.
#[must_use]
pub fn moment(moment: Option<Timestamp>) -> Value {
    moment.map_or(Value::Null, |moment| time::iso(moment).into())
}

/// A duration in milliseconds, to a tenth.
#[must_use]
pub fn milliseconds(ms: f64) -> Value {
    json!((ms * 10.0).round() / 10.0)
}

/// The object as indented text with a final line end.
#[must_use]
pub fn pretty(object: &impl Serialize) -> String {
    serde_json::to_string_pretty(object).expect("what has text for keys has a form in JSON") + "\n"
}

/// The object as one line with its end.
#[must_use]
pub fn line(object: &impl Serialize) -> String {
    serde_json::to_string(object).expect("what has text for keys has a form in JSON") + "\n"
}

/// A string that is made harmless on its way into the text.
#[derive(Clone, Copy, Debug)]
pub struct Harmless<'t>(pub &'t str);

impl Serialize for Harmless<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&words::harmless(self.0))
    }
}

/// The same value with every string in it made harmless.
#[must_use]
pub fn harmless(value: Value) -> Value {
    match value {
        Value::String(text) => Value::String(safe(&text)),
        Value::Array(items) => Value::Array(items.into_iter().map(harmless).collect()),
        Value::Object(fields) => {
            Value::Object(fields.into_iter().map(|(key, value)| (safe(&key), harmless(value))).collect())
        }
        other => other,
    }
}

/// How many connections had which outcome; all outcomes are there.
#[must_use]
pub fn summary(report: &Report) -> Value {
    let mut counts = Map::new();
    for verdict in VERDICTS {
        let count = report.entries.iter().filter(|entry| entry.verdict == verdict).count();
        counts.insert(verdict.code().to_owned(), count.into());
    }
    json!({ "connections": report.entries.len(), "verdicts": counts })
}

/// All outcomes, in the order of the summary.
pub const VERDICTS: [Verdict; 12] = Verdict::ALL;

/// One connection of a report.
#[must_use]
pub fn connection(report: &Report, entry: &Entry, page: &Page) -> Value {
    let subject = &entry.subject;
    let language = page.language;
    json!({
        "connection": {
            "link_name": subject.link_name,
            "connector": subject.connector,
            "service": subject.service.get(language),
            "environment": subject.environment,
            "account": subject.account,
            "auth": { "method": subject.method, "kind": subject.kind.code() },
            "base": subject.base,
            "origin": subject.origin,
            "fingerprints": subject.fingerprints,
            "sources": subject.sources,
        },
        "verdict": entry.verdict.code(),
        "state": { "before": subject.state.code(), "after": entry.state.code() },
        "exit": exit(entry.exit(report.strict)),
        "duration_ms": milliseconds(entry.ms),
        "requests_used": entry.requests,
        "attempts": entry.attempts,
        "last_ok": moment(entry.last_ok),
        "identity": entry.identity,
        "stages": entry.stages.iter().map(|line| stage(line, language)).collect::<Vec<_>>(),
        "findings": entry.findings.iter().map(|f| finding(entry, f, language)).collect::<Vec<_>>(),
        "access": entry.access.iter().map(|row| access(row, language)).collect::<Vec<_>>(),
        "quota": entry.quota.as_ref().map(quota),
        "changes": entry.changes.iter().map(|one| change(one, language)).collect::<Vec<_>>(),
        "fixes": entry.fixes.iter().map(|fix| super::repair::applied(fix, language)).collect::<Vec<_>>(),
        "checks": entry.checks.iter().map(|row| check(row, language)).collect::<Vec<_>>(),
        "considered": entry.account.candidates.iter().map(|c| considered(c, language)).collect::<Vec<_>>(),
        "controls": controls(&entry.account.controls),
        "why_not": entry.account.why_not.as_ref().map(|why_not| not_named(why_not, language)),
        "request": entry.account.request,
    })
}

/// A cause that was weighed.
fn considered(candidate: &Candidate, language: Language) -> Value {
    json!({
        "code": candidate.cause.code,
        "number": candidate.cause.number,
        "named": candidate.is_root,
        "confidence": candidate.confidence,
        "score": candidate.score(),
        "evidence": candidate.lines.iter().map(|line| said(line, language)).collect::<Vec<_>>(),
    })
}

fn said(line: &Line, language: Language) -> Value {
    json!({ "strength": line.strength, "text": line.sentence.get(language) })
}

fn controls(controls: &Controls) -> Value {
    json!({
        "asked": controls.asked.iter().map(|(question, status)| {
            json!({ "id": question.id(), "what": question, "status": status })
        }).collect::<Vec<_>>(),
        "remembered": controls.remembered.iter().map(|(question, when, status)| {
            json!({ "id": question.id(), "what": question, "asked_at": moment(Some(*when)), "status": status })
        }).collect::<Vec<_>>(),
        "skipped": controls.skipped.iter().map(|(question, reason)| {
            json!({ "id": question.id(), "what": question, "reason": reason })
        }).collect::<Vec<_>>(),
    })
}

fn not_named(why_not: &WhyNot, language: Language) -> Value {
    json!({
        "code": why_not.cause.code,
        "number": why_not.cause.number,
        "named": why_not.is_root,
        "needed_text": why_not.cause.evidence.get(language),
        "evidence": why_not.lines.iter().map(|line| said(line, language)).collect::<Vec<_>>(),
        "lacking": why_not.lacking.iter().map(|lacking| json!({
            "strength": lacking.strength,
            "facts": lacking.facts.iter().map(|(fact, known)| {
                json!({ "text": fact.get(language), "seen": known })
            }).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
        "rules": why_not.rules,
    })
}

fn stage(line: &StageLine, language: Language) -> Value {
    json!({
        "id": line.stage.code(),
        "status": line.status,
        "ms": line.ms.map(milliseconds),
        "text": line.words.get(language),
        "detail": line.detail.as_deref().unwrap_or(&StageDetail::Nothing),
    })
}

/// One finding.
#[must_use]
pub fn finding(entry: &Entry, finding: &Finding, language: Language) -> Value {
    let cause = finding.cause;
    let step =
        |(n, step): (usize, steps::Spoken)| json!({ "n": n, "text": step.text, "command": step.command });
    json!({
        "code": cause.code,
        "number": cause.number,
        "severity": finding.severity,
        "role": finding.role,
        "confidence": finding.confidence,
        "verdict": finding.verdict().code(),
        "exit": exit(cause.exit),
        "title": words::title(entry, finding, language),
        "why": words::say(entry, finding, cause.why, language),
        "values": finding.values.iter().map(|(name, value)| (name.as_str(), value.get(language)))
            .collect::<std::collections::BTreeMap<_, _>>(),
        "note": finding.note.as_ref().map(|note| note.get(language)),
        "evidence": finding.evidence.iter().map(|evidence| json!({
            "strength": evidence.strength,
            "text": evidence.sentence.get(language),
        })).collect::<Vec<_>>(),
        "vendor": {
            "code": finding.vendor.code.as_deref().map(words::foreign),
            "message": finding.vendor.message.as_deref().map(words::foreign),
            "request_id": finding.vendor.request_id.as_deref().map(words::foreign),
        },
        "steps": (1..).zip(steps::steps(entry, finding, language)).map(step).collect::<Vec<_>>(),
        "who": cause.who.iter().map(|&who| words::who_code(who)).collect::<Vec<_>>(),
        "retry": { "class": cause.retry, "at": moment(finding.retry_at) },
        "fix": cause.fix,
        "repair": finding.repair.as_ref().map(|repair| super::repair::value(repair, language)),
        "docs": finding.docs,
        "over": finding.over,
        "lang": language.tag(),
    })
}

fn access(row: &Access, language: Language) -> Value {
    json!({
        "id": row.id,
        "label": row.label.get(language),
        "status": row.status,
        "http_status": row.http_status,
    })
}

fn quota(quota: &Quota) -> Value {
    json!({ "limit": quota.limit, "remaining": quota.remaining, "resets_at": moment(quota.resets_at) })
}

fn change(change: &Change, language: Language) -> Value {
    json!({
        "what": change.what,
        "label": change.label.get(language),
        "from": change.from,
        "to": change.to,
        "place": change.place,
        "at": moment(change.at),
    })
}

fn check(check: &Check, language: Language) -> Value {
    json!({ "id": check.id, "passed": check.passed, "text": check.words.get(language) })
}
