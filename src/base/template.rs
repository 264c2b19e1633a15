//! Templates of the definitions: `Token token={api_key}`, `{host|after:-}`.
//!
//! A template never decides where a secret goes: hosts are compared with the connector's list after
//! expansion, and each place (path, query, header) encodes what it receives.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// What a URL path segment or query value may hold without encoding (RFC 3986, section 2.3).
pub const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A change made to a value on its way into a template.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Filter {
    Base64,
    Upper,
    Lower,
    After(String),
    UrlEncode,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Literal(String),
    Value { name: String, filters: Vec<Filter> },
}

/// A text with places for values.
#[derive(Clone, Debug, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(try_from = "String", into = "String")]
pub struct Template {
    source: String,
    pieces: Vec<Piece>,
}

/// Why a template could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// `{` without `}`.
    #[error("a {{ has no matching }}")]
    Unclosed,
    /// Nothing, or a stray character, between the braces.
    #[error("{{{0}}} is not a placeholder: names hold lower-case letters, digits, - and _")]
    Name(String),
    /// A filter that does not exist.
    #[error("there is no filter {0}; there are base64, upper, lower, after:X and urlencode")]
    Filter(String),
}

/// A placeholder for which no value is known.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no value for {{{0}}}")]
pub struct Unresolved(pub String);

impl Template {
    /// The names it asks for, in order of appearance.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Value { name, .. } => Some(name.as_str()),
            Piece::Literal(_) => None,
        })
    }

    /// The template as it was written.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The text with each value filled in.
    ///
    /// # Errors
    /// Names the first placeholder that `value` does not know.
    pub fn expand<'a>(
        &self,
        value: impl Fn(&str) -> Option<Cow<'a, str>>,
    ) -> Result<Zeroizing<String>, Unresolved> {
        self.expand_with(value, |text| Cow::Borrowed(text))
    }

    /// The text with each value percent-encoded, as a URL path or query needs it.
    ///
    /// # Errors
    /// Names the first placeholder that `value` does not know.
    pub fn expand_encoded<'a>(
        &self,
        value: impl Fn(&str) -> Option<Cow<'a, str>>,
    ) -> Result<Zeroizing<String>, Unresolved> {
        self.expand_with(value, |text| Cow::Owned(utf8_percent_encode(text, UNRESERVED).to_string()))
    }

    fn expand_with<'a>(
        &self,
        value: impl Fn(&str) -> Option<Cow<'a, str>>,
        encode: impl for<'b> Fn(&'b str) -> Cow<'b, str>,
    ) -> Result<Zeroizing<String>, Unresolved> {
        let mut text = Zeroizing::new(String::with_capacity(self.source.len() + 64));
        for piece in &self.pieces {
            match piece {
                Piece::Literal(literal) => text.push_str(literal),
                Piece::Value { name, filters } => {
                    let found = value(name).ok_or_else(|| Unresolved(name.clone()))?;
                    let whole = Some(Zeroizing::new(found.into_owned()));
                    let filtered = filters.iter().fold(whole, |value, filter| apply(value?, filter));
                    let filtered = filtered.ok_or_else(|| Unresolved(name.clone()))?;
                    text.push_str(&encode(&filtered));
                }
            }
        }
        Ok(text)
    }
}

#[expect(clippy::needless_pass_by_value, reason = "the signature of a fold")]
/// `None` where the mark of `after` is missing: the whole of a value must not stand where a part of it belongs.
fn apply(value: Zeroizing<String>, filter: &Filter) -> Option<Zeroizing<String>> {
    Some(Zeroizing::new(match filter {
        Filter::Base64 => base64::engine::general_purpose::STANDARD.encode(value.as_bytes()),
        Filter::Upper => value.to_uppercase(),
        Filter::Lower => value.to_lowercase(),
        Filter::After(mark) => value.rsplit_once(mark.as_str())?.1.to_owned(),
        Filter::UrlEncode => utf8_percent_encode(&value, UNRESERVED).to_string(),
    }))
}

impl FromStr for Template {
    type Err = TemplateError;

