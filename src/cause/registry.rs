//! Finding a cause by its code or number.

use super::{
    Cause, api, authentication, body, clock, configuration, dns, edge, http, network, oauth, own, permission,
    proxy, rate, secret, tls, vendor,
};

/// The lists of all files, in the order of the layers.
static LISTS: &[&[&Cause]] = &[
    configuration::file::CAUSES,
    configuration::connection::CAUSES,
    configuration::setup::CAUSES,
    secret::store::CAUSES,
    secret::vault::CAUSES,
    secret::source::CAUSES,
    secret::value::CAUSES,
    dns::CAUSES,
    network::reach::CAUSES,
    network::quality::CAUSES,
    proxy::CAUSES,
    tls::certificate::CAUSES,
    tls::handshake::CAUSES,
    clock::CAUSES,
    edge::CAUSES,
    http::CAUSES,
    body::CAUSES,
    authentication::key::CAUSES,
    authentication::account::CAUSES,
    oauth::token::CAUSES,
    oauth::application::CAUSES,
    oauth::consent::CAUSES,
    permission::CAUSES,
    rate::window::CAUSES,
    rate::share::CAUSES,
    api::address::CAUSES,
    api::request::CAUSES,
    api::version::CAUSES,
    api::proof::CAUSES,
    vendor::CAUSES,
    own::CAUSES,
];

/// Every cause, ground up.
pub fn all() -> impl Iterator<Item = &'static Cause> {
    LISTS.iter().flat_map(|list| list.iter().copied())
}

/// The cause that a person names: `CONN-AUTH-DC`, `AUTH-DC` or `5009`, in any case.
#[must_use]
pub fn find(code_or_number: &str) -> Option<&'static Cause> {
    let wanted = code_or_number.trim();
    if let Ok(number) = wanted.parse::<u16>() {
        return all().find(|cause| cause.number == number);
    }
    let wanted = wanted.to_ascii_uppercase().replace('_', "-");
    let short = wanted.strip_prefix("CONN-").unwrap_or(&wanted);
    all().find(|cause| &cause.code["CONN-".len()..] == short)
}

/// The cause of a code that conn itself names; an unknown code is an unknown cause.
#[must_use]
pub fn get(code: &str) -> &'static Cause {
    all().find(|cause| cause.code == code).or_else(|| find(code)).unwrap_or(&own::UNKNOWN)
}

