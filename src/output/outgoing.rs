//! A request that was not sent, for people: its secrets masked.

use std::fmt::Write as _;

use crate::base::{Request, safe_text, shell};

/// What stands for a secret.
const MASK: &str = "***";

/// The longest body that is shown, in bytes.
const LONGEST: usize = 4000;

/// The request line by line, as HTTP would write it.
#[must_use]
pub fn lines(request: &Request) -> String {
    let mut text = format!("{} {}\n", request.method, request.shown_url);
    for (name, value) in headers(request) {
        let _ = writeln!(text, "{name}: {}", safe_text::line(&value, 400));
    }
    if let Some(body) = body(request) {
        let _ = write!(text, "\n{body}\n");
    }
    text
}

/// The request as a line for curl.
#[must_use]
pub fn curl(request: &Request) -> String {
    let mut text = format!("curl --request {}", request.method);
    for (name, value) in headers(request) {
        let _ = write!(text, " \\\n  --header {}", shell::script_quoted(&format!("{name}: {value}")));
    }
    if let Some(body) = body(request) {
        let _ = write!(text, " \\\n  --data-binary {}", shell::script_quoted(&body));
    }
    let _ = writeln!(text, " \\\n  {}", shell::script_quoted(&request.shown_url));
    text
}

fn headers(request: &Request) -> Vec<(String, String)> {
    let own = request.headers.iter().map(|header| {
        let value = if header.secret { MASK } else { header.value.as_str() };
        (header.name.clone(), value.to_owned())
    });
    let kind = request.body.as_ref().filter(|_| request.header("content-type").is_none());
    own.chain(kind.map(|body| ("Content-Type".to_owned(), body.content_type.clone()))).collect()
}

fn body(request: &Request) -> Option<String> {
    let body = request.body.as_ref()?;
    let text = std::str::from_utf8(&body.bytes).ok();
    let shown = text.filter(|text| text.len() <= LONGEST).map(|text| masked(text, &request.secret_fields));
    Some(shown.unwrap_or_else(|| format!("<{} bytes>", body.bytes.len())))
}

/// A form or a JSON object with the named fields masked: a secret of a few letters is no text to look for.
fn masked(text: &str, secret: &[String]) -> String {
    if secret.is_empty() {
        return text.to_owned();
    }
    if let Ok(serde_json::Value::Object(mut object)) = serde_json::from_str(text) {
        for (_, value) in object.iter_mut().filter(|(name, _)| secret.contains(name)) {
            *value = MASK.into();
        }
        return serde_json::Value::Object(object).to_string();
    }
    let pairs = url::form_urlencoded::parse(text.as_bytes());
    let pairs = pairs.map(|(name, value)| {
        let value = if secret.iter().any(|field| *field == name) { MASK.into() } else { value };
        url::form_urlencoded::Serializer::new(String::new()).append_pair(&name, &value).finish()
    });
    pairs.collect::<Vec<_>>().join("&")
}

#[cfg(test)]
mod tests {
    use super::{curl, lines};
    use crate::base::{Body, Request};

    #[test]
    fn a_short_secret_in_a_body_is_masked_by_the_name_of_its_field() {
        let bodies = [
            ("application/x-www-form-urlencoded", "note=a+b&pin=1234", "note=a+b&pin=***"),
            ("application/json", r#"{"note":"1234","pin":"1234"}"#, r#"{"note":"1234","pin":"***"}"#),
        ];
        for (content_type, sent, shown) in bodies {
            let mut request = Request::new("POST", "https://api.example.test/".parse().expect("an address"));
            let bytes = sent.as_bytes().to_vec().into();
            request.body = Some(Body { content_type: content_type.to_owned(), bytes });
            request.secret_fields.push("pin".to_owned());
            assert!(lines(&request).ends_with(&format!("\n{shown}\n")), "{}", lines(&request));
            assert!(curl(&request).contains(&format!("'{shown}'")), "{}", curl(&request));
        }
    }
}
