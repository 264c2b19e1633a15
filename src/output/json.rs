//! One object for the whole run. One connection and thirty have the same shape.

use serde_json::{Value, json};

use super::{Page, Renderer, machine};
use crate::diagnosis::{Report, correlation};

/// The schema `conn.result/1`.
pub struct Json;

impl Renderer for Json {
    fn name(&self) -> &'static str {
        "json"
    }

    fn render(&self, report: &Report, page: &Page) -> String {
        let connections =
            report.entries.iter().map(|entry| machine::connection(report, entry, page)).collect();
        whole(report, connections, page)
    }
}

/// The object with these connections; each belongs to the entry at its place.
#[must_use]
pub fn whole(report: &Report, connections: Vec<Value>, page: &Page) -> String {
    machine::pretty(&machine::harmless(json!({
        "schema": machine::RESULT,
        "tool": machine::tool(),
        "verb": report.verb,
        "lang": page.language.tag(),
        "started_at": machine::moment(Some(report.started_at)),
        "duration_ms": machine::milliseconds(report.ms),
        "exit": machine::exit(report.exit()),
        "shard": report.part.map(|part| json!({
            "index": part.shard.index,
            "count": part.shard.count,
            "connections": part.all,
        })),
        "summary": machine::summary(report),
        "common_cause": correlation::common(&report.entries).map(|common| json!({
            "code": common.cause.code,
            "number": common.cause.number,
            "link_names": common.members.iter().map(|entry| &entry.subject.link_name).collect::<Vec<_>>(),
        })),
        "connections": connections,
    })))
}
