//! What a file of another program holds, in words that all formats share.

use std::fmt;

use indexmap::IndexMap;
use zeroize::Zeroizing;

use crate::base::{Phrase, Secret};

/// A value of a file that may be secret: no `Display`, a masked `Debug`, wiped on drop. It is no [`Secret`] yet,
/// because most values of a file are none, and a secret is masked wherever its text turns up.
#[derive(Clone, PartialEq, Eq)]
pub struct Raw(Zeroizing<String>);

impl Raw {
    /// Takes a value in.
    pub fn new(value: impl Into<String>) -> Self {
        Self(Zeroizing::new(value.into()))
    }

    /// The value itself.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The value as a secret.
    #[must_use]
    pub fn secret(&self) -> Secret {
        Secret::new(self.0.to_string())
    }

    /// Whether it is nothing, or stands for a value that a person has yet to fill in.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        let lower = self.0.trim().to_lowercase();
        let words =
            ["changeme", "change-me", "change_me", "replace_me", "replace-me", "todo", "null", "none"];
        let enclosed = (lower.starts_with('<') && lower.ends_with('>'))
            || (lower.starts_with("[your") && lower.ends_with(']'));
        let yours = ["your-", "your_", "your ", "my-api-key", "insert-", "insert_", "enter-", "enter_"];
        let repeated = lower.len() >= 3 && lower.chars().all(|c| matches!(c, 'x' | '*' | '.' | '-'));
        lower.is_empty()
            || words.contains(&lower.as_str())
            || enclosed
            || repeated
            || yours.iter().any(|start| lower.starts_with(start))
    }

    /// The value, where it is one.
    #[must_use]
    pub fn filled(self) -> Option<Self> {
        if self.is_blank() { None } else { Some(self) }
    }
}

impl fmt::Debug for Raw {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Raw(***)")
    }
}

/// Everything that files hold.
#[derive(Debug, Default)]
pub struct Found {
    /// Services, each with the values that prove who is calling.
    pub services: Vec<Service>,
    /// Named values that belong to no service yet.
    pub values: Vec<Value>,
    /// What has no place in conn.
    pub left: Vec<Left>,
}

impl Found {
    /// Takes in what another file holds.
    pub fn join(&mut self, other: Self) {
        self.services.extend(other.services);
        self.values.extend(other.values);
        self.left.extend(other.left);
    }
}

/// A named value.
#[derive(Debug)]
pub struct Value {
    /// Its name.
    pub name: String,
    /// Where it stands, `FILE:LINE`.
    pub place: String,
    /// The value.
    pub value: Raw,
}

/// Something that has no place in conn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    /// What the file calls it.
    pub what: String,
    /// Where it stands: `FILE:LINE` or `FILE#/pointer`.
    pub place: String,
    /// Why, and what helps.
    pub reason: Phrase,
}

/// A service as a file knows it.
#[derive(Debug, Default)]
pub struct Service {
    /// What the file calls it.
    pub name: String,
    /// Where it stands.
    pub place: String,
    /// The built-in service that it is, where the format itself says so.
    pub id: Option<String>,
    /// The wished link name.
    pub link_name: Option<String>,
    /// The base address; `{name}` stands for a variable.
    pub base: String,
    /// The variables of the base.
    pub vars: IndexMap<String, Variable>,
    /// Headers that every call carries and that prove nothing.
    pub headers: IndexMap<String, String>,
    /// Where people read about it.
    pub docs: Option<String>,
    /// A harmless call that needs a credential, `/path`.
    pub test: Option<String>,
    /// The ways to authenticate.
    pub ways: Vec<Way>,
    /// Whether a connection is wanted even where the file holds no value.
    pub connects: bool,
    /// Whether the file knows too little of it for a connector of one's own.
    pub only_known: bool,
}

