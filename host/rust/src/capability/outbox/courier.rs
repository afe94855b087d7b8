//! The outbox as the sync worker sees it: what is to be sent, what became of it, and that one worker at a time does
//! this. Reading has a connection of its own; every change goes through the writer.

use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rusqlite::{OpenFlags, Transaction, named_params};

use super::books::Books;
use super::handle::Handle;
use super::queue::{Queue, Work};
use super::store::{connect, patiently};
use super::{Outbox, OutboxError, PATIENCE, place, producer, retention};

const CLAIM: &str = include_str!("../../../sql/claim.sql");
const STORED: &str = include_str!("../../../sql/stored.sql");
const GONE: &str = include_str!("../../../sql/settle_gone.sql");
const CURSORS: &str = include_str!("../../../sql/cursors.sql");
const DELIVERED: &str = include_str!("../../../sql/settle_delivered.sql");
const DEAD: &str = include_str!("../../../sql/settle_dead.sql");
const RETRIED: &str = include_str!("../../../sql/settle_retried.sql");
const LEASE: &str = include_str!("../../../sql/lease.sql");
const LEASE_SET: &str = include_str!("../../../sql/lease_set.sql");
const WORKER_STATE: &str = include_str!("../../../sql/worker_state.sql");

/// A holder that has not moved for so long, by the clock of whoever looks on, has lost the lease. It beats every second.
const STILL: Duration = Duration::from_secs(4);

/// One sync worker's hold on the outbox.
pub(crate) struct Courier {
    outbox: Arc<Outbox>,
    reader: Option<(Handle, Option<(u64, u64)>)>,
    /// The lease of another, and since when it has not moved.
    seen: Option<(i64, i64, Instant)>,
}

/// A record that is to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Claimed {
    /// Grows with each row.
    pub(crate) id: i64,
    /// What makes an event the same event.
    pub(crate) event_id: String,
    /// The record.
    pub(crate) payload: String,
    /// How often sending it has failed.
    pub(crate) retry_count: i64,
}

/// What has become of records that were claimed.
#[derive(Debug, Default)]
pub(crate) struct Settlement {
    /// The platform has them.
    pub(crate) delivered: Vec<i64>,
    /// Nobody will try them again, and why.
    pub(crate) dead: Vec<(i64, String)>,
    /// They will be tried again.
    pub(crate) retried: Option<Retried>,
}

/// Records whose sending has failed for now.
#[derive(Debug)]
pub(crate) struct Retried {
    pub(crate) ids: Vec<i64>,
    pub(crate) reason: String,
    pub(crate) after: Duration,
}

/// What the worker does, for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct State<'a> {
    /// `idle`, `sending`, `backing_off` or `paused`.
    pub(crate) name: &'static str,
    pub(crate) reason: Option<&'a str>,
    /// How long until it tries again.
    pub(crate) next: Option<Duration>,
}

/// Rings when something was stored.
#[derive(Default)]
pub(crate) struct Bell {
    rung: Mutex<bool>,
    heard: Condvar,
}

/// Wakes a courier that waits.
#[derive(Clone)]
pub(crate) struct Waker(Arc<Bell>);

impl Courier {
    pub(super) fn new(outbox: Arc<Outbox>) -> Self {
        Self { outbox, reader: None, seen: None }
    }

