//! The body of a token answer as a tree of values, whatever form the service chose.

use serde_json::Value;

use crate::base::Response;
use crate::flow::Stop;

/// The body: JSON as it is, a form as an object of texts. Byte order mark and blanks around it are dropped.
///
/// # Errors
/// When it is empty, a web page, cut, or nothing that can be read. Holds nothing of the body.
pub fn read(response: &Response) -> Result<Value, Stop> {
    let text = response.text();
    let text = text.trim_start_matches('\u{feff}').trim();
    match text.chars().next() {
        None => Err(Stop::answered("CONN-BODY-EMPTY")),
        _ if response.truncated => {
            Err(Stop::answered("CONN-BODY-TOO-LARGE").value("limit", &response.body.len().to_string()))
        }
        Some('{' | '[' | '"') => serde_json::from_str(text).map_err(|error| {
            Stop::answered("CONN-BODY-INVALID").value("position", &error.column().to_string())
        }),
        Some('<') if is_page(text) => Err(Stop::answered("CONN-BODY-HTML").value("title", "-")),
        Some('<') => Err(Stop::answered("CONN-BODY-TYPE")),
        Some(_) => form(text).ok_or_else(|| Stop::answered("CONN-BODY-TYPE")),
    }
}

/// The body as one text: a token that is the whole answer, bare or as a JSON string.
#[must_use]
pub fn whole(response: &Response) -> Option<String> {
    let text = response.text();
    let text = text.trim_start_matches('\u{feff}').trim();
    let bare = |text: &str| !text.is_empty() && !text.starts_with(['<', '{', '[', '"']);
    match serde_json::from_str::<String>(text) {
        Ok(inner) => Some(inner),
        Err(_) => bare(text).then(|| text.to_owned()),
    }
}

fn is_page(text: &str) -> bool {
    let start: String = text.chars().take(200).collect::<String>().to_ascii_lowercase();
    ["<!doctype html", "<html", "<head", "<body", "<!--"].iter().any(|mark| start.starts_with(mark))
}

/// A form (`access_token=…&scope=…`) as an object; `None` where a name is none.
fn form(text: &str) -> Option<Value> {
    let is_name = |name: &str| {
        !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'))
    };
    if !text.contains('=') || text.chars().any(char::is_whitespace) {
        return None;
    }
    let pairs = url::form_urlencoded::parse(text.as_bytes());
    let object: serde_json::Map<String, Value> =
        pairs.map(|(name, value)| (name.into_owned(), Value::String(value.into_owned()))).collect();
    object.keys().all(|name| is_name(name)).then_some(Value::Object(object))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{read, whole};
    use crate::base::Response;

    fn answer(body: &str) -> Response {
        Response { status: 200, body: body.as_bytes().to_vec(), ..Response::default() }
    }

    #[test]
    fn a_body_is_read_by_its_content() {
        for (body, value) in [
            ("{\"a\":1}", Ok(json!({ "a": 1 }))),
            ("\u{feff}{\"a\":1}\r\n", Ok(json!({ "a": 1 }))),
            ("a=1&b=x%2Cy+z", Ok(json!({ "a": "1", "b": "x,y z" }))),
            ("\"t\"", Ok(json!("t"))),
            ("", Err("CONN-BODY-EMPTY")),
            (" \r\n", Err("CONN-BODY-EMPTY")),
            ("{\"a\":", Err("CONN-BODY-INVALID")),
            ("<!DOCTYPE html><p>a=1", Err("CONN-BODY-HTML")),
            ("<?xml version='1.0'?><a/>", Err("CONN-BODY-TYPE")),
            ("no form at = all", Err("CONN-BODY-TYPE")),
            ("garbage", Err("CONN-BODY-TYPE")),
        ] {
            assert_eq!(read(&answer(body)).map_err(|stop| stop.code), value, "{body}");
        }
        let cut = Response { truncated: true, ..answer("{\"a\":1}") };
        assert_eq!(read(&cut).map_err(|stop| stop.code), Err("CONN-BODY-TOO-LARGE"));
    }

    #[test]
    fn a_whole_body_can_be_the_token() {
        for (body, token) in [
            ("abc\r\n", Some("abc")),
            ("\"abc\"", Some("abc")),
            ("<html>", None),
            ("{\"a\":1}", None),
            ("", None),
        ] {
            assert_eq!(whole(&answer(body)).as_deref(), token, "{body}");
        }
    }
}
