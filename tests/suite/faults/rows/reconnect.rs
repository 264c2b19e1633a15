//! What a person asks who connects again what broke off.

use super::Row;

pub(super) const ROWS: &[Row] = &[
    (
        "S0-1",
        "is the line unstable?",
        &["NET-OFFLINE", "NET-FLAKY"],
        &[
            "a_machine_without_a_way_out",
            "half_of_the_connections_lose_their_first_packet",
            "s0_17_a_line_that_breaks_now_and_then",
        ],
    ),
    (
        "S0-2",
        "has the API changed?",
        &["API-DEPRECATED", "API-SUNSET", "API-VERSION", "API-GONE", "BODY-SCHEMA"],
        &[
            "s1_34_deprecations_are_collected_over_time_and_listed_soonest_first",
            "a_field_that_vanished_or_changed_its_type_is_a_warning_that_names_it",
            "another_key_and_another_api_version_are_told_and_then_they_are_what_stands",
            "every_fault_but_a_refusal_gets_its_own_verdict_and_leaves_the_connection_connected",
            "every_sample_answer_is_judged_as_its_definition_says",
        ],
    ),
    (
        "S0-3",
        "has the credential ended?",
        &["AUTH-KEY-EXPIRED", "OAUTH-REFRESH-EXPIRED"],
        &[
            "s0_5_s1_39_a_key_that_ends_soon_warns_and_one_that_ended_is_named_as_such",
            "s0_3_an_authorisation_that_nobody_used_for_too_long",
        ],
    ),
    (
        "S0-4",
        "was the password changed?",
        &["AUTH-PASSWORD-CHANGED"],
        &["a_password_changed_at_the_server_stops_the_connection_until_it_is_given_anew"],
    ),
    (
        "S0-5",
        "has the key ended?",
        &["AUTH-KEY-EXPIRED", "AUTH-KEY-EXPIRES-SOON"],
        &["s0_5_s1_39_a_key_that_ends_soon_warns_and_one_that_ended_is_named_as_such"],
    ),
    ("S0-6", "is it maintenance?", &["VEND-MAINTENANCE"], &["o40_maintenance_until_a_moment"]),
    (
        "S0-7",
        "is the server down?",
        &["NET-REFUSED", "VEND-GATEWAY", "VEND-ERROR"],
        &[
            "o13_a_port_where_nobody_listens",
            "every_fault_but_a_refusal_gets_its_own_verdict_and_leaves_the_connection_connected",
        ],
    ),
    (
        "S0-8",
        "what is set, and where does each value come from?",
        &["CFG-SCHEMA"],
        &[
            "s0_8_s0_18_each_value_is_shown_with_its_source_and_the_address_that_they_make",
            "each_mistake_has_its_place_its_code_and_a_way_out",
        ],
    ),
    (
        "S0-9",
        "where in the service is its settings menu?",
        &["AUTH-REJECTED"],
        &["s0_9_s0_16_s0_37_a_failure_leads_to_the_pages_of_the_service"],
    ),
    (
        "S0-10",
        "how is it connected again, and what has to be entered?",
        &[],
        &["s0_10_a_reconnect_asks_for_nothing_but_the_secret"],
    ),
    (
        "S0-11",
        "by which names are the values asked for?",
        &["SEC-WHITESPACE"],
        &[
            "what_is_missing_is_listed_as_flags",
            "s0_11_a_finding_names_a_value_as_people_do_in_each_language",
        ],
    ),
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
        "S0-16",
        "where are the support page and the guides of the service?",
        &["VEND-ERROR"],
        &["s0_9_s0_16_s0_37_a_failure_leads_to_the_pages_of_the_service"],
    ),
    (
        "S0-17",
        "does it break off again and again; is conn itself whole?",
        &["NET-FLAKY", "SELF-STATE-DAMAGED"],
        &[
            "s0_17_a_path_that_works_and_fails_in_turn_is_told_beside_the_cause_of_now",
            "doctor_proves_the_vault_names_what_it_found_and_fails_when_others_can_read_it",
            "a_damaged_state_file_is_moved_aside",
        ],
    ),
    (
        "S0-18",
        "to which address, environment and data centre does it go?",
        &["CFG-HOST-FORM"],
        &[
            "s0_8_s0_18_each_value_is_shown_with_its_source_and_the_address_that_they_make",
            "o02_an_address_without_a_scheme",
        ],
    ),
    (
        "S0-19",
        "is it the right account?",
        &["OAUTH-ORG", "AUTH-KEY-UNKNOWN"],
        &["another_person_than_before_is_noticed_at_a_reconnect", "o33_a_key_that_nobody_knows"],
    ),
    (
        "S0-20",
        "is the integration switched off?",
        &["CFG-DISABLED", "PERM-API-DISABLED"],
        &[
            "a_disabled_connection_carries_no_traffic",
            "a_disabled_connection_says_how_to_enable_it",
            "every_sample_answer_is_judged_as_its_definition_says",
        ],
    ),
    (
        "S0-21",
        "what is the least that makes it authenticate again?",
        &["OAUTH-REFRESH-REVOKED"],
        &[
            "a_refused_token_is_renewed_by_one_request_and_the_new_refresh_token_is_kept",
            "a_withdrawn_authorisation_is_called_so_and_a_new_consent_repairs_it",
        ],
    ),
    (
        "S0-22",
        "does it work after the reconnect?",
        &[],
        &["s0_22_s0_24_s0_26_s0_29_after_a_reconnect_everything_is_checked_anew"],
    ),
    (
        "S0-23",
        "what does the support need?",
        &[],
        &[
            "a_ticket_names_the_request_id_in_both_languages",
            "a_bundle_holds_no_secret_in_any_form_and_is_judged_alike_in_another_home",
        ],
    ),
    (
        "S0-24",
        "can data be read after the reconnect?",
        &["PERM-RESOURCE"],
        &["s0_22_s0_24_s0_26_s0_29_after_a_reconnect_everything_is_checked_anew"],
    ),
    (
        "S0-25",
        "have the settings taken effect?",
        &[],
        &["s0_25_after_a_reconnect_the_settings_are_compared_with_those_before"],
    ),
    (
        "S0-26",
        "are there warnings after the reconnect?",
        &["API-DEPRECATED"],
        &["s0_22_s0_24_s0_26_s0_29_after_a_reconnect_everything_is_checked_anew"],
    ),
    (
        "S0-27",
        "are conn, the connector and the API version the newest?",
        &["CFG-CONNECTOR-OUTDATED", "API-VERSION"],
        &[
            "s0_27_s0_34_an_older_api_version_and_an_older_conn_are_named",
            "an_older_version_is_found_in_a_header_and_in_the_path",
        ],
    ),
    (
        "S0-28",
        "are the other people still authorised?",
        &["CFG-NOT-AUTHORISED"],
        &[
            "s0_28_s4_14_after_a_reconnect_the_other_people_are_counted",
            "each_person_authorises_for_themselves_and_one_stands_in_for_all",
        ],
    ),
    (
        "S0-29",
        "is the network steady after the reconnect?",
        &[],
        &[
            "s0_22_s0_24_s0_26_s0_29_after_a_reconnect_everything_is_checked_anew",
            "s0_29_after_a_reconnect_the_path_is_walked_three_times_and_compared",
        ],
    ),
    (
        "S0-30",
        "do others reach the network?",
        &["NET-TIMEOUT", "EDGE-CAPTIVE"],
        &[
            "o14_a_firewall_that_drops_silently",
            "a_network_that_wants_a_person_to_sign_in_first",
            "s0_30_other_connections_tell_a_dead_network_from_a_dead_service",
        ],
    ),
    (
        "S0-31",
        "does a fresh start help?",
        &["SELF-STATE"],
        &[
            "s0_31_every_run_looks_the_name_up_anew",
            "where_nothing_can_be_written_results_stand_and_one_warning_says_so",
        ],
    ),
    (
        "S0-32",
        "does a new token help?",
        &["OAUTH-ACCESS-EXPIRED"],
        &[
            "o35_a_token_that_ended_is_renewed_and_a_diagnosis_says_so",
            "a_refused_token_is_renewed_by_one_request_and_the_new_refresh_token_is_kept",
        ],
    ),
    (
        "S0-33",
        "is the key or the address mistyped?",
        &["SEC-WHITESPACE", "SEC-SHAPE", "CFG-HOST-FORM"],
        &[
            "o05_a_key_with_something_around_it",
            "s0_33_s1_3_a_key_of_another_kind_is_recognised_without_being_shown",
            "o02_an_address_without_a_scheme",
        ],
    ),
    (
        "S0-34",
        "must conn be updated?",
        &["CFG-CONNECTOR-OUTDATED"],
        &["s0_27_s0_34_an_older_api_version_and_an_older_conn_are_named"],
    ),
    ("S0-35", "who can help when nothing does?", &[], &["s0_35_every_cause_says_who_can_mend_it_and_how"]),
    (
        "S0-36",
        "does the service have an API at all?",
        &["API-PATH"],
        &[
            "s0_36_an_address_with_an_api_is_told_from_one_with_pages_alone_and_from_silence",
            "an_unknown_connector_is_answered_with_the_nearest_name",
            "a_service_is_found_by_id_name_category_and_by_a_slip_of_the_pen",
            "s1_5_an_address_that_the_service_does_not_have",
        ],
    ),
    (
        "S0-37",
        "where is the documentation?",
        &[],
        &[
            "s0_9_s0_16_s0_37_a_failure_leads_to_the_pages_of_the_service",
            "every_service_follows_the_format_and_says_what_a_person_needs",
        ],
    ),
    (
        "S0-38",
        "is it a service that only takes messages?",
        &["API-UNVERIFIED"],
        &["s0_38_a_service_that_only_takes_messages_is_said_to_prove_nothing"],
    ),
];
