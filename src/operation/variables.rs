//! Variables that an answer of the service fills (`from = "test:…"`): the organisation that a header names, the site
//! in an address. What fits is taken by itself where there is one; among several a person chooses.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::World;
use super::check::Loaded;
use super::exchange::Caller;
use super::prepare::Prepared;
use super::secrets::Secrets;
use super::tokens::custody;
use crate::base::{Phrase, Text, pointer, safe_text};
use crate::diagnosis::judge::TEST;
use crate::diagnosis::{AnswerFact, Problem};
use crate::model::connector::Variable;
use crate::model::{Obtaining, REACH, RequestLine, TestRequest};

/// The most values that people are shown.
const MOST: usize = 50;

/// One value that the service names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate {
    /// The value.
    pub value: String,
    /// What people call it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shown: Option<String>,
}

/// Several values, of which one is meant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// The variable.
    pub variable: String,
    /// What people call it.
    pub label: Phrase,
    /// The values.
    pub candidates: Vec<Candidate>,
}

/// What filling came to.
#[derive(Debug)]
pub enum Filled {
    /// Nothing is open.
    All,
    /// Somebody has to choose.
    Several(Choice),
    /// The service does not name a value. Its answer says why, or the problem does; where that answer was the one to
    /// the test request, the definition may know more of it.
    Refused {
        /// What was observed.
        fact: Box<AnswerFact>,
        /// What is missing, where the service answered.
        problem: Option<Box<Problem>>,
        /// Whether it was the test request.
        is_test: bool,
    },
}

/// Whether a variable waits for an answer of the service.
#[must_use]
pub fn awaits(prepared: &Prepared, secrets: &Secrets) -> bool {
    open(prepared, secrets).is_some()
}

/// The first variable without its value.
fn open<'p>(prepared: &'p Prepared, secrets: &Secrets) -> Option<(&'p String, &'p Variable)> {
    let obtains = prepared.method.obtaining() != Obtaining::Given;
    let vars = prepared.connector.vars.iter().filter(|_| obtains);
    let mut vars = vars.filter(|(_, variable)| variable.place().is_some());
    vars.find(|(name, _)| !is_known(prepared, secrets, name))
}

fn is_known(prepared: &Prepared, secrets: &Secrets, name: &str) -> bool {
    let fixed = prepared.connector.environments.get(&prepared.environment);
    let fixed = fixed.is_some_and(|environment| environment.vars.contains_key(name));
    let given = prepared.connection.vars.get(name).is_some_and(|value| !value.is_empty());
    fixed || given || secrets.grant().is_some_and(|grant| grant.kept.contains_key(name))
}

/// Takes a value in, beside the tokens with which it was asked for.
pub fn take(secrets: &mut Secrets, variable: &str, value: &str) {
    let mut grant = secrets.grant().cloned().unwrap_or_default();
    grant.kept.insert(variable.to_owned(), value.to_owned());
    secrets.set_grant(Some(grant));
}

/// Asks the service for the variables that are open, and takes what leaves no choice.
pub async fn fill(world: &dyn World, loaded: &mut Loaded) -> Filled {
    let mut taken = false;
    while let Some((name, variable)) = open(&loaded.prepared, &loaded.secrets) {
        let (name, variable) = (name.clone(), variable.clone());
        let declared = request(&loaded.prepared, &variable);
        let caller = Caller { world, prepared: &loaded.prepared, secrets: &loaded.secrets };
        let leaves = |name: &str| {
            let waits = loaded.prepared.connector.vars.get(name).is_some_and(|other| other.place().is_some());
            waits && !is_known(&loaded.prepared, &loaded.secrets, name)
        };
        let (fact, response) = caller.fetch(TEST, &declared, &leaves).await;
        loaded.prepared.beside.add_sent(&fact);
        let response = response.filter(|response| (200..300).contains(&response.status));
        let is_test = variable.request.is_none();
        let fact = Box::new(fact);
        let Some(response) = response else { return Filled::Refused { fact, problem: None, is_test } };
        let root: Value = serde_json::from_slice(&response.body).unwrap_or_default();
        let (found, refused) = candidates(&root, &variable);
        match found.as_slice() {
            [] => {
                let problem = none(&loaded.prepared, &name, &variable, refused.as_deref());
                return Filled::Refused { fact, problem: Some(Box::new(problem)), is_test };
            }
            [only] => {
                take(&mut loaded.secrets, &name, &only.value);
                taken = true;
            }
            _ => {
                let label = variable.label.clone().unwrap_or_else(|| Phrase::same(name.as_str()));
                return Filled::Several(Choice { variable: name, label, candidates: found });
            }
        }
    }
    if taken && loaded.stored {
        custody::keep_filled(world, loaded).await;
    }
    Filled::All
}

/// The request whose answer names the values.
fn request(prepared: &Prepared, variable: &Variable) -> TestRequest {
    let test = || prepared.connector.tested().clone();
    match &variable.request {
        None => test(),
        Some(line) => TestRequest { request: line.clone(), ..REACH.clone() },
    }
}

