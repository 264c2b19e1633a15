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
        Self::on(target, total, page)
    }

    fn on(target: ProgressDrawTarget, total: usize, page: Page) -> Self {
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

#[cfg(test)]
mod tests {
    use indicatif::{InMemoryTerm, ProgressDrawTarget};

    use super::Progress;
    use crate::base::Language;
    use crate::output::sample;

    #[test]
    fn the_line_is_one_line_in_either_language_and_goes_without_a_trace() {
        for language in [Language::En, Language::Ja] {
            let terminal = InMemoryTerm::new(10, 80);
            let target = ProgressDrawTarget::term_like(Box::new(terminal.clone()));
            let mut progress = Progress::on(target, 3, sample::page(language));
            for entry in sample::fleet().entries {
                progress.finished(&entry);
                progress.bar.force_draw();
                assert_eq!(terminal.contents().lines().count(), 1, "{}", terminal.contents());
            }
            progress.clear();
            assert_eq!(terminal.contents(), "");
        }
    }
}
