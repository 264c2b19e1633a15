//! A service that gives out a list in pages, in each of the ways in which services do.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use url::Url;

/// How the next page is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    Link,
    Address,
    Cursor,
    Page,
    Offset,
}

#[derive(Default)]
struct State {
    heard: Vec<String>,
    elsewhere: Option<String>,
    /// The page that fails, how, and how often.
    fails: Option<(usize, String, u32)>,
}

/// The service. It ends when it is dropped.
pub struct Pages {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
    ended: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Pages {
    /// A list of the numbers from 1 to `count`, three a page unless the query has a `limit`.
    pub fn start(style: Style, count: usize) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let (state, ended) = (Arc::<Mutex<State>>::default(), Arc::new(AtomicBool::new(false)));
        let (own, end) = (Arc::clone(&state), Arc::clone(&ended));
        let thread = std::thread::spawn(move || {
            while let Ok((stream, _)) = listener.accept() {
                if end.load(Ordering::SeqCst) {
                    return;
                }
                answer(stream, address, style, count, &own);
            }
        });
        Self { address, state, ended, thread: Some(thread) }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The targets of the requests so far.
    pub fn heard(&self) -> Vec<String> {
        self.state.lock().unwrap().heard.clone()
    }

    /// Names the next page at another place from now on.
    pub fn lead_to(&self, base: &str) {
        self.state.lock().unwrap().elsewhere = Some(base.to_owned());
    }

    /// Lets one page fail so many times.
    pub fn fail(&self, page: usize, status: &str, times: u32) {
        self.state.lock().unwrap().fails = Some((page, status.to_owned(), times));
    }
}

impl Drop for Pages {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.address);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn answer(mut stream: TcpStream, address: SocketAddr, style: Style, count: usize, state: &Mutex<State>) {
    let mut head = vec![];
    let mut byte = [0; 1];
    while !head.ends_with(b"\r\n\r\n") && matches!(stream.read(&mut byte), Ok(1)) {
        head.push(byte[0]);
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let Some(target) = head.split(' ').nth(1) else { return };
    let mut state = state.lock().unwrap();
    state.heard.push(target.to_owned());
    let url: Url = format!("http://{address}{target}").parse().unwrap();
    let (status, link, body) = page(&url, style, count, &mut state);
    let link = link.map(|link| format!("Link: <{link}>; rel=\"next\"\r\n")).unwrap_or_default();
    let text = format!(
        "HTTP/1.1 {status}\r\nContent-Type: application/json\r\n{link}Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    let _ = stream.write_all(text.as_bytes());
}

fn page(url: &Url, style: Style, count: usize, state: &mut State) -> (String, Option<String>, String) {
    let fine = |link, body: &str| ("200 OK".to_owned(), link, body.to_owned());
    match url.path() {
        "/me" => return fine(None, "{}"),
        "/exact" => return fine(None, "[ {\"z\": 12345678901234567890123,\n\"a\":1.10,\"b\":\"\\u00e9\"} ]"),
        "/circle" => return fine(Some(url.to_string()), "[1]"),
        _ => {}
    }
    let number =
        |name: &str| url.query_pairs().find(|(key, _)| key == name).and_then(|(_, value)| value.parse().ok());
    let limit: usize = number("limit").unwrap_or(3);
    let begin = match style {
        Style::Page => (number("page").unwrap_or(1) - 1) * limit,
        Style::Offset => number("offset").unwrap_or(0),
        Style::Cursor => number("after").unwrap_or(0),
        Style::Link | Style::Address => number("from").unwrap_or(0),
    };
    if let Some((page, status, times)) = &mut state.fails
        && *page == begin / limit + 1
        && *times > 0
    {
        *times -= 1;
        return (status.clone(), None, "{}".to_owned());
    }
    let end = (begin + limit).min(count);
    let items = (begin + 1..=end).map(|item| item.to_string()).collect::<Vec<_>>().join(",");
    // As many services do, the whole query is repeated.
    let mut next = url.clone();
    let kept: Vec<_> = url
        .query_pairs()
        .filter(|(key, _)| key != "from")
        .map(|(k, v)| (k.into_owned(), v.into_owned()))
        .collect();
    next.query_pairs_mut().clear().extend_pairs(kept).append_pair("from", &end.to_string());
    let mut next = next.to_string();
    if let Some(other) = &state.elsewhere {
        next = next.replace(url.origin().ascii_serialization().as_str(), other);
    }
    let next = (end < count).then_some(next);
    match style {
        Style::Link => fine(next, &format!("[{items}]")),
        Style::Address => {
            let next = next.map_or("null".to_owned(), |next| format!("\"{next}\""));
            fine(None, &format!("{{\"data\":[{items}],\"links\":{{\"next\":{next}}},\"tags\":[]}}"))
        }
        Style::Cursor => {
            let after = next.map_or("null".to_owned(), |_| end.to_string());
            fine(None, &format!("{{\"data\":[{items}],\"after\":{after}}}"))
        }
        Style::Page | Style::Offset => fine(None, &format!("[{items}]")),
    }
}
