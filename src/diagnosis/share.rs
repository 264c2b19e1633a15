//! Whether somebody else uses up the same allowance: the counter of the service against the calls that conn sent.

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use super::fact::{AnswerFact, Answered, Facts};
use super::finding::{Confidence, Finding};
use super::rate;
use super::report::Quota;
use crate::base::{Phrase, Text, Timestamp};
use crate::cause;
use crate::model::{AuthKind, Connector, Strength, Verdict};

/// Two moments of reset that are this close name the same window.
const SAME_WINDOW: SignedDuration = SignedDuration::from_secs(5);
/// How long a counter without a reset is worth a comparison.
const WITHOUT_RESET: SignedDuration = SignedDuration::from_mins(10);
/// Fewer foreign calls than this may be a service's own way of counting.
const FEW: u64 = 3;

/// The counter of an allowance as a run left it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counter {
    /// When.
    pub at: Timestamp,
    /// The calls that were left.
    pub remaining: u64,
    /// The calls of a window.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u64>,
    /// When the window begins anew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resets_at: Option<Timestamp>,
    /// The length of the window in seconds, as far as it was seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window: Option<i64>,
    /// The calls in this window that were not conn's.
    #[serde(default)]
    pub others: u64,
}

/// What is known of an allowance before a run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// The counter as the run before left it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counter: Option<Counter>,
    /// The most calls that other connections to the same host send in the same run.
    #[serde(default)]
    pub siblings: u64,
    /// The counters as other connections to the same host left them since, where more calls are gone than this
    /// connection sent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub beside: Vec<Counter>,
}

/// How the counter fell.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Fall {
    from: u64,
    to: u64,
    sent: u64,
    /// The calls that are not conn's; none where the difference may be the service's own way of counting.
    foreign: u64,
}

/// The counters of the answers. One that refuses for the limit may show the counter of another limit.
fn quotas<'f>(
    connector: &'f Connector,
    facts: &'f Facts,
) -> impl Iterator<Item = (&'f Answered, Quota, u64)> {
    let answers = facts.calls().filter_map(|fact| fact.answer.as_ref());
    answers.filter(|answer| answer.status != 429).filter_map(|answer| {
        let quota = rate::quota(connector, answer, facts.at)?;
        let remaining = quota.remaining?;
        Some((answer, quota, remaining))
    })
}

fn same_window(one: Option<Timestamp>, other: Option<Timestamp>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => one.duration_since(other).abs() <= SAME_WINDOW,
        (None, None) => true,
        _ => false,
    }
}

/// The counter before the run, as the last of conn's own calls left it, where it counts the window of the first answer.
fn before<'f>(facts: &'f Facts, first: &Quota) -> Option<&'f Counter> {
    let tally = facts.history.tally.as_ref()?;
    let counts = |counter: &&Counter| {
        let fresh = counter.resets_at.is_some() || facts.at.duration_since(counter.at) <= WITHOUT_RESET;
        let falls = first.remaining.is_some_and(|remaining| remaining <= counter.remaining);
        fresh && falls && same_window(counter.resets_at, first.resets_at)
    };
    let own = tally.counter.as_ref().filter(counts)?;
    let beside = tally.beside.iter().filter(|other| other.at >= own.at && other.limit == own.limit);
    beside.filter(counts).chain([own]).min_by_key(|counter| counter.remaining)
}

/// Whether more calls are gone than this connection sent, so that it is worth a look who else of conn's own called.
#[must_use]
pub fn is_in_question(connector: &Connector, facts: &Facts) -> bool {
    fall(connector, facts).is_some_and(|fall| fall.foreign > 0)
}

/// The calls of this run that the service counted.
fn sent(facts: &Facts) -> u64 {
    let counted =
        |fact: &&AnswerFact| fact.credentialed && fact.answer.as_ref().is_some_and(|a| a.status != 429);
    let calls = facts.calls().filter(counted).map(|fact| 1 + fact.redirects.len() as u64);
    // A challenge is asked for first.
    let each = if facts.connection.kind == AuthKind::Digest { 2 } else { 1 };
    calls.sum::<u64>() * each
}

