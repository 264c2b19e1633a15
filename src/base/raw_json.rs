//! Parts of a JSON text as they were written: numbers keep their digits, strings their escapes, keys their order.

use serde::de::IgnoredAny;
use serde_json::Deserializer;

/// The elements of an array, without the blanks between; `None` where the text is no array.
#[must_use]
pub fn elements(text: &str) -> Option<Vec<String>> {
    let mut rest = text.trim_start().strip_prefix('[')?.trim_start();
    let mut found = Vec::new();
    while !rest.starts_with(']') {
        let (element, after) = value(rest)?;
        found.push(compact(element));
        rest = after.strip_prefix(',').map_or(after, str::trim_start);
    }
    Some(found)
}

/// The value to which a JSON pointer (RFC 6901) leads, as it was written.
#[must_use]
pub fn at<'t>(text: &'t str, pointer: &str) -> Option<&'t str> {
    let mut tokens = pointer.split('/').skip(1).map(|token| token.replace("~1", "/").replace("~0", "~"));
    tokens.try_fold(text, |text, token| member(text, &token))
}

/// The value of a key of an object.
fn member<'t>(text: &'t str, wanted: &str) -> Option<&'t str> {
    let mut rest = text.trim_start().strip_prefix('{')?.trim_start();
    while !rest.starts_with('}') {
        let (key, after) = value(rest)?;
        let (value, after) = value(after.strip_prefix(':')?)?;
        if serde_json::from_str::<String>(key).ok()? == wanted {
            return Some(value);
        }
        rest = after.strip_prefix(',').map_or(after, str::trim_start);
    }
    None
}

/// The first value of a text, and what follows it.
fn value(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_start();
    let mut values = Deserializer::from_str(text).into_iter::<IgnoredAny>();
    values.next()?.ok()?;
    let (value, after) = text.split_at(values.byte_offset());
    Some((value, after.trim_start()))
}

/// The same text without the blanks outside of strings: one line, whatever it was.
fn compact(text: &str) -> String {
    let (mut quoted, mut escaped) = (false, false);
    let keep = |c: &char| {
        let kept = quoted || !c.is_ascii_whitespace();
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            _ => {}
        }
        kept
    };
    text.chars().filter(keep).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::{at, elements};

    #[test]
    fn parts_are_as_they_were_written() {
        let text = "{ \"a\\u0062\" : [ 1.10 , {\"z\": \"x \\\" y\",\n \"b\" : 12345678901234567890123 }, null,[] ] , \"c/d\": {\"e\":[]} }";
        let list = elements(at(text, "/ab").unwrap()).unwrap();
        assert_eq!(list, ["1.10", "{\"z\":\"x \\\" y\",\"b\":12345678901234567890123}", "null", "[]"]);
        assert_eq!(elements(at(text, "/c~1d/e").unwrap()), Some(vec![]));
        assert_eq!(
            (at(text, "/x"), at("[1]", "/0"), elements("{}"), elements("[1")),
            (None, None, None, None)
        );
        assert_eq!(elements("[1,2]").unwrap().len(), 2);
    }

    proptest! {
        #[test]
        fn whatever_is_read_means_what_the_whole_means(list in prop::collection::vec(".{0,8}", 0..6), numbers in prop::collection::vec(any::<f64>(), 0..4)) {
            let whole: Value = serde_json::json!([list, numbers, { "k": list }]);
            for text in [whole.to_string(), format!("{whole:#}")] {
                let parts = elements(&text).unwrap();
                let read: Vec<Value> = parts.iter().map(|part| serde_json::from_str(part).unwrap()).collect();
                prop_assert_eq!(Value::Array(read), serde_json::from_str::<Value>(&text).unwrap());
            }
        }
    }
}
