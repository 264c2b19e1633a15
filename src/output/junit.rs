//! JUnit XML for CI servers: a suite per connection, a case per layer and per right. A layer that was not
//! reached is skipped, never passed; warnings go to `system-out`.

use std::time::Duration;

use quick_junit::{NonSuccessKind, TestCase, TestCaseStatus, TestSuite};

use super::words::{self, safe};
use super::{Page, Renderer, steps};
use crate::cause::Severity;
use crate::diagnosis::fact::Stage;
use crate::diagnosis::report::{Access, AccessStatus, StageLine};
use crate::diagnosis::{Entry, Finding, Report, StageStatus};

/// JUnit XML.
pub struct Junit;

impl Renderer for Junit {
    fn name(&self) -> &'static str {
        "junit"
    }

    fn render(&self, report: &Report, page: &Page) -> String {
        let mut xml = quick_junit::Report::new(format!("conn {}", report.verb));
        xml.set_time(seconds(report.ms));
        for entry in &report.entries {
            xml.add_test_suite(suite(entry, page));
        }
        xml.to_string().expect("writing XML into memory does not fail")
    }
}

fn suite(entry: &Entry, page: &Page) -> TestSuite {
    let name = safe(&entry.subject.link_name);
    let mut suite = TestSuite::new(&*name);
    suite.set_time(seconds(entry.ms));
    for (key, value) in [
        ("connector", safe(&entry.subject.connector)),
        ("environment", safe(&entry.subject.environment)),
        ("verdict", entry.verdict.code().to_owned()),
        ("state", entry.state.code().to_owned()),
        ("attempts", entry.attempts.to_string()),
    ] {
        suite.add_property((key, value.as_str()));
    }
    if let Some(account) = &entry.subject.account {
        suite.add_property(("account", safe(account).as_str()));
    }
    let failure = entry.findings.iter().find(|finding| finding.severity == Severity::Error);
    let mut told = false;
    // Rights are cases of their own: their layer as a whole would count a missing one twice.
    let counted = |line: &&StageLine| {
        line.status != StageStatus::Absent && (line.stage != Stage::Access || entry.access.is_empty())
    };
    for line in entry.stages.iter().filter(counted) {
        let failed = line.status == StageStatus::Failed;
        told |= failed;
        suite.add_test_case(stage(entry, line, failure, page).named(&name));
    }
    for row in &entry.access {
        told |= row.status == AccessStatus::Denied;
        suite.add_test_case(access(entry, row, failure, page).named(&name));
    }
    if !told || suite.test_cases.is_empty() {
        suite.add_test_case(connection(entry, failure, page).named(&name));
    }
    let warnings = warnings(entry, page);
    if !warnings.is_empty() {
        suite.set_system_out(warnings);
    }
    suite
}

/// Puts a case into the class of its connection.
trait Named {
    fn named(self, connection: &str) -> Self;
}

impl Named for TestCase {
    fn named(mut self, connection: &str) -> Self {
        self.set_classname(connection);
        self
    }
}

/// The whole connection as one case: where no layer tells of the failure, or none was looked at.
fn connection(entry: &Entry, failure: Option<&Finding>, page: &Page) -> TestCase {
    let status = match failure {
        Some(finding) => failed(entry, finding, page),
        None if words::is_failed(entry.verdict) => TestCaseStatus::non_success(NonSuccessKind::Failure),
        None if entry.verdict.is_healthy() => TestCaseStatus::success(),
        None => skipped(page.say(entry.verdict.text())),
    };
    TestCase::new("connection", status)
}

fn stage(entry: &Entry, line: &StageLine, failure: Option<&Finding>, page: &Page) -> TestCase {
    let status = match (line.status, failure) {
        (StageStatus::Failed, Some(finding)) => failed(entry, finding, page),
        (StageStatus::Failed, None) => bare(&safe(line.words.get(page.language))),
        (StageStatus::NotReached | StageStatus::Unverified, _) => {
            skipped(page.say(words::stage_status(line.status)))
        }
        _ => TestCaseStatus::success(),
    };
    let mut case = TestCase::new(line.stage.code(), status);
    if let Some(ms) = line.ms {
        case.set_time(seconds(ms));
    }
    case
}

fn access(entry: &Entry, row: &Access, failure: Option<&Finding>, page: &Page) -> TestCase {
    let status = match (row.status, failure) {
        (AccessStatus::Granted, _) => TestCaseStatus::success(),
        (AccessStatus::Denied, Some(finding)) => failed(entry, finding, page),
        (AccessStatus::Denied, None) => bare(&safe(row.label.get(page.language))),
        (status, _) => skipped(page.say(words::access(status))),
    };
    TestCase::new(format!("access {}", safe(&row.id)), status)
}

fn failed(entry: &Entry, finding: &Finding, page: &Page) -> TestCaseStatus {
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
    status.set_type(finding.cause.code);
    status.set_message(words::title(entry, finding, page.language));
    status.set_description(description(entry, finding, page));
    status
}

fn bare(words: &str) -> TestCaseStatus {
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
    status.set_message(words);
    status
}

fn skipped(words: &str) -> TestCaseStatus {
    let mut status = TestCaseStatus::skipped();
    status.set_message(words);
    status
}

/// Evidence, steps and retry, one a line.
fn description(entry: &Entry, finding: &Finding, page: &Page) -> String {
    let mut lines: Vec<String> = Vec::new();
    for evidence in words::supporting(finding) {
        lines.push(format!("- {}", safe(evidence.sentence.get(page.language))));
    }
    if let Some(message) = &finding.vendor.message {
        lines.push(format!("> {}", words::foreign(message)));
    }
    for (index, step) in steps::steps(entry, finding, page.language).into_iter().enumerate() {
        lines.push(format!("{}. {}", index + 1, step.text));
        if let Some(command) = step.command {
            lines.push(format!("   {command}"));
        }
    }
    lines.push(format!("conn explain {}", finding.cause.number));
    lines.join("\n")
}

fn warnings(entry: &Entry, page: &Page) -> String {
    let lines: Vec<String> = entry
        .findings
        .iter()
        .filter(|finding| finding.severity != Severity::Error)
        .map(|finding| format!("{} {}", finding.cause.code, words::title(entry, finding, page.language)))
        .collect();
    lines.join("\n")
}

fn seconds(ms: f64) -> Duration {
    Duration::try_from_secs_f64(ms / 1000.0).unwrap_or_default()
}
