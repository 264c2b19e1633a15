//! Real programs of others, started where the servers of a case are.

use std::fs;
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Command, Stdio};
use std::time::Duration;

use super::lab::{Lab, SERVER};
use crate::support::program::{Running, require};

/// How long a program may take to listen.
const PATIENCE: Duration = Duration::from_secs(30);

impl Lab {
    /// Starts dnsmasq at 10.77.0.3 and makes it the only name server of conn.
    pub fn dnsmasq(&self, options: &[&str]) -> Option<Running> {
        let mut command = Command::new(require("dnsmasq")?);
        command.args([
            "--keep-in-foreground",
            "--conf-file=/dev/null",
            "--no-resolv",
            "--no-hosts",
            "--user=root",
        ]);
        command.args(["--listen-address=10.77.0.3", "--bind-interfaces", "--pid-file="]).args(options);
        self.etc("resolv.conf", "nameserver 10.77.0.3\n");
        Some(quiet(command, "10.77.0.3:53".parse().unwrap()))
    }

    /// Starts squid at port 3128; `rules` decide who may pass.
    pub fn squid(&self, rules: &str) -> Option<Running> {
        let program = require("squid")?;
        let folder = self.folder("squid");
        // squid leaves root for a user of its own.
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o777)).unwrap();
        let here = folder.display();
        fs::write(folder.join("hosts"), format!("{SERVER} api.test\n")).unwrap();
        let config = format!(
            "http_port {SERVER}:3128\nhosts_file {here}/hosts\ndns_nameservers {SERVER}\npid_filename none\n\
             cache_log /dev/null\naccess_log none\ncache deny all\ncache_mem 1 MB\ncoredump_dir {here}\n\
             icon_directory {here}\nshutdown_lifetime 0 seconds\n{rules}"
        );
        let file = folder.join("squid.conf");
        fs::write(&file, config).unwrap();
        let mut command = Command::new(program);
        command.args(["-N", "-n", &format!("lab{}", std::process::id()), "-f"]).arg(&file);
        Some(quiet(command, SocketAddr::new(SERVER, 3128)))
    }

    /// Starts nginx for `api.test` at port 443 with a good certificate; `listen` holds `ssl` or nothing, `further`
    /// goes into its `server` block.
    pub fn nginx(&self, listen: &str, further: &str) -> Option<Running> {
        self.zone.address("api.test", SERVER);
        let command = self.nginx_command(&format!("{SERVER}:443 {listen}"), further)?;
        Some(quiet(command, SocketAddr::new(SERVER, 443)))
    }

    /// The same on the machine of conn itself.
    pub fn own_nginx(&self, listen: &str, further: &str) -> Option<Running> {
        let listen = format!("127.0.0.1:443 {listen}; listen 10.77.0.1:443 {listen}");
        let command = self.nginx_command(&listen, further)?;
        Some(quiet(self.beside_conn(&command), "10.77.0.1:443".parse().unwrap()))
    }

    fn nginx_command(&self, listen: &str, further: &str) -> Option<Command> {
        let program = require("nginx")?;
        let folder = self.folder("nginx");
        let here = folder.display();
        let (chain, key) = self.root.good().pem();
        fs::write(folder.join("chain.pem"), chain).unwrap();
        fs::write(folder.join("key.pem"), key).unwrap();
        let config = format!(
            "daemon off; master_process off; pid {here}/pid; error_log {here}/error.log;
             events {{ worker_connections 64; }}
             http {{
               access_log off; client_body_temp_path {here}/a; proxy_temp_path {here}/b;
               fastcgi_temp_path {here}/c; uwsgi_temp_path {here}/d; scgi_temp_path {here}/e;
               server {{
                 listen {listen};
                 ssl_certificate {here}/chain.pem; ssl_certificate_key {here}/key.pem;
                 {further}
                 location / {{ default_type application/json; return 200 '{{\"acme\":{{}}}}'; }}
               }}
             }}"
        );
        let file = folder.join("nginx.conf");
        fs::write(&file, config).unwrap();
        let mut command = Command::new(program);
        command.arg("-p").arg(&folder).arg("-c").arg(&file).arg("-e").arg(folder.join("error.log"));
        Some(command)
    }
}

/// Starts a program without its talk.
fn quiet(mut command: Command, address: SocketAddr) -> Running {
    command.stdout(Stdio::null()).stderr(Stdio::null());
    Running::start_at(command, address, PATIENCE)
}
