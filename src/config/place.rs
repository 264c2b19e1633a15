//! From a byte offset to a line and a column as an editor counts them.

/// A place in a text; both numbers begin at 1, columns count characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) line: usize,
    pub(super) column: usize,
}

/// The place of a byte offset. Offsets past the end, or inside a character, count as the nearest one before.
pub(super) fn of(text: &str, offset: usize) -> Place {
    let mut end = offset.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let before = &text[..end];
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
    let first_line_mark = usize::from(line == 1 && before.starts_with('\u{feff}'));
    Place { line, column: before[line_start..].chars().count() + 1 - first_line_mark }
}

#[cfg(test)]
mod tests {
    use super::{Place, of};

    #[test]
    fn columns_count_characters_and_lines_begin_at_one() {
        let text = "a = 1\n名前 = x\n";
        for (offset, line, column) in [(0, 1, 1), (4, 1, 5), (6, 2, 1), (12, 2, 3), (13, 2, 4), (99, 3, 1)] {
            assert_eq!(of(text, offset), Place { line, column }, "{offset}");
        }
        assert_eq!(of(text, 7), Place { line: 2, column: 1 }, "inside a character");
        assert_eq!(of("\u{feff}a", 3), Place { line: 1, column: 1 }, "after a byte order mark");
    }
}
