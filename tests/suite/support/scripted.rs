//! A server that says, byte for byte, what a test tells it to say, and keeps what it heard.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// What happens after the bytes were said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Then {
    /// The connection is closed.
    Close,
    /// The connection stays open in silence until the server goes.
    Hold,
}

/// What a server does with each connection.
#[derive(Clone)]
pub struct Script {
    /// What is said once the head of a request was heard.
    pub says: Vec<u8>,
    /// What follows.
    pub then: Then,
    /// Whether it speaks before it hears.
    pub speaks_first: bool,
    /// TLS, where it speaks TLS.
    pub tls: Option<Arc<ServerConfig>>,
}

impl Script {
    pub fn says(bytes: impl Into<Vec<u8>>) -> Self {
        Self { says: bytes.into(), then: Then::Close, speaks_first: false, tls: None }
    }

    pub fn then(self, then: Then) -> Self {
        Self { then, ..self }
    }

    pub fn speaking_first(self) -> Self {
        Self { speaks_first: true, ..self }
    }

    pub fn over(self, tls: Arc<ServerConfig>) -> Self {
        Self { tls: Some(tls), ..self }
    }
}

/// A whole answer with a body.
pub fn answer(status: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let head =
        format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {}\r\nConnection: close\r\n\r\n", body.len());
    [head.as_bytes(), body].concat()
}

/// The server. It ends when it is dropped.
pub struct Scripted {
    pub address: SocketAddr,
    script: Arc<Mutex<Script>>,
    heard: Arc<Mutex<Vec<String>>>,
    connections: Arc<Mutex<Vec<TcpStream>>>,
    ended: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Scripted {
    pub fn start(script: Script) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let script = Arc::new(Mutex::new(script));
        let said = Arc::clone(&script);
        let heard = Arc::new(Mutex::new(vec![]));
        let connections = Arc::new(Mutex::new(vec![]));
        let ended = Arc::new(AtomicBool::new(false));
        let (ears, doors, end) = (Arc::clone(&heard), Arc::clone(&connections), Arc::clone(&ended));
        let thread = std::thread::spawn(move || {
            while let Ok((stream, _)) = listener.accept() {
                if end.load(Ordering::SeqCst) {
                    return;
                }
                doors.lock().unwrap().push(stream.try_clone().unwrap());
                let (script, ears) = (said.lock().unwrap().clone(), Arc::clone(&ears));
                std::thread::spawn(move || serve(stream, &script, &ears));
            }
        });
        Self { address, script, heard, connections, ended, thread: Some(thread) }
    }

    /// An address at this server.
    pub fn url(&self, scheme: &str, path: &str) -> url::Url {
        format!("{scheme}://{}{path}", self.address).parse().unwrap()
    }

    /// Says something else to those who come from now on.
    #[cfg_attr(windows, expect(dead_code, reason = "only tests that run on Unix change what is said"))]
    pub fn say(&self, bytes: impl Into<Vec<u8>>) {
        self.script.lock().unwrap().says = bytes.into();
    }

    /// The heads of the requests so far.
    pub fn heard(&self) -> Vec<String> {
        self.heard.lock().unwrap().clone()
    }

    /// How many connections were made.
    pub fn connections(&self) -> usize {
        self.connections.lock().unwrap().len()
    }
}

impl Drop for Scripted {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.address);
        for stream in self.connections.lock().unwrap().drain(..) {
            let _ = stream.shutdown(std::net::Shutdown::Both);
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn serve(stream: TcpStream, script: &Script, ears: &Mutex<Vec<String>>) {
    let socket = stream.try_clone().unwrap();
    match &script.tls {
        None => play(stream, script, ears),
        Some(config) => {
            let connection = ServerConnection::new(Arc::clone(config)).unwrap();
            play(StreamOwned::new(connection, stream), script, ears);
        }
    }
    let _ = socket.shutdown(std::net::Shutdown::Both);
}

fn play(mut stream: impl Read + Write, script: &Script, ears: &Mutex<Vec<String>>) {
    if !script.speaks_first {
        let mut head = vec![];
        let mut byte = [0; 1];
        while !head.ends_with(b"\r\n\r\n") && matches!(stream.read(&mut byte), Ok(1)) {
            head.push(byte[0]);
        }
        if head.is_empty() {
            return;
        }
        ears.lock().unwrap().push(String::from_utf8_lossy(&head).into_owned());
    }
    let _ = stream.write_all(&script.says);
    let _ = stream.flush();
    if script.then == Then::Hold {
        let mut rest = [0; 1024];
        while matches!(stream.read(&mut rest), Ok(1..)) {}
    }
}
