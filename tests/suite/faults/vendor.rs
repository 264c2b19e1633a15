//! A service that says what a closure tells it to say, and keeps what it heard.

use std::io::{Read, Write};
use std::net::{IpAddr, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::lab::KEY;

/// A request as it came.
#[derive(Clone, Debug)]
pub struct Heard {
    pub method: String,
    /// The target as written: the path with its query.
    pub path: String,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    pub body: String,
    /// How many requests came before it.
    pub before: usize,
}

impl Heard {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Whether any part of it carries this text.
    pub fn mentions(&self, text: &str) -> bool {
        self.path.contains(text)
            || self.body.contains(text)
            || self.headers.iter().any(|(_, value)| value.contains(text))
    }
}

/// A whole answer with the time of day: `extra` are header lines, each with its line end.
pub fn answer(status: &str, extra: &str, body: &str) -> Vec<u8> {
    let printer = jiff::fmt::rfc2822::DateTimePrinter::new();
    let date = printer.timestamp_to_rfc9110_string(&jiff::Timestamp::now()).unwrap();
    let length = body.len();
    format!("HTTP/1.1 {status}\r\nDate: {date}\r\n{extra}Content-Length: {length}\r\n\r\n{body}").into_bytes()
}

/// The baseline service in good health: knows one key, has three resources, and marks what it says.
pub fn acme(heard: &Heard) -> Vec<u8> {
    const OWN: &str = "Content-Type: application/json\r\nx-acme-request-id: req-1\r\n";
    if heard.header("x-acme-key") != Some(KEY) {
        return answer("401 Unauthorized", OWN, r#"{"acme":{"error":"unauthorized"}}"#);
    }
    match heard.path.as_str() {
        "/me" => answer("200 OK", OWN, r#"{"acme":{"user":"hanako"}}"#),
        "/contacts" | "/deals" | "/accounts" => answer("200 OK", OWN, r#"{"acme":{"items":[]}}"#),
        _ => answer("404 Not Found", OWN, r#"{"acme":{"error":"no such resource"}}"#),
    }
}

/// How a server treats a connection.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Manner {
    Polite,
    Mute,
    HangingUp,
}

type Says = dyn Fn(&Heard) -> Vec<u8> + Send + Sync;

/// A server. It runs as long as the process.
#[derive(Clone)]
pub struct Vendor {
    port: u16,
    tls: Option<Arc<ServerConfig>>,
    manner: Manner,
    says: Arc<Says>,
    heard: Arc<Mutex<Vec<Heard>>>,
}

impl Vendor {
    pub fn new(port: u16) -> Self {
        Self { port, tls: None, manner: Manner::Polite, says: Arc::new(acme), heard: Arc::default() }
    }

    /// Speaks TLS.
    pub fn over(self, tls: Arc<ServerConfig>) -> Self {
        Self { tls: Some(tls), ..self }
    }

    /// What it says to a request, byte for byte; an answer with `Connection: close`, or without a length, is the
    /// last on its connection.
    pub fn says(self, says: impl Fn(&Heard) -> Vec<u8> + Send + Sync + 'static) -> Self {
        Self { says: Arc::new(says), ..self }
    }

    /// Takes connections and never says a word.
    pub fn mute(self) -> Self {
        Self { manner: Manner::Mute, ..self }
    }

    /// Takes connections, hears the first bytes and cuts them.
    pub fn hanging_up(self) -> Self {
        Self { manner: Manner::HangingUp, ..self }
    }

    /// Listens.
    pub fn start(self, address: IpAddr) -> Self {
        let listener = TcpListener::bind(SocketAddr::new(address, self.port)).unwrap();
        let vendor = self.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let vendor = vendor.clone();
                std::thread::spawn(move || vendor.serve(stream));
            }
        });
        self
    }

    /// The requests so far.
    pub fn heard(&self) -> Vec<Heard> {
        self.heard.lock().unwrap().clone()
    }

    fn serve(&self, stream: TcpStream) {
        let mut socket = stream.try_clone().unwrap();
        match &self.tls {
            _ if self.manner == Manner::Mute => {
                let _ = std::io::copy(&mut socket, &mut std::io::sink());
            }
            _ if self.manner == Manner::HangingUp => {
                let _ = socket.read(&mut [0; 1024]);
            }
            None => self.converse(stream),
            Some(config) => {
                let connection = ServerConnection::new(Arc::clone(config)).unwrap();
                let mut stream = StreamOwned::new(connection, stream);
                self.converse(&mut stream);
                stream.conn.send_close_notify();
                let _ = stream.flush();
            }
        }
        let _ = socket.shutdown(std::net::Shutdown::Both);
    }

    fn converse(&self, mut stream: impl Read + Write) {
        while let Some(mut heard) = hear(&mut stream) {
            let mut log = self.heard.lock().unwrap();
            heard.before = log.len();
            log.push(heard.clone());
            drop(log);
            let said = (self.says)(&heard);
            let goes_on = stream.write_all(&said).and_then(|()| stream.flush()).is_ok();
            let head = String::from_utf8_lossy(&said).to_lowercase();
            if !goes_on || !head.contains("content-length:") || head.contains("connection: close") {
                return;
            }
        }
    }
}

fn hear(stream: &mut impl Read) -> Option<Heard> {
    let mut head = vec![];
    let mut byte = [0; 1];
    while !head.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte).ok()?;
        head.push(byte[0]);
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let mut lines = head.lines();
    let mut words = lines.next()?.split(' ');
    let (method, path) = (words.next()?.to_owned(), words.next()?.to_owned());
    let headers = lines.filter_map(|line| line.split_once(": "));
    let headers = headers.map(|(name, value)| (name.to_lowercase(), value.to_owned()));
    let mut request = Heard { method, path, headers: headers.collect(), body: String::new(), before: 0 };
    let length = request.header("content-length").and_then(|text| text.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    stream.read_exact(&mut body).ok()?;
    request.body = String::from_utf8_lossy(&body).into_owned();
    Some(request)
}
