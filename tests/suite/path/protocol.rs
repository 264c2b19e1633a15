//! HTTP/2 that a server or a device on the way gets wrong, while HTTP/1.1 works.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::support::certificate::Authority;
use crate::support::cli::Home;
use crate::support::scripted::answer;

/// SETTINGS without any, then GOAWAY with `HTTP_1_1_REQUIRED` (RFC 9113, sections 6.5, 6.8 and 7).
const GO_AWAY: [u8; 26] = [0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 8, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x0d];

/// A server that sends everybody away who speaks HTTP/2 and answers the others. It ends when it is dropped.
struct Server {
    address: SocketAddr,
    ended: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    fn start(tls: &ServerConfig, older: Vec<u8>) -> Self {
        let mut tls = tls.clone();
        tls.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let ended = Arc::new(AtomicBool::new(false));
        let (tls, end) = (Arc::new(tls), Arc::clone(&ended));
        let thread = std::thread::spawn(move || {
            while let Ok((stream, _)) = listener.accept() {
                if end.load(Ordering::SeqCst) {
                    return;
                }
                let (tls, older) = (Arc::clone(&tls), older.clone());
                std::thread::spawn(move || serve(stream, tls, &older));
            }
        });
        Self { address, ended, thread: Some(thread) }
    }
}

fn serve(stream: TcpStream, tls: Arc<ServerConfig>, older: &[u8]) {
    let mut stream = StreamOwned::new(ServerConnection::new(tls).unwrap(), stream);
    let mut heard = [0_u8; 4096];
    if !matches!(stream.read(&mut heard), Ok(1..)) {
        return;
    }
    let newer = stream.conn.alpn_protocol() == Some(b"h2");
    let _ = stream.write_all(if newer { &GO_AWAY } else { older });
    stream.conn.send_close_notify();
    let _ = stream.flush();
    // What the other side still says is read, so that no reset overtakes what was said.
    while matches!(stream.sock.read(&mut heard), Ok(1..)) {}
}

impl Drop for Server {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.address);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

#[test]
fn http_2_that_breaks_is_named_and_the_same_request_over_http_1_1_shows_that_it_is_that() {
    let root = Authority::root("conn tests", "Test Root");
    let good = answer("200 OK", "Content-Type: application/json\r\n", br#"{"id":1}"#);
    for (older, evidence, confidence) in [
        (good, "over HTTP/1.1 the same request is answered (HTTP 200)", "certain"),
        (Vec::new(), "over HTTP/1.1 the same request breaks as well", "possible"),
    ] {
        let server = Server::start(&root.good().server(), older);
        let home = Home::with(&format!(
            "[connectors.acme]\nbase = \"https://{}\"\ntest.request = \"GET /me\"\nauth.key = {{ kind = \"none\" }}\n\
             [connections.crm]\nconnector = \"acme\"\n",
            server.address
        ));
        let file = root.file();
        let run = home.run(&["diagnose", "crm", "--format", "json", "--cacert", file.to_str().unwrap()]);
        assert_eq!(run.outcome(), "unreachable CONN-HTTP-H2 6", "{run:#?}");
        let finding = &run.connection()["findings"][0];
        assert_eq!(finding["confidence"], confidence, "{finding}");
        assert!(finding["evidence"].to_string().contains(evidence), "{finding}");
        let asked = run.connection()["controls"]["asked"].to_string();
        assert!(asked.contains("D13"), "{asked}");
    }
}

#[test]
fn a_connection_is_kept_to_http_1_1_where_that_is_what_helps_and_nowhere_else() {
    let root = Authority::root("conn tests", "Test Root");
    let good = answer("200 OK", "Content-Type: application/json\r\n", br#"{"id":1}"#);
    for (older, outcome, endings) in
        [(good, "ok - 0", &["CONN-HTTP-H2 kept"][..]), (Vec::new(), "unreachable CONN-HTTP-H2 6", &[])]
    {
        let helps = !endings.is_empty();
        let server = Server::start(&root.good().server(), older);
        let definitions = format!(
            "[connectors.acme]\nbase = \"https://{}\"\ntest.request = \"GET /me\"\nauth.key = {{ kind = \"none\" }}\n\
             [connections.crm] # ours\nconnector = \"acme\"\n",
            server.address
        );
        let home = Home::with(&definitions).knowing("CONN_CACERT", root.file().to_str().unwrap());
        let screen = home.run(&["diagnose", "crm", "--lang", "ja"]);
        assert_eq!(screen.out.contains("HTTP/1.1 に固定します"), helps, "{screen:#?}");
        let run = home.run(&["diagnose", "crm", "--fix", "--format", "json"]);
        assert_eq!(run.outcome(), outcome, "{run:#?}");
        assert_eq!(run.endings(), endings);
        let written = if helps { "http_version = \"1.1\"\n" } else { "" };
        assert_eq!(std::fs::read_to_string(home.definitions()).unwrap(), definitions + written);
        assert_eq!(home.test("crm", &[]).code, if helps { 0 } else { 6 }, "it holds for what follows");
    }
}
