//! Whether an address has an API, by what it answers to requests that carry no credential.

use super::Answered;
use super::body::BodyKind;
use crate::base::{Phrase, Text, safe_text};

/// Where a service may say that it has an API: the address itself, then the places of which standards and habits know
/// (OpenAPI, RFC 9727, RFC 8414), each on the same host.
pub const PLACES: [&str; 4] =
    ["/openapi.json", "/swagger.json", "/.well-known/api-catalog", "/.well-known/oauth-authorization-server"];

/// A sign of an API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sign {
    /// It describes itself, by this name.
    Description(String),
    /// It names where tokens are given.
    Tokens,
    /// It lists its APIs.
    Catalogue,
    /// It asks for a credential, by this scheme.
    Challenge(String),
    /// It answers with data, not with a page.
    Data,
}

impl Sign {
    /// What an answer shows; `None` where it could come from any web server.
    #[must_use]
    pub fn of(answer: &Answered) -> Option<Self> {
        let is_fine = (200..300).contains(&answer.status);
        let root = answer.body.json();
        let has = |key: &str| root.and_then(|root| root.get(key)).is_some();
        if is_fine && (has("openapi") || has("swagger")) {
            let title = root.and_then(|root| root.pointer("/info/title")?.as_str());
            return Some(Self::Description(safe_text::line(title.unwrap_or_default(), 80)));
        }
        if is_fine && has("token_endpoint") {
            return Some(Self::Tokens);
        }
        if is_fine && has("linkset") {
            return Some(Self::Catalogue);
        }
        if let (401, Some(challenge)) = (answer.status, answer.header("www-authenticate")) {
            let scheme = challenge.split([' ', ',']).next().unwrap_or_default();
            return Some(Self::Challenge(safe_text::line(scheme, 40)));
        }
        // A lone word or number is JSON and says nothing.
        let is_whole = root.is_some_and(|root| root.is_object() || root.is_array());
        let is_data = answer.status < 500 && is_whole && BodyKind::of(answer) == BodyKind::Json;
        is_data.then_some(Self::Data)
    }

    /// The word in JSON.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Description(_) => "description",
            Self::Tokens => "tokens",
            Self::Catalogue => "catalogue",
            Self::Challenge(_) => "challenge",
            Self::Data => "data",
        }
    }

    /// What was seen, for people.
    #[must_use]
    pub fn words(&self) -> Phrase {
        match self {
            Self::Description(title) if title.is_empty() => {
                Text::new("a description of an API", "API の定義書があります").into()
            }
            Self::Description(title) => {
                Text::new("the description of {title}", "「{title}」の定義書があります")
                    .fill(&[("title", title)])
            }
            Self::Tokens => {
                Text::new("the address where tokens are given", "トークンの発行先を公開しています").into()
            }
            Self::Catalogue => Text::new("a list of its APIs", "API の一覧を公開しています").into(),
            Self::Challenge(scheme) => {
                Text::new("it asks for a credential ({scheme})", "認証情報を求めています（{scheme}）")
                    .fill(&[("scheme", scheme)])
            }
            Self::Data => {
                Text::new("it answers with data, not with a page", "ページではなくデータで応答しています")
                    .into()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Sign;
    use crate::diagnosis::Answered;

    #[test]
    fn pages_and_bare_words_are_no_signs_and_data_challenges_and_descriptions_are() {
        let sign = |status: u16, headers: &[(&str, &str)], body: &str| {
            Sign::of(&Answered {
                status,
                version: String::new(),
                headers: headers.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect(),
                body: body.into(),
                length: body.len(),
                truncated: false,
                peer: None,
            })
        };
        for (status, body) in [(200, "<html><title>Hi</title>"), (404, "Not Found"), (200, "null"), (200, "")]
        {
            assert_eq!(sign(status, &[], body), None, "{body}");
        }
        assert_eq!(sign(503, &[], r#"{"down":true}"#), None, "a device in front may say so");
        assert_eq!(sign(404, &[], r#"{"error":"no such address"}"#), Some(Sign::Data));
        let described = sign(200, &[], r#"{"openapi":"3.1.0","info":{"title":"Acme"}}"#);
        assert_eq!(described, Some(Sign::Description("Acme".into())));
        assert_eq!(sign(200, &[], r#"{"token_endpoint":"https://a.test"}"#), Some(Sign::Tokens));
        assert_eq!(sign(200, &[], r#"{"linkset":[]}"#), Some(Sign::Catalogue));
        let asked = sign(401, &[("www-authenticate", "Bearer realm=\"x\"")], "<html>");
        assert_eq!(asked, Some(Sign::Challenge("Bearer".into())));
    }
}
