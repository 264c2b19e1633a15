//! conn's own rules. What one vendor's answers mean stands in its connector.

use super::rule::{Rule, Want};
use crate::base::Text;
use crate::model::Strength;

mod address;
mod key;
mod right;

use Strength::{Against, Excludes, Proves, Strong, Weak};
use Want::{Is, No, Yes};

/// All of them.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    [key::RULES, address::RULES, right::RULES].into_iter().flatten()
}

/// Those about one cause.
pub fn about(code: &str) -> impl Iterator<Item = &'static Rule> {
    all().filter(move |rule| rule.cause == code)
}

const fn rule(
    cause: &'static str,
    strength: Strength,
    when: &'static [(&'static str, Want)],
    en: &'static str,
    ja: &'static str,
) -> Rule {
    Rule { cause, strength, when, says: Text::new(en, ja) }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::all;
    use crate::cause;
    use crate::diagnosis::label;

    fn places(sentence: &str) -> BTreeSet<&str> {
        sentence.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect()
    }

    #[test]
    fn every_rule_names_a_cause_known_facts_and_the_same_values_in_both_languages() {
        for rule in all() {
            assert!(cause::find(rule.cause).is_some(), "{}", rule.cause);
            for (name, _) in rule.when {
                assert!(label::of(name).is_some(), "{name} has no words");
            }
            assert_eq!(places(rule.says.en), places(rule.says.ja), "{}", rule.says.en);
            assert!(rule.says.en.is_ascii() && !rule.when.is_empty(), "{}", rule.says.en);
        }
    }
}