    fn from_str(source: &str) -> Result<Self, TemplateError> {
        let mut pieces = Vec::new();
        let mut rest = source;
        while let Some(open) = rest.find('{') {
            if open > 0 {
                pieces.push(Piece::Literal(rest[..open].to_owned()));
            }
            let close = rest[open..].find('}').ok_or(TemplateError::Unclosed)? + open;
            pieces.push(placeholder(&rest[open + 1..close])?);
            rest = &rest[close + 1..];
        }
        if !rest.is_empty() {
            pieces.push(Piece::Literal(rest.to_owned()));
        }
        Ok(Self { source: source.to_owned(), pieces })
    }
}

fn placeholder(inside: &str) -> Result<Piece, TemplateError> {
    let mut parts = inside.split('|');
    let name = parts.next().unwrap_or_default().trim();
    let valid = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '-';
    if name.is_empty() || !name.chars().all(valid) {
        return Err(TemplateError::Name(inside.chars().take(40).collect()));
    }
    let filters = parts.map(filter).collect::<Result<_, _>>()?;
    Ok(Piece::Value { name: name.to_owned(), filters })
}

fn filter(word: &str) -> Result<Filter, TemplateError> {
    Ok(match word.trim() {
        "base64" => Filter::Base64,
        "upper" => Filter::Upper,
        "lower" => Filter::Lower,
        "urlencode" => Filter::UrlEncode,
        other => match other.strip_prefix("after:") {
            Some(mark) if !mark.is_empty() => Filter::After(mark.to_owned()),
            _ => return Err(TemplateError::Filter(other.to_owned())),
        },
    })
}

impl TryFrom<String> for Template {
    type Error = TemplateError;

    fn try_from(source: String) -> Result<Self, TemplateError> {
        source.parse()
    }
}

impl From<Template> for String {
    fn from(template: Template) -> Self {
        template.source
    }
}

impl fmt::Display for Template {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.source)
    }
}

impl JsonSchema for Template {
    fn schema_name() -> Cow<'static, str> {
        "Template".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A text with places for values: {name}, {name|base64|upper|lower|urlencode|after:-}.",
            "type": "string"
        })
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::{Template, TemplateError, Unresolved};

    fn value(name: &str) -> Option<Cow<'static, str>> {
        match name {
            "api_key" => Some("0a1b-us21".into()),
            "email" => Some("a b@c".into()),
            _ => None,
        }
    }

    #[test]
    fn values_and_filters_fill_a_template() {
        let cases = [
            ("Token token={api_key}", "Token token=0a1b-us21"),
            ("https://{api_key|after:-}.api.test", "https://us21.api.test"),
            ("{email|urlencode}", "a%20b%40c"),
            ("ESA {api_key|base64}", "ESA MGExYi11czIx"),
            ("{api_key|upper|lower}", "0a1b-us21"),
            ("no places", "no places"),
        ];
        for (source, expected) in cases {
            let template: Template = source.parse().unwrap();
            assert_eq!(template.expand(value).unwrap().as_str(), expected, "{source}");
        }
    }

    #[test]
    fn an_unknown_name_is_an_error_before_anything_is_sent() {
        let template: Template = "{api_key}{missing}".parse().unwrap();
        assert_eq!(template.expand(value).unwrap_err(), Unresolved("missing".into()));
    }

    #[test]
    fn mistakes_in_a_template_are_named() {
        assert_eq!("{a".parse::<Template>(), Err(TemplateError::Unclosed));
        assert_eq!("{}".parse::<Template>(), Err(TemplateError::Name(String::new())));
        assert_eq!("{a|rot13}".parse::<Template>(), Err(TemplateError::Filter("rot13".into())));
    }

    #[test]
    fn a_value_cannot_leave_its_path_segment() {
        let template: Template = "/v1/{email}".parse().unwrap();
        let hostile = |_: &str| Some(Cow::Borrowed("../../admin?x=1#y"));
        let path = template.expand_encoded(hostile).unwrap();
        assert_eq!(path.as_str(), "/v1/..%2F..%2Fadmin%3Fx%3D1%23y");
    }
}
