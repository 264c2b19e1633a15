//! Showing a report in the form that was asked for.

use super::Context;
use crate::config::Format;
use crate::diagnosis::Report;
use crate::output;

/// Shows a report; `why` adds everything that was weighed.
pub fn report(context: &Context, report: &Report, why: bool) {
    let mut page = context.page();
    page.why = why;
    let name = match context.settings.format {
        Format::Human => "human",
        Format::Plain => "plain",
        Format::Json => "json",
        Format::Jsonl => "jsonl",
        Format::Junit => "junit",
        Format::Github => "github",
    };
    if let Some(renderer) = output::find(name) {
        context.print(&renderer.render(report, &page));
    }
}
