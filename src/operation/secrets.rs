//! Reading the secret values of a connection from where they are kept.

use indexmap::IndexMap;

use super::prepare::Prepared;
use super::{World, hygiene};
use crate::base::{Phrase, Secret, Text, Timestamp, time};
use crate::diagnosis::Problem;
use crate::model::connection::SecretSource;
use crate::model::credential::CredentialError;
use crate::model::grant::{ACCESS_TOKEN, is_obtained, is_of_client};
use crate::model::{Credential, Grant, Obtaining, Parameter};
use crate::port::{ItemKey, SecretStore, StoreError, StoreFault};
use crate::scheme::jwt;

/// The secret values of one connection, by key: what a person gave by parameter, and tokens by their own names.
#[derive(Debug, Default)]
pub struct Secrets {
    values: IndexMap<String, Secret>,
    grant: Option<Grant>,
    /// When they were stored; `None` of values that are not stored yet.
    stored: Option<Timestamp>,
}

impl Secrets {
    /// The value of a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Secret> {
        self.values.get(key)
    }

    /// Takes a value in, replacing one of the same key.
    pub fn insert(&mut self, key: impl Into<String>, value: Secret) {
        self.values.insert(key.into(), value);
    }

    /// Takes a value out.
    pub fn remove(&mut self, key: &str) {
        self.values.shift_remove(key);
    }

    /// Each key with its value.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Secret)> {
        self.values.iter().map(|(key, value)| (key.as_str(), value))
    }

    /// What is known of the tokens, where there are any.
    #[must_use]
    pub const fn grant(&self) -> Option<&Grant> {
        self.grant.as_ref()
    }

    /// Sets what is known of the tokens.
    pub fn set_grant(&mut self, grant: Option<Grant>) {
        self.grant = grant;
    }

    /// A second copy, for a trial beside the first.
    #[must_use]
    pub fn duplicate(&self) -> Self {
        let values = self.values.iter().map(|(key, value)| (key.clone(), value.duplicate()));
        Self { values: values.collect(), grant: self.grant.clone(), stored: self.stored }
    }
}

/// The store behind a source; `None` for references.
pub fn store<'a>(world: &'a dyn World, source: &SecretSource) -> Option<&'a dyn SecretStore> {
    match source {
        SecretSource::Keyring => Some(world.keyring()),
        SecretSource::Vault => Some(world.vault()),
        SecretSource::Environment(_) | SecretSource::Command(_) => None,
    }
}

/// The source of a value.
#[must_use]
pub fn source(prepared: &Prepared, key: &str) -> SecretSource {
    let named = |key: &str| prepared.connection.secrets.get(key).cloned();
    // A client that conn registered is kept with its tokens.
    let registered = is_of_client(key) && prepared.registers();
    let beside = || named(ACCESS_TOKEN).filter(|source| registered && source.is_stored());
    named(key).or_else(beside).unwrap_or_default()
}

/// Where conn keeps a value, given or obtained; `None` where it keeps none.
#[must_use]
pub fn keeper(prepared: &Prepared, key: &str) -> Option<SecretSource> {
    let registered = is_of_client(key) && prepared.registers();
    if registered || (is_obtained(key) && !prepared.method.params.contains_key(key)) {
        return token_store(prepared);
    }
    Some(source(prepared, key)).filter(SecretSource::is_stored)
}

/// Where conn keeps the tokens of a connection: where `secrets.access_token` says; else beside the values that it
/// keeps anyway; else, where a person had to consent, in the keyring. Tokens that conn can ask for at any time with
/// values that others keep are not kept at all, so that such a connection needs no store.
#[must_use]
pub fn token_store(prepared: &Prepared) -> Option<SecretSource> {
    let obtaining = prepared.method.obtaining();
    if obtaining == Obtaining::Given {
        return None;
    }
    let named = prepared.connection.secrets.get(ACCESS_TOKEN);
    if let Some(named) = named.filter(|named| named.is_stored()) {
        return Some(named.clone());
    }
    let given = prepared.method.secret_keys().map(|key| source(prepared, key));
    let beside = given.into_iter().find(SecretSource::is_stored);
    beside.or_else(|| (obtaining == Obtaining::ByConsent).then_some(SecretSource::Keyring))
}

/// Reads one stored credential.
///
/// # Errors
/// When the store fails, or its item is not ours.
pub fn read(store: &dyn SecretStore, key: &ItemKey) -> Result<Option<Credential>, StoreError> {
    let Some(item) = store.get(key)? else { return Ok(None) };
    Credential::from_item(&item).map(Some).map_err(|error| {
        let words = match error {
            CredentialError::Foreign => "the item is not one that conn wrote",
            CredentialError::Newer => "the item was written by a newer conn",
        };
        StoreError { store: store.name(), fault: StoreFault::Corrupt(words.to_owned()) }
    })
}

