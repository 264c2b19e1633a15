//! Why an operation could not be done: a cause of the catalogue, or a wrong command line.

use super::prepare::Prepared;
use crate::base::{Language, Phrase, Text};
use crate::cause::ExitClass;
use crate::config::{ConfigError, Located, Mistake};
use crate::diagnosis::finding::fill_command;
use crate::diagnosis::judge::OPTIONS;
use crate::diagnosis::{Confidence, Evidence, Finding, Problem};
use crate::model::Connection;
use crate::port::{EditError, LedgerError, LedgerFault, LockError, PersonError, StoreError};

/// The value that holds the command that helps in the place of those of a cause.
const INSTEAD: &str = "instead";

/// Why an operation could not be done.
#[derive(Debug)]
pub enum Failure {
    /// A cause of the catalogue, with its values.
    Finding(Box<Finding>),
    /// The command line asks for something that is not there or misses an answer.
    Usage {
        /// What is wrong.
        message: Phrase,
        /// The way out.
        hint: Option<Phrase>,
    },
    /// The person cancelled.
    Cancelled,
}

impl Failure {
    /// A wrong command line.
    #[must_use]
    pub const fn usage(message: Phrase, hint: Option<Phrase>) -> Self {
        Self::Usage { message, hint }
    }

    /// A cause by its code, certain, with values for its sentences.
    #[must_use]
    pub fn cause(code: &str, values: &[(&str, &str)]) -> Self {
        let finding = Finding::new(crate::cause::get(code), Confidence::Certain);
        let finding = values.iter().fold(finding, |finding, (name, value)| finding.value(name, *value));
        Self::Finding(Box::new(finding))
    }

    /// The same failure with one more piece of evidence.
    #[must_use]
    pub fn because(self, sentence: Phrase) -> Self {
        match self {
            Self::Finding(finding) => {
                Self::Finding(Box::new(finding.because(crate::model::Strength::Proves, sentence)))
            }
            other => other,
        }
    }

    /// The same failure with a command that helps in the place of those of its cause.
    #[must_use]
    pub fn instead(mut self, command: String) -> Self {
        if let Self::Finding(finding) = &mut self {
            finding.values.insert(INSTEAD.to_owned(), command.into());
        }
        self
    }

    /// The same failure with a value for its sentences.
    #[must_use]
    pub fn value(mut self, name: &str, value: Phrase) -> Self {
        if let Self::Finding(finding) = &mut self {
            finding.values.insert(name.to_owned(), value);
        }
        self
    }

    /// The same failure as a mistake of the file that holds a connection; of one that stands in none yet, as it is.
    #[must_use]
    pub fn at(self, located: &Located<Connection>) -> Self {
        if located.line == 0 {
            return self;
        }
        let (file, line) = (located.path.display().to_string(), located.line.to_string());
        let place = format!("{file}:{line}");
        self.value("place", place.into()).value("file", file.into()).value("line", line.into())
    }

    /// The same failure of this connection, where its sentences do not know yet of which.
    #[must_use]
    pub fn about(mut self, link_name: &str) -> Self {
        if let Self::Finding(finding) = &mut self {
            let shown = crate::base::safe_text::line(link_name, 64);
            finding.values.entry("name".to_owned()).or_insert_with(|| shown.into());
        }
        self
    }

    /// The process's exit.
    #[must_use]
    pub fn exit(&self) -> ExitClass {
        match self {
            Self::Finding(finding) => finding.cause.exit,
            Self::Usage { .. } => ExitClass::Usage,
            Self::Cancelled => ExitClass::Interrupted,
        }
    }

    /// The file whose mistake caused this, if one did.
    #[must_use]
    pub fn file_with_mistake(&self) -> Option<String> {
        match self {
            Self::Finding(finding) if finding.cause.code.starts_with("CONN-CFG-") => {
                finding.values.get("place")?;
                Some(finding.values.get("file")?.en.clone())
            }
            _ => None,
        }
    }

    /// The same with these mistakes as its evidence.
    #[must_use]
    pub fn with_mistakes(mut self, mistakes: &[Mistake]) -> Self {
        if let Self::Finding(finding) = &mut self {
            let one =
                |mistake| Evidence { strength: crate::model::Strength::Proves, sentence: told(mistake) };
            finding.evidence = mistakes.iter().map(one).collect();
        }
        self
    }

    /// Whether this is the cause of a code.
    #[must_use]
    pub fn is_of(&self, code: &str) -> bool {
        matches!(self, Self::Finding(finding) if finding.cause.code == code)
    }

    /// The first thing that was seen.
    #[must_use]
    pub fn evidence(&self, language: Language) -> Option<String> {
        match self {
            Self::Finding(finding) => Some(finding.evidence.first()?.sentence.get(language).to_owned()),
            _ => None,
        }
    }

    /// What is wrong, without the evidence.
    #[must_use]
    pub fn message(&self, language: Language) -> String {
        match self {
            Self::Finding(finding) => finding.title(language),
            Self::Usage { message, .. } => message.get(language).to_owned(),
            Self::Cancelled => CANCELLED.get(language).to_owned(),
        }
    }

    /// The way out: each step with its command.
    #[must_use]
    pub fn steps(&self, language: Language) -> Vec<(String, Option<String>)> {
        match self {
            Self::Finding(finding) => finding
                .steps()
                .map(|step| {
                    (finding.say(step.text, language), step.command.map(|command| filled(finding, command)))
                })
                .collect(),
            Self::Usage { hint, .. } => {
                hint.iter().map(|hint| (hint.get(language).to_owned(), None)).collect()
            }
            Self::Cancelled => Vec::new(),
        }
    }

