//! RabbitMQ with its management API, all of its files and ports its own.
//!
//! User `ops` is an administrator, `reader` may use the management API, `nobody` may not; each has the
//! password `passwd`.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use super::program::{Running, free_port, require};

const DEFINITIONS: &str = r#"{
  "users": [
    {"name": "ops", "password": "passwd", "tags": "administrator"},
    {"name": "reader", "password": "passwd", "tags": "management"},
    {"name": "nobody", "password": "passwd", "tags": ""}
  ],
  "vhosts": [{"name": "/"}],
  "permissions": [{"user": "ops", "vhost": "/", "configure": ".*", "write": ".*", "read": ".*"}]
}"#;

/// A running RabbitMQ.
pub struct RabbitMq {
    pub port: u16,
    names: u16,
    running: Option<Running>,
    _folder: tempfile::TempDir,
}

impl RabbitMq {
    /// Starts it, which takes a while; `None` where it is not installed.
    pub fn start() -> Option<Self> {
        // Not the script of Debian in `/usr/sbin`, which insists on its own user.
        let program = Path::new("/usr/lib/rabbitmq/bin/rabbitmq-server");
        if !program.is_file() {
            return require("rabbitmq-server").map(|_| panic!("rabbitmq-server is not where it is expected"));
        }
        let folder = tempfile::tempdir().unwrap();
        let (port, traffic, nodes, names) = (free_port(), free_port(), free_port(), free_port());
        let at = |name: &str| folder.path().join(name);
        let settings = format!(
            "listeners.tcp.local = 127.0.0.1:{traffic}\nmanagement.tcp.ip = 127.0.0.1\n\
             management.tcp.port = {port}\nload_definitions = {}\n",
            at("definitions.json").display()
        );
        std::fs::write(at("rabbitmq.conf"), settings).unwrap();
        std::fs::write(at("definitions.json"), DEFINITIONS).unwrap();
        std::fs::write(at("plugins"), "[rabbitmq_management].\n").unwrap();
        let mut command = Command::new(program);
        command
            .env_clear()
            .env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin")
            .env("LANG", "C.UTF-8")
            .env("HOME", folder.path())
            .env("ERL_EPMD_PORT", names.to_string())
            .env("ERL_EPMD_ADDRESS", "127.0.0.1")
            .env("ERL_EPMD_RELAXED_COMMAND_CHECK", "1")
            .env("RABBITMQ_NODENAME", format!("conn{port}@localhost"))
            .env("RABBITMQ_DIST_PORT", nodes.to_string())
            .env("RABBITMQ_MNESIA_BASE", at("mnesia"))
            .env("RABBITMQ_LOG_BASE", at("log"))
            .env("RABBITMQ_CONFIG_FILE", at("rabbitmq.conf"))
            .env("RABBITMQ_GENERATED_CONFIG_DIR", at("generated"))
            .env("RABBITMQ_ENABLED_PLUGINS_FILE", at("plugins"))
            .env("RABBITMQ_CONF_ENV_FILE", "/dev/null")
            .env("RABBITMQ_PID_FILE", at("pid"))
            .env("RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS", "-kernel inet_dist_use_interface {127,0,0,1}")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let running = Running::start_within(command, port, Duration::from_secs(120));
        Some(Self { port, names, running: Some(running), _folder: folder })
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

impl Drop for RabbitMq {
    fn drop(&mut self) {
        drop(self.running.take());
        // Erlang's name server has left the group of its parent.
        let mut end = Command::new("epmd");
        end.arg("-kill").env("ERL_EPMD_PORT", self.names.to_string()).env("ERL_EPMD_ADDRESS", "127.0.0.1");
        let _ = end.stdout(Stdio::null()).stderr(Stdio::null()).status();
    }
}