/// The values that all accounts of a connection have in common, where they have any.
///
/// # Errors
/// When a store fails.
pub fn shared(world: &dyn World, prepared: &Prepared) -> Result<Secrets, StoreError> {
    let mut secrets = Secrets::default();
    for source in [SecretSource::Keyring, SecretSource::Vault].iter().filter(|_| prepared.shares()) {
        let Some(store) = store(world, source) else { continue };
        let given = || prepared.method.secret_keys().any(|key| self::source(prepared, key) == *source);
        let used = given() || token_store(prepared).as_ref() == Some(source);
        let credential = if used { read(store, &prepared.shared_item())? } else { None };
        for (key, value) in credential.into_iter().flat_map(|credential| credential.values) {
            secrets.insert(key, value);
        }
    }
    Ok(secrets)
}

/// Reads all secret values of a connection, with every problem that its values show.
#[must_use]
pub fn load(world: &dyn World, prepared: &Prepared) -> (Secrets, Vec<Problem>) {
    let mut secrets = Secrets::default();
    let mut problems = Vec::new();
    for stored in [SecretSource::Keyring, SecretSource::Vault] {
        let keys: Vec<&str> =
            prepared.method.secret_keys().filter(|key| source(prepared, key) == stored).collect();
        if !keys.is_empty() || token_store(prepared).as_ref() == Some(&stored) {
            from_store(world, prepared, &stored, &keys, &mut secrets, &mut problems);
        }
    }
    for key in prepared.method.secret_keys() {
        let source = source(prepared, key);
        if source.is_stored() {
            continue;
        }
        match refer(world, prepared, key, &source) {
            Ok(value) => secrets.insert(key, value),
            Err(problem) => problems.push(problem),
        }
    }
    for (key, value) in secrets.iter() {
        problems.extend(hygiene::check(prepared, key, value));
    }
    (secrets, problems)
}

/// Reads the value of a key that others keep.
///
/// # Errors
/// The problem, with the way out.
pub fn refer(
    world: &dyn World,
    prepared: &Prepared,
    key: &str,
    source: &SecretSource,
) -> Result<Secret, Problem> {
    world.references().read(source).map_err(|error| {
        let shown = source.shown();
        let variable = shown.trim_start_matches("env:").to_owned();
        let values = [("source", shown.as_str()), ("variable", &variable), ("parameter", key)];
        let mut problem = prepared.problem(error.cause(), &values);
        problem.evidence.push(error.words());
        problem
    })
}

fn from_store(
    world: &dyn World,
    prepared: &Prepared,
    source: &SecretSource,
    keys: &[&str],
    secrets: &mut Secrets,
    problems: &mut Vec<Problem>,
) {
    let Some(store) = store(world, source) else { return };
    let mut allowed: Vec<Vec<String>> = Vec::new();
    let shared = prepared.shares().then(|| prepared.shared_item());
    for item in shared.into_iter().chain([prepared.item()]) {
        let credential = match read(store, &item) {
            Ok(Some(credential)) => credential,
            Ok(None) => continue,
            Err(error) => return problems.push(store_problem(prepared, &error)),
        };
        allowed.push(credential.hosts);
        secrets.stored = Some(credential.stored);
        if credential.grant.is_some() {
            secrets.set_grant(credential.grant);
        }
        for (key, value) in credential.values {
            secrets.insert(key, value);
        }
    }
    for key in keys {
        let optional = prepared.method.params.get(*key).is_some_and(|param| param.optional);
        if secrets.get(key).is_none() && !optional {
            problems.push(missing(prepared, key, store.name()));
        }
    }
    problems.extend(allowed.iter().find_map(|allowed| strange_host(prepared, secrets, allowed)));
}

fn missing(prepared: &Prepared, key: &str, store: &str) -> Problem {
    const NONE: Text =
        Text::new("the {store} holds no {key} for {name}", "{store} に {name} の {key} がありません");
    let label = prepared.method.params.get(key).map(|param| param.label.en.clone()).unwrap_or_default();
    let values = [("label", label.as_str()), ("parameter", key), ("store", store)];
    let words = store.parse().map_or_else(|_| Phrase::same(store), |source: SecretSource| source.words());
    let mut problem = prepared.problem("CONN-SEC-MISSING", &values);
    let name = Phrase::same(prepared.link_name.as_str());
    problem.evidence.push(NONE.fill_phrases(&[("store", words), ("key", Phrase::same(key)), ("name", name)]));
    problem
}

