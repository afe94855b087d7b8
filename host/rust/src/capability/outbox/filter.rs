//! Which rows somebody means, and what can be done with them: list, export, try again, delete.

use rusqlite::{Connection, ToSql, Transaction, named_params};

use super::books::Books;
use super::reader::{Entry, SyncStatus, entry, text};
use super::retention::PURGED;

const LIST: &str =
    concat!(include_str!("../../../sql/list.sql"), include_str!("../../../sql/filter.sql"), "ORDER BY id LIMIT :limit");
const LIST_NEWEST: &str = concat!(
    include_str!("../../../sql/list.sql"),
    include_str!("../../../sql/filter.sql"),
    "ORDER BY id DESC LIMIT :limit"
);
const EXPORT: &str = concat!(
    include_str!("../../../sql/export.sql"),
    include_str!("../../../sql/filter.sql"),
    "ORDER BY id LIMIT :limit"
);
const COUNT: &str =
    concat!(include_str!("../../../sql/count.sql"), include_str!("../../../sql/filter.sql"), "LIMIT :limit");
const REVIVE: &str =
    concat!(include_str!("../../../sql/revive.sql"), include_str!("../../../sql/filter.sql"), "AND :limit > 0");
const PURGE: &str = concat!(
    include_str!("../../../sql/purge.sql"),
    include_str!("../../../sql/filter.sql"),
    "AND :limit > 0 RETURNING id, octet_length(payload), sync_status"
);

/// Which rows are meant. The default means all.
#[derive(Debug, Clone, Default)]
pub(crate) struct Filter {
    /// The row of this number or this `event_id`.
    pub(crate) id: Option<String>,
    /// Only rows that have come so far.
    pub(crate) sync_status: Option<SyncStatus>,
    /// Only rows of this type.
    pub(crate) event_type: Option<String>,
    /// Only rows stored at this time (RFC 3339, UTC) or later, and before that.
    pub(crate) since: Option<String>,
    pub(crate) until: Option<String>,
    /// Only records of this run, and of this tool.
    pub(crate) run_id: Option<String>,
    pub(crate) tool_name: Option<String>,
    /// Only rows that come after this one, and before that one.
    pub(crate) after_id: Option<i64>,
    pub(crate) before_id: Option<i64>,
}

/// A record that was stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Exported {
    /// Its row.
    pub(crate) id: i64,
    /// One line of JSON, unless another program has stored it.
    pub(crate) payload: String,
}

impl Filter {
    /// The rows that are meant, at most so many.
    pub(super) fn list(&self, connection: &Connection, newest_first: bool, limit: u32) -> rusqlite::Result<Vec<Entry>> {
        let mut list = connection.prepare_cached(if newest_first { LIST_NEWEST } else { LIST })?;
        self.with(limit, |parameters| list.query_map(parameters, entry)?.collect())
    }

    /// The records that are meant, oldest first, at most so many.
    pub(super) fn export(&self, connection: &Connection, limit: u32) -> rusqlite::Result<Vec<Exported>> {
        let mut export = connection.prepare_cached(EXPORT)?;
        let read =
            |row: &rusqlite::Row<'_>| Ok(Exported { id: row.get(0)?, payload: text(row, 1)?.unwrap_or_default() });
        self.with(limit, |parameters| export.query_map(parameters, read)?.collect())
    }

    /// How many rows are meant.
    pub(super) fn count(&self, connection: &Connection) -> rusqlite::Result<u64> {
        let mut count = connection.prepare_cached(COUNT)?;
        self.with(1, |parameters| count.query_row(parameters, |row| row.get(0).map(i64::unsigned_abs)))
    }

    /// Has the dead rows that are meant tried again, and tells how many there were.
    pub(super) fn revive(&self, transaction: &Transaction<'_>, books: &mut Books) -> rusqlite::Result<u64> {
        let dead = Self { sync_status: Some(SyncStatus::Dead), ..self.clone() };
        let mut revive = transaction.prepare_cached(REVIVE)?;
        let revived = dead.with(1, |parameters| revive.execute(parameters))?;
        let count = i64::try_from(revived).unwrap_or(i64::MAX);
        books.dead -= count;
        books.stored.dead -= count;
        books.stored.pending += count;
        Ok(revived as u64)
    }

    /// Deletes the rows that are meant, and tells how many they were. What was still to be sent is counted as dropped.
    pub(super) fn purge(&self, transaction: &Transaction<'_>, books: &mut Books) -> rusqlite::Result<u64> {
        let mut purge = transaction.prepare_cached(PURGE)?;
        self.with(1, |parameters| {
            let mut rows = purge.query(parameters)?;
            let mut purged = 0;
            while let Some(row) = rows.next()? {
                purged += 1;
                books.remove(row.get(1)?);
                match row.get(2)? {
                    SyncStatus::Pending => {
                        books.stored.pending -= 1;
                        books.lose(PURGED, 1, Some(row.get(0)?));
                    }
                    SyncStatus::Dead => books.stored.dead -= 1,
                    SyncStatus::Completed => {}
                }
            }
            Ok(purged)
        })
    }

    fn with<T>(
        &self,
        limit: u32,
        run: impl FnOnce(&[(&str, &dyn ToSql)]) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<T> {
        let number = self.id.as_ref().and_then(|id| id.parse::<i64>().ok());
        let event_id = self.id.as_ref().filter(|_| number.is_none());
        run(named_params! {
            ":id": number,
            ":event_id": event_id,
            ":sync_status": self.sync_status.map(SyncStatus::as_str),
            ":event_type": self.event_type,
            ":since": self.since,
            ":until": self.until,
            ":run_id": self.run_id,
            ":tool_name": self.tool_name,
            ":after_id": self.after_id.unwrap_or(i64::MIN),
            ":before_id": self.before_id.unwrap_or(i64::MAX),
            ":limit": limit,
        })
    }
}

/// The youngest row; 0: there is none.
pub(super) fn last_id(connection: &Connection) -> rusqlite::Result<i64> {
    connection.query_row("SELECT coalesce(max(id), 0) FROM audit_queue", [], |row| row.get(0))
}
