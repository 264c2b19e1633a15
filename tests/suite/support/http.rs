//! The plainest client, for asking a peer how things stand without any code of conn.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpStream};

use base64::Engine as _;
use serde_json::Value;

/// What was answered.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Answer {
    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:#?}"))
    }

    /// A text of the JSON body.
    pub fn text(&self, name: &str) -> String {
        let text = self.json()[name].as_str().map(str::to_owned);
        text.unwrap_or_else(|| panic!("no {name}: {self:#?}"))
    }
}

/// Reads a page of this machine.
pub fn get(port: u16, path: &str, headers: &[(&str, &str)]) -> Answer {
    send(port, &format!("GET {path}"), headers, "")
}

/// Sends a form, with the client's name and secret as they are.
pub fn post(port: u16, path: &str, client: Option<(&str, &str)>, form: &[(&str, &str)]) -> Answer {
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
    let mut headers = vec![("Content-Type", "application/x-www-form-urlencoded".to_owned())];
    if let Some((name, secret)) = client {
        let pair = base64::engine::general_purpose::STANDARD.encode(format!("{name}:{secret}"));
        headers.push(("Authorization", format!("Basic {pair}")));
    }
    let headers: Vec<_> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    send(port, &format!("POST {path}"), &headers, &body)
}

/// Sends a JSON object.
pub fn post_json(port: u16, path: &str, body: &Value) -> Answer {
    send(port, &format!("POST {path}"), &[("Content-Type", "application/json")], &body.to_string())
}

fn send(port: u16, line: &str, headers: &[(&str, &str)], body: &str) -> Answer {
    // HTTP/1.0: the answer ends with the connection and is never chunked.
    let mut request =
        format!("{line} HTTP/1.0\r\nHost: 127.0.0.1:{port}\r\nContent-Length: {}\r\n", body.len());
    for (name, value) in headers {
        request.push_str(&format!("{name}: {value}\r\n"));
    }
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).unwrap();
    stream.write_all(format!("{request}\r\n{body}").as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((answer.as_str(), ""));
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    Answer { status, head: head.to_owned(), body: body.to_owned() }
}
