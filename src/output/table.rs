//! Columns by display width, without borders.

use super::page::Page;
use super::paint::Meaning;
use super::wrap::{cut, pad};
use crate::base::safe_text::width;

/// The space between two columns.
const GAP: usize = 2;
/// The narrowest that a column is cut to.
const NARROWEST: usize = 8;

/// A table of words.
#[derive(Clone, Debug, Default)]
pub struct Table {
    head: Vec<String>,
    rows: Vec<Vec<Cell>>,
}

/// One cell with its colour.
#[derive(Clone, Debug)]
pub struct Cell {
    words: String,
    meaning: Option<Meaning>,
}

impl<T: Into<String>> From<T> for Cell {
    fn from(words: T) -> Self {
        Self { words: words.into(), meaning: None }
    }
}

impl Cell {
    /// A cell in the colour of its meaning.
    #[must_use]
    pub fn painted(words: impl Into<String>, meaning: Meaning) -> Self {
        Self { words: words.into(), meaning: Some(meaning) }
    }
}

impl Table {
    /// A table with a head line.
    #[must_use]
    pub fn new(head: &[&str]) -> Self {
        Self { head: head.iter().map(|&word| word.to_owned()).collect(), rows: Vec::new() }
    }

    /// Adds a row.
    pub fn row(&mut self, cells: Vec<Cell>) {
        self.rows.push(cells);
    }

    /// Whether there is no row.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The table in lines no wider than the page; the widest columns give way first.
    #[must_use]
    pub fn render(&self, page: &Page) -> String {
        let widths = self.widths(page.text_width());
        let mut screen = String::new();
        let head: Vec<Cell> = self.head.iter().map(|word| Cell::painted(word, Meaning::Label)).collect();
        for row in std::iter::once(&head).chain(&self.rows) {
            push_row(&mut screen, row, &widths, page);
        }
        page.finish(screen)
    }

    fn widths(&self, limit: usize) -> Vec<usize> {
        let mut widths: Vec<usize> = self.head.iter().map(|word| width(word)).collect();
        for row in &self.rows {
            for (column, cell) in row.iter().enumerate().take(widths.len()) {
                widths[column] = widths[column].max(width(&cell.words));
            }
        }
        let room = limit.saturating_sub(GAP * widths.len().saturating_sub(1));
        while widths.iter().sum::<usize>() > room {
            match widths.iter_mut().max() {
                Some(widest) if *widest > NARROWEST => *widest -= 1,
                _ => break,
            }
        }
        widths
    }
}

fn push_row(screen: &mut String, row: &[Cell], widths: &[usize], page: &Page) {
    let start = screen.len();
    for (column, (cell, &cells)) in row.iter().zip(widths).enumerate() {
        if column > 0 {
            screen.push_str("  ");
        }
        let words = cut(&cell.words, cells);
        let filler = pad("", cells - width(&words).min(cells));
        match cell.meaning {
            Some(meaning) => screen.push_str(&page.paint(meaning, &words)),
            None => screen.push_str(&words),
        }
        screen.push_str(&filler);
    }
    let end = screen[start..].trim_end_matches(' ').len() + start;
    screen.truncate(end);
    screen.push('\n');
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
}
