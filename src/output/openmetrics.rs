//! OpenMetrics text, for a scrape or a textfile collector. Few labels and none of foreign words: no address and no
//! message ever becomes one. What could not be checked has no `conn_up` at all.

use std::collections::HashSet;
use std::fmt::Write as _;

use super::{Page, Renderer, words};
use crate::base::Timestamp;
use crate::diagnosis::fact::StageDetail;
use crate::diagnosis::report::AccessStatus;
use crate::diagnosis::{Entry, Report, StageStatus};

/// OpenMetrics 1.0.
pub struct OpenMetrics;

impl Renderer for OpenMetrics {
    fn name(&self) -> &'static str {
        "openmetrics"
    }

    fn render(&self, report: &Report, _page: &Page) -> String {
        let mut families: Vec<Family> = FAMILIES.iter().map(|(name, help)| Family::new(name, help)).collect();
        for entry in &report.entries {
            measure(entry, report.started_at, &mut families);
        }
        text(&families)
    }
}

/// The families of a report, in the order in which they are written.
const FAMILIES: [(&str, &str); 13] = [
    ("conn_up", "Whether the connection works; absent where that could not be checked."),
    ("conn_verdict", "The outcome of the run, always 1."),
    ("conn_finding", "What was found, always 1."),
    ("conn_access_ok", "Whether a right is granted."),
    ("conn_stage_ok", "Whether a layer of the path is in order."),
    ("conn_stage_duration_seconds", "How long a layer took."),
    ("conn_duration_seconds", "How long the run took."),
    ("conn_requests", "The requests that the run sent."),
    (
        "conn_last_success_timestamp_seconds",
        "When the credential was last proven; conn_up says whether all else stands too.",
    ),
    ("conn_tls_not_after_timestamp_seconds", "The end of the server's certificate."),
    ("conn_quota_limit", "The calls allowed in the window."),
    ("conn_quota_remaining", "The calls left in the window."),
    ("conn_quota_reset_timestamp_seconds", "When the window begins anew."),
];

/// A family of gauges.
#[derive(Debug)]
pub struct Family {
    name: &'static str,
    help: &'static str,
    samples: Vec<(String, f64)>,
    known: HashSet<String>,
}

impl Family {
    /// A family without samples.
    #[must_use]
    pub fn new(name: &'static str, help: &'static str) -> Self {
        Self { name, help, samples: Vec::new(), known: HashSet::new() }
    }

    /// Adds a sample, unless one with the same labels is there: a reader refuses the whole where one stands twice.
    pub fn add(&mut self, labels: &[(&str, &str)], value: f64) {
        let label = |(name, value): &(&str, &str)| format!("{name}=\"{}\"", escaped(value));
        let labels = labels.iter().map(label).collect::<Vec<_>>().join(",");
        if self.known.insert(labels.clone()) {
            self.samples.push((labels, value));
        }
    }
}

/// The families with samples as text, with the end mark that tells a whole exposition from a cut one.
#[must_use]
pub fn text(families: &[Family]) -> String {
    let mut text = String::new();
    for Family { name, help, samples, .. } in families.iter().filter(|family| !family.samples.is_empty()) {
        let _ = writeln!(text, "# TYPE {name} gauge");
        if name.ends_with("_seconds") {
            let _ = writeln!(text, "# UNIT {name} seconds");
        }
        let _ = writeln!(text, "# HELP {name} {help}");
        for (labels, value) in samples {
            let _ = writeln!(text, "{name}{{{labels}}} {value}");
        }
    }
    text + "# EOF\n"
}

