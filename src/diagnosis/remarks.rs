//! What is worth saying of a connection that works, seen against earlier runs.

use super::change::kinds_code;
use super::fact::Facts;
use super::finding::{Confidence, Finding};
use super::{ending, excess, last_good, share};
use crate::base::Text;
use crate::cause;
use crate::model::{Connector, Strength};

/// The most places of an answer that are named.
const NAMED: usize = 5;

/// Everything that earlier runs make worth saying.
#[must_use]
pub fn remarks(connector: &Connector, facts: &Facts) -> Vec<Finding> {
    let mut found = ending::remarks(facts);
    found.extend(drift(facts));
    found.extend(share::remark(connector, facts));
    found.extend(excess::remark(connector, facts));
    found
}

/// Answers that lack what they always had, or hold it in another kind.
fn drift(facts: &Facts) -> Option<Finding> {
    const GONE: Text = Text::new(
        "{request}: {at} was in every earlier answer and is gone",
        "{request}: これまで必ずあった項目 {at} がなくなりました",
    );
    const CHANGED: Text = Text::new(
        "{request}: {at} was {from} and is {to}",
        "{request}: {at} の型が {from} から {to} に変わりました",
    );
    let known = &facts.history.last_good.as_ref()?.shapes;
    let (mut said, mut places) = (Vec::new(), Vec::new());
    for fact in &facts.answers {
        let Some(answer) = fact.answer.as_ref().filter(|answer| (200..300).contains(&answer.status)) else {
            continue;
        };
        let (Some(before), Some(now)) = (known.get(&fact.request), last_good::shape(answer)) else {
            continue;
        };
        let drift = before.drift(now);
        for at in &drift.gone {
            let values = [("request", fact.request.as_str()), ("at", at)];
            said.push(GONE.fill(&values));
        }
        for (at, from, to) in &drift.changed {
            let (from, to) = (kinds_code(from), kinds_code(to));
            let values = [("request", fact.request.as_str()), ("at", at), ("from", &from), ("to", &to)];
            said.push(CHANGED.fill(&values));
        }
        places.extend(drift.gone);
        places.extend(drift.changed.into_iter().map(|(at, ..)| at));
    }
    if places.is_empty() {
        return None;
    }
    let more = if places.len() > NAMED { " …" } else { "" };
    let finding = Finding::new(cause::get("CONN-BODY-SCHEMA"), Confidence::Certain);
    let said = said.into_iter().take(NAMED);
    let finding = said.fold(finding, |finding, words| finding.because(Strength::Strong, words));
    let field = places.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join(", ") + more;
    // What the test asks for is there all the same.
    Some(finding.value("field", field).lowered())
}
