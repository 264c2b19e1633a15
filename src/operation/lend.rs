//! A user name and a password for a program that knows no connections, only hosts: git, docker and what speaks
//! their protocols. A credential leaves for a host of its own connection only, and never for one in the clear.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use url::Url;
use zeroize::Zeroizing;

use super::exchange::Caller;
use super::prepare::{self, Prepared};
use super::secrets::Secrets;
use super::token::{self, TokenRequest, Wanted};
use super::{Failure, World, account};
use crate::base::{Phrase, Request, Text, Timestamp, authority, is_loopback, safe_text};
use crate::config::Definitions;
use crate::model::grant::ACCESS_TOKEN;
use crate::model::{AuthKind, Obtaining, State};

/// The user name beside a token where nobody says another: the one that most services take.
const TOKEN_USER: &str = "oauth2";

/// What a program asks for.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// The connection, where it is named.
    pub connection: Option<String>,
    /// The environment; each connection's own where nothing is said.
    pub environment: Option<String>,
    /// The user name beside a token.
    pub user: Option<String>,
}

/// A user name with its password.
pub struct Login {
    /// The user name.
    pub user: Zeroizing<String>,
    /// The password, or a token in its place.
    pub password: Zeroizing<String>,
    /// When it ends, where that is known.
    pub expires: Option<Timestamp>,
}

/// A host as connections write theirs: lower case, with its port where that is not the usual one. `None` where an
/// address is none, or a password would travel to it in the clear.
#[must_use]
pub fn host(address: &str) -> Option<String> {
    let url = Url::parse(address).ok()?;
    let safe = match url.scheme() {
        "https" => true,
        "http" => url.host_str().is_some_and(is_loopback),
        _ => false,
    };
    if safe { authority(&url) } else { None }
}

/// The connection whose credential belongs to a host; `None` where none does.
///
/// # Errors
/// When several do, or a file cannot be read.
pub fn choose(world: &dyn World, asked: &Asked, host: &str) -> Result<Option<String>, Failure> {
    if asked.connection.is_some() {
        return Ok(asked.connection.clone());
    }
    let definitions = world.definitions()?;
    let mut found = Vec::new();
    for name in definitions.link_names()? {
        if let Some(prepared) = assembled(&definitions, &name, asked)
            && belongs(&prepared, &Secrets::default(), host)
        {
            found.push(prepared);
        }
    }
    if found.len() > 1 {
        found = proven(world, found)?;
    }
    match found.as_slice() {
        [] => Ok(None),
        [only] => Ok(Some(only.link_name.clone())),
        several => Err(ambiguous(host, several)),
    }
}

/// The hosts, each with its user name, of the connections that may be listed: the one that is named, else those with
/// this label. What lists everything would invite a program to fetch everything.
///
/// # Errors
/// When a file cannot be read.
pub fn listed(world: &dyn World, asked: &Asked, tag: &str) -> Result<BTreeMap<String, String>, Failure> {
    let definitions = world.definitions()?;
    let mut hosts = BTreeMap::new();
    for name in definitions.link_names()? {
        let Some(prepared) = assembled(&definitions, &name, asked) else { continue };
        let wanted = match &asked.connection {
            Some(named) => *named == name,
            None => prepared.connection.tags.iter().any(|own| own == tag),
        };
        if wanted && is_proven(world, &prepared)? {
            let user = user_of(&prepared, asked);
            hosts.extend(prepared.hosts(&Secrets::default()).into_iter().map(|host| (host, user.clone())));
        }
    }
    Ok(hosts)
}

/// Finds a connection whose credential may go to a host.
///
/// # Errors
/// When it is not `connected`, or the host is none of its own.
pub fn find(world: &dyn World, asked: &Asked, link_name: &str, host: &str) -> Result<Wanted, Failure> {
    let request = TokenRequest {
        link_name: link_name.to_owned(),
        environment: asked.environment.clone(),
        ..TokenRequest::default()
    };
    let wanted = token::find(world, &request)?;
    let (prepared, secrets) = (&wanted.loaded.prepared, &wanted.loaded.secrets);
    if belongs(prepared, secrets, host) { Ok(wanted) } else { Err(elsewhere(prepared, secrets, host)) }
}

/// The user name and password of a connection.
///
/// # Errors
/// When nothing of it can stand for them.
pub fn login(world: &dyn World, wanted: &Wanted, asked: &Asked) -> Result<Login, Failure> {
    let (prepared, secrets) = (&wanted.loaded.prepared, &wanted.loaded.secrets);
    let expires = secrets.grant().and_then(|grant| grant.expires);
    let pair = if prepared.method.kind == AuthKind::Basic {
        basic(&Caller { world, prepared, secrets })
    } else {
        token_of(prepared, secrets).map(|token| (Zeroizing::new(user_of(prepared, asked)), token))
    };
    let (user, password) = pair.ok_or_else(|| unfit(&prepared.link_name))?;
    if [&user, &password].iter().any(|half| half.chars().any(char::is_control)) {
        return Err(Failure::cause("CONN-SEC-WHITESPACE", &[("name", &prepared.link_name)]));
    }
    Ok(Login { user, password, expires })
}

fn assembled(definitions: &Definitions, name: &str, asked: &Asked) -> Option<Prepared> {
    // A connection with a mistake must not stand in the way of the others; its own verbs tell the mistake.
    let located = definitions.connection(name).ok()??;
    prepare::assemble(definitions, located, asked.environment.as_deref()).ok()
}

fn belongs(prepared: &Prepared, secrets: &Secrets, host: &str) -> bool {
    prepared.hosts(secrets).iter().any(|own| own == host)
}