impl Service {
    /// The way whose values the file holds: whole, else in part.
    #[must_use]
    pub fn used(&self) -> Option<&Way> {
        let whole = self.ways.iter().find(|way| way.proof.is_whole());
        whole.or_else(|| self.ways.iter().find(|way| way.proof.has_values()))
    }
}

/// A variable of a base address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Variable {
    /// Its value, or the value that it usually has.
    pub value: Option<String>,
    /// The values there are.
    pub choices: Vec<String>,
}

/// A way to authenticate.
#[derive(Debug)]
pub struct Way {
    /// What the file calls it.
    pub name: String,
    /// What proves who is calling.
    pub proof: Proof,
}

/// What proves who is calling.
#[derive(Debug, PartialEq, Eq)]
pub enum Proof {
    /// Values in headers, the query or cookies.
    Placed(Vec<Placed>),
    /// RFC 7617.
    Basic(Login),
    /// RFC 7616.
    Digest(Login),
    /// RFC 6749.
    OAuth2(Box<OAuth2>),
}

/// A user name and a password.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Login {
    /// The user name, which some services take a key for.
    pub user: Option<Raw>,
    /// The password.
    pub password: Option<Raw>,
}

/// A value and where it travels.
#[derive(Debug, PartialEq, Eq)]
pub struct Placed {
    /// Where.
    pub place: Place,
    /// The name of the header, query parameter or cookie.
    pub name: String,
    /// What stands before it.
    pub prefix: String,
    /// The value.
    pub value: Option<Raw>,
}

/// Where a value travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// A header.
    Header,
    /// The query.
    Query,
    /// A cookie.
    Cookie,
}

/// How tokens are obtained.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct OAuth2 {
    /// The grant, where it is not `authorization_code`.
    pub grant: Option<&'static str>,
    /// Where a person consents.
    pub authorize: Option<String>,
    /// The token endpoint.
    pub token: Option<String>,
    /// The endpoint for renewal, where it is another.
    pub refresh: Option<String>,
    /// The issuer, where it publishes the addresses.
    pub issuer: Option<String>,
    /// The scopes.
    pub scopes: Vec<String>,
    /// How the client proves itself.
    pub client_auth: Option<&'static str>,
    /// The client's id.
    pub client_id: Option<Raw>,
    /// The client's secret.
    pub client_secret: Option<Raw>,
    /// Whether the client has a secret whose value stands in none of the files.
    pub secret_is_open: bool,
}

impl Proof {
    /// A token in the usual header.
    #[must_use]
    pub fn bearer(value: Option<Raw>) -> Self {
        Self::Placed(vec![Placed {
            place: Place::Header,
            name: "Authorization".to_owned(),
            prefix: "Bearer ".to_owned(),
            value,
        }])
    }

    fn values(&self) -> Vec<Option<&Raw>> {
        match self {
            Self::Placed(all) => all.iter().map(|placed| placed.value.as_ref()).collect(),
            Self::Basic(login) | Self::Digest(login) => vec![login.user.as_ref(), login.password.as_ref()],
            Self::OAuth2(oauth) => vec![oauth.client_id.as_ref(), oauth.client_secret.as_ref()],
        }
    }

    /// Whether the file holds every value of it.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.values().iter().all(Option::is_some)
    }

    /// Whether the file holds any value of it.
    #[must_use]
    pub fn has_values(&self) -> bool {
        self.values().iter().any(Option::is_some)
    }
}

#[cfg(test)]
mod tests {
    use super::Raw;

    #[test]
    fn a_placeholder_is_no_value_and_no_value_is_printed() {
        for blank in ["", "  ", "changeme", "<your key>", "YOUR_API_KEY", "xxxx", "****", "your-token-here"] {
            assert!(Raw::new(blank).is_blank(), "{blank}");
        }
        for value in ["sk_live_1", "x", "hunter2", "xoxb-1-2"] {
            assert!(!Raw::new(value).is_blank(), "{value}");
        }
        assert_eq!(format!("{:?}", Raw::new("hunter2")), "Raw(***)");
    }
}
