//! The archive: written, read again to be sure, and read elsewhere to be judged.

use std::io::{Cursor, Read as _, Write as _};

use serde_json::json;
use zip::result::ZipError;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::{Bodies, Part, scrub};
use crate::base::{Phrase, Text, Timestamp, time};
use crate::diagnosis::{Facts, Report};
use crate::model::Connector;
use crate::model::connection::ConnectionKind;
use crate::operation::{Failure, conclude};

/// The schema of the manifest.
const SCHEMA: &str = "conn.bundle/1";
/// The file with the facts.
pub const FACTS: &str = "facts.jsonl";
/// The file with the connector's definition.
pub const CONNECTOR: &str = "connector.toml";
/// The most bytes that one file of somebody else's bundle may have.
const LIMIT: u64 = 16 * 1024 * 1024;

/// What a bundle never holds.
const LEFT_OUT: [&str; 8] = [
    "secret values in any encoding",
    "authorization, proxy-authorization, cookie and set-cookie headers",
    "headers that are not on the allow-list (their names and lengths stay)",
    "values of query parameters",
    "record data: bodies are keys and types unless they were asked for",
    "names of accounts and organisations, e-mail addresses, home folders",
    "values of environment variables",
    "other connections",
];

/// The list of the files, with what was left out.
#[must_use]
pub fn manifest(parts: &[Part], at: Timestamp, bodies: Bodies, same: bool) -> Part {
    let file = |part: &Part| json!({ "name": part.name, "size": part.text.len(), "sha256": crate::base::sha256(part.text.as_bytes()) });
    let manifest = json!({
        "schema": SCHEMA,
        "tool": { "name": env!("CARGO_PKG_NAME"), "version": env!("CARGO_PKG_VERSION") },
        "created_at": time::iso(at),
        "redaction": scrub::VERSION,
        "bodies": bodies.code(),
        "judged_as_before": same,
        "files": parts.iter().map(file).collect::<Vec<_>>(),
        "left_out": LEFT_OUT,
    });
    let text = serde_json::to_string_pretty(&manifest).unwrap_or_default() + "\n";
    Part { name: "manifest.json".to_owned(), text }
}

/// Packs files.
///
/// # Errors
/// When the library fails.
pub fn write(parts: &[Part]) -> Result<Vec<u8>, ZipError> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    // No moment and no owner: the same files make the same archive.
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(zip::DateTime::default())
        .unix_permissions(0o600);
    for part in parts {
        archive.start_file(part.name.as_str(), options)?;
        archive.write_all(part.text.as_bytes())?;
    }
    Ok(archive.finish()?.into_inner())
}

/// Reads a finished archive again and refuses it where it holds a secret.
///
/// # Errors
/// Names the file that holds one, and nothing of it.
pub fn inspect(bytes: &[u8], finds: impl Fn(&[u8]) -> bool) -> Result<(), Failure> {
    const HELD: Text = Text::new(
        "the finished archive was read again and {file} still held a secret; nothing was written",
        "完成した書庫を検査したところ、{file} に秘密の値が残っていたため、何も書き込んでいません",
    );
    let mut archive =
        ZipArchive::new(Cursor::new(bytes)).map_err(|_| Failure::cause("CONN-SELF-BUG", &[]))?;
    for index in 0..archive.len() {
        let mut file = archive.by_index(index).map_err(|_| Failure::cause("CONN-SELF-BUG", &[]))?;
        let mut content = Vec::new();
        file.read_to_end(&mut content).map_err(|_| Failure::cause("CONN-SELF-BUG", &[]))?;
        let name = String::from_utf8_lossy(file.name_raw()).into_owned();
        if finds(&content) || finds(name.as_bytes()) {
            return Err(Failure::cause("CONN-SELF-BUG", &[]).because(HELD.fill(&[("file", &name)])));
        }
    }
    Ok(())
}

/// Whether bytes are an archive.
#[must_use]
pub fn is_archive(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK")
}

/// Judges the facts of somebody's bundle again, with the definition of the service that came along. `None` where
/// the bytes are no archive.
///
/// # Errors
/// When the archive holds no facts.
pub fn replay(bytes: &[u8]) -> Option<Result<Report, Failure>> {
    is_archive(bytes).then(|| judge(bytes))
}

fn judge(bytes: &[u8]) -> Result<Report, Failure> {
    const NONE: Text = Text::new(
        "The archive is no bundle that conn wrote, or it is damaged.",
        "この書庫は conn が作成したバンドルではないか、壊れています。",
    );
    let refused = || Failure::usage(Phrase::from(NONE), None);
    let facts = read(bytes, FACTS).and_then(|text| serde_json::from_str::<Facts>(&text).ok());
    let facts = facts.filter(|facts| facts.schema == crate::diagnosis::fact::SCHEMA).ok_or_else(refused)?;
    let connector = read(bytes, CONNECTOR).and_then(|text| toml::from_str::<Connector>(&text).ok());
    let connector = connector.ok_or_else(refused)?;
    let entry = conclude::entry(&connector, ConnectionKind::default(), &facts, 0.0);
    Ok(Report::of("diagnose", facts.at, 0.0, vec![entry]))
}

fn read(bytes: &[u8], name: &str) -> Option<String> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).ok()?;
    let mut text = String::new();
    archive.by_name(name).ok()?.take(LIMIT).read_to_string(&mut text).ok()?;
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::{Part, inspect, read, replay, write};

    #[test]
    fn a_finished_archive_that_holds_a_secret_is_refused_and_a_clean_one_is_not() {
        let strict = crate::base::strict::Strict::of(&["planted-secret-0123456789".to_owned()]);
        let finds = |bytes: &[u8]| strict.finds(bytes);
        for (name, text, clean) in [
            ("report.txt", "nothing", true),
            ("report.txt", "x planted-secret-0123456789 x", false),
            ("report.txt", "9876543210-terces-detnalp", false),
            ("planted-secret-0123", "nothing", false),
        ] {
            let bytes = write(&[Part { name: name.to_owned(), text: text.to_owned() }]).unwrap();
            let outcome = inspect(&bytes, finds);
            assert_eq!(outcome.is_ok(), clean, "{name} {text}");
            assert_eq!(read(&bytes, name).as_deref(), Some(text));
            assert!(replay(&bytes).unwrap().is_err(), "it holds no facts");
        }
        assert!(replay(b"{}").is_none());
    }
}
