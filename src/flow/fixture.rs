//! A small world for the tests of the flows: a definition, values, and moments without a clock.

use std::borrow::Cow;

use indexmap::IndexMap;

use super::{Consent, Metadata, Obtained, Step, Stop, Terms};
use crate::base::{Request, Response, Timestamp};
use crate::model::AuthMethod;
use crate::model::connector::Variable;
use crate::scheme::Moment;

/// What the terms of a test are made of.
pub struct World {
    pub method: AuthMethod,
    pub variables: IndexMap<String, Variable>,
    pub values: IndexMap<&'static str, String>,
    pub metadata: Option<Metadata>,
    pub scopes: Vec<String>,
}

/// An OAuth 2 definition with the usual addresses, and a client id.
pub fn world(definition: &str) -> World {
    let mut lines = vec!["kind = 'oauth2'".to_owned()];
    for (name, address) in [("authorize", "https://as.test/authorize"), ("token", "https://as.test/token")] {
        if !definition.lines().any(|line| line.trim_start().starts_with(&format!("{name} "))) {
            lines.push(format!("{name} = '{address}'"));
        }
    }
    lines.push(definition.to_owned());
    World::of(&lines.join("\n"))
}

impl World {
    /// A world with exactly this definition.
    pub fn of(definition: &str) -> Self {
        Self {
            method: toml::from_str(definition).unwrap(),
            variables: IndexMap::new(),
            values: IndexMap::from([("client_id", "client-1".to_owned())]),
            metadata: None,
            scopes: Vec::new(),
        }
    }

    /// Calls with the terms.
    pub fn with<R>(&self, call: impl FnOnce(&Terms<'_>) -> R) -> R {
        let values = |key: &str| self.values.get(key).map(|value| Cow::Borrowed(value.as_str()));
        call(&Terms {
            method: &self.method,
            variables: &self.variables,
            values: &values,
            metadata: self.metadata.as_ref(),
            scopes: &self.scopes,
        })
    }
}

/// 2026-11-22T00:00:00Z and so many seconds; the chance differs for each.
pub fn moment(seconds: u8) -> Moment {
    later(i64::from(seconds))
}

/// The same for longer spans.
pub fn later(seconds: i64) -> Moment {
    let now = Timestamp::from_second(1_795_305_600 + seconds).unwrap();
    Moment::new(now, |bytes| {
        let seed = seconds.to_be_bytes()[7];
        for (byte, place) in bytes.iter_mut().zip(0..) {
            *byte = seed ^ place;
        }
    })
}

/// An answer.
pub fn answer(status: u16, content_type: &str, body: &str) -> Response {
    Response {
        status,
        headers: vec![("content-type".into(), content_type.into())],
        body: body.as_bytes().to_vec(),
        ..Response::default()
    }
}

/// A JSON answer.
pub fn json(status: u16, body: &str) -> Response {
    answer(status, "application/json", body)
}

/// Parameters of a callback.
pub fn pairs(all: &[(&str, &str)]) -> Vec<(String, String)> {
    all.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}
/// The fields of a form body.
pub fn form(request: &Request) -> IndexMap<String, String> {
    let body = request.body.as_ref().unwrap();
    url::form_urlencoded::parse(&body.bytes).into_owned().collect()
}

/// The consent that a step asks for.
pub fn consent(step: Result<Step, Stop>) -> Consent {
    match step {
        Ok(Step::Consent(consent)) => *consent,
        other => panic!("not a consent: {other:?}"),
    }
}

/// The request that a step sends.
pub fn sent(step: Result<Step, Stop>) -> Request {
    match step {
        Ok(Step::Send { request, .. }) => *request,
        other => panic!("not a request: {other:?}"),
    }
}

/// What a step obtained.
pub fn done(step: Result<Step, Stop>) -> Obtained {
    match step {
        Ok(Step::Done(obtained)) => *obtained,
        other => panic!("not done: {other:?}"),
    }
}

/// The cause for which a step stopped.
pub fn cause(step: Result<Step, Stop>) -> &'static str {
    step.err().map_or("none", |stop| stop.code)
}

/// A part of a JWT: 0 is the header, 1 the claims.
pub fn part(token: &str, at: usize) -> serde_json::Value {
    use base64::Engine as _;
    let text = token.split('.').nth(at).unwrap();
    let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(text).unwrap();
    serde_json::from_slice(&bytes).unwrap()
}
