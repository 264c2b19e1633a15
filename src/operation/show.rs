//! Everything about one connection, each value with its origin, and no secret.

use std::borrow::Cow;

use indexmap::IndexMap;

use super::prepare::assemble;
use super::{Failure, World, account, check, consent, environments, snippet};
use crate::base::{Phrase, Template, Text, suggest};
use crate::config::{Definitions, Located};
use crate::diagnosis::grant::GrantFact;
use crate::model::{AuthKind, Connection, Connector};
use crate::port::{AccountRecord, ItemKey, StateRecord};

/// Everything about one connection.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The connection and where it stands.
    pub connection: Located<Connection>,
    /// The connector and where it stands.
    pub connector: Located<Connector>,
    /// The environment.
    pub environment: String,
    /// The auth method's name and kind.
    pub method: Option<(String, AuthKind)>,
    /// The base URL; a variable without a value stays as `{name}`.
    pub base: String,
    /// The hosts to which the credential may travel.
    pub hosts: Vec<String>,
    /// What the auth method asks for.
    pub parameters: Vec<Parameter>,
    /// The values that are no parameters.
    pub variables: Vec<Variable>,
    /// What is known from earlier runs.
    pub record: StateRecord,
    /// What is known of the consent, where the kind needs one.
    pub grant: Option<GrantFact>,
    /// The accounts, where each person authorises for themselves.
    pub accounts: Vec<AccountRecord>,
    /// Method and path of a call that it can make, where the definition holds one.
    pub call: Option<(String, String)>,
    /// What the commands need to mean the same environment and account.
    pub options: Vec<String>,
}

/// One value that the auth method asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Its key.
    pub key: String,
    /// What people call it.
    pub label: Phrase,
    /// Where it is kept; `None` for one that is not secret.
    pub source: Option<String>,
    /// Its fingerprint at the last success.
    pub fingerprint: Option<String>,
    /// Its value, only where it is not secret.
    pub value: Option<String>,
}

/// One variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    /// Its name.
    pub name: String,
    /// What people call it.
    pub label: Phrase,
    /// Its value, if it has one.
    pub value: Option<String>,
    /// Where the value comes from.
    pub origin: Origin,
}

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The connection's table, `FILE:LINE`.
    Connection(String),
    /// The connector's environment of this name.
    Environment(String),
    /// The connector's default.
    Default,
    /// Kept from the last consent, where the service told it: from the callback or an answer.
    Kept(String),
    /// To be filled in by itself: from the callback, an answer, or another variable.
    Filled(String),
    /// Looked up by another variable.
    LookedUp(String),
    /// Nobody set it.
    Unset,
}

/// Everything about one connection.
///
/// # Errors
/// When there is no such connection or connector, or a file has a mistake.
pub fn show(world: &dyn World, link_name: &str, environment: Option<&str>) -> Result<Shown, Failure> {
    let definitions = world.definitions()?;
    let connection = definitions.connection(link_name)?.ok_or_else(|| unknown(world, link_name))?;
    let connector = connector(&definitions, &connection)?;
    let usual = connection.value.environment();
    let environment = environment.unwrap_or(usual).to_owned();
    if environment != usual {
        environments::known(&connector.value, &connection.value.connector, link_name, &environment)?;
    }
    let mut record = world.ledger().state(&ItemKey::current(link_name, &environment))?;
    let (mut accounts, mut grant, mut kept) = (Vec::new(), None, IndexMap::new());
    let (mut call, mut options) = (None, Vec::new());
    // A connection whose service cannot be used is shown all the same.
    if let Ok(mut prepared) = assemble(&definitions, connection.clone(), Some(&environment)) {
        account::settle(world, &mut prepared)?;
        call = snippet::declared(&prepared);
        options = prepared.options();
        record = world.ledger().state(&prepared.item())?;
        accounts = account::of(world, &prepared)?;
        if consent::is_needed(&prepared) {
            let loaded = check::load(world, prepared)?;
            grant = check::blank(world, &loaded).grant;
            kept = loaded.secrets.grant().map(|grant| grant.kept.clone()).unwrap_or_default();
        }
    }
    let variables = variables(&connection, &connector.value, &environment, &kept);
    let own = connector.value.environments.get(&environment);
    let method = connector.value.method(connection.value.method.as_deref());
    let base = own
        .and_then(|environment| environment.base.as_ref())
        .or_else(|| method.and_then(|(_, method)| method.base.as_ref()))
        .or(connector.value.base.as_ref())
        .map(|base| fill(base, &variables))
        .unwrap_or_default();
    let mut hosts: Vec<String> =
        url::Url::parse(&base).ok().and_then(|url| url.host_str().map(str::to_owned)).into_iter().collect();
    let further = connector.value.hosts.iter().chain(own.map(|own| own.hosts.iter()).into_iter().flatten());
    hosts.extend(further.map(|host| fill(host, &variables)));
    hosts.dedup();
    let parameters = parameters(&connection.value, &connector.value, &record);
    let method = method.map(|(name, method)| (name.to_owned(), method.kind));
    Ok(Shown {
        connection,
        connector,
        environment,
        method,
        base,
        hosts,
        parameters,
        variables,
        record,
        grant,
        accounts,
        call,
        options,
    })
}

