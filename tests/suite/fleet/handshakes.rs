//! Connections to one host share what was paid for once: a handshake for each host, by the server's own count.

use crate::support::certificate::Authority;
use crate::support::cli::Home;
use crate::support::http;
use crate::support::nginx::Nginx;
use crate::support::program::free_port;

const HOSTS: usize = 10;
const CONNECTIONS: usize = 200;

/// Connections accepted and requests answered so far, this very question not counted.
fn counted(status: u16, asked: usize) -> (usize, usize) {
    let page = http::get(status, "/", &[]).body;
    let numbers = page.lines().nth(2).unwrap().split_whitespace().map(|number| number.parse().unwrap());
    let [accepts, _, requests] = <[usize; 3]>::try_from(numbers.collect::<Vec<_>>()).unwrap();
    (accepts - asked - 1, requests - asked - 1)
}

/// A server for each port, and connections spread over them.
fn fleet(ports: &[u16], connections: usize, further: &str) -> Option<(Nginx, Home)> {
    let root = Authority::root("conn tests", "Test Root");
    let mut servers = further.to_owned();
    for port in ports {
        servers.push_str(&format!(
            "server {{ listen 127.0.0.1:{port} ssl http2; ssl_certificate chain.pem; ssl_certificate_key key.pem;
               ssl_session_tickets off; location / {{ default_type application/json; return 200 '{{}}'; }} }}\n"
        ));
    }
    let nginx = Nginx::with(&root.good(), &servers, "")?;
    let mut definitions = String::from(
        "[connectors.acme]\nbase = '{address}'\nvars.address = { label = 'Address' }\ntest.request = 'GET /me'\n\
         [connectors.acme.auth.key]\nkind = 'api_key'\nheader.x-api-key = '{api_key}'\nparams.api_key = { label = 'Key' }\n",
    );
    for number in 0..connections {
        let port = ports[number % ports.len()];
        definitions.push_str(&format!(
            "[connections.shop-{number:03}]\nconnector = 'acme'\nvars.address = 'https://localhost:{port}'\nsecrets.api_key = 'env:KEY'\n"
        ));
    }
    let home = Home::with(&definitions).knowing("KEY", "key-0123456789");
    let authority = home.folder().join("authority.pem");
    std::fs::copy(root.file(), &authority).unwrap();
    Some((nginx, home.knowing("CONN_CACERT", authority.to_str().unwrap())))
}

#[test]
fn two_hundred_connections_on_ten_hosts_make_ten_handshakes() {
    let (status, ports) = (free_port(), [(); HOSTS].map(|()| free_port()));
    let counter = format!("server {{ listen 127.0.0.1:{status}; location / {{ stub_status; }} }}\n");
    let Some((_nginx, home)) = fleet(&ports, CONNECTIONS, &counter) else { return };
    let before = counted(status, 0);
    let run = home.run(&["test", "--all", "--jobs", "64", "--format", "json"]);
    assert_eq!(run.code, 0, "{run:#?}");
    assert_eq!(run.json()["summary"]["verdicts"]["ok"], CONNECTIONS);
    let after = counted(status, 1);
    assert_eq!((after.0 - before.0, after.1 - before.1), (HOSTS, CONNECTIONS), "handshakes and requests");
}

/// The limit of open files of many a job: a host is left before the limit is reached.
#[test]
#[cfg(unix)]
fn more_hosts_than_files_may_be_open_are_no_fault_of_the_network() {
    let ports = [(); 90].map(|()| free_port());
    let Some((_nginx, home)) = fleet(&ports, ports.len(), "") else { return };
    let conn = home.command(&["test", "--all", "--jobs", "256", "--format", "json"]);
    let mut limited = std::process::Command::new("sh");
    limited.args(["-c", "ulimit -n 72 && exec \"$0\" \"$@\""]).arg(conn.get_program()).args(conn.get_args());
    limited.env_clear().envs(conn.get_envs().filter_map(|(name, value)| Some((name, value?))));
    limited.current_dir(conn.get_current_dir().unwrap_or(home.folder()));
    let run = crate::support::cli::finish(limited, b"");
    assert_eq!(run.code, 0, "{run:#?}");
    assert_eq!(run.json()["summary"]["verdicts"]["ok"], ports.len());
}
