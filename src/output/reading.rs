//! Reading a result of `conn test --format json` back, so that results of several machines become one. The inverse
//! of [`super::machine`]. Sentences that stand in the file stay in the language in which they were written; those of
//! the catalogue are said in the language of the reader.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::machine::RESULT;
use super::refusal;
use crate::base::{Phrase, Timestamp};
use crate::cause::{self, ExitClass, Fix, Severity};
use crate::diagnosis::change::Change;
use crate::diagnosis::fact::{StageDetail, Subject};
use crate::diagnosis::finding::VendorWords;
use crate::diagnosis::repair::{Action, Repair};
use crate::diagnosis::report::{Access, AccessStatus, Account, Identity, Part, Quota, StageLine};
use crate::diagnosis::{Confidence, Entry, Evidence, Finding, Report, Role, Stage, StageStatus};
use crate::model::{AuthKind, Shard, State, Strength, Verdict};

/// A result that was read.
#[derive(Debug)]
pub struct Results {
    /// What it says.
    pub report: Report,
    /// Its connections as they stand in the file, in the order of the report's entries.
    pub connections: Vec<Value>,
}

/// Why a text is no result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// It is not one JSON object; what the parser says.
    NotJson(String),
    /// Several objects, one a line.
    Lines,
    /// The command that wrote it failed itself; its message.
    Failed(String),
    /// It is something else, by its schema.
    Other(String),
    /// It is the result of another verb.
    OtherVerb(String),
    /// A field is missing or has another form; what the parser says.
    Form(String),
    /// A cause that this version does not know.
    UnknownCause(String),
}

/// Reads one result.
///
/// # Errors
/// When the text is no result of `conn test`.
pub fn read(text: &str) -> Result<Results, Unreadable> {
    let value: Value = serde_json::from_str(text).map_err(|error| {
        let first = serde_json::Deserializer::from_str(text).into_iter::<Value>().next();
        let lines = matches!(first, Some(Ok(ref value)) if value["schema"] == RESULT);
        if lines { Unreadable::Lines } else { Unreadable::NotJson(error.to_string()) }
    })?;
    let word = |name: &str| value[name].as_str().unwrap_or_default().to_owned();
    match word("schema").as_str() {
        RESULT if value.get("connections").is_none() => return Err(Unreadable::Lines),
        RESULT => {}
        refusal::SCHEMA => return Err(Unreadable::Failed(word("message"))),
        other => return Err(Unreadable::Other(other.to_owned())),
    }
    if word("verb") != "test" {
        return Err(Unreadable::OtherVerb(word("verb")));
    }
    let form = |error: serde_json::Error| Unreadable::Form(error.to_string());
    let head: Head = serde_json::from_value(value).map_err(form)?;
    let mut entries = Vec::with_capacity(head.connections.len());
    let mut strict = false;
    for connection in &head.connections {
        let read = ConnectionForm::deserialize(connection).map_err(form)?;
        strict |= read.exit.code == ExitClass::Warnings.code();
        entries.push(read.into_entry()?);
    }
    let part = head.shard.map(|shard| Part {
        shard: Shard { index: shard.index, count: shard.count },
        all: shard.connections,
    });
    let report =
        Report { verb: "test", started_at: head.started_at, ms: head.duration_ms, entries, strict, part };
    Ok(Results { report, connections: head.connections })
}

#[derive(Deserialize)]
struct Head {
    started_at: Timestamp,
    duration_ms: f64,
    #[serde(default)]
    shard: Option<ShardForm>,
    connections: Vec<Value>,
}

#[derive(Deserialize)]
struct ShardForm {
    index: u32,
    count: u32,
    connections: usize,
}

#[derive(Deserialize)]
struct ConnectionForm {
    connection: SubjectForm,
    verdict: Verdict,
    state: StateForm,
    exit: ExitForm,
    duration_ms: f64,
    requests_used: u32,
    attempts: u32,
    last_ok: Option<Timestamp>,
    identity: Option<Identity>,
    stages: Vec<StageForm>,
    findings: Vec<FindingForm>,
    access: Vec<AccessForm>,
    quota: Option<Quota>,
    changes: Vec<ChangeForm>,
}

#[derive(Deserialize)]
struct ExitForm {
    code: u8,
}

#[derive(Deserialize)]
struct StateForm {
    before: State,
    after: State,
}

