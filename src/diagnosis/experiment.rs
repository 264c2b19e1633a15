//! Control experiments: a call with one thing changed. What the difference tells is a matter of rules
//! ([`super::ranking`]); here stands what may be asked, and which question comes next.

use serde::{Deserialize, Serialize};

use super::fact::{AnswerFact, Facts, Fault, HttpFault};
use super::judge::{self, TEST};
use super::placement;
use super::ranking::{self, Candidate};
use super::view::View;
use crate::base::{Text, Timestamp};
use crate::model::Connector;

/// The most requests of one `conn diagnose`.
pub const MOST: u32 = 12;

/// How often a broken call is repeated.
const REPEATS: u8 = 3;

/// One question to the service, and what came back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Experiment {
    /// What was asked.
    pub question: Question,
    /// What came back; none where it was not asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fact: Option<AnswerFact>,
    /// Why it was not asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub skipped: Option<Skipped>,
    /// When it was asked, where that was in an earlier run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remembered: Option<Timestamp>,
}

/// What a control experiment changes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Question {
    /// The same request without any credential.
    NoCredential,
    /// A neighbouring address that cannot exist.
    UnknownPath,
    /// The root of the API.
    Root,
    /// The same request once more, to see the counters move.
    SecondCall,
    /// The request for one right, by its id, although the test request was refused.
    Right(String),
    /// The same request to another host of the same service, by its label, without any credential.
    Sibling(String),
    /// The same request with the credential at another place that the connector declares, by its method.
    OtherPlace(String),
    /// The same request with a made-up key of the same shape.
    MadeUpKey,
    /// The same request, for the n-th time.
    Repeat(u8),
    /// The same request over HTTP/1.1, where HTTP/2 broke.
    OlderProtocol,
}

impl Question {
    /// The number of the experiment.
    #[must_use]
    pub const fn id(&self) -> &'static str {
        match self {
            Self::NoCredential => "D1",
            Self::MadeUpKey => "D2",
            Self::Right(_) => "D3",
            Self::Sibling(_) => "D4",
            Self::SecondCall => "D11",
            Self::Repeat(_) => "D12",
            Self::OlderProtocol => "D13",
            Self::UnknownPath | Self::Root => "D14",
            Self::OtherPlace(_) => "D16",
        }
    }

    /// What it is, for people.
    #[must_use]
    pub const fn text(&self) -> Text {
        match self {
            Self::NoCredential => {
                Text::new("the same request without a credential", "認証情報なしの同じ要求")
            }
            Self::MadeUpKey => Text::new("the same request with a made-up key", "架空のキーでの同じ要求"),
            Self::Right(_) => {
                Text::new("another request with the same credential", "同じ認証情報での別の要求")
            }
            Self::Sibling(_) => Text::new(
                "another host of the service, without a credential",
                "別のホストへの認証情報なしの要求",
            ),
            Self::SecondCall => Text::new("the same request once more", "同じ要求をもう一度"),
            Self::Repeat(_) => Text::new("the same request, repeated", "同じ要求の繰り返し"),
            Self::OlderProtocol => Text::new("the same request over HTTP/1.1", "HTTP/1.1 での同じ要求"),
            Self::UnknownPath => {
                Text::new("an address that cannot exist", "存在しないはずのアドレスへの要求")
            }
            Self::OtherPlace(_) => Text::new(
                "the credential at another place that the connector declares",
                "コネクターが定める別の場所での認証情報の送信",
            ),
            Self::Root => Text::new("the root of the API", "API の最上位への要求"),
        }
    }
}

/// Why a question was not asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Skipped {
    /// A wrong key may lock the account, or nobody says that it does not.
    Lockout,
    /// It was asked within the last day.
    AskedToday,
    /// The requests of this run are used up.
    Budget,
    /// Nothing in the credential can be made up.
    NothingToVary,
    /// The day on which it was asked last cannot be remembered.
    NoMemory,
}

impl Skipped {
    /// The reason, for people.
    #[must_use]
    pub const fn text(self) -> Text {
        match self {
            Self::Lockout => Text::new(
                "a wrong key may lock the account (lockout)",
                "誤ったキーでアカウントがロックされる恐れがあるため（lockout）",
            ),
            Self::AskedToday => {
                Text::new("it was asked within the last 24 hours", "24時間以内に実施済みのため")
            }
            Self::Budget => Text::new("the requests of this run are used up", "要求数の上限に達したため"),
            Self::NothingToVary => {
                Text::new("nothing in this credential can be made up", "置き換えられる値がないため")
            }
            Self::NoMemory => Text::new("its day cannot be remembered", "実施日を記録できないため"),
        }
    }
}

/// What limits the questions of one run.
#[derive(Clone, Copy, Debug, Default)]
pub struct Guards {
    /// The requests that are left.
    pub left: u32,
    /// Why a made-up key may not be sent.
    pub no_made_up_key: Option<Skipped>,
}

