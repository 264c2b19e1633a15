//! The results of a fleet, read by a JUnit parser that others wrote.

use std::process::Command;

use super::nginx::{API, AROUND, GATEWAY};
use crate::support::certificate::Authority;
use crate::support::cli::Home;
use crate::support::nginx::Nginx;
use crate::support::program::free_port;
use crate::support::python;

/// Prints, for each suite, its name and how its cases ended.
const READ: &str = "
import sys
from junitparser import JUnitXml, Failure, Error, Skipped
for suite in JUnitXml.fromfile(sys.argv[1]):
    ends = [case.result for case in suite]
    kinds = lambda kind: sum(isinstance(one, kind) for results in ends for one in results)
    assert suite.tests == len(ends) and suite.failures == kinds(Failure) and kinds(Error) == 0
    types = [one.type for results in ends for one in results if isinstance(one, Failure)]
    print(suite.name, *types)
";

#[test]
fn a_fleet_is_read_by_a_junit_parser() {
    let root = Authority::root("conn tests", "Test Root");
    let Some(nginx) = Nginx::with(&root.good(), AROUND, API) else { return };
    let Some(python) = python::with("CONN_TEST_JUNITPARSER", "junit", "junitparser", &["junitparser"]) else {
        return;
    };
    let mut definitions = GATEWAY.to_owned();
    for (name, port, source) in
        [("good", nginx.port, "GOOD"), ("refused", nginx.port, "WRONG"), ("stopped", free_port(), "GOOD")]
    {
        definitions.push_str(&format!(
            "\n[connections.{name}]\nconnector = \"gateway\"\nmethod = \"key\"\n\
             vars.base = \"https://localhost:{port}\"\nsecrets.api_key = \"env:{source}\"\n"
        ));
    }
    let home = Home::with(&definitions)
        .knowing("GOOD", "key-old-0123456789")
        .knowing("WRONG", "key-wrong-01234567")
        .knowing("CONN_CACERT", root.file().to_str().unwrap());
    let run = home.run(&["test", "--all", "--format", "junit"]);
    assert_eq!(run.code, 6, "the path comes before the credential: {run:#?}");
    let file = home.definitions().with_file_name("results.xml");
    std::fs::write(&file, &run.out).unwrap();
    let read = Command::new(python).arg("-c").arg(READ).arg(&file).output().unwrap();
    assert!(read.status.success(), "{read:?}\n{run:#?}");
    let mut suites: Vec<String> = String::from_utf8(read.stdout).unwrap().lines().map(String::from).collect();
    suites.sort();
    assert_eq!(suites, ["good", "refused CONN-AUTH-REJECTED", "stopped CONN-NET-REFUSED"], "{run:#?}");
}
