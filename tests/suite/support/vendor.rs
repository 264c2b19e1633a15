//! A service of our own, for what no real one answers on demand: a test says what each request gets.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use super::scripted::answer;

/// What came.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The path without its query.
    pub path: String,
    pub head: String,
    pub body: String,
}

impl Asked {
    /// The value of a header, by its lower-case name.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().skip(1).filter_map(|line| line.split_once(": "));
        lines.find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// A field of the form in the body.
    pub fn field(&self, name: &str) -> Option<String> {
        let mut pairs = url::form_urlencoded::parse(self.body.as_bytes());
        pairs.find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
    }
}

/// The service. It ends when it is dropped.
pub struct Vendor {
    pub address: SocketAddr,
    heard: Arc<Mutex<Vec<Asked>>>,
    ended: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Vendor {
    /// Starts it. `answers` is told what came, and how many requests to that path came before.
    pub fn start(answers: impl Fn(&Asked, usize) -> Vec<u8> + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let (heard, ended) = (Arc::new(Mutex::new(vec![])), Arc::new(AtomicBool::new(false)));
        let (ears, end, answers) = (Arc::clone(&heard), Arc::clone(&ended), Arc::new(answers));
        let thread = std::thread::spawn(move || {
            while let Ok((stream, _)) = listener.accept() {
                if end.load(Ordering::SeqCst) {
                    return;
                }
                let (ears, answers) = (Arc::clone(&ears), Arc::clone(&answers));
                std::thread::spawn(move || serve(stream, &ears, &*answers));
            }
        });
        Self { address, heard, ended, thread: Some(thread) }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Everything that came so far.
    pub fn heard(&self) -> Vec<Asked> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What came to a path.
    pub fn at(&self, path: &str) -> Vec<Asked> {
        self.heard().into_iter().filter(|asked| asked.path == path).collect()
    }
}

impl Drop for Vendor {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.address);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// An answer with a JSON object.
pub fn json(status: &str, body: &str) -> Vec<u8> {
    answer(status, "Content-Type: application/json\r\n", body.as_bytes())
}

fn serve(mut stream: TcpStream, ears: &Mutex<Vec<Asked>>, answers: &dyn Fn(&Asked, usize) -> Vec<u8>) {
    let mut bytes = vec![];
    let mut buffer = [0; 4096];
    let head = loop {
        let Ok(count @ 1..) = stream.read(&mut buffer) else { return };
        bytes.extend(&buffer[..count]);
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break bytes.drain(..end + 4).collect::<Vec<u8>>();
        }
    };
    let head = String::from_utf8_lossy(&head).into_owned();
    let mut words = head.split(' ');
    let target = words.nth(1).unwrap_or_default();
    let path = target.split('?').next().unwrap_or_default();
    let mut asked = Asked { path: path.into(), head: head.clone(), body: String::new() };
    let length = asked.header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    while bytes.len() < length {
        let Ok(count @ 1..) = stream.read(&mut buffer) else { return };
        bytes.extend(&buffer[..count]);
    }
    asked.body = String::from_utf8_lossy(&bytes).into_owned();
    let before = {
        let mut ears = ears.lock().unwrap_or_else(PoisonError::into_inner);
        ears.push(asked.clone());
        ears.iter().filter(|other| other.path == asked.path).count() - 1
    };
    let _ = stream.write_all(&answers(&asked, before));
    let _ = stream.shutdown(std::net::Shutdown::Both);
}
