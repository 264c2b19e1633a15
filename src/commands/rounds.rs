//! Testing, and testing again what failed for a passing reason, while there is time (`--retry-until`).

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use super::Context;
use crate::base::{Text, time};
use crate::config::Format;
use crate::diagnosis::{Entry, Report};
use crate::operation::test::{TestRequest, test};
use crate::operation::{Failure, again};
use crate::output::progress::Progress;
use crate::output::{jsonl, words};

/// Tests the connections, and those again whose failure may pass, at most for so long. As lines, results come as
/// soon as they are final, each once.
pub(super) fn run(
    request: &TestRequest,
    patience: Option<Duration>,
    context: &Context,
) -> Result<Report, Failure> {
    let begun = Instant::now();
    let mut lines = Lines { context, strict: request.strict, told: BTreeSet::new() };
    let may_change = |entry: &Entry| patience.is_some() && again::passes(entry);
    let mut report = once(request, context, |entry| {
        if !may_change(entry) {
            lines.tell(entry);
        }
    })?;
    while let Some(most) = patience {
        let left = most.saturating_sub(begun.elapsed());
        let now = context.world.clock().now();
        let Some(next) = again::next(&report, now, left) else {
            leave(&report, left, context);
            break;
        };
        say_again(&next, context);
        std::thread::sleep(next.wait);
        let part = TestRequest { link_names: next.link_names, ..request.clone() };
        again::absorb(&mut report, once(&part, context, |_| {})?);
        report.ms = begun.elapsed().as_secs_f64() * 1000.0;
    }
    report.entries.iter().for_each(|entry| lines.tell(entry));
    Ok(report)
}

/// Says what is tested again, and when.
fn say_again(next: &again::Again, context: &Context) {
    const WAIT: Text = Text::new(
        "Temporary; testing {names} again in {seconds} s.",
        "一時的な障害です。{seconds} 秒後に再テストします: {names}",
    );
    let names = words::some(&next.link_names);
    // A part of a second counts as a whole one.
    let seconds = next.wait.as_millis().div_ceil(1000).to_string();
    context.remark(&WAIT.fill(&[("names", &names), ("seconds", &seconds)]));
}

/// Says what is not tested again, because its service wants to be left alone for longer.
fn leave(report: &Report, left: Duration, context: &Context) {
    const LATER: Text = Text::new(
        "Not tested again: {names}. The service asks to wait until {at}, longer than was allowed.",
        "再テストしません: {names}（サービスが示した時刻 {at} が、指定された時間を超えています）",
    );
    let beyond = again::beyond(report, context.world.clock().now(), left);
    if let Some(at) = beyond.iter().map(|(_, at)| *at).min() {
        let names: Vec<String> = beyond.iter().map(|(name, _)| (*name).to_owned()).collect();
        context.remark(&LATER.fill(&[("names", &words::some(&names)), ("at", &time::iso(at))]));
    }
}

/// Results as lines, where lines were asked for.
struct Lines<'c, 'w> {
    context: &'c Context<'w>,
    strict: bool,
    told: BTreeSet<String>,
}

impl Lines<'_, '_> {
    fn tell(&mut self, entry: &Entry) {
        let stream = self.context.settings.format == Format::Jsonl;
        if stream && self.told.insert(entry.subject.link_name.clone()) {
            let page = self.context.page();
            let alone = Report::of("test", page.now, entry.ms, Vec::new());
            let alone = Report { strict: self.strict, ..alone };
            self.context.print(&jsonl::line(&alone, entry, &page));
        }
    }
}

/// One round over the chosen connections.
fn once(
    request: &TestRequest,
    context: &Context,
    mut finished: impl FnMut(&Entry),
) -> Result<Report, Failure> {
    let names = &request.link_names;
    let total = if names.is_empty() { context.world.definitions()?.link_names()?.len() } else { names.len() };
    let shown = context.process.terminal.error && !context.settings.quiet && context.settings.interactive;
    let mut progress = Progress::new(total, shown && total > 1, context.page());
    // Of many connections these forms tell the names alone where nothing is wrong; one that stands alone is told whole.
    let brief = matches!(context.settings.format, Format::Human | Format::Jsonl | Format::Github);
    let mut first = true;
    let report = context.block_on(test(context.world, request, |entry| {
        progress.finished(entry);
        finished(entry);
        if brief && !std::mem::take(&mut first) {
            entry.shorten();
        }
    }));
    progress.clear();
    report
}
