//! What the authorization server says about the token in use (RFC 7662), as a fact and as evidence.

use serde::{Deserialize, Serialize};

use super::finding::Finding;
use crate::base::{Phrase, Text, Timestamp, safe_text, time};
use crate::model::Strength;

/// What was said about a token.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Introspection {
    /// Whether it can be used; `None` where the server does not tell this client.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub active: Option<bool>,
    /// When it ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<Timestamp>,
    /// What it allows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scopes: Option<Vec<String>>,
    /// For whom it was issued.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// Why the server does not tell, by its cause.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub declined: Option<String>,
}

impl Introspection {
    /// In one line. `false` may also mean that this client may not know.
    #[must_use]
    pub fn words(&self) -> Phrase {
        const ACTIVE: Text = Text::new("token active{until}{scopes}", "トークンは有効{until}{scopes}");
        const UNTIL: Text = Text::new(" until {when}", "（{when} まで）");
        const SCOPES: Text = Text::new("; scopes: {scopes}", "、スコープ: {scopes}");
        const INACTIVE: Text = Text::new("token not active", "トークンは無効");
        const UNTOLD: Text = Text::new(
            "the server does not say whether the token is active ({code})",
            "トークンの状態を確認できません（{code}）",
        );
        match self.active {
            Some(true) => {
                let until = self.expires.map(|when| UNTIL.fill(&[("when", &time::iso(when))]));
                let scopes = self
                    .scopes
                    .as_ref()
                    .map(|scopes| SCOPES.fill(&[("scopes", &safe_text::line(&scopes.join(" "), 120))]));
                let (until, scopes) = (until.unwrap_or_default(), scopes.unwrap_or_default());
                ACTIVE.fill_phrases(&[("until", until), ("scopes", scopes)])
            }
            Some(false) => INACTIVE.into(),
            None => UNTOLD.fill(&[("code", self.declined.as_deref().unwrap_or("-"))]),
        }
    }

    /// Adds what the server says to a finding on the token.
    #[must_use]
    pub fn beside(&self, finding: Finding) -> Finding {
        const SAYS: Text = Text::new("the authorization server says: {words}", "認可サーバーの回答: {words}");
        let strength = if self.active.is_some() { Strength::Strong } else { Strength::Weak };
        finding.because(strength, SAYS.fill_phrases(&[("words", self.words())]))
    }
}

#[cfg(test)]
mod tests {
    use super::Introspection;

    #[test]
    fn what_the_server_says_is_one_line_in_both_languages() {
        let active = Introspection {
            active: Some(true),
            expires: "2026-11-22T01:00:00Z".parse().ok(),
            scopes: Some(vec!["read".into(), "write\u{1b}".into()]),
            ..Introspection::default()
        };
        let declined =
            Introspection { declined: Some("CONN-OAUTH-CLIENT-INVALID".into()), ..Introspection::default() };
        for (said, en, ja) in [
            (
                active,
                "token active until 2026-11-22T01:00:00Z; scopes: read write\\u{1b}",
                "トークンは有効（2026-11-22T01:00:00Z まで）、スコープ: read write\\u{1b}",
            ),
            (
                Introspection { active: Some(false), ..Introspection::default() },
                "token not active",
                "トークンは無効",
            ),
            (
                declined,
                "the server does not say whether the token is active (CONN-OAUTH-CLIENT-INVALID)",
                "トークンの状態を確認できません（CONN-OAUTH-CLIENT-INVALID）",
            ),
        ] {
            let words = said.words();
            assert_eq!((words.en.as_str(), words.ja.as_str()), (en, ja));
        }
    }
}
