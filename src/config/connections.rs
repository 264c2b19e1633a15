//! The connections of all layers: one, all, or one after another.

use std::collections::HashSet;

use super::layer::{Definitions, Layer, Located, check_sources, typed};
use super::mistake::ConfigError;
use super::outline::{self, Outline};
use super::plain::Plain;
use super::refusals::{twice, unfit};
use super::sheet::{Family, Mention, Section, Sheet};
use crate::model::Connection;

/// Where a connection stands, to be read again when it is needed: of thousands, few are needed at once.
#[derive(Clone, Copy)]
pub struct Spot<'d> {
    sheet: &'d Sheet,
    mention: Mention<'d>,
}

impl Spot<'_> {
    /// Reads the connection.
    ///
    /// # Errors
    /// When its table has a mistake.
    pub fn read(&self) -> Result<Located<Connection>, ConfigError> {
        let Self { sheet, mention } = self;
        read_connection(sheet, mention)?.ok_or_else(|| unfit(&sheet.layer.path, mention.name, mention.line))
    }
}

impl Definitions {
    /// The connection of this link name.
    ///
    /// # Errors
    /// When its file or its table has a mistake, or two files hold the name.
    pub fn connection(&self, link_name: &str) -> Result<Option<Located<Connection>>, ConfigError> {
        Ok(self.spot(link_name)?.map(|(_, connection)| connection))
    }

    /// The same, with where it was read.
    ///
    /// # Errors
    /// As [`Definitions::connection`].
    pub fn spot(&self, link_name: &str) -> Result<Option<(Spot<'_>, Located<Connection>)>, ConfigError> {
        let mut found: Option<(Spot<'_>, Located<Connection>)> = None;
        for sheet in &self.sheets {
            let Some(mention) = sheet.connection(link_name)? else { continue };
            let Some(connection) = read_connection(sheet, &mention)? else { continue };
            if let Some((_, first)) = &found {
                let (path, line) = (&connection.path, connection.line);
                return Err(twice(link_name, &first.path, first.line, path, line).into());
            }
            found = Some((Spot { sheet, mention }, connection));
        }
        Ok(found)
    }

    /// Every connection, in the order of the layers and their files. Of two that share a name only the lower
    /// layer's is told, which is the user's own; whoever names it gets the error.
    ///
    /// # Errors
    /// With the mistakes of every layer.
    pub fn connections(&self) -> Result<Vec<Located<Connection>>, ConfigError> {
        self.each_connection(read_connection)
    }

    /// Shows every connection in the same order, each with where it was read.
    ///
    /// # Errors
    /// With the mistakes of every layer.
    pub fn visit<'d>(
        &'d self,
        mut see: impl FnMut(Spot<'d>, Located<Connection>),
    ) -> Result<(), ConfigError> {
        let show = |sheet, mention: &Mention<'d>| {
            if let Some(connection) = read_connection(sheet, mention)? {
                see(Spot { sheet, mention: *mention }, connection);
            }
            Ok(None::<()>)
        };
        self.each_connection(show).map(|_| ())
    }

    /// What a listing shows of every connection, in the same order.
    ///
    /// # Errors
    /// With the mistakes of every layer.
    pub fn outlines(&self) -> Result<Vec<Outline<'_>>, ConfigError> {
        let mut plain = Plain::default();
        self.each_connection(|sheet, mention| outline::read(sheet, mention, &mut plain))
    }

    fn each_connection<'d, T>(
        &'d self,
        mut read: impl FnMut(&'d Sheet, &Mention<'d>) -> Result<Option<T>, ConfigError>,
    ) -> Result<Vec<T>, ConfigError> {
        let (mut all, mut mistakes) = (Vec::new(), Vec::new());
        let mut seen = HashSet::new();
        for sheet in &self.sheets {
            let mentions = sheet.connections()?;
            all.reserve(mentions.len());
            for mention in &mentions {
                // One file alone cannot hold a name twice.
                if self.sheets.len() > 1 && !seen.insert(mention.name) {
                    continue;
                }
                match read(sheet, mention) {
                    Ok(connection) => all.extend(connection),
                    Err(error) => mistakes.extend(error.mistakes),
                }
            }
        }
        ConfigError::check(mistakes).map(|()| all)
    }
}

/// A connection of a sheet.
pub(super) fn read_connection(
    sheet: &Sheet,
    mention: &Mention<'_>,
) -> Result<Option<Located<Connection>>, ConfigError> {
    let (Layer { kind, path, .. }, name) = (&sheet.layer, mention.name);
    let mut plain = Plain::default();
    let (value, line): (Connection, usize) = if sheet.plain(mention, &mut plain).is_some() {
        (plain.connection(), mention.line)
    } else {
        let section = sheet.section(Family::Connections, name)?;
        let Some(Section { table, line }) = section else { return Ok(None) };
        (typed(table).map_err(|()| unfit(path, name, line))?, line)
    };
    check_sources(&sheet.layer, name, line, value.secrets.values())?;
    Ok(Some(Located { value, name: name.to_owned(), kind: *kind, path: path.clone(), line }))
}
