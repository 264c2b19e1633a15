//! Which answer would decide, and what would have been needed to name another cause.

use std::collections::BTreeSet;

use super::candidate::{Candidate, Line};
use super::rule::Want;
use super::weigh::Claim;
use super::{rules, weigh};
use crate::base::{Phrase, Text};
use crate::cause::{self, Cause};
use crate::diagnosis::label;
use crate::diagnosis::view::View;
use crate::model::{Connector, Strength};

/// The control experiments for which rules wait: those of causes that can still become the root.
#[must_use]
pub fn waiting(view: &View, candidates: &[Candidate]) -> BTreeSet<&'static str> {
    // A verdict with nothing behind it leaves nothing to ask.
    let open = candidates.iter().filter(|candidate| candidates.len() > 1 && !candidate.is_excluded());
    open.flat_map(|candidate| rules::about(candidate.cause.code))
        .filter(|rule| rule.strength != Strength::Against)
        .filter_map(|rule| rule.waits_for(view))
        .collect()
}

/// What would have been needed to name a cause.
#[derive(Clone, Debug)]
pub struct WhyNot {
    /// The cause.
    pub cause: &'static Cause,
    /// Whether it was named after all.
    pub is_root: bool,
    /// What speaks for and against it.
    pub lines: Vec<Line>,
    /// What was not seen: the sentence that is missing, and its facts with what is known of them.
    pub lacking: Vec<Lacking>,
    /// The rules of the connector that name it.
    pub rules: Vec<String>,
}

/// A rule that does not hold.
#[derive(Clone, Debug)]
pub struct Lacking {
    /// How much it would say.
    pub strength: Strength,
    /// The facts that would have to hold and do not: what each stands for, and the word that is known.
    pub facts: Vec<(Phrase, Option<String>)>,
}

/// Why a cause was not named. `root` is the cause that was.
#[must_use]
pub fn why_not(
    connector: &Connector,
    view: &View,
    claims: &[Claim],
    code: &str,
    root: Option<&str>,
) -> Option<WhyNot> {
    let cause = cause::find(code)?;
    let heard = weigh::heard(cause.code, view, claims);
    let wanting = rules::about(cause.code)
        .filter(|rule| rule.strength > Strength::Against && !rule.holds(view))
        .map(|rule| Lacking {
            strength: rule.strength,
            facts: rule.when.iter().filter_map(|f| lacks(view, f)).collect(),
        });
    let own = connector.rules.iter().filter(|rule| rule.cause == cause.code).map(|rule| rule.id.clone());
    Some(WhyNot {
        cause,
        is_root: root == Some(cause.code),
        lines: heard.lines,
        lacking: wanting.collect(),
        rules: own.collect(),
    })
}

fn lacks(view: &View, (name, want): &(&'static str, Want)) -> Option<(Phrase, Option<String>)> {
    const NOT: Text = Text::new("not so: {fact}", "次の事実がない: {fact}");
    const ONE: Text = Text::new("{fact}: {words}", "{fact}: {words}");
    let known = view.get(name);
    if want.holds(known) {
        return None;
    }
    let fact = label::of(name).map_or_else(|| Phrase::same(*name), Text::phrase);
    let needed = match want {
        Want::Yes => fact,
        Want::No => NOT.fill_phrases(&[("fact", fact)]),
        Want::Is(words) => ONE.fill_phrases(&[("fact", fact), ("words", Phrase::same(words.join(", ")))]),
    };
    Some((needed, known.map(str::to_owned)))
}