    /// Takes the lease, unless another worker is alive and has it. To be tried again every second: a holder that was
    /// killed is known at once on its machine, and after 4 s elsewhere.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(crate) fn take_lease(&mut self) -> Result<bool, OutboxError> {
        let own = self.outbox.producer();
        let seen = self.seen;
        let found = self.write(move |transaction, _| {
            let (holder, beat) = lease(transaction)?;
            let Some(holder) = holder.filter(|holder| *holder != own) else {
                return hold(transaction, Some(own)).map(|()| None);
            };
            let still = seen.is_some_and(|(id, at, since)| (id, at) == (holder, beat) && since.elapsed() >= STILL);
            if still || producer::has_ended(transaction, holder)? {
                return hold(transaction, Some(own)).map(|()| None);
            }
            Ok(Some((holder, beat)))
        })?;
        self.seen = found.map(|(holder, beat)| match self.seen {
            Some((id, at, since)) if (id, at) == (holder, beat) => (id, at, since),
            _ => (holder, beat, Instant::now()),
        });
        Ok(found.is_none())
    }

    /// Says that the worker is alive; `false`: it has lost the lease.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(crate) fn beat(&mut self) -> Result<bool, OutboxError> {
        let own = self.outbox.producer();
        self.write(move |transaction, _| {
            let held = lease(transaction)?.0 == Some(own);
            if held {
                hold(transaction, Some(own))?;
            }
            Ok(held)
        })
    }

    /// Leaves the lease to whoever wants it.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(crate) fn release(&mut self) -> Result<(), OutboxError> {
        let own = self.outbox.producer();
        self.write(
            move |transaction, _| {
                if lease(transaction)?.0 == Some(own) { hold(transaction, None) } else { Ok(()) }
            },
        )
    }

    /// What is to be sent after the row `after_id`, oldest first: at most so many rows, and so many bytes of records
    /// unless the first is larger.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(crate) fn claim(
        &mut self,
        after_id: i64,
        max_rows: usize,
        max_bytes: usize,
    ) -> Result<Vec<Claimed>, OutboxError> {
        let path = self.outbox.path();
        let failed = |error| OutboxError::sqlite("read", path, &error);
        let file = place::find(path)?.unwrap_or_else(|| path.to_owned());
        let identity = place::identity_at(&file);
        let reader = match self.reader.take().filter(|(_, known)| *known == identity) {
            Some(reader) => reader,
            None => (connect(path, &file, OpenFlags::SQLITE_OPEN_READ_ONLY, PATIENCE)?, identity),
        };
        let claimed = patiently(PATIENCE, || {
            let mut claim = reader.0.prepare_cached(CLAIM)?;
            let mut rows = claim.query(named_params! { ":after_id": after_id })?;
            let (mut claimed, mut bytes) = (Vec::new(), 0);
            while let Some(row) = rows.next()?.filter(|_| claimed.len() < max_rows) {
                // Another program may have stored anything; it is not a record then.
                let text = |column| row.get_ref(column).map(|value| value.as_str().unwrap_or_default().to_owned());
                let payload = text(2)?;
                bytes += payload.len();
                if bytes > max_bytes && !claimed.is_empty() {
                    break;
                }
                claimed.push(Claimed { id: row.get(0)?, event_id: text(1)?, payload, retry_count: row.get(3)? });
            }
            Ok(claimed)
        });
        let claimed = claimed.map_err(failed)?;
        self.reader = Some(reader);
        Ok(claimed)
    }

    /// Writes down what has become of records, in one transaction with the counters; `false`: the lease is lost, and
    /// nothing was changed.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(crate) fn settle(&mut self, settlement: Settlement) -> Result<bool, OutboxError> {
        let own = self.outbox.producer();
        self.write(move |transaction, books| {
            if lease(transaction)?.0 != Some(own) {
                return Ok(false);
            }
            settle(transaction, books, &settlement)?;
            retention::trim_completed(transaction, books)?;
            Ok(true)
        })
    }

    /// Shows what the worker does to whoever looks at the outbox.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(crate) fn show_state(&mut self, State { name, reason, next }: State<'_>) -> Result<(), OutboxError> {
        let reason = reason.map(str::to_owned);
        self.write(move |transaction, _| {
            let after_s = next.map(|next| next.as_secs());
            let after_s = after_s.map(|after_s| i64::try_from(after_s).unwrap_or(i64::MAX));
            let parameters = named_params! { ":state": name, ":reason": reason, ":after_s": after_s };
            transaction.prepare_cached(WORKER_STATE)?.execute(parameters).map(drop)
        })
    }

    /// Waits until this process has stored something or the waker was used: `true`; or until the time is over.
    pub(crate) fn wait(&self, timeout: Duration) -> bool {
        self.outbox.bell().wait(timeout)
    }

    /// What ends `wait`.
    pub(crate) fn waker(&self) -> Waker {
        Waker(Arc::clone(self.outbox.bell()))
    }

    /// How many rows are still to be sent, by the counters.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(crate) fn pending(&self) -> Result<u64, OutboxError> {
        self.write(|transaction, books| Ok(books.account(transaction)?.pending.unsigned_abs()))
    }

    fn write<T: Send + 'static>(
        &self,
        work: impl FnMut(&Transaction<'_>, &mut Books) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, OutboxError> {
        write(self.outbox.queue(), work)
    }
}

/// Has the writer do `work` in one of its transactions, and waits until that is on the disk.
pub(super) fn write<T: Send + 'static>(
    queue: &Queue,
    work: impl FnMut(&Transaction<'_>, &mut Books) -> rusqlite::Result<T> + Send + 'static,
) -> Result<T, OutboxError> {
    let (reply, answer) = sync_channel(1);
    queue.ask(Box::new(Task { work, value: None, reply }));
    answer.recv().unwrap_or_else(|_| Err(OutboxError::lasting("the outbox's writer has ended".into())))
}

