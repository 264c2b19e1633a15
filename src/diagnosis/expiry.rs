//! What of a connection ends, and when: remembered from its last success, so that a list needs no request.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::ending;
use super::fact::Facts;
use crate::base::{Text, Timestamp};

/// What ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Expiring {
    /// The certificate that the server showed.
    Certificate,
    /// The key, where it says its own end or the service does.
    Key,
    /// An access token that nobody can renew without a person.
    Token,
    /// The consent, by the end of its refresh token.
    Consent,
    /// The consent, unless it is used before.
    Unused,
}

impl Expiring {
    /// The word in JSON.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Certificate => "certificate",
            Self::Key => "key",
            Self::Token => "token",
            Self::Consent => "consent",
            Self::Unused => "unused",
        }
    }

    /// What it is, for people.
    #[must_use]
    pub const fn text(self) -> Text {
        match self {
            Self::Certificate => Text::new("server's certificate", "サーバー証明書"),
            Self::Key => Text::new("key", "キー"),
            Self::Token => Text::new("token without renewal", "更新できないトークン"),
            Self::Consent => Text::new("consent", "同意（認可）"),
            Self::Unused => Text::new("consent, unless used before", "同意（認可）（使わない場合）"),
        }
    }

    /// What is to be done about it, as a command; none where it is the service's own matter.
    #[must_use]
    pub fn command(self, link_name: &str) -> Option<String> {
        match self {
            Self::Certificate => None,
            Self::Key | Self::Token | Self::Consent => Some(format!("conn reconnect {link_name}")),
            Self::Unused => Some(format!("conn test {link_name}")),
        }
    }
}

/// Everything that ends, as far as this run saw it.
#[must_use]
pub fn seen(facts: &Facts) -> BTreeMap<Expiring, Timestamp> {
    let grant = facts.grant.as_ref();
    let ends = [
        (Expiring::Certificate, ending::of_certificate(facts)),
        (Expiring::Key, ending::of_key(facts)),
        (Expiring::Token, grant.filter(|grant| !grant.renewable).and_then(|grant| grant.expires)),
        (Expiring::Consent, grant.and_then(|grant| grant.ends)),
        (Expiring::Unused, grant.and_then(|grant| grant.lapses)),
    ];
    ends.into_iter().filter_map(|(what, at)| Some((what, at?))).collect()
}
