//! One flat object per connection and line, for logs and for tools that read line by line. A line holds the
//! root cause only; `json` holds everything.

use serde_json::{Value, json};

use super::{Page, Renderer, machine, steps, words};
use crate::diagnosis::{Entry, Report, StageStatus};

/// JSON lines.
pub struct JsonLines;

impl Renderer for JsonLines {
    fn name(&self) -> &'static str {
        "jsonl"
    }

    fn render(&self, report: &Report, page: &Page) -> String {
        report.entries.iter().map(|entry| line(report, entry, page)).collect()
    }
}

/// The line of one connection, with its line end; also used to write results as they come.
#[must_use]
pub fn line(report: &Report, entry: &Entry, page: &Page) -> String {
    let subject = &entry.subject;
    let root = entry.root();
    let exit = entry.exit(report.strict);
    let command = root.and_then(|finding| {
        steps::steps(entry, finding, page.language).into_iter().find_map(|step| step.command)
    });
    let failed = entry.stages.iter().find(|line| line.status == StageStatus::Failed);
    let value: Value = json!({
        "schema": machine::RESULT,
        "verb": report.verb,
        "started_at": machine::moment(Some(report.started_at)),
        "link_name": subject.link_name,
        "connector": subject.connector,
        "environment": subject.environment,
        "verdict": entry.verdict.code(),
        "state": entry.state.code(),
        "code": root.map(|finding| finding.cause.code),
        "number": root.map(|finding| finding.cause.number),
        "confidence": root.map(|finding| finding.confidence),
        "title": root.map(|finding| words::title(entry, finding, page.language)),
        "command": command,
        "failed_stage": failed.map(|line| line.stage.code()),
        "retry_at": machine::moment(root.and_then(|finding| finding.retry_at)),
        "warnings": entry.findings.iter()
            .filter(|finding| finding.severity == crate::cause::Severity::Warning)
            .map(|finding| finding.cause.code).collect::<Vec<_>>(),
        "exit_code": exit.code(),
        "exit_class": exit,
        "last_ok": machine::moment(entry.last_ok),
        "requests_used": entry.requests,
        "attempts": entry.attempts,
        "duration_ms": machine::milliseconds(entry.ms),
        "lang": page.language.tag(),
    });
    format!("{}\n", machine::harmless(value))
}
