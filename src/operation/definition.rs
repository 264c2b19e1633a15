//! What the definition of a connection says, as a fact: the part that a repair could change.

use url::Url;

use super::data_centre;
use super::prepare::Prepared;
use super::secrets::Secrets;
use crate::base::Text;
use crate::config::LayerKind;
use crate::diagnosis::Problem;
use crate::diagnosis::address::{deciding, is_malformed};
use crate::diagnosis::definition::{DefinitionFact, HeaderFact, VariableFact};

/// The definition of a connection as a fact.
#[must_use]
pub fn fact(prepared: &Prepared, secrets: &Secrets) -> DefinitionFact {
    let connector = &prepared.connector;
    let variable = |(name, value): (&String, &String)| {
        let declared = connector.vars.get(name);
        let fact = VariableFact {
            value: value.clone(),
            choices: declared.map(|declared| declared.choices.clone()).unwrap_or_default(),
            example: declared.and_then(|declared| declared.example.clone()),
        };
        (name.clone(), fact)
    };
    let set = prepared.connection.vars.iter().filter(|(name, _)| !prepared.is_secret(name));
    let of_test = connector.test.as_ref().map(|test| &test.headers);
    let header = |of_test| {
        move |(name, value): (&String, &crate::base::Template)| HeaderFact {
            of_test,
            name: name.clone(),
            value: value.source().to_owned(),
        }
    };
    let headers = connector.headers.iter().map(header(false));
    DefinitionFact {
        base: base(prepared),
        base_is_plain: prepared.method.base.is_none()
            && connector.environments.get(&prepared.environment).is_none_or(|own| own.base.is_none()),
        variables: set.map(variable).collect(),
        headers: headers.chain(of_test.into_iter().flatten().map(header(true))).collect(),
        own_connector: prepared.connector_layer != LayerKind::BuiltIn,
        own_rules: connector.rules.iter().filter(|rule| rule.own).map(|rule| rule.id.clone()).collect(),
        has_ca_file: prepared.connection.ca_file.is_some(),
        shared: [prepared.layer, prepared.connector_layer].contains(&LayerKind::Project),
        token_hosts: token_hosts(secrets),
        elsewhere: data_centre::named(prepared, secrets),
        siblings: data_centre::siblings(prepared, secrets),
    }
}

fn base(prepared: &Prepared) -> String {
    let base = prepared.method.base.as_ref().or(prepared.connector.base.as_ref());
    base.map(|base| base.source().to_owned()).unwrap_or_default()
}

/// The hosts among what came with the tokens.
fn token_hosts(secrets: &Secrets) -> Vec<String> {
    let kept = secrets.grant().into_iter().flat_map(|grant| grant.kept.values());
    let host = |value: &String| Url::parse(value).ok()?.host_str().map(str::to_owned);
    kept.filter_map(host).collect()
}

/// A host that is not written as its place in the base URL needs it.
#[must_use]
pub fn form_problem(prepared: &Prepared) -> Option<Problem> {
    const HOLDS: Text = Text::new(
        "vars.{name} is “{value}”; the address of the connector is {base}",
        "vars.{name} の値は「{value}」です（コネクターの base は {base}）",
    );
    let base = base(prepared);
    let (name, place) = deciding(&base)?;
    let typed = prepared.connection.vars.get(name).filter(|_| !prepared.is_secret(name))?;
    let declared = prepared.connector.vars.get(name);
    let settled = declared.map_or(typed.into(), |variable| variable.settle(typed));
    if !is_malformed(&settled, &place) {
        return None;
    }
    let shown = crate::base::safe_text::line(typed, 80);
    let values = [("value", &*shown), ("host", &*shown), ("variable", name), ("key", name)];
    let mut problem = prepared.problem("CONN-CFG-HOST-FORM", &values);
    problem.evidence.push(HOLDS.fill(&[("name", name), ("value", &shown), ("base", &base)]));
    Some(problem)
}
