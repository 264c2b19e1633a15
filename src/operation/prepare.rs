//! From a link name to everything that is needed to speak to its service, except the secrets.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use url::Url;

use super::address::Address;
use super::beside::Beside;
use super::secrets::Secrets;
use super::{Failure, World, account, environments};
use crate::base::{LinkName, Template, Text, authority, is_loopback, suggest};
use crate::config::{LayerKind, Located};
use crate::diagnosis::Problem;
use crate::diagnosis::fact::Subject;
use crate::model::connection::PRODUCTION;
use crate::model::{AuthMethod, Connection, Connector, Obtaining, State};
use crate::port::ItemKey;

/// A connection with its definition, its variables resolved as far as they are known.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// The link name.
    pub link_name: String,
    /// The connection.
    pub connection: Connection,
    /// Whose file defines it.
    pub layer: LayerKind,
    /// The file that defines it.
    pub path: PathBuf,
    /// The line on which it is defined.
    pub line: usize,
    /// The definition of its service.
    pub connector: Arc<Connector>,
    /// Whose file defines its service.
    pub connector_layer: LayerKind,
    /// The auth method's name.
    pub method_name: String,
    /// The auth method.
    pub method: Arc<AuthMethod>,
    /// The environment.
    pub environment: String,
    /// The account that is used; `None` where a connection holds one authorisation, or none was chosen yet.
    pub account: Option<String>,
    /// Whether there are accounts and nobody said which one is used.
    pub lacks_primary: bool,
    /// The account that the command line named: what the steps say again, also before it is known whose consent comes.
    pub named_account: Option<String>,
    /// Whether it stands for the credential before the last reconnect, which is tried beside the current one.
    pub earlier: bool,
    /// Whether HTTP/2 is not offered to the service.
    pub older_protocol: bool,
    /// The requests of this run beside its calls.
    pub beside: Beside,
    /// How many connections its service allows, where this one is beyond them.
    pub beyond: Option<u32>,
    /// The address that was read from its base.
    pub address: Address,
    /// The connection in its other environments, where one authorisation serves all of them.
    pub elsewhere: Vec<Prepared>,
}

const NO_BASE: Text = Text::new(
    "the connector {connector} has no base, the address of the service",
    "コネクター {connector} にサービスのアドレス（base）がありません",
);

/// Finds a connection and its definition.
///
/// # Errors
/// When there is no such connection, connector or method, or a file has mistakes.
pub fn prepare(world: &dyn World, link_name: &str, environment: Option<&str>) -> Result<Prepared, Failure> {
    let mut prepared = find(world, link_name, environment)?;
    account::settle(world, &mut prepared)?;
    Ok(prepared)
}

/// The same before anybody asked which account is meant.
///
/// # Errors
/// As [`prepare`].
pub fn find(world: &dyn World, link_name: &str, environment: Option<&str>) -> Result<Prepared, Failure> {
    let definitions = world.definitions()?;
    let Some(located) = definitions.connection(link_name)? else {
        let names = definitions.link_names()?;
        return Err(unknown_connection(link_name, &names));
    };
    assemble(&definitions, located, environment)
}

/// A connection that nobody defined, with the nearest name.
#[must_use]
pub fn unknown_connection(link_name: &str, names: &[String]) -> Failure {
    const NEAREST: Text = Text::new("did you mean {nearest}?", "「{nearest}」のことですか。");
    let near = suggest::nearest(link_name, names.iter().map(String::as_str));
    let shown = crate::base::safe_text::line(link_name, 64);
    let mut failure = Failure::cause("CONN-CFG-CONNECTION-UNKNOWN", &[("name", &shown)]);
    if link_name.parse::<LinkName>().is_err() {
        // No connection can have this name.
        failure = failure.instead("conn add".to_owned());
    }
    match near {
        Some(nearest) => failure.because(NEAREST.fill(&[("nearest", nearest)])),
        None => failure,
    }
}

