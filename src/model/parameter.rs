//! What is asked from the user for an auth method.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, de};

use crate::base::{Phrase, pattern};

/// One auth value that is asked for. In a definition: a label, or a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Parameter {
    /// What the prompt calls it.
    pub label: Phrase,
    /// Whether it is kept in the secret store and typed without echo.
    pub secret: bool,
    /// What a right value looks like, as a regular expression over the whole value.
    pub pattern: Option<String>,
    /// One line of help.
    pub hint: Option<Phrase>,
    /// How long a value is good for, for example `90d`.
    pub max_age: Option<String>,
    /// Where to find the value in the service's own screens.
    pub steps: Option<Phrase>,
    /// Whether it may be left empty.
    pub optional: bool,
}

/// The table form.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Table {
    /// What the prompt calls it.
    label: Phrase,
    /// Whether it is kept in the secret store and typed without echo.
    #[serde(default = "yes")]
    secret: bool,
    /// What a right value looks like, as a regular expression over the whole value.
    pattern: Option<String>,
    /// One line of help.
    hint: Option<Phrase>,
    /// How long a value is good for, for example `90d`.
    max_age: Option<String>,
    /// Where to find the value in the service's own screens.
    steps: Option<Phrase>,
    /// Whether it may be left empty.
    #[serde(default)]
    optional: bool,
}

const fn yes() -> bool {
    true
}

impl Parameter {
    /// A secret parameter with nothing but a label.
    #[must_use]
    pub const fn labelled(label: Phrase) -> Self {
        Self { label, secret: true, pattern: None, hint: None, max_age: None, steps: None, optional: false }
    }

    /// Whether a value looks as its pattern says. Services change what they issue, so one that does not is doubted and
    /// never refused.
    #[must_use]
    pub fn looks_right(&self, value: &str) -> bool {
        self.pattern.as_deref().is_none_or(|pattern| pattern::explains(pattern, value) != Some(false))
    }
}

impl<'de> Deserialize<'de> for Parameter {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Visitor)
    }
}

struct Visitor;

impl<'de> de::Visitor<'de> for Visitor {
    type Value = Parameter;

    fn expecting(&self, formatter: &mut std::fmt::Formatter) -> std::fmt::Result {
        formatter.write_str("a label or a table with a label")
    }

    fn visit_str<E: de::Error>(self, label: &str) -> Result<Parameter, E> {
        Ok(Parameter::labelled(Phrase::same(label)))
    }

    fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<Parameter, A::Error> {
        // `{ en = …, ja = … }` is a label too; the table form always has the key `label`.
        let value = toml::Value::deserialize(de::value::MapAccessDeserializer::new(map))?;
        let is_label =
            value.as_table().is_some_and(|table| !table.contains_key("label") && table.contains_key("en"));
        if is_label {
            return value.try_into().map(Parameter::labelled).map_err(de::Error::custom);
        }
        let table: Table = value.try_into().map_err(de::Error::custom)?;
        Ok(Parameter {
            label: table.label,
            secret: table.secret,
            pattern: table.pattern,
            hint: table.hint,
            max_age: table.max_age,
            steps: table.steps,
            optional: table.optional,
        })
    }
}

impl JsonSchema for Parameter {
    fn schema_name() -> Cow<'static, str> {
        "Parameter".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let label = generator.subschema_for::<Phrase>();
        let table = generator.subschema_for::<Table>();
        json_schema!({ "description": "A label, or a table with a label.", "anyOf": [label, table] })
    }
}

#[cfg(test)]
mod tests {
    use super::Parameter;
    use crate::base::{Language, Phrase};

    #[test]
    fn a_parameter_is_a_label_or_a_table() {
        #[derive(serde::Deserialize)]
        struct Line {
            key: Parameter,
        }
        let plain: Line = toml::from_str("key = 'API key'").unwrap();
        assert_eq!(plain.key, Parameter::labelled(Phrase::same("API key")));
        let both: Line = toml::from_str("key = { en = 'API key', ja = 'APIキー' }").unwrap();
        assert_eq!(both.key.label.get(Language::Ja), "APIキー");
        let table: Line = toml::from_str("key = { label = 'User', secret = false, pattern = '^a' }").unwrap();
        assert!(!table.key.secret && table.key.pattern.as_deref() == Some("^a"));
        assert!(toml::from_str::<Line>("key = { label = 'x', secrt = true }").is_err());
    }
}
