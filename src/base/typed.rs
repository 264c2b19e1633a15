//! Characters that people type or paste without seeing that they are others than they meant.

/// Whether a character leaves no mark on the screen.
#[must_use]
pub const fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{00ad}')
}

/// The ASCII character that a full-width one stands for; any other stays as it is.
#[must_use]
pub fn narrow(c: char) -> char {
    match c {
        '！'..='～' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        '\u{3000}' => ' ',
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::{is_invisible, narrow};

    #[test]
    fn full_width_characters_are_ascii_and_others_stay() {
        let narrowed: String = "ｓｋ＿ｌｉｖｅ！～\u{3000}あ。a".chars().map(narrow).collect();
        assert_eq!(narrowed, "sk_live!~ あ。a");
    }

    #[test]
    fn what_leaves_no_mark_is_told_from_blanks() {
        assert!("\u{200b}\u{200e}\u{2060}\u{feff}\u{ad}".chars().all(is_invisible));
        assert!(!" \u{a0}\u{3000}\na".chars().any(is_invisible));
    }
}
