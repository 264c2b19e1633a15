//! One call as a script would make it. Reads no secret: a snippet refers to the connection.

use url::form_urlencoded;

use crate::base::Template;
use crate::model::{AuthKind, RequestLine};
use crate::operation::prepare::{Prepared, prepare};
use crate::operation::secrets::Secrets;
use crate::operation::{Failure, World, check, request};

/// One call as a script would make it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// The connection.
    pub link_name: String,
    /// The environment, where the caller named one.
    pub environment: Option<String>,
    /// The account, where the caller named one.
    pub account: Option<String>,
    /// The method.
    pub method: String,
    /// The path below the base, with its query.
    pub path: String,
    /// The whole address.
    pub url: String,
    /// The headers that every call to this service carries, secrets excepted.
    pub headers: Vec<(String, String)>,
    /// The headers that prove who we are, where nothing else does: then any client can carry the call.
    pub proof: Vec<String>,
}

/// The call of a snippet: the one that was named, else the connector's own test request.
///
/// # Errors
/// When there is no such connection, or it has no address yet.
pub fn call(
    world: &dyn World,
    link_name: &str,
    environment: Option<&str>,
    wanted: Option<(&str, &str)>,
) -> Result<Call, Failure> {
    let prepared = prepare(world, link_name, environment)?;
    let secrets = Secrets::default();
    let base = prepared.base(&secrets).map_err(|problem| check::failure(&prepared, &problem))?;
    let (method, path) = match wanted {
        Some((method, path)) => (method.to_owned(), path.to_owned()),
        None => declared(&prepared).unwrap_or_else(|| ("GET".to_owned(), "/".to_owned())),
    };
    let url = request::address(&base, &path, link_name)?;
    // Quotes are the one thing that an address and a program's text both know.
    let url = url.as_str().replace('\'', "%27");
    // A path that climbs out of the base (`/../x`) is left as it was written.
    let below = url.strip_prefix(base.as_str().trim_end_matches('/')).map(str::to_owned);
    let path = below.unwrap_or_else(|| path.replace('\'', "%27"));
    Ok(Call {
        link_name: prepared.link_name.clone(),
        environment: environment.map(str::to_owned),
        account: prepared.named_account.clone(),
        method,
        path,
        headers: headers(&prepared, &secrets),
        proof: proof(&prepared),
        url,
    })
}

/// The connector's own test request, where it needs nothing secret and changes nothing.
#[must_use]
pub fn declared(prepared: &Prepared) -> Option<(String, String)> {
    let test = prepared.connector.test.as_ref()?;
    let RequestLine::Call { method, target } = &test.request else { return None };
    let secrets = Secrets::default();
    let value = |name: &str| prepared.value(name, &secrets);
    let mut target = target.expand(value).ok()?.to_string();
    // What travels in a body is more than a line shows.
    if !target.starts_with('/') || !test.form.is_empty() || test.json.is_some() || test.body.is_some() {
        return None;
    }
    let mut query = form_urlencoded::Serializer::new(String::new());
    for (name, template) in &test.query {
        query.append_pair(name, template.expand(value).ok()?.as_str());
    }
    let query = query.finish();
    if !query.is_empty() {
        target = format!("{target}{}{query}", if target.contains('?') { '&' } else { '?' });
    }
    Some((method.clone(), target))
}

fn headers(prepared: &Prepared, secrets: &Secrets) -> Vec<(String, String)> {
    let declared = prepared.connector.headers.iter();
    let known = declared.filter_map(|(name, template)| {
        let value = template.expand(|name| prepared.value(name, secrets)).ok()?;
        Some((name.clone(), value.to_string()))
    });
    let mut headers: Vec<(String, String)> = known.collect();
    if !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("accept")) {
        headers.insert(0, ("Accept".to_owned(), "application/json".to_owned()));
    }
    headers
}

/// The headers that prove every call alike; none where a request is signed, or something else than a header
/// carries the proof.
fn proof(prepared: &Prepared) -> Vec<String> {
    let method = &prepared.method;
    let authorization = || vec!["Authorization".to_owned()];
    let elsewhere = [&method.query, &method.form, &method.json, &method.cookie, &method.path];
    if elsewhere.iter().any(|places| !places.is_empty()) || method.dpop == Some(true) {
        return Vec::new();
    }
    match (method.kind, &method.send) {
        (AuthKind::Basic | AuthKind::Bearer, _) | (AuthKind::OAuth2, None) => authorization(),
        (AuthKind::OAuth2 | AuthKind::Session, Some(send))
            if send.query.is_empty() && send.form.is_empty() =>
        {
            send.header.keys().cloned().collect()
        }
        (AuthKind::ApiKey, _) => {
            let secret = |template: &Template| template.names().any(|name| prepared.is_secret(name));
            let headers = method.header.iter().filter(|(_, template)| secret(template));
            headers.map(|(name, _)| name.clone()).collect()
        }
        _ => Vec::new(),
    }
}
