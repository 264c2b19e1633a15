//! AWS Signature Version 4 in headers.
//!
//! Values: `access_key_id`, `secret_access_key`, and `session_token` where the credential is a temporary one.
//! `sign.region` and `sign.service` are templates. S3 wants the path as it is sent and the hash of the body in a
//! header; every other service wants the path normalized and encoded once more.

use std::collections::BTreeMap;

use percent_encoding::{percent_decode_str, utf8_percent_encode};
use zeroize::Zeroizing;

use super::api_key::{place, travels};
use super::hash::Hash;
use super::{Moment, Scheme, SignError, Values, required};
use crate::base::template::UNRESERVED;
use crate::base::{Header, Request, Template, hex, sha256};
use crate::model::AuthMethod;

const ALGORITHM: &str = "AWS4-HMAC-SHA256";

/// Headers that somebody on the way may change, and the proof itself.
const UNSIGNED: [&str; 6] =
    ["authorization", "connection", "expect", "transfer-encoding", "user-agent", "x-amzn-trace-id"];

/// Requests signed as AWS wants them.
pub struct AwsSigv4;

impl Scheme for AwsSigv4 {
    fn sign(
        &self,
        request: &mut Request,
        method: &AuthMethod,
        values: &Values<'_>,
        moment: &Moment,
    ) -> Result<(), SignError> {
        place(request, method, values)?;
        let signing = method.sign.as_ref().ok_or(SignError::Setting("sign"))?;
        let expand = |template: &Option<Template>, field| {
            let template = template.as_ref().ok_or(SignError::Setting(field))?;
            template.expand(values).map_err(SignError::from)
        };
        let scope = Scope {
            time: moment.now.strftime("%Y%m%dT%H%M%SZ").to_string(),
            region: expand(&signing.region, "region")?.to_string(),
            service: expand(&signing.service, "service")?.to_string(),
        };
        let id = required(values, "access_key_id")?;
        let secret = required(values, "secret_access_key")?;
        request.set_header(Header::plain("X-Amz-Date", &scope.time));
        if let Some(token) = values("session_token").filter(|token| !token.is_empty()) {
            let token = travels("X-Amz-Security-Token", Zeroizing::new(token.into_owned()))?;
            request.set_header(Header::secret("X-Amz-Security-Token", token));
        }
        // A `+` is a space to some services and a plus to others; `%20` is a space to all.
        if let Some(query) = request.url.query().filter(|query| query.contains('+')) {
            let query = Zeroizing::new(query.replace('+', "%20"));
            request.url.set_query(Some(&query));
        }
        let payload = sha256(request.body.as_ref().map_or(&[][..], |body| &body.bytes));
        let path = if scope.is_storage() {
            request.set_header(Header::plain("X-Amz-Content-Sha256", &payload));
            path_as_sent(request.url.path())
        } else {
            path_normalized(request.url.path())
        };
        let query = canonical_query(request.url.query().unwrap_or_default());
        let canonical = Canonical::new(&request.method, &path, &query, &headers(request), &payload);
        let value = scope.authorization(&id, &secret, &canonical);
        let value = travels("Authorization", Zeroizing::new(value))?;
        request.set_header(Header::secret("Authorization", value));
        Ok(())
    }
}

/// When, where and for what a signature holds.
struct Scope {
    /// `20150830T123600Z`.
    time: String,
    region: String,
    service: String,
}

impl Scope {
    fn is_storage(&self) -> bool {
        matches!(self.service.as_str(), "s3" | "s3express" | "s3-object-lambda" | "s3-outposts")
    }

    fn authorization(&self, id: &str, secret: &str, canonical: &Canonical) -> String {
        let day = self.time.split('T').next().unwrap_or_default();
        let parts = [day, &self.region, &self.service, "aws4_request"];
        let scope = parts.join("/");
        let text = format!("{ALGORITHM}\n{}\n{scope}\n{}", self.time, sha256(canonical.text.as_bytes()));
        let first = Zeroizing::new(format!("AWS4{secret}").into_bytes());
        let key =
            parts.iter().fold(first, |key, part| Zeroizing::new(Hash::Sha256.mac(&key, part.as_bytes())));
        let signature = hex(&Hash::Sha256.mac(&key, text.as_bytes()));
        let signed = &canonical.signed;
        format!("{ALGORITHM} Credential={id}/{scope}, SignedHeaders={signed}, Signature={signature}")
    }
}

/// A request in the one form that both sides compute.
struct Canonical {
    /// May hold a session token.
    text: Zeroizing<String>,
    /// The names of the headers in it.
    signed: String,
}

impl Canonical {
    fn new(method: &str, path: &str, query: &str, headers: &[(String, &str)], payload: &str) -> Self {
        let mut joined: BTreeMap<&str, Zeroizing<String>> = BTreeMap::new();
        for (name, value) in headers {
            let text = value.split_whitespace().collect::<Vec<_>>().join(" ");
            let all = joined.entry(name).or_default();
            if !all.is_empty() {
                all.push(',');
            }
            all.push_str(&text);
        }
        let signed = joined.keys().copied().collect::<Vec<_>>().join(";");
        let mut text = Zeroizing::new(format!("{method}\n{path}\n{query}\n"));
        for (name, value) in &joined {
            text.push_str(&format!("{name}:{}\n", value.as_str()));
        }
        text.push_str(&format!("\n{signed}\n{payload}"));
        Self { text, signed }
    }
}

/// The headers that are signed, names in lower case.
fn headers(request: &Request) -> Vec<(String, &str)> {
    let named =
        request.headers.iter().map(|header| (header.name.to_ascii_lowercase(), header.value.as_str()));
    let mut headers: Vec<(String, &str)> =
        named.filter(|(name, _)| !UNSIGNED.contains(&name.as_str())).collect();
    let says = |wanted: &str| request.header(wanted).is_some();
    if !says("host") {
        headers.push(("host".to_owned(), &request.url[url::Position::BeforeHost..url::Position::AfterPort]));
    }
    if let Some(body) = request.body.as_ref().filter(|_| !says("content-type")) {
        headers.push(("content-type".to_owned(), &body.content_type));
    }
    headers
}

fn encode(text: &str) -> String {
    utf8_percent_encode(text, UNRESERVED).to_string()
}

/// The path without empty, `.` and `..` segments, encoded over what is sent.
fn path_normalized(path: &str) -> String {
    let mut kept = Vec::new();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => {
                kept.pop();
            }
            other => kept.push(encode(other)),
        }
    }
    let tail = if path.ends_with('/') && !kept.is_empty() { "/" } else { "" };
    format!("/{}{tail}", kept.join("/"))
}

/// The path as it is sent, only its escapes made uniform.
fn path_as_sent(path: &str) -> String {
    let segments = path.split('/').map(|segment| encode(&percent_decode_str(segment).decode_utf8_lossy()));
    segments.collect::<Vec<_>>().join("/")
}

/// The parameters with their escapes made uniform, sorted by name, then value.
fn canonical_query(query: &str) -> String {
    let uniform = |text: &str| encode(&percent_decode_str(text).decode_utf8_lossy());
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    let mut pairs: Vec<(String, String)> = pairs
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (uniform(name), uniform(value)))
        .collect();
    pairs.sort();
    pairs.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
}

#[cfg(test)]
mod tests;