fn fall(connector: &Connector, facts: &Facts) -> Option<Fall> {
    let (_, first, at_first) = quotas(connector, facts).next()?;
    let same = quotas(connector, facts).filter(|(_, quota, _)| same_window(quota.resets_at, first.resets_at));
    let left: Vec<u64> = same.map(|(_, _, remaining)| remaining).collect();
    let to = *left.iter().min()?;
    // A counter that stands still while we call does not count our calls.
    let still = left.len() > 1 && left.iter().all(|remaining| *remaining == to);
    let siblings = facts.history.tally.as_ref().map_or(0, |tally| tally.siblings);
    let (from, sent) = match before(facts, &first) {
        Some(counter) => (counter.remaining, sent(facts)),
        // The first answer itself is where the counting begins.
        None => (at_first, sent(facts).saturating_sub(1)),
    };
    let sent = sent + siblings;
    let over = from.saturating_sub(to).saturating_sub(sent);
    let foreign = if over >= FEW && over > 2 * sent && !still { over } else { 0 };
    Some(Fall { from, to, sent, foreign })
}

/// The counter as this run leaves it; `None` where no answer shows one.
#[must_use]
pub fn counter(connector: &Connector, facts: &Facts) -> Option<Counter> {
    let fall = fall(connector, facts)?;
    let (answer, quota, _) = quotas(connector, facts).next()?;
    let known = before(facts, &quota);
    let seen = quota.resets_at.map(|at| at.duration_since(facts.at).as_secs()).filter(|seconds| *seconds > 0);
    let window = stated_window(answer).or_else(|| seen.max(known.and_then(|counter| counter.window)));
    Some(Counter {
        at: facts.at,
        remaining: fall.to,
        limit: quota.limit,
        resets_at: quota.resets_at,
        window,
        others: known.map_or(0, |counter| counter.others) + fall.foreign,
    })
}

/// The window that a policy names: `100;w=60` (the drafts of the RateLimit headers).
fn stated_window(answer: &Answered) -> Option<i64> {
    let policies = ["ratelimit-policy", "ratelimit-limit", "x-ratelimit-limit"];
    let policy =
        policies.iter().filter_map(|name| answer.header(name)).find_map(|value| value.split_once("w="))?;
    let digits: String = policy.1.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok().filter(|seconds| *seconds > 0)
}

/// What speaks for another caller, where one is seen in this window.
fn evidence(connector: &Connector, facts: &Facts) -> Option<Vec<Phrase>> {
    const FELL: Text = Text::new(
        "the calls left fell from {from} to {to} while conn sent {sent}",
        "残り回数が {from} から {to} に減りました（conn の送信は {sent} 回）",
    );
    const EARLIER: Text = Text::new(
        "{others} calls of this window were not conn's",
        "この期間の呼び出しのうち {others} 回は conn 以外によるものです",
    );
    const SCOPE: Text = Text::new("{service} counts per {scope}", "{service} の集計単位: {scope}");
    let fall = fall(connector, facts);
    let kept = facts.history.tally.as_ref().and_then(|tally| tally.counter.as_ref());
    let current = |kept: &Counter| match kept.resets_at {
        Some(resets_at) => resets_at > facts.at,
        None => facts.at.duration_since(kept.at) <= WITHOUT_RESET,
    };
    let earlier = kept.filter(|kept| kept.others > 0 && current(kept));
    let mut said = Vec::new();
    match (fall, earlier) {
        (Some(fall), _) if fall.foreign > 0 => {
            let values = [fall.from.to_string(), fall.to.to_string(), fall.sent.to_string()];
            said.push(FELL.fill(&[("from", &values[0]), ("to", &values[1]), ("sent", &values[2])]));
        }
        (_, Some(kept)) => said.push(EARLIER.fill(&[("others", &kept.others.to_string())])),
        _ => return None,
    }
    if let Some(scope) = connector.limits.as_ref().and_then(|limits| limits.scope.clone()) {
        let service = facts.connection.service.clone();
        said.push(SCOPE.fill_phrases(&[("service", service), ("scope", scope)]));
    }
    Some(said)
}