/// Those of several that carry traffic; all of them where none does.
fn proven(world: &dyn World, found: Vec<Prepared>) -> Result<Vec<Prepared>, Failure> {
    let mut states = Vec::with_capacity(found.len());
    for prepared in &found {
        states.push(is_proven(world, prepared)?);
    }
    if !states.contains(&true) {
        return Ok(found);
    }
    Ok(found.into_iter().zip(states).filter_map(|(prepared, state)| state.then_some(prepared)).collect())
}

fn is_proven(world: &dyn World, prepared: &Prepared) -> Result<bool, Failure> {
    let mut settled = prepared.clone();
    match account::settle(world, &mut settled) {
        Ok(()) => {}
        // A connection without this account is not the one that is meant.
        Err(Failure::Usage { .. }) => return Ok(false),
        Err(failure) => return Err(failure),
    }
    Ok(world.ledger().state(&settled.item())?.state == State::Connected)
}

/// The user name as far as it is known without reading secrets.
fn user_of(prepared: &Prepared, asked: &Asked) -> String {
    if prepared.method.kind == AuthKind::Basic {
        let none = Secrets::default();
        let template = prepared.method.user.as_ref();
        let written = template.and_then(|user| user.expand(|name| prepared.value(name, &none)).ok());
        let plain = || ["user", "username"].iter().find_map(|name| prepared.value(name, &none));
        return written.map(|user| user.to_string()).or_else(|| plain().map(Into::into)).unwrap_or_default();
    }
    asked.user.clone().unwrap_or_else(|| TOKEN_USER.to_owned())
}

/// The pair that the scheme would send, whatever templates it is made of.
fn basic(caller: &Caller<'_>) -> Option<(Zeroizing<String>, Zeroizing<String>)> {
    let mut example = Request::new("GET", caller.prepared.base(caller.secrets).ok()?);
    caller.sign(&mut example).ok()?;
    let bytes =
        Zeroizing::new(STANDARD.decode(example.header("authorization")?.strip_prefix("Basic ")?).ok()?);
    let (user, password) = std::str::from_utf8(&bytes).ok()?.split_once(':')?;
    Some((Zeroizing::new(user.to_owned()), Zeroizing::new(password.to_owned())))
}

/// The one value that is a token by itself. A secret that signs is none: whoever gets it could sign anything.
fn token_of(prepared: &Prepared, secrets: &Secrets) -> Option<Zeroizing<String>> {
    let method = &prepared.method;
    if !matches!(method.kind, AuthKind::ApiKey | AuthKind::Bearer | AuthKind::OAuth2 | AuthKind::Session) {
        return None;
    }
    let keys: Vec<&str> = method.secret_keys().collect();
    let key = match (method.obtaining(), keys.as_slice()) {
        (Obtaining::Given, [only]) => only,
        (Obtaining::Given, _) => return None,
        _ => ACCESS_TOKEN,
    };
    secrets.get(key).map(|value| Zeroizing::new(value.expose().to_owned()))
}

fn ambiguous(host: &str, several: &[Prepared]) -> Failure {
    const SEVERAL: Text = Text::new(
        "Several connections belong to {host}: {names}.",
        "{host} を使う接続が複数あります: {names}",
    );
    const NAME: Text =
        Text::new("Name one with --connection NAME.", "--connection で接続を 1 つ指定してください。");
    let mut names: Vec<&str> = several.iter().map(|prepared| prepared.link_name.as_str()).collect();
    names.sort_unstable();
    let values = [("host", host), ("names", &*names.join(", "))];
    Failure::usage(SEVERAL.fill(&values), Some(NAME.into()))
}

fn elsewhere(prepared: &Prepared, secrets: &Secrets, host: &str) -> Failure {
    const NOT: Text = Text::new(
        "{host} is no host of {name}, so its credential does not go there.",
        "{host} は {name} のホストではないため、認証情報を渡しません。",
    );
    const OWN: Text = Text::new("Its hosts: {hosts}", "{name} のホスト: {hosts}");
    let host = safe_text::line(host, 80);
    let hosts = prepared.hosts(secrets).join(", ");
    let values = [("name", prepared.link_name.as_str()), ("host", &host), ("hosts", &hosts)];
    Failure::usage(NOT.fill(&values), Some(OWN.fill(&values)))
}

fn unfit(name: &str) -> Failure {
    const UNFIT: Text = Text::new(
        "{name} has neither a user name with a password nor one single token.",
        "{name} には、ユーザー名とパスワードの組も、単独のトークンもありません。",
    );
    const WAYS: Text = Text::new(
        "conn exec {name} -- PROGRAM gives a program its values; conn proxy {name} makes its calls.",
        "conn exec {name} -- プログラム で値を渡すか、conn proxy {name} を使ってください。",
    );
    let values = [("name", name)];
    let (message, hint): (Phrase, Phrase) = (UNFIT.fill(&values), WAYS.fill(&values));
    Failure::usage(message, Some(hint))
}

#[cfg(test)]
mod tests {
    use super::host;

    #[test]
    fn a_host_is_written_as_connections_write_theirs_and_never_one_in_the_clear() {
        for (address, expected) in [
            ("https://GitHub.com", Some("github.com")),
            ("https://github.com:443/x/y.git", Some("github.com")),
            ("https://git.example.com:8443/", Some("git.example.com:8443")),
            ("http://127.0.0.1:3000", Some("127.0.0.1:3000")),
            ("http://github.com", None),
            ("ssh://github.com", None),
            ("https://", None),
            ("github.com", None),
        ] {
            assert_eq!(host(address).as_deref(), expected, "{address}");
        }
    }
}
