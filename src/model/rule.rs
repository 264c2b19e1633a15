//! A vendor's error knowledge: rules, and the sample answers that test them.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::predicate::Predicate;
use super::refusal::Spent;
use crate::base::Phrase;

/// What an answer of this vendor means.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// The handle, `connector/slug`.
    pub id: String,
    /// When it applies.
    pub when: Predicate,
    /// The code of the cause, for example `CONN-PERM-PLAN`.
    pub cause: String,
    /// How much it proves.
    #[serde(default)]
    pub strength: Strength,
    /// Where the vendor says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub docs: Option<Phrase>,
    /// One sentence for this case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Phrase>,
    /// When to try again, where the answer does not say it: `10m`, `60s`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<String>,
    /// The day on which somebody last checked it, `2026-11-21`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verified: Option<String>,
    /// Whether it matches wording, which vendors translate and reword; such a rule never proves.
    #[serde(default, skip_serializing_if = "is_false")]
    pub fragile: bool,
    /// Whether it stands in a file of the person's, not in a definition that conn brings along.
    #[serde(skip)]
    pub own: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde asks for")]
const fn is_false(value: &bool) -> bool {
    !*value
}

/// How much a fact says about a cause.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Strength {
    /// Cannot be, whatever else is seen.
    Excludes,
    /// Speaks against it.
    Against,
    /// Fits.
    Weak,
    /// Fits well.
    Strong,
    /// Is enough.
    #[default]
    Proves,
}

/// A sample answer with the cause that it must, and must not, be judged to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Fixture {
    /// What the sample is.
    pub name: String,
    /// The status code.
    #[schemars(range(min = 100, max = 999))]
    pub status: u16,
    /// The headers.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub headers: IndexMap<String, String>,
    /// The body.
    #[serde(default)]
    pub body: String,
    /// Which request it answers: a permission's id; the test request where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<String>,
    /// For the answer of a token endpoint: what was spent there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exchange: Option<Spent>,
    /// The auth method whose tokens were asked for; the first that obtains any where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// The cause, or `ok`.
    pub expect: String,
    /// Causes that must not be named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub forbid: Vec<String>,
}
