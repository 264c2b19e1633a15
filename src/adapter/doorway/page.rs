//! The pages: plain text in the person's language, nothing from anywhere else, nothing echoed.

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{ALLOW, HeaderValue, LOCATION};
use hyper::{Response, StatusCode};

use crate::base::{Language, Text};
use crate::port::doorway::DoorwayPage;

/// What goes to the browser.
pub(super) type Answer = Response<Full<Bytes>>;

/// On every answer, so that no address, and with it no code, travels on and nothing is kept.
const HEADERS: [(&str, &str); 6] = [
    ("content-type", "text/html; charset=utf-8"),
    ("cache-control", "no-store"),
    ("referrer-policy", "no-referrer"),
    (
        "content-security-policy",
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
    ("x-content-type-options", "nosniff"),
    ("connection", "close"),
];

const REFUSED: Text = Text::new("This request was refused", "このリクエストは受け付けられません");
const STILL_WAITING: Text = Text::new(
    "conn is waiting for a browser to come back from a service, and this was not it.",
    "conn はサービスからの応答を待っていますが、このリクエストは該当しません。",
);
const USED: Text = Text::new("This answer has been received already", "この応答はすでに受け取っています");
const LOOK: Text = Text::new(
    "Look at the terminal for how it went. You can close this page.",
    "結果はターミナルで確認してください。このページは閉じて構いません。",
);

/// Not what is waited for.
pub(super) fn refused(language: Language, status: StatusCode) -> Answer {
    answer(status, html(language, REFUSED.get(language), STILL_WAITING.get(language)))
}

/// A method that is not answered on this path.
pub(super) fn wrong_method(language: Language, allowed: &'static str) -> Answer {
    let mut answer = refused(language, StatusCode::METHOD_NOT_ALLOWED);
    answer.headers_mut().insert(ALLOW, HeaderValue::from_static(allowed));
    answer
}

/// The right one came before.
pub(super) fn used(language: Language) -> Answer {
    answer(StatusCode::GONE, html(language, USED.get(language), LOOK.get(language)))
}

/// To the path without parameters, so that the code leaves the address bar and the history.
pub(super) fn onward(path: &str) -> Answer {
    let mut answer = answer(StatusCode::SEE_OTHER, String::new());
    if let Ok(path) = HeaderValue::from_str(path) {
        answer.headers_mut().insert(LOCATION, path);
    }
    answer
}

/// A finished page.
pub(super) fn ready(page: String) -> Answer {
    answer(StatusCode::OK, page)
}

/// How it ended.
pub(super) fn last(language: Language, page: &DoorwayPage) -> String {
    let sign = if page.success { '✓' } else { '✗' };
    html(language, &format!("{sign} {}", page.title), &page.text)
}

fn answer(status: StatusCode, body: String) -> Answer {
    let mut response = Response::new(Full::new(Bytes::from(body)));
    *response.status_mut() = status;
    for (name, value) in HEADERS {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

fn html(language: Language, title: &str, text: &str) -> String {
    let title = escape(title);
    let paragraphs: String = text.lines().map(|line| "<p>".to_owned() + &escape(line) + "</p>\n").collect();
    format!(
        "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>{title} – conn</title>\n</head>\n\
         <body>\n<h1>{title}</h1>\n{paragraphs}</body>\n</html>\n",
        language.tag()
    )
}

fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            c => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::last;
    use crate::base::Language;
    use crate::port::doorway::DoorwayPage;

    #[test]
    fn whatever_a_page_is_told_stays_text() {
        let title = "<script>alert('x')</script>".to_owned();
        let page = DoorwayPage { success: false, title, text: "a & \"b\"\n<img src=x>".to_owned() };
        let html = last(Language::Ja, &page);
        assert!(html.contains("<h1>✗ &lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;</h1>"), "{html}");
        assert!(html.contains("<p>a &amp; &quot;b&quot;</p>\n<p>&lt;img src=x&gt;</p>"), "{html}");
        assert!(html.contains("<html lang=\"ja\">") && !html.contains("http"), "{html}");
    }
}
