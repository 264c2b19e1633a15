//! Judging what an authorization server answered when conn asked it for tokens.

use url::Url;

use super::fact::{AnswerFact, Answered, Facts};
use super::finding::{Confidence, Evidence, Finding, VendorWords};
use super::{answer, path, rate, status};
use crate::base::{Phrase, Text, Timestamp, time};
use crate::cause;
use crate::model::refusal::{self, Spent};
use crate::model::{Connector, Strength};

/// Whether a fact is an exchange with an authorization server: its name holds what the request spent.
#[must_use]
pub fn spent(fact: &AnswerFact) -> Option<Spent> {
    Spent::from_code(fact.request.split_once(':')?.1)
}

/// The cause of an exchange that gave no tokens.
#[must_use]
pub fn judge(connector: &Connector, facts: &Facts, fact: &AnswerFact, spent: Spent) -> Finding {
    const AT: Text = Text::new("asked for a token at {host}", "トークンの要求先: {host}");
    const LOST: Text = Text::new(
        "the request may have arrived: a refresh token that works only once may be used up",
        "要求は届いた可能性があり、1 回しか使えない更新トークンは使用済みになっているかもしれません",
    );
    let mut subject = facts.connection.clone();
    let url = Url::parse(&fact.url).ok();
    let host = url.as_ref().and_then(|url| url.host_str().map(str::to_owned));
    subject.host = host.unwrap_or(subject.host);
    let port = url.and_then(|url| url.port()).map(|port| format!(":{port}")).unwrap_or_default();
    let asked = AT.fill(&[("host", &format!("{}{port}", subject.host))]);
    let finding = match (&fact.answer, &fact.fault) {
        (Some(answer), _) => answer::at_token_endpoint(connector, facts, fact)
            .unwrap_or_else(|| answered(facts, answer, spent)),
        (None, Some(fault)) => {
            // The look at the path presents no certificate of ours: what refused one is the call.
            let looked = path::broken(&facts.stages, &subject).filter(|_| !fault.is_of_our_certificate());
            let finding = looked.unwrap_or_else(|| path::fault_after(fault, &subject, fact.ms));
            if spent == Spent::Refresh && fault.may_have_arrived() {
                finding.because(Strength::Weak, LOST)
            } else {
                finding
            }
        }
        (None, None) => Finding::new(cause::get("CONN-SELF-UNKNOWN"), Confidence::Unknown),
    };
    finding.value("host", subject.host.clone()).because(Strength::Weak, asked)
}

fn answered(facts: &Facts, answer: &Answered, spent: Spent) -> Finding {
    const SAID: Text = Text::new("the answer is HTTP {status}: {word}", "応答は HTTP {status}（{word}）です");
    const STATUS: Text = Text::new("the answer is HTTP {status}", "応答は HTTP {status} です");
    const NONE: Text = Text::new(
        "the answer is HTTP {status}, but holds no token",
        "応答は HTTP {status} ですが、トークンが含まれていません",
    );
    let number = answer.status.to_string();
    let Some(refusal) = refusal::read(spent, answer.status, &answer.headers, &answer.body) else {
        let finding = Finding::new(cause::get("CONN-BODY-SCHEMA"), Confidence::Certain);
        return finding
            .value("status", number.clone())
            .because(Strength::Proves, NONE.fill(&[("status", &number)]));
    };
    let (confidence, strength) = if refusal.named {
        (Confidence::Certain, Strength::Proves)
    } else {
        (Confidence::Likely, Strength::Strong)
    };
    let over = run_out(facts, refusal.code).filter(|_| spent == Spent::Refresh);
    let code = if over.is_some() { "CONN-OAUTH-REFRESH-EXPIRED" } else { refusal.code };
    let mut finding = Finding::new(cause::get(code), confidence).value("status", number.clone());
    finding.evidence.extend(over.map(|sentence| Evidence { strength: Strength::Strong, sentence }));
    finding = match &refusal.word {
        Some(word) => finding
            .value("error", word.clone())
            .because(strength, SAID.fill(&[("status", &number), ("word", word)])),
        None => finding.because(strength, STATUS.fill(&[("status", &number)])),
    };
    finding.vendor =
        VendorWords { code: refusal.word, message: refusal.description, ..VendorWords::default() };
    if matches!(answer.status, 429 | 503) {
        let at = rate::retry_after(answer, facts.at);
        finding = status::with_retry(finding, at, facts.at);
    }
    finding
}

/// Where an authorisation that the service calls invalid has run out by what was known of its end: when that was.
fn run_out(facts: &Facts, code: &str) -> Option<Phrase> {
    const IDLE: Text = Text::new(
        "it was renewed last on {last} and holds until {end} unless it is used",
        "最後の更新は {last} です。使用しない場合の期限 {end} を過ぎています",
    );
    const OVER: Text = Text::new(
        "a person consented on {last}, and it holds until {end}",
        "同意の日時は {last} です。有効期間の終わり {end} を過ぎています",
    );
    let grant = facts.grant.as_ref().filter(|_| code == "CONN-OAUTH-REFRESH-REVOKED")?;
    let past = |end: &Timestamp| *end <= facts.at;
    let idle = grant.lapses.filter(past).map(|end| (IDLE, grant.obtained, end));
    let (text, last, end) =
        idle.or_else(|| grant.ends.filter(past).map(|end| (OVER, grant.consented, end)))?;
    Some(text.fill(&[("last", &time::iso(last)), ("end", &time::iso(end))]))
}
