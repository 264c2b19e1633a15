//! What can stand around a pasted value that does not belong to it.

use crate::base::Text;

/// Something around a value that does not belong to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dirt {
    /// Blanks or line ends at an end.
    Blanks,
    /// Characters without width, a byte order mark.
    Invisible,
    /// Quotation marks around it.
    Quotes,
    /// `Bearer `, `Basic `, `Token ` before it.
    Prefix,
    /// Full-width letters or digits.
    FullWidth,
}

impl Dirt {
    /// All kinds.
    pub const ALL: [Self; 5] = [Self::Blanks, Self::Invisible, Self::Quotes, Self::Prefix, Self::FullWidth];

    /// The word in facts.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Blanks => "blanks",
            Self::Invisible => "invisible",
            Self::Quotes => "quotes",
            Self::Prefix => "prefix",
            Self::FullWidth => "full_width",
        }
    }

    /// The kind with this word.
    #[must_use]
    pub fn find(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// What it is, in words.
    #[must_use]
    pub const fn text(self) -> Text {
        match self {
            Self::Blanks => Text::new("blanks or line ends around it", "前後の空白または改行"),
            Self::Invisible => Text::new("invisible characters", "見えない文字"),
            Self::Quotes => Text::new("quotation marks around it", "前後の引用符"),
            Self::Prefix => Text::new("a prefix such as “Bearer ”", "「Bearer 」などの接頭辞"),
            Self::FullWidth => Text::new("full-width characters", "全角文字"),
        }
    }
}
