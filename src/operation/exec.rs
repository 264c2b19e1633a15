//! A program that uses a connection without knowing conn: named values in its environment, nowhere else.

use zeroize::Zeroizing;

use super::Failure;
use super::token::Wanted;
use crate::base::{Phrase, Text};
use crate::model::Obtaining;
use crate::model::grant::ACCESS_TOKEN;

/// The word for the base URL among the values that can be named.
pub const BASE_URL: &str = "base_url";

/// A variable with its value.
pub type Variable = (String, Zeroizing<String>);

/// The variables that a program gets: the named ones, or where none is named one for each value that proves
/// who we are (`LINK_NAME_KEY`) and one for the base URL.
///
/// `named` holds pairs of variable and value, the value by its parameter key, `access_token` or `base_url`.
///
/// # Errors
/// When a named value is not there.
pub fn variables(wanted: &Wanted, named: &[(String, String)]) -> Result<Vec<Variable>, Failure> {
    let keys = keys(wanted);
    if named.is_empty() {
        let all = keys.iter().filter_map(|key| Some((derived(wanted, key), value(wanted, key)?)));
        return Ok(all.collect());
    }
    let mut variables = Vec::with_capacity(named.len());
    for (variable, key) in named {
        if !is_variable(variable) {
            return Err(unusable(variable));
        }
        let known = keys.contains(key).then(|| value(wanted, key)).flatten();
        variables.push((variable.clone(), known.ok_or_else(|| unknown(wanted, key, &keys))?));
    }
    Ok(variables)
}

/// What can be named. Of an authorisation only the access token leaves: a script has no use for what renews it.
fn keys(wanted: &Wanted) -> Vec<String> {
    let method = &wanted.loaded.prepared.method;
    let mut keys = if method.obtaining() == Obtaining::Given {
        method.params.keys().cloned().collect()
    } else {
        vec![ACCESS_TOKEN.to_owned()]
    };
    keys.push(BASE_URL.to_owned());
    keys
}

fn value(wanted: &Wanted, key: &str) -> Option<Zeroizing<String>> {
    let (prepared, secrets) = (&wanted.loaded.prepared, &wanted.loaded.secrets);
    if key == BASE_URL {
        let base = prepared.base(secrets).ok()?;
        return Some(Zeroizing::new(base.as_str().trim_end_matches('/').to_owned()));
    }
    let value = prepared.value(key, secrets)?;
    (!value.is_empty()).then(|| Zeroizing::new(value.into_owned()))
}

/// `crm` and `api_key` make `CRM_API_KEY`.
fn derived(wanted: &Wanted, key: &str) -> String {
    let name = format!("{}_{key}", wanted.loaded.prepared.link_name);
    let name: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' }).collect();
    if name.starts_with(|c: char| c.is_ascii_digit()) { format!("_{name}") } else { name }
}

fn is_variable(name: &str) -> bool {
    !name.starts_with(|c: char| c.is_ascii_digit())
        && !name.is_empty()
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

fn unusable(variable: &str) -> Failure {
    const UNUSABLE: Text = Text::new(
        "{variable} is no name of a variable: letters, digits and _ only, no digit first.",
        "{variable} は変数名に使えません。英数字と _ だけを使い、数字以外で始めてください。",
    );
    Failure::usage(UNUSABLE.fill(&[("variable", variable)]), None)
}

fn unknown(wanted: &Wanted, key: &str, keys: &[String]) -> Failure {
    const UNKNOWN: Text = Text::new("{name} has no value {key}.", "{name} に {key} という値はありません。");
    const THERE: Text = Text::new("It has: {keys}", "指定できる値: {keys}");
    let name = wanted.loaded.prepared.link_name.as_str();
    let message: Phrase = UNKNOWN.fill(&[("name", name), ("key", key)]);
    Failure::usage(message, Some(THERE.fill(&[("keys", &keys.join(", "))])))
}
