//! The definition of a service.

use std::borrow::Cow;

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::answer::{Answer, Limits};
use super::auth::AuthMethod;
use super::connection::ConnectionKind;
use super::paging::Paging;
use super::request::{Permission, REACH, RequestLine, TestRequest};
use super::rule::{Fixture, Rule};
use crate::base::{Phrase, Template, Text, pattern};

/// The definition of a service: hosts, auth methods, test request, permissions, limits, error rules.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Connector {
    /// The display name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<Phrase>,
    /// The kind of service: `crm`, `payment`, `sms`, ….
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// The vendor's documentation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub docs: Option<Phrase>,
    /// Where in the service's own screens a key is found or made: an address or a menu path.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub console: Option<Phrase>,
    /// Where the vendor reports outages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_page: Option<Phrase>,
    /// Where to ask for help.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub support: Option<Phrase>,
    /// The base URL; https unless loopback.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base: Option<Template>,
    /// Further hosts to which a credential may travel.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub hosts: Vec<Template>,
    /// Constant headers for every call.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub headers: IndexMap<String, Template>,
    /// The connector that this one copies and overrides.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extends: Option<String>,
    /// The oldest version of conn that understands this definition.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub needs: Option<String>,
    /// The end of its life: a date or a sentence. One that begins with a day (`2027-03-31`) is announced before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retired: Option<Phrase>,
    /// The connector that follows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replaced_by: Option<String>,
    /// The data centres where it is offered.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub regions: Vec<String>,
    /// How many connections one user may have; payment services: 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_connections: Option<u32>,
    /// The kinds of connection that may use it; all where nothing is said.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub allowed_kinds: Vec<ConnectionKind>,
    /// Whether repeated wrong log-ins lock the account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lockout: Option<bool>,
    /// How well the facts are attested, where nobody has worked through all of them yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confidence: Option<Confidence>,
    /// Where the service is at home, as a two-letter code (ISO 3166-1), where that matters to those who look for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// Other spellings by which people look for it: former names, kana.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// Values that are asked from the user or filled by themselves.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub vars: IndexMap<String, Variable>,
    /// Overrides per environment.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub environments: IndexMap<String, Environment>,
    /// The ways to authenticate; the first is the default.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub auth: IndexMap<String, AuthMethod>,
    /// The cheapest harmless call that proves who we are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub test: Option<TestRequest>,
    /// The rows of the permission matrix.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub permissions: Vec<Permission>,
    /// How to recognise that the vendor answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<Answer>,
    /// How the vendor counts calls.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limits: Option<Limits>,
    /// How its lists go on from page to page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paging: Option<Paging>,
    /// What the vendor's errors mean.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<Rule>,
    /// Sample answers: the connector's own tests.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fixtures: Vec<Fixture>,
}

impl Connector {
    /// The request that tests it: the declared one, or else whether anything answers.
    #[must_use]
    pub fn tested(&self) -> &TestRequest {
        self.test.as_ref().unwrap_or(&REACH)
    }

    /// The display name, or the id where a definition has none.
    #[must_use]
    pub fn display_name(&self, id: &str) -> Phrase {
        self.name.clone().unwrap_or_else(|| Phrase::same(id))
    }

    /// The auth method of a connection: the one it names, else the first.
    #[must_use]
    pub fn method(&self, name: Option<&str>) -> Option<(&str, &AuthMethod)> {
        match name {
            Some(name) => self.auth.get_key_value(name),
            None => self.auth.first(),
        }
        .map(|(name, method)| (name.as_str(), method))
    }
}

/// How well the facts of a definition are attested.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Confidence {
    /// Two sources or more say the same.
    Agreed,
    /// One source says it.
    SingleSource,
}

impl Confidence {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Agreed, Self::SingleSource];

    /// The word in `connectors.toml` and JSON.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Agreed => "agreed",
            Self::SingleSource => "single-source",
        }
    }

    /// The words for people.
    #[must_use]
    pub const fn text(self) -> Text {
        match self {
            Self::Agreed => Text::new("several sources", "複数の情報源"),
            Self::SingleSource => Text::new("one source", "情報源1つ"),
        }
    }
}

/// A value that is asked from the user, or filled by itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Variable {
    /// What the prompt calls it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<Phrase>,
    /// A right value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub example: Option<String>,
    /// What a right value looks like, as a regular expression over the whole value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pattern: Option<String>,
    /// The only values there are.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<String>,
    /// The value where the user says nothing; may use other variables.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default: Option<Template>,
    /// Whether it may be left empty.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub optional: bool,
    /// `url`: scheme, surrounding blanks and a final slash are taken off what the user pastes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub strip: Option<Strip>,
    /// Short spellings and what they stand for; the first that fits counts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rewrite: Vec<Rewrite>,
    /// One line of help.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<Phrase>,
    /// Filled by itself: `callback:realmId`, `token:/instance_url`, `test:/data/*/id`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// With `from = "test:…"`: the request whose answer holds the value, where it is not the test request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request: Option<RequestLine>,
    /// With `from = "test:…/*/…"`: where each element says what people call it, for the choice among several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shown: Option<String>,
    /// Looked up from another variable or parameter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub map: Option<Lookup>,
}

