//! Where each promise about a failure is kept. A row is a question that a person in trouble asks, by its number
//! in the specification; the causes that answer it; and the tests that show it. Each area has a file; to add a row,
//! add a line there.

mod errors;
mod keys;
mod kinds;
mod reconnect;
mod services;

use std::path::{Path, PathBuf};

use conn::cause;

/// Number, question, causes without `CONN-`, tests by the name of their function.
type Row = (&'static str, &'static str, &'static [&'static str], &'static [&'static str]);

const AREAS: [&[Row]; 5] = [reconnect::ROWS, errors::ROWS, services::ROWS, keys::ROWS, kinds::ROWS];
/// How many rows each area has.
const SIZES: [(&str, usize); 5] = [("S0", 38), ("S1", 39), ("S2", 16), ("S3", 27), ("S4", 23)];

/// What a row asks for beyond its tests, and what there is not.
const OPEN: [(&str, &str); 1] =
    [("S0-31", "every run of conn starts afresh, so there is no repair of that name and no such finding")];

#[test]
fn every_row_is_there_once_and_in_its_place() {
    let found: Vec<&str> = AREAS.iter().flat_map(|rows| rows.iter().map(|(number, ..)| *number)).collect();
    let wanted = SIZES.iter().flat_map(|(area, count)| (1..=*count).map(move |row| format!("{area}-{row}")));
    assert_eq!(found, wanted.collect::<Vec<_>>());
    assert!(OPEN.iter().all(|(row, why)| found.contains(row) && !why.is_empty()));
}

#[test]
fn each_row_names_causes_and_tests_that_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let sources: String = ["tests", "src"]
        .iter()
        .flat_map(|folder| files(&root.join(folder)))
        .map(|file| read(&file))
        .collect();
    for (row, question, codes, tests) in AREAS.iter().copied().flatten() {
        assert!(!question.is_empty() && !tests.is_empty(), "{row} is empty");
        for code in *codes {
            assert!(cause::find(&format!("CONN-{code}")).is_some(), "{row}: {code} is no cause");
        }
        for test in *tests {
            let exists =
                [format!("case!({test},"), format!("fn {test}(")].iter().any(|form| sources.contains(form));
            assert!(exists, "{row}: there is no test {test}");
        }
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let below = entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] });
    below.filter(|path| path.extension().is_some_and(|extension| extension == "rs")).collect()
}

fn read(file: &Path) -> String {
    std::fs::read_to_string(file).unwrap()
}
