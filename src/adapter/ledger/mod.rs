//! States and history in one SQLite file, `state.db`, that several processes may use at once.
//!
//! It holds nothing secret and nothing that cannot be made again. A file that conn does not understand is
//! named and left alone, never reset.

mod accounts;
mod control;
mod history;
mod memory;
mod notices;
mod schema;
mod state;

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;

use ring::rand::{SecureRandom as _, SystemRandom};
use rusqlite::config::DbConfig;
use rusqlite::{
    Connection, ErrorCode, OpenFlags, OptionalExtension as _, Row, TransactionBehavior, ffi, params,
};

use crate::adapter::private_file;
use crate::base::{Phrase, Text, Timestamp, system_error};
use crate::diagnosis::last_good::LastGood;
use crate::diagnosis::share::Counter;
use crate::port::{
    AccountRecord, ControlRecord, HistoryRow, ItemKey, Ledger, LedgerError, LedgerFault, NoticeRow,
    PastRecord, RunRecord, StateRecord,
};

const PATIENCE: Duration = Duration::from_secs(10);
/// More than the statements that a run over many connections repeats.
const STATEMENTS: usize = 32;

/// The state database.
pub struct Database {
    path: PathBuf,
    /// How long another process may keep the file locked.
    patience: Duration,
    open: Mutex<Option<Connection>>,
    fingerprint_key: OnceLock<[u8; 32]>,
}

impl Database {
    /// The database in a file, opened on first use.
    #[must_use]
    pub fn new(path: &Path) -> Self {
        let (open, fingerprint_key) = (Mutex::new(None), OnceLock::new());
        Self { path: path.to_owned(), patience: PATIENCE, open, fingerprint_key }
    }

    fn failed(&self, fault: LedgerFault) -> LedgerError {
        LedgerError { path: self.path.display().to_string(), fault }
    }

    /// Asks the database; the default where there is no file yet.
    fn ask<T: Default>(
        &self,
        question: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, LedgerError> {
        let known = self.open.lock().unwrap_or_else(PoisonError::into_inner).is_some();
        if !known && !self.path.exists() && !self.path.is_symlink() {
            return Ok(T::default());
        }
        self.with(|connection| question(connection))
    }

    /// Changes the database in one transaction that nothing interleaves with.
    fn change<T>(&self, change: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, LedgerError> {
        self.with(|connection| {
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let value = change(&transaction)?;
            transaction.commit()?;
            Ok(value)
        })
    }

    fn with<T>(&self, act: impl FnOnce(&mut Connection) -> rusqlite::Result<T>) -> Result<T, LedgerError> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let connection = match open.as_mut() {
            Some(connection) => connection,
            None => open.insert(self.connect().map_err(|fault| self.failed(fault))?),
        };
        act(connection).map_err(|error| self.failed(fault(&error)))
    }

    fn connect(&self) -> Result<Connection, LedgerFault> {
        let io = |error: std::io::Error| LedgerFault::Io(system_error::explained(&error));
        if let Some(folder) = self.path.parent() {
            private_file::make_folder(folder).map_err(io)?;
        }
        match private_file::make_file(&self.path) {
            Ok(file) => drop(file),
            // What may only be read is read all the same.
            Err(error) if is_read_only(&error) && self.path.is_file() => return self.look(),
            Err(error) => return Err(io(error)),
        }
        let mut connection = Connection::open(&self.path).map_err(|error| fault(&error))?;
        connection.busy_timeout(self.patience).map_err(|error| fault(&error))?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        // A plan that holds for every value: else each statement is planned anew each time that it runs.
        connection
            .set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)
            .map_err(|error| fault(&error))?;
        // A power cut may cost the newest results, never the file.
        connection.pragma_update(None, "synchronous", "NORMAL").map_err(|error| fault(&error))?;
        if schema::is_current(&connection)? {
            return Ok(connection);
        }
        let _lock = private_file::lock(&self.path, self.patience).map_err(|error| match error.kind() {
            ErrorKind::ResourceBusy => LedgerFault::Busy,
            _ => io(error),
        })?;
        if !schema::is_current(&connection)? {
            schema::prepare(&mut connection)?;
        }
        Ok(connection)
    }

    /// Opens a database that nobody here can write, as it stands.
    fn look(&self) -> Result<Connection, LedgerFault> {
        let place = url::Url::from_file_path(&self.path)
            .map_err(|()| LedgerFault::Io("its path is not absolute".into()))?;
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
        // No other process can write it either, so that no lock is needed.
        let connection = Connection::open_with_flags(format!("{place}?immutable=1"), flags);
        let connection = connection.map_err(|error| fault(&error))?;
        if schema::is_current(&connection)? {
            return Ok(connection);
        }
        Err(LedgerFault::Io(OLDER.into()))
    }
}

