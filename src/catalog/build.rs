//! Packs `services/*.toml` into one text, and what a listing shows of them into one line each, so that nothing is
//! parsed at run time but the entry that is used, and an entry that is not used costs nothing: neither holds a
//! pointer that would have to be relocated when conn starts.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

#[path = "fold.rs"]
mod fold;

use fold::{fold, squeeze};

const FOLDER: &str = "src/catalog/services";

#[expect(clippy::disallowed_methods, reason = "cargo names the output folder in an environment variable")]
fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={FOLDER}");
    println!("cargo::rerun-if-changed=src/catalog/build.rs");
    println!("cargo::rerun-if-changed=src/catalog/fold.rs");
    let packed = pack(&files()?)?;
    for mistake in packed.mistakes {
        println!("cargo::error={mistake}");
    }
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("OUT_DIR is not set")?);
    fs::write(out.join("catalog.index"), packed.index)?;
    fs::write(out.join("catalog.texts"), packed.texts)?;
    fs::write(out.join("catalog.rs"), format!("{:?}\n", packed.places))?;
    Ok(())
}

/// The catalogue as it stands in the program.
#[derive(Default)]
struct Packed {
    /// One line per service, sorted by id: fields between tabs.
    index: String,
    /// The definitions, one after another.
    texts: String,
    /// Where each line and each definition begins, and where the last ones end.
    places: Vec<(usize, usize)>,
    /// One line per file that cannot be read.
    mistakes: Vec<String>,
}

/// The definition files, sorted by name and so by id.
fn files() -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let mut files = fs::read_dir(FOLDER)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<Vec<PathBuf>, _>>()?;
    files.retain(|file| file.extension().is_some_and(|end| end == "toml"));
    files.sort_by_key(|file| id(file).to_owned());
    Ok(files)
}

fn id(file: &Path) -> &str {
    file.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default()
}

fn pack(files: &[PathBuf]) -> Result<Packed, Box<dyn Error>> {
    let mut packed = Packed::default();
    let mut entries = Entries::new();
    let mut texts = BTreeMap::new();
    for file in files {
        let text = fs::read_to_string(file)?;
        match text.parse::<toml::Table>() {
            Ok(entry) => drop(entries.insert(id(file).to_owned(), entry)),
            Err(error) => packed.mistakes.push(mistake(file, &text, &error)),
        }
        texts.insert(id(file), text);
    }
    for (id, text) in texts.iter().filter(|(id, _)| entries.contains_key(**id)) {
        packed.places.push((packed.index.len(), packed.texts.len()));
        write_entry(&mut packed.index, id, &lineage(&entries, id))?;
        packed.texts.push_str(text);
    }
    packed.places.push((packed.index.len(), packed.texts.len()));
    Ok(packed)
}

/// Id → definition.
type Entries = BTreeMap<String, toml::Table>;

/// A definition and those that it extends, the family first.
fn lineage<'e>(entries: &'e Entries, id: &str) -> Vec<&'e toml::Table> {
    let mut line: Vec<&toml::Table> = Vec::new();
    let mut next = entries.get(id);
    while let Some(entry) = next.filter(|_| line.len() <= entries.len()) {
        line.push(entry);
        next = entry.get("extends").and_then(toml::Value::as_str).and_then(|parent| entries.get(parent));
    }
    line.reverse();
    line
}

/// The value of a field: the definition's own, else the nearest inherited one.
fn field<'e>(line: &[&'e toml::Table], name: &str) -> Option<&'e toml::Value> {
    line.iter().rev().find_map(|entry| entry.get(name))
}

/// File, line and message; never the line itself.
fn mistake(file: &Path, text: &str, error: &toml::de::Error) -> String {
    let start = error.span().map_or(0, |span| span.start);
    let line = text.bytes().take(start).filter(|byte| *byte == b'\n').count() + 1;
    format!("{}:{line}: {}", file.display(), error.message().replace('\n', " "))
}

/// One line of the index: the fields in the order in which `catalog::Service` reads them.
fn write_entry(index: &mut String, id: &str, line: &[&toml::Table]) -> std::fmt::Result {
    let (name_en, name_ja) = names(id, line);
    let word = |name| field(line, name).and_then(toml::Value::as_str).unwrap_or_default();
    let retired = if field(line, "retired").is_some() { "retired" } else { "" };
    let fields = [id, name_en, name_ja, word("category"), word("country"), word("confidence"), retired];
    writeln!(
        index,
        "{}\t{}\t{}\t{}",
        fields.join("\t"),
        kinds(line).join(" "),
        codes(line).join(" "),
        spellings(id, name_en, name_ja, line).join("\u{1f}"),
    )
}

/// What a search compares words with: the id, the names, and the service's own aliases.
fn spellings(id: &str, name_en: &str, name_ja: &str, line: &[&toml::Table]) -> Vec<String> {
    let aliases = line.last().and_then(|entry| entry.get("aliases")?.as_array());
    let aliases = aliases.into_iter().flatten().filter_map(toml::Value::as_str);
    let mut all: Vec<String> = Vec::new();
    for name in [id, name_en, name_ja].into_iter().chain(aliases).map(fold) {
        let squeezed = squeeze(&name);
        for spelling in [name, squeezed] {
            if !all.contains(&spelling) {
                all.push(spelling);
            }
        }
    }
    all
}

/// The codes of the causes that rules and samples name.
fn codes<'e>(line: &[&'e toml::Table]) -> Vec<&'e str> {
    let mut codes: Vec<&str> = Vec::new();
    for (list, key) in [("rules", "cause"), ("fixtures", "expect")] {
        let entries = line.iter().filter_map(|entry| entry.get(list)?.as_array()).flatten();
        codes.extend(entries.filter_map(|entry| entry.get(key)?.as_str()).filter(|code| *code != "ok"));
    }
    codes.sort_unstable();
    codes.dedup();
    codes
}

/// The display name in both languages.
fn names<'a>(id: &'a str, line: &[&'a toml::Table]) -> (&'a str, &'a str) {
    match field(line, "name") {
        Some(toml::Value::String(name)) => (name, name),
        Some(toml::Value::Table(both)) => {
            let en = both.get("en").and_then(toml::Value::as_str).unwrap_or(id);
            (en, both.get("ja").and_then(toml::Value::as_str).unwrap_or(en))
        }
        _ => (id, id),
    }
}

/// The auth kinds, each once, the default method's first.
fn kinds<'e>(line: &[&'e toml::Table]) -> Vec<&'e str> {
    let methods = line.iter().filter_map(|entry| entry.get("auth")?.as_table()).flat_map(toml::Table::values);
    let mut kinds = Vec::new();
    for kind in methods.filter_map(|method| method.get("kind")?.as_str()) {
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    kinds
}
