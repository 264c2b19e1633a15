//! A service whose answers a test changes while it runs.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

/// An answer: status line without the protocol, headers, body.
#[derive(Clone)]
pub struct Says {
    status: String,
    headers: Vec<(String, String)>,
    body: String,
}

impl Says {
    pub fn json(body: &str) -> Self {
        Self { status: "200 OK".into(), headers: vec![], body: body.into() }
    }

    pub fn status(mut self, status: &str) -> Self {
        self.status = status.into();
        self
    }

    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }
}

type Answers = Arc<Mutex<BTreeMap<String, Vec<Says>>>>;

/// The service. It ends when it is dropped.
pub struct Peer {
    pub address: SocketAddr,
    answers: Answers,
    ended: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Peer {
    pub fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let (answers, ended) = (Answers::default(), Arc::new(AtomicBool::new(false)));
        let (said, end) = (Arc::clone(&answers), Arc::clone(&ended));
        let thread = std::thread::spawn(move || {
            while let Ok((stream, _)) = listener.accept() {
                if end.load(Ordering::SeqCst) {
                    return;
                }
                let said = Arc::clone(&said);
                std::thread::spawn(move || serve(stream, &said));
            }
        });
        Self { address, answers, ended, thread: Some(thread) }
    }

    /// What a path answers from now on.
    pub fn answers(&self, path: &str, says: Says) {
        self.in_turn(path, vec![says]);
    }

    /// What a path answers, one after the other; the last one for ever.
    pub fn in_turn(&self, path: &str, says: Vec<Says>) {
        self.answers.lock().unwrap().insert(path.into(), says);
    }

    /// A definition of a service at this address with one connection to it.
    pub fn definitions(&self, further: &str) -> String {
        let address = self.address;
        format!(
            "[connectors.peer]\nname = \"Peer\"\nbase = \"http://{address}\"\n{further}\n\
             [connectors.peer.auth.key]\nkind = \"api_key\"\nheader.X-Key = \"{{api_key}}\"\n\
             [connectors.peer.auth.key.params.api_key]\nlabel = \"API key\"\n\
             [connectors.peer.test]\nrequest = \"GET /me\"\n\
             [connections.acme]\nconnector = \"peer\"\nsecrets.api_key = \"env:ACME_KEY\"\n"
        )
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.address);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn serve(mut stream: TcpStream, answers: &Answers) {
    let mut head = vec![];
    let mut byte = [0; 1];
    while !head.ends_with(b"\r\n\r\n") && matches!(stream.read(&mut byte), Ok(1)) {
        head.push(byte[0]);
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
    let says = {
        let mut answers = answers.lock().unwrap();
        let queue = answers.entry(path).or_default();
        match queue.len() {
            0 => Says::json("{\"error\":\"no such path\"}").status("404 Not Found"),
            1 => queue[0].clone(),
            _ => queue.remove(0),
        }
    };
    let mut text = format!("HTTP/1.1 {}\r\nContent-Type: application/json\r\n", says.status);
    for (name, value) in &says.headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    text.push_str(&format!("Content-Length: {}\r\nConnection: close\r\n\r\n{}", says.body.len(), says.body));
    let _ = stream.write_all(text.as_bytes());
}
