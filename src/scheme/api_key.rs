//! Any number of values, each in a header, the query, a form, a JSON body, a cookie or the path. The path is
//! filled in when the address is built.

use std::borrow::Cow;

use indexmap::IndexMap;
use percent_encoding::utf8_percent_encode;
use zeroize::Zeroizing;

use super::{Moment, Scheme, SignError, Values};
use crate::base::redact::MASK;
use crate::base::template::UNRESERVED;
use crate::base::{Body, Header, Request, Template};
use crate::model::{AuthKind, AuthMethod};

/// Values where the definition puts them.
pub struct ApiKey;

impl Scheme for ApiKey {
    fn draws(&self, _: &AuthMethod) -> bool {
        false
    }

    fn sign(
        &self,
        request: &mut Request,
        method: &AuthMethod,
        values: &Values<'_>,
        _: &Moment,
    ) -> Result<(), SignError> {
        place(request, method, values)
    }
}

/// What a body must be so that the credential can travel in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carrier {
    /// A form.
    Form,
    /// A JSON object.
    Object,
}

/// What the body of a request would have to be for the credential of a method to travel in it, where it is something
/// else. Without a body the credential brings its own.
#[must_use]
pub fn unfit(request: &Request, method: &AuthMethod) -> Option<Carrier> {
    let form = !method.form.is_empty() || method.send.as_ref().is_some_and(|send| !send.form.is_empty());
    if !has_body(request) {
        None
    } else if form && form_of(request).is_none() {
        Some(Carrier::Form)
    } else if !method.json.is_empty() && object_of(request).is_none() {
        Some(Carrier::Object)
    } else {
        None
    }
}

/// The bytes of a body that is a form.
pub(super) fn form_of(request: &Request) -> Option<&[u8]> {
    let body = request.body.as_ref()?;
    let kind = request.header("content-type").unwrap_or(&body.content_type).to_ascii_lowercase();
    kind.starts_with("application/x-www-form-urlencoded").then_some(body.bytes.as_slice())
}

fn has_body(request: &Request) -> bool {
    request.body.as_ref().is_some_and(|body| !body.bytes.is_empty())
}

fn object_of(request: &Request) -> Option<serde_json::Map<String, serde_json::Value>> {
    serde_json::from_slice(&request.body.as_ref()?.bytes).ok()
}

/// Without a body there is nothing that a `Content-Type` of the caller's could speak of.
fn relabel(request: &mut Request) {
    if !has_body(request) {
        request.headers.retain(|header| !header.name.eq_ignore_ascii_case("content-type"));
    }
}

/// Puts every declared value in its place.
///
/// # Errors
/// When a value is missing or cannot travel, and when the body cannot carry what belongs into it.
pub fn place(request: &mut Request, method: &AuthMethod, values: &Values<'_>) -> Result<(), SignError> {
    if let Some(carrier) = unfit(request, method) {
        return Err(SignError::Body(carrier));
    }
    set_headers(request, &method.header, values)?;
    if !method.cookie.is_empty() {
        let pairs: Result<Vec<String>, SignError> = method
            .cookie
            .iter()
            .map(|(name, template)| Ok(format!("{name}={}", template.expand_encoded(values)?.as_str())))
            .collect();
        request.set_header(Header::secret("Cookie", Zeroizing::new(pairs?.join("; "))));
    }
    for (name, template) in &method.query {
        add_query(request, name, &template.expand(values)?);
    }
    if !method.form.is_empty() {
        add_form(request, &method.form, values)?;
    }
    if !method.json.is_empty() {
        add_json(request, &method.json, values)?;
    }
    Ok(())
}

/// Sets headers from templates.
pub(super) fn set_headers(
    request: &mut Request,
    headers: &IndexMap<String, Template>,
    values: &Values<'_>,
) -> Result<(), SignError> {
    for (name, template) in headers {
        let value = template.expand(values)?;
        request.set_header(Header::secret(name, travels(name, value)?));
    }
    Ok(())
}

