//! What a person asks about a key, its rights and its limits.

use super::Row;

pub(super) const ROWS: &[Row] = &[
    (
        "S3-1",
        "who can get the key?",
        &["PERM-ROLE"],
        &[
            "every_sample_answer_is_judged_as_its_definition_says",
            "s0_35_every_cause_says_who_can_mend_it_and_how",
        ],
    ),
    (
        "S3-2",
        "how many calls does the plan allow?",
        &["RATE-UNKNOWN"],
        &["s3_2_s3_20_a_limit_is_told_with_what_each_plan_allows"],
    ),
    (
        "S3-3",
        "when does it work again?",
        &["RATE-BURST", "RATE-HOURLY"],
        &[
            "o38_too_many_calls_in_a_moment",
            "a_limit_names_the_moment_to_try_again_wherever_the_service_wrote_it",
        ],
    ),
    (
        "S3-4",
        "how does the key travel?",
        &["AUTH-KIND"],
        &[
            "s2_12_s2_16_s3_4_a_service_that_asks_for_another_kind_is_understood",
            "values_travel_where_the_definition_says_and_never_show",
        ],
    ),
    ("S3-5", "is there a key?", &["SEC-MISSING"], &["o06_a_key_that_is_not_in_its_store"]),
    (
        "S3-6",
        "is a sample left in the host?",
        &["CFG-PLACEHOLDER", "CFG-HOST-FORM"],
        &["o01_a_sample_left_in_the_address", "a_freshsales_host_works_in_each_of_its_spellings"],
    ),
    (
        "S3-7",
        "where in the service is the key shown?",
        &["AUTH-REJECTED"],
        &[
            "s0_9_s0_16_s0_37_a_failure_leads_to_the_pages_of_the_service",
            "every_question_is_asked_in_both_languages_and_says_where_the_answer_stands",
        ],
    ),
    (
        "S3-8",
        "is the key kept from all eyes?",
        &["SEC-EXPOSED"],
        &["every_verb_in_every_form_and_both_languages_keeps_the_secret"],
    ),
    (
        "S3-9",
        "what after a leak?",
        &["AUTH-KEY-ROTATED"],
        &["o34_a_key_that_was_replaced", "of_two_reconnects_at_once_the_second_says_so_and_swaps_nothing"],
    ),
    (
        "S3-10",
        "which of three rights is missing?",
        &["PERM-RESOURCE"],
        &["o37_one_right_of_three_is_missing"],
    ),
    ("S3-11", "whose key is it?", &["PERM-RESOURCE", "PERM-ROLE"], &["o37_one_right_of_three_is_missing"]),
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
    ("S3-15", "what is checked first?", &["AUTH-KEY-UNKNOWN"], &["o33_a_key_that_nobody_knows"]),
    ("S3-16", "what if the key is in doubt?", &["AUTH-KEY-ROTATED"], &["o34_a_key_that_was_replaced"]),
    (
        "S3-17",
        "how does the connection get the new key?",
        &["AUTH-KEY-ROTATED"],
        &[
            "s0_22_s0_24_s0_26_s0_29_after_a_reconnect_everything_is_checked_anew",
            "a_killed_reconnect_leaves_the_old_key_or_the_new_one_and_can_be_repeated",
        ],
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
        "S3-20",
        "is it the limit of the kind of key?",
        &["RATE-HOURLY", "RATE-DAILY"],
        &["s3_2_s3_20_a_limit_is_told_with_what_each_plan_allows"],
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
    (
        "S3-24",
        "is the host right?",
        &["DNS-NXDOMAIN", "DNS-CNAME-DANGLING"],
        &["o08_a_name_that_does_not_exist", "an_alias_for_a_name_that_is_gone"],
    ),
    (
        "S3-25",
        "is https missing?",
        &["CFG-HOST-FORM"],
        &[
            "o02_an_address_without_a_scheme",
            "o02_a_host_that_was_pasted_with_a_path_is_set_right_and_every_comment_stays",
        ],
    ),
    (
        "S3-26",
        "is it the domain of somebody else?",
        &["BODY-HTML"],
        &["every_sample_answer_is_judged_as_its_definition_says", "o30_a_page_where_json_belongs"],
    ),
    (
        "S3-27",
        "what does the address bar of the console say?",
        &["CFG-HOST-FORM"],
        &[
            "a_freshsales_host_works_in_each_of_its_spellings",
            "s0_9_s0_16_s0_37_a_failure_leads_to_the_pages_of_the_service",
        ],
    ),
];
