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
    (
        "S1-39",
        "what ends soon?",
        &["TLS-EXPIRES-SOON", "AUTH-KEY-EXPIRES-SOON"],
        &[
            "a_certificate_that_ends_next_week",
            "s0_5_s1_39_a_key_that_ends_soon_warns_and_one_that_ended_is_named_as_such",
        ],
    ),
    (
        "S3-24",
        "is the host right?",
        &["DNS-NXDOMAIN", "DNS-CNAME-DANGLING"],
        &["o08_a_name_that_does_not_exist", "an_alias_for_a_name_that_is_gone"],
    ),
    (
        "S0-2",
        "has the API changed?",
        &["API-DEPRECATED", "API-SUNSET", "BODY-SCHEMA"],
        &[
            "s1_34_deprecations_are_collected_over_time_and_listed_soonest_first",
            "a_field_that_vanished_or_changed_its_type_is_a_warning_that_names_it",
        ],
    ),
    (
        "S0-5",
        "has the key ended?",
        &["AUTH-KEY-EXPIRED", "AUTH-KEY-EXPIRES-SOON"],
        &["s0_5_s1_39_a_key_that_ends_soon_warns_and_one_that_ended_is_named_as_such"],
    ),
    (
        "S0-17",
        "does it break off again and again?",
        &["NET-FLAKY"],
        &["s0_17_a_path_that_works_and_fails_in_turn_is_told_beside_the_cause_of_now"],
    ),
    (
        "S1-22",
        "do the other connections still work?",
        &["NET-REFUSED", "NET-OFFLINE"],
        &[
            "s1_22_failures_with_one_cause_are_counted_as_one_and_what_was_not_tested_is_named",
            "others_that_cannot_be_reached_either_make_it_the_networks_fault_and_one_that_can_does_not",
        ],
    ),
    (
        "S1-23",
        "what has changed?",
        &["AUTH-REJECTED"],
        &["a_host_that_was_changed_in_the_file_is_named_with_its_line_and_told_again_from_saved_facts"],
    ),
    (
        "S1-34",
        "what has the service announced?",
        &["API-DEPRECATED", "API-SUNSET"],
        &["s1_34_deprecations_are_collected_over_time_and_listed_soonest_first"],
    ),
    (
        "S1-36",
        "since when, and how often?",
        &["NET-REFUSED"],
        &["s0_17_a_path_that_works_and_fails_in_turn_is_told_beside_the_cause_of_now"],
    ),
    (
        "S1-38",
        "are there rights that nobody needs?",
        &["PERM-EXCESS"],
        &["s1_38_scopes_beyond_need_are_told_with_those_that_are_needed"],
    ),
    (
        "S3-18",
        "did we call too often ourselves?",
        &["RATE-BURST"],
        &["s3_18_a_counter_that_falls_as_we_call_is_our_own_doing"],
    ),
    (
        "S3-19",
        "does another app use the same key?",
        &["RATE-SHARED"],
        &[
            "o39a_a_counter_that_falls_by_five_for_each_call_warns_that_it_is_shared",
            "o39b_a_limit_that_others_reached_is_not_called_a_burst",
        ],
    ),
    (
        "S3-21",
        "how long to wait?",
        &["RATE-BURST"],
        &["o38_s3_21_a_run_that_waits_until_the_time_that_the_service_names_succeeds"],
    ),
    (
        "S3-22",
        "how far apart may calls be?",
        &["RATE-SHARED"],
        &["o39a_a_counter_that_falls_by_five_for_each_call_warns_that_it_is_shared"],
    ),
    (
        "S3-23",
        "who else calls, and how to part from them?",
        &["RATE-SHARED"],
        &["o39a_a_counter_that_falls_by_five_for_each_call_warns_that_it_is_shared"],
    ),
    ("S0-6", "is it maintenance?", &["VEND-MAINTENANCE"], &["o40_maintenance_until_a_moment"]),
    (
        "S0-33",
        "is the key or the address mistyped?",
        &["SEC-WHITESPACE", "CFG-HOST-FORM"],
        &["o05_a_key_with_something_around_it", "o02_an_address_without_a_scheme"],
    ),
    ("S1-2", "does the service know the key?", &["AUTH-KEY-UNKNOWN"], &["o33_a_key_that_nobody_knows"]),
    (
        "S1-4",
        "is the key missing?",
        &["SEC-MISSING", "AUTH-NOT-SENT"],
        &["o06_a_key_that_is_not_in_its_store", "a_key_that_the_service_does_not_find_in_the_request"],
    ),
    (
        "S1-5",
        "is the address of the call right?",
        &["API-PATH"],
        &["s1_5_an_address_that_the_service_does_not_have"],
    ),
    ("S1-6", "is the form of the answer another one?", &["BODY-TYPE"], &["o31_xml_where_json_belongs"]),
    ("S1-8", "were there too many calls?", &["RATE-BURST"], &["o38_too_many_calls_in_a_moment"]),
    (
        "S1-12",
        "was it not found, or is it hidden?",
        &["API-RESOURCE", "API-HIDDEN"],
        &["s1_12_a_record_that_does_not_exist", "s1_12_a_record_that_is_hidden_from_this_key"],
    ),
    (
        "S1-26",
        "are the rights there?",
        &["PERM-RESOURCE"],
        &["o37_one_right_of_three_is_missing", "s1_26_the_test_request_itself_is_refused_and_others_are_not"],
    ),
    ("S2-6", "is the link name taken?", &["CFG-LINKNAME-DUP"], &["o03_two_connections_of_one_name"]),
    ("S3-6", "is a sample left in the host?", &["CFG-PLACEHOLDER"], &["o01_a_sample_left_in_the_address"]),
    (
        "S3-10",
        "which of three rights is missing?",
        &["PERM-RESOURCE"],
        &["o37_one_right_of_three_is_missing"],
    ),
    (
        "S3-12",
        "was the key entered wrongly?",
        &["AUTH-KEY-UNKNOWN", "SEC-WHITESPACE"],
        &["o33_a_key_that_nobody_knows", "o05_a_key_with_something_around_it"],
    ),
    (
        "S3-13",
        "was the owner of the key disabled?",
        &["AUTH-USER-DISABLED"],
        &["s3_13_the_owner_of_the_key_was_disabled"],
    ),
    ("S3-14", "was the key made anew?", &["AUTH-KEY-ROTATED"], &["o34_a_key_that_was_replaced"]),
    (
        "S4-12",
        "is there more than one connection where one is allowed?",
        &["CFG-SINGLE"],
        &["o04_more_connections_than_the_service_allows"],
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