const OLDER: Text = Text::new(
    "an older conn wrote it, and it cannot be brought up to date here",
    "古いバージョンの conn で作成されており、ここでは更新できません",
);

/// Whether the system lets nobody write there.
fn is_read_only(error: &std::io::Error) -> bool {
    matches!(error.kind(), ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem)
}

impl Ledger for Database {
    fn state(&self, of: &ItemKey) -> Result<StateRecord, LedgerError> {
        self.ask(|connection| state::of(connection, of))
    }

    fn states(&self) -> Result<BTreeMap<(String, String), StateRecord>, LedgerError> {
        self.ask(state::all)
    }

    fn newest(&self, since: Timestamp, most: usize) -> Result<Vec<(ItemKey, StateRecord)>, LedgerError> {
        self.ask(|connection| state::newest(connection, since, most))
    }

    fn accounts(&self, link_name: &str) -> Result<Vec<AccountRecord>, LedgerError> {
        self.ask(|connection| accounts::of(connection, link_name))
    }

    fn set_primary(&self, of: &ItemKey) -> Result<(), LedgerError> {
        self.change(|connection| accounts::set_primary(connection, of))
    }

    fn forget_account(&self, of: &ItemKey) -> Result<(), LedgerError> {
        self.change(|connection| accounts::forget(connection, of))
    }

    fn set_state(&self, of: &ItemKey, record: &StateRecord) -> Result<(), LedgerError> {
        self.change(|connection| state::set(connection, of, record))
    }

    fn last_good(&self, of: &ItemKey) -> Result<Option<LastGood>, LedgerError> {
        self.ask(|connection| memory::last_good(connection, of))
    }

    fn remember(&self, runs: &[RunRecord]) -> Result<(), LedgerError> {
        self.change(|connection| runs.iter().try_for_each(|run| memory::remember(connection, run)))
    }

    fn set_counter(&self, of: &ItemKey, counter: &Counter) -> Result<(), LedgerError> {
        self.change(|connection| memory::set_counter(connection, of, counter))
    }

    fn note_use(&self, of: &ItemKey, at: Timestamp) -> Result<(), LedgerError> {
        self.change(|connection| memory::note_use(connection, of, at))
    }

    fn notices(&self) -> Result<Vec<NoticeRow>, LedgerError> {
        self.ask(notices::all)
    }

    fn append(&self, row: &HistoryRow) -> Result<(), LedgerError> {
        self.change(|connection| history::append(connection, row))
    }

    fn history(&self, link_name: &str, limit: usize) -> Result<Vec<HistoryRow>, LedgerError> {
        self.ask(|connection| history::newest(connection, link_name, limit))
    }

    fn past(&self, of: &ItemKey, results: usize) -> Result<PastRecord, LedgerError> {
        self.ask(|connection| memory::past(connection, of, results))
    }

    fn rename(&self, from: &str, to: &str) -> Result<(), LedgerError> {
        self.change(|connection| accounts::rename(connection, from, to))
    }

    fn forget(&self, link_name: &str) -> Result<(), LedgerError> {
        self.change(|connection| accounts::forget_all(connection, link_name))
    }

    fn control(&self, of: &ItemKey) -> Result<Option<ControlRecord>, LedgerError> {
        self.ask(|connection| control::asked(connection, of))
    }

    fn note_control(&self, of: &ItemKey, record: &ControlRecord) -> Result<(), LedgerError> {
        self.change(|connection| control::note(connection, of, record))
    }

    fn renewal(&self, of: &ItemKey) -> Result<Option<(u64, Timestamp)>, LedgerError> {
        self.ask(|connection| {
            connection
                .prepare_cached(
                    "SELECT generation, began FROM renewal WHERE link_name = ?1 AND environment = ?2 AND label = ?3",
                )?
                .query_row(params![of.link_name, of.environment, label(of)], |row| {
                    let began = moment(row, 1)?.ok_or_else(|| unreadable(1, "no time"))?;
                    Ok((u64::try_from(row.get::<_, i64>(0)?).unwrap_or_default(), began))
                })
                .optional()
        })
    }

    fn set_renewal(&self, of: &ItemKey, renewal: Option<(u64, Timestamp)>) -> Result<(), LedgerError> {
        self.change(|connection| match renewal {
            Some((generation, began)) => {
                let generation = i64::try_from(generation).unwrap_or(i64::MAX);
                connection
                    .prepare_cached("INSERT OR REPLACE INTO renewal VALUES (?1,?2,?3,?4,?5)")?
                    .execute(params![of.link_name, of.environment, generation, began.to_string(), label(of)])
                    .map(|_| ())
            }
            None => connection
                .prepare_cached(
                    "DELETE FROM renewal WHERE link_name = ?1 AND environment = ?2 AND label = ?3",
                )?
                .execute(params![of.link_name, of.environment, label(of)])
                .map(|_| ()),
        })
    }

