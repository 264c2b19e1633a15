//! JSON pointers (RFC 6901) in which `*` stands for any element.

use serde_json::Value;

/// Every value to which a pointer leads; `""` is the whole document.
#[must_use]
pub fn find<'a>(root: &'a Value, pointer: &str) -> Vec<&'a Value> {
    let mut found = vec![root];
    for token in pointer.split('/').skip(1) {
        let token = token.replace("~1", "/").replace("~0", "~");
        found = found.into_iter().flat_map(|value| step(value, &token)).collect();
    }
    found
}

fn step<'a>(value: &'a Value, token: &str) -> Vec<&'a Value> {
    match value {
        Value::Object(map) if token == "*" => map.values().collect(),
        Value::Array(list) if token == "*" => list.iter().collect(),
        Value::Object(map) => map.get(token).into_iter().collect(),
        Value::Array(list) => {
            token.parse::<usize>().ok().and_then(|index| list.get(index)).into_iter().collect()
        }
        _ => Vec::new(),
    }
}

/// The first value as short text: strings as they are, numbers and booleans in words.
#[must_use]
pub fn text(root: &Value, pointer: &str) -> Option<String> {
    find(root, pointer).into_iter().find_map(|value| match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{find, text};

    #[test]
    fn pointers_lead_into_objects_arrays_and_any_element() {
        let root = json!([{ "errors": [{ "code": "A" }, { "code": 7 }] }, { "a/b": true }]);
        assert_eq!(find(&root, "/0/errors/*/code").len(), 2);
        assert_eq!(text(&root, "/0/errors/1/code").as_deref(), Some("7"));
        assert_eq!(text(&root, "/1/a~1b").as_deref(), Some("true"));
        assert_eq!(text(&root, "/2/x"), None);
        assert_eq!(find(&root, "").len(), 1);
    }
}
