//! Names that are checked once and valid ever after.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Why a name was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// There is no character in it.
    #[error("a name needs at least one character")]
    Empty,
    /// Longer than 64 characters.
    #[error("a name has at most 64 characters")]
    TooLong,
    /// A character that names do not hold; the nearest valid spelling follows.
    #[error("names hold lower-case letters, digits, - and _, and begin with a letter or digit; try {0}")]
    Character(String),
}

fn check(name: &str) -> Result<(), NameError> {
    if name.is_empty() {
        return Err(NameError::Empty);
    }
    if name.len() > 64 {
        return Err(NameError::TooLong);
    }
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let valid = name.starts_with(plain) && name.chars().all(|c| plain(c) || c == '-' || c == '_');
    if valid { Ok(()) } else { Err(NameError::Character(slug(name))) }
}

/// A valid name made from any words: `Fresh Sales (JP)` becomes `fresh-sales-jp`.
#[must_use]
pub fn slug(words: &str) -> String {
    let mut slug = String::new();
    for c in words.chars().flat_map(char::to_lowercase) {
        if c.is_ascii_lowercase() || c.is_ascii_digit() {
            slug.push(c);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.truncate(64);
    let slug = slug.trim_end_matches('-');
    if slug.is_empty() { "connection".to_owned() } else { slug.to_owned() }
}

macro_rules! name {
    ($(#[$doc:meta])* $type:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $type(String);

        impl $type {
            /// The name as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $type {
            type Err = NameError;

            fn from_str(name: &str) -> Result<Self, NameError> {
                check(name).map(|()| Self(name.to_owned()))
            }
        }

        impl TryFrom<String> for $type {
            type Error = NameError;

            fn try_from(name: String) -> Result<Self, NameError> {
                check(&name).map(|()| Self(name))
            }
        }

        impl From<$type> for String {
            fn from(name: $type) -> Self {
                name.0
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(&self.0)
            }
        }
    };
}

name! {
    /// A connection's unique handle in commands and code.
    LinkName
}
name! {
    /// A connector's handle in the catalogue and in `connectors.toml`.
    ConnectorId
}

#[cfg(test)]
mod tests {
    use super::{LinkName, NameError, slug};

    #[test]
    fn only_plain_names_are_names() {
        for good in ["a", "freshsales-main", "zoho_desk_jp", "9lives"] {
            assert!(good.parse::<LinkName>().is_ok(), "{good}");
        }
        for bad in ["", "-x", "A", "a b", "../x", "é", "a\u{202e}b", &"x".repeat(65)] {
            assert!(bad.parse::<LinkName>().is_err(), "{bad}");
        }
        assert_eq!("Fresh Sales".parse::<LinkName>(), Err(NameError::Character("fresh-sales".into())));
    }

    #[test]
    fn any_words_make_a_valid_name() {
        for words in ["Fresh Sales (JP)", "顧客", "--", "a".repeat(90).as_str()] {
            assert!(slug(words).parse::<LinkName>().is_ok(), "{words}");
        }
    }
}
