//! The whole program against services that others wrote.

mod accounts;
mod httpbin;
mod junit;
#[cfg(target_os = "linux")]
mod keyring;
mod nginx;
mod oauth_proofs;
mod oauth_servers;
mod openmetrics;
mod rabbitmq;
mod radicale;

use crate::support::cli::Home;

#[test]
fn the_definitions_for_these_services_have_no_mistake() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/peers");
    let home = Home::with("");
    let mut seen = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let run = home.run(&["lint", "--strict", path.to_str().unwrap()]);
        assert_eq!(run.code, 0, "{}: {run:#?}", path.display());
        seen += 1;
    }
    assert!(seen > 0);
}