/// The finding of another caller, where one is seen.
fn shared(connector: &Connector, facts: &Facts) -> Option<Finding> {
    let said = evidence(connector, facts)?;
    let finding = Finding::new(cause::get("CONN-RATE-SHARED"), Confidence::Likely);
    Some(said.into_iter().fold(finding, |finding, words| finding.because(Strength::Strong, words)))
}

/// A limit that was reached: the one of somebody else's making where the counter says so, with the pace at which the
/// allowance lasts.
#[must_use]
pub fn weigh(finding: Finding, connector: &Connector, facts: &Facts) -> Finding {
    if finding.cause.verdict != Verdict::Throttled {
        return finding;
    }
    let mut weighed = match shared(connector, facts) {
        Some(mut shared) => {
            shared.values = finding.values;
            shared.evidence.extend(finding.evidence);
            Finding {
                note: finding.note,
                vendor: finding.vendor,
                retry_at: finding.retry_at,
                docs: finding.docs,
                ..shared
            }
        }
        None => finding,
    };
    if let Some(pace) = pace(connector, facts) {
        weighed = weighed.value("interval", pace);
    }
    weighed
}

/// What is worth saying of the allowance of a connection that works: another caller, who stops it where one of the
/// calls met the limit.
#[must_use]
pub fn remark(connector: &Connector, facts: &Facts) -> Option<Finding> {
    let mut finding = shared(connector, facts)?;
    if let Some(pace) = pace(connector, facts) {
        finding = finding.value("interval", pace);
    }
    let refused =
        facts.answers.iter().filter_map(|fact| fact.answer.as_ref()).find(|answer| answer.status == 429);
    let Some(answer) = refused else { return Some(finding.lowered()) };
    let resets = || rate::quota(connector, answer, facts.at).and_then(|quota| quota.resets_at);
    finding.retry_at = rate::retry_after(answer, facts.at).or_else(resets);
    Some(finding)
}

/// The least time between two calls at which the allowance lasts: the window divided by its calls.
#[must_use]
pub fn pace(connector: &Connector, facts: &Facts) -> Option<Phrase> {
    let kept = facts.history.tally.as_ref().and_then(|tally| tally.counter.clone());
    let (window, limit) = match counter(connector, facts).or(kept) {
        Some(counter) => (counter.window?, counter.limit?),
        None => refusal(connector, facts)?,
    };
    if limit == 0 {
        return None;
    }
    let milliseconds = (u64::try_from(window).ok()? * 1000).div_ceil(limit);
    const SECONDS: Text = Text::new("{amount} s", "{amount} 秒");
    const MILLISECONDS: Text = Text::new("{amount} ms", "{amount} ミリ秒");
    Some(match milliseconds {
        ..1000 => MILLISECONDS.fill(&[("amount", &milliseconds.to_string())]),
        _ if milliseconds.is_multiple_of(1000) => {
            SECONDS.fill(&[("amount", &(milliseconds / 1000).to_string())])
        }
        _ => {
            let tenths = milliseconds.div_ceil(100);
            SECONDS.fill(&[("amount", &format!("{}.{}", tenths / 10, tenths % 10))])
        }
    })
}

/// Window and limit of the answer that refuses for the limit.
fn refusal(connector: &Connector, facts: &Facts) -> Option<(i64, u64)> {
    let answer =
        facts.answers.iter().filter_map(|fact| fact.answer.as_ref()).find(|answer| answer.status == 429)?;
    let quota = rate::quota(connector, answer, facts.at)?;
    let left = quota.resets_at.map(|at| at.duration_since(facts.at).as_secs()).filter(|seconds| *seconds > 0);
    Some((stated_window(answer).or(left)?, quota.limit?))
}
