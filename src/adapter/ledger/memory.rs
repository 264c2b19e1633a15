//! What runs leave of each authorisation: what stood at its last success, and the counter of its allowance.

use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::{control, history, label, notices, state, unreadable};
use crate::base::Timestamp;
use crate::diagnosis::last_good::LastGood;
use crate::diagnosis::share::Counter;
use crate::model::State;
use crate::port::{ItemKey, PastRecord, RunRecord, StateRecord};

/// Keeps what a run leaves.
pub(super) fn remember(connection: &Connection, run: &RunRecord) -> rusqlite::Result<()> {
    let paused = run.before != State::Disabled && state::is_disabled(connection, &run.of)?;
    if paused {
        let paused = StateRecord { state: State::Disabled, ..run.state.clone() };
        state::set(connection, &run.of, &paused)?;
    } else {
        state::set(connection, &run.of, &run.state)?;
    }
    if let Some(good) = &run.good {
        set_last_good(connection, &run.of, good)?;
    }
    for notice in &run.notices {
        notices::note(connection, &run.of, notice, run.row.last_seen)?;
    }
    history::append(connection, &run.row)
}

/// What is known of an authorisation. Read in one transaction: each part on its own would lock the file again.
pub(super) fn past(connection: &Connection, of: &ItemKey, results: usize) -> rusqlite::Result<PastRecord> {
    // Prepared once, other than those that the library has for it.
    let mark = |word: &str| connection.prepare_cached(word)?.execute([]).map(drop);
    mark("BEGIN")?;
    let read = || {
        Ok(PastRecord {
            state: state::of(connection, of)?,
            good: last_good(connection, of)?,
            results: history::results(connection, of, results)?,
            control: control::asked(connection, of)?,
        })
    };
    let past = read();
    let ended = mark("COMMIT");
    // Why it could not be read says more than that the look could not be ended then.
    past.and_then(|past| ended.map(|()| past))
}

pub(super) fn last_good(connection: &Connection, of: &ItemKey) -> rusqlite::Result<Option<LastGood>> {
    let kept: Option<String> = connection
        .prepare_cached(
            "SELECT good FROM last_good WHERE link_name = ?1 AND environment = ?2 AND label = ?3",
        )?
        .query_row(params![of.link_name, of.environment, label(of)], |row| row.get(0))
        .optional()?;
    kept.map(|text| serde_json::from_str(&text).map_err(|_| unreadable(0, &text))).transpose()
}

fn set_last_good(connection: &Connection, of: &ItemKey, good: &LastGood) -> rusqlite::Result<()> {
    let text = serde_json::to_string(good).unwrap_or_default();
    connection
        .prepare_cached("INSERT OR REPLACE INTO last_good VALUES (?1,?2,?3,?4)")?
        .execute(params![of.link_name, of.environment, label(of), text])
        .map(|_| ())
}

pub(super) fn counter(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Counter>> {
    let kept: Option<String> = row.get(column)?;
    kept.map(|text| serde_json::from_str(&text).map_err(|_| unreadable(column, &text))).transpose()
}

pub(super) fn set_counter(connection: &Connection, of: &ItemKey, counter: &Counter) -> rusqlite::Result<()> {
    let text = serde_json::to_string(counter).unwrap_or_default();
    connection
        .prepare_cached(
            "UPDATE state SET counter = ?4 WHERE link_name = ?1 AND environment = ?2 AND label = ?3",
        )?
        .execute(params![of.link_name, of.environment, label(of), text])
        .map(|_| ())
}

pub(super) fn note_use(connection: &Connection, of: &ItemKey, at: Timestamp) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "UPDATE state SET used = ?4 WHERE link_name = ?1 AND environment = ?2 AND label = ?3",
        )?
        .execute(params![of.link_name, of.environment, label(of), at.to_string()])
        .map(|_| ())
}
