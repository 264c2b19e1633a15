//! Remembering states and results. Nothing secret goes in.

use std::collections::{BTreeMap, BTreeSet};

use super::ItemKey;
use crate::base::{Phrase, Text, Timestamp};
use crate::diagnosis::last_good::LastGood;
use crate::diagnosis::notice::Notice;
use crate::diagnosis::share::Counter;
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
    /// The hosts to which a person allowed the values of references (`env:`, `command:`) to travel.
    pub hosts: Vec<String>,
    /// The stores in which a credential of this connection may stand, by name: `keyring`, `vault`.
    pub stores: BTreeSet<String>,
    /// The counter of the allowance as the last run left it.
    pub counter: Option<Counter>,
    /// When it was last used for something else than being tested, to the day.
    pub used: Option<Timestamp>,
}

/// One account of a connection on which each person authorises for themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountRecord {
    /// The environment.
    pub environment: String,
    /// Its label.
    pub label: String,
    /// Whether it stands in where nobody says which.
    pub is_primary: bool,
    /// Its state.
    pub record: StateRecord,
}

/// One result, or a run of equal results folded into one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryRow {
    /// The connection.
    pub link_name: String,
    /// The environment.
    pub environment: String,
    /// The account, where the connection has several.
    pub account: Option<String>,
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

/// What earlier runs left of one authorisation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PastRecord {
    /// Its state.
    pub state: StateRecord,
    /// What stood at its last success.
    pub good: Option<LastGood>,
    /// Its results, newest first.
    pub results: Vec<HistoryRow>,
    /// When a made-up key was sent last.
    pub control: Option<ControlRecord>,
}

/// What one run leaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunRecord {
    /// The authorisation that was tried.
    pub of: ItemKey,
    /// Its state before the run.
    pub before: State,
    /// Its state now.
    pub state: StateRecord,
    /// What stood at its success, where that is not what is kept already.
    pub good: Option<LastGood>,
    /// What the service announced about its own end.
    pub notices: Vec<Notice>,
    /// The result.
    pub row: HistoryRow,
}

/// The last time that a made-up key was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ControlRecord {
    /// When.
    pub asked: Timestamp,
    /// What came back, in the form of a saved fact; none where nothing came, or too much to keep.
    pub answer: Option<String>,
}

/// A notice of a service about its own end, and since when it is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoticeRow {
    /// The connection.
    pub link_name: String,
    /// The environment.
    pub environment: String,
    /// The notice.
    pub notice: Notice,
    /// When it was first seen.
    pub first_seen: Timestamp,
    /// When it was last seen, to the day.
    pub last_seen: Timestamp,
}

/// Why the ledger could not be read or written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the state database {path}: {fault}")]
pub struct LedgerError {
    /// The file.
    pub path: String,
    /// What is wrong with it.
    pub fault: LedgerFault,
}

/// What can be wrong with the state database. No secret is in it, so moving it aside loses states and
/// history only.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LedgerFault {
    /// A newer conn wrote it (its version).
    #[error("a newer conn wrote it (version {0})")]
    Newer(i64),
    /// Another program wrote it.
    #[error("it is not conn's")]
    Foreign,
    /// It is no database, or a broken one.
    #[error("it is damaged ({0})")]
    Damaged(String),
    /// Another process kept it locked for too long.
    #[error("another process keeps it locked")]
    Busy,
    /// Reading or writing failed.
    #[error("{}", .0.en)]
    Io(Phrase),
}

impl LedgerError {
    /// What is wrong, and the way out.
    #[must_use]
    pub fn explain(&self) -> Phrase {
        let text = match &self.fault {
            LedgerFault::Newer(_) => Text::new(
                "A newer conn wrote the state database {path}. Update conn, or move the file aside: only \
                 states and history are lost.",
                "状態データベース {path} は新しいバージョンの conn で作成されています。conn を更新するか、\
                 ファイルを別の場所に移してください（失われるのは状態と履歴だけです）。",
            ),
            LedgerFault::Foreign => Text::new(
                "The state database {path} belongs to another program. Move it aside.",
                "状態データベース {path} は別のプログラムのファイルです。別の場所に移してください。",
            ),
            LedgerFault::Damaged(_) => Text::new(
                "The state database {path} is damaged ({reason}). Move it aside: only states and history are \
                 lost, and conn test brings the states back.",
                "状態データベース {path} が壊れています（{reason}）。別の場所に移してください。失われるのは\
                 状態と履歴だけで、状態は conn test で元に戻ります。",
            ),
            LedgerFault::Busy => Text::new(
                "Another process keeps the state database {path} locked. Try again when it is done.",
                "状態データベース {path} は他のプロセスが使用中です。終了してから再実行してください。",
            ),
            LedgerFault::Io(_) => Text::new(
                "The state database {path} cannot be read or written: {reason}.",
                "状態データベース {path} を読み書きできません: {reason}",
            ),
        };
        let reason = match &self.fault {
            LedgerFault::Damaged(reason) => Phrase::same(reason.as_str()),
            LedgerFault::Io(reason) => reason.clone(),
            _ => Phrase::default(),
        };
        text.fill_phrases(&[("path", Phrase::same(self.path.as_str())), ("reason", reason)])
    }
}

