//! Troubles that users of other programs reported, and the tests that keep conn from them.

use super::requirements::all_tests;

/// Number, trouble, and the tests that cover it.
const TABLE: [(u8, &str, &[&str]); 64] = [
    (
        1,
        "parallel renewals log out",
        &["a_hundred_processes_that_need_the_same_ended_rotating_token_make_one_request_and_print_one_token"],
    ),
    (
        2,
        "a refusal although somebody else renewed",
        &["tokens_that_somebody_else_stored_meanwhile_are_taken_and_the_refusal_of_ours_is_no_verdict"],
    ),
    (
        3,
        "the loser deletes the winner's tokens",
        &[
            "tokens_that_somebody_else_stored_meanwhile_are_taken_and_the_refusal_of_ours_is_no_verdict",
            "processes_that_are_refused_at_once_share_one_renewal",
        ],
    ),
    (
        4,
        "a process writes what it did not renew",
        &["a_reconnect_keeps_what_was_chosen_and_a_renewal_touches_no_other_connection"],
    ),
    (
        5,
        "sessions share one store",
        &["processes_that_are_refused_at_once_share_one_renewal", "the_death_of_a_process_frees_its_lock"],
    ),
    (
        6,
        "a race inside one process",
        &[
            "without_a_word_about_the_end_a_token_is_used_until_it_is_refused_and_then_renewed_once_for_all_requests",
            "twenty_tasks_of_two_worlds_hold_it_one_at_a_time_and_all_get_it",
        ],
    ),
    (
        7,
        "no new refresh token drops the old one",
        &["a_refresh_that_brings_no_new_refresh_token_keeps_the_old_one"],
    ),
    (
        8,
        "a new refresh token is not kept",
        &["a_refused_token_is_renewed_by_one_request_and_the_new_refresh_token_is_kept"],
    ),
    (9, "success taken for a failure", &["a_token_is_found_in_every_shape"]),
    (
        10,
        "every failure leads to a new consent",
        &[
            "a_refusal_by_name_shuts_the_connection_and_an_unknown_name_is_shown",
            "a_token_endpoint_in_trouble_is_asked_once_and_neither_shuts_a_connection_nor_costs_its_tokens",
        ],
    ),
    (
        11,
        "no end named, so never renewed",
        &[
            "without_a_word_about_the_end_a_token_is_used_until_it_is_refused_and_then_renewed_once_for_all_requests",
            "without_an_expiry_a_jwt_speaks_for_itself",
        ],
    ),
    (
        12,
        "a crash with an ended token at the start",
        &["a_hundred_processes_that_need_the_same_ended_rotating_token_make_one_request_and_print_one_token"],
    ),
    (
        13,
        "pastes cut by the terminal",
        &[
            "garbage_and_foreign_answers_are_told_and_the_true_address_however_long_connects",
            "keys_become_a_line_and_arrows_and_paste_marks_do_not",
        ],
    ),
    (14, "Windows keeps 2,560 bytes", &[]),
    (
        15,
        "a locked keyring hangs what needs no secret",
        &["what_needs_no_secret_never_asks_the_keyring", "a_keyring_that_hangs_ends_at_the_deadline"],
    ),
    (
        16,
        "a fallback that keeps nothing",
        &[
            "without_a_keyring_nothing_is_saved_and_no_file_takes_its_place",
            "a_locked_keyring_and_one_never_unlocked_are_told_apart",
        ],
    ),
    (17, "macOS asks again after each upgrade", &[]),
    (
        18,
        "a store made twice at once",
        &[
            "a_vault_behaves_as_a_store_with_every_kind_of_key",
            "a_keyring_behaves_as_a_store_and_keeps_a_vaults_key",
        ],
    ),
    (
        19,
        "an upgrade forgets tokens",
        &[
            "a_vault_of_a_newer_version_is_left_alone",
            "a_credential_comes_back_as_it_was_stored_and_nothing_else_is_taken_for_one",
        ],
    ),
    (
        20,
        "a read failure voids what is stored",
        &["every_flipped_bit_and_every_cut_is_noticed", "a_damaged_vault_file_is_named"],
    ),
    (21, "the first request decides", &["hostile_traffic_is_answered_and_the_true_callback_still_arrives"]),
    (
        22,
        "no state on loopback",
        &[
            "nothing_is_believed_before_the_state_is_ours",
            "two_attempts_share_neither_state_nor_challenge_nor_nonce",
        ],
    ),
    (23, "a redirect on the way taken for the callback", &["a_request_is_heard_by_host_path_and_method"]),
    (24, "robots.txt and favicon.ico", &["hostile_traffic_is_answered_and_the_true_callback_still_arrives"]),
    (
        25,
        "injection through the callback",
        &["whatever_a_page_is_told_stays_text", "what_the_service_says_is_shown_on_one_printable_line"],
    ),
    (26, "localhost is ::1", &["localhost_is_reached_over_both_families"]),
    (
        27,
        "a slash added to the redirect address",
        &["a_code_is_redeemed_with_its_verifier_and_the_same_redirect_text"],
    ),
    (
        28,
        "a wrong redirect address",
        &[
            "the_callback_path_holds_the_link_name_where_the_definition_fixes_none",
            "a_registered_port_that_is_taken_is_named_with_the_program_that_has_it_and_no_other_is_tried",
        ],
    ),
    (
        29,
        "the listener never ends",
        &[
            "a_door_that_is_dropped_is_closed_at_once_and_its_port_is_free",
            "a_crowd_that_says_nothing_keeps_nobody_out",
            "nobody_is_waited_for_longer_than_five_minutes_and_the_next_step_is_named",
        ],
    ),
    (
        30,
        "an address encoded twice",
        &["every_parameter_stands_once_and_encoded", "the_chosen_browser_gets_the_address_as_one_argument"],
    ),
    (
        31,
        "BROWSER with words, variables that leak, a race for a port",
        &[
            "the_chosen_browser_gets_the_address_as_one_argument",
            "a_browser_gets_none_of_conns_own_variables",
            "a_registered_port_that_is_taken_is_named_with_the_program_that_has_it_and_no_other_is_tried",
        ],
    ),
    (
        32,
        "nothing opens and nobody says so",
        &["the_address_is_shown_however_quiet_conn_is_and_while_a_browser_seems_to_open"],
    ),
    (
        33,
        "a container or another host",
        &[
            "what_stands_in_the_way_of_a_browser_is_told_by_variables_system_and_container",
            "garbage_and_foreign_answers_are_told_and_the_true_address_however_long_connects",
        ],
    ),
    (
        34,
        "a challenge page at the token endpoint",
        &[
            "a_token_endpoint_in_trouble_is_asked_once_and_neither_shuts_a_connection_nor_costs_its_tokens",
            "an_answer_that_never_arrives_is_not_asked_for_again_and_the_next_run_explains_the_loss",
        ],
    ),
    (
        35,
        "success shown at a foreign state",
        &[
            "a_code_with_a_wrong_client_secret_gives_nothing_and_names_the_client",
            "hostile_traffic_is_answered_and_the_true_callback_still_arrives",
        ],
    ),
    (
        36,
        "a redirect address that is not registered",
        &["a_redirect_address_that_the_service_does_not_know_is_named_as_the_cause"],
    ),
    (
        37,
        "quiet, and no address",
        &["the_address_is_shown_however_quiet_conn_is_and_while_a_browser_seems_to_open"],
    ),
    (
        38,
        "a state bound to nobody",
        &[
            "a_consent_goes_on_where_it_was_put_away_and_takes_no_other_answer",
            "a_foreign_callback_sends_nothing_and_the_wait_goes_on",
        ],
    ),
    (
        39,
        "an ended code shown as JSON",
        &["a_code_that_has_ended_is_told_in_words_with_the_way_to_begin_again"],
    ),
    (
        40,
        "a lifetime as text",
        &["seconds_are_read_from_numbers_and_texts", "an_end_is_read_in_every_writing"],
    ),
    (
        41,
        "the case of a type, and unknown errors",
        &[
            "a_token_is_found_in_every_shape",
            "a_refusal_by_name_shuts_the_connection_and_an_unknown_name_is_shown",
        ],
    ),
    (
        42,
        "an empty or a foreign client secret",
        &[
            "a_secret_that_is_missing_is_never_sent_empty",
            "no_definition_on_board_holds_a_client_or_its_secret_and_the_format_has_no_place_for_one",
        ],
    ),
    (
        43,
        "the encoding of Basic",
        &["a_secret_that_form_encoding_changes_reaches_each_server_in_its_own_way"],
    ),
    (44, "Basic refused", &["a_client_proves_itself_in_exactly_one_way"]),
    (
        45,
        "separators of scopes",
        &[
            "scopes_come_with_any_separator",
            "the_consent_address_holds_what_the_service_wants_and_no_verifier",
        ],
    ),
    (
        46,
        "tokens in a place of their own",
        &["the_definition_says_where_things_stand", "a_definition_renames_and_leaves_out"],
    ),
    (
        47,
        "authorities and proxy for the API alone",
        &[
            "token_requests_go_through_the_proxy_of_this_run_like_all_others",
            "a_service_over_tls_that_points_to_http_gets_nothing_sent_there",
        ],
    ),
    (48, "a line end behind a token", &["fields_are_read_from_json_and_from_forms_whatever_the_label"]),
    (
        49,
        "no user agent",
        &["a_token_may_be_as_long_as_the_service_likes_and_every_request_names_its_program"],
    ),
    (
        50,
        "the pace of a device",
        &["questions_keep_the_pace_that_the_service_sets", "a_service_that_gives_no_code_says_why"],
    ),
    (51, "long tokens", &["a_token_may_be_as_long_as_the_service_likes_and_every_request_names_its_program"]),
    (
        52,
        "forms of a wrong issuer",
        &[
            "metadata_names_the_very_issuer_that_was_asked_for",
            "a_named_issuer_is_the_expected_one_or_a_tenant_of_it",
        ],
    ),
    (
        53,
        "keys that follow redirects",
        &[
            "another_host_gets_no_request_at_all_for_any_kind_and_verb",
            "a_service_over_tls_that_points_to_http_gets_nothing_sent_there",
        ],
    ),
    (54, "a redirect that needs the key", &["a_move_within_the_same_host_is_followed"]),
    (55, "a 401 without end", &["an_api_that_refuses_every_token_costs_one_renewal_and_one_repetition"]),
    (56, "a 401 that is about no token", &["a_401_that_says_something_else_is_judged_by_its_own_word"]),
    (57, "a retry in the very second", &["a_service_that_names_a_moment_is_left_alone_for_a_second_longer"]),
    (
        58,
        "a reconnect forgets settings",
        &["a_reconnect_keeps_what_was_chosen_and_a_renewal_touches_no_other_connection"],
    ),
    (
        59,
        "tokens in a verbose log",
        &["a_connection_that_works_keeps_its_tokens_code_and_verifier_to_itself"],
    ),
    (
        60,
        "challenges of Digest",
        &[
            "several_challenges_in_one_line_are_told_apart_and_the_strongest_wins",
            "every_kind_of_login_is_accepted_with_the_right_value_and_rejected_with_a_wrong_one",
        ],
    ),
    (61, "a timestamp refused", &["an_error_word_names_its_cause", "refusals_name_their_cause"]),
    (
        62,
        "odd addresses under OAuth 1",
        &[
            "an_address_is_signed_without_query_fragment_and_usual_port",
            "base_strings_and_signatures_match_the_published_ones",
        ],
    ),
    (63, "an empty prefix", &["a_bearer_token_has_no_prefix_but_bearer_unless_the_definition_places_it"]),
    (
        64,
        "assertions and a clock ahead",
        &["an_assertion_is_short_lived_fresh_and_says_no_more_than_it_must"],
    ),
];

/// What cannot be tried on the machine that runs these tests.
const ELSEWHERE: [(u8, &str); 2] =
    [(14, "only the credential store of Windows has that limit"), (17, "only the keychain of macOS asks")];

#[test]
fn every_trouble_names_tests_that_exist_or_says_why_it_cannot_be_tried() {
    let names = all_tests();
    for (index, (number, trouble, tests)) in TABLE.iter().enumerate() {
        assert_eq!(usize::from(*number), index + 1);
        let elsewhere = ELSEWHERE.iter().any(|(other, _)| other == number);
        assert_eq!(elsewhere, tests.is_empty(), "{number} {trouble}");
        for test in *tests {
            assert!(names.contains(*test), "{number} {trouble}: no test is called {test}");
        }
    }
}