/// Refuses what a header cannot carry (RFC 9110, section 5.5): control characters and anything beyond ASCII.
pub(super) fn travels(name: &str, value: Zeroizing<String>) -> Result<Zeroizing<String>, SignError> {
    if value.chars().all(is_carried) { Ok(value) } else { Err(SignError::Character(name.to_owned())) }
}

fn is_carried(c: char) -> bool {
    c == '\t' || (c.is_ascii() && !c.is_ascii_control())
}

/// The first character of a secret that the header in which the secret travels cannot carry, with its place from 1.
/// A filter of the definition may make one of it that travels.
#[must_use]
pub fn uncarried(method: &AuthMethod, key: &str, value: &str) -> Option<(usize, char)> {
    let place = value.chars().position(|c| !is_carried(c))?;
    let values = |name: &str| Some(Cow::Borrowed(if name == key { value } else { "" }));
    let stops = |template: &Template| {
        template.names().any(|name| name == key)
            && template.expand(values).is_ok_and(|text| !text.chars().all(is_carried))
    };
    let bare = method.kind == AuthKind::Bearer
        && method.header.is_empty()
        && method.query.is_empty()
        && method.form.is_empty()
        && method.secret_keys().next() == Some(key);
    let stopped = bare || method.header.values().any(stops);
    stopped.then(|| value.chars().nth(place)).flatten().map(|c| (place + 1, c))
}

/// Adds a secret to the query; the address for people shows a mask in its place.
pub(super) fn add_query(request: &mut Request, name: &str, value: &str) {
    request.url.query_pairs_mut().append_pair(name, value);
    let mark = if request.shown_url.contains('?') { '&' } else { '?' };
    let shown = utf8_percent_encode(name, UNRESERVED).to_string();
    request.shown_url.push_str(&format!("{mark}{shown}={MASK}"));
}

/// Adds fields from templates to the form in the body.
pub(super) fn add_form(
    request: &mut Request,
    fields: &IndexMap<String, Template>,
    values: &Values<'_>,
) -> Result<(), SignError> {
    let pairs = fields.iter().map(|(name, template)| Ok((name.as_str(), template.expand(values)?)));
    let pairs: Vec<(&str, Zeroizing<String>)> = pairs.collect::<Result<_, SignError>>()?;
    append_form(request, pairs.iter().map(|(name, value)| (*name, value.as_str())));
    Ok(())
}

/// Adds fields of the credential to the form in the body; a body that is none was refused before.
pub(super) fn append_form<'f>(request: &mut Request, fields: impl Iterator<Item = (&'f str, &'f str)>) {
    let text = form_of(request).map(|bytes| String::from_utf8_lossy(bytes).into_owned());
    let mut text = Zeroizing::new(text.unwrap_or_default());
    relabel(request);
    for (name, value) in fields {
        let pair = url::form_urlencoded::Serializer::new(String::new()).append_pair(name, value).finish();
        if !text.is_empty() {
            text.push('&');
        }
        text.push_str(&pair);
        request.secret_fields.push(name.to_owned());
    }
    request.body = Some(Body {
        content_type: "application/x-www-form-urlencoded".to_owned(),
        bytes: Zeroizing::new(text.as_bytes().to_vec()),
    });
}

fn add_json(
    request: &mut Request,
    fields: &IndexMap<String, Template>,
    values: &Values<'_>,
) -> Result<(), SignError> {
    let mut object = object_of(request).unwrap_or_default();
    relabel(request);
    for (name, template) in fields {
        request.secret_fields.push(name.clone());
        object.insert(name.clone(), serde_json::Value::String(template.expand(values)?.to_string()));
    }
    let bytes = serde_json::to_vec(&object).unwrap_or_default();
    request.body = Some(Body { content_type: "application/json".to_owned(), bytes: Zeroizing::new(bytes) });
    Ok(())
}