/// States and history. Opened on first use; safe for several processes at once.
pub trait Ledger: Send + Sync {
    /// The state of one authorisation; the default where nothing is known.
    ///
    /// # Errors
    /// When the database cannot be read.
    fn state(&self, of: &ItemKey) -> Result<StateRecord, LedgerError>;

    /// The states of all connections by link name and environment; where there are accounts, of the primary one.
    ///
    /// # Errors
    /// When the database cannot be read.
    fn states(&self) -> Result<BTreeMap<(String, String), StateRecord>, LedgerError>;

    /// The states of connections whose service was asked since a time, those that reached it first, then the newest.
    ///
    /// # Errors
    /// When the database cannot be read.
    fn newest(&self, since: Timestamp, most: usize) -> Result<Vec<(ItemKey, StateRecord)>, LedgerError>;

    /// The accounts of a connection, by environment and label.
    ///
    /// # Errors
    /// When the database cannot be read.
    fn accounts(&self, link_name: &str) -> Result<Vec<AccountRecord>, LedgerError>;

    /// Makes an account the one that stands in where nobody says which.
    ///
    /// # Errors
    /// When the database cannot be written.
    fn set_primary(&self, of: &ItemKey) -> Result<(), LedgerError>;

    /// Forgets an account.
    ///
    /// # Errors
    /// When the database cannot be written.
    fn forget_account(&self, of: &ItemKey) -> Result<(), LedgerError>;

    /// Writes the state of one authorisation. The first account of a connection becomes its primary one.
    ///
    /// # Errors
    /// When the database cannot be written.
    fn set_state(&self, of: &ItemKey, record: &StateRecord) -> Result<(), LedgerError>;

    /// What stood at the last success of one authorisation.
    ///
    /// # Errors
    /// When the database cannot be read.
    fn last_good(&self, of: &ItemKey) -> Result<Option<LastGood>, LedgerError>;

    /// Keeps what runs leave, all of it or nothing. What somebody paused while its run was under way stays paused.
    ///
    /// # Errors
    /// When the database cannot be read or written.
    fn remember(&self, runs: &[RunRecord]) -> Result<(), LedgerError>;

    /// Notes how a call left the counter of the allowance.
    ///
    /// # Errors
    /// When the database cannot be written.
    fn set_counter(&self, of: &ItemKey, counter: &Counter) -> Result<(), LedgerError>;

    /// Notes that a connection is used.
    ///
    /// # Errors
    /// When the database cannot be written.
    fn note_use(&self, of: &ItemKey, at: Timestamp) -> Result<(), LedgerError>;

    /// Everything that services announced about their own end, soonest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    fn notices(&self) -> Result<Vec<NoticeRow>, LedgerError>;

    /// Adds a result; an equal one right before it is counted up instead.
    ///
    /// # Errors
    /// When the database cannot be written.
    fn append(&self, row: &HistoryRow) -> Result<(), LedgerError>;

    /// The newest results of one connection, whosever they are; what was seen last comes first.
    ///
    /// # Errors
    /// When the database cannot be read.
    fn history(&self, link_name: &str, limit: usize) -> Result<Vec<HistoryRow>, LedgerError>;

    /// What is known of one authorisation, read at one moment, with so many of its newest results.
    ///
    /// # Errors
    /// When the database cannot be read.
    fn past(&self, of: &ItemKey, results: usize) -> Result<PastRecord, LedgerError>;

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

    /// When a made-up key was sent last, and what came back.
    ///
    /// # Errors
    /// When the database cannot be read.
    fn control(&self, of: &ItemKey) -> Result<Option<ControlRecord>, LedgerError>;

    /// Notes that a made-up key is sent, or what came back.
    ///
    /// # Errors
    /// When the database cannot be written.
    fn note_control(&self, of: &ItemKey, record: &ControlRecord) -> Result<(), LedgerError>;

    /// The renewal that began and whose end nobody saw: the generation of the credential that it spends, and when
    /// it began.
    ///
    /// # Errors
    /// When the database cannot be read.
    fn renewal(&self, of: &ItemKey) -> Result<Option<(u64, Timestamp)>, LedgerError>;

    /// Notes that a renewal begins, or with `None` that it ended.
    ///
    /// # Errors
    /// When the database cannot be written.
    fn set_renewal(&self, of: &ItemKey, renewal: Option<(u64, Timestamp)>) -> Result<(), LedgerError>;

    /// The machine's own key for fingerprints, made on first use.
    ///
    /// # Errors
    /// When the database cannot be read or written.
    fn fingerprint_key(&self) -> Result<[u8; 32], LedgerError>;
}
