//! nginx with TLS, answering 200 to everything that its further settings do not answer. Below its folder is a
//! file `users` for `auth_basic_user_file`: user `ops`, password `passwd`.

use std::process::Command;

use super::certificate::Identity;
use super::program::{Running, free_port, require};

/// A running nginx.
pub struct Nginx {
    pub port: u16,
    _running: Running,
    _folder: tempfile::TempDir,
}

impl Nginx {
    /// Starts nginx; `further` goes into its `server` block. `None` where it is not installed.
    pub fn start(identity: &Identity, further: &str) -> Option<Self> {
        Self::with(identity, "", further)
    }

    /// The same with settings of the `http` block, which stand outside the server.
    pub fn with(identity: &Identity, around: &str, further: &str) -> Option<Self> {
        let program = require("nginx")?;
        let folder = tempfile::tempdir().unwrap();
        let port = free_port();
        let here = folder.path().display();
        let (chain, key) = identity.pem();
        std::fs::write(folder.path().join("chain.pem"), chain).unwrap();
        std::fs::write(folder.path().join("key.pem"), key).unwrap();
        std::fs::write(folder.path().join("users"), "ops:{PLAIN}passwd\n").unwrap();
        let config = format!(
            "daemon off; master_process off; pid {here}/pid; error_log {here}/error.log;
             events {{ worker_connections 512; }}
             http {{
               access_log off; client_body_temp_path {here}/a; proxy_temp_path {here}/b;
               fastcgi_temp_path {here}/c; uwsgi_temp_path {here}/d; scgi_temp_path {here}/e;
               {around}
               server {{
                 listen 127.0.0.1:{port} ssl http2;
                 ssl_certificate {here}/chain.pem; ssl_certificate_key {here}/key.pem;
                 {further}
                 location / {{ default_type application/json; return 200 '{{\"by\":\"nginx\"}}'; }}
               }}
             }}"
        );
        let file = folder.path().join("nginx.conf");
        std::fs::write(&file, config).unwrap();
        let mut command = Command::new(program);
        command
            .arg("-p")
            .arg(folder.path())
            .arg("-c")
            .arg(&file)
            .arg("-e")
            .arg(folder.path().join("error.log"));
        Some(Self { port, _running: Running::start(command, port), _folder: folder })
    }
}
