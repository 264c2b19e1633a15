//! Remembering states and results. Nothing secret goes in.

use std::collections::BTreeMap;

use crate::base::Timestamp;
use crate::model::State;

/// The lasting state of a connection in one environment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StateRecord {
    /// The state.
    pub state: State,
    /// Since when.
    pub since: Option<Timestamp>,
    /// The last success.
    pub last_ok: Option<Timestamp>,
    /// Parameter → fingerprint at the last success.
    pub fingerprints: BTreeMap<String, String>,
    /// The account at the last success.
    pub account: Option<String>,
    /// The organisation at the last success.
    pub organisation: Option<String>,
    /// The last run's verdict and root code.
    pub last_verdict: Option<String>,
    /// The root cause of the last run.
    pub last_code: Option<String>,
    /// When the last run was.
    pub last_run: Option<Timestamp>,
}

/// One result, or a run of equal results folded into one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryRow {
    /// The connection.
    pub link_name: String,
    /// The environment.
    pub environment: String,
    /// The verb that made it.
    pub verb: String,
    /// The verdict's code.
    pub verdict: String,
    /// The root cause's code, if anything was wrong.
    pub code: Option<String>,
    /// One line of evidence in English, scrubbed.
    pub detail: Option<String>,
    /// When it was first seen.
    pub first_seen: Timestamp,
    /// When it was last seen.
    pub last_seen: Timestamp,
    /// How often in a row.
    pub count: u64,
}

/// Why the ledger could not be read or written.
#[derive(Debug, thiserror::Error)]
#[error("the state database {path}: {reason}")]
pub struct LedgerError {
    /// The file.
    pub path: String,
    /// What the database said.
    pub reason: String,
}

/// States and history. Opened on first use; safe for several processes at once.
pub trait Ledger: Send + Sync {
    /// The state of one connection; the default where nothing is known.
    ///
    /// # Errors
    /// When the database cannot be read.
    fn state(&self, link_name: &str, environment: &str) -> Result<StateRecord, LedgerError>;

    /// The states of all connections by link name and environment.
    ///
    /// # Errors
    /// When the database cannot be read.
    fn states(&self) -> Result<BTreeMap<(String, String), StateRecord>, LedgerError>;

    /// Writes the state of one connection.
    ///
    /// # Errors
    /// When the database cannot be written.
    fn set_state(&self, link_name: &str, environment: &str, record: &StateRecord) -> Result<(), LedgerError>;

    /// Adds a result; an equal one right before it is counted up instead.
    ///
    /// # Errors
    /// When the database cannot be written.
    fn append(&self, row: &HistoryRow) -> Result<(), LedgerError>;

    /// The newest results of one connection, newest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    fn history(&self, link_name: &str, limit: usize) -> Result<Vec<HistoryRow>, LedgerError>;

    /// Gives states and history of one connection another name.
    ///
    /// # Errors
    /// When the database cannot be written.
    fn rename(&self, from: &str, to: &str) -> Result<(), LedgerError>;

    /// Forgets one connection.
    ///
    /// # Errors
    /// When the database cannot be written.
    fn forget(&self, link_name: &str) -> Result<(), LedgerError>;

    /// The machine's own key for fingerprints, made on first use.
    ///
    /// # Errors
    /// When the database cannot be read or written.
    fn fingerprint_key(&self) -> Result<[u8; 32], LedgerError>;
}