/// The area of a code: `AUTH` of `CONN-AUTH-DC`.
#[must_use]
pub fn area(code: &str) -> &str {
    code.split('-').nth(1).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::{all, area, find, get};
    use crate::base::Text;
    use crate::cause::{Cause, ExitClass, Severity, own};

    fn texts(cause: &'static Cause) -> impl Iterator<Item = Text> {
        let steps = cause.steps.iter().map(|step| step.text);
        [cause.title, cause.why, cause.evidence].into_iter().chain(steps)
    }

    fn places(sentence: &str) -> BTreeSet<&str> {
        sentence.split('{').skip(1).map(|rest| rest.split_once('}').map_or("", |(name, _)| name)).collect()
    }

    fn is_japanese(sentence: &str) -> bool {
        sentence.chars().any(|c| ('\u{3041}'..='\u{30ff}').contains(&c))
    }

    #[test]
    fn codes_and_numbers_are_unique_and_well_formed() {
        let (mut codes, mut numbers) = (BTreeSet::new(), BTreeSet::new());
        let form = regex_lite::Regex::new("^CONN-[A-Z0-9]+(-[A-Z0-9]+)*$").unwrap();
        for cause in all() {
            assert!(codes.insert(cause.code), "{} stands twice", cause.code);
            assert!(numbers.insert(cause.number), "{} stands twice", cause.number);
            assert!(form.is_match(cause.code) && cause.code.len() <= 40, "{}", cause.code);
        }
    }

    #[test]
    fn the_first_digit_of_a_number_is_the_layer_of_its_area() {
        for cause in all() {
            let layer = match area(cause.code) {
                "CFG" | "SEC" => 1,
                "DNS" | "NET" | "PXY" => 2,
                "TLS" | "CLK" => 3,
                "EDGE" | "HTTP" | "BODY" => 4,
                "AUTH" | "OAUTH" => 5,
                "PERM" | "RATE" => 6,
                "API" => 7,
                "VEND" => 8,
                "SELF" => 9,
                other => panic!("{other} is no area"),
            };
            assert_eq!(cause.number / 1000, layer, "{}", cause.code);
        }
    }

    #[test]
    fn every_cause_speaks_both_languages_and_names_the_same_values_in_both() {
        for cause in all() {
            assert!(!cause.steps.is_empty() && !cause.who.is_empty(), "{} lacks a way out", cause.code);
            for text in texts(cause) {
                assert!(!text.en.is_empty() && text.en.is_ascii(), "{}: {}", cause.code, text.en);
                assert!(is_japanese(text.ja), "{}: {}", cause.code, text.ja);
                assert_eq!(places(text.en), places(text.ja), "{}: {}", cause.code, text.en);
                assert!(text.en.ends_with(['.', '?', '}']), "{}: {}", cause.code, text.en);
                assert!(text.ja.ends_with(['。', '}']), "{}: {}", cause.code, text.ja);
            }
        }
    }

    #[test]
    fn every_command_in_a_step_is_one_of_conn_and_none_weakens_tls() {
        let verbs = [
            "account",
            "add",
            "connect",
            "connectors",
            "diagnose",
            "disable",
            "doctor",
            "enable",
            "explain",
            "generate",
            "lint",
            "list",
            "reconnect",
            "remove",
            "rename",
            "request",
            "show",
            "test",
        ];
        for cause in all() {
            for command in cause.steps.iter().filter_map(|step| step.command) {
                let verb = command.strip_prefix("conn ").and_then(|rest| rest.split(' ').next());
                assert!(verb.is_some_and(|verb| verbs.contains(&verb)), "{}: {command}", cause.code);
                assert!(!command.contains("insecure"), "{}: {command}", cause.code);
                let explained = command.strip_prefix("conn explain ");
                assert!(explained.is_none_or(|code| find(code).is_some()), "{}: {command}", cause.code);
            }
        }
    }

    #[test]
    fn only_warnings_exit_as_warnings_and_nothing_wrong_counts_as_healthy() {
        for cause in all() {
            let warns = cause.exit == ExitClass::Warnings;
            assert_eq!(warns, cause.severity == Severity::Warning, "{}", cause.code);
            assert_ne!(cause.exit, ExitClass::Healthy, "{}", cause.code);
        }
    }

    #[test]
    fn the_public_list_of_codes_is_frozen() {
        let frozen: BTreeMap<&str, (&str, bool)> = include_str!("frozen.txt")
            .lines()
            .map(|line| {
                let mut words = line.split(' ');
                let (number, code) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
                (code, (number, words.next() == Some("retired")))
            })
            .collect();
        for cause in all() {
            let listed = frozen.get(cause.code).map(|(number, _)| (*number).to_owned());
            assert_eq!(listed, Some(cause.number.to_string()), "{} in frozen.txt", cause.code);
        }
        for (code, (_, retired)) in frozen {
            assert!(retired || find(code).is_some(), "{code} was published and is gone");
        }
    }

    #[test]
    fn a_cause_is_found_by_code_short_code_or_number_in_any_case() {
        let cases = [
            ("CONN-AUTH-DC", Some(5009)),
            ("auth-dc", Some(5009)),
            ("conn-auth-dc", Some(5009)),
            (" AUTH_DC ", Some(5009)),
            ("5009", Some(5009)),
            ("AUTH", None),
            ("DC", None),
            ("0", None),
            ("", None),
        ];
        for (asked, number) in cases {
            assert_eq!(find(asked).map(|cause| cause.number), number, "{asked}");
        }
        assert_eq!(get("CONN-NO-SUCH").code, own::UNKNOWN.code);
    }

    #[test]
    fn many_outcomes_exit_by_the_worst() {
        use ExitClass::{Bug, Healthy, Local, Path, Reconnect, Service, Temporary, Warnings};
        let order = [Healthy, Warnings, Temporary, Service, Reconnect, Path, Local, Bug];
        for (index, worse) in order.iter().enumerate() {
            for milder in &order[..=index] {
                assert_eq!(ExitClass::worst([*milder, *worse, *milder]), *worse);
            }
        }
        assert_eq!(ExitClass::worst([]), Healthy);
    }
}
