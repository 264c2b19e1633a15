//! Which cause explains which: the general verdict gives way to the finer one, the symptom to its cause.

/// A general verdict or a symptom, and what may stand behind it.
const EXPLAINED_BY: &[(&str, &[&str])] = &[
    (
        "CONN-AUTH-REJECTED",
        &[
            "CONN-AUTH-KEY-UNKNOWN",
            "CONN-AUTH-KEY-ROTATED",
            "CONN-AUTH-PASSWORD-CHANGED",
            "CONN-AUTH-USER-DISABLED",
            "CONN-AUTH-NOT-SENT",
            "CONN-AUTH-KIND",
            "CONN-AUTH-DC",
            "CONN-AUTH-KEY-EXPIRED",
            "CONN-AUTH-LOCKED",
            "CONN-AUTH-IP",
            "CONN-AUTH-STRIPPED",
            "CONN-CFG-PARAM-PLACEMENT",
        ],
    ),
    ("CONN-AUTH-NOT-SENT", &["CONN-CFG-PARAM-PLACEMENT"]),
    (
        "CONN-PERM-UNKNOWN",
        &[
            "CONN-PERM-RESOURCE",
            "CONN-PERM-SCOPE",
            "CONN-PERM-PLAN",
            "CONN-PERM-API-DISABLED",
            "CONN-AUTH-DC",
            "CONN-AUTH-KEY-UNKNOWN",
            "CONN-AUTH-KEY-ROTATED",
            "CONN-AUTH-IP",
            "CONN-AUTH-USER-DISABLED",
            "CONN-CFG-PARAM-PLACEMENT",
        ],
    ),
    ("CONN-API-PATH", &["CONN-API-RESOURCE", "CONN-API-HIDDEN", "CONN-API-TENANT", "CONN-AUTH-DC"]),
    ("CONN-OAUTH-AUDIENCE", &["CONN-AUTH-DC"]),
    ("CONN-OAUTH-REFRESH-REVOKED", &["CONN-AUTH-DC"]),
    ("CONN-HTTP-EMPTY", &["CONN-NET-FLAKY"]),
    ("CONN-BODY-TRUNCATED", &["CONN-NET-FLAKY"]),
    ("CONN-NET-RESET", &["CONN-NET-FLAKY"]),
    ("CONN-NET-STALLED", &["CONN-NET-FLAKY"]),
    ("CONN-TLS-HOSTNAME", &["CONN-EDGE-CAPTIVE"]),
    ("CONN-TLS-EXPIRED", &["CONN-CLK-SKEW"]),
    ("CONN-TLS-NOT-YET-VALID", &["CONN-CLK-SKEW"]),
];

/// What may stand behind a verdict.
#[must_use]
pub fn behind(code: &str) -> &'static [&'static str] {
    EXPLAINED_BY.iter().find(|(symptom, _)| *symptom == code).map_or(&[], |(_, causes)| *causes)
}

/// Whether a cause may stand behind another.
#[must_use]
pub fn stands_behind(code: &str) -> bool {
    EXPLAINED_BY.iter().any(|(_, causes)| causes.contains(&code))
}

/// The causes that compete with a verdict: those that may stand behind it; for a verdict that is not certain, those
/// that share its symptom.
#[must_use]
pub fn peers(code: &str, is_certain: bool) -> Vec<&'static str> {
    let own = behind(code);
    if !own.is_empty() || is_certain {
        return own.to_vec();
    }
    let family =
        EXPLAINED_BY.iter().find(|(_, causes)| causes.contains(&code)).map_or(&[][..], |(_, causes)| *causes);
    family.iter().copied().filter(|other| *other != code).collect()
}

/// Whether the first cause explains the second. Without the network nothing else can work.
#[must_use]
pub fn explains(cause: &str, symptom: &str) -> bool {
    behind(symptom).contains(&cause) || (cause == "CONN-NET-OFFLINE" && symptom != cause)
}

#[cfg(test)]
mod tests {
    use super::{EXPLAINED_BY, explains};
    use crate::cause;

    #[test]
    fn every_code_is_one_of_the_catalogue_and_nothing_explains_what_explains_it() {
        for (symptom, causes) in EXPLAINED_BY {
            for code in causes.iter().chain([symptom]) {
                assert!(cause::find(code).is_some(), "{code}");
            }
            for code in *causes {
                assert!(!explains(symptom, code), "{symptom} and {code} explain each other");
            }
        }
    }
}
