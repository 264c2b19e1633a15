//! Connections that are written as most are, `key = "value"` line by line, read without the TOML parser. What
//! is written in any other way is left to the parser.

use super::scan::{after_blanks, bare, ends};
use crate::base::{Phrase, octets};
use crate::model::connection::{Connection, ConnectionKind, SecretSource};

/// A connection whose words stand in the text. One after another is read into the same, to make no lists anew.
#[derive(Default)]
pub(super) struct Plain<'t> {
    pub(super) connector: &'t str,
    pub(super) name: Option<&'t str>,
    pub(super) method: Option<&'t str>,
    pub(super) kind: ConnectionKind,
    pub(super) environment: Option<&'t str>,
    pub(super) vars: Vec<(&'t str, &'t str)>,
    pub(super) secrets: Vec<(&'t str, SecretSource)>,
    /// As they are written; [`items`] reads them.
    pub(super) tags: &'t str,
    pub(super) owner: Option<&'t str>,
    pub(super) note: Option<&'t str>,
}

impl<'t> Plain<'t> {
    /// Reads the connection in these lines, of which the first is its own header that the scan has checked;
    /// `None` where a line is not plain.
    pub(super) fn read(&mut self, lines: impl Iterator<Item = &'t str>, name: &str) -> Option<()> {
        let Self { mut vars, mut secrets, .. } = std::mem::take(self);
        vars.clear();
        secrets.clear();
        *self = Self { vars, secrets, ..Self::default() };
        let mut reader = Reader { plain: self, below: Below::Connection, given: 0 };
        for line in lines.skip(1) {
            let line = after_blanks(line);
            match line.as_bytes().first() {
                None | Some(b'#' | b'\n' | b'\r') => {}
                Some(b'[') => reader.below = reader.header(line, name)?,
                Some(_) => reader.pair(line)?,
            }
        }
        (reader.given & 1 == 1).then_some(())
    }

    /// The connection with words of its own.
    pub(super) fn connection(self) -> Connection {
        Connection {
            connector: self.connector.to_owned(),
            name: self.name.map(Phrase::same),
            method: self.method.map(str::to_owned),
            kind: self.kind,
            environment: self.environment.map(str::to_owned),
            vars: self.vars.into_iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect(),
            secrets: self.secrets.into_iter().map(|(key, source)| (key.to_owned(), source)).collect(),
            tags: items(self.tags).map(str::to_owned).collect(),
            owner: self.owner.map(str::to_owned),
            note: self.note.map(str::to_owned),
            ..Connection::default()
        }
    }
}

/// Where a line's key belongs.
#[derive(Clone, Copy)]
enum Below {
    Connection,
    Vars,
    Secrets,
}

struct Reader<'p, 't> {
    plain: &'p mut Plain<'t>,
    below: Below,
    /// One bit for each key that was given.
    given: u16,
}

impl<'t> Reader<'_, 't> {
    /// `[connections.NAME.vars]` or `[connections.NAME.secrets]`, each once and before any dotted key of it.
    fn header(&mut self, line: &str, name: &str) -> Option<Below> {
        let table = line.strip_prefix("[connections.")?.strip_prefix(name)?.strip_prefix('.')?;
        let (table, rest) = bare(table)?;
        let (below, bit, is_new) = match table {
            "vars" => (Below::Vars, 8, self.plain.vars.is_empty()),
            "secrets" => (Below::Secrets, 9, self.plain.secrets.is_empty()),
            _ => return None,
        };
        (self.give(bit).is_some() && is_new && ends(rest.strip_prefix(']')?)).then_some(below)
    }

    fn pair(&mut self, line: &'t str) -> Option<()> {
        let (first, rest) = bare(line)?;
        let (table, key, rest) = match rest.strip_prefix('.') {
            Some(rest) => bare(rest).map(|(key, rest)| (first, key, rest))?,
            None => ("", first, rest),
        };
        let value = after_blanks(after_blanks(rest).strip_prefix('=')?);
        match (self.below, table) {
            (Below::Connection, "") => self.field(key, value),
            (Below::Connection, "vars") | (Below::Vars, "") => self.var(key, value),
            (Below::Connection, "secrets") | (Below::Secrets, "") => self.secret(key, value),
            _ => None,
        }
    }

    fn var(&mut self, key: &'t str, value: &'t str) -> Option<()> {
        let is_new = self.plain.vars.iter().all(|(known, _)| *known != key);
        self.plain.vars.push((key, string(value)?));
        is_new.then_some(())
    }

    fn secret(&mut self, key: &'t str, value: &str) -> Option<()> {
        let is_new = self.plain.secrets.iter().all(|(known, _)| *known != key);
        self.plain.secrets.push((key, string(value)?.parse().ok()?));
        is_new.then_some(())
    }

    fn field(&mut self, key: &str, value: &'t str) -> Option<()> {
        let plain = &mut *self.plain;
        let bit = match key {
            "connector" => {
                plain.connector = string(value)?;
                0
            }
            "name" => {
                plain.name = Some(string(value)?);
                1
            }
            "method" => {
                plain.method = Some(string(value)?);
                2
            }
            "kind" => {
                plain.kind = kind(string(value)?)?;
                3
            }
            "environment" => {
                plain.environment = Some(string(value)?);
                4
            }
            "tags" => {
                plain.tags = list(value)?;
                5
            }
            "owner" => {
                plain.owner = Some(string(value)?);
                6
            }
            "note" => {
                plain.note = Some(string(value)?);
                7
            }
            _ => return None,
        };
        self.give(bit)
    }

    /// Marks a key as given; `None` where it was given before.
    fn give(&mut self, bit: u8) -> Option<()> {
        let is_new = self.given & (1 << bit) == 0;
        self.given |= 1 << bit;
        is_new.then_some(())
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
    ends(rest).then_some(text)
}

/// A string without escapes and what stands behind it.
fn quoted(value: &str) -> Option<(&str, &str)> {
    let (quote, rest) = value.split_at_checked(1)?;
    let end = match quote {
        "\"" => octets::find(rest.as_bytes(), [b'"', b'\\'])?,
        "'" => octets::find(rest.as_bytes(), [b'\''])?,
        _ => return None,
    };
    let (text, rest) = rest.split_at(end);
    Some((text, rest.strip_prefix(quote)?))
}

/// What stands between the brackets of a list of such strings on one line.
fn list(value: &str) -> Option<&str> {
    let inner = value.strip_prefix('[')?;
    let mut rest = after_blanks(inner);
    while !rest.starts_with(']') {
        let behind = after_blanks(quoted(rest)?.1);
        rest = match behind.strip_prefix(',') {
            Some(behind) => after_blanks(behind),
            None if behind.starts_with(']') => behind,
            None => return None,
        };
    }
    ends(&rest[1..]).then(|| &inner[..inner.len() - rest.len()])
}

/// The strings of such a list.
pub(super) fn items(list: &str) -> impl Iterator<Item = &str> {
    let mut rest = list;
    std::iter::from_fn(move || {
        let (item, behind) = quoted(after_blanks(rest))?;
        rest = after_blanks(behind).strip_prefix(',').unwrap_or_default();
        Some(item)
    })
}
