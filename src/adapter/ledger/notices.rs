//! What services announced about their own end, kept over time.

use rusqlite::{Connection, params};

use super::{label, moment, unreadable};
use crate::base::Timestamp;
use crate::diagnosis::notice::Notice;
use crate::port::{ItemKey, NoticeRow};

/// A notice of this moment. It is written again only where it says something new, or a day has passed.
pub(super) fn note(
    connection: &Connection,
    of: &ItemKey,
    notice: &Notice,
    at: Timestamp,
) -> rusqlite::Result<()> {
    let text = |moment: Timestamp| moment.to_string();
    let day_ago = at.checked_sub(jiff::SignedDuration::from_hours(24)).unwrap_or(at);
    connection
        .prepare_cached(
            "INSERT INTO notice VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?9) \
             ON CONFLICT (link_name, environment, label, request, header) DO UPDATE SET \
             value = ?6, date = ?7, link = ?8, last_seen = ?9 WHERE value <> ?6 OR last_seen < ?10",
        )?
        .execute(params![
            of.link_name,
            of.environment,
            label(of),
            notice.request,
            notice.header,
            notice.value,
            notice.date.map(text),
            notice.link,
            text(at),
            text(day_ago),
        ])
        .map(|_| ())
}

pub(super) fn all(connection: &Connection) -> rusqlite::Result<Vec<NoticeRow>> {
    let row = |row: &rusqlite::Row<'_>| {
        let seen = |column| moment(row, column)?.ok_or_else(|| unreadable(column, "no time"));
        Ok(NoticeRow {
            link_name: row.get(0)?,
            environment: row.get(1)?,
            notice: Notice {
                request: row.get(2)?,
                header: row.get(3)?,
                value: row.get(4)?,
                date: moment(row, 5)?,
                link: row.get(6)?,
            },
            first_seen: seen(7)?,
            last_seen: seen(8)?,
        })
    };
    connection
        .prepare_cached(
            "SELECT link_name, environment, request, header, value, date, link, first_seen, last_seen FROM notice \
             ORDER BY date IS NULL, date, link_name, environment, request, header",
        )?
        .query_map([], row)?
        .collect()
}
