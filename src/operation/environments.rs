//! The environments that connections know, and what is said where the one that is asked for is not among them.

use std::collections::BTreeSet;

use super::Failure;
use crate::base::{Text, safe_text, suggest};
use crate::config::{Definitions, Outline};
use crate::model::Connector;
use crate::model::connection::PRODUCTION;

/// Refuses an environment that a service does not know; says which there are, and the nearest of them.
///
/// # Errors
/// When it is neither among theirs nor `production`.
pub fn known(connector: &Connector, id: &str, link_name: &str, wanted: &str) -> Result<(), Failure> {
    if of(connector).any(|name| name == wanted) {
        return Ok(());
    }
    Err(refusal(Some(link_name), id, wanted, &of(connector).collect()))
}

/// `production`, and what the service has beside it.
fn of(connector: &Connector) -> impl Iterator<Item = &str> {
    std::iter::once(PRODUCTION).chain(connector.environments.keys().map(String::as_str))
}

/// `link_name` is the one connection that is meant, where it is one.
fn refusal(link_name: Option<&str>, id: &str, wanted: &str, names: &BTreeSet<&str>) -> Failure {
    const NEAREST: Text = Text::new("did you mean {nearest}?", "「{nearest}」のことですか。");
    const KNOWN: Text = Text::new("there is: {names}", "使える環境: {names}");
    let shown = safe_text::line(wanted, 64);
    let failure =
        Failure::cause("CONN-CFG-ENVIRONMENT-UNKNOWN", &[("environment", &shown), ("connector", id)]);
    let failure = match link_name {
        Some(link_name) => failure.value("name", link_name.into()),
        None => failure,
    };
    let failure = match suggest::nearest(wanted, names.iter().copied()) {
        Some(nearest) => failure.because(NEAREST.fill(&[("nearest", nearest)])),
        None => failure,
    };
    let names = names.iter().copied().collect::<Vec<_>>().join(", ");
    failure.because(KNOWN.fill(&[("names", &names)]))
}

/// A value is given that an environment fixes.
pub(super) fn fixes(environment: &str, name: &str) -> Failure {
    const FIXED: Text = Text::new(
        "The environment {environment} fixes {name}; another value would never count.",
        "{name} の値は環境 {environment} で決まっているため、指定しても使われません。",
    );
    const LEAVE: Text = Text::new("leave --set {name}=… out", "--set {name}=… を外してください");
    let values = [("environment", environment), ("name", name)];
    Failure::usage(FIXED.fill(&values), Some(LEAVE.fill(&values)))
}

/// Whether a connection knows an environment. One whose connector is not there or has a mistake is no stranger to it:
/// that is told elsewhere.
pub(super) fn is_known(definitions: &Definitions, connection: &Outline<'_>, wanted: &str) -> bool {
    connection.environment == wanted
        || !matches!(definitions.shared_connector(&connection.connector), Ok(Some(connector))
            if of(&connector.value).all(|name| name != wanted))
}

/// Refuses an environment that none of the connections with a label knows, or none at all where no label is said: a
/// slip would else leave all of them out.
///
/// # Errors
/// When no connection knows it, or a definition has a mistake.
pub(super) fn known_to_any(
    definitions: &Definitions,
    tag: Option<&str>,
    wanted: &str,
) -> Result<(), Failure> {
    let mut outlines = definitions.outlines()?;
    outlines.retain(|one| tag.is_none_or(|tag| one.tags.iter().any(|own| own == tag)));
    if outlines.is_empty() || outlines.iter().any(|one| is_known(definitions, one, wanted)) {
        return Ok(());
    }
    let mut connectors = Vec::new();
    for one in &outlines {
        connectors.extend(definitions.shared_connector(&one.connector)?);
    }
    let names: BTreeSet<&str> = connectors.iter().flat_map(|connector| of(&connector.value)).collect();
    // The one that knows most tells most.
    let widest = connectors.iter().max_by_key(|connector| connector.value.environments.len());
    let id = widest.map_or("", |connector| connector.name.as_str());
    let only = match &*outlines {
        [one] => Some(one.link_name),
        _ => None,
    };
    Err(refusal(only, id, wanted, &names))
}
