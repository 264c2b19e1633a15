//! How to recognise that the vendor answered, where its words stand, and how it states its limits.

use std::borrow::Cow;

use indexmap::IndexMap;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use super::predicate::Predicate;
use crate::base::Phrase;

/// How to recognise an answer of this vendor.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Answer {
    /// The answer is the vendor's when one of these holds.
    #[serde(skip_serializing_if = "OneOrMany::is_empty")]
    pub shape: OneOrMany<Predicate>,
    /// Where the vendor's error code stands: JSON pointers or `header:NAME`, first match wins.
    #[serde(skip_serializing_if = "OneOrMany::is_empty")]
    pub code: OneOrMany<String>,
    /// Where the vendor's message stands.
    #[serde(skip_serializing_if = "OneOrMany::is_empty")]
    pub message: OneOrMany<String>,
    /// Where the id stands that the vendor's support asks for.
    #[serde(skip_serializing_if = "OneOrMany::is_empty")]
    pub request_id: OneOrMany<String>,
}

/// One value, or a list of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct OneOrMany<T>(pub Vec<T>);

impl<T> Default for OneOrMany<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> OneOrMany<T> {
    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Each value in order.
    pub fn iter(&self) -> std::slice::Iter<'_, T> {
        self.0.iter()
    }
}

impl<'a, T> IntoIterator for &'a OneOrMany<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<'de, T: serde::de::DeserializeOwned> Deserialize<'de> for OneOrMany<T> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use serde::de::Error;
        let value = toml::Value::deserialize(deserializer)?;
        let values = match value {
            toml::Value::Array(list) => list,
            one => vec![one],
        };
        let items = values.into_iter().map(toml::Value::try_into).collect::<Result<_, _>>();
        items.map(OneOrMany).map_err(D::Error::custom)
    }
}

impl<T: JsonSchema> JsonSchema for OneOrMany<T> {
    fn schema_name() -> Cow<'static, str> {
        format!("OneOrMany_{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let item = generator.subschema_for::<T>();
        json_schema!({ "anyOf": [item, { "type": "array", "items": item }] })
    }
}

/// How the vendor counts calls; only where the six common header families do not say it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Who shares the count: `key`, `account`, `application`, `address`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<Phrase>,
    /// Plan → what it allows, in words.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub plans: IndexMap<String, Phrase>,
    /// The header with the calls that are left.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remaining: Option<String>,
    /// The header with the calls that are allowed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<String>,
    /// The header with the moment of the reset.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reset: Option<String>,
    /// How `reset` is written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reset_unit: Option<ResetUnit>,
    /// How long the service stays shut after the limit was passed, for example `30m`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lock: Option<String>,
}

/// How a reset moment is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ResetUnit {
    /// Seconds from now.
    Seconds,
    /// Milliseconds from now.
    Milliseconds,
    /// Unix time in seconds.
    Epoch,
    /// Unix time in milliseconds.
    EpochMilliseconds,
    /// ISO-8601.
    Iso8601,
}
