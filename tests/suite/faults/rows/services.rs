//! What a person asks who makes a connection to a service, known or their own.

use super::Row;

pub(super) const ROWS: &[Row] = &[
    (
        "S2-1",
        "do the data travel safely?",
        &["CFG-HOST-INSECURE", "SEC-EXPOSED"],
        &[
            "plain_http_to_another_machine_is_refused_before_anything_is_sent",
            "each_mistake_has_its_place_its_code_and_a_way_out",
        ],
    ),
    (
        "S2-2",
        "is the service built in or one's own?",
        &[],
        &["s2_2_a_connection_says_whether_its_service_is_built_in_or_ones_own"],
    ),
    (
        "S2-3",
        "which connections are there?",
        &[],
        &[
            "s1_22_failures_with_one_cause_are_counted_as_one_and_what_was_not_tested_is_named",
            "s2_3_s2_9_the_list_names_link_service_and_state",
        ],
    ),
    (
        "S2-4",
        "how is a service chosen and given its credential?",
        &[],
        &["a_connection_is_added_tested_broken_and_repaired"],
    ),
    (
        "S2-5",
        "what is a name, and what a link name?",
        &["CFG-SCHEMA"],
        &["only_plain_names_are_names", "any_words_make_a_valid_name"],
    ),
    (
        "S2-6",
        "is the link name taken?",
        &["CFG-LINKNAME-DUP"],
        &["o03_two_connections_of_one_name", "a_link_name_is_taken_once"],
    ),
    (
        "S2-7",
        "which scopes are needed, and which are there?",
        &["PERM-SCOPE", "OAUTH-SCOPE-INVALID"],
        &[
            "a_scope_that_a_person_keeps_back_is_named",
            "a_missing_scope_is_asked_for_with_those_that_are_there_also_where_the_app_secret_is_kept_elsewhere",
            "a_word_means_what_was_spent",
        ],
    ),
    (
        "S2-8",
        "where does a consent break off?",
        &["OAUTH-CONSENT-DENIED", "OAUTH-REDIRECT-URI", "OAUTH-CODE-EXPIRED", "OAUTH-CALLBACK"],
        &[
            "a_person_who_declines_is_told_how_to_try_again_and_nothing_is_asked_of_the_token_endpoint",
            "a_redirect_address_that_the_service_does_not_know_is_named_as_the_cause",
            "a_code_that_has_ended_is_told_in_words_with_the_way_to_begin_again",
            "a_registered_port_that_is_taken_is_named_with_the_program_that_has_it_and_no_other_is_tried",
        ],
    ),
    (
        "S2-9",
        "what are its link name, service and state?",
        &[],
        &["s2_3_s2_9_the_list_names_link_service_and_state"],
    ),
    (
        "S2-10",
        "how is it used in code?",
        &[],
        &[
            "the_lines_for_curl_run",
            "the_lines_for_python_run",
            "deluge_refers_to_the_connection_by_its_link_name",
        ],
    ),
    (
        "S2-11",
        "how is a service of one's own named?",
        &["CFG-SCHEMA"],
        &[
            "every_kind_and_placement_of_the_form_makes_a_definition_that_is_read_back",
            "each_mistake_in_a_connector_has_them_too",
        ],
    ),
    (
        "S2-12",
        "is it another kind of authentication?",
        &["AUTH-KIND"],
        &["s2_12_s2_16_s3_4_a_service_that_asks_for_another_kind_is_understood"],
    ),
    (
        "S2-13",
        "where do the parameters travel?",
        &["AUTH-NOT-SENT"],
        &[
            "values_travel_where_the_definition_says_and_never_show",
            "a_key_that_the_service_does_not_find_in_the_request",
        ],
    ),
    (
        "S2-14",
        "how are several parameters named?",
        &["CFG-PARAM-MISSING"],
        &[
            "what_is_missing_is_listed_as_flags",
            "s0_11_a_finding_names_a_value_as_people_do_in_each_language",
        ],
    ),
    (
        "S2-15",
        "what is a connection before it is authorised?",
        &["CFG-NOT-AUTHORISED"],
        &[
            "a_system_connection_is_made_once_and_carries_nothing_until_it_is_authorised",
            "without_a_terminal_and_without_a_way_nothing_opens_and_nothing_waits",
        ],
    ),
    (
        "S2-16",
        "has the service retired the kind of token?",
        &["AUTH-KIND", "API-SUNSET"],
        &[
            "s2_12_s2_16_s3_4_a_service_that_asks_for_another_kind_is_understood",
            "s1_34_deprecations_are_collected_over_time_and_listed_soonest_first",
        ],
    ),
];
