//! The files of an import, read whole and within bounds.

use std::io::Read as _;
use std::path::Path;

use crate::base::{Text, safe_text};
use crate::commands::Context;
use crate::commands::diagnose::file_failure;
use crate::moving::{Format, bruno, parse, sealed};
use crate::operation::Failure;

/// The format, where the first word is one and no file has its name, and the names of the files.
///
/// # Errors
/// When a format stands without a file.
pub fn format(words: &[String], context: &Context) -> Result<(Option<Format>, Vec<String>), Failure> {
    const NO_FILE: Text = Text::new("Which file is to be imported?", "取り込むファイルを指定してください。");
    const AFTER: Text =
        Text::new("name it after the format: conn import {format} FILE", "例: conn import {format} ファイル");
    let Some((first, rest)) = words.split_first() else {
        return Err(Failure::usage(NO_FILE.into(), None));
    };
    let format = Format::find(first).filter(|_| !context.process.folder.join(first).exists());
    match format {
        None => Ok((None, words.to_vec())),
        Some(format) if rest.is_empty() => {
            Err(Failure::usage(NO_FILE.into(), Some(AFTER.fill(&[("format", format.code())]))))
        }
        Some(format) => Ok((Some(format), rest.to_vec())),
    }
}

/// A file that is sealed: its name and its bytes.
pub type Sealed = (String, Vec<u8>);

/// The files with their texts, a sealed one apart; `-` is standard input.
///
/// # Errors
/// When one cannot be read, is no text, or is longer than any export of connections, or several are sealed.
pub fn read(names: &[String], context: &Context) -> Result<(Option<Sealed>, Vec<(String, String)>), Failure> {
    const ONE: Text = Text::new(
        "One sealed bundle is imported at a time.",
        "暗号化されたファイルは 1 つずつ取り込んでください。",
    );
    let mut files = Vec::new();
    let mut opened = None;
    for name in &each(names, context)? {
        let shown = safe_text::line(name, 200);
        let bytes = if name == "-" {
            let bytes = context.read_input(parse::LONGEST as u64);
            bytes.map_err(|error| file_failure(Path::new("-"), &error))?
        } else {
            bytes(&context.process.folder.join(name), name)?
        };
        if sealed::is(&bytes) {
            if opened.replace((shown, bytes)).is_some() {
                return Err(Failure::usage(ONE.into(), None));
            }
            continue;
        }
        let text = String::from_utf8(bytes).map_err(|_| no_text(&shown))?;
        files.push((shown, text));
    }
    Ok((opened, files))
}

/// The names, a folder of Bruno's replaced by the files in it.
fn each(names: &[String], context: &Context) -> Result<Vec<String>, Failure> {
    const EMPTY: Text = Text::new(
        "The folder {file} holds no collection of Bruno (.bru files).",
        "フォルダー {file} に Bruno のコレクション（.bru ファイル）がありません。",
    );
    const NAME: Text = Text::new(
        "other programs are imported from their exported file; name that",
        "その他のツールは書き出したファイルを指定してください",
    );
    let mut all = Vec::new();
    for name in names {
        if name == "-" || !context.process.folder.join(name).is_dir() {
            all.push(name.clone());
            continue;
        }
        let mut found = Vec::new();
        let root = Path::new(name.trim_end_matches('/'));
        gather(&context.process.folder, root, 0, &mut found).map_err(|error| file_failure(root, &error))?;
        if found.iter().all(|file| is_manifest(Path::new(file))) {
            return Err(Failure::usage(
                EMPTY.fill(&[("file", &safe_text::line(name, 200))]),
                Some(NAME.into()),
            ));
        }
        found.sort();
        all.extend(found);
    }
    Ok(all)
}

/// Whether a file says what a collection of Bruno's is called.
fn is_manifest(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name == bruno::MANIFEST)
}

/// The files of a collection below a folder. Links are not followed, and nothing deeper or longer than a collection is.
fn gather(home: &Path, folder: &Path, depth: u8, found: &mut Vec<String>) -> std::io::Result<()> {
    const DEEPEST: u8 = 16;
    const MOST: usize = 5000;
    for entry in std::fs::read_dir(home.join(folder))? {
        let entry = entry?;
        let (kind, name) = (entry.file_type()?, entry.file_name());
        let path = folder.join(&name);
        let hidden = name.to_string_lossy().starts_with('.') || name == "node_modules";
        if kind.is_dir() && !hidden && depth < DEEPEST {
            gather(home, &path, depth + 1, found)?;
        } else if kind.is_file()
            && (is_manifest(&path) || path.extension().is_some_and(|extension| extension == "bru"))
            && found.len() < MOST
        {
            found.push(path.display().to_string());
        }
    }
    Ok(())
}

/// The bytes of a file, within bounds.
///
/// # Errors
/// When it cannot be read, or is too long.
pub fn bytes(path: &Path, name: &str) -> Result<Vec<u8>, Failure> {
    let failed = |error: std::io::Error| file_failure(Path::new(name), &error);
    let file = std::fs::File::open(path).map_err(failed)?;
    let mut bytes = Vec::new();
    file.take(parse::LONGEST as u64 + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() > parse::LONGEST {
        const LONG: Text = Text::new(
            "{file} is longer than 16 MiB, which no export of connections is.",
            "{file} は 16 MiB を超えています。接続のファイルではない可能性があります。",
        );
        return Err(Failure::usage(LONG.fill(&[("file", name)]), None));
    }
    Ok(bytes)
}

fn no_text(file: &str) -> Failure {
    const NO_TEXT: Text =
        Text::new("{file} is not UTF-8 text.", "{file} は UTF-8 のテキストではありません。");
    const SAVE: Text =
        Text::new("export it again, or save it as UTF-8", "書き出し直すか、UTF-8 で保存し直してください");
    Failure::usage(NO_TEXT.fill(&[("file", file)]), Some(SAVE.into()))
}
