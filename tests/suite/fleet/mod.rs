//! Many connections: parts of a fleet on several machines, what passes by itself, what ends soon.

#[cfg(unix)]
mod examples;
mod expiring;
mod handshakes;
mod merge;
mod outage;
mod patience;

use crate::support::site::Site;
use conn::sandbox::Credentials;

/// Twelve connections to the sandbox; `refused` has a key that it does not know, `away` an address where nobody is.
fn fleet() -> Site {
    let mut site = Site::with(Credentials::generate());
    site.set("WRONG", "demo-wrong-key-0000");
    let nobody = crate::support::program::free_port();
    let mut definitions = String::new();
    for number in 0..12 {
        let (name, address, key) = match number {
            3 => ("refused".to_owned(), site.words("{url}").remove(0), "env:WRONG"),
            7 => ("away".to_owned(), format!("http://127.0.0.1:{nobody}"), "env:KEY"),
            _ => (format!("shop-{number:02}"), site.words("{url}").remove(0), "env:KEY"),
        };
        definitions.push_str(&format!(
            "[connections.{name}]\nconnector = 'sandbox'\nmethod = 'key'\nvars.address = '{address}'\nsecrets.api_key = '{key}'\n"
        ));
    }
    std::fs::write(site.path("work/fleet.toml"), definitions).unwrap();
    site.set("CONN_CONFIG", "fleet.toml");
    site
}
