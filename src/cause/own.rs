//! conn itself.

use super::{Cause, ExitClass, Fix, Retry, Severity, Step, Who};
use crate::base::Text;
use crate::model::Verdict;

/// No explanation fits.
pub static UNKNOWN: Cause = Cause {
    code: "CONN-SELF-UNKNOWN",
    number: 9001,
    severity: Severity::Error,
    exit: ExitClass::Service,
    retry: Retry::WhenFixed,
    who: &[Who::You],
    verdict: Verdict::Unverified,
    prior: 0,
    fix: Fix::Manual,
    title: Text::new("No known cause fits what conn saw.", "conn が知っている原因に当てはまりません。"),
    why: Text::new(
        "The situation is new to conn, or the service answers in a way its connector does not describe.",
        "conn にとって新しい状況か、コネクターの定義にない応答です。",
    ),
    evidence: Text::new("No rule matched the facts.", "観測した事実に一致する規則がありません。"),
    steps: &[Step::run(
        "conn diagnose {name} --why",
        "Look at all the evidence.",
        "すべての根拠を確認してください。",
    )],
};

/// All causes of this area.
pub static CAUSES: &[&Cause] = &[&UNKNOWN];
