//! The database's tables, and how each version becomes the next.
//!
//! To change a table, add a step to [`STEPS`]; the ones that stand are never edited.

use rusqlite::{Connection, TransactionBehavior};

use super::fault;
use crate::port::LedgerFault;

/// `conn` in ASCII: marks the file as ours.
const APPLICATION: i64 = 0x636f_6e6e;

/// Step n leads from version n to version n + 1.
const STEPS: [&str; 11] = [
    "
    CREATE TABLE state (
        link_name TEXT NOT NULL, environment TEXT NOT NULL, state TEXT NOT NULL, since TEXT, last_ok TEXT,
        fingerprints TEXT NOT NULL, account TEXT, organisation TEXT, last_verdict TEXT, last_code TEXT,
        last_run TEXT, PRIMARY KEY (link_name, environment)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE history (
        id INTEGER PRIMARY KEY, link_name TEXT NOT NULL, environment TEXT NOT NULL, verb TEXT NOT NULL,
        verdict TEXT NOT NULL, code TEXT, detail TEXT, first_seen TEXT NOT NULL, last_seen TEXT NOT NULL,
        count INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX history_by_connection ON history (link_name, id);
    CREATE TABLE machine (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
",
    "ALTER TABLE state ADD COLUMN hosts TEXT NOT NULL DEFAULT '[]';",
    "
    CREATE TABLE renewal (
        link_name TEXT NOT NULL, environment TEXT NOT NULL, generation INTEGER NOT NULL, began TEXT NOT NULL,
        PRIMARY KEY (link_name, environment)
    ) STRICT, WITHOUT ROWID;
",
    "ALTER TABLE state ADD COLUMN stores TEXT NOT NULL DEFAULT '[]';",
    // The label of an account; empty where a connection holds one authorisation.
    "
    CREATE TABLE state_by_account (
        link_name TEXT NOT NULL, environment TEXT NOT NULL, state TEXT NOT NULL, since TEXT, last_ok TEXT,
        fingerprints TEXT NOT NULL, account TEXT, organisation TEXT, last_verdict TEXT, last_code TEXT,
        last_run TEXT, hosts TEXT NOT NULL, stores TEXT NOT NULL, label TEXT NOT NULL,
        PRIMARY KEY (link_name, environment, label)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO state_by_account SELECT link_name, environment, state, since, last_ok, fingerprints, account,
        organisation, last_verdict, last_code, last_run, hosts, stores, '' FROM state;
    DROP TABLE state;
    ALTER TABLE state_by_account RENAME TO state;
    CREATE TABLE renewal_by_account (
        link_name TEXT NOT NULL, environment TEXT NOT NULL, generation INTEGER NOT NULL, began TEXT NOT NULL,
        label TEXT NOT NULL, PRIMARY KEY (link_name, environment, label)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO renewal_by_account SELECT link_name, environment, generation, began, '' FROM renewal;
    DROP TABLE renewal;
    ALTER TABLE renewal_by_account RENAME TO renewal;
    CREATE TABLE primary_account (
        link_name TEXT NOT NULL, environment TEXT NOT NULL, label TEXT NOT NULL,
        PRIMARY KEY (link_name, environment)
    ) STRICT, WITHOUT ROWID;
",
    // What stood at the last success, as JSON.
    "
    CREATE TABLE last_good (
        link_name TEXT NOT NULL, environment TEXT NOT NULL, label TEXT NOT NULL, good TEXT NOT NULL,
        PRIMARY KEY (link_name, environment, label)
    ) STRICT;
",
    // The counter of the allowance, as JSON.
    "ALTER TABLE state ADD COLUMN counter TEXT;",
    // When a made-up key was sent last, and what came back.
    "
    CREATE TABLE control (
        link_name TEXT NOT NULL, environment TEXT NOT NULL, label TEXT NOT NULL, asked TEXT NOT NULL,
        answer TEXT, PRIMARY KEY (link_name, environment, label)
    ) STRICT, WITHOUT ROWID;
",
    // What services announced about their own end.
    "
    CREATE TABLE notice (
        link_name TEXT NOT NULL, environment TEXT NOT NULL, label TEXT NOT NULL, request TEXT NOT NULL,
        header TEXT NOT NULL, value TEXT NOT NULL, date TEXT, link TEXT, first_seen TEXT NOT NULL,
        last_seen TEXT NOT NULL, PRIMARY KEY (link_name, environment, label, request, header)
    ) STRICT, WITHOUT ROWID;
",
    // When a connection was last used for something else than being tested.
    "ALTER TABLE state ADD COLUMN used TEXT;",
    // Whose result it is; empty where a connection holds one authorisation, or nobody noted it then.
    "ALTER TABLE history ADD COLUMN label TEXT NOT NULL DEFAULT '';",
];

/// The tables of which a row belongs to one authorisation.
pub(super) const OF_AUTHORISATIONS: [&str; 5] = ["state", "renewal", "last_good", "control", "notice"];

/// Whether the file is ours and of this version; an empty one is neither.
pub(super) fn is_current(connection: &Connection) -> Result<bool, LedgerFault> {
    // Both marks are written together, after all steps: where both are right, nothing more need be asked.
    let mark = |name| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    if mark("user_version").is_ok_and(|version| version == newest())
        && mark("application_id").is_ok_and(|application| application == APPLICATION)
    {
        return Ok(true);
    }
    let (application, version, tables) = header(connection)?;
    match (application, version) {
        (APPLICATION, version) if version > newest() => Err(LedgerFault::Newer(version)),
        // Another process may have prepared it meanwhile.
        (APPLICATION, version) => Ok(version == newest()),
        (0, 0) if tables == 0 => Ok(false),
        _ => Err(LedgerFault::Foreign),
    }
}

/// Brings the file to this version, all steps or none.
pub(super) fn prepare(connection: &mut Connection) -> Result<(), LedgerFault> {
    let version = usize::try_from(header(connection)?.1).unwrap_or_default();
    let failed = |error: rusqlite::Error| fault(&error);
    connection.pragma_update(None, "journal_mode", "WAL").map_err(failed)?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
    for step in STEPS.iter().skip(version) {
        transaction.execute_batch(step).map_err(failed)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION).map_err(failed)?;
    transaction.pragma_update(None, "user_version", newest()).map_err(failed)?;
    transaction.commit().map_err(failed)
}

fn newest() -> i64 {
    i64::try_from(STEPS.len()).expect("the steps fit into any number")
}

/// Mark, version and number of tables, read at one moment: another process may be preparing the file.
fn header(connection: &Connection) -> Result<(i64, i64, i64), LedgerFault> {
    let question = "SELECT (SELECT application_id FROM pragma_application_id), \
                    (SELECT user_version FROM pragma_user_version), (SELECT count(*) FROM sqlite_schema)";
    connection
        .query_row(question, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .map_err(|error| fault(&error))
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::{APPLICATION, STEPS};
    use crate::adapter::ledger::Database;
    use crate::port::{HistoryRow, Ledger as _};

    #[test]
    fn a_result_from_before_accounts_were_noted_is_nobodys_and_counts_on() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("state.db");
        let old = Connection::open(&file).unwrap();
        for step in &STEPS[..10] {
            old.execute_batch(step).unwrap();
        }
        old.execute_batch(
            "INSERT INTO history (link_name, environment, verb, verdict, first_seen, last_seen, count)
             VALUES ('acme', 'production', 'test', 'ok', '2026-01-02T03:04:05Z', '2026-01-03T03:04:05Z', 3)",
        )
        .unwrap();
        old.pragma_update(None, "application_id", APPLICATION).unwrap();
        old.pragma_update(None, "user_version", 10).unwrap();
        drop(old);
        let read = || Database::new(&file).history("acme", 9).unwrap();
        let [row] = <[HistoryRow; 1]>::try_from(read()).unwrap();
        assert_eq!((row.account.as_deref(), row.count), (None, 3));
        assert_eq!(row.last_seen, "2026-01-03T03:04:05Z".parse().unwrap());
        // Where a connection still holds one authorisation its results go on; those of an account begin.
        let more = |account: Option<&str>| HistoryRow {
            account: account.map(Into::into),
            last_seen: "2026-01-04T03:04:05Z".parse().unwrap(),
            count: 1,
            ..row.clone()
        };
        for account in [None, Some("ann")] {
            Database::new(&file).append(&more(account)).unwrap();
        }
        let seen = read().into_iter().map(|row| (row.account, row.count)).collect::<Vec<_>>();
        assert_eq!(seen, [(Some("ann".to_owned()), 1), (None, 4)]);
    }
}