#[derive(Deserialize)]
struct SubjectForm {
    link_name: String,
    connector: String,
    service: String,
    environment: String,
    #[serde(default)]
    account: Option<String>,
    auth: AuthForm,
    base: String,
    origin: String,
    fingerprints: BTreeMap<String, String>,
    sources: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct AuthForm {
    method: String,
    kind: AuthKind,
}

#[derive(Deserialize)]
struct StageForm {
    id: Stage,
    status: StageStatus,
    ms: Option<f64>,
    text: String,
    detail: StageDetail,
}

#[derive(Deserialize)]
struct FindingForm {
    code: String,
    severity: Severity,
    role: Role,
    confidence: Confidence,
    values: BTreeMap<String, String>,
    note: Option<String>,
    evidence: Vec<EvidenceForm>,
    vendor: VendorWords,
    retry: RetryForm,
    repair: Option<RepairForm>,
    #[serde(default)]
    over: bool,
    docs: Vec<String>,
}

#[derive(Deserialize)]
struct EvidenceForm {
    strength: Strength,
    text: String,
}

#[derive(Deserialize)]
struct RetryForm {
    at: Option<Timestamp>,
}

#[derive(Deserialize)]
struct RepairForm {
    applicability: Fix,
    text: String,
    action: Value,
}

#[derive(Deserialize)]
struct AccessForm {
    id: String,
    label: String,
    status: AccessStatus,
    http_status: Option<u16>,
}

#[derive(Deserialize)]
struct ChangeForm {
    what: String,
    label: String,
    from: Option<String>,
    to: Option<String>,
    place: Option<String>,
    at: Option<Timestamp>,
}

impl ConnectionForm {
    fn into_entry(self) -> Result<Entry, Unreadable> {
        Ok(Entry {
            subject: self.connection.into_subject(self.state.before),
            verdict: self.verdict,
            state: self.state.after,
            stages: self.stages.into_iter().map(StageForm::into_line).collect(),
            findings: self.findings.into_iter().map(FindingForm::into_finding).collect::<Result<_, _>>()?,
            identity: self.identity,
            access: self.access.into_iter().map(AccessForm::into_access).collect(),
            quota: self.quota,
            changes: self.changes.into_iter().map(ChangeForm::into_change).collect(),
            checks: Vec::new(),
            fixes: Vec::new(),
            account: Account::default(),
            last_ok: self.last_ok,
            requests: self.requests_used,
            attempts: self.attempts,
            ms: self.duration_ms,
        })
    }
}

impl SubjectForm {
    fn into_subject(self, state: State) -> Subject {
        let host = url::Url::parse(&self.base).ok().and_then(|url| url.host_str().map(str::to_owned));
        Subject {
            link_name: self.link_name,
            connector: self.connector,
            service: Phrase::same(self.service),
            method: self.auth.method,
            kind: self.auth.kind,
            environment: self.environment,
            base: self.base,
            host: host.unwrap_or_default(),
            origin: self.origin,
            state,
            fingerprints: self.fingerprints,
            sources: self.sources,
            redirect: None,
            options: Vec::new(),
            account: self.account,
        }
    }
}

impl StageForm {
    fn into_line(self) -> StageLine {
        let words = Phrase::same(self.text);
        let detail = Some(self.detail).filter(|detail| *detail != StageDetail::Nothing).map(Box::new);
        StageLine { stage: self.id, status: self.status, ms: self.ms, words, detail }
    }
}

impl FindingForm {
    fn into_finding(self) -> Result<Finding, Unreadable> {
        let Some(cause) = cause::find(&self.code) else { return Err(Unreadable::UnknownCause(self.code)) };
        let evidence =
            |one: EvidenceForm| Evidence { strength: one.strength, sentence: Phrase::same(one.text) };
        Ok(Finding {
            cause,
            severity: self.severity,
            role: self.role,
            confidence: self.confidence,
            values: self.values.into_iter().map(|(name, value)| (name, Phrase::same(value))).collect(),
            evidence: self.evidence.into_iter().map(evidence).collect(),
            note: self.note.map(Phrase::same),
            vendor: self.vendor,
            retry_at: self.retry.at,
            docs: self.docs,
            repair: self.repair.and_then(RepairForm::into_repair),
            over: self.over,
        })
    }
}

impl RepairForm {
    fn into_repair(mut self) -> Option<Repair> {
        // Results name a certificate and do not hold it.
        if let Some(trust) = self.action.get_mut("trust").and_then(Value::as_object_mut) {
            trust.insert("pem".to_owned(), Value::String(String::new()));
        }
        let action: Action = serde_json::from_value(self.action).ok()?;
        Some(Repair { action, applicability: self.applicability, plan: Phrase::same(self.text) })
    }
}

impl AccessForm {
    fn into_access(self) -> Access {
        let label = Phrase::same(self.label);
        Access { id: self.id, label, status: self.status, http_status: self.http_status }
    }
}

impl ChangeForm {
    fn into_change(self) -> Change {
        let label = Phrase::same(self.label);
        Change { what: self.what, label, from: self.from, to: self.to, place: self.place, at: self.at }
    }
}