    fn fingerprint_key(&self) -> Result<[u8; 32], LedgerError> {
        // It never changes, and a fleet asks for it with every connection.
        if let Some(known) = self.fingerprint_key.get() {
            return Ok(*known);
        }
        const KEPT: &str = "SELECT value FROM machine WHERE name = 'fingerprint_key'";
        // What may only be read is read all the same.
        let kept = self.ask(|connection| connection.query_row(KEPT, [], |row| row.get(0)).optional())?;
        if let Some(kept) = kept {
            return Ok(*self.fingerprint_key.get_or_init(|| kept));
        }
        let mut fresh = [0_u8; 32];
        SystemRandom::new()
            .fill(&mut fresh)
            .map_err(|_| self.failed(LedgerFault::Io("the system gives no random bytes".into())))?;
        let key = self.change(|connection| {
            connection
                .execute("INSERT OR IGNORE INTO machine VALUES ('fingerprint_key', ?1)", [&fresh[..]])?;
            connection.query_row(KEPT, [], |row| row.get(0))
        })?;
        Ok(*self.fingerprint_key.get_or_init(|| key))
    }
}

/// The label of an account; empty where a connection holds one authorisation.
fn label(of: &ItemKey) -> &str {
    of.account.as_deref().unwrap_or_default()
}

fn moment(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Timestamp>> {
    let text: Option<String> = row.get(column)?;
    text.map(|text| text.parse().map_err(|_| unreadable(column, &text))).transpose()
}

fn unreadable(column: usize, value: &str) -> rusqlite::Error {
    let reason = format!("unreadable value {value:.40}");
    rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Text, reason.into())
}

/// The words for an error that has one cause only. Other codes for files that cannot be opened or written have several:
/// the database's own text says no more than is known.
const fn words(error: ffi::Error) -> Option<Text> {
    const READ_ONLY: Text = Text::new("it is read-only", "読み取り専用のため書き込めません");
    match error.code {
        ErrorCode::DiskFull => system_error::words(ErrorKind::StorageFull),
        ErrorCode::PermissionDenied => system_error::words(ErrorKind::PermissionDenied),
        ErrorCode::ReadOnly if error.extended_code == ffi::SQLITE_READONLY => Some(READ_ONLY),
        _ => None,
    }
}

/// What the database's error means for the person.
fn fault(error: &rusqlite::Error) -> LedgerFault {
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => LedgerFault::Busy,
        // No code: a value that conn does not write. Unknown: a table or column is missing.
        Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt | ErrorCode::Unknown) | None => {
            LedgerFault::Damaged(error.to_string())
        }
        Some(_) => {
            let words = error.sqlite_error().copied().and_then(words);
            LedgerFault::Io(words.map_or_else(|| error.to_string().into(), Phrase::from))
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use rusqlite::ffi;

    use super::{Database, fault};
    use crate::adapter::private_file;
    use crate::port::{Ledger as _, LedgerFault};

    #[test]
    fn whoever_keeps_the_lock_while_a_file_is_made_is_told_of_in_one_language() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("state.db");
        let ledger = Database { patience: Duration::ZERO, ..Database::new(&file) };
        let lock = private_file::lock(&file, Duration::ZERO).unwrap();
        let error = ledger.fingerprint_key().unwrap_err();
        assert_eq!(error.fault, LedgerFault::Busy);
        let said = error.explain().ja;
        assert!(said.contains("他のプロセスが使用中です") && !said.contains("process"), "{said}");
        drop(lock);
        ledger.fingerprint_key().unwrap();
    }

    #[test]
    fn the_key_that_is_there_is_read_without_writing() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("state.db");
        let key = Database::new(&file).fingerprint_key().unwrap();
        let other = rusqlite::Connection::open(&file).unwrap();
        other.execute_batch("BEGIN IMMEDIATE").unwrap();
        let ledger = Database { patience: Duration::ZERO, ..Database::new(&file) };
        assert_eq!(ledger.fingerprint_key().unwrap(), key);
    }

    #[test]
    fn only_what_is_certain_has_words_of_ours() {
        let own = "unable to open or to write";
        for (code, en, ja) in [
            (ffi::SQLITE_FULL, "there is no space left", "ディスクの空き容量がありません"),
            (ffi::SQLITE_PERM, "this user has no permission for that", "このユーザーには権限がありません"),
            (ffi::SQLITE_READONLY, "it is read-only", "読み取り専用のため書き込めません"),
            (ffi::SQLITE_READONLY_DBMOVED, own, own),
            // Too many open files give it as well.
            (ffi::SQLITE_CANTOPEN, own, own),
        ] {
            let error = rusqlite::Error::SqliteFailure(ffi::Error::new(code), Some(own.to_owned()));
            let LedgerFault::Io(said) = fault(&error) else { panic!("{code}") };
            assert_eq!((said.en.as_str(), said.ja.as_str()), (en, ja), "{code}");
        }
    }
}
