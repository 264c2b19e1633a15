//! The catalogue of causes: what can be wrong with a connection, in words a person can act on.
//!
//! A cause is data. Its code and number are public and frozen: never reused, never renumbered. To add one,
//! add a `static` to the file of its area and its name to that file's `CAUSES`, and a line to `frozen.txt`;
//! tests compare the two lists and check that both languages, the steps and the numbers are right.
//!
//! Sentences may hold `{name}` (link name), `{service}`, `{host}`, `{label}` and values that a judge supplies;
//! a value nobody supplied is shown in capitals, as in `conn explain`.

pub mod advice;
pub mod api;
pub mod authentication;
pub mod body;
pub mod clock;
pub mod configuration;
mod control;
pub mod dns;
pub mod edge;
pub mod http;
pub mod known_host;
pub mod network;
pub mod oauth;
pub mod own;
pub mod permission;
pub mod proxy;
pub mod rate;
mod registry;
pub mod secret;
pub mod term;
pub mod tls;
pub mod vendor;

pub use registry::{all, area, find, get};

use serde::{Deserialize, Serialize};

use crate::base::Text;
use crate::model::Verdict;

/// One explained failure.
#[derive(Debug)]
pub struct Cause {
    /// `CONN-AREA-SLUG`.
    pub code: &'static str,
    /// Four digits that can be read out over the telephone.
    pub number: u16,
    /// How bad it is.
    pub severity: Severity,
    /// Who has to act; decides the exit code.
    pub exit: ExitClass,
    /// Whether trying again can help.
    pub retry: Retry,
    /// Who can fix it, most likely first.
    pub who: &'static [Who],
    /// The outcome it gives a run.
    pub verdict: Verdict,
    /// How common it is, 0 to 2; breaks ties.
    pub prior: u8,
    /// Whether and how `--fix` may act.
    pub fix: Fix,
    /// One sentence: what is wrong.
    pub title: Text,
    /// What usually leads to it, most likely first.
    pub why: Text,
    /// What conn must have seen to name it.
    pub evidence: Text,
    /// What to do, in order; the first step is a command or an exact place.
    pub steps: &'static [Step],
}

/// One step towards the repair.
#[derive(Debug, Clone, Copy)]
pub struct Step {
    /// The step in words.
    pub text: Text,
    /// The command to run, if it is one.
    pub command: Option<&'static str>,
}

impl Step {
    /// A step for a person.
    #[must_use]
    pub const fn new(en: &'static str, ja: &'static str) -> Self {
        Self { text: Text::new(en, ja), command: None }
    }

    /// A step with a command of conn's.
    #[must_use]
    pub const fn run(command: &'static str, en: &'static str, ja: &'static str) -> Self {
        Self { text: Text::new(en, ja), command: Some(command) }
    }
}

/// How bad a cause is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The connection does not work.
    Error,
    /// It works, with something to look at.
    Warning,
    /// Worth knowing.
    Info,
}

/// Who has to act. The numbers are the process's exit codes, a public contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ExitClass {
    /// 0: nobody.
    Healthy,
    /// 1: whoever looks after the connection at the service.
    Service,
    /// 2: the command line was wrong.
    Usage,
    /// 3: nobody; trying again may help.
    Temporary,
    /// 4: a new credential is needed.
    Reconnect,
    /// 5: something on this machine is missing or wrong.
    Local,
    /// 6: the path to the service is broken.
    Path,
    /// 7: warnings, under `--strict`.
    Warnings,
    /// 70: a bug in conn.
    Bug,
    /// 130: interrupted.
    Interrupted,
}

impl ExitClass {
    /// The process's exit code.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Healthy => 0,
            Self::Service => 1,
            Self::Usage => 2,
            Self::Temporary => 3,
            Self::Reconnect => 4,
            Self::Local => 5,
            Self::Path => 6,
            Self::Warnings => 7,
            Self::Bug => 70,
            Self::Interrupted => 130,
        }
    }

    /// The exit for many connections: the worst in the order 70 5 6 4 1 3 7 0.
    #[must_use]
    pub fn worst(classes: impl IntoIterator<Item = Self>) -> Self {
        use ExitClass::{Bug, Healthy, Local, Path, Reconnect, Service, Temporary, Warnings};
        let order = [Bug, Local, Path, Reconnect, Service, Temporary, Warnings, Healthy];
        let rank = |class: &Self| order.iter().position(|other| other == class).unwrap_or(0);
        classes.into_iter().min_by_key(rank).unwrap_or(Healthy)
    }
}

/// Whether trying again can help.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Retry {
    /// It will fail again.
    Never,
    /// At once.
    Now,
    /// After the time the finding names.
    After,
    /// After the steps were done.
    WhenFixed,
}

/// Who can fix it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Who {
    /// The person at the terminal.
    You,
    /// The administrator of the account at the service.
    ServiceAdmin,
    /// The network or IT administrator.
    NetworkAdmin,
    /// The vendor.
    Vendor,
    /// Time.
    Wait,
}

impl Who {
    /// The words for people; `{service}` is the service's name.
    #[must_use]
    pub const fn text(self) -> Text {
        match self {
            Self::You => Text::new("you", "あなた"),
            Self::ServiceAdmin => Text::new("your {service} administrator", "{service} の管理者"),
            Self::NetworkAdmin => Text::new("your network administrator", "ネットワーク管理者"),
            Self::Vendor => Text::new("{service} support", "{service} のサポート"),
            Self::Wait => Text::new("nobody: wait", "対応不要（待つ）"),
        }
    }
}

/// Whether and how `--fix` may act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fix {
    /// Without asking: safe, reversible, tested again.
    Safe,
    /// After consent.
    NeedsConsent,
    /// Only a person can.
    Manual,
}
