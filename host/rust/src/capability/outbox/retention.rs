//! What makes room: rows that everybody is done with, then what the configuration gives up.

use rusqlite::{Connection, Transaction, named_params};

use super::books::{Books, Stored};
use super::options::{Options, WhenFull};

const EVICT_COMPLETED: &str = include_str!("../../../sql/evict_completed.sql");
const EVICT_DEAD: &str = include_str!("../../../sql/evict_dead.sql");
const EVICT_PENDING: &str = include_str!("../../../sql/evict_pending.sql");
const EXPIRE: &str = include_str!("../../../sql/expire.sql");

/// Rows that everybody is done with stay until there are more of them than this: people look at what was sent.
pub(super) const KEPT_COMPLETED: i64 = 10_000;
/// Deleting more at once keeps other processes waiting.
const STEP: i64 = 1_000;

/// Why an event is lost to the platform.
pub(super) const EVICTED: &str = "evicted";
pub(super) const DROPPED: &str = "full";
pub(super) const PURGED: &str = "purged";

/// Whether something has to give way before `rows` of `bytes` together can be added.
pub(super) fn is_full(connection: &Connection, options: &Options, rows: usize, bytes: usize) -> bool {
    let Ok(there) = Books::default().account(connection) else { return false };
    let exceeds = |there: i64, more: usize, limit: Option<u64>| {
        limit.is_some_and(|limit| there.unsigned_abs().saturating_add(more as u64) > limit)
    };
    exceeds(there.rows, rows, options.max_rows) || exceeds(there.bytes, bytes, options.max_bytes)
}

/// Whether `rows` of `bytes` together may be added; makes room as far as the configuration allows.
pub(super) fn admit(
    transaction: &Transaction<'_>,
    books: &mut Books,
    options: &Options,
    rows: usize,
    bytes: usize,
) -> rusqlite::Result<bool> {
    if options.max_rows.is_none() && options.max_bytes.is_none() {
        return Ok(true);
    }
    let (rows, bytes) = (i64::try_from(rows).unwrap_or(i64::MAX), i64::try_from(bytes).unwrap_or(i64::MAX));
    let limit = |limit: Option<u64>| limit.map_or(i64::MAX, |limit| i64::try_from(limit).unwrap_or(i64::MAX));
    let (max_rows, max_bytes) = (limit(options.max_rows), limit(options.max_bytes));
    loop {
        let there = books.account(transaction)?;
        let excess_rows = (there.rows.saturating_add(rows)).saturating_sub(max_rows).max(0);
        let excess_bytes = (there.bytes.saturating_add(bytes)).saturating_sub(max_bytes).max(0);
        // What is larger than all the room gets in alone.
        if (excess_rows, excess_bytes) == (0, 0) || there.rows <= 0 {
            return Ok(true);
        }
        let average = (there.bytes / there.rows.max(1)).max(1);
        let count = excess_rows.max(excess_bytes / average).clamp(1, STEP);
        let evicted = evict(transaction, books, there, count)?;
        if evicted > 0 {
            continue;
        }
        if options.when_full != WhenFull::DropOldest || evict_pending(transaction, books, count)? == 0 {
            return Ok(false);
        }
    }
}

/// Deletes what everybody is done with: first what was delivered, then what is dead.
fn evict(transaction: &Transaction<'_>, books: &mut Books, there: Stored, limit: i64) -> rusqlite::Result<i64> {
    if there.rows > there.pending + there.dead {
        let evicted = delete(transaction, books, EVICT_COMPLETED, limit, |_, _| {})?;
        if evicted > 0 {
            return Ok(evicted);
        }
    }
    if there.dead > 0 {
        delete(transaction, books, EVICT_DEAD, limit, |books, _| books.stored.dead -= 1)
    } else {
        Ok(0)
    }
}

fn evict_pending(transaction: &Transaction<'_>, books: &mut Books, limit: i64) -> rusqlite::Result<i64> {
    delete(transaction, books, EVICT_PENDING, limit, |books, id| {
        books.stored.pending -= 1;
        books.lose(EVICTED, 1, Some(id));
    })
}

/// After rows were delivered: only the youngest of them stay.
pub(super) fn trim_completed(transaction: &Transaction<'_>, books: &mut Books) -> rusqlite::Result<()> {
    let there = books.account(transaction)?;
    let excess = there.rows - there.pending - there.dead - KEPT_COMPLETED;
    // In steps that are worth it.
    if excess >= STEP / 4 {
        delete(transaction, books, EVICT_COMPLETED, excess.min(4 * STEP), |_, _| {})?;
    }
    Ok(())
}

/// Deletes some of what is too old, and tells whether there may be more.
pub(super) fn expire(transaction: &Transaction<'_>, books: &mut Books, max_age_s: u64) -> rusqlite::Result<bool> {
    let mut expire = transaction.prepare_cached(EXPIRE)?;
    let max_age_s = i64::try_from(max_age_s).unwrap_or(i64::MAX);
    let mut rows = expire.query(named_params! { ":limit": STEP, ":max_age_s": max_age_s })?;
    let mut expired = 0;
    while let Some(row) = rows.next()? {
        expired += 1;
        books.remove(row.get(1)?);
        match row.get_ref(2)?.as_str()? {
            "PENDING" => {
                books.stored.pending -= 1;
                books.expired += 1;
            }
            "DEAD" => books.stored.dead -= 1,
            _ => {}
        }
    }
    Ok(expired == STEP)
}

fn delete(
    transaction: &Transaction<'_>,
    books: &mut Books,
    sql: &str,
    limit: i64,
    each: impl Fn(&mut Books, i64),
) -> rusqlite::Result<i64> {
    let mut delete = transaction.prepare_cached(sql)?;
    let mut rows = delete.query(named_params! { ":limit": limit })?;
    let mut deleted = 0;
    while let Some(row) = rows.next()? {
        deleted += 1;
        books.remove(row.get(1)?);
        each(books, row.get(0)?);
    }
    Ok(deleted)
}
