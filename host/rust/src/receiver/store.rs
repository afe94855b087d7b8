//! What has come, in an SQLite file of the receiver's own: every event once, and how often it came.

use std::path::Path;

use rusqlite::{Connection, named_params};

use super::Stats;
use super::batch::Event;

const SCHEMA: &str = include_str!("schema.sql");

pub(super) struct Store(Connection);

impl Store {
    /// Opens the file, or creates it; `None` is a store in memory.
    pub(super) fn open(path: Option<&Path>) -> rusqlite::Result<Self> {
        let connection = match path {
            Some(path) => Connection::open(path)?,
            None => Connection::open_in_memory()?,
        };
        connection.execute_batch(SCHEMA)?;
        Ok(Self(connection))
    }

    /// Keeps one batch, all of it or nothing.
    pub(super) fn put(&mut self, key: Option<&str>, digest: i64, events: &[&Event<'_>]) -> rusqlite::Result<()> {
        let transaction = self.0.transaction()?;
        {
            let mut insert = transaction.prepare_cached(
                "INSERT INTO event (event_id, event_type, payload) VALUES (:event_id, :event_type, :payload)
                 ON CONFLICT (event_id) DO NOTHING",
            )?;
            let mut again =
                transaction.prepare_cached("UPDATE event SET times = times + 1 WHERE event_id = :event_id")?;
            for Event { event_id, event_type, payload } in events {
                let new = insert
                    .execute(named_params! { ":event_id": event_id, ":event_type": event_type, ":payload": payload })?;
                if new == 0 {
                    again.execute(named_params! { ":event_id": event_id })?;
                }
            }
            if let Some(key) = key.filter(|_| !events.is_empty()) {
                let count = i64::try_from(events.len()).unwrap_or(i64::MAX);
                transaction
                    .prepare_cached(
                        "INSERT INTO batch (idempotency_key, events, digest) VALUES (:key, :events, :digest)
                         ON CONFLICT (idempotency_key) DO UPDATE
                         SET times = times + 1, conflicts = conflicts + (digest <> excluded.digest)",
                    )?
                    .execute(named_params! { ":key": key, ":events": count, ":digest": digest })?;
            }
        }
        transaction.commit()
    }

    /// Of these only what is stored.
    pub(super) fn stats(&self) -> rusqlite::Result<Stats> {
        let sql = "SELECT
            (SELECT count(*) FROM event), (SELECT coalesce(sum(times), 0) FROM event),
            (SELECT count(*) FROM event WHERE times > 1), (SELECT count(*) FROM batch),
            (SELECT count(*) FROM batch WHERE times > 1), (SELECT coalesce(sum(conflicts), 0) FROM batch)";
        self.0.query_row(sql, [], |row| {
            let count = |column| row.get::<usize, i64>(column).map(i64::unsigned_abs);
            Ok(Stats {
                events: count(0)?,
                received: count(1)?,
                received_twice: count(2)?,
                batches: count(3)?,
                batches_twice: count(4)?,
                key_conflicts: count(5)?,
                ..Stats::default()
            })
        })
    }
}