    /// The failure in words: what, evidence, steps.
    #[must_use]
    pub fn describe(&self, language: Language) -> String {
        match self {
            Self::Finding(finding) => self.describe_finding(finding, language),
            Self::Usage { message, hint } => {
                let lead = Text::new("error: ", "エラー: ").get(language);
                let hint =
                    hint.as_ref().map(|hint| format!("\n  → {}", hint.get(language))).unwrap_or_default();
                format!("{lead}{}{hint}\n", message.get(language))
            }
            Self::Cancelled => format!("{}\n", CANCELLED.get(language)),
        }
    }

    fn describe_finding(&self, finding: &Finding, language: Language) -> String {
        let cause = finding.cause;
        let mut text = format!("✗ {} ({})  {}\n", cause.code, cause.number, finding.title(language));
        for evidence in &finding.evidence {
            text.push_str(&format!("  - {}\n", evidence.sentence.get(language)));
        }
        for (number, (step, command)) in self.steps(language).into_iter().enumerate() {
            let command = command.map(|command| format!("  $ {command}")).unwrap_or_default();
            text.push_str(&format!("  {}. {step}{command}\n", number + 1));
        }
        text
    }
}

/// A step's command for the connection at hand.
fn filled(finding: &Finding, command: &str) -> String {
    if !command.starts_with("conn ") || !command.contains("{name}") {
        return fill_command(command, &finding.values);
    }
    if let Some(instead) = finding.values.get(INSTEAD) {
        return instead.en.clone();
    }
    let filled = fill_command(command, &finding.values);
    finding.values.get(OPTIONS).map_or(filled.clone(), |options| format!("{filled} {}", options.en))
}

const CANCELLED: Text = Text::new("Cancelled; nothing was changed.", "中止しました。変更はありません。");

impl Failure {
    /// The failure as a problem of a connection, to be judged with everything else that was seen.
    #[must_use]
    pub fn problem(self, prepared: &Prepared) -> Problem {
        match self {
            Self::Finding(finding) => {
                let values: Vec<(&str, &str)> =
                    finding.values.iter().map(|(name, value)| (name.as_str(), value.en.as_str())).collect();
                let mut problem = prepared.problem(finding.cause.code, &values);
                problem.evidence = finding.evidence.into_iter().map(|evidence| evidence.sentence).collect();
                problem
            }
            Self::Usage { message, hint } => {
                let mut problem = prepared.problem("CONN-SELF-UNKNOWN", &[]);
                problem.evidence = [Some(message), hint].into_iter().flatten().collect();
                problem
            }
            Self::Cancelled => prepared.problem("CONN-SELF-INTERRUPTED", &[]),
        }
    }
}

impl From<LockError> for Failure {
    fn from(error: LockError) -> Self {
        Finding::new(crate::cause::get(error.cause()), Confidence::Certain)
            .because(crate::model::Strength::Proves, error.explain())
            .into()
    }
}

impl From<Finding> for Failure {
    fn from(finding: Finding) -> Self {
        Self::Finding(Box::new(finding))
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        let code = error.fault.cause();
        let finding = Finding::new(crate::cause::get(code), Confidence::Certain)
            .value("store", error.store)
            .because(crate::model::Strength::Proves, error.words());
        finding.into()
    }
}

impl From<LedgerError> for Failure {
    fn from(error: LedgerError) -> Self {
        let code = match error.fault {
            LedgerFault::Newer(_) | LedgerFault::Foreign | LedgerFault::Damaged(_) => {
                "CONN-SELF-STATE-DAMAGED"
            }
            LedgerFault::Busy => "CONN-SELF-LOCK",
            LedgerFault::Io(_) => "CONN-SELF-STATE",
        };
        let finding = Finding::new(crate::cause::get(code), Confidence::Certain)
            .value("file", error.path.clone())
            .because(crate::model::Strength::Proves, error.explain());
        finding.into()
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        let finding = Finding::new(crate::cause::get(error.code()), Confidence::Certain);
        let finding = match error.mistakes.first() {
            Some(first) => finding
                .value("file", first.path.display().to_string())
                .value("line", first.line.to_string())
                .value("place", first.place()),
            None => finding,
        };
        let proves = crate::model::Strength::Proves;
        error.mistakes.iter().fold(finding, |finding, one| finding.because(proves, told(one))).into()
    }
}

/// A mistake with its place and the way out.
fn told(mistake: &Mistake) -> Phrase {
    let say = |language| {
        let hint = mistake.hint.as_ref().map(|hint| format!(" → {}", hint.get(language)));
        format!("{}: {}{}", mistake.place(), mistake.message.get(language), hint.unwrap_or_default())
    };
    Phrase { en: say(Language::En), ja: say(Language::Ja) }
}

impl From<EditError> for Failure {
    fn from(error: EditError) -> Self {
        let file = error.path.display().to_string();
        let say = |language| format!("{file}: {}", error.message.get(language));
        let sentence = Phrase { en: say(Language::En), ja: say(Language::Ja) };
        Finding::new(crate::cause::get(error.code), Confidence::Certain)
            .value("file", file.clone())
            .because(crate::model::Strength::Proves, sentence)
            .into()
    }
}

impl From<PersonError> for Failure {
    fn from(error: PersonError) -> Self {
        match error {
            PersonError::Cancelled => Self::Cancelled,
            PersonError::NotInteractive => Self::usage(
                Text::new("Nobody can be asked here.", "ここでは対話による入力ができません。").into(),
                None,
            ),
            PersonError::Terminal(reason) => Self::usage(
                Text::new("The terminal failed: {reason}", "端末でエラーが発生しました: {reason}")
                    .fill_phrases(&[("reason", reason)]),
                None,
            ),
        }
    }
}
