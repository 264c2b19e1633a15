//! What a run found, as a value. Renderers turn it into bytes; the exit code follows from it.

use serde::{Deserialize, Serialize};

use super::change::Change;
use super::experiment::Controls;
use super::fact::{Stage, StageDetail, StageStatus, Subject};
use super::finding::{Finding, Role};
use super::ranking::{Candidate, WhyNot};
use super::repair::Repair;
use crate::base::{Phrase, Timestamp};
use crate::cause::{Cause, ExitClass, Severity};
use crate::model::{Shard, State, Verdict};

/// Everything a run found.
#[derive(Clone, Debug)]
pub struct Report {
    /// The verb: `test`, `diagnose`, `reconnect`, `connect`, `add`.
    pub verb: &'static str,
    /// When it began.
    pub started_at: Timestamp,
    /// How long it took, in milliseconds.
    pub ms: f64,
    /// One entry per connection.
    pub entries: Vec<Entry>,
    /// Whether warnings count (`--strict`).
    pub strict: bool,
    /// Of which these entries are a part, where only one was tested (`--shard`).
    pub part: Option<Part>,
}

/// One part of all connections that a run is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// Which part.
    pub shard: Shard,
    /// The connections of all parts together.
    pub all: usize,
}

impl Report {
    /// A report of all that was looked at, in which warnings do not count.
    #[must_use]
    pub const fn of(verb: &'static str, started_at: Timestamp, ms: f64, entries: Vec<Entry>) -> Self {
        Self { verb, started_at, ms, entries, strict: false, part: None }
    }

    /// The exit of the whole run.
    #[must_use]
    pub fn exit(&self) -> ExitClass {
        ExitClass::worst(self.entries.iter().map(|entry| entry.exit(self.strict)))
    }
}

/// What a run found about one connection.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The connection.
    pub subject: Subject,
    /// The outcome.
    pub verdict: Verdict,
    /// The lasting state after this run.
    pub state: State,
    /// The layers, ground up.
    pub stages: Vec<StageLine>,
    /// Root first.
    pub findings: Vec<Finding>,
    /// Who the service says we are.
    pub identity: Option<Identity>,
    /// The rows of the permission matrix.
    pub access: Vec<Access>,
    /// The calls that are left.
    pub quota: Option<Quota>,
    /// What is different since the last success.
    pub changes: Vec<Change>,
    /// Checks made after a reconnect, V1 to V8.
    pub checks: Vec<Check>,
    /// The repairs that were asked for, in order (`--fix`).
    pub fixes: Vec<Applied>,
    /// What was weighed, and asked to weigh it.
    pub account: Account,
    /// The last success before this run.
    pub last_ok: Option<Timestamp>,
    /// Requests sent, those of earlier attempts among them.
    pub requests: u32,
    /// How often it was tested in this run (`--retry-until`).
    pub attempts: u32,
    /// How long it took, in milliseconds.
    pub ms: f64,
}

impl Entry {
    /// The root cause, if anything is wrong.
    #[must_use]
    pub fn root(&self) -> Option<&Finding> {
        self.findings.iter().find(|finding| finding.role == Role::Root)
    }

    /// Lets go of what only a full account of a healthy connection tells: among thousands it takes the most room.
    pub fn shorten(&mut self) {
        if self.verdict == Verdict::Ok && self.findings.is_empty() {
            self.stages = Vec::new();
            self.account = Account::default();
            self.subject.fingerprints.clear();
            self.subject.sources.clear();
        }
    }

    /// The exit of this connection.
    #[must_use]
    pub fn exit(&self, strict: bool) -> ExitClass {
        let error = self.findings.iter().find(|finding| finding.severity == Severity::Error);
        match error {
            Some(finding) => finding.cause.exit,
            None if strict && self.findings.iter().any(|f| f.severity == Severity::Warning) => {
                ExitClass::Warnings
            }
            None => ExitClass::Healthy,
        }
    }
}

/// What became of a repair.
#[derive(Clone, Debug)]
pub struct Applied {
    /// The cause that it is for.
    pub cause: &'static Cause,
    /// The repair.
    pub repair: Repair,
    /// What became of it.
    pub ending: Ending,
}

/// How a repair ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Tried, better than before, and kept.
    Kept,
    /// Tried, no better than before (the code that it led to), and nothing was changed.
    NoBetter(Option<&'static str>),
    /// A person said no.
    Declined,
    /// Nobody was there to agree.
    Unanswered,
}

impl Ending {
    /// The word in JSON.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::NoBetter(_) => "no_better",
            Self::Declined => "declined",
            Self::Unanswered => "unanswered",
        }
    }
}

/// How a verdict came about.
#[derive(Clone, Debug, Default)]
pub struct Account {
    /// The causes that were weighed, the root first.
    pub candidates: Vec<Candidate>,
    /// The control experiments.
    pub controls: Controls,
    /// Why a cause was not named, where somebody asked (`--why-not`).
    pub why_not: Option<WhyNot>,
    /// The test request as it travels, where somebody asked (`--show-request`).
    pub request: Option<ShownRequest>,
    /// Whether every layer was looked at (`conn diagnose`): to look again shows nothing new.
    pub diagnosed: bool,
    /// The only layer that was looked at, where somebody named one (`--stage`).
    pub stage: Option<Stage>,
}

/// A request without its secrets.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ShownRequest {
    /// The method.
    pub method: String,
    /// The address, secrets masked.
    pub url: String,
    /// Each header with its value, secrets masked.
    pub headers: Vec<(String, String)>,
    /// The media type of the body, where there is one, and its length.
    pub body: Option<(String, usize)>,
}

/// One layer of the ladder.
#[derive(Clone, Debug, PartialEq)]
pub struct StageLine {
    /// The layer.
    pub stage: Stage,
    /// How far it came.
    pub status: StageStatus,
    /// How long it took, in milliseconds.
    pub ms: Option<f64>,
    /// What it showed, in words.
    pub words: Phrase,
    /// What it showed, for machines; none where there is nothing to add.
    pub detail: Option<Box<StageDetail>>,
}

/// Who the service says we are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// The person or key.
    pub account: Option<String>,
    /// The organisation or tenant.
    pub organisation: Option<String>,
}

/// One row of the permission matrix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    /// The permission's id.
    pub id: String,
    /// What people call it.
    pub label: Phrase,
    /// Whether it is granted.
    pub status: AccessStatus,
    /// The status of the answer, if there was one.
    pub http_status: Option<u16>,
}

/// Whether a right is granted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccessStatus {
    /// The call worked.
    Granted,
    /// The vendor refused it.
    Denied,
    /// The call could not be judged.
    Unknown,
    /// Not tried.
    NotReached,
}

/// The calls that are left.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quota {
    /// Calls allowed in the window.
    pub limit: Option<u64>,
    /// Calls left.
    pub remaining: Option<u64>,
    /// When the window begins anew.
    pub resets_at: Option<Timestamp>,
}

/// One check after a reconnect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// `V1` to `V8`.
    pub id: &'static str,
    /// Whether it passed; `None` where it does not apply.
    pub passed: Option<bool>,
    /// What it showed.
    pub words: Phrase,
}