/// The question that is worth asking next: the cheapest that a rule waits for, of a cause that can still become
/// the root.
#[must_use]
pub fn next(connector: &Connector, facts: &Facts, siblings: &[String], guards: Guards) -> Option<Experiment> {
    let judged = judge::judge(connector, facts);
    let wanted = wanted(connector, facts, siblings, &judged.candidates);
    let question = wanted.into_iter().find(|question| !asked(facts, question))?;
    let skipped = match question {
        Question::OtherPlace(_) if connector.lockout == Some(true) => Some(Skipped::Lockout),
        Question::MadeUpKey if guards.no_made_up_key.is_some() => guards.no_made_up_key,
        _ if guards.left == 0 => Some(Skipped::Budget),
        _ => None,
    };
    Some(Experiment { question, fact: None, skipped, remembered: None })
}

/// Whether a question was asked, or set aside.
fn asked(facts: &Facts, question: &Question) -> bool {
    facts.experiments.iter().any(|experiment| experiment.question == *question)
}

/// The questions that could change the verdict, cheapest first.
fn wanted(
    connector: &Connector,
    facts: &Facts,
    siblings: &[String],
    candidates: &[Candidate],
) -> Vec<Question> {
    let Some(test) = facts.answers.iter().find(|fact| fact.request == TEST) else { return Vec::new() };
    let view = View::of(connector, facts);
    if candidates.is_empty() {
        let alone = view.is("quota.answers", "1") && connector.permissions.is_empty();
        return if alone { vec![Question::SecondCall] } else { Vec::new() };
    }
    // What is proven needs no further question.
    if candidates.iter().any(|candidate| candidate.is_root && candidate.is_proven() && is_finer(candidate)) {
        return Vec::new();
    }
    if let Some(Fault::Http(HttpFault::Http2(_))) = &test.fault {
        return vec![Question::OlderProtocol];
    }
    if let Some(Fault::Http(fault)) = &test.fault {
        return repeats(facts, test, fault);
    }
    let waits = ranking::waiting(&view, candidates);
    let mut questions: Vec<Question> = waits
        .into_iter()
        .flat_map(|experiment| match experiment {
            "d1" => vec![Question::NoCredential],
            "d2" => vec![Question::MadeUpKey],
            "d3" => {
                connector.permissions.first().map(|row| Question::Right(row.id.clone())).into_iter().collect()
            }
            "d4" => siblings.iter().cloned().map(Question::Sibling).collect(),
            "d14" => vec![Question::UnknownPath, Question::Root],
            "d16" => {
                let others = placement::others(connector, &facts.connection.method);
                others.into_iter().map(|method| Question::OtherPlace(method.to_owned())).collect()
            }
            _ => Vec::new(),
        })
        .collect();
    // One host that answers says nothing of the others.
    if facts.experiments.iter().any(|experiment| matches!(experiment.question, Question::Sibling(_))) {
        questions.extend(siblings.iter().cloned().map(Question::Sibling));
    }
    questions.sort();
    questions
}

/// Whether a candidate stands behind a more general verdict.
fn is_finer(candidate: &Candidate) -> bool {
    ranking::stands_behind(candidate.cause.code)
}

/// A call that broke quickly is made again: a line that breaks now and then is another cause than a service that
/// always does.
fn repeats(facts: &Facts, test: &AnswerFact, fault: &HttpFault) -> Vec<Question> {
    const QUICK: f64 = 3000.0;
    let breaks =
        matches!(fault, HttpFault::Empty | HttpFault::Truncated | HttpFault::Reset | HttpFault::Stalled);
    let settled = facts.experiments.iter().any(|experiment| {
        matches!(experiment.question, Question::Repeat(_))
            && experiment.fact.as_ref().is_some_and(|fact| fact.answer.is_some())
    });
    if !breaks || settled || test.ms > QUICK {
        return Vec::new();
    }
    (1..=REPEATS).map(Question::Repeat).collect()
}

/// The answer to a question.
#[must_use]
pub fn answer<'a>(facts: &'a Facts, question: &Question) -> Option<&'a AnswerFact> {
    facts.experiments.iter().find(|experiment| experiment.question == *question)?.fact.as_ref()
}

/// What the control experiments of a run were, for people.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Controls {
    /// The questions that were asked, and the status of each answer that came.
    pub asked: Vec<(Question, Option<u16>)>,
    /// Those whose answer is known from an earlier run, with its status.
    pub remembered: Vec<(Question, Timestamp, Option<u16>)>,
    /// Those that were not, and why.
    pub skipped: Vec<(Question, Skipped)>,
}

impl Controls {
    /// Of these facts.
    #[must_use]
    pub fn of(facts: &Facts) -> Self {
        let mut controls = Self::default();
        for experiment in &facts.experiments {
            let question = experiment.question.clone();
            let answer = experiment.fact.as_ref().and_then(|fact| fact.answer.as_ref());
            let status = answer.map(|answer| answer.status);
            match (experiment.skipped, experiment.remembered) {
                (Some(reason), _) => controls.skipped.push((question, reason)),
                (None, Some(when)) => controls.remembered.push((question, when, status)),
                (None, None) => controls.asked.push((question, status)),
            }
        }
        controls
    }
}