/// A label's value (OpenMetrics 1.0, section on escaping).
fn escaped(value: &str) -> String {
    words::safe(value).replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

fn measure(entry: &Entry, started_at: Timestamp, families: &mut [Family]) {
    let subject = &entry.subject;
    let mut own = vec![
        ("connection", subject.link_name.as_str()),
        ("connector", subject.connector.as_str()),
        ("environment", subject.environment.as_str()),
    ];
    own.extend(subject.account.as_deref().map(|account| ("account", account)));
    let mut add = |name: &str, further: &[(&str, &str)], value: f64| {
        if let Some(family) = families.iter_mut().find(|family| family.name == name) {
            family.add(&[&own[..], further].concat(), value);
        }
    };
    outcome(entry, started_at, &mut add);
    way(entry, &mut add);
    calls(entry, &mut add);
}

/// Whether it works, and what was found.
fn outcome(entry: &Entry, started_at: Timestamp, add: &mut impl FnMut(&str, &[(&str, &str)], f64)) {
    let healthy = entry.verdict.is_healthy();
    if healthy || words::is_failed(entry.verdict) {
        add("conn_up", &[], truth(healthy));
    }
    add("conn_verdict", &[("verdict", entry.verdict.code())], 1.0);
    let mut told: Vec<&str> = Vec::new();
    for finding in &entry.findings {
        if !told.contains(&finding.cause.code) {
            told.push(finding.cause.code);
            let severity = word(finding.severity);
            let confidence = word(finding.confidence);
            let labels =
                [("code", finding.cause.code), ("severity", severity.as_str()), ("confidence", &confidence)];
            add("conn_finding", &labels, 1.0);
        }
    }
    for row in &entry.access {
        if matches!(row.status, AccessStatus::Granted | AccessStatus::Denied) {
            add("conn_access_ok", &[("resource", &row.id)], truth(row.status == AccessStatus::Granted));
        }
    }
    if let Some(moment) = if healthy { Some(started_at) } else { entry.last_ok } {
        add("conn_last_success_timestamp_seconds", &[], seconds(moment));
    }
}

/// The layers, one by one.
fn way(entry: &Entry, add: &mut impl FnMut(&str, &[(&str, &str)], f64)) {
    for line in &entry.stages {
        let label = [("stage", line.stage.code())];
        match line.status {
            StageStatus::Ok | StageStatus::Warning => add("conn_stage_ok", &label, 1.0),
            StageStatus::Failed => add("conn_stage_ok", &label, 0.0),
            _ => {}
        }
        if let Some(ms) = line.ms {
            add("conn_stage_duration_seconds", &label, ms / 1000.0);
        }
        if let Some(StageDetail::Tls { chain, .. }) = line.detail.as_deref()
            && let Some(leaf) = chain.first()
        {
            add("conn_tls_not_after_timestamp_seconds", &[], seconds(leaf.not_after));
        }
    }
}

/// What the run cost, and what is left.
fn calls(entry: &Entry, add: &mut impl FnMut(&str, &[(&str, &str)], f64)) {
    add("conn_duration_seconds", &[], entry.ms / 1000.0);
    add("conn_requests", &[], f64::from(entry.requests));
    let Some(quota) = &entry.quota else { return };
    for (name, value) in [
        ("conn_quota_limit", quota.limit.map(count)),
        ("conn_quota_remaining", quota.remaining.map(count)),
        ("conn_quota_reset_timestamp_seconds", quota.resets_at.map(seconds)),
    ] {
        if let Some(value) = value {
            add(name, &[], value);
        }
    }
}

/// The word that JSON uses.
fn word(value: impl serde::Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

/// 1 or 0.
#[must_use]
pub fn truth(value: bool) -> f64 {
    f64::from(u8::from(value))
}

/// A moment in seconds since 1970.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "seconds stay far below what a float holds exactly")]
pub fn seconds(moment: Timestamp) -> f64 {
    moment.as_second() as f64
}

#[expect(clippy::cast_precision_loss, reason = "counts of calls stay far below what a float holds exactly")]
fn count(value: u64) -> f64 {
    value as f64
}

#[cfg(test)]
mod tests {
    use super::{Family, OpenMetrics, text};
    use crate::base::Language;
    use crate::output::{Renderer as _, sample};

    #[test]
    fn a_family_stands_once_and_its_samples_together() {
        for (case, report) in sample::all() {
            let text = OpenMetrics.render(&report, &sample::page(Language::En));
            assert!(text.ends_with("# EOF\n"), "{case}");
            let mut seen: Vec<&str> = Vec::new();
            for line in text.lines().filter(|line| !line.starts_with('#')) {
                let name = line.split('{').next().unwrap();
                if seen.last() != Some(&name) {
                    assert!(!seen.contains(&name), "{case}: {name} stands in two places\n{text}");
                    seen.push(name);
                }
                assert!(!line.contains("://"), "{case}: {line}");
            }
            let samples: std::collections::BTreeSet<&str> =
                text.lines().map(|line| line.rsplit_once(' ').map_or(line, |(name, _)| name)).collect();
            assert_eq!(samples.len(), text.lines().count(), "{case}: a sample stands twice\n{text}");
        }
    }

    #[test]
    fn a_value_is_escaped() {
        let mut family = Family::new("conn_up", "Up.");
        family.add(&[("connection", "a\"b\\c")], 1.0);
        let expected =
            "# TYPE conn_up gauge\n# HELP conn_up Up.\nconn_up{connection=\"a\\\"b\\\\c\"} 1\n# EOF\n";
        assert_eq!(text(&[family]), expected);
    }
}
