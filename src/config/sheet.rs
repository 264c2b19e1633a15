//! One layer's text, read as far as it is asked for.

use std::sync::OnceLock;

use toml::de::DeTable;
use toml::{Table, Value};

use super::layer::Layer;
use super::mistake::ConfigError;
use super::plain::Plain;
use super::scan::{Entry, Scan};
use super::{place, syntax};

/// Which of the two families of tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Family {
    Connectors,
    Connections,
}

impl Family {
    pub(super) const fn key(self) -> &'static str {
        match self {
            Self::Connectors => "connectors",
            Self::Connections => "connections",
        }
    }
}

/// One table of a family, with the line on which it begins.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Section {
    pub(super) table: Table,
    pub(super) line: usize,
}

/// A connection of a sheet that was not read yet.
#[derive(Clone, Copy)]
pub(super) struct Mention<'s> {
    /// Its link name.
    pub(super) name: &'s str,
    /// The line on which it begins.
    pub(super) line: usize,
    /// Where it stands, unless the document was read whole.
    entry: Option<&'s Entry>,
}

/// One layer and what was read of it.
pub(super) struct Sheet {
    pub(super) layer: Layer,
    scan: OnceLock<Option<Scan>>,
    whole: OnceLock<Result<Whole, ConfigError>>,
}

/// A document that was read whole, with the lines on which its tables begin.
struct Whole {
    root: Table,
    connectors: Vec<(String, usize)>,
    connections: Vec<(String, usize)>,
}

impl Sheet {
    pub(super) const fn new(layer: Layer) -> Self {
        Self { layer, scan: OnceLock::new(), whole: OnceLock::new() }
    }

    /// The same sheet, always parsed whole.
    #[cfg(test)]
    pub(super) fn without_scan(self) -> Self {
        Self { scan: OnceLock::from(None), ..self }
    }

    /// The names of a family with their lines, in the order of the file.
    pub(super) fn names(&self, family: Family) -> Result<Vec<(&str, usize)>, ConfigError> {
        if let Some(scan) = self.scan() {
            return Ok(scan
                .entries(family)
                .map(|entry| (entry.name(&self.layer.text), entry.line()))
                .collect());
        }
        let names = self.whole()?.names(family).iter();
        Ok(names.map(|(name, line)| (name.as_str(), *line)).collect())
    }

    /// Every connection, in the order of the file.
    pub(super) fn connections(&self) -> Result<Vec<Mention<'_>>, ConfigError> {
        if let Some(scan) = self.scan() {
            let entries = scan.entries(Family::Connections);
            return Ok(entries.map(|entry| self.mention(entry)).collect());
        }
        let names = self.whole()?.connections.iter();
        Ok(names.map(|(name, line)| Mention { name, line: *line, entry: None }).collect())
    }

    /// The connection of this link name.
    pub(super) fn connection(&self, link_name: &str) -> Result<Option<Mention<'_>>, ConfigError> {
        if let Some(scan) = self.scan() {
            let entry = scan.find(&self.layer.text, Family::Connections, link_name);
            return Ok(entry.map(|entry| self.mention(entry)));
        }
        let mut names = self.whole()?.connections.iter();
        let found = names.find(|(name, _)| name == link_name);
        Ok(found.map(|(name, line)| Mention { name, line: *line, entry: None }))
    }

    fn mention<'s>(&'s self, entry: &'s Entry) -> Mention<'s> {
        Mention { name: entry.name(&self.layer.text), line: entry.line(), entry: Some(entry) }
    }

    /// One table of a family.
    pub(super) fn section(&self, family: Family, name: &str) -> Result<Option<Section>, ConfigError> {
        if let Some(scan) = self.scan() {
            let text = &self.layer.text;
            let Some(entry) = scan.find(text, family, name) else { return Ok(None) };
            // A slice with a mistake is read again as a part of its file, where the mistake has its place.
            if let Ok(mut root) = syntax::read(&self.layer.path, scan.slice(text, entry)) {
                let table = root.get_mut(family.key()).and_then(|tables| tables.as_table_mut()?.remove(name));
                return Ok(match table {
                    Some(Value::Table(table)) => Some(Section { table, line: entry.line() }),
                    _ => None,
                });
            }
        }
        let whole = self.whole()?;
        let table =
            whole.root.get(family.key()).and_then(|tables| tables.get(name)).and_then(Value::as_table);
        let line = whole.names(family).iter().find(|(other, _)| other == name).map_or(1, |(_, line)| *line);
        Ok(table.map(|table| Section { table: table.clone(), line }))
    }

    /// Reads a connection that is written plainly, without the parser; `None` where it is not.
    pub(super) fn plain<'s>(&'s self, mention: &Mention<'_>, plain: &mut Plain<'s>) -> Option<()> {
        let entry = mention.entry.filter(|entry| entry.is_own)?;
        plain.read(self.scan()?.lines(&self.layer.text, entry), mention.name)
    }

    fn scan(&self) -> Option<&Scan> {
        self.scan.get_or_init(|| Scan::of(&self.layer.text)).as_ref()
    }

    fn whole(&self) -> Result<&Whole, ConfigError> {
        self.whole.get_or_init(|| Whole::read(&self.layer)).as_ref().map_err(Clone::clone)
    }
}

impl Whole {
    fn names(&self, family: Family) -> &[(String, usize)] {
        match family {
            Family::Connectors => &self.connectors,
            Family::Connections => &self.connections,
        }
    }

    fn read(layer: &Layer) -> Result<Self, ConfigError> {
        let spanned = syntax::parse(&layer.path, &layer.text)?;
        let connectors = lines(&layer.text, &spanned, Family::Connectors);
        let connections = lines(&layer.text, &spanned, Family::Connections);
        let root = syntax::read(&layer.path, &layer.text)?;
        Ok(Self { root, connectors, connections })
    }
}

fn lines(text: &str, root: &DeTable<'_>, family: Family) -> Vec<(String, usize)> {
    let Some(table) = root.get(family.key()).and_then(|value| value.get_ref().as_table()) else {
        return Vec::new();
    };
    let entry = |key: &toml::Spanned<toml::de::DeString<'_>>| {
        (key.get_ref().to_string(), place::of(text, key.span().start).line)
    };
    table.iter().map(|(key, _)| entry(key)).collect()
}
