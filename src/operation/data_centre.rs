//! Data centres: the choices of a variable by which a connection would be at another host that its connector lists,
//! and the one that the service itself named when it gave tokens.

use super::prepare::Prepared;
use super::secrets::Secrets;
use crate::base::Template;
use crate::diagnosis::definition::ElsewhereFact;
use crate::model::Variable;

/// The most choices that are told.
const MOST: usize = 8;

/// The choices that lead to other hosts, each host once.
#[must_use]
pub fn siblings(prepared: &Prepared, secrets: &Secrets) -> Vec<ElsewhereFact> {
    let is_chosen = |variable: &Variable| variable.from.is_none() && !variable.choices.is_empty();
    if !prepared.connector.vars.values().any(is_chosen) {
        return Vec::new();
    }
    let mut seen: Vec<String> = host(prepared, secrets).into_iter().collect();
    let choices = prepared.connector.vars.iter().flat_map(|(name, variable)| {
        variable.choices.iter().filter(|_| variable.from.is_none()).map(move |choice| (name, choice))
    });
    let elsewhere = choices.filter_map(|(name, choice)| {
        let theirs = host(&at(prepared, name, choice), secrets).filter(|theirs| !seen.contains(theirs))?;
        seen.push(theirs.clone());
        let from = prepared.value(name, secrets)?.into_owned();
        let (variable, to) = (name.clone(), choice.clone());
        Some(ElsewhereFact { variable, from, to, host: theirs, named: String::new() })
    });
    elsewhere.take(MOST).collect()
}

/// The choice that makes what came with the tokens, where another one is set.
#[must_use]
pub fn named(prepared: &Prepared, secrets: &Secrets) -> Option<ElsewhereFact> {
    let kept = &secrets.grant()?.kept;
    siblings(prepared, secrets).into_iter().find_map(|sibling| {
        let names = |choice: &str, name: &str| derived(prepared, secrets, &sibling.variable, choice, name);
        let (_, value) = kept.iter().find(|(name, value)| {
            names(&sibling.to, name).as_ref() == Some(*value)
                && names(&sibling.from, name).as_ref() != Some(*value)
        })?;
        Some(ElsewhereFact { named: value.clone(), ..sibling.clone() })
    })
}

/// The same connection with another choice.
fn at(prepared: &Prepared, name: &str, choice: &str) -> Prepared {
    let mut other = prepared.clone();
    other.connection.vars.insert(name.to_owned(), choice.to_owned());
    other
}

fn host(prepared: &Prepared, secrets: &Secrets) -> Option<String> {
    prepared.base(secrets).ok().and_then(|url| url.host_str().map(str::to_owned))
}

/// What a variable would be by a choice alone, whatever the service said of it.
fn derived(prepared: &Prepared, secrets: &Secrets, by: &str, choice: &str, name: &str) -> Option<String> {
    let map = prepared.connector.vars.get(name)?.map.as_ref().filter(|map| map.by == by)?;
    let template: &Template = map.values.get(choice).or(map.otherwise.as_ref())?;
    let value = template.expand(|other| match other {
        _ if other == by => Some(choice.into()),
        _ => prepared.value(other, secrets),
    });
    value.ok().map(|value| value.to_string())
}
