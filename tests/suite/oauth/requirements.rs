//! What a native client must do (RFC 6749, 7636, 8252, 8628, 9449, 9700 and their neighbours), each with a test
//! that holds it up.

use std::collections::BTreeSet;
use std::path::Path;

/// Number, requirement, and the tests that cover it.
const TABLE: [(u8, &str, &[&str]); 50] = [
    (
        1,
        "code flow in the system browser only",
        &["a_person_consents_in_the_browser_and_the_connection_is_proven_before_the_page_says_so"],
    ),
    (
        2,
        "PKCE with a fresh verifier",
        &[
            "a_key_is_fresh_long_and_as_the_definition_says",
            "the_published_verifier_gives_the_published_challenge",
            "two_attempts_share_neither_state_nor_challenge_nor_nonce",
        ],
    ),
    (3, "no fall back from S256", &["a_service_without_s256_is_not_gone_on_with"]),
    (
        4,
        "state of 128 bits, used once",
        &[
            "a_foreign_callback_sends_nothing_and_the_wait_goes_on",
            "two_attempts_share_neither_state_nor_challenge_nor_nonce",
        ],
    ),
    (5, "state is checked before error", &["nothing_is_believed_before_the_state_is_ours"]),
    (
        6,
        "the issuer of an answer is compared",
        &["a_mixed_up_issuer_is_refused_before_the_token_request", "an_answer_of_another_issuer_is_refused"],
    ),
    (
        7,
        "a callback path of its own per connection",
        &["the_callback_path_holds_the_link_name_where_the_definition_fixes_none"],
    ),
    (8, "hosts from a callback only as allowed", &["values_for_variables_are_kept_only_where_allowed"]),
    (
        9,
        "hosts from a token answer only as allowed",
        &["values_become_variables_only_where_these_allow_them"],
    ),
    (10, "the listener is on loopback only", &["localhost_is_reached_over_both_families"]),
    (
        11,
        "the door closes with its purpose",
        &["a_door_that_is_dropped_is_closed_at_once_and_its_port_is_free"],
    ),
    (12, "localhost means both families", &["localhost_is_reached_over_both_families"]),
    (
        13,
        "a registered port that is taken is named",
        &["a_registered_port_that_is_taken_is_named_with_the_program_that_has_it_and_no_other_is_tried"],
    ),
    (
        14,
        "only the exact path and method",
        &[
            "a_request_is_heard_by_host_path_and_method",
            "hostile_traffic_is_answered_and_the_true_callback_still_arrives",
        ],
    ),
    (15, "only our own Host", &["a_request_is_heard_by_host_path_and_method"]),
    (
        16,
        "repeated parameters are refused",
        &["a_parameter_that_comes_twice_ends_the_consent_whatever_its_values"],
    ),
    (17, "answer pages echo nothing and load nothing", &["whatever_a_page_is_told_stays_text"]),
    (
        18,
        "the code leaves the address bar",
        &["a_person_consents_in_the_browser_and_the_connection_is_proven_before_the_page_says_so"],
    ),
    (
        19,
        "browser and terminal agree",
        &[
            "a_code_with_a_wrong_client_secret_gives_nothing_and_names_the_client",
            "a_person_who_declines_is_told_how_to_try_again_and_nothing_is_asked_of_the_token_endpoint",
        ],
    ),
    (20, "no open redirect", &["no_parameter_of_a_callback_leads_anywhere_else"]),
    (
        21,
        "a code is spent once",
        &["a_code_without_an_answer_is_never_sent_again", "a_replayed_callback_redeems_nothing"],
    ),
    (
        22,
        "https except on loopback",
        &["an_address_is_https_unless_it_is_this_machine", "addresses_are_resolved_and_must_be_https"],
    ),
    (
        23,
        "credentials never in addresses, or masked there",
        &["secrets_in_the_address_are_masked_for_people"],
    ),
    (
        24,
        "no key follows a redirect to another origin",
        &["another_host_gets_no_request_at_all_for_any_kind_and_verb"],
    ),
    (25, "no downgrade to http", &["a_service_over_tls_that_points_to_http_gets_nothing_sent_there"]),
    (26, "no Referer", &["no_request_says_where_the_one_before_went"]),
    (
        27,
        "tokens go to the connector's hosts only",
        &["a_project_file_that_redefines_a_service_gets_no_value_of_the_user"],
    ),
    (
        28,
        "no secret in output, log or files",
        &[
            "a_connection_that_works_keeps_its_tokens_code_and_verifier_to_itself",
            "only_the_verb_whose_purpose_it_is_prints_a_token",
        ],
    ),
    (
        29,
        "bodies in errors are cut and scrubbed",
        &["no_stretch_of_the_body_is_in_a_stop", "a_connection_that_fails_keeps_them_too"],
    ),
    (
        30,
        "tokens live in the keyring",
        &["tokens_live_in_the_keyring_from_consent_to_renewal_and_in_no_file"],
    ),
    (
        31,
        "a keyring has a deadline and no plain substitute",
        &[
            "a_keyring_that_hangs_ends_at_the_deadline",
            "without_a_keyring_nothing_is_saved_and_no_file_takes_its_place",
        ],
    ),
    (
        32,
        "one renewal across processes",
        &[
            "a_hundred_processes_that_need_the_same_ended_rotating_token_make_one_request_and_print_one_token",
            "the_death_of_a_process_frees_its_lock",
        ],
    ),
    (
        33,
        "a refusal reads the store again before it accuses",
        &["processes_that_are_refused_at_once_share_one_renewal"],
    ),
    (
        34,
        "an unknown outcome is explained",
        &[
            "an_answer_that_never_arrives_is_not_asked_for_again_and_the_next_run_explains_the_loss",
            "a_process_killed_while_it_waits_for_new_tokens_is_remembered",
        ],
    ),
    (35, "asked and granted scopes are shown", &["a_scope_that_a_person_keeps_back_is_named"]),
    (
        36,
        "asymmetric client authentication",
        &[
            "a_client_signs_with_its_key_or_its_secret_and_is_believed",
            "a_client_says_who_it_is_to_the_issuer_where_that_is_known",
        ],
    ),
    (
        37,
        "shipped definitions hold no client secret",
        &["no_definition_on_board_holds_a_client_or_its_secret_and_the_format_has_no_place_for_one"],
    ),
    (38, "a password is warned about", &["only_a_grant_that_takes_a_password_warns"]),
    (39, "no token in fragments", &["what_people_paste_becomes_parameters"]),
    (
        40,
        "metadata of this issuer only",
        &[
            "only_the_document_of_this_issuer_is_believed",
            "an_issuer_that_publishes_another_name_is_refused_before_anything_is_sent_to_it",
        ],
    ),
    (
        41,
        "the host of a device code is shown",
        &[
            "a_code_that_a_person_types_elsewhere_connects_and_the_host_to_visit_is_shown",
            "the_whole_address_is_offered_only_on_a_host_of_this_conversation",
        ],
    ),
    (
        42,
        "assertions are short-lived and fresh",
        &["an_assertion_is_short_lived_fresh_and_says_no_more_than_it_must"],
    ),
    (43, "one proof key per connection", &["a_bound_token_is_had_used_and_renewed_with_proofs_of_one_key"]),
    (44, "removal revokes first", &["what_is_removed_is_revoked_first_and_what_cannot_be_is_named"]),
    (45, "an identity token is a label", &["a_label_needs_our_issuer_our_client_our_nonce_and_a_time"]),
    (
        46,
        "the browser gets one whole argument",
        &["the_chosen_browser_gets_the_address_as_one_argument", "only_web_addresses_are_opened"],
    ),
    (
        47,
        "the address is always shown and can be pasted back",
        &[
            "what_stands_in_the_way_of_a_browser_is_told_by_variables_system_and_container",
            "a_number_that_the_service_shows_is_typed_at_the_terminal",
        ],
    ),
    (
        48,
        "without a terminal nothing waits",
        &["without_a_terminal_and_without_a_way_nothing_opens_and_nothing_waits"],
    ),
    (
        49,
        "clocks that differ are told",
        &["a_clock_that_differs_from_the_services_is_told_with_the_amount_and_harms_no_connection"],
    ),
    (
        50,
        "the wait for a person ends",
        &["nobody_is_waited_for_longer_than_five_minutes_and_the_next_step_is_named"],
    ),
];

/// The names of all tests in `src` and `tests`.
pub fn all_tests() -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for folder in ["src", "tests"] {
        collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut names);
    }
    names
}

fn collect(folder: &Path, names: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, names);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            let mut is_test = false;
            for line in text.lines().map(str::trim_start) {
                is_test |= line.starts_with("#[") && line.ends_with("test]");
                if let Some(rest) = line.trim_start_matches("async ").strip_prefix("fn ") {
                    if let (true, Some((name, _))) = (is_test, rest.split_once('(')) {
                        names.insert(name.to_owned());
                    }
                    is_test = false;
                }
            }
        }
    }
}

#[test]
fn every_requirement_names_tests_that_exist() {
    let names = all_tests();
    for (index, (number, requirement, tests)) in TABLE.iter().enumerate() {
        assert_eq!(usize::from(*number), index + 1);
        assert!(!tests.is_empty(), "S{number:02} {requirement} has no test");
        for test in *tests {
            assert!(names.contains(*test), "S{number:02} {requirement}: no test is called {test}");
        }
    }
}
