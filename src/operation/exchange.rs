//! THE authenticated request: build, sign, send, answer what a service asks back (a Digest challenge, a nonce),
//! follow redirects within the same origin, and turn the outcome into a fact without secrets.

use indexmap::IndexMap;
use url::Url;
use zeroize::Zeroizing;

use super::World;
use super::prepare::Prepared;
use super::secrets::Secrets;
use crate::base::redact::{self, MASK};
use crate::base::template::Unresolved;
use crate::base::{Body, Header, Request, Response, Template, authority, same_origin};
use crate::diagnosis::fact::Hop;
use crate::diagnosis::{AnswerFact, Answered, Fault, redirect};
use crate::model::{AuthKind, RequestLine, TestRequest};
use crate::scheme::{self, Moment, SignError};

/// The most characters of a body that become a fact.
const BODY_KEPT: usize = 1024 * 1024;

/// The credentialed calls of one connection.
pub struct Caller<'a> {
    /// The world.
    pub world: &'a dyn World,
    /// The connection.
    pub prepared: &'a Prepared,
    /// Its secrets.
    pub secrets: &'a Secrets,
}

impl Caller<'_> {
    /// Makes a declared call and returns what happened as a fact.
    pub async fn call(&self, id: &str, declared: &TestRequest) -> AnswerFact {
        self.fetch(id, declared, &|_| false).await.0
    }

    /// The same, with the answer itself where one came. A header of the definition that needs a variable which
    /// `leaves` names is left out.
    pub async fn fetch(
        &self,
        id: &str,
        declared: &TestRequest,
        leaves: &(dyn Fn(&str) -> bool + Sync),
    ) -> (AnswerFact, Option<Response>) {
        match self.built(declared, leaves) {
            Ok(request) => self.observe(id, request).await,
            Err(fault) => (refused(id, declared, fault), None),
        }
    }

    /// Makes a declared call without any credential. `self` must hold no secret values either.
    pub async fn call_bare(&self, id: &str, declared: &TestRequest) -> AnswerFact {
        match self.unsigned(declared, &|name| self.prepared.is_secret(name)) {
            Ok(request) => self.observe(id, request).await.0,
            Err(fault) => refused(id, declared, fault),
        }
    }

    /// Builds and signs a declared call.
    ///
    /// # Errors
    /// A local fault: nothing was sent.
    pub fn build(&self, declared: &TestRequest) -> Result<Request, Fault> {
        self.built(declared, &|_| false)
    }

    fn built(&self, declared: &TestRequest, leaves: &dyn Fn(&str) -> bool) -> Result<Request, Fault> {
        let mut request = self.unsigned(declared, leaves)?;
        // Only whether anything answers: no credential is needed, so none is sent.
        if declared.request != RequestLine::Reach {
            self.sign(&mut request)?;
        }
        Ok(request)
    }

    fn unsigned(&self, declared: &TestRequest, leaves: &dyn Fn(&str) -> bool) -> Result<Request, Fault> {
        let (method, target) = match &declared.request {
            RequestLine::Call { method, target } => (method.as_str(), Some(target)),
            RequestLine::Reach => ("GET", None),
        };
        let mut request = self.address(method, target, &declared.query)?;
        let headers = self.prepared.connector.headers.iter().chain(&declared.headers);
        for (name, template) in headers.filter(|(_, template)| !template.names().any(leaves)) {
            request.set_header(Header::plain(name, self.expand(template)?.to_string()));
        }
        if request.header("accept").is_none() {
            request.set_header(Header::plain("Accept", "application/json"));
        }
        request.body = self.body(declared)?;
        Ok(request)
    }

    /// Signs a request with this connection's credential; only for its own hosts.
    ///
    /// # Errors
    /// A local fault: nothing was sent.
    pub fn sign(&self, request: &mut Request) -> Result<(), Fault> {
        self.sign_for(request, &self.prepared.hosts(self.secrets))
    }

    /// The same, for hosts that are known from before.
    ///
    /// # Errors
    /// A local fault: nothing was sent.
    pub fn sign_for(&self, request: &mut Request, allowed: &[String]) -> Result<(), Fault> {
        if !authority(&request.url).is_some_and(|host| allowed.contains(&host)) {
            return Err(local("CONN-CFG-HOST-CHANGED"));
        }
        let values = |name: &str| self.prepared.value(name, self.secrets);
        let method = &self.prepared.method;
        let draws = scheme::of(method.kind).draws(method);
        let moment = if draws { self.world.moment() } else { Moment::still(self.world.clock().now()) };
        scheme::sign(request, method, &values, &moment).map_err(|error| match error {
            SignError::Unresolved(missing) => self.unresolved(&missing),
            SignError::Character(_) => local("CONN-SEC-WHITESPACE"),
            SignError::Key(_) => local("CONN-SEC-SHAPE"),
            SignError::Setting(_) | SignError::Body(_) => local("CONN-CFG-DEFINITION"),
            SignError::Insecure => local("CONN-CFG-HOST-INSECURE"),
        })
    }

    fn unresolved(&self, missing: &Unresolved) -> Fault {
        local(self.prepared.method.lack(&missing.0))
    }

    fn expand(&self, template: &Template) -> Result<Zeroizing<String>, Fault> {
        template
            .expand(|name| self.prepared.value(name, self.secrets))
            .map_err(|missing| self.unresolved(&missing))
    }

    /// The address of a call, and the same with its secrets masked.
    fn address(
        &self,
        method: &str,
        target: Option<&Template>,
        query: &IndexMap<String, Template>,
    ) -> Result<Request, Fault> {
        let base = self.prepared.base(self.secrets).map_err(|problem| Fault::Local(problem.code));
        let Some(target) = target else {
            return Ok(Request::new(method, base?));
        };
        let real = self.filled(target, false)?;
        let shown = self.filled(target, true)?;
        // A whole address needs no base, which may still wait for a value of its answer.
        let root = match base {
            Err(fault) if real.starts_with('/') => return Err(fault),
            base => base.map(|base| base.as_str().trim_end_matches('/').to_owned()).unwrap_or_default(),
        };
        let join = |path: &str| if path.starts_with('/') { format!("{root}{path}") } else { path.to_owned() };
        let mut url = Url::parse(&Zeroizing::new(join(&real))).map_err(|_| local("CONN-CFG-HOST-FORM"))?;
        let mut shown = if shown == real {
            url.to_string()
        } else {
            Url::parse(&join(&shown)).map_or_else(|_| root.clone(), |url| url.to_string())
        };
        for (name, template) in query {
            let value = self.expand(template)?;
            url.query_pairs_mut().append_pair(name, &value);
            let secret = template.names().any(|name| self.prepared.is_secret(name));
            let mark = if shown.contains('?') { '&' } else { '?' };
            shown.push_str(&format!("{mark}{name}={}", if secret { MASK } else { &value }));
        }
        let mut request = Request::new(method, url);
        request.shown_url = redact::scrub(&shown).into_owned();
        Ok(request)
    }

    /// A target with its values: percent-encoded, but slashes that a definition's path entry writes stay.
    fn filled(&self, target: &Template, masked: bool) -> Result<Zeroizing<String>, Fault> {
        let value = |name: &str| {
            if masked && self.prepared.is_secret(name) {
                return Some(MASK.into());
            }
            if let Some(template) = self.prepared.method.path.get(name) {
                let inner = template.expand_encoded(|inner| self.prepared.value(inner, self.secrets)).ok()?;
                return Some(std::borrow::Cow::Owned(inner.to_string()));
            }
            let raw = self.prepared.value(name, self.secrets)?;
            let absolute = target.source().starts_with('{') && raw.starts_with("https://");
            if absolute {
                return Some(raw);
            }
            let encoded = percent_encoding::utf8_percent_encode(&raw, crate::base::template::UNRESERVED);
            Some(std::borrow::Cow::Owned(encoded.to_string()))
        };
        target.expand(value).map_err(|missing| self.unresolved(&missing))
    }

    fn body(&self, declared: &TestRequest) -> Result<Option<Body>, Fault> {
        if !declared.form.is_empty() {
            let mut form = url::form_urlencoded::Serializer::new(String::new());
            for (name, template) in &declared.form {
                form.append_pair(name, &self.expand(template)?);
            }
            let bytes = Zeroizing::new(form.finish().into_bytes());
            return Ok(Some(Body { content_type: "application/x-www-form-urlencoded".to_owned(), bytes }));
        }
        if let Some(json) = &declared.json {
            let bytes = Zeroizing::new(serde_json::to_vec(json).unwrap_or_default());
            return Ok(Some(Body { content_type: "application/json".to_owned(), bytes }));
        }
        let Some(template) = &declared.body else { return Ok(None) };
        let bytes = Zeroizing::new(self.expand(template)?.as_bytes().to_vec());
        Ok(Some(Body { content_type: "text/plain; charset=utf-8".to_owned(), bytes }))
    }

    /// Sends a request and follows redirects within its origin. Nothing leaves for another one.
    async fn observe(&self, id: &str, request: Request) -> (AnswerFact, Option<Response>) {
        let route = self.route();
        let started = std::time::Instant::now();
        let mut redirects = Vec::new();
        let mut current = request;
        let outcome = loop {
            let outcome = match &route {
                Ok(route) => self.send(&mut current, route).await,
                Err(fault) => Err(fault.clone()),
            };
            let Ok(response) = &outcome else { break outcome };
            let Some(next) = self.next_hop(&current, response, redirects.len()) else { break outcome };
            redirects.push(Hop { status: response.status, to: redact::scrub(&next.shown_url).into_owned() });
            current = next;
        };
        let (response, fault) = match outcome {
            Ok(response) => (Some(response), None),
            Err(fault) => (None, Some(fault)),
        };
        let answer = response.as_ref().map(answered);
        let ms = started.elapsed().as_secs_f64() * 1000.0;
        tracing::info!(request = id, method = %current.method, url = %current.shown_url, status = answer.as_ref().map(|a| a.status), ms, "answered");
        let fact = AnswerFact {
            request: id.to_owned(),
            method: current.method.clone(),
            url: current.shown_url.clone(),
            credentialed: current.credentialed,
            ms,
            redirects,
            answer,
            fault,
        };
        (fact, response)
    }

    /// An address without the parameters that signing adds, so that they are not sent twice.
    pub(super) fn without_secrets(&self, mut url: Url) -> Url {
        let method = &self.prepared.method;
        let sent = method.send.as_ref().map(|send| &send.query);
        let ours = |name: &str| {
            method.query.contains_key(name)
                || sent.is_some_and(|sent| sent.contains_key(name))
                || (method.kind == AuthKind::OAuth1 && name.starts_with("oauth_"))
        };
        if url.query_pairs().any(|(name, _)| ours(&name)) {
            let pairs = url.query_pairs().into_owned();
            let kept: Vec<(String, String)> = pairs.filter(|(name, _)| !ours(name)).collect();
            url.set_query(None);
            if !kept.is_empty() {
                url.query_pairs_mut().extend_pairs(kept);
            }
        }
        url
    }

    /// The request to a redirect's target, if it stays within the origin and repeats safely.
    fn next_hop(&self, request: &Request, response: &Response, hops: usize) -> Option<Request> {
        if !matches!(response.status, 301 | 302 | 303 | 307 | 308) || hops >= redirect::MOST {
            return None;
        }
        if !matches!(request.method.as_str(), "GET" | "HEAD") {
            return None;
        }
        let target = request.url.join(response.header("location")?).ok()?;
        if !same_origin(&target, &request.url) || redirect::is_login(target.path()) {
            return None;
        }
        let mut next = Request::new(&request.method, self.without_secrets(target));
        next.headers.clone_from(&request.headers);
        if self.prepared.method.kind == AuthKind::Digest {
            // The proof holds for the address that was asked; the next one is challenged anew.
            next.headers.retain(|header| !header.name.eq_ignore_ascii_case("authorization"));
        }
        if request.credentialed {
            self.sign(&mut next).ok()?;
        }
        Some(next)
    }
}

