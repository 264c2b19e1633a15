//! What a listing shows of a connection, in the words of its file wherever they can be borrowed, so that a
//! thousand connections are listed without a thousand copies.

use std::borrow::Cow;
use std::path::Path;

use super::connections::read_connection;
use super::layer::{Layer, LayerKind, Located, check_sources};
use super::mistake::ConfigError;
use super::plain::{Plain, items};
use super::sheet::{Mention, Sheet};
use crate::base::Phrase;
use crate::model::connection::{ConnectionKind, PRODUCTION};

/// What a listing shows of a connection.
#[derive(Clone, Debug, PartialEq)]
pub struct Outline<'d> {
    /// Its handle.
    pub link_name: &'d str,
    /// The display name.
    pub name: Option<Phrase>,
    /// The connector's id.
    pub connector: Cow<'d, str>,
    /// Who authorises it.
    pub kind: ConnectionKind,
    /// Its own environment.
    pub environment: Cow<'d, str>,
    /// Whether one authorisation serves all environments.
    pub same_authorization: bool,
    /// Who to ask.
    pub owner: Option<Cow<'d, str>>,
    /// Labels for `--tag`.
    pub tags: Tags<'d>,
    /// Whose file it stands in.
    pub layer: LayerKind,
    /// The file.
    pub path: &'d Path,
    /// The line on which it begins, from 1.
    pub line: usize,
}

/// Labels, read again from the file each time where they are written plainly.
#[derive(Clone, Debug, PartialEq)]
pub enum Tags<'d> {
    /// What stands between the brackets.
    Written(&'d str),
    /// What the parser has read.
    Read(Vec<String>),
}

impl Tags<'_> {
    /// One after another.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        let (written, read) = match self {
            Self::Written(list) => (*list, &[][..]),
            Self::Read(tags) => ("", &tags[..]),
        };
        items(written).chain(read.iter().map(String::as_str))
    }
}

/// The outline of a connection. A mistake anywhere in the connection is told as if it were read whole.
pub(super) fn read<'d>(
    sheet: &'d Sheet,
    mention: &Mention<'d>,
    plain: &mut Plain<'d>,
) -> Result<Option<Outline<'d>>, ConfigError> {
    let Layer { kind: layer, path, .. } = &sheet.layer;
    let Mention { name: link_name, line, .. } = *mention;
    if sheet.plain(mention, plain).is_some() {
        check_sources(&sheet.layer, link_name, line, plain.secrets.iter().map(|(_, source)| source))?;
        return Ok(Some(Outline {
            link_name,
            name: plain.name.map(Phrase::same),
            connector: plain.connector.into(),
            kind: plain.kind,
            environment: plain.environment.unwrap_or(PRODUCTION).into(),
            same_authorization: false,
            owner: plain.owner.map(Cow::from),
            tags: Tags::Written(plain.tags),
            layer: *layer,
            path,
            line,
        }));
    }
    let Some(Located { value, line, .. }) = read_connection(sheet, mention)? else { return Ok(None) };
    Ok(Some(Outline {
        link_name,
        name: value.name,
        connector: value.connector.into(),
        kind: value.kind,
        environment: value.environment.map_or(PRODUCTION.into(), Cow::from),
        same_authorization: value.same_authorization == Some(true),
        owner: value.owner.map(Cow::from),
        tags: Tags::Read(value.tags),
        layer: *layer,
        path,
        line,
    }))
}