/// Joins a connection with its definition.
///
/// # Errors
/// When there is no such connector or method.
pub fn assemble(
    definitions: &crate::config::Definitions,
    located: Located<Connection>,
    environment: Option<&str>,
) -> Result<Prepared, Failure> {
    if located.value.same_authorization != Some(true) {
        return in_environment(definitions, located, environment);
    }
    let mut prepared = in_environment(definitions, located.clone(), environment)?;
    let mut names: BTreeSet<&str> = prepared.connector.environments.keys().map(String::as_str).collect();
    names.extend([PRODUCTION, prepared.connection.environment()]);
    names.remove(prepared.environment.as_str());
    let others = names.into_iter().map(|name| in_environment(definitions, located.clone(), Some(name)));
    prepared.elsewhere = others.collect::<Result<_, _>>()?;
    Ok(prepared)
}

fn in_environment(
    definitions: &crate::config::Definitions,
    located: Located<Connection>,
    environment: Option<&str>,
) -> Result<Prepared, Failure> {
    let id = located.value.connector.clone();
    let Some(connector) = definitions.shared_connector(&id)? else {
        let values = [("connector", &*id), ("name", &located.name)];
        return Err(Failure::cause("CONN-CFG-CONNECTOR-UNKNOWN", &values).at(&located));
    };
    let connector_layer = connector.kind;
    let connector = connector.value;
    let own = located.value.environment();
    let environment = environment.unwrap_or(own).to_owned();
    if environment != own {
        environments::known(&connector, &id, &located.name, &environment)?;
    }
    let Some((method_name, method)) = connector.method(located.value.method.as_deref()) else {
        let wanted = located.value.method.clone().unwrap_or_default();
        let values = [("name", &*located.name), ("key", &wanted)];
        return Err(Failure::cause("CONN-CFG-SCHEMA", &values).at(&located));
    };
    let method_name = method_name.to_owned();
    let key = [&*id, &*environment, &*method_name].map(str::to_owned);
    let (connector, method) =
        definitions.applied(key, || super::applied::to(&connector, method, &environment));
    let beyond = connector.max_connections.filter(|most| super::choose::beyond(definitions, &located, *most));
    let older_protocol = located.value.http_version.is_some();
    let prepared = Prepared {
        link_name: located.name,
        connection: located.value,
        layer: located.kind,
        path: located.path,
        line: located.line,
        connector,
        connector_layer,
        method_name,
        method,
        environment,
        account: None,
        lacks_primary: false,
        named_account: None,
        earlier: false,
        older_protocol,
        beside: Beside::default(),
        beyond,
        address: Address::default(),
        elsewhere: Vec::new(),
    };
    super::bounds::check(&prepared)?;
    Ok(prepared)
}

impl Prepared {
    /// The name of its authorisation: of this environment alone, unless one serves all of them.
    #[must_use]
    pub fn item(&self) -> ItemKey {
        let item = ItemKey { account: self.account.clone(), ..self.shared_item() };
        if self.earlier { item.before() } else { item }
    }

    /// The name of what all its accounts have in common.
    #[must_use]
    pub fn shared_item(&self) -> ItemKey {
        let same = self.connection.same_authorization == Some(true);
        let environment = if same { self.connection.environment() } else { &self.environment };
        ItemKey::current(&self.link_name, environment)
    }

    /// Whether the values that were given belong to all accounts: those of the app, where people consent to it.
    #[must_use]
    pub fn shares(&self) -> bool {
        self.account.is_some() && self.method.obtaining() == Obtaining::ByConsent
    }

    /// Whether conn uses a client that it registered by itself: the definition allows it, and nobody gave one.
    #[must_use]
    pub fn registers(&self) -> bool {
        let client = [crate::model::grant::CLIENT_ID, crate::model::grant::CLIENT_SECRET];
        let given = |key: &&str| {
            let value = self.connection.vars.get(*key).is_some_and(|value| !value.is_empty());
            value || self.connection.secrets.contains_key(*key)
        };
        self.method.registers() && !client.iter().any(given)
    }

