//! httpbin under gunicorn.

use std::process::{Command, Stdio};
use std::sync::Arc;

use super::program::{Running, free_port};
use super::python;
use super::shared::Shared;

/// A running httpbin.
pub struct Httpbin {
    pub port: u16,
    _running: Running,
}

static HTTPBIN: Shared<Httpbin> = Shared::new();

impl Httpbin {
    /// The httpbin of this moment; `None` where there is none.
    pub fn get() -> Option<Arc<Self>> {
        HTTPBIN.get(Self::start)
    }

    /// One that nobody else uses.
    pub fn start() -> Option<Self> {
        let packages = ["httpbin==0.10.4", "gunicorn==27.0.1"];
        let python = python::with("CONN_TEST_HTTPBIN", "httpbin", "httpbin, gunicorn", &packages)?;
        let port = free_port();
        let mut command = Command::new(python);
        command
            .args(["-m", "gunicorn", "--worker-class", "gthread", "--threads", "8"])
            .args(["--bind", &format!("127.0.0.1:{port}"), "httpbin:app"])
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        Some(Self { port, _running: Running::start(command, port) })
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}
