//! HTTP/2 that broke, against the same request over HTTP/1.1.

use super::experiment::{Question, answer};
use super::fact::Facts;
use super::finding::{Confidence, Finding};
use crate::base::Text;
use crate::model::Strength;

/// Adds what the second try shows: whether the older protocol gets through.
pub(super) fn weigh(mut finding: Finding, facts: &Facts) -> Finding {
    const PASSES: Text = Text::new(
        "over HTTP/1.1 the same request is answered (HTTP {status})",
        "同じ要求が HTTP/1.1 では応答されました（HTTP {status}）",
    );
    const BREAKS: Text =
        Text::new("over HTTP/1.1 the same request breaks as well", "HTTP/1.1 でも同じ要求が失敗しました");
    if finding.cause.code != "CONN-HTTP-H2" {
        return finding;
    }
    let Some(second) = answer(facts, &Question::OlderProtocol) else { return finding };
    if let Some(answered) = &second.answer {
        let status = answered.status.to_string();
        return finding.because(Strength::Proves, PASSES.fill(&[("status", &status)]));
    }
    finding.confidence = Confidence::Possible;
    finding.because(Strength::Against, BREAKS.phrase())
}
