//! When a made-up key was sent last for a connection: at most once a day, so that no service takes it for probing.

use rusqlite::{Connection, OptionalExtension as _, params};

use crate::port::{ControlRecord, ItemKey};

pub(super) fn asked(connection: &Connection, of: &ItemKey) -> rusqlite::Result<Option<ControlRecord>> {
    let question =
        "SELECT asked, answer FROM control WHERE link_name = ?1 AND environment = ?2 AND label = ?3";
    let label = of.account.as_deref().unwrap_or_default();
    let found: Option<(String, Option<String>)> = connection
        .prepare_cached(question)?
        .query_row(params![of.link_name, of.environment, label], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    Ok(found.and_then(|(asked, answer)| Some(ControlRecord { asked: asked.parse().ok()?, answer })))
}

pub(super) fn note(connection: &Connection, of: &ItemKey, record: &ControlRecord) -> rusqlite::Result<()> {
    let label = of.account.as_deref().unwrap_or_default();
    connection
        .prepare_cached("INSERT OR REPLACE INTO control VALUES (?1,?2,?3,?4,?5)")?
        .execute(params![of.link_name, of.environment, label, record.asked.to_string(), record.answer])
        .map(|_| ())
}
