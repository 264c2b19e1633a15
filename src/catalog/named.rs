//! What the built-in services know of a cause, found without parsing what does not name it.

use super::{INDEX, text};
use crate::model::Fixture;

/// The services whose rules or samples name a cause, sorted by id. One pass over the list, which parses nothing.
#[must_use]
pub fn naming(code: &str) -> Vec<&'static str> {
    let parts = |end: Option<char>| matches!(end, Some(' ' | '\t'));
    let whole = |at: &usize| {
        parts(INDEX[..*at].chars().next_back()) && parts(INDEX[at + code.len()..].chars().next())
    };
    let id = |at: usize| {
        let start = INDEX[..at].rfind('\n').map_or(0, |end| end + 1);
        INDEX[start..].split('\t').next()
    };
    INDEX.match_indices(code).map(|(at, _)| at).filter(whole).filter_map(id).collect()
}

/// The first sample in a service's own definition that comes to a cause. Parses nothing but that sample.
#[must_use]
pub fn sample(id: &str, code: &str) -> Option<Fixture> {
    #[derive(serde::Deserialize)]
    struct Samples {
        fixtures: Vec<Fixture>,
    }
    let text = text(id)?;
    let end = text.find(&format!("\nexpect = \"{code}\"\n"))?;
    let start = text[..end].rfind("[[fixtures]]")?;
    let rest = &text[start..];
    let length = rest.find("\n[").unwrap_or(rest.len());
    let samples: Samples = toml::from_str(&rest[..length]).ok()?;
    samples.fixtures.into_iter().next()
}

#[cfg(test)]
mod tests {
    use super::{naming, sample};
    use crate::catalog::{all, ids};

    #[test]
    fn the_services_that_name_a_cause_are_those_that_the_whole_list_names() {
        for cause in crate::cause::all() {
            let whole: Vec<&str> = all()
                .iter()
                .filter(|service| service.codes().any(|code| code == cause.code))
                .map(|service| service.id)
                .collect();
            assert_eq!(naming(cause.code), whole, "{}", cause.code);
        }
    }

    #[test]
    fn a_sample_that_is_read_alone_is_the_one_of_the_whole_definition() {
        let mut read = 0;
        for id in ids() {
            let whole = super::text(id).unwrap().parse::<toml::Table>().unwrap();
            let samples = whole.get("fixtures").and_then(toml::Value::as_array);
            for one in samples.into_iter().flatten() {
                let code = one["expect"].as_str().unwrap();
                let alone = sample(id, code).unwrap_or_else(|| panic!("{id}: {code}"));
                assert_eq!(alone.expect, code, "{id}");
                read += usize::from(alone.name == one["name"].as_str().unwrap());
            }
        }
        assert!(read > 300, "{read}");
    }
}
