//! Columns by display width, without borders.

use std::borrow::Cow;

use super::page::Page;
use super::paint::Meaning;
use super::wrap::cut;
use crate::base::safe_text::width;

/// The space between two columns.
const GAP: usize = 2;
/// The narrowest that a column is cut to.
const NARROWEST: usize = 8;

/// A table of words.
#[derive(Clone, Debug, Default)]
pub struct Table<'w> {
    columns: usize,
    /// The columns that give way last: what is cut of them is of no use.
    whole: &'static [usize],
    /// Row by row, the head first.
    cells: Vec<Cell<'w>>,
}

/// One cell with its colour.
#[derive(Clone, Debug, Default)]
pub struct Cell<'w> {
    words: Cow<'w, str>,
    width: usize,
    meaning: Option<Meaning>,
}

impl<'w, T: Into<Cow<'w, str>>> From<T> for Cell<'w> {
    fn from(words: T) -> Self {
        let words = words.into();
        Self { width: width(&words), words, meaning: None }
    }
}

impl<'w> Cell<'w> {
    /// A cell in the colour of its meaning.
    #[must_use]
    pub fn painted(words: impl Into<Cow<'w, str>>, meaning: Meaning) -> Self {
        Self { meaning: Some(meaning), ..Self::from(words) }
    }
}

impl<'w> Table<'w> {
    /// A table with a head line.
    #[must_use]
    pub fn new(head: &[&'w str]) -> Self {
        let cells = head.iter().map(|word| Cell::painted(*word, Meaning::Label)).collect();
        Self { columns: head.len(), whole: &[], cells }
    }

    /// The same with columns that give way only when the others cannot.
    #[must_use]
    pub fn whole(self, whole: &'static [usize]) -> Self {
        Self { whole, ..self }
    }

    /// Makes room for as many more rows.
    pub fn reserve(&mut self, rows: usize) {
        self.cells.reserve(rows * self.columns);
    }

    /// Adds a row; cells without a head are left out.
    pub fn row(&mut self, cells: impl IntoIterator<Item = Cell<'w>>) {
        let end = self.cells.len() + self.columns;
        self.cells.extend(cells.into_iter().take(self.columns));
        self.cells.resize_with(end, Cell::default);
    }

    /// The table in lines no wider than the page; the widest columns give way first.
    #[must_use]
    pub fn render(&self, page: &Page) -> String {
        let widths = self.widths(page.text_width());
        let line = widths.iter().sum::<usize>() + GAP * widths.len();
        let mut screen = String::with_capacity(line * (self.cells.len() / self.columns.max(1)));
        for row in self.cells.chunks(self.columns.max(1)) {
            push_row(&mut screen, row, &widths, page);
        }
        page.finish(screen)
    }

    fn widths(&self, limit: usize) -> Vec<usize> {
        let mut widths = vec![0; self.columns];
        for row in self.cells.chunks(self.columns.max(1)) {
            for (widest, cell) in widths.iter_mut().zip(row) {
                *widest = cell.width.max(*widest);
            }
        }
        let room = limit.saturating_sub(GAP * widths.len().saturating_sub(1));
        for yields in [|is_whole: bool| !is_whole, |_| true] {
            while widths.iter().sum::<usize>() > room {
                let columns = widths.iter_mut().enumerate();
                let widest =
                    columns.filter(|(at, _)| yields(self.whole.contains(at))).map(|(_, width)| width).max();
                match widest {
                    Some(widest) if *widest > NARROWEST => *widest -= 1,
                    _ => break,
                }
            }
        }
        widths
    }
}

fn push_row(screen: &mut String, row: &[Cell<'_>], widths: &[usize], page: &Page) {
    let start = screen.len();
    // Blanks that no word follows are never written.
    let mut blanks = 0;
    for (cell, &room) in row.iter().zip(widths) {
        push_blanks(screen, blanks);
        let (words, taken) = if cell.width <= room {
            (Cow::Borrowed(&*cell.words), cell.width)
        } else {
            let words = cut(&cell.words, room);
            let taken = width(&words).min(room);
            (words.into(), taken)
        };
        match cell.meaning {
            Some(meaning) => page.push(screen, meaning, &words),
            None => screen.push_str(&words),
        }
        blanks = room - taken + GAP;
    }
    screen.truncate(screen[start..].trim_end_matches(' ').len() + start);
    screen.push('\n');
}

fn push_blanks(screen: &mut String, mut count: usize) {
    const BLANKS: &str = "                                ";
    while count > 0 {
        let some = count.min(BLANKS.len());
        screen.push_str(&BLANKS[..some]);
        count -= some;
    }
}

#[cfg(test)]
mod tests {
    use super::Table;
    use crate::base::safe_text::width;
    use crate::output::Page;

    #[test]
    fn columns_line_up_with_japanese_and_give_way_to_the_page() {
        let mut page = Page::plain("2026-11-21T11:31:02Z".parse().unwrap());
        let mut table = Table::new(&["name", "状態", "owner"]);
        table.row(vec!["a".into(), "接続済み".into(), "x".into()]);
        table.row(vec!["long-name".into(), "無効".into(), "y".into()]);
        assert_eq!(
            table.render(&page),
            "name       状態      owner\na          接続済み  x\nlong-name  無効      y\n"
        );
        page.width = 40;
        table.row(vec!["z".repeat(60).into(), "w".repeat(60).into(), "v".into()]);
        for line in table.render(&page).lines() {
            assert!(width(line) <= 40, "{line}");
        }
    }

    #[test]
    fn what_must_be_whole_gives_way_last() {
        let mut page = Page::plain("2026-11-21T11:31:02Z".parse().unwrap());
        page.width = 40;
        let mut table = Table::new(&["name", "code", "owner"]).whole(&[1]);
        table.row(vec!["n".repeat(30).into(), "c".repeat(16).into(), "o".repeat(30).into()]);
        assert!(table.render(&page).contains(&"c".repeat(16)));
        let mut table = Table::new(&["name", "code"]).whole(&[1]);
        table.row(vec!["n".repeat(30).into(), "c".repeat(60).into()]);
        for line in table.render(&page).lines() {
            assert!(width(line) <= 40, "{line}");
        }
    }
}