    /// Where it is defined, `FILE:LINE`; the file alone where it stands in none yet.
    #[must_use]
    pub fn origin(&self) -> String {
        let file = self.path.display();
        if self.line == 0 { file.to_string() } else { format!("{file}:{}", self.line) }
    }

    /// The value of a variable or parameter. Secrets come from `secrets`, everything else from the
    /// environment, the connection, the method's path entries, a lookup or a default, in that order.
    #[must_use]
    pub fn value<'a>(&'a self, name: &str, secrets: &'a Secrets) -> Option<Cow<'a, str>> {
        self.value_at(name, secrets, 0)
    }

    fn value_at<'a>(&'a self, name: &str, secrets: &'a Secrets, depth: u8) -> Option<Cow<'a, str>> {
        if depth > 8 {
            return None;
        }
        if let Some(secret) = secrets.get(name) {
            return Some(Cow::Borrowed(secret.expose()));
        }
        let fixed = self.connector.environments.get(&self.environment).and_then(|e| e.vars.get(name));
        if let Some(value) =
            fixed.or_else(|| self.connection.vars.get(name)).filter(|value| !value.is_empty())
        {
            let variable = self.connector.vars.get(name);
            return Some(variable.map_or(Cow::Borrowed(value), |variable| variable.settle(value)));
        }
        if let Some(value) = secrets.grant().and_then(|grant| grant.kept.get(name)) {
            return Some(Cow::Borrowed(value));
        }
        let expand = |template: &Template| {
            let value = template.expand(|other| self.value_at(other, secrets, depth + 1));
            value.ok().map(|value| Cow::Owned(value.to_string()))
        };
        if let Some(template) = self.method.path.get(name) {
            return expand(template);
        }
        let variable = self.connector.vars.get(name);
        if variable.is_none() && self.method.params.get(name).is_some_and(|param| param.optional) {
            return Some(Cow::Borrowed(""));
        }
        let variable = variable?;
        let looked_up = variable.map.as_ref().and_then(|map| {
            let key = self.value_at(&map.by, secrets, depth + 1)?;
            map.values.get(key.as_ref()).or(map.otherwise.as_ref()).and_then(expand)
        });
        let value = looked_up.or_else(|| variable.default.as_ref().and_then(expand));
        value.or_else(|| variable.optional.then_some(Cow::Borrowed("")))
    }

    /// Whether a placeholder stands for something secret.
    #[must_use]
    pub fn is_secret(&self, name: &str) -> bool {
        crate::model::grant::is_obtained(name)
            || self.method.params.get(name).is_some_and(|param| param.secret)
            || self.method.path.get(name).is_some_and(|template| {
                template.names().any(|inner| self.method.params.get(inner).is_some_and(|param| param.secret))
            })
    }

    /// The base URL with its variables filled in.
    ///
    /// # Errors
    /// The problem: a variable is missing, the address is no address, or it would carry secrets in the clear.
    pub fn base(&self, secrets: &Secrets) -> Result<Url, Problem> {
        let template = self.method.base.as_ref().or(self.connector.base.as_ref());
        let Some(template) = template else {
            let mut problem = self.problem("CONN-CFG-SCHEMA", &[("key", "base")]);
            problem.evidence.push(NO_BASE.fill(&[("connector", &self.connection.connector)]));
            return Err(problem);
        };
        let text = template
            .expand(|name| self.value(name, secrets))
            .map_err(|missing| self.missing_variable(&missing.0))?;
        let url = self.address.of(&text).ok_or_else(|| self.host_form(&text))?;
        let host = url.host_str().unwrap_or_default().to_owned();
        if !url.username().is_empty() || url.password().is_some() || host.is_empty() {
            return Err(self.host_form(&text));
        }
        match url.scheme() {
            "https" => Ok(url),
            "http" if is_loopback(&host) => Ok(url),
            "http" => Err(self.problem("CONN-CFG-HOST-INSECURE", &[("host", &host)])),
            _ => Err(self.host_form(&text)),
        }
    }

