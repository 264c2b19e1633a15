//! The accounts of connections on which each person authorises for themselves.

use rusqlite::{Connection, params};

use super::state::{self, COLUMNS};
use crate::port::{AccountRecord, ItemKey};

pub(super) fn of(connection: &Connection, link_name: &str) -> rusqlite::Result<Vec<AccountRecord>> {
    let question = format!(
        "SELECT {COLUMNS}, label, EXISTS (SELECT 1 FROM primary_account AS p WHERE p.link_name = state.link_name \
         AND p.environment = state.environment AND p.label = state.label) \
         FROM state WHERE link_name = ?1 AND label <> '' ORDER BY environment, label"
    );
    let row = |row: &rusqlite::Row<'_>| {
        let ((_, environment), record) = state::read(row)?;
        Ok(AccountRecord { environment, label: row.get(15)?, is_primary: row.get(16)?, record })
    };
    connection.prepare_cached(&question)?.query_map([link_name], row)?.collect()
}

pub(super) fn set_primary(connection: &Connection, of: &ItemKey) -> rusqlite::Result<()> {
    connection
        .prepare_cached("INSERT OR REPLACE INTO primary_account VALUES (?1,?2,?3)")?
        .execute(params![of.link_name, of.environment, of.account])
        .map(|_| ())
}

/// The first account of a connection stands in where nobody says which.
pub(super) fn first_is_primary(connection: &Connection, of: &ItemKey) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "INSERT OR IGNORE INTO primary_account SELECT ?1, ?2, ?3 WHERE NOT EXISTS (SELECT 1 FROM state \
             WHERE link_name = ?1 AND environment = ?2 AND label NOT IN ('', ?3))",
        )?
        .execute(params![of.link_name, of.environment, of.account])
        .map(|_| ())
}

pub(super) fn forget(connection: &Connection, of: &ItemKey) -> rusqlite::Result<()> {
    for table in super::schema::OF_AUTHORISATIONS.into_iter().chain(["primary_account"]) {
        let forget = format!("DELETE FROM {table} WHERE link_name = ?1 AND environment = ?2 AND label = ?3");
        connection.execute(&forget, params![of.link_name, of.environment, of.account])?;
    }
    Ok(())
}

/// Gives everything that is known of a connection another name.
pub(super) fn rename(connection: &Connection, from: &str, to: &str) -> rusqlite::Result<()> {
    for table in tables() {
        let rename = format!("UPDATE OR REPLACE {table} SET link_name = ?2 WHERE link_name = ?1");
        connection.execute(&rename, [from, to])?;
    }
    Ok(())
}

/// Forgets everything that is known of a connection.
pub(super) fn forget_all(connection: &Connection, link_name: &str) -> rusqlite::Result<()> {
    for table in tables() {
        connection.execute(&format!("DELETE FROM {table} WHERE link_name = ?1"), [link_name])?;
    }
    Ok(())
}

/// Every table whose rows name a connection.
fn tables() -> impl Iterator<Item = &'static str> {
    super::schema::OF_AUTHORISATIONS.into_iter().chain(["primary_account", "history"])
}
