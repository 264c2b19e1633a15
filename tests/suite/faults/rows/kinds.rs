//! What a person asks about kinds of connections, accounts, environments and plans.

use super::Row;

pub(super) const ROWS: &[Row] = &[
    (
        "S4-1",
        "does the plan include it?",
        &["PERM-PLAN"],
        &["every_fault_but_a_refusal_gets_its_own_verdict_and_leaves_the_connection_connected"],
    ),
    (
        "S4-2",
        "may this person set it up?",
        &["PERM-ROLE"],
        &[
            "every_sample_answer_is_judged_as_its_definition_says",
            "a_system_connection_is_made_once_and_carries_nothing_until_it_is_authorised",
        ],
    ),
    (
        "S4-3",
        "which data centre is it?",
        &["AUTH-DC"],
        &[
            "each_data_centre_of_zoho_has_hosts_of_its_own",
            "the_data_centre_that_the_token_named_is_offered_and_never_taken_unasked",
            "every_sample_answer_is_judged_as_its_definition_says",
        ],
    ),
    (
        "S4-4",
        "is the service offered in this data centre?",
        &["CFG-DC-UNSUPPORTED"],
        &["s4_4_a_data_centre_where_the_service_is_not_offered_is_named_before_anything_is_sent"],
    ),
    (
        "S4-5",
        "has the service ended?",
        &["VEND-DISCONTINUED", "API-DEPRECATED"],
        &["s4_5_s4_15_a_service_that_ends_is_announced_and_one_that_ended_is_named"],
    ),
    (
        "S4-6",
        "how long does an authorisation last?",
        &["AUTH-KEY-EXPIRES-SOON", "OAUTH-REFRESH-EXPIRED"],
        &[
            "s0_3_an_authorisation_that_nobody_used_for_too_long",
            "o36_a_refresh_token_that_was_withdrawn_before_its_time",
        ],
    ),
    (
        "S4-7",
        "may it carry traffic?",
        &["CFG-NOT-AUTHORISED", "CFG-DISABLED"],
        &[
            "s4_7_only_a_connected_connection_carries_traffic_and_each_other_state_says_the_way_out",
            "a_disabled_connection_carries_no_traffic",
        ],
    ),
    (
        "S4-8",
        "of which kind is it?",
        &["CFG-KIND"],
        &[
            "what_a_service_must_know_is_not_guessed_and_its_kinds_are_kept",
            "a_system_connection_is_made_once_and_carries_nothing_until_it_is_authorised",
        ],
    ),
    (
        "S4-9",
        "who authorises a connection that made itself?",
        &["CFG-NOT-AUTHORISED"],
        &["a_system_connection_is_made_once_and_carries_nothing_until_it_is_authorised"],
    ),
    (
        "S4-10",
        "which connection is taken where none is named?",
        &[],
        &["a_system_connection_is_made_once_and_carries_nothing_until_it_is_authorised"],
    ),
    (
        "S4-11",
        "may an admin connection be authorised twice?",
        &["OAUTH-ORG"],
        &[
            "s4_11_a_second_authorisation_of_an_admin_connection_replaces_the_first_only_if_somebody_says_so",
            "another_person_than_before_is_noticed_at_a_reconnect",
        ],
    ),
    (
        "S4-12",
        "is there more than one connection where one is allowed?",
        &["CFG-SINGLE"],
        &["o04_more_connections_than_the_service_allows", "a_service_has_no_more_connections_than_it_allows"],
    ),
    (
        "S4-13",
        "may a payment service be of this kind?",
        &["CFG-KIND"],
        &[
            "payment_services_allow_one_connection_of_the_admin_kind",
            "what_a_service_must_know_is_not_guessed_and_its_kinds_are_kept",
        ],
    ),
    (
        "S4-14",
        "has each person authorised?",
        &["CFG-NOT-AUTHORISED"],
        &[
            "each_person_authorises_for_themselves_and_one_stands_in_for_all",
            "s0_28_s4_14_after_a_reconnect_the_other_people_are_counted",
        ],
    ),
    (
        "S4-15",
        "are these services known?",
        &["VEND-DISCONTINUED"],
        &[
            "s4_15_s4_22_the_services_that_people_come_from_are_known",
            "s4_5_s4_15_a_service_that_ends_is_announced_and_one_that_ended_is_named",
        ],
    ),
    (
        "S4-16",
        "who stands in where nobody is at hand?",
        &["CFG-PRIMARY-MISSING"],
        &["each_person_authorises_for_themselves_and_one_stands_in_for_all"],
    ),
    (
        "S4-17",
        "who is primary at first, and does it change?",
        &["OAUTH-ORG"],
        &[
            "each_account_has_its_own_state_and_the_first_one_is_primary",
            "another_person_than_before_is_noticed_at_a_reconnect",
        ],
    ),
    (
        "S4-18",
        "what does each environment hold?",
        &["CFG-ENV"],
        &[
            "s4_18_a_key_of_another_environment_is_not_sent",
            "an_environment_that_only_some_know_stops_nobody_else_and_one_authorisation_shows_its_state",
        ],
    ),
    (
        "S4-19",
        "does one authorisation serve all environments?",
        &["CFG-NOT-AUTHORISED"],
        &["one_authorisation_serves_all_environments_only_where_the_connection_says_so"],
    ),
    (
        "S4-20",
        "for whom does each person authorise?",
        &["CFG-NOT-AUTHORISED"],
        &["each_person_authorises_for_themselves_and_one_stands_in_for_all"],
    ),
    (
        "S4-21",
        "does the plan include the kind?",
        &["PERM-PLAN", "CFG-KIND"],
        &[
            "every_fault_but_a_refusal_gets_its_own_verdict_and_leaves_the_connection_connected",
            "what_a_service_must_know_is_not_guessed_and_its_kinds_are_kept",
        ],
    ),
    (
        "S4-22",
        "by which service is another one reached?",
        &[],
        &["s4_15_s4_22_the_services_that_people_come_from_are_known"],
    ),
    (
        "S4-23",
        "what uses the connection?",
        &[],
        &["what_uses_a_connection_is_shown_and_told_before_it_is_removed"],
    ),
];
