//! Foreign text made harmless for a terminal, a log and a CI job.

use std::borrow::Cow;

use unicode_width::UnicodeWidthChar;

use super::octets;

/// The longest vendor message shown, in characters.
pub const MESSAGE_LIMIT: usize = 300;

/// One line of foreign text: control and direction characters shown as escapes, line ends as spaces, known
/// secrets masked, and cut after `limit` characters.
#[must_use]
pub fn line(text: &str, limit: usize) -> String {
    harmless(text, limit).into_owned()
}

/// The same line, borrowed where nothing in the text needs a change.
#[must_use]
pub fn harmless(text: &str, limit: usize) -> Cow<'_, str> {
    let scrubbed = match super::redact::scrub(text) {
        Cow::Borrowed(text) if text.len() <= limit && is_plain(text) => return text.trim_matches(' ').into(),
        scrubbed => scrubbed,
    };
    let mut safe = String::with_capacity(scrubbed.len().min(limit * 4));
    for (count, c) in scrubbed.chars().enumerate() {
        if count >= limit {
            safe.push('…');
            break;
        }
        match c {
            '\n' | '\t' | ' ' => {
                if !safe.ends_with(' ') {
                    safe.push(' ');
                }
            }
            '\r' => {}
            c if is_harmful(c) => safe.extend(c.escape_unicode()),
            c => safe.push(c),
        }
    }
    safe.trim().to_owned().into()
}

/// Whether a text is printable ASCII without runs of blanks, as nearly every text is.
fn is_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    let has_run = || octets::find(bytes, [b' ']).is_some() && bytes.windows(2).any(|pair| pair == b"  ");
    octets::are_printable(bytes) && !has_run()
}

/// Whether a character could move the cursor, reorder the line or hide something in it.
#[must_use]
pub fn is_harmful(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e000}'..='\u{f8ff}' | '\u{2028}' | '\u{2029}'
            | '\u{e0000}'..='\u{e007f}')
}

/// The number of terminal cells that a text takes.
#[must_use]
pub fn width(text: &str) -> usize {
    if octets::are_printable(text.as_bytes()) {
        return text.len();
    }
    text.chars().map(|c| c.width().unwrap_or(0)).sum()
}

#[cfg(test)]
mod tests {
    use super::{line, width};

    #[test]
    fn escapes_line_ends_and_direction_marks_become_visible_text() {
        assert_eq!(line("\u{1b}[31mred\u{1b}[0m", 80), "\\u{1b}[31mred\\u{1b}[0m");
        assert_eq!(line("a\r\n::error::b", 80), "a ::error::b");
        assert_eq!(line("user\u{202e}txt", 80), "user\\u{202e}txt");
        assert_eq!(line("0123456789", 4), "0123…");
    }

    #[test]
    fn japanese_takes_two_cells() {
        assert_eq!(width("接続 ok"), 7);
    }
}
