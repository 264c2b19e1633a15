//! Connections that are written as most are, `key = "value"` line by line, read without the TOML parser. What
//! is written in any other way is left to the parser.

use super::scan::{header, is_bare};
use super::sheet::Family;
use crate::base::Phrase;
use crate::model::connection::{Connection, ConnectionKind};

/// Where a line's key belongs.
#[derive(Clone, Copy, Default)]
enum Below {
    #[default]
    Connection,
    Vars,
    Secrets,
}

/// The connection of a slice that begins with its header; `None` where a line is not plain.
pub(super) fn read(slice: &str, name: &str) -> Option<Connection> {
    let mut reader = Reader::default();
    let mut lines =
        slice.split('\n').map(|line| line.strip_suffix('\r').unwrap_or(line).trim_matches([' ', '\t']));
    let (family, own) = header(lines.next()?)?;
    let first = slice.trim_start_matches([' ', '\t']).strip_prefix("[connections.")?.strip_prefix(name)?;
    if family != Family::Connections || own != name || !first.starts_with(']') {
        return None;
    }
    for line in lines {
        match line.as_bytes().first() {
            None | Some(b'#') => {}
            Some(b'[') => {
                let below = reader.header(line, name)?;
                reader.below = below;
            }
            Some(_) => reader.pair(line)?,
        }
    }
    (reader.given & 1 == 1).then_some(reader.connection)
}

#[derive(Default)]
struct Reader {
    connection: Connection,
    below: Below,
    /// One bit for each key that was given.
    given: u16,
}

impl Reader {
    /// `[connections.NAME.vars]` or `[connections.NAME.secrets]`, each once and before any dotted key of it.
    fn header(&mut self, line: &str, name: &str) -> Option<Below> {
        let table = line.strip_prefix("[connections.")?.strip_prefix(name)?.strip_prefix('.')?;
        let (below, bit, is_new) = match table.strip_suffix(']')? {
            "vars" => (Below::Vars, 8, self.connection.vars.is_empty()),
            "secrets" => (Below::Secrets, 9, self.connection.secrets.is_empty()),
            _ => return None,
        };
        let is_new = is_new && self.given & (1 << bit) == 0;
        self.given |= 1 << bit;
        is_new.then_some(below)
    }

    fn pair(&mut self, line: &str) -> Option<()> {
        let (key, value) = line.split_once('=')?;
        let (key, value) = (key.trim_end_matches([' ', '\t']), value.trim_start_matches([' ', '\t']));
        match (self.below, key.split_once('.')) {
            (Below::Connection, Some(("vars", key))) => self.var(key, value),
            (Below::Connection, Some(("secrets", key))) => self.secret(key, value),
            (Below::Connection, None) => self.field(key, value),
            (Below::Vars, None) => self.var(key, value),
            (Below::Secrets, None) => self.secret(key, value),
            _ => None,
        }
    }

    fn var(&mut self, key: &str, value: &str) -> Option<()> {
        let value = string(value)?.to_owned();
        let new = is_bare(key) && self.connection.vars.insert(key.to_owned(), value).is_none();
        new.then_some(())
    }

    fn secret(&mut self, key: &str, value: &str) -> Option<()> {
        let value = string(value)?.parse().ok()?;
        let new = is_bare(key) && self.connection.secrets.insert(key.to_owned(), value).is_none();
        new.then_some(())
    }

    fn field(&mut self, key: &str, value: &str) -> Option<()> {
        let own = &mut self.connection;
        let bit = match key {
            "connector" => {
                string(value)?.clone_into(&mut own.connector);
                0
            }
            "name" => {
                own.name = Some(Phrase::same(string(value)?));
                1
            }
            "method" => {
                own.method = Some(string(value)?.to_owned());
                2
            }
            "kind" => {
                own.kind = kind(string(value)?)?;
                3
            }
            "environment" => {
                own.environment = Some(string(value)?.to_owned());
                4
            }
            "tags" => {
                own.tags = list(value)?;
                5
            }
            "owner" => {
                own.owner = Some(string(value)?.to_owned());
                6
            }
            "note" => {
                own.note = Some(string(value)?.to_owned());
                7
            }
            _ => return None,
        };
        let new = self.given & (1 << bit) == 0;
        self.given |= 1 << bit;
        new.then_some(())
    }
}

fn kind(word: &str) -> Option<ConnectionKind> {
    [ConnectionKind::System, ConnectionKind::Admin, ConnectionKind::User]
        .into_iter()
        .find(|kind| kind.code() == word)
}

/// The value of a line that is one string without escapes, with nothing but a comment behind it.
fn string(value: &str) -> Option<&str> {
    let (text, rest) = quoted(value)?;
    let rest = rest.trim_start_matches([' ', '\t']);
    (rest.is_empty() || rest.starts_with('#')).then_some(text)
}

/// A string without escapes and what stands behind it.
fn quoted(value: &str) -> Option<(&str, &str)> {
    if let Some(rest) = value.strip_prefix('\'') {
        return rest.split_once('\'');
    }
    let (text, rest) = value.strip_prefix('"')?.split_once('"')?;
    (!text.contains('\\')).then_some((text, rest))
}

/// A list of such strings on one line.
fn list(value: &str) -> Option<Vec<String>> {
    let mut rest = value.strip_prefix('[')?.trim_start_matches([' ', '\t']);
    let mut items = Vec::new();
    while !rest.starts_with(']') {
        let (item, behind) = quoted(rest)?;
        items.push(item.to_owned());
        let behind = behind.trim_start_matches([' ', '\t']);
        rest = match behind.strip_prefix(',') {
            Some(behind) => behind.trim_start_matches([' ', '\t']),
            None if behind.starts_with(']') => behind,
            None => return None,
        };
    }
    let behind = rest[1..].trim_start_matches([' ', '\t']);
    (behind.is_empty() || behind.starts_with('#')).then_some(items)
}
