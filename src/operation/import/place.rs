//! Giving what was found its place: a connection of a connector, under a link name, beside what is there already.

use indexmap::IndexMap;

use super::compare;
use super::plan::{Change, NewConnection, Plan, Request};
use super::shelf::Shelf;
use crate::base::{LinkName, Phrase, name};
use crate::config::{LayerKind, Located};
use crate::model::{AuthMethod, Connection, Connector, Obtaining, SecretSource};
use crate::moving::{Left, Raw};
use crate::operation::prepare::{self, Prepared};
use crate::operation::secrets::Secrets;
use crate::operation::{Failure, World, choose};

/// What placing needs at hand.
pub struct Placing<'p> {
    /// The world.
    pub world: &'p dyn World,
    /// The connectors that are there.
    pub shelf: &'p Shelf<'p>,
    /// What was asked for.
    pub request: &'p Request,
    /// The plan so far.
    pub plan: &'p mut Plan,
}

/// A login that has found its connector.
pub struct Login<'c> {
    /// The connector's id.
    pub id: String,
    /// The connector.
    pub connector: &'c Connector,
    /// The auth method's name.
    pub method: String,
    /// Parameter or variable → value.
    pub values: IndexMap<String, Raw>,
    /// Parameters that have a place in the file and no value.
    pub open: Vec<&'static str>,
    /// The wished link name.
    pub wish: String,
    /// Where it was found.
    pub place: String,
}

impl Placing<'_> {
    /// Lists something that has no place.
    pub fn leave(&mut self, what: &str, place: &str, reason: Phrase) {
        self.plan.left.push(Left { what: what.to_owned(), place: place.to_owned(), reason });
    }

    /// Plans a connection.
    ///
    /// # Errors
    /// When definitions cannot be read.
    pub fn connect(&mut self, login: Login<'_>) -> Result<(), Failure> {
        let Some(method) = login.connector.auth.get(&login.method) else { return Ok(()) };
        let (connection, secrets) = self.split(&login, method)?;
        let mut missing = missing(login.connector, method, &connection, &secrets);
        let open = login.open.iter().map(|key| (*key).to_owned());
        let open: Vec<String> =
            open.filter(|key| method.params.contains_key(key) && !missing.contains(key)).collect();
        missing.extend(open);
        let mut planned = NewConnection {
            link_name: self.free(&login.wish, &login.id),
            service: login.connector.display_name(&login.id),
            place: login.place,
            consents: method.obtaining() == Obtaining::ByConsent,
            method: login.method,
            connection,
            secrets,
            further: Vec::new(),
            missing,
            hosts: Vec::new(),
            change: Change::New,
        };
        planned.change = compare::change(self, &planned)?;
        if planned.change == Change::New
            && let Err(failure) = choose::room(
                self.shelf.definitions,
                &login.id,
                login.connector,
                planned.connection.environment.as_deref(),
            )
        {
            let reason = both(|language| failure.message(language));
            self.leave(planned.link_name.as_str(), &planned.place, reason);
            return Ok(());
        }
        planned.hosts = hosts(self, &planned, login.connector);
        self.plan.connections.push(planned);
        Ok(())
    }

    /// The connection and its secrets: what the definition calls secret goes nowhere else.
    fn split(&self, login: &Login<'_>, method: &AuthMethod) -> Result<(Connection, Secrets), Failure> {
        let mut connection = Connection {
            connector: login.id.clone(),
            method: (login.connector.auth.len() > 1).then(|| login.method.clone()),
            kind: choose::allowed_kind(&login.id, login.connector, None)?,
            ..Connection::default()
        };
        let mut secrets = Secrets::default();
        for (key, value) in &login.values {
            match method.params.get(key) {
                Some(parameter) if parameter.secret => {
                    if let Some(store) = self.store() {
                        connection.secrets.insert(key.clone(), store.clone());
                    }
                    secrets.insert(key.clone(), value.secret());
                }
                _ => {
                    connection.vars.insert(key.clone(), value.expose().to_owned());
                }
            }
        }
        // What is given later goes where the others are.
        for (key, store) in method.secret_keys().filter_map(|key| Some((key, self.store()?))) {
            connection.secrets.insert(key.to_owned(), store.clone());
        }
        Ok((connection, secrets))
    }

    /// The store that definitions have to name, where it is not the usual one.
    fn store(&self) -> Option<&SecretSource> {
        self.request.store.as_ref().filter(|store| **store != SecretSource::Keyring)
    }

    /// The wished link name, or the next one that nothing else in this plan has and no connection of another service.
    fn free(&self, wish: &str, id: &str) -> LinkName {
        let base = name::slug(wish);
        let others = |name: &str| {
            let there = self.shelf.definitions.connection(name).ok().flatten();
            there.is_some_and(|there| there.value.connector != id)
        };
        let planned = |name: &str| self.plan.connections.iter().any(|one| one.link_name.as_str() == name);
        let taken = |name: &str| planned(name) || others(name);
        let short: String = base.chars().take(60).collect();
        let numbered = (2..100).map(|number| format!("{short}-{number}"));
        let free = std::iter::once(base.clone()).chain(numbered).find(|name| !taken(name));
        let valid = free.unwrap_or(base).parse();
        valid.unwrap_or_else(|_| "imported".parse().expect("a word of letters is a name"))
    }
}

