//! Showing a report in the form that was asked for.

use std::io::Write as _;

use super::Context;
use crate::base::{Text, system_error};
use crate::config::Format;
use crate::diagnosis::Report;
use crate::output;

/// Shows a report; `why` adds everything that was weighed.
pub fn report(context: &Context, report: &Report, why: bool) {
    let mut page = context.page();
    page.why = why;
    if let Some(renderer) = output::find(context.settings.format.name()) {
        context.print(&renderer.render(report, &page));
    }
    if context.settings.format == Format::Github {
        summarise(context, report);
    }
}

/// Adds the table to the file that GitHub shows on the page of a run.
fn summarise(context: &Context, report: &Report) {
    const NOT: Text = Text::new(
        "The step summary cannot be written: {reason}",
        "ステップサマリーに書き込めません: {reason}",
    );
    let Some(file) = context.process.variables.get("GITHUB_STEP_SUMMARY") else { return };
    let table = crate::base::redact::scrub(&output::github::summary(report, &context.page())).into_owned();
    let path = context.process.folder.join(file);
    let opened = std::fs::OpenOptions::new().append(true).create(true).open(path);
    if let Err(error) = opened.and_then(|mut file| file.write_all(format!("{table}\n").as_bytes())) {
        context
            .tell(NOT.fill_phrases(&[("reason", system_error::explained(&error))]).get(context.language()));
    }
}
