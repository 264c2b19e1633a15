//! Showing a report in the form that was asked for.

use super::Context;
use crate::diagnosis::Report;
use crate::output;

/// Shows a report; `why` adds everything that was weighed.
pub fn report(context: &Context, report: &Report, why: bool) {
    let mut page = context.page();
    page.why = why;
    if let Some(renderer) = output::find(context.settings.format.name()) {
        context.print(&renderer.render(report, &page));
    }
}
