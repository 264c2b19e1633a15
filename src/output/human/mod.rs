//! The screen for people. One connection gets its headline and what was found; `diagnose` adds the ladder of
//! layers; several connections are grouped by cause.

mod checks;
mod failure;
mod headline;
mod ladder;
mod many;

use super::{Page, Renderer};
use crate::diagnosis::{Entry, Report};

/// Sentences, marks and colours.
pub struct Human;

impl Renderer for Human {
    fn name(&self) -> &'static str {
        "human"
    }

    fn render(&self, report: &Report, page: &Page) -> String {
        let screen = match report.entries.as_slice() {
            [entry] if !page.quiet => single(report, entry, page),
            _ => many::render(report, page),
        };
        page.finish(screen)
    }
}

fn single(report: &Report, entry: &Entry, page: &Page) -> String {
    let mut screen = match report.verb {
        "diagnose" => headline::detailed(entry, page) + "\n" + &ladder::render(entry, page),
        _ => headline::short(entry, page),
    };
    if !entry.checks.is_empty() {
        screen += "\n";
        screen += &checks::render(entry, page);
    }
    for finding in &entry.findings {
        screen += "\n";
        screen += &failure::block(report, entry, finding, page);
    }
    if report.verb == "diagnose" {
        screen += "\n";
        screen += &ladder::footer(report, entry, page);
    }
    screen
}
