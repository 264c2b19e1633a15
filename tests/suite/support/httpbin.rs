//! httpbin under gunicorn: a service that others wrote, with a page for each way to authenticate.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::program::{Running, free_port, missing};

/// A running httpbin.
pub struct Httpbin {
    pub url: String,
    _running: Running,
}

impl Httpbin {
    /// Starts httpbin; `None` where it is not installed. `.ci/httpbin` installs it under `target/`.
    pub fn start() -> Option<Self> {
        let Some(python) = python() else {
            missing("httpbin is not installed (bash .ci/httpbin installs it under target/)");
            return None;
        };
        let port = free_port();
        let mut command = Command::new(python);
        command
            .args(["-m", "gunicorn", "--bind", &format!("127.0.0.1:{port}"), "--threads", "4"])
            .args(["--log-level", "critical", "httpbin:app"])
            .stdin(Stdio::null());
        Some(Self { url: format!("http://127.0.0.1:{port}"), _running: Running::start(command, port) })
    }
}

/// A python that can import httpbin and gunicorn: the one that `CONN_TEST_HTTPBIN` names, or our own.
fn python() -> Option<PathBuf> {
    #[expect(clippy::disallowed_methods, reason = "where the peer is, is a fact about where the tests run")]
    let named = std::env::var_os("CONN_TEST_HTTPBIN").map(PathBuf::from);
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/peers/httpbin/bin/python");
    let python = named.unwrap_or(own);
    let check = Command::new(&python).args(["-c", "import httpbin, gunicorn"]).stderr(Stdio::null()).status();
    check.is_ok_and(|status| status.success()).then_some(python)
}