struct Task<F, T> {
    work: F,
    /// What the last run has answered; it counts once that is committed.
    value: Option<T>,
    reply: SyncSender<Result<T, OutboxError>>,
}

impl<F, T> Work for Task<F, T>
where
    F: FnMut(&Transaction<'_>, &mut Books) -> rusqlite::Result<T> + Send,
    T: Send,
{
    fn run(&mut self, transaction: &Transaction<'_>, books: &mut Books) -> rusqlite::Result<()> {
        self.value = None;
        self.value = Some((self.work)(transaction, books)?);
        Ok(())
    }

    fn settle(self: Box<Self>, outcome: Result<(), OutboxError>) {
        let Self { value, reply, .. } = *self;
        let again = || OutboxError::passing("the outbox was busy with a failure: try again".into());
        let _ = reply.try_send(outcome.and_then(|()| value.ok_or_else(again)));
    }
}

fn lease(transaction: &Transaction<'_>) -> rusqlite::Result<(Option<i64>, i64)> {
    transaction.prepare_cached(LEASE)?.query_row([], |row| Ok((row.get(0)?, row.get(1)?)))
}

fn hold(transaction: &Transaction<'_>, holder: Option<i64>) -> rusqlite::Result<()> {
    transaction.prepare_cached(LEASE_SET)?.execute(named_params! { ":holder": holder }).map(drop)
}

fn settle(transaction: &Transaction<'_>, books: &mut Books, settlement: &Settlement) -> rusqlite::Result<()> {
    let backlog = is_backlog(transaction, books, settlement)?;
    for (first_id, last_id) in runs(&settlement.delivered) {
        let parameters = named_params! { ":first_id": first_id, ":last_id": last_id };
        let changed = if backlog {
            let (rows, bytes): (i64, i64) =
                transaction.prepare_cached(STORED)?.query_row(parameters, |row| Ok((row.get(0)?, row.get(1)?)))?;
            transaction.prepare_cached(GONE)?.execute(parameters)?;
            books.stored.rows -= rows;
            books.stored.bytes -= bytes;
            rows
        } else {
            i64::try_from(transaction.prepare_cached(DELIVERED)?.execute(parameters)?).unwrap_or(i64::MAX)
        };
        books.delivered += changed;
        books.stored.pending -= changed;
    }
    let mut dead = transaction.prepare_cached(DEAD)?;
    for (id, reason) in &settlement.dead {
        let changed = i64::from(dead.execute(named_params! { ":id": id, ":reason": reason })? > 0);
        books.dead += changed;
        books.stored.dead += changed;
        books.stored.pending -= changed;
    }
    if let Some(Retried { ids, reason, after }) = &settlement.retried {
        let mut retried = transaction.prepare_cached(RETRIED)?;
        let after_s = i64::try_from(after.as_secs()).unwrap_or(i64::MAX);
        for id in ids {
            retried.execute(named_params! { ":id": id, ":reason": reason, ":after_s": after_s })?;
        }
    }
    Ok(())
}

/// Whether what is delivered now would be deleted before anybody looked at it: writing it once more is then half of all
/// the work.
fn is_backlog(transaction: &Transaction<'_>, books: &Books, settlement: &Settlement) -> rusqlite::Result<bool> {
    let delivered = i64::try_from(settlement.delivered.len()).unwrap_or(i64::MAX);
    Ok(books.account(transaction)?.pending.saturating_sub(delivered) >= retention::KEPT_COMPLETED
        && !transaction.prepare_cached(CURSORS)?.query_row([], |row| row.get::<_, bool>(0))?)
}

/// The first and the last of ids that follow each other without a gap. Within one of them is no row that was not sent.
fn runs(ids: &[i64]) -> Vec<(i64, i64)> {
    let mut runs: Vec<(i64, i64)> = Vec::new();
    for id in ids {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == *id => *last = *id,
            _ => runs.push((*id, *id)),
        }
    }
    runs
}

impl Bell {
    pub(super) fn ring(&self) {
        let mut rung = self.rung.lock().unwrap_or_else(PoisonError::into_inner);
        *rung = true;
        self.heard.notify_all();
    }

    fn wait(&self, timeout: Duration) -> bool {
        let rung = self.rung.lock().unwrap_or_else(PoisonError::into_inner);
        let quiet = |rung: &mut bool| !*rung;
        let (mut rung, _) = self.heard.wait_timeout_while(rung, timeout, quiet).unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut *rung)
    }
}

impl Waker {
    /// Ends the wait, or the next one.
    pub(crate) fn wake(&self) {
        self.0.ring();
    }
}
