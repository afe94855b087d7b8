//! The outbox as people look at it. It changes nothing, and holds no lock longer than one answer takes.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ValueRef};
use rusqlite::{OpenFlags, OptionalExtension, named_params};
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};

use super::ballast::Ballast;
use super::filter::{Exported, Filter};
use super::handle::Handle;
use super::store::{Owner, connect, identify, patiently};
use super::{OutboxError, PATIENCE, place};

const STATUS: &str = include_str!("../../../sql/status.sql");
const SHOW: &str = include_str!("../../../sql/show.sql");

/// An outbox that is only looked at.
pub(crate) struct Reader {
    connection: Handle,
    path: PathBuf,
}

/// The outbox at a glance. Of the platform: accepted = delivered + pending + dead + expired + dropped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Status {
    /// The file.
    pub(crate) path: String,
    /// Version of its schema.
    pub(crate) schema_version: i64,
    /// Events that were acknowledged.
    pub(crate) accepted: u64,
    /// Events that the platform has.
    pub(crate) delivered: u64,
    /// Rows that are still to be sent.
    pub(crate) pending: u64,
    /// Events that nobody will try to send again.
    pub(crate) dead: u64,
    /// Events that became too old before they were sent.
    pub(crate) expired: u64,
    /// Events that were given up, and why.
    pub(crate) dropped: u64,
    pub(crate) dropped_by_reason: BTreeMap<String, u64>,
    /// Events that came again.
    pub(crate) duplicates: u64,
    /// Rows that are there.
    pub(crate) stored_rows: u64,
    /// Their records together.
    pub(crate) stored_bytes: u64,
    /// Rows stored in the last minute, at most 100,000.
    pub(crate) stored_last_minute: u64,
    /// When the oldest pending row was stored: RFC 3339, UTC.
    pub(crate) oldest_pending: Option<String>,
    /// Processes that have it open to store.
    pub(crate) producers: u64,
    /// Damaged files that were put aside.
    pub(crate) quarantined: u64,
    /// When the whole file was checked last, and what was found.
    pub(crate) checked_at: Option<String>,
    pub(crate) check_result: Option<String>,
    /// The sync worker.
    pub(crate) worker: Worker,
}

/// What the sync worker does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Worker {
    /// `none`, or `idle`, `sending`, `backing_off`, `paused` since when.
    pub(crate) state: String,
    pub(crate) since: Option<String>,
    /// Why it does not send.
    pub(crate) reason: Option<String>,
    pub(crate) next_attempt_at: Option<String>,
}

/// A row, without its record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Entry {
    /// Grows with each row; never used twice.
    pub(crate) id: i64,
    /// What makes an event the same event.
    pub(crate) event_id: String,
    /// The `action` of a tool call, or the type of a telemetry event.
    pub(crate) event_type: String,
    /// Who reported it; may be empty.
    pub(crate) agent_id: String,
    /// When it was stored: RFC 3339, UTC.
    pub(crate) created_at: String,
    /// How far it has come.
    pub(crate) sync_status: SyncStatus,
    /// How often sending it has failed.
    pub(crate) retry_count: i64,
    /// When it is tried again: RFC 3339, UTC. `None`: at once.
    pub(crate) next_attempt_at: Option<String>,
    /// Why sending it failed last.
    pub(crate) last_error: Option<String>,
    /// Size of its record.
    pub(crate) payload_bytes: u64,
}

/// A row with its record.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Shown {
    /// The row.
    #[serde(flatten)]
    pub(crate) entry: Entry,
    /// Its record, as it was stored.
    pub(crate) payload: Box<RawValue>,
}

/// How far a row has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum SyncStatus {
    /// Still to be sent.
    Pending,
    /// Everybody is done with it.
    Completed,
    /// It will not be tried again.
    Dead,
}

impl Reader {
    /// Opens the outbox at `path` to look at it.
    ///
    /// # Errors
    /// When nothing was recorded there yet, when it is not an outbox or a newer auditbox's, or cannot be read.
    pub(crate) fn open(path: &Path) -> Result<Self, OutboxError> {
        match Self::open_file(path) {
            // On a full disk SQLite cannot even make the two files that it needs beside it.
            Err(error) if error.is_retryable() && Ballast::of(path, 0).give_up() => Self::open_file(path),
            opened => opened,
        }
    }

    fn open_file(path: &Path) -> Result<Self, OutboxError> {
        let nothing =
            || OutboxError::lasting(format!("no outbox at `{}`: nothing was recorded there yet", path.display()));
        let file = place::find(path)?.ok_or_else(nothing)?;
        let connection = connect(path, &file, OpenFlags::SQLITE_OPEN_READ_ONLY, PATIENCE)?;
        let owner = patiently(PATIENCE, || identify(&connection));
        let owner = owner.map_err(|error| OutboxError::sqlite("open", path, &error))?;
        owner.accept(path)?;
        match owner {
            Owner::Nobody => Err(nothing()),
            _ if !owner.is_up_to_date() => Err(OutboxError::lasting(format!(
                "the outbox `{}` was written by an older auditbox: record an event, which brings it up to date",
                path.display()
            ))),
            _ => Ok(Self { connection, path: path.to_owned() }),
        }
    }

