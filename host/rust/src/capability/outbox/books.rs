//! The counters, and that each transaction moves them together with the rows: for every consumer,
//! accepted = delivered + pending + dead + expired + dropped.

use std::collections::BTreeMap;

use rusqlite::{Connection, Transaction, named_params};
use serde_json::json;

const ACCOUNT: &str = include_str!("../../../sql/account.sql");
const BOOK: &str = include_str!("../../../sql/book.sql");
const BOOK_CONSUMER: &str = include_str!("../../../sql/book_consumer.sql");
const BOOK_DROPPED: &str = include_str!("../../../sql/book_dropped.sql");
const UNCOUNTED: &str = include_str!("../../../sql/uncounted.sql");
const ADOPT: &str = include_str!("../../../sql/adopt.sql");
const UNTOLD: &str = include_str!("../../../sql/untold.sql");
const TOLD: &str = include_str!("../../../sql/told.sql");
const NOTICE: &str = include_str!("../../../sql/notice.sql");

/// What one transaction changes, until it is booked at its end.
#[derive(Default)]
pub(super) struct Books {
    /// Acknowledged events that were never counted before.
    pub(super) accepted: i64,
    /// Events that came again.
    pub(super) duplicates: i64,
    /// How the rows that are there become more or fewer.
    pub(super) stored: Stored,
    /// What has become of rows, for the platform.
    pub(super) delivered: i64,
    pub(super) dead: i64,
    pub(super) expired: i64,
    dropped: BTreeMap<&'static str, Dropped>,
    producer: i64,
}

/// Rows of `audit_queue`, or a change of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Stored {
    pub(super) rows: i64,
    pub(super) bytes: i64,
    pub(super) pending: i64,
    pub(super) dead: i64,
}

/// Events that the platform will not get, and which of them had an id.
#[derive(Default)]
struct Dropped {
    events: i64,
    ids: Option<(i64, i64)>,
}

impl Books {
    /// The books of one transaction of this producer.
    pub(super) fn of(producer: i64) -> Self {
        Self { producer, ..Self::default() }
    }

    /// A new row with a record of so many bytes.
    pub(super) fn add(&mut self, bytes: usize) {
        self.accepted += 1;
        self.stored.rows += 1;
        self.stored.bytes += i64::try_from(bytes).unwrap_or(i64::MAX);
        self.stored.pending += 1;
    }

    /// A row that is no longer there.
    pub(super) fn remove(&mut self, bytes: i64) {
        self.stored.rows -= 1;
        self.stored.bytes -= bytes;
    }

    /// Events that are lost to the platform, and the id of one that was stored.
    pub(super) fn lose(&mut self, reason: &'static str, events: i64, id: Option<i64>) {
        let dropped = self.dropped.entry(reason).or_default();
        dropped.events += events;
        if let Some(id) = id {
            let (first, last) = dropped.ids.unwrap_or((id, id));
            dropped.ids = Some((first.min(id), last.max(id)));
        }
    }

    /// Counts what a program has stored that knew only `audit_queue`.
    pub(super) fn adopt(&mut self, transaction: &Transaction<'_>) -> rusqlite::Result<()> {
        if !transaction.prepare_cached(UNCOUNTED)?.query_row([], |row| row.get(0))? {
            return Ok(());
        }
        // All of them: who deletes or settles rows counts on their having been counted.
        let mut adopt = transaction.prepare_cached(ADOPT)?;
        loop {
            let before = self.accepted;
            let mut rows = adopt.query([])?;
            while let Some(row) = rows.next()? {
                self.accepted += 1;
                self.stored.rows += 1;
                self.stored.bytes += row.get::<_, i64>(1)?;
                match row.get_ref(0)?.as_str()? {
                    "PENDING" => self.stored.pending += 1,
                    "DEAD" => {
                        self.stored.dead += 1;
                        self.dead += 1;
                    }
                    _ => self.delivered += 1,
                }
            }
            if self.accepted == before {
                return Ok(());
            }
        }
    }

