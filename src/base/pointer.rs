//! JSON pointers (RFC 6901) in which `*` stands for any element.

use std::ops::ControlFlow;

use serde_json::Value;

/// Every value to which a pointer leads; `""` is the whole document.
#[must_use]
pub fn find<'a>(root: &'a Value, pointer: &str) -> Vec<&'a Value> {
    let mut found = Vec::new();
    let _ = walk(root, steps(pointer), &mut |value| {
        found.push(value);
        ControlFlow::Continue::<(), ()>(())
    });
    found
}

/// The first value as short text: strings as they are, numbers and booleans in words.
#[must_use]
pub fn text(root: &Value, pointer: &str) -> Option<String> {
    let text = |value: &Value| match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    };
    walk(root, steps(pointer), &mut |value| text(value).map_or(ControlFlow::Continue(()), ControlFlow::Break))
        .break_value()
}

/// What comes after the first slash; none where the pointer is the whole document.
fn steps(pointer: &str) -> Option<&str> {
    pointer.split_once('/').map(|(_, rest)| rest)
}

/// Shows each value to which the remaining steps lead, until `see` has enough.
fn walk<'a, B>(
    value: &'a Value,
    steps: Option<&str>,
    see: &mut impl FnMut(&'a Value) -> ControlFlow<B>,
) -> ControlFlow<B> {
    let Some(steps) = steps else { return see(value) };
    let (token, rest) = steps.split_once('/').map_or((steps, None), |(token, rest)| (token, Some(rest)));
    match value {
        Value::Object(map) if token == "*" => map.values().try_for_each(|value| walk(value, rest, see)),
        Value::Array(list) if token == "*" => list.iter().try_for_each(|value| walk(value, rest, see)),
        Value::Object(map) => {
            let next = if token.contains('~') {
                map.get(&token.replace("~1", "/").replace("~0", "~"))
            } else {
                map.get(token)
            };
            next.map_or(ControlFlow::Continue(()), |value| walk(value, rest, see))
        }
        Value::Array(list) => {
            let next = token.parse::<usize>().ok().and_then(|index| list.get(index));
            next.map_or(ControlFlow::Continue(()), |value| walk(value, rest, see))
        }
        _ => ControlFlow::Continue(()),
    }
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
