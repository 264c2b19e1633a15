//! Sentences in both languages. [`Text`] stands beside the code that says it, so a missing translation
//! does not compile; [`Phrase`] is a sentence with its values filled in, or one read from a definition.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, de};

use super::Language;

/// A sentence known at compile time. `{name}` marks a value; both languages name the same values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text {
    /// English.
    pub en: &'static str,
    /// Japanese.
    pub ja: &'static str,
}

impl Text {
    /// A sentence in both languages.
    #[must_use]
    pub const fn new(en: &'static str, ja: &'static str) -> Self {
        Self { en, ja }
    }

    /// The sentence in one language, values not filled in.
    #[must_use]
    pub const fn get(self, language: Language) -> &'static str {
        match language {
            Language::En => self.en,
            Language::Ja => self.ja,
        }
    }

    /// The sentence with each `{name}` replaced by its value.
    #[must_use]
    pub fn fill(self, values: &[(&str, &str)]) -> Phrase {
        Phrase { en: fill_in(self.en, values), ja: fill_in(self.ja, values) }
    }

    /// The same with values that are words in both languages themselves.
    #[must_use]
    pub fn fill_phrases(self, values: &[(&str, Phrase)]) -> Phrase {
        let fill = |language| {
            let values: Vec<(&str, &str)> =
                values.iter().map(|(name, phrase)| (*name, phrase.get(language))).collect();
            fill_in(self.get(language), &values)
        };
        Phrase { en: fill(Language::En), ja: fill(Language::Ja) }
    }

    /// The sentence as it stands.
    #[must_use]
    pub fn phrase(self) -> Phrase {
        Phrase { en: self.en.to_owned(), ja: self.ja.to_owned() }
    }
}

/// Replaces `{name}` by its value in one pass, so that a value holding braces is left as it is.
fn fill_in(sentence: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(sentence.len() + 16);
    let mut rest = sentence;
    while let Some(open) = rest.find('{') {
        let (before, after) = rest.split_at(open);
        filled.push_str(before);
        let known = after.find('}').and_then(|close| {
            let name = &after[1..close];
            values.iter().find(|(key, _)| *key == name).map(|(_, value)| (close, *value))
        });
        if let Some((close, value)) = known {
            filled.push_str(value);
            rest = &after[close + 1..];
        } else {
            filled.push('{');
            rest = &after[1..];
        }
    }
    filled.push_str(rest);
    filled
}

/// A sentence or label with its values filled in, in both languages.
///
/// In a definition it is a plain string (the same in every language) or `{ en = "…", ja = "…" }`.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize)]
pub struct Phrase {
    /// English.
    pub en: String,
    /// Japanese.
    pub ja: String,
}

impl Phrase {
    /// The same words in every language, as names and labels often are.
    pub fn same(words: impl Into<String>) -> Self {
        let words = words.into();
        Self { ja: words.clone(), en: words }
    }

    /// The words in one language.
    #[must_use]
    pub fn get(&self, language: Language) -> &str {
        match language {
            Language::En => &self.en,
            Language::Ja => &self.ja,
        }
    }
}

impl From<&str> for Phrase {
    fn from(words: &str) -> Self {
        Self::same(words)
    }
}

impl From<String> for Phrase {
    fn from(words: String) -> Self {
        Self::same(words)
    }
}

impl From<Text> for Phrase {
    fn from(text: Text) -> Self {
        text.phrase()
    }
}

impl<'de> Deserialize<'de> for Phrase {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(PhraseVisitor)
    }
}

struct PhraseVisitor;

impl<'de> de::Visitor<'de> for PhraseVisitor {
    type Value = Phrase;

    fn expecting(&self, formatter: &mut std::fmt::Formatter) -> std::fmt::Result {
        formatter.write_str("a string or a table with the keys en and ja")
    }

    fn visit_str<E: de::Error>(self, words: &str) -> Result<Phrase, E> {
        Ok(Phrase::same(words))
    }

    fn visit_map<A: de::MapAccess<'de>>(self, mut map: A) -> Result<Phrase, A::Error> {
        let (mut en, mut ja) = (None::<String>, None::<String>);
        while let Some(key) = map.next_key::<Cow<'_, str>>()? {
            match key.as_ref() {
                "en" => en = Some(map.next_value()?),
                "ja" => ja = Some(map.next_value()?),
                other => return Err(de::Error::unknown_field(other, &["en", "ja"])),
            }
        }
        let en = en.ok_or_else(|| de::Error::missing_field("en"))?;
        Ok(Phrase { ja: ja.unwrap_or_else(|| en.clone()), en })
    }
}

impl JsonSchema for Phrase {
    fn schema_name() -> Cow<'static, str> {
        "Phrase".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A text: the same in every language, or one for each.",
            "anyOf": [
                { "type": "string" },
                {
                    "type": "object",
                    "properties": { "en": { "type": "string" }, "ja": { "type": "string" } },
                    "required": ["en"],
                    "additionalProperties": false
                }
            ]
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Language, Phrase, Text};

    #[test]
    fn values_are_filled_in_both_languages_and_never_expanded_twice() {
        let text = Text::new("{a} meets {b}", "{b}は{a}に会います");
        let phrase = text.fill(&[("a", "{b}"), ("b", "x")]);
        assert_eq!(phrase.get(Language::En), "{b} meets x");
        assert_eq!(phrase.get(Language::Ja), "xは{b}に会います");
    }

    #[test]
    fn a_definition_writes_a_text_as_a_string_or_as_a_table() {
        #[derive(serde::Deserialize)]
        struct Line {
            label: Phrase,
        }
        let same: Line = toml::from_str("label = 'Host'").unwrap();
        assert_eq!(same.label, Phrase::same("Host"));
        let both: Line = toml::from_str("label = { en = 'Host', ja = 'ホスト' }").unwrap();
        assert_eq!(both.label.get(Language::Ja), "ホスト");
        assert!(toml::from_str::<Line>("label = { fr = 'Hôte' }").is_err());
    }
}
