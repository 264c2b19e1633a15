//! A connector that was written for a newer conn. Its other mistakes are not told: a field that this version does
//! not know is no mistake of whoever wrote it.

use std::path::Path;

use toml::de::DeTable;

use super::check::tables;
use super::mistake::{Mistake, Page};
use super::sheet::Family;
use super::shown;
use crate::base::{Phrase, Text};

/// The field.
const FIELD: &str = "needs";
const CODE: &str = "CONN-CFG-CONNECTOR-OUTDATED";
const OURS: &str = env!("CARGO_PKG_VERSION");

/// The connectors of a file that need a newer conn than this one, each at its field.
pub(super) fn mistakes(page: Page<'_>, root: &DeTable<'_>) -> Vec<Mistake> {
    let fields = tables(root, Family::Connectors).filter_map(|(id, table)| {
        let value = table.get(FIELD)?;
        let needs = value.get_ref().as_str().filter(|needs| is_newer(needs))?;
        Some(page.mistake(value.span().start, CODE, words(id, needs), Some(hint())))
    });
    fields.collect()
}

/// The same for one connector that is read by itself.
pub(super) fn unmet(table: &toml::Table, path: &Path, id: &str, line: usize) -> Option<Mistake> {
    let needs = table.get(FIELD)?.as_str().filter(|needs| is_newer(needs))?;
    let (path, message) = (path.to_owned(), words(id, needs));
    Some(Mistake { path, line, column: 1, code: CODE, message, hint: Some(hint()) })
}

/// Whether a version is above that of this program; what is no version is not.
fn is_newer(needs: &str) -> bool {
    let read = |text: &str| {
        let parts = text.trim().split('.').map(str::parse::<u64>);
        parts.collect::<Result<Vec<u64>, _>>().ok()
    };
    read(needs).zip(read(OURS)).is_some_and(|(needs, ours)| needs > ours)
}

fn words(id: &str, needs: &str) -> Phrase {
    const NEEDS: Text = Text::new(
        "{id} is written for conn {needs} or newer; this is conn {ours}",
        "{id} は conn {needs} 以降を必要とします（使用中は conn {ours} です）",
    );
    NEEDS.fill(&[("id", &shown::name(id)), ("needs", needs.trim()), ("ours", OURS)])
}

fn hint() -> Phrase {
    Text::new(
        "update conn, then run `conn lint` again",
        "conn を更新してから、`conn lint` を再実行してください",
    )
    .phrase()
}

#[cfg(test)]
mod tests {
    use super::is_newer;

    #[test]
    fn a_version_is_newer_number_by_number() {
        for (needs, newer) in [
            ("0.0.9", false),
            (super::OURS, false),
            ("99", true),
            ("99.0.1", true),
            ("soon", false),
            ("", false),
        ] {
            assert_eq!(is_newer(needs), newer, "{needs}");
        }
    }
}
