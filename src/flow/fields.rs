//! The fields of an answer of an authorization server: a JSON object, or a form where a service writes one.

use serde_json::{Map, Value};

use super::Stop;
use super::token_answer::body;
use crate::base::Response;

/// The top-level fields; `None` where the answer is neither (an HTML page, an empty body, broken JSON).
#[must_use]
pub fn read(response: &Response) -> Option<Map<String, Value>> {
    match body::read(response) {
        Ok(Value::Object(fields)) => Some(fields),
        _ => None,
    }
}

/// A text that is there and not empty.
#[must_use]
pub fn text<'f>(fields: &'f Map<String, Value>, name: &str) -> Option<&'f str> {
    fields.get(name).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty())
}

/// A whole number of seconds, also where it is written as a text or with a fraction.
#[must_use]
pub fn seconds(fields: &Map<String, Value>, name: &str) -> Option<u64> {
    let value = fields.get(name)?;
    let written = match value {
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.trim().to_owned(),
        _ => return None,
    };
    written.split('.').next()?.parse().ok()
}

/// A text that must be there.
///
/// # Errors
/// Names the field.
pub fn required<'f>(fields: &'f Map<String, Value>, name: &'static str) -> Result<&'f str, Stop> {
    text(fields, name).ok_or_else(|| lacking(name))
}

/// The answer lacks a field.
#[must_use]
pub fn lacking(name: &str) -> Stop {
    Stop::answered("CONN-BODY-SCHEMA").value("field", name)
}

#[cfg(test)]
mod tests {
    use super::{read, seconds, text};
    use crate::flow::fixture::answer;

    #[test]
    fn fields_are_read_from_json_and_from_forms_whatever_the_label() {
        for (content_type, body, expected) in [
            ("application/json", r#"{"a":"1"}"#, Some("1")),
            ("text/plain", "\u{feff} {\"a\":\"1\"}\n", Some("1")),
            ("application/x-www-form-urlencoded", "a=1&b=%26", Some("1")),
            ("text/plain", "b=2&a=1\r\n", Some("1")),
            ("application/json", r#"{"a":""}"#, None),
            ("application/json", r#"["a"]"#, None),
            ("application/json", r#"{"a":"#, None),
            ("text/html", "<html><a href='x?a=1'></html>", None),
            ("text/plain", "", None),
        ] {
            let fields = read(&answer(200, content_type, body));
            let found = fields.as_ref().and_then(|fields| text(fields, "a"));
            assert_eq!(found, expected, "{body}");
        }
    }

    #[test]
    fn seconds_are_read_from_numbers_and_texts() {
        let body = r#"{"a":5,"b":"5","c":5.0,"d":"5.9","e":null,"f":-5,"g":"soon"}"#;
        let fields = read(&answer(200, "application/json", body)).unwrap();
        for (name, expected) in [
            ("a", Some(5)),
            ("b", Some(5)),
            ("c", Some(5)),
            ("d", Some(5)),
            ("e", None),
            ("f", None),
            ("g", None),
        ] {
            assert_eq!(seconds(&fields, name), expected, "{name}");
        }
    }
}