fn connector(
    definitions: &Definitions,
    connection: &Located<Connection>,
) -> Result<Located<Connector>, Failure> {
    let id = &connection.value.connector;
    if let Some(connector) = definitions.connector(id)? {
        return Ok(connector);
    }
    let place = format!("{}:{}", connection.path.display(), connection.line);
    let message =
        Text::new("{place}: there is no connector {id}.", "{place}: コネクター {id} はありません。");
    let ids = definitions.connector_ids().unwrap_or_default();
    let hint = match suggest::nearest(id, ids.iter().map(String::as_str)) {
        Some(near) => Text::new("Did you mean {near}?", "{near} のことですか。").fill(&[("near", near)]),
        None => Text::new("See all: conn connectors list", "一覧: conn connectors list").into(),
    };
    let finding = crate::diagnosis::Finding::new(
        crate::cause::get("CONN-CFG-SCHEMA"),
        crate::diagnosis::Confidence::Certain,
    );
    let proves = crate::model::Strength::Proves;
    Err(finding.because(proves, message.fill(&[("place", &place), ("id", id)])).because(proves, hint).into())
}

/// There is no connection of this name; names the nearest one.
#[must_use]
pub fn unknown(world: &dyn World, link_name: &str) -> Failure {
    let names = world.definitions().and_then(|definitions| definitions.link_names());
    super::prepare::unknown_connection(link_name, &names.unwrap_or_default())
}

fn variables(
    connection: &Located<Connection>,
    connector: &Connector,
    environment: &str,
    kept: &IndexMap<String, String>,
) -> Vec<Variable> {
    let place = format!("{}:{}", connection.path.display(), connection.line);
    let fixed = connector.environments.get(environment).map(|environment| &environment.vars);
    let mut variables: Vec<Variable> = Vec::new();
    // What is looked up comes after what it is looked up by.
    let (looked_up, plain): (Vec<_>, Vec<_>) =
        connector.vars.iter().partition(|(_, declared)| declared.map.is_some());
    for (name, declared) in plain.into_iter().chain(looked_up) {
        let own = connection.value.vars.get(name).map(|value| declared.settle(value).into_owned());
        let fixed = fixed.and_then(|values| values.get(name)).cloned();
        let default = declared.default.as_ref().map(|default| fill(default, &variables));
        let found = lookup(declared, &connection.value, &variables);
        // In the order in which a request takes them.
        let (value, origin) = match (own, fixed, kept.get(name), found, default) {
            (_, Some(value), ..) => (Some(value), Origin::Environment(environment.to_owned())),
            (Some(value), ..) => (Some(value), Origin::Connection(place.clone())),
            (None, None, Some(value), ..) => (Some(value.clone()), told(declared)),
            (None, None, None, Some((value, by)), _) => (Some(value), Origin::LookedUp(by)),
            (None, None, None, None, Some(value)) => (Some(value), Origin::Default),
            (None, None, None, None, None) => (None, unset(declared)),
        };
        let label = declared.label.clone().unwrap_or_else(|| Phrase::same(name));
        variables.push(Variable { name: name.clone(), label, value, origin });
    }
    variables.sort_by_key(|variable| connector.vars.get_index_of(&variable.name));
    variables
}

/// The value that is looked up, and by what; a secret by which a value is looked up is not read for this.
fn lookup(
    declared: &crate::model::connector::Variable,
    connection: &Connection,
    variables: &[Variable],
) -> Option<(String, String)> {
    let map = declared.map.as_ref()?;
    let known = variables.iter().find(|variable| variable.name == map.by);
    let key = known.and_then(|variable| variable.value.as_ref()).or_else(|| connection.vars.get(&map.by))?;
    let found = map.values.get(key).or(map.otherwise.as_ref())?;
    Some((fill(found, variables), map.by.clone()))
}

fn told(declared: &crate::model::connector::Variable) -> Origin {
    Origin::Kept(declared.from.clone().unwrap_or_else(|| "token".to_owned()))
}

fn unset(declared: &crate::model::connector::Variable) -> Origin {
    match (&declared.from, &declared.map) {
        (Some(from), _) => Origin::Filled(from.clone()),
        (None, Some(lookup)) => Origin::Filled(lookup.by.clone()),
        (None, None) => Origin::Unset,
    }
}

/// The template with the values that are known; the others stay as they are written.
fn fill(template: &Template, variables: &[Variable]) -> String {
    let value = |name: &str| {
        let known = variables.iter().find(|variable| variable.name == name);
        let value = known.and_then(|variable| variable.value.clone());
        Some(Cow::Owned(value.unwrap_or_else(|| format!("{{{name}}}"))))
    };
    template.expand(value).map_or_else(|_| template.source().to_owned(), |filled| filled.to_string())
}

fn parameters(connection: &Connection, connector: &Connector, record: &StateRecord) -> Vec<Parameter> {
    let Some((_, method)) = connector.method(connection.method.as_deref()) else { return Vec::new() };
    let asked = method.params.iter().map(|(key, parameter)| Parameter {
        key: key.clone(),
        label: parameter.label.clone(),
        source: parameter.secret.then(|| connection.secrets.get(key).cloned().unwrap_or_default().shown()),
        fingerprint: record.fingerprints.get(key).cloned(),
        value: connection.vars.get(key).filter(|_| !parameter.secret).cloned(),
    });
    asked.collect()
}
