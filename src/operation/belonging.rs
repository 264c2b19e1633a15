//! To which environment, data centre or version a definition and its values belong, as far as they say so
//! themselves. A value for tests that is used in production, or the other way round, is found before it is sent.

use super::prepare::Prepared;
use crate::base::{Phrase, Secret, Text, Timestamp, safe_text};
use crate::diagnosis::Problem;
use crate::model::connection::PRODUCTION;

/// First letters by which services tell their keys for tests from the others.
const MARKS: [(&str, Side); 20] = [
    ("sk_live_", Side::Live),
    ("pk_live_", Side::Live),
    ("rk_live_", Side::Live),
    ("rzp_live_", Side::Live),
    ("shippo_live_", Side::Live),
    ("xnd_production_", Side::Live),
    ("live_", Side::Live),
    ("APP_USR-", Side::Live),
    ("sk_test_", Side::Test),
    ("pk_test_", Side::Test),
    ("rk_test_", Side::Test),
    ("rzp_test_", Side::Test),
    ("shippo_test_", Side::Test),
    ("skey_test_", Side::Test),
    ("xnd_development_", Side::Test),
    ("FLWSECK_TEST-", Side::Test),
    ("test_", Side::Test),
    ("sandbox_", Side::Test),
    ("sandbox-", Side::Test),
    ("TEST-", Side::Test),
];

/// Whether something is for real or for tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Live,
    Test,
}

impl Side {
    /// The side of a key, where its first letters tell it.
    fn of_key(value: &str) -> Option<Self> {
        MARKS.iter().find(|(mark, _)| value.starts_with(mark)).map(|(_, side)| *side)
    }

    /// The side of an environment, where its name tells it.
    fn of_environment(name: &str) -> Option<Self> {
        match name {
            PRODUCTION | "live" => Some(Self::Live),
            "sandbox" | "test" | "stage" | "staging" | "development" => Some(Self::Test),
            _ => None,
        }
    }
}

impl Side {
    /// The environment of the service that is on this side.
    fn environment(self, prepared: &Prepared) -> &str {
        let mut names = prepared.connector.environments.keys().map(String::as_str);
        match self {
            Self::Live => PRODUCTION,
            Self::Test => names.find(|name| Self::of_environment(name) == Some(self)).unwrap_or("sandbox"),
        }
    }
}

/// A key that belongs to another environment than the one it would be used in. Nothing is said where the service
/// keeps both at one address and nobody named an environment: there the key alone decides.
#[must_use]
pub fn environment(prepared: &Prepared, key: &str, value: &Secret) -> Option<Problem> {
    const LIVE: Text = Text::new(
        "its form marks the {label} as one for production; the connection uses the environment {environment}",
        "「{label}」の形式は本番用ですが、接続の環境は {environment} です",
    );
    const TEST: Text = Text::new(
        "its form marks the {label} as one for tests; the connection uses the environment {environment}",
        "「{label}」の形式はテスト用ですが、接続の環境は {environment} です",
    );
    let named = prepared.connection.environment.is_some() || prepared.environment != PRODUCTION;
    let own_hosts = prepared.connector.environments.values().any(|other| other.base.is_some());
    let side = Side::of_key(value.expose())?;
    let place = Side::of_environment(&prepared.environment)?;
    if side == place || !(named || own_hosts) {
        return None;
    }
    let label = &prepared.method.params.get(key)?.label;
    let values =
        [("label", label.en.as_str()), ("parameter", key), ("key_environment", side.environment(prepared))];
    let mut problem = prepared.problem("CONN-CFG-ENV", &values);
    let text = if side == Side::Live { LIVE } else { TEST };
    let say = |text: &str, label: &str| {
        text.replace("{label}", label).replace("{environment}", &prepared.environment)
    };
    problem.evidence.push(Phrase { en: say(text.en, &label.en), ja: say(text.ja, &label.ja) });
    Some(problem)
}

/// The variables that name a data centre, as definitions call them.
const REGIONS: [&str; 5] = ["dc", "data_center", "data_centre", "region", "datacenter"];

/// A data centre in which the service is not offered.
#[must_use]
pub fn region(prepared: &Prepared) -> Option<Problem> {
    const OFFERED: Text = Text::new(
        "vars.{name} is {region}; it is offered in {regions}",
        "vars.{name} は {region} です。提供されているのは {regions} です",
    );
    let regions = &prepared.connector.regions;
    let (name, region) = REGIONS.iter().find_map(|name| prepared.connection.vars.get_key_value(*name))?;
    if regions.is_empty() || regions.iter().any(|offered| offered.eq_ignore_ascii_case(region.trim())) {
        return None;
    }
    let region = safe_text::line(region, 40);
    let mut problem = prepared.problem("CONN-CFG-DC-UNSUPPORTED", &[("region", &region)]);
    let values = [("name", name.as_str()), ("region", &region), ("regions", &regions.join(", "))];
    problem.evidence.push(OFFERED.fill(&values));
    Some(problem)
}

/// A service that has come to its end, or will; a warning, for the definition may be ahead of the service.
#[must_use]
pub fn end(prepared: &Prepared, now: Timestamp) -> Option<Problem> {
    const FOLLOWS: Text = Text::new("conn knows the one that follows it: {next}", "後継のコネクター: {next}");
    let retired = prepared.connector.retired.as_ref()?;
    let day = retired.en.get(..10).and_then(|text| text.parse::<jiff::civil::Date>().ok());
    let day = day.and_then(|day| day.to_zoned(jiff::tz::TimeZone::UTC).ok());
    let ahead = day.filter(|day| day.timestamp() > now);
    let next = prepared.connector.replaced_by.clone().unwrap_or_default();
    let values = [("replacement", next.as_str())];
    let mut problem = match &ahead {
        Some(day) => {
            let date = day.strftime("%Y-%m-%d").to_string();
            prepared.problem("CONN-API-DEPRECATED", &[("date", &date), ("replacement", &next)])
        }
        None => prepared.problem("CONN-VEND-DISCONTINUED", &values),
    };
    problem.lowered = true;
    problem.evidence.push(retired.clone());
    if !next.is_empty() {
        problem.evidence.push(FOLLOWS.fill(&[("next", &safe_text::line(&next, 60))]));
    }
    Some(problem)
}