    fn host_form(&self, text: &str) -> Problem {
        let shown = crate::base::safe_text::line(text, 80);
        self.problem("CONN-CFG-HOST-FORM", &[("value", &shown), ("host", &shown)])
    }

    fn missing_variable(&self, name: &str) -> Problem {
        let parameter = self.method.params.get(name).map(|param| &param.label);
        let label = self.connector.vars.get(name).and_then(|variable| variable.label.as_ref()).or(parameter);
        let label = label.map_or(name.to_owned(), |label| label.en.clone());
        if parameter.is_some() {
            return self.problem(self.method.lack(name), &[("label", &label), ("parameter", name)]);
        }
        self.problem("CONN-CFG-VARIABLE-MISSING", &[("variable", name), ("label", &label), ("key", name)])
    }

    /// Every host to which this connection's credential would travel.
    #[must_use]
    pub fn hosts(&self, secrets: &Secrets) -> Vec<String> {
        let mut hosts: Vec<String> =
            self.base(secrets).ok().and_then(|url| authority(&url)).into_iter().collect();
        let expand = |template: &Template| template.expand(|name| self.value(name, secrets)).ok();
        let declared = self.connector.hosts.iter().filter_map(expand);
        hosts.extend(declared.map(|host| host.trim().to_ascii_lowercase()));
        let addresses = self.method.addresses().into_iter().filter_map(|(_, template)| expand(template));
        hosts.extend(addresses.filter_map(|text| Url::parse(&text).ok()).filter_map(|url| authority(&url)));
        let asked = super::variables::addresses(self).filter_map(expand);
        hosts.extend(asked.filter_map(|text| Url::parse(&text).ok()).filter_map(|url| authority(&url)));
        hosts.extend(self.elsewhere.iter().flat_map(|other| other.hosts(secrets)));
        hosts.sort();
        hosts.dedup();
        hosts
    }

    /// A problem of this connection.
    #[must_use]
    pub fn problem(&self, code: &str, values: &[(&str, &str)]) -> Problem {
        let pairs = values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let mut values: BTreeMap<String, String> = pairs.collect();
        values.insert("place".to_owned(), self.origin());
        values.insert("file".to_owned(), self.path.display().to_string());
        if self.line != 0 {
            values.insert("line".to_owned(), self.line.to_string());
        }
        Problem { code: code.to_owned(), lowered: false, values, evidence: Vec::new() }
    }

    /// The connection without its secrets, for facts and reports.
    #[must_use]
    pub fn subject(
        &self,
        secrets: &Secrets,
        state: State,
        fingerprints: BTreeMap<String, String>,
    ) -> Subject {
        let base = self.base(secrets).ok();
        let shown = base.as_ref().map(|url| url.as_str().trim_end_matches('/').to_owned());
        let raw = || self.method.base.as_ref().or(self.connector.base.as_ref()).map(ToString::to_string);
        let name = |key: &str| self.connection.secrets.get(key).cloned().unwrap_or_default().shown();
        Subject {
            link_name: self.link_name.clone(),
            connector: self.connection.connector.clone(),
            service: self.connector.display_name(&self.connection.connector),
            method: self.method_name.clone(),
            kind: self.method.kind,
            environment: self.environment.clone(),
            base: crate::base::redact::scrub(&shown.or_else(raw).unwrap_or_default()).into_owned(),
            host: base.as_ref().and_then(Url::host_str).unwrap_or_default().to_owned(),
            origin: self.origin(),
            state,
            fingerprints,
            sources: self.method.secret_keys().map(|key| (key.to_owned(), name(key))).collect(),
            redirect: super::tokens::register::redirect(self),
            options: self.options(),
            account: self.account.clone(),
        }
    }
}
