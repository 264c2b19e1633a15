//! A name server that answers by the first label of the name: `ok`, `v4`, `nx`, `nodata`, `servfail`,
//! `refused`, `drop`.

use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

/// The server. It ends when it is dropped.
pub struct NameServer {
    pub address: SocketAddr,
    ended: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl NameServer {
    pub fn start() -> Self {
        let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = socket.local_addr().unwrap();
        let ended = Arc::new(AtomicBool::new(false));
        let end = Arc::clone(&ended);
        let thread = std::thread::spawn(move || {
            let mut buffer = [0; 1500];
            while let Ok((length, from)) = socket.recv_from(&mut buffer) {
                if end.load(Ordering::SeqCst) {
                    return;
                }
                if let Some(reply) = reply(&buffer[..length]) {
                    socket.send_to(&reply, from).unwrap();
                }
            }
        });
        Self { address, ended, thread: Some(thread) }
    }
}

impl Drop for NameServer {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::SeqCst);
        let waker = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        waker.send_to(&[0], self.address).unwrap();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn reply(query: &[u8]) -> Option<Vec<u8>> {
    let first = usize::from(query[12]);
    let label = String::from_utf8_lossy(&query[13..13 + first]).to_lowercase();
    let end = 12 + query[12..].iter().position(|byte| *byte == 0)? + 5;
    let is_a = query[end - 3] == 1;
    let (code, answers) = match label.as_str() {
        "drop" => return None,
        "nx" => (3, 0),
        "servfail" => (2, 0),
        "refused" => (5, 0),
        "nodata" => (0, 0),
        _ => (0, u8::from(is_a)),
    };
    let head = [query[0], query[1], 0x81, 0x80 | code, 0, 1, 0, answers, 0, 0, 0, 0];
    let mut reply = [&head, &query[12..end]].concat();
    if answers == 1 {
        reply.extend([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 127, 0, 0, 1]);
    }
    Some(reply)
}
