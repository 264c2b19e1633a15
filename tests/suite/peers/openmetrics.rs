//! Metrics, read by the parser that the makers of the format ship.

use std::process::Command;

use crate::support::cli::Home;
use crate::support::program::free_port;
use crate::support::python;
use crate::support::scripted::{Script, Scripted, answer};

/// Prints each sample: its name, its connection and its value.
const READ: &str = "
import sys
from prometheus_client.openmetrics.parser import text_string_to_metric_families
for family in text_string_to_metric_families(open(sys.argv[1]).read()):
    assert family.type == 'gauge', family
    for sample in family.samples:
        print(sample.name, sample.labels['connection'], *[sample.labels[k] for k in ('code', 'state') if k in sample.labels], sample.value)
";

#[test]
fn metrics_of_a_fleet_are_read_by_the_official_parser() {
    let Some(python) =
        python::with("CONN_TEST_OPENMETRICS", "openmetrics", "prometheus_client", &["prometheus_client"])
    else {
        return;
    };
    let good = Scripted::start(Script::says(answer(
        "200 OK",
        "Content-Type: application/json\r\nX-RateLimit-Limit: 1000\r\nX-RateLimit-Remaining: 412\r\n",
        b"{}",
    )));
    let mut definitions = String::from(
        "[connectors.acme]\nbase = '{address}'\nvars.address = { label = 'Address' }\ntest.request = 'GET /me'\n\
         [connectors.acme.auth.key]\nkind = 'api_key'\nheader.x-api-key = '{api_key}'\nparams.api_key = { label = 'Key' }\n",
    );
    for (name, port) in [("good", good.address.port()), ("stopped", free_port())] {
        definitions.push_str(&format!(
            "[connections.{name}]\nconnector = 'acme'\nvars.address = 'http://127.0.0.1:{port}'\nsecrets.api_key = 'env:KEY'\n"
        ));
    }
    let home = Home::with(&definitions).knowing("KEY", "key-0123456789");
    let read = |arguments: &[&str]| {
        let run = home.run(arguments);
        assert!(run.out.ends_with("# EOF\n"), "{run:#?}");
        let file = home.definitions().with_file_name("metrics.txt");
        std::fs::write(&file, &run.out).unwrap();
        let read = Command::new(&python).arg("-c").arg(READ).arg(&file).output().unwrap();
        assert!(read.status.success(), "{read:?}\n{run:#?}");
        String::from_utf8(read.stdout).unwrap()
    };
    let tested = read(&["test", "--all", "--format", "openmetrics"]);
    for line in ["conn_up good 1", "conn_up stopped 0", "conn_finding stopped CONN-NET-REFUSED 1"] {
        assert!(tested.lines().any(|told| told == line), "{line}\n{tested}");
    }
    let listed = read(&["list", "--format", "openmetrics"]);
    for line in ["conn_up good 1", "conn_up stopped 0", "conn_state good connected 1"] {
        assert!(listed.lines().any(|told| told == line), "{line}\n{listed}");
    }
}