/// The hosts of such requests that stand elsewhere than below the base.
pub fn addresses(prepared: &Prepared) -> impl Iterator<Item = &crate::base::Template> {
    let obtains = prepared.method.obtaining() != Obtaining::Given;
    let lines = prepared.connector.vars.values().filter_map(|variable| variable.request.as_ref());
    lines.filter(move |_| obtains).filter_map(|line| match line {
        RequestLine::Call { target, .. } if !target.source().starts_with('/') => Some(target),
        _ => None,
    })
}

/// The values that fit, each once, and one that does not.
fn candidates(root: &Value, variable: &Variable) -> (Vec<Candidate>, Option<String>) {
    let place = variable.place().unwrap_or_default();
    let shown = variable.shown.as_deref();
    let (elements, rest) = match place.rfind("/*") {
        Some(star) => (pointer::find(root, &place[..star + 2]), &place[star + 2..]),
        None => (vec![root], place),
    };
    let mut found: Vec<Candidate> = Vec::new();
    let mut refused = None;
    for element in elements {
        let Some(value) = pointer::text(element, rest) else { continue };
        if !variable.takes(&value) {
            refused = refused.or(Some(value));
        } else if found.len() < MOST && found.iter().all(|other| other.value != value) {
            let shown = shown.and_then(|place| pointer::text(element, place));
            let shown = shown.map(|text| safe_text::line(&text, 80)).filter(|text| !text.is_empty());
            found.push(Candidate { value, shown });
        }
    }
    (found, refused)
}

/// A variable that the service does not fill.
fn none(prepared: &Prepared, name: &str, variable: &Variable, refused: Option<&str>) -> Problem {
    const NONE: Text = Text::new(
        "the service's answer names no value for it",
        "サービスの応答に、この項目の値が含まれていません",
    );
    const REFUSED: Text = Text::new(
        "the service names {value}, which the definition does not allow",
        "サービスの応答の値 {value} は、定義で許可されていません",
    );
    let evidence = match refused {
        Some(value) => REFUSED.fill(&[("value", &safe_text::line(value, 80))]),
        None => NONE.into(),
    };
    let mut problem = missing(prepared, name, variable);
    problem.evidence.push(evidence);
    problem
}

fn missing(prepared: &Prepared, name: &str, variable: &Variable) -> Problem {
    let label = variable.label.as_ref().map_or(name, |label| label.en.as_str());
    prepared.problem("CONN-CFG-VARIABLE-MISSING", &[("variable", name), ("label", label), ("key", name)])
}

/// Several values where nobody can choose.
#[must_use]
pub fn undecided(prepared: &Prepared, choice: &Choice) -> Problem {
    const SEVERAL: Text = Text::new(
        "the service names several; choose one: conn reconnect {name} --set {variable}=VALUE",
        "候補が複数あります。conn reconnect {name} --set {variable}=値 で選んでください",
    );
    const ONE: Text = Text::new("{value}: {shown}", "{value}: {shown}");
    let variable = &prepared.connector.vars[&choice.variable];
    let mut problem = missing(prepared, &choice.variable, variable);
    let names = [("name", prepared.link_name.as_str()), ("variable", choice.variable.as_str())];
    problem.evidence.push(SEVERAL.fill(&names));
    for Candidate { value, shown } in choice.candidates.iter().take(8) {
        let shown = shown.as_deref().unwrap_or("-");
        problem.evidence.push(ONE.fill(&[("value", value), ("shown", shown)]));
    }
    problem
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Variable, candidates};

    #[test]
    fn the_values_that_fit_are_taken_each_once_with_what_people_call_them() {
        let root = json!({ "data": [
            { "id": "60", "name": "Acme" },
            { "id": 61, "name": "Beta\u{1b}[31m" },
            { "id": "60", "name": "Acme again" },
            { "id": "evil.test/x" },
            { "name": "without" },
        ]});
        for (definition, expected, refused) in [
            (
                "from = 'test:/data/*/id'\npattern = '\\d+'\nshown = '/name'",
                "60=Acme 61=Beta\\u{1b}[31m",
                Some("evil.test/x"),
            ),
            ("from = 'test:/data/0/id'", "60=-", None),
            ("from = 'test:/data/*/id'\nchoices = ['61']", "61=-", Some("60")),
            ("from = 'test:/nothing/*/id'", "", None),
            ("from = 'test:/data/3/id'", "", Some("evil.test/x")),
        ] {
            let variable: Variable = toml::from_str(definition).unwrap();
            let (found, left) = candidates(&root, &variable);
            let words: Vec<String> = found
                .iter()
                .map(|one| format!("{}={}", one.value, one.shown.as_deref().unwrap_or("-")))
                .collect();
            assert_eq!(words.join(" "), expected, "{definition}");
            assert_eq!(left.as_deref(), refused, "{definition}");
        }
    }
}
