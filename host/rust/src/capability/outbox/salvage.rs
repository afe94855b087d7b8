//! From a damaged file into a new one: every row that can be read, and the counters. What cannot be read is counted as
//! lost.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, Row, Transaction, named_params};
use serde_json::json;

use super::OutboxError;
use super::books::Books;
use super::store::{Store, connect};

const FORWARD: &str = include_str!("../../../sql/salvage.sql");
const BACKWARD: &str = include_str!("../../../sql/salvage_back.sql");
const SALVAGED: &str = include_str!("../../../sql/salvaged.sql");
const COUNTS: &str = include_str!("../../../sql/salvaged_counts.sql");

/// Rows of one transaction.
const STEP: usize = 1_000;
/// Why an event is lost to the platform.
const DAMAGED: &str = "damaged";

/// The counters of the damaged file, as far as they can be read.
#[derive(Default)]
struct Counts {
    accepted: i64,
    duplicates: i64,
    quarantined: i64,
    pending: i64,
    delivered: i64,
    dead: i64,
    expired: i64,
}

/// Reads what can be read of `aside` into the new outbox at `path`.
///
/// # Errors
/// When the new one cannot be written.
pub(super) fn salvage(store: &Store, path: &Path, aside: &Path, patience: Duration) -> Result<(), OutboxError> {
    // To write: its WAL is to be read as well.
    let damaged = connect(aside, aside, OpenFlags::SQLITE_OPEN_READ_WRITE, patience).ok();
    let counts = damaged.as_ref().map(|damaged| read_counts(damaged)).unwrap_or_default();
    let mut saved = Saved::default();
    if let Some(damaged) = &damaged {
        let broke_off = copy(store, damaged, FORWARD, 0, &mut saved)?;
        if broke_off {
            let reached = saved.last_id;
            copy(store, damaged, BACKWARD, reached, &mut saved)?;
        }
    }
    let known = counts.accepted > 0;
    let lost = (counts.pending - saved.pending).max(0);
    let name = aside.file_name().map(|name| name.to_string_lossy().into_owned());
    let done = store.transact(0, |transaction, books| {
        transaction.execute(
            COUNTS,
            named_params! {
                ":accepted": if known { counts.accepted } else { saved.rows },
                ":duplicates": counts.duplicates,
                ":quarantined": counts.quarantined,
            },
        )?;
        let of_platform =
            if known { (counts.delivered, counts.dead, counts.expired) } else { (saved.delivered(), saved.dead, 0) };
        (books.delivered, books.dead, books.expired) = of_platform;
        if let Some(damaged) = &damaged {
            copy_dropped(damaged, transaction)?;
        }
        books.lose(DAMAGED, lost, None);
        let payload = json!({
            "file": name,
            "rows_saved": saved.rows,
            // Without counters nobody knows how many there were.
            "pending_lost": known.then_some(lost),
        });
        books.notice(transaction, "auditbox.damaged", &payload)
    });
    log::error!(
        "auditbox: {} rows of the damaged outbox `{}` were saved, at least {lost} were not",
        saved.rows,
        path.display()
    );
    done.map_err(|failure| failure.error)
}

/// What has been copied.
#[derive(Default)]
struct Saved {
    rows: i64,
    pending: i64,
    dead: i64,
    last_id: i64,
}

impl Saved {
    fn delivered(&self) -> i64 {
        self.rows - self.pending - self.dead
    }
}

fn read_counts(damaged: &Connection) -> Counts {
    let mut counts = Counts::default();
    let _ = damaged.query_row("SELECT accepted, duplicates, quarantined, pending_rows FROM audit_account", [], |row| {
        (counts.accepted, counts.duplicates) = (row.get(0)?, row.get(1)?);
        (counts.quarantined, counts.pending) = (row.get(2)?, row.get(3)?);
        Ok(())
    });
    let platform = "SELECT delivered, dead, expired FROM audit_consumer WHERE name = 'platform'";
    let _ = damaged.query_row(platform, [], |row| {
        (counts.delivered, counts.dead, counts.expired) = (row.get(0)?, row.get(1)?, row.get(2)?);
        Ok(())
    });
    counts
}

fn copy_dropped(damaged: &Connection, transaction: &Transaction<'_>) -> rusqlite::Result<()> {
    const DROPPED: &str = "SELECT consumer, reason, events, untold FROM audit_dropped";
    let Ok(mut dropped) = damaged.prepare(DROPPED) else { return Ok(()) };
    let Ok(mut rows) = dropped.query([]) else { return Ok(()) };
    while let Ok(Some(row)) = rows.next() {
        let values: (String, String, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?);
        transaction.execute(
            "INSERT INTO audit_dropped (consumer, reason, events, untold) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (consumer, reason) DO UPDATE SET events = events + excluded.events, untold = untold + excluded.untold",
            values,
        )?;
    }
    Ok(())
}

/// Copies rows until the end, or the place that cannot be read: `true`.
fn copy(store: &Store, damaged: &Connection, sql: &str, after_id: i64, saved: &mut Saved) -> Result<bool, OutboxError> {
    let Ok(mut select) = damaged.prepare(sql) else { return Ok(true) };
    let Ok(mut rows) = select.query(named_params! { ":after_id": after_id }) else { return Ok(true) };
    loop {
        let done = store.transact(0, |transaction, books| {
            for _ in 0..STEP {
                match rows.next() {
                    Ok(Some(row)) => copy_row(row, transaction, books, saved)?,
                    Ok(None) => return Ok(Some(false)),
                    Err(_) => return Ok(Some(true)),
                }
            }
            Ok(None)
        });
        match done {
            Ok(Some(broke_off)) => return Ok(broke_off),
            Ok(None) => {}
            Err(failure) => return Err(failure.error),
        }
    }
}

/// A row in which something cannot be read is none.
fn copy_row(
    row: &Row<'_>,
    transaction: &Transaction<'_>,
    books: &mut Books,
    saved: &mut Saved,
) -> rusqlite::Result<()> {
    type Columns = (i64, String, String, String, String, String, i64, Option<String>, Option<String>, String);
    let Ok((id, event_id, event_type, payload, created_at, status, retries, next, error, agent_id)) =
        Columns::try_from(row)
    else {
        return Ok(());
    };
    if !["PENDING", "COMPLETED", "DEAD"].contains(&status.as_str()) {
        return Ok(());
    }
    let bytes = payload.len();
    let added = transaction.prepare_cached(SALVAGED)?.execute(named_params! {
        ":id": id,
        ":event_id": event_id,
        ":event_type": event_type,
        ":payload": payload,
        ":created_at": created_at,
        ":sync_status": status,
        ":retry_count": retries,
        ":next_attempt_at": next,
        ":last_error": error,
        ":agent_id": agent_id,
    })?;
    saved.last_id = id;
    if added == 0 {
        return Ok(());
    }
    saved.rows += 1;
    books.stored.rows += 1;
    books.stored.bytes += i64::try_from(bytes).unwrap_or(i64::MAX);
    match status.as_str() {
        "PENDING" => {
            saved.pending += 1;
            books.stored.pending += 1;
        }
        "DEAD" => {
            saved.dead += 1;
            books.stored.dead += 1;
        }
        _ => {}
    }
    Ok(())
}
