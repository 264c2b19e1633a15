//! The plan of the house as a test: who may import whom, no forgotten file, no file that outgrew one idea.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so by stopping")]

mod dependencies;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Room → the rooms it may import, from the ground up. `main` and `lib` see everything and decide nothing.
const IMPORTS: &[(&str, &[&str])] = &[
    ("base", &[]),
    ("sandbox", &["base"]),
    ("model", &["base"]),
    ("cause", &["base", "model"]),
    ("diagnosis", &["base", "model", "cause"]),
    ("port", &["base", "model", "cause", "diagnosis"]),
    ("scheme", &["base", "model"]),
    ("flow", &["base", "model", "scheme"]),
    ("catalog", &["base", "model", "cause"]),
    ("config", &["base", "model", "cause"]),
    ("moving", &["base", "model"]),
    ("wire", &["base", "diagnosis"]),
    ("probe", &["base", "model", "cause", "diagnosis", "port", "config", "wire"]),
    (
        "operation",
        &["base", "model", "cause", "diagnosis", "port", "scheme", "flow", "catalog", "config", "moving"],
    ),
    ("output", &["base", "model", "cause", "diagnosis"]),
    ("adapter", &["base", "model", "cause", "diagnosis", "port", "config", "wire"]),
    ("app", &["base", "port", "catalog", "config", "wire", "probe", "operation", "adapter"]),
    (
        "commands",
        &[
            "base",
            "sandbox",
            "model",
            "cause",
            "diagnosis",
            "port",
            "catalog",
            "config",
            "moving",
            "operation",
            "output",
            "app",
        ],
    ),
];

const MOST_LINES: usize = 400;

/// Files that are lists of plain shapes and still wait for their split.
const LONG: &[&str] = &["diagnosis/fact.rs"];

fn files() -> Vec<(PathBuf, String)> {
    let mut files = Vec::new();
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut files);
    files
}

fn collect(folder: &Path, files: &mut Vec<(PathBuf, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            files.push((path, text));
        }
    }
}

/// The text without its tests: it ends where a module of tests is written out.
fn own(text: &str) -> &str {
    const TESTS: &str = "#[cfg(test)]\nmod ";
    let written_out =
        |place: &usize| text[place + TESTS.len()..].lines().next().is_some_and(|line| line.ends_with('{'));
    text.match_indices(TESTS).map(|(place, _)| place).find(written_out).map_or(text, |place| &text[..place])
}

fn room(path: &Path) -> String {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let inside = path.strip_prefix(src).unwrap();
    inside.components().next().unwrap().as_os_str().to_string_lossy().trim_end_matches(".rs").to_owned()
}

#[test]
fn every_room_imports_only_from_the_storeys_below() {
    let mut broken = Vec::new();
    let is_test = |path: &Path| path.ends_with("tests.rs") || path.ends_with("trials.rs");
    for (path, text) in files().into_iter().filter(|(path, _)| !is_test(path)) {
        let room = room(&path);
        let Some((_, allowed)) = IMPORTS.iter().find(|(name, _)| *name == room) else { continue };
        for line in own(&text).lines().filter(|line| !line.trim_start().starts_with("//")) {
            for rest in line.split("crate::").skip(1) {
                let other: String =
                    rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
                if !other.is_empty() && other != room && !allowed.contains(&other.as_str()) {
                    broken.push(format!("{} imports {other}", path.display()));
                }
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn every_room_stands_in_the_plan_and_in_the_first_file() {
    let first = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs")).unwrap();
    let rooms: BTreeSet<String> = files().iter().map(|(path, _)| room(path)).collect();
    for room in rooms.iter().filter(|room| !matches!(room.as_str(), "lib" | "main")) {
        assert!(IMPORTS.iter().any(|(name, _)| name == room), "{room} has no row in IMPORTS");
        assert!(first.contains(&format!("[`{room}`]")), "src/lib.rs does not say what {room} is");
    }
}

#[test]
fn no_file_is_forgotten() {
    let all = files();
    let declared: BTreeSet<String> = all
        .iter()
        .flat_map(|(_, text)| text.lines())
        .filter_map(|line| {
            line.trim().strip_suffix(';')?.rsplit_once("mod ").map(|(_, name)| name.to_owned())
        })
        .collect();
    for (path, _) in &all {
        let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
        let name = if stem == "mod" {
            path.parent().unwrap().file_name().unwrap().to_string_lossy().into_owned()
        } else {
            stem
        };
        // `build.rs` belongs to the build script.
        let is_root = matches!(name.as_str(), "lib" | "main" | "build");
        assert!(is_root || declared.contains(&name), "{} is declared nowhere", path.display());
    }
}

#[test]
fn no_file_outgrows_one_idea() {
    let long: Vec<String> = files()
        .iter()
        .map(|(path, text)| (path, own(text).lines().count()))
        .filter(|(path, lines)| *lines > MOST_LINES && !LONG.iter().any(|long| path.ends_with(long)))
        .map(|(path, lines)| format!("{}: {lines} lines", path.display()))
        .collect();
    assert!(long.is_empty(), "{}", long.join("\n"));
}