    /// Counts and sizes.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(crate) fn status(&self) -> Result<Status, OutboxError> {
        let status = patiently(PATIENCE, || {
            self.connection.query_row(STATUS, [], |row| {
                let dropped: String = row.get("dropped_by_reason")?;
                let state: Option<String> = row.get("worker_state")?;
                Ok(Status {
                    path: self.path.display().to_string(),
                    schema_version: row.get("schema_version")?,
                    accepted: count(row, "accepted")?,
                    delivered: count(row, "delivered")?,
                    pending: count(row, "pending")?,
                    dead: count(row, "dead")?,
                    expired: count(row, "expired")?,
                    dropped: count(row, "dropped")?,
                    dropped_by_reason: serde_json::from_str(&dropped).unwrap_or_default(),
                    duplicates: count(row, "duplicates")?,
                    stored_rows: count(row, "stored_rows")?,
                    stored_bytes: count(row, "stored_bytes")?,
                    stored_last_minute: count(row, "stored_last_minute")?,
                    oldest_pending: text(row, "oldest_pending")?,
                    producers: count(row, "producers")?,
                    quarantined: count(row, "quarantined")?,
                    checked_at: row.get("checked_at")?,
                    check_result: row.get("check_result")?,
                    worker: Worker {
                        state: state.unwrap_or_else(|| "none".into()),
                        since: row.get("worker_since")?,
                        reason: row.get("worker_reason")?,
                        next_attempt_at: row.get("worker_next_attempt_at")?,
                    },
                })
            })
        });
        status.map_err(|error| self.failure(&error))
    }

    /// The rows that are meant, without their records, at most so many.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(crate) fn list(&self, filter: &Filter, newest_first: bool, limit: u32) -> Result<Vec<Entry>, OutboxError> {
        patiently(PATIENCE, || filter.list(&self.connection, newest_first, limit)).map_err(|error| self.failure(&error))
    }

    /// The records that are meant, oldest first, at most so many.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(crate) fn export(&self, filter: &Filter, limit: u32) -> Result<Vec<Exported>, OutboxError> {
        patiently(PATIENCE, || filter.export(&self.connection, limit)).map_err(|error| self.failure(&error))
    }

    /// How many rows are meant.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(crate) fn count(&self, filter: &Filter) -> Result<u64, OutboxError> {
        patiently(PATIENCE, || filter.count(&self.connection)).map_err(|error| self.failure(&error))
    }

    /// The row of this `id` or `event_id`, if there is one.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(crate) fn show(&self, id: &str) -> Result<Option<Shown>, OutboxError> {
        let number = id.parse::<i64>().ok();
        let event_id = number.is_none().then_some(id);
        let shown = patiently(PATIENCE, || {
            let parameters = named_params! { ":id": number, ":event_id": event_id };
            let read = |row: &rusqlite::Row<'_>| Ok((entry(row)?, text(row, "payload")?.unwrap_or_default()));
            self.connection.query_row(SHOW, parameters, read).optional()
        });
        let Some((entry, payload)) = shown.map_err(|error| self.failure(&error))? else { return Ok(None) };
        Ok(Some(Shown { entry, payload: raw(payload) }))
    }

    fn failure(&self, error: &rusqlite::Error) -> OutboxError {
        OutboxError::sqlite("read", &self.path, error)
    }
}

impl SyncStatus {
    /// As it is stored.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "PENDING",
            Self::Completed => "COMPLETED",
            Self::Dead => "DEAD",
        }
    }
}

impl FromSql for SyncStatus {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let stored = value.as_str()?;
        let all = [Self::Pending, Self::Completed, Self::Dead];
        all.into_iter().find(|status| status.as_str() == stored).ok_or(FromSqlError::InvalidType)
    }
}

pub(super) fn entry(row: &rusqlite::Row<'_>) -> rusqlite::Result<Entry> {
    Ok(Entry {
        id: row.get("id")?,
        event_id: text(row, "event_id")?.unwrap_or_default(),
        event_type: text(row, "event_type")?.unwrap_or_default(),
        agent_id: text(row, "agent_id")?.unwrap_or_default(),
        created_at: text(row, "created_at")?.unwrap_or_default(),
        sync_status: row.get("sync_status")?,
        retry_count: row.get("retry_count")?,
        next_attempt_at: text(row, "next_attempt_at")?,
        last_error: text(row, "last_error")?,
        payload_bytes: count(row, "payload_bytes")?,
    })
}

/// SQLite takes any bytes for a text, and another program may have stored some that are none.
pub(super) fn text(row: &rusqlite::Row<'_>, column: impl rusqlite::RowIndex) -> rusqlite::Result<Option<String>> {
    let bytes = row.get_ref(column)?.as_bytes_or_null()?;
    Ok(bytes.map(|bytes| String::from_utf8_lossy(bytes).into_owned()))
}

/// SQLite has no unsigned integers; these are never negative.
fn count(row: &rusqlite::Row<'_>, column: &str) -> rusqlite::Result<u64> {
    row.get(column).map(i64::unsigned_abs)
}

/// What is not JSON, because somebody else put it there, is shown as text.
fn raw(payload: String) -> Box<RawValue> {
    RawValue::from_string(payload.clone()).or_else(|_| to_raw_value(&payload)).unwrap_or_default()
}
