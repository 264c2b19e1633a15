//! The two languages in which every sentence exists.

use serde::{Deserialize, Serialize};

/// A language a person reads.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Hash, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// English.
    #[default]
    En,
    /// 日本語.
    Ja,
}

impl Language {
    /// Reads a locale such as `ja_JP.UTF-8`, `ja` or `C`; `None` where it names neither language.
    #[must_use]
    pub fn from_locale(locale: &str) -> Option<Self> {
        let tag = locale.split(['.', '@', '_', '-']).next().unwrap_or_default().to_ascii_lowercase();
        match tag.as_str() {
            "ja" => Some(Self::Ja),
            "en" | "c" | "posix" => Some(Self::En),
            _ => None,
        }
    }

    /// The language of a process: an explicit wish, else the first locale variable that is set.
    pub fn choose<'a>(wish: Option<&str>, locales: impl IntoIterator<Item = &'a str>) -> Self {
        wish.and_then(Self::from_locale)
            .or_else(|| locales.into_iter().find(|value| !value.is_empty()).and_then(Self::from_locale))
            .unwrap_or_default()
    }

    /// The IETF tag, used in JSON and in `--lang`.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Ja => "ja",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Language;

    #[test]
    fn a_wish_wins_over_the_locale_and_unknown_locales_read_english() {
        let cases = [
            (Some("ja"), vec!["en_US.UTF-8"], Language::Ja),
            (None, vec!["", "ja_JP.UTF-8", "en_US"], Language::Ja),
            (None, vec!["de_DE.UTF-8", "ja_JP"], Language::En),
            (None, vec!["C"], Language::En),
            (None, vec![], Language::En),
        ];
        for (wish, locales, expected) in cases {
            assert_eq!(Language::choose(wish, locales.clone()), expected, "{wish:?} {locales:?}");
        }
    }
}
