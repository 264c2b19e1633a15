//! Lines that fit. Western words break at spaces; Japanese breaks between any two characters, except that
//! closing marks never begin a line and opening marks never end one.

use unicode_width::UnicodeWidthChar;

use crate::base::safe_text::width;

/// Marks that never begin a line.
const NO_START: &str =
    "、。，．・：；？！）」』】〕〉》｝］ー々…‥ゃゅょっァィゥェォャュョッぁぃぅぇぉ)]},.:;!?%";
/// Marks that never end a line.
const NO_END: &str = "（「『【〔〈《｛［([{";

/// A piece that is never broken, and whether a space stood before it.
struct Piece {
    text: String,
    spaced: bool,
}

fn is_wide(c: char) -> bool {
    c.width() == Some(2)
}

/// Whether a line may break between two neighbours without a space.
fn may_break(before: char, after: char) -> bool {
    (is_wide(before) || is_wide(after)) && !NO_START.contains(after) && !NO_END.contains(before)
}

fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    for (index, word) in text.split_whitespace().enumerate() {
        let mut last = None;
        for c in word.chars() {
            match last {
                Some(before) if !may_break(before, c) => {
                    if let Some(piece) = pieces.last_mut() {
                        piece.text.push(c);
                    }
                }
                before => {
                    pieces.push(Piece { text: c.to_string(), spaced: before.is_none() && index > 0 });
                }
            }
            last = Some(c);
        }
    }
    pieces
}

/// The text in lines of at most `limit` cells. A piece that is wider than that keeps a line of its own.
#[must_use]
pub fn lines(text: &str, limit: usize) -> Vec<String> {
    broken(text, limit, limit)
}

/// The same with other room on the first line than on those below it.
fn broken(text: &str, first: usize, below: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let (mut line, mut used) = (String::new(), 0);
    for piece in pieces(text) {
        let wide = width(&piece.text);
        let gap = usize::from(piece.spaced && used > 0);
        let limit = if lines.is_empty() { first } else { below };
        if used > 0 && used + gap + wide > limit {
            lines.push(std::mem::take(&mut line));
            used = 0;
        } else if gap == 1 {
            line.push(' ');
            used += 1;
        }
        line.push_str(&piece.text);
        used += wide;
    }
    if !line.is_empty() || lines.is_empty() {
        lines.push(line);
    }
    lines
}

/// The text after a lead that is `indent` cells wide; further lines begin below the first word.
#[must_use]
pub fn hanging(lead: &str, indent: usize, text: &str, width: usize) -> String {
    after(lead, indent, indent, text, width)
}

/// The text after a lead that is `cells` wide; further lines begin at `indent`, and so does the first where the lead
/// leaves no room.
#[must_use]
pub fn after(lead: &str, cells: usize, indent: usize, text: &str, width: usize) -> String {
    const LEAST: usize = 20;
    let below = width.saturating_sub(indent).max(LEAST);
    let first = if cells == indent { below } else { width.saturating_sub(cells) };
    if first < LEAST {
        return format!("{}\n{}", lead.trim_end(), hanging(&" ".repeat(indent), indent, text, width));
    }
    let mut block = String::new();
    for (index, line) in broken(text, first, below).iter().enumerate() {
        if index == 0 {
            block.push_str(lead);
        } else {
            block.extend(std::iter::repeat_n(' ', indent));
        }
        block.push_str(line);
        block.push('\n');
    }
    block
}

/// The text filled up with spaces to `cells`; longer text stays as it is.
#[must_use]
pub fn pad(text: &str, cells: usize) -> String {
    let mut padded = text.to_owned();
    padded.extend(std::iter::repeat_n(' ', cells.saturating_sub(width(text))));
    padded
}

/// The text cut to `cells`, its end marked with `…`.
#[must_use]
pub fn cut(text: &str, cells: usize) -> String {
    if width(text) <= cells {
        return text.to_owned();
    }
    let (mut short, mut used) = (String::new(), 0);
    for c in text.chars() {
        let wide = c.width().unwrap_or(0);
        if used + wide + 1 > cells {
            break;
        }
        short.push(c);
        used += wide;
    }
    short.push('…');
    short
}

#[cfg(test)]
mod tests {
    use super::{after, cut, hanging, lines, pad};
    use crate::base::safe_text::width;

    #[test]
    fn words_stay_whole_and_japanese_breaks_between_characters() {
        assert_eq!(lines("one two three", 8), ["one two", "three"]);
        assert_eq!(lines("接続が切れました。", 8), ["接続が切", "れまし", "た。"]);
        assert_eq!(lines("a（株）b", 4), ["a", "（株）", "b"]);
        assert_eq!(lines("https://very.long.example/path x", 10), ["https://very.long.example/path", "x"]);
        assert_eq!(lines("", 10), [""]);
    }

    #[test]
    fn a_lead_that_is_wider_than_the_indent_takes_its_room_from_the_first_line() {
        for (name, expected) in [
            ("api", "  + api  one two three four\n    five\n"),
            ("a-longer-name", "  + a-longer-name\n    one two three four five\n"),
        ] {
            let lead = format!("  + {name}  ");
            assert_eq!(after(&lead, lead.len(), 4, "one two three four five", 29), expected);
        }
    }

    #[test]
    fn no_line_is_wider_than_the_page() {
        let text = "Freshsales の管理画面で「設定 > API設定」を開き、現在のキーを確認してください。";
        for limit in 20..60 {
            for line in lines(text, limit) {
                assert!(width(&line) <= limit, "{limit}: {line}");
                assert!(!line.starts_with(['、', '。', '」']), "{line}");
            }
        }
    }

    #[test]
    fn further_lines_begin_below_the_first_word() {
        assert_eq!(hanging("1. ", 3, "aaaaaaaaaa bbbbbbbbbb cc", 20), "1. aaaaaaaaaa\n   bbbbbbbbbb cc\n");
    }

    #[test]
    fn columns_count_cells_not_characters() {
        assert_eq!(pad("接続", 6), "接続  ");
        assert_eq!(cut("接続が切れました", 7), "接続が…");
        assert_eq!(cut("short", 7), "short");
    }
}
