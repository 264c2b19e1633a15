//! A log-in whose answer holds the token: in its body, a header or a cookie.

use std::borrow::Cow;

use serde_json::Value;
use url::Url;
use zeroize::Zeroizing;

use super::once::Way;
use super::{Exchange, Stop, Terms};
use crate::base::redact::MASK;
use crate::base::{Body, Header, Request, Template};
use crate::model::refusal::Spent;
use crate::model::{RequestLine, TestRequest};
use crate::scheme::Moment;

/// The log-in call of kind `session`. A path is joined to the method's base, else to the value `base`.
#[derive(Default)]
pub struct Login;

impl Way for Login {
    fn spent(&self) -> Spent {
        Spent::Password
    }

    fn exchange(&self) -> Exchange {
        Exchange::Login
    }

    fn request(&self, terms: &Terms<'_>, _: &Moment) -> Result<Request, Stop> {
        let lacking = || Stop::new("CONN-CFG-SCHEMA").value("key", "login");
        let login = terms.method.login.as_ref().ok_or_else(lacking)?;
        let RequestLine::Call { method, target } = &login.request else { return Err(lacking()) };
        let mut request = Request::new(method, address(terms, target)?);
        request.shown_url = shown(terms, target, &request.url);
        for (name, template) in &login.query {
            let value = Zeroizing::new(terms.expand(template)?);
            request.url.query_pairs_mut().append_pair(name, &value);
            let mark = if request.shown_url.contains('?') { '&' } else { '?' };
            request.shown_url.push_str(&format!("{mark}{name}={MASK}"));
        }
        request.set_header(Header::plain("Accept", "application/json"));
        for (name, template) in &login.headers {
            request.set_header(Header::secret(name, Zeroizing::new(terms.expand(template)?)));
        }
        request.body = body(terms, login)?;
        request.credentialed = true;
        Ok(request)
    }
}

/// The address of the call: https, or http to this machine.
fn address(terms: &Terms<'_>, target: &Template) -> Result<Url, Stop> {
    let text = if target.source().starts_with('/') {
        let base = match &terms.method.base {
            Some(base) => terms.expand(base)?,
            None => terms.required("base")?.into_owned(),
        };
        let path = target.expand_encoded(terms.values).map_err(|missing| terms.missing(&missing.0))?;
        Zeroizing::new(format!("{}{}", base.trim_end_matches('/'), path.as_str()))
    } else {
        Zeroizing::new(terms.expand(target)?)
    };
    let url =
        Url::parse(&text).map_err(|_| Stop::new("CONN-CFG-HOST-FORM").value("value", target.source()))?;
    super::terms::secure(url)
}

/// The address for people: what the path takes from parameters is masked.
fn shown(terms: &Terms<'_>, target: &Template, url: &Url) -> String {
    let is_open = |name: &str| terms.variables.contains_key(name);
    if target.names().all(is_open) {
        return url.to_string();
    }
    let mut shown = url.clone();
    let masked = target
        .expand(|name: &str| if is_open(name) { (terms.values)(name) } else { Some(Cow::Borrowed(MASK)) });
    shown.set_query(None);
    shown.set_path(masked.as_deref().map_or(MASK, |text| text.as_str()));
    shown.to_string()
}

fn body(terms: &Terms<'_>, login: &TestRequest) -> Result<Option<Body>, Stop> {
    if !login.form.is_empty() {
        let mut text = Zeroizing::new(String::with_capacity(256));
        for (name, template) in &login.form {
            let value = Zeroizing::new(terms.expand(template)?);
            if !text.is_empty() {
                text.push('&');
            }
            text.extend(url::form_urlencoded::byte_serialize(name.as_bytes()));
            text.push('=');
            text.extend(url::form_urlencoded::byte_serialize(value.as_bytes()));
        }
        return Ok(Some(content("application/x-www-form-urlencoded", text.as_bytes())));
    }
    if let Some(json) = &login.json {
        let filled = Zeroizing::new(serde_json::to_vec(&filled(terms, json)?).unwrap_or_default());
        return Ok(Some(content("application/json", &filled)));
    }
    let Some(template) = &login.body else { return Ok(None) };
    Ok(Some(content("text/plain; charset=utf-8", Zeroizing::new(terms.expand(template)?).as_bytes())))
}

fn content(content_type: &str, bytes: &[u8]) -> Body {
    Body { content_type: content_type.to_owned(), bytes: Zeroizing::new(bytes.to_vec()) }
}

/// A JSON body with every text in it taken as a template; a text that is none stays as it is.
fn filled(terms: &Terms<'_>, value: &Value) -> Result<Value, Stop> {
    Ok(match value {
        Value::String(text) => match text.parse::<Template>() {
            Ok(template) => Value::String(terms.expand(&template)?),
            Err(_) => value.clone(),
        },
        Value::Array(list) => {
            Value::Array(list.iter().map(|value| filled(terms, value)).collect::<Result<_, _>>()?)
        }
        Value::Object(map) => {
            let pairs = map.iter().map(|(name, value)| Ok((name.clone(), filled(terms, value)?)));
            Value::Object(pairs.collect::<Result<_, Stop>>()?)
        }
        other => other.clone(),
    })
}
