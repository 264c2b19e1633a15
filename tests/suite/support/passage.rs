//! A running `conn proxy`, and the plainest client for it.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Command, Stdio};

/// The proxy. It is killed when it is dropped.
pub struct Passage {
    child: Child,
    pub address: SocketAddr,
    /// Its token; empty where it printed none.
    pub token: String,
}

impl Passage {
    /// Starts `conn proxy … --format json` and waits until it says where it listens.
    pub fn start(mut command: Command) -> Self {
        let streams = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = streams.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let said: serde_json::Value = serde_json::from_str(&line).unwrap_or_default();
        let Some(address) = said["address"].as_str() else {
            let output = child.wait_with_output().unwrap();
            panic!("{line}{}", String::from_utf8_lossy(&output.stderr));
        };
        let address = address.strip_prefix("http://").unwrap().parse().unwrap();
        Self { child, address, token: said["token"].as_str().unwrap_or_default().to_owned() }
    }

    /// Sends these bytes and reads until the end; a call must say `Connection: close`.
    pub fn raw(&self, bytes: &[u8]) -> String {
        let mut stream = TcpStream::connect(self.address).unwrap();
        // It may answer and close before everything is said.
        let _ = stream.write_all(bytes);
        let mut answer = vec![];
        let _ = stream.read_to_end(&mut answer);
        String::from_utf8_lossy(&answer).into_owned()
    }

    /// A call with further header lines, as they stand.
    pub fn call(&self, line: &str, headers: &[&str], body: &str) -> String {
        let mut text = format!("{line} HTTP/1.1\r\nConnection: close\r\n");
        for header in headers {
            text.push_str(&format!("{header}\r\n"));
        }
        if !body.is_empty() {
            text.push_str(&format!("Content-Length: {}\r\n", body.len()));
        }
        self.raw(format!("{text}\r\n{body}").as_bytes())
    }

    /// A call as it should be.
    pub fn ask(&self, line: &str) -> String {
        self.call(line, &[&self.host(), &self.bearer()], "")
    }

    pub fn host(&self) -> String {
        format!("Host: {}", self.address)
    }

    pub fn bearer(&self) -> String {
        format!("Authorization: Bearer {}", self.token)
    }

    /// Ends it as Ctrl-C or a service manager does; what it said on standard error, and how it ended.
    #[cfg(unix)]
    pub fn end(&mut self, signal: rustix::process::Signal) -> (i32, String) {
        let process = rustix::process::Pid::from_raw(i32::try_from(self.child.id()).unwrap()).unwrap();
        rustix::process::kill_process(process, signal).unwrap();
        let mut said = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        (self.child.wait().unwrap().code().unwrap_or(-1), said)
    }
}

impl Drop for Passage {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The status of an answer.
pub fn status(answer: &str) -> u16 {
    answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_default()
}
