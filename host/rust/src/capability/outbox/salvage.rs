//! From a damaged file into a new one: every row that can be read, and the counters. What cannot be read is counted as
//! lost.

use std::path::Path;

use rusqlite::{Connection, Row, Transaction, named_params};
use serde_json::json;

use super::OutboxError;
use super::books::Books;
use super::store::Store;

const FORWARD: &str = include_str!("../../../sql/salvage.sql");
const BACKWARD: &str = include_str!("../../../sql/salvage_back.sql");
const SALVAGED: &str = include_str!("../../../sql/salvaged.sql");
const IDS: &str = include_str!("../../../sql/salvaged_ids.sql");
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
    delivered: i64,
    dead: i64,
    expired: i64,
    /// The last id that was given out.
    last_id: i64,
}

/// Reads what can be read of the file that is to be `aside` into the new outbox.
///
/// # Errors
/// When the new one cannot be written.
pub(super) fn salvage(
    store: &Store,
    path: &Path,
    aside: &Path,
    damaged: Option<&Connection>,
) -> Result<(), OutboxError> {
    let counts = damaged.map(read_counts).unwrap_or_default();
    let mut saved = Saved::default();
    if let Some(damaged) = damaged {
        copy_all(store, damaged, &mut saved)?;
    }
    let name = aside.file_name().map(|name| name.to_string_lossy().into_owned());
    let known = counts.accepted > 0;
    let done = store.transact(0, |transaction, books| {
        let dropped = damaged.map_or(Ok(0), |damaged| copy_dropped(damaged, transaction))?;
        (books.delivered, books.expired) = (counts.delivered.max(saved.delivered()), counts.expired);
        books.dead = counts.dead.max(saved.dead);
        let there = books.delivered + books.dead + books.expired + dropped + saved.pending;
        // Without its counter, the ids tell how many there were at least.
        let accepted = if known { counts.accepted } else { counts.last_id.max(saved.last_id) };
        let lost = (accepted - there).max(0);
        transaction.execute(
            COUNTS,
            named_params! {
                ":accepted": there + lost,
                ":duplicates": counts.duplicates,
                ":quarantined": counts.quarantined,
            },
        )?;
        books.lose(DAMAGED, lost, None);
        let payload = json!({
            "file": name,
            "rows_saved": saved.rows,
            "pending_lost": known.then_some(lost),
        });
        books.notice(transaction, "auditbox.damaged", &payload)?;
        transaction.execute(IDS, named_params! { ":last_id": counts.last_id })?;
        Ok(lost)
    });
    let lost = done.map_err(|failure| failure.error)?;
    log::error!(
        "auditbox: {} rows of the damaged outbox `{}` were saved, at least {lost} were not",
        saved.rows,
        path.display()
    );
    Ok(())
}

/// What has been copied.
#[derive(Clone, Default)]
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
    // What is no number of events is damaged, too.
    let number = |row: &Row<'_>, column: usize| {
        row.get::<_, i64>(column).ok().filter(|number| (0..1 << 48).contains(number)).unwrap_or_default()
    };
    let _ = damaged.query_row("SELECT accepted, duplicates, quarantined FROM audit_account", [], |row| {
        (counts.accepted, counts.duplicates, counts.quarantined) = (number(row, 0), number(row, 1), number(row, 2));
        Ok(())
    });
    let platform = "SELECT delivered, dead, expired FROM audit_consumer WHERE name = 'platform'";
    let _ = damaged.query_row(platform, [], |row| {
        (counts.delivered, counts.dead, counts.expired) = (number(row, 0), number(row, 1), number(row, 2));
        Ok(())
    });
    let _ = damaged.query_row("SELECT seq FROM sqlite_sequence WHERE name = 'audit_queue'", [], |row| {
        counts.last_id = number(row, 0);
        Ok(())
    });
    counts
}

/// Answers with how many events that was.
fn copy_dropped(damaged: &Connection, transaction: &Transaction<'_>) -> rusqlite::Result<i64> {
    const DROPPED: &str = "SELECT reason, events, untold FROM audit_dropped WHERE consumer = 'platform'";
    let Ok(mut dropped) = damaged.prepare(DROPPED) else { return Ok(0) };
    let Ok(mut rows) = dropped.query([]) else { return Ok(0) };
    let mut copied = 0;
    while let Ok(Some(row)) = rows.next() {
        let Ok((reason, events, untold)) = <(String, i64, i64)>::try_from(row) else { continue };
        if !(0..1 << 48).contains(&events) || !(0..=events).contains(&untold) {
            continue;
        }
        copied += events;
        transaction.execute(
            "INSERT INTO audit_dropped (consumer, reason, events, untold) VALUES ('platform', ?1, ?2, ?3)
             ON CONFLICT (consumer, reason) DO UPDATE SET events = events + excluded.events, untold = untold + excluded.untold",
            (reason, events, untold),
        )?;
    }
    Ok(copied)
}

/// Copies every row that can be read: to the first that cannot, from ever farther behind it, and from the end.
fn copy_all(store: &Store, damaged: &Connection, saved: &mut Saved) -> Result<(), OutboxError> {
    let (mut after_id, mut skip) = (i64::MIN, 1);
    while copy(store, damaged, FORWARD, after_id, saved)? {
        if saved.last_id > after_id {
            (after_id, skip) = (saved.last_id, 1);
        } else {
            skip *= 2;
        }
        after_id = after_id.max(0).saturating_add(skip);
        if skip > 1 << 40 {
            break;
        }
    }
    if skip > 1 {
        copy(store, damaged, BACKWARD, i64::MIN, saved)?;
    }
    Ok(())
}

/// Copies rows until the end, or the place that cannot be read: `true`.
fn copy(store: &Store, damaged: &Connection, sql: &str, after_id: i64, saved: &mut Saved) -> Result<bool, OutboxError> {
    let Ok(mut select) = damaged.prepare(sql) else { return Ok(true) };
    let Ok(mut rows) = select.query(named_params! { ":after_id": after_id }) else { return Ok(true) };
    loop {
        let before = saved.clone();
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
            Err(failure) => {
                *saved = before;
                return Err(failure.error);
            }
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
    saved.last_id = saved.last_id.max(id);
    if serde_json::from_str::<serde::de::IgnoredAny>(&payload).is_err() {
        return Ok(());
    }
    let bytes = payload.len();
    let insert = |id: Option<i64>| {
        transaction.prepare_cached(SALVAGED)?.execute(named_params! {
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
        })
    };
    // Another process may have given its number to another event by now.
    if insert(Some(id))? == 0 && insert(None)? == 0 {
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