/// A call that was refused before anything was sent.
fn refused(id: &str, declared: &TestRequest, fault: Fault) -> AnswerFact {
    let method = match &declared.request {
        RequestLine::Call { method, .. } => method.clone(),
        RequestLine::Reach => "GET".to_owned(),
    };
    AnswerFact {
        request: id.to_owned(),
        method,
        url: String::new(),
        credentialed: false,
        ms: 0.0,
        redirects: Vec::new(),
        answer: None,
        fault: Some(fault),
    }
}

pub(super) fn local(code: &str) -> Fault {
    Fault::Local(code.to_owned())
}

/// An answer as a fact: scrubbed, cut, cookies without their values.
#[must_use]
pub fn answered(response: &Response) -> Answered {
    let text = response.text();
    let text = redact::scrub(&text);
    let kept = text.char_indices().nth(BODY_KEPT).map_or(text.len(), |(end, _)| end);
    let headers = response.headers.iter().map(|(name, value)| {
        let value = if name == "set-cookie" { MASK.to_owned() } else { redact::scrub(value).into_owned() };
        (name.clone(), value)
    });
    let truncated = response.truncated || kept < text.len();
    Answered {
        status: response.status,
        version: response.version.clone(),
        headers: headers.collect(),
        body: text[..kept].into(),
        length: response.body.len(),
        truncated,
        peer: response.peer.clone(),
    }
}
