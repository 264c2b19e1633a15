//! `conn doctor`: is everything that conn needs on this machine there and sound? One file per room.

mod files;
mod network;
mod session;
mod store;

use super::{Failure, World};
use crate::base::{Language, Phrase, Text};
use crate::cause::ExitClass;
use crate::diagnosis::Finding;

/// How one check came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    /// In order.
    Fine,
    /// Worth a look; conn works.
    Warning,
    /// conn cannot work so.
    Failed,
}

impl Grade {
    /// The word in JSON.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Fine => "ok",
            Self::Warning => "warning",
            Self::Failed => "failed",
        }
    }

    /// The word for people.
    #[must_use]
    pub const fn text(self) -> Text {
        match self {
            Self::Fine => Text::new("fine", "正常"),
            Self::Warning => Text::new("warning", "注意"),
            Self::Failed => Text::new("failed", "異常"),
        }
    }
}

/// One step towards the repair.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WayOut {
    /// The step in words.
    pub text: Phrase,
    /// The command to run, if it is one.
    pub command: Option<String>,
}

/// One check and how it came out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// Its stable name, for example `store.proof`.
    pub id: &'static str,
    /// How it came out.
    pub grade: Grade,
    /// What was found.
    pub what: Phrase,
    /// The code of the cause where it has one.
    pub code: Option<&'static str>,
    /// The way out, in order.
    pub steps: Vec<WayOut>,
}

impl Check {
    pub(super) fn fine(id: &'static str, what: impl Into<Phrase>) -> Self {
        Self { id, grade: Grade::Fine, what: what.into(), code: None, steps: Vec::new() }
    }

    pub(super) fn warning(id: &'static str, what: impl Into<Phrase>) -> Self {
        Self { grade: Grade::Warning, ..Self::fine(id, what) }
    }

    pub(super) fn failed(id: &'static str, what: impl Into<Phrase>) -> Self {
        Self { grade: Grade::Failed, ..Self::fine(id, what) }
    }

    /// The same with one more step.
    pub(super) fn then(mut self, text: impl Into<Phrase>) -> Self {
        self.steps.push(WayOut { text: text.into(), command: None });
        self
    }

    /// The same with one more step that is a command.
    pub(super) fn run(mut self, text: Text, command: String) -> Self {
        self.steps.push(WayOut { text: text.into(), command: Some(command) });
        self
    }

    /// A failed check that a cause explains.
    pub(super) fn because(id: &'static str, failure: Failure) -> Self {
        match failure {
            Failure::Finding(finding) => Self::explained(id, &finding),
            other => Self::failed(id, both(|language| other.describe(language).trim_end().to_owned())),
        }
    }

    fn explained(id: &'static str, finding: &Finding) -> Self {
        let what = both(|language| {
            let evidence = finding.evidence.iter().map(|one| match language {
                Language::En => format!(" ({})", one.sentence.get(language)),
                Language::Ja => format!("（{}）", one.sentence.get(language)),
            });
            finding.title(language) + &evidence.collect::<String>()
        });
        let steps = finding.cause.steps.iter().map(|step| WayOut {
            text: both(|language| finding.say(step.text, language)),
            command: step
                .command
                .filter(|command| !command.starts_with("conn doctor"))
                .map(|command| crate::diagnosis::finding::fill_command(command, &finding.values)),
        });
        Self { code: Some(finding.cause.code), steps: steps.collect(), ..Self::failed(id, what) }
    }
}

fn both(say: impl Fn(Language) -> String) -> Phrase {
    Phrase { en: say(Language::En), ja: say(Language::Ja) }
}

/// Which store is proven.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// The operating system's keyring.
    Keyring,
    /// The sealed file.
    Vault,
}

/// Looks at everything that conn needs on this machine, of the stores at this one or at those that connections use.
/// Writes nothing but one item to a store, which it deletes again.
#[must_use]
pub fn doctor(world: &dyn World, which: Option<Which>) -> Vec<Check> {
    let mut checks = session::versions(world);
    checks.extend(store::checks(world, which));
    checks.extend(files::checks(world));
    checks.extend(network::checks(world));
    checks.extend(session::checks(world));
    checks
}

/// The exit of a run: warnings are no failure.
#[must_use]
pub fn exit(checks: &[Check]) -> ExitClass {
    let failed = checks.iter().any(|check| check.grade == Grade::Failed);
    if failed { ExitClass::Local } else { ExitClass::Healthy }
}
