//! The JSON Schema of `connectors.toml`, made from the types of [`crate::model`].

use serde_json::Value;

use crate::model::Document;

/// The schema, with its dialect, title and the description of every field.
#[must_use]
pub fn schema() -> Value {
    let mut schema = schemars::schema_for!(Document).to_value();
    without_null(&mut schema);
    if let Some(root) = schema.as_object_mut() {
        root.insert("title".to_owned(), "connectors.toml".into());
    }
    schema
}

/// The schema, made once.
pub(super) fn cached() -> &'static Value {
    static SCHEMA: std::sync::OnceLock<Value> = std::sync::OnceLock::new();
    SCHEMA.get_or_init(schema)
}

/// TOML has no null: what may be left out simply is not required.
fn without_null(value: &mut Value) {
    match value {
        Value::Object(object) => {
            if let Some(Value::Array(types)) = object.get_mut("type") {
                types.retain(|word| word != "null");
                if let [only] = types.as_slice() {
                    let only = only.clone();
                    object.insert("type".to_owned(), only);
                }
            }
            if let Some(Value::Array(choices)) = object.get_mut("anyOf") {
                choices.retain(|choice| choice.get("type").is_none_or(|word| word != "null"));
                if let [only] = choices.as_slice() {
                    let only = only.clone();
                    object.remove("anyOf");
                    if let Value::Object(only) = only {
                        only.into_iter().for_each(|(key, value)| {
                            object.entry(key).or_insert(value);
                        });
                    }
                }
            }
            object.values_mut().for_each(without_null);
        }
        Value::Array(list) => list.iter_mut().for_each(without_null),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::schema;

    #[test]
    fn the_schema_names_its_dialect_and_describes_every_field() {
        let schema = schema();
        assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
        assert_eq!(schema["title"], "connectors.toml");
        assert!(!schema.to_string().contains("\"null\""));
        for (name, definition) in schema["$defs"].as_object().unwrap() {
            let fields = definition["properties"].as_object().into_iter().flatten();
            for (field, shape) in fields {
                assert!(shape["description"].is_string(), "{name}.{field}");
            }
        }
    }
}
