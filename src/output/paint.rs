//! Colours by meaning. Nothing is said by colour alone: each mark and word stands without it.

use anstyle::{AnsiColor, Style};

use crate::cause::Severity;
use crate::diagnosis::StageStatus;
use crate::model::Verdict;

/// What a piece of a screen means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// In order.
    Good,
    /// Something to look at.
    Warning,
    /// Broken.
    Bad,
    /// Not known, not reached, beside the point.
    Faint,
    /// A connection's name, a title.
    Strong,
    /// A command to type.
    Command,
    /// The name of a line.
    Label,
}

impl Meaning {
    /// The one table of colours.
    #[must_use]
    pub const fn style(self) -> Style {
        let plain = Style::new();
        match self {
            Self::Good => AnsiColor::Green.on_default(),
            Self::Warning => AnsiColor::Yellow.on_default(),
            Self::Bad => AnsiColor::Red.on_default().bold(),
            Self::Faint => plain.dimmed(),
            Self::Strong => plain.bold(),
            Self::Command => AnsiColor::Cyan.on_default(),
            Self::Label => AnsiColor::Blue.on_default(),
        }
    }
}

/// A mark with its colour.
pub type Mark = (&'static str, Meaning);

/// The mark of an outcome.
#[must_use]
pub const fn verdict(verdict: Verdict) -> Mark {
    match verdict {
        Verdict::Ok => ("✓", Meaning::Good),
        Verdict::Warning => ("!", Meaning::Warning),
        Verdict::Unverified => ("?", Meaning::Warning),
        Verdict::Skipped => ("·", Meaning::Faint),
        _ => ("✗", Meaning::Bad),
    }
}

/// The mark of a layer.
#[must_use]
pub const fn stage(status: StageStatus) -> Mark {
    match status {
        StageStatus::Ok => ("✓", Meaning::Good),
        StageStatus::Warning => ("!", Meaning::Warning),
        StageStatus::Failed => ("✗", Meaning::Bad),
        StageStatus::NotReached | StageStatus::Absent => ("·", Meaning::Faint),
        StageStatus::Unverified => ("?", Meaning::Warning),
    }
}

/// The mark of a cause.
#[must_use]
pub const fn severity(severity: Severity) -> Mark {
    match severity {
        Severity::Error => ("✗", Meaning::Bad),
        Severity::Warning => ("!", Meaning::Warning),
        Severity::Info => ("·", Meaning::Faint),
    }
}
