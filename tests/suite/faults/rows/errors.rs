//! What a person asks who sees an error of an API.

use super::Row;

pub(super) const ROWS: &[Row] = &[
    (
        "S1-1",
        "is something set wrongly?",
        &["CFG-SCHEMA"],
        &["each_mistake_has_its_place_its_code_and_a_way_out", "each_mistake_in_a_connector_has_them_too"],
    ),
    ("S1-2", "does the service know the key?", &["AUTH-KEY-UNKNOWN"], &["o33_a_key_that_nobody_knows"]),
    (
        "S1-3",
        "is it mistyped?",
        &["SEC-SHAPE", "SEC-WHITESPACE"],
        &[
            "s0_33_s1_3_a_key_of_another_kind_is_recognised_without_being_shown",
            "o05_a_key_with_something_around_it",
        ],
    ),
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
    (
        "S1-6",
        "is the form of the data another one?",
        &["BODY-TYPE", "API-MEDIA-TYPE"],
        &[
            "o31_xml_where_json_belongs",
            "every_fault_but_a_refusal_gets_its_own_verdict_and_leaves_the_connection_connected",
        ],
    ),
    (
        "S1-7",
        "is it another version of the API?",
        &["API-VERSION"],
        &[
            "another_key_and_another_api_version_are_told_and_then_they_are_what_stands",
            "s0_27_s0_34_an_older_api_version_and_an_older_conn_are_named",
            "every_sample_answer_is_judged_as_its_definition_says",
        ],
    ),
    ("S1-8", "were there too many calls?", &["RATE-BURST"], &["o38_too_many_calls_in_a_moment"]),
    (
        "S1-9",
        "does it help to try again?",
        &["VEND-OVERLOAD", "RATE-BURST"],
        &[
            "s1_9_a_failure_says_whether_trying_again_helps_and_a_run_can_do_it",
            "only_what_changes_nothing_or_was_turned_away_is_sent_again",
        ],
    ),
    (
        "S1-10",
        "what does the code of the service mean?",
        &["AUTH-REJECTED"],
        &["a_code_is_explained_with_its_look_alikes_its_prevention_and_those_who_use_it"],
    ),
    (
        "S1-11",
        "what does 401 mean here?",
        &["AUTH-KEY-UNKNOWN", "AUTH-KEY-ROTATED", "AUTH-USER-DISABLED"],
        &["only_a_refusal_by_the_service_itself_asks_for_a_new_credential", "the_tree_of_a_refused_key"],
    ),
    (
        "S1-12",
        "was it not found, or is it hidden?",
        &["API-RESOURCE", "API-HIDDEN", "API-PATH"],
        &["s1_12_a_record_that_does_not_exist", "s1_12_a_record_that_is_hidden_from_this_key"],
    ),
    (
        "S1-13",
        "what must those look for who have the logs of the server?",
        &["VEND-ERROR"],
        &[
            "s1_13_a_fault_of_the_server_comes_with_its_request_id_and_the_time",
            "a_ticket_names_the_request_id_in_both_languages",
        ],
    ),
    (
        "S1-14",
        "what does the service say?",
        &[],
        &["s1_14_s1_15_what_the_service_says_is_quoted_and_evidence_comes_before_advice"],
    ),
    (
        "S1-15",
        "what does the message say, before anything is done?",
        &[],
        &["s1_14_s1_15_what_the_service_says_is_quoted_and_evidence_comes_before_advice"],
    ),
    (
        "S1-16",
        "what does the request look like beside the documentation?",
        &[],
        &["s1_16_s1_27_the_request_is_shown_as_it_travels_without_its_secret"],
    ),
    (
        "S1-17",
        "is every value there that is needed?",
        &["CFG-PARAM-MISSING", "SEC-MISSING"],
        &["each_mistake_in_a_connector_has_them_too", "o06_a_key_that_is_not_in_its_store"],
    ),
    (
        "S1-18",
        "are form and values of what is sent right?",
        &["API-VALIDATION"],
        &["s1_18_s1_19_the_fields_that_the_service_refuses_are_named"],
    ),
    (
        "S1-19",
        "is something missing that is required?",
        &["CFG-PARAM-MISSING", "API-VALIDATION"],
        &[
            "s1_18_s1_19_the_fields_that_the_service_refuses_are_named",
            "each_mistake_in_a_connector_has_them_too",
        ],
    ),
    (
        "S1-20",
        "are the types right?",
        &["CFG-SCHEMA", "API-VALIDATION"],
        &["each_mistake_has_its_place_its_code_and_a_way_out"],
    ),
    (
        "S1-21",
        "what is the next step?",
        &[],
        &["a_failure_ends_in_steps", "s0_35_every_cause_says_who_can_mend_it_and_how"],
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
        "S1-24",
        "is it solved after the repair?",
        &[],
        &[
            "o02_a_host_that_was_pasted_with_a_path_is_set_right_and_every_comment_stays",
            "o31_a_header_is_changed_only_after_consent_and_only_where_that_helps",
        ],
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
        "S1-26",
        "are the rights there?",
        &["PERM-RESOURCE"],
        &["o37_one_right_of_three_is_missing", "s1_26_the_test_request_itself_is_refused_and_others_are_not"],
    ),
    (
        "S1-27",
        "what does one's own code send instead?",
        &[],
        &["s1_16_s1_27_the_request_is_shown_as_it_travels_without_its_secret", "the_lines_for_curl_run"],
    ),
    (
        "S1-28",
        "which type belongs there?",
        &["CFG-SCHEMA"],
        &["each_mistake_has_its_place_its_code_and_a_way_out"],
    ),
    (
        "S1-29",
        "are address and parameters right?",
        &["API-PATH", "API-VALIDATION", "AUTH-NOT-SENT", "CFG-PARAM-PLACEMENT"],
        &[
            "s1_29_a_key_at_the_wrong_place_of_the_request_is_found_and_moved_with_consent",
            "s1_29_the_header_that_a_service_asks_for_is_named_and_nothing_is_sent_there_undeclared",
            "s1_29_a_key_that_is_refused_at_every_place_is_not_at_the_wrong_one",
            "s1_5_an_address_that_the_service_does_not_have",
            "s1_18_s1_19_the_fields_that_the_service_refuses_are_named",
            "a_key_that_the_service_does_not_find_in_the_request",
        ],
    ),
    (
        "S1-30",
        "does a test after the repair succeed?",
        &[],
        &["o02_a_host_that_was_pasted_with_a_path_is_set_right_and_every_comment_stays"],
    ),
    (
        "S1-31",
        "what was logged?",
        &[],
        &["history_keeps_the_newest_thousand", "s1_31_a_log_is_json_lines_without_the_secret"],
    ),
    (
        "S1-32",
        "how does a script tell failures apart?",
        &[],
        &[
            "what_ends_a_run_can_be_chosen",
            "the_pipelines_script_passes_on_the_exit_code_and_says_who_has_to_act",
            "many_outcomes_exit_by_the_worst",
        ],
    ),
    (
        "S1-33",
        "how is it watched?",
        &[],
        &[
            "metrics_of_a_fleet_are_read_by_the_official_parser",
            "a_fleet_is_read_by_a_junit_parser",
            "a_run_on_github_adds_its_table_to_the_summary",
        ],
    ),
    (
        "S1-34",
        "what has the service announced?",
        &["API-DEPRECATED", "API-SUNSET"],
        &["s1_34_deprecations_are_collected_over_time_and_listed_soonest_first"],
    ),
    ("S1-35", "is it right from the start?", &["AUTH-REJECTED"], &["s1_35_what_does_not_work_is_not_saved"]),
    (
        "S1-36",
        "since when, and how often?",
        &["NET-REFUSED"],
        &["s0_17_a_path_that_works_and_fails_in_turn_is_told_beside_the_cause_of_now"],
    ),
    (
        "S1-37",
        "is the cause looked for at once?",
        &["NET-REFUSED"],
        &["a_stopped_server_is_refused_and_nothing_above_it_is_judged"],
    ),
    (
        "S1-38",
        "are there rights that nobody needs?",
        &["PERM-EXCESS"],
        &["s1_38_scopes_beyond_need_are_told_with_those_that_are_needed"],
    ),
    (
        "S1-39",
        "what ends soon, and what does nobody use?",
        &["TLS-EXPIRES-SOON", "AUTH-KEY-EXPIRES-SOON"],
        &[
            "a_certificate_that_ends_next_week",
            "s0_5_s1_39_a_key_that_ends_soon_warns_and_one_that_ended_is_named_as_such",
            "s1_39_a_connection_tells_when_something_used_it_last_and_a_test_is_no_use",
        ],
    ),
];
