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
        let _ = write!(text, " \\\n  --header {}", shell::quoted(&format!("{name}: {value}")));
    }
    if let Some(body) = body(request) {
        let _ = write!(text, " \\\n  --data-binary {}", shell::quoted(&body));
    }
    let _ = writeln!(text, " \\\n  {}", shell::quoted(&request.shown_url));
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
    let shown = text.filter(|text| text.len() <= LONGEST).map(str::to_owned);
    Some(shown.unwrap_or_else(|| format!("<{} bytes>", body.bytes.len())))
}
