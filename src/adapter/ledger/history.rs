//! Results in order, equal ones in a row folded into one.

use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::{moment, unreadable};
use crate::port::{HistoryRow, ItemKey};

/// What a result is read from and written to.
const COLUMNS: &str =
    "link_name, environment, verb, verdict, code, detail, first_seen, last_seen, count, label";
/// The newest results that are kept of each connection.
const KEPT: u32 = 1000;

pub(super) fn append(connection: &Connection, row: &HistoryRow) -> rusqlite::Result<()> {
    if fold(connection, row)? { Ok(()) } else { add(connection, row) }
}

/// Results of several authorisations are folded each on its own, so that an old row may have been seen last. Without its
/// Z a time stands before those that have a fraction more.
pub(super) fn newest(
    connection: &Connection,
    link_name: &str,
    limit: usize,
) -> rusqlite::Result<Vec<HistoryRow>> {
    let question = format!(
        "SELECT {COLUMNS} FROM history WHERE link_name = ?1 ORDER BY rtrim(last_seen, 'Z') DESC, id DESC LIMIT ?2"
    );
    connection.prepare_cached(&question)?.query_map(params![link_name, most(limit)], read_row)?.collect()
}

pub(super) fn results(
    connection: &Connection,
    of: &ItemKey,
    limit: usize,
) -> rusqlite::Result<Vec<HistoryRow>> {
    let question = format!(
        "SELECT {COLUMNS} FROM history WHERE link_name = ?1 AND environment = ?2 AND label = ?3 ORDER BY id DESC LIMIT ?4"
    );
    connection
        .prepare_cached(&question)?
        .query_map(params![of.link_name, of.environment, super::label(of), most(limit)], read_row)?
        .collect()
}

fn most(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

/// Counts the newest result of the authorisation up where the new one is equal to it.
fn fold(connection: &Connection, row: &HistoryRow) -> rusqlite::Result<bool> {
    let newest: Option<(i64, String, Option<String>)> = connection
        .prepare_cached(
            "SELECT id, verdict, code FROM history WHERE link_name = ?1 AND environment = ?2 AND label = ?3 \
             ORDER BY id DESC LIMIT 1",
        )?
        .query_row(params![row.link_name, row.environment, label(row)], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })
        .optional()?;
    match newest {
        Some((id, verdict, code)) if verdict == row.verdict && code == row.code => connection
            .prepare_cached(
                "UPDATE history SET count = count + ?2, last_seen = ?3, detail = ?4, verb = ?5 WHERE id = ?1",
            )?
            .execute(params![id, count(row), row.last_seen.to_string(), row.detail, row.verb])
            .map(|_| true),
        _ => Ok(false),
    }
}

fn add(connection: &Connection, row: &HistoryRow) -> rusqlite::Result<()> {
    connection
        .prepare_cached(&format!("INSERT INTO history ({COLUMNS}) VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10)"))?
        .execute(params![
            row.link_name,
            row.environment,
            row.verb,
            row.verdict,
            row.code,
            row.detail,
            row.first_seen.to_string(),
            row.last_seen.to_string(),
            count(row),
            label(row),
        ])?;
    connection
        .prepare_cached(
            "DELETE FROM history WHERE link_name = ?1 AND id <= \
             (SELECT id FROM history WHERE link_name = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2)",
        )?
        .execute(params![row.link_name, KEPT])
        .map(|_| ())
}

fn label(row: &HistoryRow) -> &str {
    row.account.as_deref().unwrap_or_default()
}

fn count(row: &HistoryRow) -> i64 {
    i64::try_from(row.count).unwrap_or(i64::MAX)
}

fn read_row(row: &Row<'_>) -> rusqlite::Result<HistoryRow> {
    let seen = |column| moment(row, column)?.ok_or_else(|| unreadable(column, "no time"));
    Ok(HistoryRow {
        link_name: row.get(0)?,
        environment: row.get(1)?,
        verb: row.get(2)?,
        verdict: row.get(3)?,
        code: row.get(4)?,
        detail: row.get(5)?,
        first_seen: seen(6)?,
        last_seen: seen(7)?,
        count: u64::try_from(row.get::<_, i64>(8)?).unwrap_or_default(),
        account: row.get::<_, Option<String>>(9)?.filter(|label| !label.is_empty()),
    })
}