/// Why the store in which tokens would be kept cannot be used: nobody is asked to consent to what has no place.
#[must_use]
pub fn placeless(world: &dyn World, prepared: &Prepared) -> Option<Problem> {
    let store = token_store(prepared).and_then(|source| store(world, &source))?;
    store.get(&prepared.item()).err().map(|error| store_problem(prepared, &error))
}

/// A store's failure as a problem of this connection.
#[must_use]
pub fn store_problem(prepared: &Prepared, error: &StoreError) -> Problem {
    let mut problem = prepared.problem(error.fault.cause(), &[("store", error.store)]);
    problem.evidence.push(error.words());
    problem
}

/// A host to which the definition leads and for which the credential was not stored.
#[must_use]
pub fn strange_host(prepared: &Prepared, secrets: &Secrets, allowed: &[String]) -> Option<Problem> {
    const STORED: Text = Text::new(
        "it was stored for {allowed}; {place} now leads to {host}",
        "登録時の送信先は {allowed} ですが、{place} の接続先は {host} になっています",
    );
    let hosts = prepared.hosts(secrets);
    let strange = hosts.iter().find(|host| !allowed.contains(host))?;
    let (allowed, place) = (allowed.join(", "), prepared.origin());
    let values = [("host", strange.as_str()), ("allowed", &allowed), ("new_host", strange)];
    let mut problem = prepared.problem("CONN-CFG-HOST-CHANGED", &values);
    problem.evidence.push(STORED.fill(&[("allowed", &allowed), ("place", &place), ("host", strange)]));
    Some(problem)
}

/// A host to which a value that others keep would travel without anybody having allowed it: any host of a
/// connection in a project file, and a host other than before everywhere else.
#[must_use]
pub fn strange_reference(prepared: &Prepared, secrets: &Secrets, allowed: &[String]) -> Option<Problem> {
    const NEVER: Text = Text::new(
        "a project file takes part in {place}, which leads to {host}; nobody on this machine has allowed that",
        "プロジェクトのファイルが関わる {place} の接続先 {host} への送信は、この端末でまだ許可されていません",
    );
    let refers = prepared.method.secret_keys().any(|key| !source(prepared, key).is_stored());
    let project = crate::config::LayerKind::Project;
    let foreign = prepared.layer == project || prepared.connector_layer == project;
    if !refers || (allowed.is_empty() && !foreign) {
        return None;
    }
    if !allowed.is_empty() {
        return strange_host(prepared, secrets, allowed);
    }
    let hosts = prepared.hosts(secrets);
    let host = hosts.first()?;
    let place = prepared.origin();
    let mut problem = prepared.problem("CONN-CFG-HOST-CHANGED", &[("host", host), ("new_host", host)]);
    problem.evidence.push(NEVER.fill(&[("place", &place), ("host", host)]));
    Some(problem)
}

/// Parameter → keyed fingerprint.
#[must_use]
pub fn fingerprints(
    world: &dyn World,
    prepared: &Prepared,
    secrets: &Secrets,
) -> std::collections::BTreeMap<String, String> {
    let Ok(key) = world.ledger().fingerprint_key() else { return std::collections::BTreeMap::default() };
    // Tokens come and go by themselves: what a person gave tells one credential from another.
    secrets
        .iter()
        .filter(|(name, _)| !prepared.method.obtains(name))
        .map(|(name, value)| (name.to_owned(), crate::base::fingerprint::fingerprint(&key, value.expose())))
        .collect()
}

/// Parameter → the end that its value itself names: a JSON Web Token says it in `exp`.
#[must_use]
pub fn ends(prepared: &Prepared, secrets: &Secrets) -> std::collections::BTreeMap<String, Timestamp> {
    let given = secrets.iter().filter(|(name, _)| !prepared.method.obtains(name));
    given.filter_map(|(name, value)| Some((name.to_owned(), jwt::end(value.expose())?))).collect()
}

/// When the first value is too old, as the definition says. Nobody knows the day of one that others keep, nor of one
/// beside tokens: a renewal stores both anew.
#[must_use]
pub fn aged(prepared: &Prepared, secrets: &Secrets, now: Timestamp) -> Option<Timestamp> {
    let stored = secrets.stored.unwrap_or(now);
    let end = |(key, param): (&String, &Parameter)| {
        let known = secrets.get(key).is_some() && source(prepared, key).is_stored();
        stored.checked_add(time::span(param.max_age.as_ref().filter(|_| known)?)?).ok()
    };
    prepared.method.params.iter().filter_map(end).min().filter(|_| secrets.grant.is_none())
}
