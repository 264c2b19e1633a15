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
    /// A line end inside.
    LineBreak,
    /// A Japanese letter inside.
    Japanese,
    /// Another character that no header carries.
    Foreign,
}

impl Dirt {
    /// All kinds.
    pub const ALL: [Self; 8] = [
        Self::Blanks,
        Self::Invisible,
        Self::Quotes,
        Self::Prefix,
        Self::FullWidth,
        Self::LineBreak,
        Self::Japanese,
        Self::Foreign,
    ];

    /// What a character is that no header carries.
    #[must_use]
    pub const fn uncarried(c: char) -> Self {
        match c {
            '\n' | '\r' => Self::LineBreak,
            '\u{3041}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}' => Self::Japanese,
            _ => Self::Foreign,
        }
    }

    /// Whether only a person can tell what the value is without it.
    #[must_use]
    pub const fn is_inside(self) -> bool {
        matches!(self, Self::LineBreak | Self::Japanese | Self::Foreign)
    }

    /// The word in facts.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Blanks => "blanks",
            Self::Invisible => "invisible",
            Self::Quotes => "quotes",
            Self::Prefix => "prefix",
            Self::FullWidth => "full_width",
            Self::LineBreak => "line_break",
            Self::Japanese => "japanese",
            Self::Foreign => "foreign",
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
            Self::LineBreak => Text::new("a line break inside it", "途中の改行"),
            Self::Japanese => Text::new("Japanese letters", "日本語の文字"),
            Self::Foreign => Text::new("a character that cannot be sent", "送信できない文字"),
        }
    }
}
