//! Where each promise about a failure is kept. A row is a question that a person in trouble asks, by its number
//! in the specification; the causes that answer it; and the tests that show it. To add a row, add a line.

use std::path::{Path, PathBuf};

use conn::cause;

/// Number, question, causes without `CONN-`, tests by the name of their function.
type Row = (&'static str, &'static str, &'static [&'static str], &'static [&'static str]);

const ROWS: &[Row] = &[
    (
        "S0-1",
        "is the line unstable?",
        &["NET-OFFLINE", "NET-FLAKY"],
        &["a_machine_without_a_way_out", "half_of_the_connections_lose_their_first_packet"],
    ),
    ("S0-7", "is the server down?", &["NET-REFUSED"], &["o13_a_port_where_nobody_listens"]),
    (
        "S0-12",
        "is this machine on the network?",
        &["NET-OFFLINE", "DNS-NO-RESOLVER"],
        &["a_machine_without_a_way_out", "a_machine_without_a_name_server"],
    ),
    (
        "S0-13",
        "is it the router?",
        &["NET-OFFLINE", "NET-UNREACHABLE"],
        &["a_machine_without_a_way_out", "o15_a_firewall_that_says_no"],
    ),
    (
        "S0-14",
        "does a firewall stand between?",
        &["NET-TIMEOUT", "NET-UNREACHABLE", "NET-RESET", "TLS-HANDSHAKE-TIMEOUT", "TLS-HANDSHAKE-RESET"],
        &[
            "o14_a_firewall_that_drops_silently",
            "o15_a_firewall_that_says_no",
            "a_reset_at_the_door",
            "a_server_that_is_mute",
            "a_server_that_hangs_up",
        ],
    ),
    (
        "S0-15",
        "does security software stand between?",
        &["TLS-INTERCEPTED", "DNS-SINKHOLE", "PXY-REQUIRED"],
        &[
            "o25_a_certificate_of_an_inspection_appliance",
            "o12_a_filter_that_answers_with_nobodys_address",
            "a_proxy_that_everybody_uses_but_conn_was_not_told_of",
        ],
    ),
    (
        "S0-30",
        "do others reach the network?",
        &["NET-TIMEOUT", "EDGE-CAPTIVE"],
        &["o14_a_firewall_that_drops_silently", "a_network_that_wants_a_person_to_sign_in_first"],
    ),
    (
        "S1-25",
        "which wait was too long?",
        &["DNS-TIMEOUT", "NET-TIMEOUT", "TLS-HANDSHAKE-TIMEOUT", "NET-READ-TIMEOUT"],
        &[
            "o11_a_name_server_that_is_silent_ends_the_process_within_8_seconds",
            "o14_a_firewall_that_drops_silently",
            "a_server_that_is_mute",
            "a_service_that_takes_the_request_and_never_answers",
        ],
    ),
    ("S1-39", "what ends soon?", &["TLS-EXPIRES-SOON"], &["a_certificate_that_ends_next_week"]),
    (
        "S3-24",
        "is the host right?",
        &["DNS-NXDOMAIN", "DNS-CNAME-DANGLING"],
        &["o08_a_name_that_does_not_exist", "an_alias_for_a_name_that_is_gone"],
    ),
];

#[test]
fn each_row_names_causes_and_tests_that_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let sources: String = ["tests", "src"]
        .iter()
        .flat_map(|folder| files(&root.join(folder)))
        .map(|file| read(&file))
        .collect();
    for (place, (row, question, codes, tests)) in ROWS.iter().enumerate() {
        assert!(ROWS[..place].iter().all(|(other, ..)| other != row), "{row} stands twice");
        assert!(!question.is_empty() && !codes.is_empty() && !tests.is_empty(), "{row} is empty");
        for code in *codes {
            assert!(cause::find(&format!("CONN-{code}")).is_some(), "{row}: {code} is no cause");
        }
        for test in *tests {
            let exists =
                [format!("case!({test},"), format!("fn {test}(")].iter().any(|form| sources.contains(form));
            assert!(exists, "{row}: there is no test {test}");
        }
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let below = entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] });
    below.filter(|path| path.extension().is_some_and(|extension| extension == "rs")).collect()
}

fn read(file: &Path) -> String {
    std::fs::read_to_string(file).unwrap()
}