/// A sentence in both languages, made by one that needs to know which.
pub fn both(say: impl Fn(crate::base::Language) -> String) -> Phrase {
    Phrase { en: say(crate::base::Language::En), ja: say(crate::base::Language::Ja) }
}

/// What has still to be given before the connection can be tested.
pub fn missing(
    connector: &Connector,
    method: &AuthMethod,
    connection: &Connection,
    secrets: &Secrets,
) -> Vec<String> {
    let given = |key: &str| connection.vars.contains_key(key) || secrets.get(key).is_some();
    let params = method.params.iter().filter(|(_, parameter)| !parameter.optional).map(|(key, _)| key);
    let vars = connector.vars.iter().filter(|(_, variable)| {
        let filled = variable.default.is_some() || variable.from.is_some() || variable.map.is_some();
        !filled && !variable.optional
    });
    params.chain(vars.map(|(key, _)| key)).filter(|key| !given(key)).cloned().collect()
}

/// The connection with its definition, as it would be after the import.
pub fn prepared(placing: &Placing<'_>, planned: &NewConnection) -> Option<Prepared> {
    let located = Located {
        value: planned.connection.clone(),
        name: planned.link_name.to_string(),
        kind: LayerKind::User,
        path: placing.world.own_definitions().path().to_owned(),
        line: 0,
    };
    prepare::assemble(placing.shelf.definitions, located, None).ok()
}

/// The hosts to which its secrets would travel; of a connector that is only planned, that of its base.
fn hosts(placing: &Placing<'_>, planned: &NewConnection, connector: &Connector) -> Vec<String> {
    if let Some(prepared) = prepared(placing, planned).filter(|prepared| *prepared.connector == *connector) {
        return prepared.hosts(&planned.secrets);
    }
    let expand = |source: &str| {
        let template: crate::base::Template = source.parse().ok()?;
        let value = |name: &str| planned.connection.vars.get(name).map(|value| value.as_str().into());
        let address = template.expand(value).ok()?;
        url::Url::parse(&address).ok().and_then(|url| crate::base::authority(&url))
    };
    let method = connector.auth.get(&planned.method);
    let addresses = method.into_iter().flat_map(|method| method.addresses()).map(|(_, address)| address);
    let mut hosts: Vec<String> =
        connector.base.iter().chain(addresses).filter_map(|address| expand(address.source())).collect();
    hosts.sort();
    hosts.dedup();
    hosts
}
