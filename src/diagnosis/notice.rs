//! Notices of a service about its own end: `Deprecation` (RFC 9745), `Sunset` (RFC 8594), `Warning` and the headers
//! of single vendors.

use serde::{Deserialize, Serialize};

use super::answer;
use super::fact::{Answered, Facts};
use super::finding::{Confidence, Finding};
use super::rate::http_date;
use crate::base::{Text, Timestamp, safe_text};
use crate::cause;
use crate::model::Strength;

/// The headers that are notices.
pub const HEADERS: [&str; 6] =
    ["deprecation", "sunset", "warning", "x-cybozu-warning", "x-api-warn", "x-deprecated"];

/// So many days before its end a version is worth a word of its own.
const SOON: i64 = 14;

/// A notice in an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// `test`, or the id of a permission.
    pub request: String,
    /// The header.
    pub header: String,
    /// What it says.
    pub value: String,
    /// The moment that it names.
    pub date: Option<Timestamp>,
    /// Where the service explains it.
    pub link: Option<String>,
}

/// Every notice in the answers of a run.
#[must_use]
pub fn notices(facts: &Facts) -> Vec<Notice> {
    let answers = facts.answers.iter().filter_map(|fact| Some((fact, fact.answer.as_ref()?)));
    answers.flat_map(|(fact, answer)| of(&fact.request, answer)).collect()
}

fn of(request: &str, answer: &Answered) -> Vec<Notice> {
    let found = answer.headers.iter().filter(|(name, _)| HEADERS.contains(&name.as_str()));
    let notice = |(name, value): &(String, String)| Notice {
        request: request.to_owned(),
        header: name.clone(),
        value: safe_text::line(value, 160),
        date: date(value),
        link: link(answer),
    };
    found.map(notice).collect()
}

/// The moment of a notice: `@1688169599` (RFC 9745), or an HTTP date (RFC 8594 and older drafts).
pub(super) fn date(value: &str) -> Option<Timestamp> {
    let value = value.trim();
    match value.strip_prefix('@') {
        Some(seconds) => Timestamp::from_second(seconds.parse().ok()?).ok(),
        None => http_date(value),
    }
}

/// The link of relation `deprecation`, `sunset` or `successor-version` (RFC 8288).
fn link(answer: &Answered) -> Option<String> {
    let values = answer.headers.iter().filter(|(name, _)| name == "link").map(|(_, value)| value);
    let links = values.flat_map(|value| value.split(",<").map(|one| one.trim_start_matches('<')));
    let told = links.filter_map(|one| one.split_once('>')).find(|(_, relation)| {
        ["deprecation", "sunset", "successor-version"].iter().any(|name| relation.contains(name))
    });
    told.map(|(target, _)| safe_text::line(target, 200)).filter(|target| target.starts_with("https://"))
}

/// The remark that a version ends, or has ended.
#[must_use]
pub fn remark(facts: &Facts) -> Option<Finding> {
    const DAYS: Text = Text::new("{days} days are left", "残り {days} 日です");
    let notices = notices(facts);
    let ending: Vec<&Notice> =
        notices.iter().filter(|one| matches!(one.header.as_str(), "deprecation" | "sunset")).collect();
    ending.first()?;
    let end = ending.iter().filter(|one| one.header == "sunset").filter_map(|one| one.date).min();
    let code = if end.is_some_and(|end| end < facts.at) { "CONN-API-SUNSET" } else { "CONN-API-DEPRECATED" };
    // A call that still works is no error, whatever date it carries.
    let mut finding = Finding::new(cause::get(code), Confidence::Certain).lowered();
    if let Some(end) = end {
        finding = finding.value("date", end.strftime("%Y-%m-%d").to_string());
        let days = end.duration_since(facts.at).as_hours() / 24;
        if end > facts.at && days < SOON {
            finding = finding.because(Strength::Proves, DAYS.fill(&[("days", &days.to_string())]));
        }
    }
    let answers = facts.answers.iter().filter(|fact| ending.iter().any(|one| one.request == fact.request));
    let said = answers.filter_map(|fact| fact.answer.as_ref()).flat_map(answer::warnings);
    let mut seen = Vec::new();
    for sentence in said {
        if !seen.contains(&sentence) {
            seen.push(sentence.clone());
            finding = finding.because(Strength::Proves, sentence);
        }
    }
    finding.docs.extend(ending.iter().find_map(|one| one.link.clone()));
    Some(finding)
}

#[cfg(test)]
mod tests {
    use super::{Answered, date, link};

    #[test]
    fn the_moments_of_both_documents_are_read() {
        for (value, expected) in [
            ("@1688169599", Some("2023-06-30T23:59:59Z")),
            ("Sat, 31 Dec 2026 23:59:59 GMT", None),
            ("Thu, 31 Dec 2026 23:59:59 GMT", Some("2026-12-31T23:59:59Z")),
            ("true", None),
            ("@soon", None),
        ] {
            let found = date(value).map(|at| at.to_string());
            // A wrong day of the week is read leniently or not at all, never as another moment.
            if value.starts_with("Sat") {
                assert!(found.is_none_or(|at| at == "2026-12-31T23:59:59Z"), "{value}");
            } else {
                assert_eq!(found.as_deref(), expected, "{value}");
            }
        }
    }

    #[test]
    fn the_link_that_explains_is_found_among_others() {
        let answer = |value: &str| Answered {
            status: 200,
            version: "HTTP/1.1".into(),
            headers: vec![("link".into(), value.into())],
            body: "".into(),
            length: 0,
            truncated: false,
            peer: None,
        };
        for (value, expected) in [
            ("<https://a.test/2>; rel=\"next\"", None),
            (
                "<https://a.test/2>; rel=\"next\",<https://a.test/end>; rel=\"sunset\"",
                Some("https://a.test/end"),
            ),
            ("<https://a.test/v2>; rel=\"successor-version\"", Some("https://a.test/v2")),
            ("<javascript:x>; rel=\"deprecation\"", None),
        ] {
            assert_eq!(link(&answer(value)).as_deref(), expected, "{value}");
        }
    }
}
