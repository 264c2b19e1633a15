//! The lasting states.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::{accounts, label, memory, moment, unreadable};
use crate::base::Timestamp;
use crate::model::State;
use crate::port::{ItemKey, StateRecord};

/// What a state is read from.
pub(super) const COLUMNS: &str = "state.link_name, state.environment, state, since, last_ok, fingerprints, account, \
                       organisation, last_verdict, last_code, last_run, hosts, stores, counter, used";

pub(super) fn of(connection: &Connection, of: &ItemKey) -> rusqlite::Result<StateRecord> {
    let question =
        format!("SELECT {COLUMNS} FROM state WHERE link_name = ?1 AND environment = ?2 AND label = ?3");
    connection
        .prepare_cached(&question)?
        .query_row(params![of.link_name, of.environment, label(of)], read)
        .optional()
        .map(|found| found.map(|(_, record)| record).unwrap_or_default())
}

/// Of the accounts of a connection the primary one.
const PRIMARY: &str = "FROM state LEFT JOIN primary_account AS p ON p.link_name = state.link_name AND \
                       p.environment = state.environment WHERE state.label = coalesce(p.label, '')";

pub(super) fn all(connection: &Connection) -> rusqlite::Result<BTreeMap<(String, String), StateRecord>> {
    connection.prepare_cached(&format!("SELECT {COLUMNS} {PRIMARY}"))?.query_map([], read)?.collect()
}

pub(super) fn newest(
    connection: &Connection,
    since: Timestamp,
    most: usize,
) -> rusqlite::Result<Vec<(ItemKey, StateRecord)>> {
    let question = format!(
        "SELECT {COLUMNS} {PRIMARY} AND last_run >= ?1 AND last_verdict NOT IN ('local_setup', 'skipped') \
         ORDER BY last_verdict = 'unreachable', last_run DESC LIMIT ?2"
    );
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let mut question = connection.prepare_cached(&question)?;
    let rows = question.query_map(params![since.to_string(), most], read)?;
    rows.map(|row| {
        row.map(|((link_name, environment), record)| (ItemKey::current(&link_name, &environment), record))
    })
    .collect()
}

/// Whether a person switched it off.
pub(super) fn is_disabled(connection: &Connection, of: &ItemKey) -> rusqlite::Result<bool> {
    connection
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM state WHERE link_name = ?1 AND environment = ?2 AND label = ?3 \
             AND state = ?4)",
        )?
        .query_row(params![of.link_name, of.environment, label(of), State::Disabled.code()], |row| row.get(0))
}

pub(super) fn set(connection: &Connection, of: &ItemKey, record: &StateRecord) -> rusqlite::Result<()> {
    let fingerprints = serde_json::to_string(&record.fingerprints).unwrap_or_default();
    let hosts = serde_json::to_string(&record.hosts).unwrap_or_default();
    let stores = serde_json::to_string(&record.stores).unwrap_or_default();
    connection
        .prepare_cached(
            // What uses it meanwhile is noted by others.
            "INSERT OR REPLACE INTO state VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15, \
             (SELECT used FROM state WHERE link_name = ?1 AND environment = ?2 AND label = ?14))",
        )?
        .execute(params![
            of.link_name,
            of.environment,
            record.state.code(),
            record.since.map(|moment| moment.to_string()),
            record.last_ok.map(|moment| moment.to_string()),
            fingerprints,
            record.account,
            record.organisation,
            record.last_verdict,
            record.last_code,
            record.last_run.map(|moment| moment.to_string()),
            hosts,
            stores,
            label(of),
            record.counter.as_ref().and_then(|counter| serde_json::to_string(counter).ok()),
        ])?;
    if of.account.is_some() { accounts::first_is_primary(connection, of) } else { Ok(()) }
}

pub(super) fn read(row: &Row<'_>) -> rusqlite::Result<((String, String), StateRecord)> {
    let state: String = row.get(2)?;
    let fingerprints: String = row.get(5)?;
    let hosts: String = row.get(11)?;
    let stores: String = row.get(12)?;
    let record = StateRecord {
        state: State::from_code(&state).ok_or_else(|| unreadable(2, &state))?,
        since: moment(row, 3)?,
        last_ok: moment(row, 4)?,
        fingerprints: serde_json::from_str(&fingerprints).map_err(|_| unreadable(5, "fingerprints"))?,
        account: row.get(6)?,
        organisation: row.get(7)?,
        last_verdict: row.get(8)?,
        last_code: row.get(9)?,
        last_run: moment(row, 10)?,
        hosts: serde_json::from_str(&hosts).map_err(|_| unreadable(11, "hosts"))?,
        stores: serde_json::from_str(&stores).map_err(|_| unreadable(12, "stores"))?,
        counter: memory::counter(row, 13)?,
        used: moment(row, 14)?,
    };
    Ok(((row.get(0)?, row.get(1)?), record))
}
