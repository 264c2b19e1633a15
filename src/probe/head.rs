//! The head of an HTTP answer, read by hand, and as much of the body as fits a sentence.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::climb::Wire;
use crate::base::safe_text;
use crate::base::time;
use crate::diagnosis::stage::{Glance, PROXY_MARKS};

/// The longest head that is read.
const LONGEST: usize = 16 * 1024;
/// The most of a body that is read.
const BODY: usize = 8 * 1024;
/// How long a body may take once its head is there.
const PATIENCE: Duration = Duration::from_millis(500);

/// The head of an answer, names in lower case.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Head {
    pub status: u16,
    pub headers: Vec<(String, String)>,
}

impl Head {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut lines = text.split("\r\n");
        let mut words = lines.next()?.split(' ');
        words.next().filter(|version| version.starts_with("HTTP/1."))?;
        let status = words.next()?.parse().ok()?;
        let headers = lines.filter_map(|line| line.split_once(':'));
        let headers =
            headers.map(|(name, value)| (name.trim().to_ascii_lowercase(), value.trim().to_owned()));
        Some(Self { status, headers: headers.collect() })
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// What of it may become a fact: no cookie, no query.
    pub(super) fn glance(&self) -> Glance {
        let plain = |text: &str| safe_text::line(text.split(['?', '#']).next().unwrap_or_default(), 120);
        Glance {
            status: self.status,
            location: self.header("location").map(plain),
            server: self.header("server").or(self.header("via")).map(plain),
            date: self.header("date").and_then(time::http_date),
            proxy_mark: PROXY_MARKS
                .iter()
                .find_map(|name| Some(((*name).to_owned(), plain(self.header(name)?)))),
        }
    }
}

/// Reads up to the empty line and not a byte further.
pub(super) async fn read(wire: &mut Box<dyn Wire>) -> io::Result<Head> {
    let mut bytes = Vec::new();
    while !bytes.ends_with(b"\r\n\r\n") {
        if bytes.len() >= LONGEST {
            return Err(io::Error::other("the answer has no end"));
        }
        match wire.read_u8().await {
            Ok(byte) => bytes.push(byte),
            Err(_) if bytes.is_empty() => return Err(io::Error::other("closed without an answer")),
            Err(_) => return Err(io::Error::other("closed within its answer")),
        }
    }
    Head::parse(&String::from_utf8_lossy(&bytes)).ok_or_else(|| io::Error::other("the answer is not HTTP"))
}

/// What the page after a head calls itself: its title, else its first words.
pub(super) async fn page(wire: &mut Box<dyn Wire>) -> Option<String> {
    let mut body = Vec::new();
    let reading = async {
        let mut chunk = [0; 1024];
        while body.len() < BODY {
            match wire.read(&mut chunk).await {
                Ok(count @ 1..) => body.extend_from_slice(&chunk[..count]),
                _ => return,
            }
            if body.windows(8).any(|piece| piece.eq_ignore_ascii_case(b"</title>")) {
                return;
            }
        }
    };
    let _ = tokio::time::timeout(PATIENCE, reading).await;
    words(&String::from_utf8_lossy(&body))
}

fn words(body: &str) -> Option<String> {
    let lower = body.to_ascii_lowercase();
    let title = lower.find("<title").and_then(|start| {
        let from = start + lower[start..].find('>')? + 1;
        let until = from + lower[from..].find("</title")?;
        body.get(from..until)
    });
    let said = match title {
        Some(title) => title,
        None if lower.trim_start().starts_with('<') => return None,
        None => body,
    };
    let line = safe_text::line(said.trim(), 120);
    (!line.is_empty()).then_some(line)
}

/// Asks for the root of a host: one request without any credential, cookie or query.
pub(super) async fn ask_root(wire: &mut Box<dyn Wire>, method: &str, host: &str) -> io::Result<Head> {
    ask(wire, method, "/", host).await
}

/// The same for any target.
pub(super) async fn ask(
    wire: &mut Box<dyn Wire>,
    method: &str,
    target: &str,
    host: &str,
) -> io::Result<Head> {
    let agent = concat!("conn/", env!("CARGO_PKG_VERSION"));
    let request = format!(
        "{method} {target} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: {agent}\r\nAccept: */*\r\nConnection: close\r\n\r\n"
    );
    wire.write_all(request.as_bytes()).await?;
    wire.flush().await?;
    read(wire).await
}

#[cfg(test)]
mod tests {
    use super::{Head, words};

    #[test]
    fn a_page_is_called_by_its_title_else_by_its_first_words() {
        for (body, expected) in [
            ("<html><TITLE lang=en>\n ERROR: blocked </TITLE>", Some("ERROR: blocked")),
            ("<html><body>no title", None),
            ("Access denied by policy", Some("Access denied by policy")),
            ("", None),
        ] {
            assert_eq!(words(body).as_deref(), expected, "{body}");
        }
    }

    #[test]
    fn a_glance_has_no_query() {
        let head =
            Head::parse("HTTP/1.1 302 Found\r\nLocation: http://login.test/a?t=secret\r\n\r\n").unwrap();
        assert_eq!(head.glance().location.as_deref(), Some("http://login.test/a"));
    }
}
