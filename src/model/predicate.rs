//! Conditions on an answer: what success is, and when a rule applies.

use std::borrow::Cow;

use indexmap::IndexMap;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

/// A condition on an answer. All keys must hold (AND); a list of values means one of them (OR).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Predicate {
    /// `200`, `[200, 204]` or a class such as `"4xx"`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<StatusMatch>,
    /// Header name → `true` (present), `false` (absent), a value, `"~regex"`, `"<10"`, `"<=10"`, `">10"`, `">=10"`.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub header: IndexMap<String, ValueMatch>,
    /// JSON pointer (`*` stands for any element) → a value, a type word (`string` `integer` `number` `boolean`
    /// `array` `object` `null`), `"~regex"`, `true`/`false` as values, `"exists"`, `"absent"` or a list.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub json: IndexMap<String, ValueMatch>,
    /// Path of elements (`/Error/Code`) → a value, `"~regex"` or `"exists"`.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub xml: IndexMap<String, ValueMatch>,
    /// Key of a form-encoded body (`RESULT=1&RESPMSG=…`) → a value or `"~regex"`.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub form: IndexMap<String, ValueMatch>,
    /// Regular expression over the first 64 KiB of the body.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// Name of a fact of conn's own (`history.worked`, `d2.same`, `quota.drop`; `conn diagnose NAME --format json`
    /// shows them) → a value, `true`/`false`, `"~regex"`, `"<10"`, `">=60"`.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub fact: IndexMap<String, ValueMatch>,
    /// The same for what is known of earlier runs: `worked`, `same_value`.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub history: IndexMap<String, ValueMatch>,
    /// Regular expression over the address that answered in the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url_final: Option<String>,
    /// Regular expression over the address to which the answer redirects.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub redirected_to: Option<String>,
    /// The layer that answered: `http` (the default), or `proxy` for the answer of a company's proxy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stage: Option<String>,
    /// Whether the answer came from the token endpoint. A rule holds there only if it says `true`, and then only there;
    /// an answer below 400 that calls itself no failure may hold tokens, and no rule sees it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_endpoint: Option<bool>,
    /// Every one of these must hold.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub all: Vec<Predicate>,
    /// At least one of these must hold.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub any: Vec<Predicate>,
    /// This must not hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not: Option<Box<Predicate>>,
}

/// A status code, several, or a class.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "serde_json::Value", into = "serde_json::Value")]
pub enum StatusMatch {
    /// One of these codes.
    Codes(Vec<u16>),
    /// The hundreds digit: `4` for `"4xx"`.
    Class(u16),
}

impl StatusMatch {
    /// Whether a status matches.
    #[must_use]
    pub fn matches(&self, status: u16) -> bool {
        match self {
            Self::Codes(codes) => codes.contains(&status),
            Self::Class(class) => status / 100 == *class,
        }
    }
}

impl TryFrom<serde_json::Value> for StatusMatch {
    type Error = String;

    fn try_from(value: serde_json::Value) -> Result<Self, String> {
        let code = |value: &serde_json::Value| value.as_u64().and_then(|code| u16::try_from(code).ok());
        let matched = match &value {
            serde_json::Value::String(text) => {
                let class = text.strip_suffix("xx").and_then(|digit| digit.parse().ok());
                class.filter(|class| (1..=5).contains(class)).map(Self::Class)
            }
            serde_json::Value::Array(list) => list.iter().map(code).collect::<Option<_>>().map(Self::Codes),
            number => code(number).map(|code| Self::Codes(vec![code])),
        };
        matched.ok_or_else(|| "a status is a number, a list of numbers or a class such as \"4xx\"".to_owned())
    }
}

impl From<StatusMatch> for serde_json::Value {
    fn from(status: StatusMatch) -> Self {
        match status {
            StatusMatch::Codes(codes) if codes.len() == 1 => codes[0].into(),
            StatusMatch::Codes(codes) => codes.into(),
            StatusMatch::Class(class) => format!("{class}xx").into(),
        }
    }
}

impl JsonSchema for StatusMatch {
    fn schema_name() -> Cow<'static, str> {
        "StatusMatch".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A status code, several, or a class such as \"4xx\".",
            "anyOf": [
                { "type": "integer", "minimum": 100, "maximum": 999 },
                { "type": "array", "items": { "type": "integer", "minimum": 100, "maximum": 999 } },
                { "type": "string", "pattern": "^[1-5]xx$" }
            ]
        })
    }
}

/// What a value must be: a scalar, or a list of scalars of which one must match.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ValueMatch(pub serde_json::Value);

impl JsonSchema for ValueMatch {
    fn schema_name() -> Cow<'static, str> {
        "ValueMatch".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A value, a type word, \"exists\", \"absent\", \"~regex\", \"<10\", \">10\", or a list of them.",
            "anyOf": [
                { "type": "string" },
                { "type": "number" },
                { "type": "boolean" },
                { "type": "array", "items": { "type": ["string", "number", "boolean"] } }
            ]
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Predicate;

    #[test]
    fn a_status_is_a_number_a_list_or_a_class() {
        let read = |text: &str| toml::from_str::<Predicate>(text).map(|p| p.status.unwrap());
        assert!(read("status = 200").unwrap().matches(200));
        assert!(read("status = [200, 204]").unwrap().matches(204));
        assert!(read("status = '4xx'").unwrap().matches(429));
        assert!(!read("status = '2xx'").unwrap().matches(302));
        assert!(read("status = 'oops'").is_err());
        assert!(toml::from_str::<Predicate>("stauts = 1").is_err());
    }
}
