//! The line that moves while many connections are tested. It stands on stderr, only on a terminal, and leaves
//! nothing behind.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::page::Page;
use super::paint;
use super::words::{self, safe};
use crate::base::Text;
use crate::diagnosis::Entry;

/// A progress line.
#[derive(Debug)]
pub struct Progress {
    bar: ProgressBar,
    page: Page,
    failed: usize,
}

impl Progress {
    /// A line for `total` connections; `shown` only on a terminal and without `--quiet`.
    #[must_use]
    pub fn new(total: usize, shown: bool, page: Page) -> Self {
        let target =
            if shown { ProgressDrawTarget::stderr_with_hz(10) } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(Some(total as u64), target);
        let style = ProgressStyle::with_template("{bar:20} {pos}/{len} {msg}");
        if let Ok(style) = style {
            bar.set_style(style.progress_chars("##-"));
        }
        Self { bar, page, failed: 0 }
    }

    /// Counts one finished connection and names it.
    pub fn finished(&mut self, entry: &Entry) {
        self.failed += usize::from(words::is_failed(entry.verdict));
        self.bar.set_message(self.message(entry));
        self.bar.inc(1);
    }

    /// Takes the line away.
    pub fn clear(&self) {
        self.bar.finish_and_clear();
    }

    fn message(&self, entry: &Entry) -> String {
        let (mark, _) = paint::verdict(entry.verdict);
        let name = safe(&entry.subject.link_name);
        let text = Text::new("· {failed} failed · {mark} {name}", "· 失敗 {failed} 件 · {mark} {name}");
        let failed = self.failed.to_string();
        self.page.finish(self.page.fill(text, &[("failed", &failed), ("mark", mark), ("name", &name)]))
    }
}