impl Variable {
    /// The value without what `strip` takes off.
    #[must_use]
    pub fn bare<'v>(&self, value: &'v str) -> &'v str {
        let Some(Strip::Url) = self.strip else { return value };
        let value = value.trim();
        let value = value.strip_prefix("https://").or_else(|| value.strip_prefix("http://")).unwrap_or(value);
        value.trim_end_matches('/')
    }

    /// Where in the answer of a request the value stands; `None` where it comes from elsewhere.
    #[must_use]
    pub fn place(&self) -> Option<&str> {
        self.from.as_deref()?.strip_prefix("test:")
    }

    /// Why a value that a person gave is none of this variable's, whether it was typed or written into a file.
    #[must_use]
    pub fn unfit(&self, value: &str) -> Option<Unfit> {
        if !self.choices.is_empty() {
            return (!self.choices.iter().any(|choice| choice == value)).then_some(Unfit::Choice);
        }
        let explained = self.pattern.as_deref().map(|pattern| pattern::explains(pattern, self.bare(value)));
        (explained == Some(Some(false))).then_some(Unfit::Form)
    }

    /// Whether a value from outside may become the value: only where the choices or the pattern allow it whole.
    /// Without either it takes nothing that could be part of an address.
    #[must_use]
    pub fn takes(&self, value: &str) -> bool {
        if !self.choices.is_empty() {
            return self.choices.iter().any(|choice| choice == value);
        }
        if let Some(pattern) = &self.pattern {
            return pattern::explains(pattern, value) == Some(true);
        }
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        !value.is_empty() && value.len() <= 200 && value.chars().all(plain)
    }

    /// The value as templates use it: stripped, then spelled out by the first `rewrite` that fits.
    #[must_use]
    pub fn settle<'v>(&self, value: &'v str) -> Cow<'v, str> {
        let bare = self.bare(value);
        let spelled = |rewrite: &Rewrite| {
            let whole = regex_lite::Regex::new(&format!("^(?:{})$", rewrite.pattern)).ok()?;
            whole.is_match(bare).then(|| whole.replace(bare, rewrite.to.as_str()).into_owned())
        };
        self.rewrite.iter().find_map(spelled).map_or(Cow::Borrowed(bare), Cow::Owned)
    }
}

/// Why a value is none of a variable's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// It is none of the choices.
    Choice,
    /// It has another form.
    Form,
}

/// A short spelling and what it stands for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rewrite {
    /// The short spelling, as a regular expression over the whole value.
    pub pattern: String,
    /// What it stands for; `$1` is what the first group matched.
    pub to: String,
}

/// What is taken off a pasted value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Strip {
    /// Scheme, blanks and the final slash.
    Url,
}

/// A value looked up from another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Lookup {
    /// The variable that decides.
    pub by: String,
    /// Its value → this value.
    #[serde(default)]
    pub values: IndexMap<String, Template>,
    /// The value for all others.
    #[serde(default, rename = "else", skip_serializing_if = "Option::is_none")]
    pub otherwise: Option<Template>,
}

/// Overrides of one environment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Environment {
    /// The name people read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<Phrase>,
    /// The base URL.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base: Option<Template>,
    /// Further hosts to which a credential may travel.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub hosts: Vec<Template>,
    /// Fixed values of variables.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub vars: IndexMap<String, String>,
    /// Another console.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub console: Option<Phrase>,
    /// Where a person consents.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authorize: Option<Template>,
    /// The token endpoint.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token: Option<Template>,
    /// The endpoint for renewal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh: Option<Template>,
    /// Revocation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revoke: Option<Template>,
    /// The issuer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issuer: Option<Template>,
}

#[cfg(test)]
mod tests {
    use super::Variable;

    #[test]
    fn a_value_is_stripped_and_a_short_spelling_is_spelled_out() {
        let variable: Variable = toml::from_str(
            r"
            strip = 'url'
            rewrite = [{ pattern = '([a-z]+)\.crm\.test', to = '$1.crm.test/sales' }]
            ",
        )
        .unwrap();
        for (typed, used) in [
            ("acme.crm.test", "acme.crm.test/sales"),
            (" https://acme.crm.test/ ", "acme.crm.test/sales"),
            ("acme.crm.test/sales", "acme.crm.test/sales"),
            ("acme.old.test", "acme.old.test"),
        ] {
            assert_eq!(variable.settle(typed), used, "{typed}");
        }
        assert_eq!(Variable::default().settle(" as it is/ "), " as it is/ ");
    }
}
