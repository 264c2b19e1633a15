//! Requests that a definition declares: the test request and one per permission.

use std::borrow::Cow;
use std::str::FromStr;
use std::sync::LazyLock;

use indexmap::IndexMap;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use super::predicate::Predicate;
use crate::base::{Phrase, Template};

/// `"GET /path"`, or `"reach"` where a service has no harmless call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum RequestLine {
    /// A method and a path below the base, or a whole address on one of the connector's hosts.
    Call {
        /// `GET`, `POST`, ….
        method: String,
        /// The path or address.
        target: Template,
    },
    /// Only whether anything answers; the verdict is then `unverified`.
    Reach,
}

impl FromStr for RequestLine {
    type Err = String;

    fn from_str(line: &str) -> Result<Self, String> {
        if line.trim() == "reach" {
            return Ok(Self::Reach);
        }
        let (method, target) = line.trim().split_once(' ').unwrap_or(("", ""));
        let known = ["GET", "POST", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND"];
        if !known.contains(&method) {
            return Err(r#"a request reads "GET /path", or "reach" where no harmless call exists"#.to_owned());
        }
        let target: Template = target.trim().parse().map_err(|error| format!("{error}"))?;
        let source = target.source();
        if !(source.starts_with('/') || source.starts_with("https://") || source.starts_with('{')) {
            return Err("the path of a request begins with /".to_owned());
        }
        Ok(Self::Call { method: method.to_owned(), target })
    }
}

impl TryFrom<String> for RequestLine {
    type Error = String;

    fn try_from(line: String) -> Result<Self, String> {
        line.parse()
    }
}

impl From<RequestLine> for String {
    fn from(line: RequestLine) -> Self {
        match line {
            RequestLine::Reach => "reach".to_owned(),
            RequestLine::Call { method, target } => format!("{method} {target}"),
        }
    }
}

impl JsonSchema for RequestLine {
    fn schema_name() -> Cow<'static, str> {
        "RequestLine".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "\"GET /path\", or \"reach\" where the service has no harmless call.",
            "type": "string",
            "pattern": "^(reach|(GET|POST|HEAD|PUT|PATCH|DELETE|OPTIONS|PROPFIND) .+)$"
        })
    }
}

/// The cheapest harmless call that proves who we are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TestRequest {
    /// The call.
    pub request: RequestLine,
    /// Headers of this call only.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub headers: IndexMap<String, Template>,
    /// Query parameters of this call only.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub query: IndexMap<String, Template>,
    /// A form body.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub form: IndexMap<String, Template>,
    /// A JSON body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub json: Option<serde_json::Value>,
    /// A body sent as it stands; its media type goes into `headers`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<Template>,
    /// What success is; any 2xx where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ok: Option<Predicate>,
    /// Where the answer says who we are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<Identity>,
}

/// The request of a connector that declares none: whether anything answers.
pub static REACH: LazyLock<TestRequest> = LazyLock::new(|| TestRequest {
    request: RequestLine::Reach,
    headers: IndexMap::default(),
    query: IndexMap::default(),
    form: IndexMap::default(),
    json: None,
    body: None,
    ok: None,
    identity: None,
});

/// JSON pointers to the account and the organisation in the test answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Identity {
    /// The person or key: its name or address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// The organisation or tenant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organisation: Option<String>,
}

/// One row of the permission matrix.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Permission {
    /// The handle in JSON.
    pub id: String,
    /// What people call the right.
    pub label: Phrase,
    /// The harmless call that needs the right.
    pub request: RequestLine,
    /// Headers of this call only.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub headers: IndexMap<String, Template>,
    /// Query parameters of this call only.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub query: IndexMap<String, Template>,
    /// A form body.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub form: IndexMap<String, Template>,
    /// A JSON body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub json: Option<serde_json::Value>,
    /// The OAuth scopes that grant it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scopes: Vec<String>,
    /// What success is; any 2xx where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ok: Option<Predicate>,
}

impl Permission {
    /// The permission's call in the shape of a test request.
    #[must_use]
    pub fn as_test(&self) -> TestRequest {
        TestRequest {
            request: self.request.clone(),
            headers: self.headers.clone(),
            query: self.query.clone(),
            form: self.form.clone(),
            json: self.json.clone(),
            body: None,
            ok: self.ok.clone(),
            identity: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RequestLine;

    #[test]
    fn a_request_line_is_a_method_and_a_path_or_the_word_reach() {
        assert_eq!("reach".parse(), Ok(RequestLine::Reach));
        for good in ["GET /me", "POST /user/get_balance", "GET https://verify.test/v2", "GET {accounts}/info"]
        {
            assert!(good.parse::<RequestLine>().is_ok(), "{good}");
        }
        for bad in ["", "get /me", "GET", "GET me", "FETCH /x", "GET http://x"] {
            assert!(bad.parse::<RequestLine>().is_err(), "{bad}");
        }
    }
}