    /// Stores an event of the outbox's own.
    pub(super) fn notice(
        &mut self,
        transaction: &Transaction<'_>,
        event_type: &str,
        payload: &serde_json::Value,
    ) -> rusqlite::Result<()> {
        let parameters = named_params! {
            ":event_type": event_type, ":payload": payload.to_string(), ":producer": self.producer,
        };
        let bytes: i64 = transaction.prepare_cached(NOTICE)?.query_row(parameters, |row| row.get(0))?;
        self.add(usize::try_from(bytes).unwrap_or_default());
        Ok(())
    }

    /// What is there, with what this transaction has changed so far.
    pub(super) fn account(&self, connection: &Connection) -> rusqlite::Result<Stored> {
        connection.prepare_cached(ACCOUNT)?.query_row([], |row| {
            Ok(Stored {
                rows: row.get::<_, i64>(0)? + self.stored.rows,
                bytes: row.get::<_, i64>(1)? + self.stored.bytes,
                pending: row.get::<_, i64>(2)? + self.stored.pending,
                dead: row.get::<_, i64>(3)? + self.stored.dead,
            })
        })
    }

    /// Tells losses by events of their own, if it is time.
    pub(super) fn tell(&mut self, transaction: &Transaction<'_>) -> rusqlite::Result<()> {
        self.book_dropped(transaction)?;
        let untold = {
            let mut untold = transaction.prepare_cached(UNTOLD)?;
            let read = |row: &rusqlite::Row<'_>| {
                let (first, last): (Option<i64>, Option<i64>) = (row.get(3)?, row.get(4)?);
                let (consumer, reason): (String, String) = (row.get(0)?, row.get(1)?);
                let count: i64 = row.get(2)?;
                Ok((consumer, reason, count, first, last))
            };
            untold.query_map([], read)?.collect::<rusqlite::Result<Vec<_>>>()?
        };
        for (consumer, reason, count, first_id, last_id) in untold {
            log::warn!("auditbox: {count} events are lost to `{consumer}`: {reason}");
            let payload = json!({
                "consumer": consumer, "reason": reason, "count": count, "first_id": first_id, "last_id": last_id,
            });
            self.notice(transaction, "auditbox.loss", &payload)?;
            transaction.prepare_cached(TOLD)?.execute(named_params! { ":consumer": consumer, ":reason": reason })?;
        }
        Ok(())
    }

    /// Writes everything down; the last thing before the commit.
    pub(super) fn close(mut self, transaction: &Transaction<'_>) -> rusqlite::Result<()> {
        if !self.dropped.is_empty() {
            self.tell(transaction)?;
        }
        let Self { accepted, duplicates, stored, delivered, dead, expired, .. } = self;
        if (accepted, duplicates, stored) != (0, 0, Stored::default()) {
            transaction.prepare_cached(BOOK)?.execute(named_params! {
                ":accepted": accepted,
                ":duplicates": duplicates,
                ":stored_rows": stored.rows,
                ":stored_bytes": stored.bytes,
                ":pending_rows": stored.pending,
                ":dead_rows": stored.dead,
            })?;
        }
        if (delivered, dead, expired) != (0, 0, 0) {
            transaction.prepare_cached(BOOK_CONSUMER)?.execute(named_params! {
                ":delivered": delivered, ":dead": dead, ":expired": expired,
            })?;
        }
        Ok(())
    }

    fn book_dropped(&mut self, transaction: &Transaction<'_>) -> rusqlite::Result<()> {
        for (reason, Dropped { events, ids }) in std::mem::take(&mut self.dropped) {
            let (first_id, last_id) = ids.unzip();
            transaction.prepare_cached(BOOK_DROPPED)?.execute(named_params! {
                ":reason": reason, ":events": events, ":first_id": first_id, ":last_id": last_id,
            })?;
        }
        Ok(())
    }
}
