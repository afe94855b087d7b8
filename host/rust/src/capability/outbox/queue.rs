//! What waits for the writer.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rusqlite::Transaction;

use super::books::Books;
use super::options::MAX_BUFFERED;
use super::ticket::{Promise, Ticket, ended, late};
use super::{OutboxError, Row, Stored};

/// What one transaction holds at most: beyond this a larger one is no faster, and other processes wait for its end.
const GROUP: Size = Size { rows: 1_024, bytes: 8 << 20 };
/// What may wait at most. It bounds memory; two groups are enough to keep the disk busy.
const WAITING: Size = Size { rows: 4_096, bytes: 32 << 20 };
/// How long events that nobody waits for are collected: half of the 20 ms that a killed process may lose.
const GATHERED: Duration = Duration::from_millis(10);

/// Batches in the order of their arrival, and other work on the file.
#[derive(Default)]
pub(super) struct Queue {
    state: Mutex<State>,
    filled: Condvar,
    emptied: Condvar,
}

#[derive(Default)]
struct State {
    batches: VecDeque<Batch>,
    work: Vec<Box<dyn Work>>,
    size: Size,
    /// Rows that were acknowledged and are not on the disk, those that the writer has taken included.
    buffered: usize,
    /// Whether somebody waits for a batch that the writer has not looked at.
    urgent: bool,
    /// When the batches that nobody waits for are to be taken, and whether that is after a failure.
    due: Option<Instant>,
    paused: bool,
    /// Whether the writer waits: telling one that does not costs a system call for nothing.
    asleep: bool,
    closed: bool,
}

/// Rows to be stored together or not at all, and where their outcome goes.
pub(super) struct Batch {
    pub(super) rows: Vec<Row>,
    /// What has become of them, as far as the writer has come.
    pub(super) stored: Vec<Stored>,
    pub(super) bytes: usize,
    /// `None`: it was acknowledged already.
    promise: Option<Promise>,
    /// Nobody waits longer than this.
    pub(super) deadline: Instant,
}

/// Another change of the file, in the same transaction as the rows beside it.
pub(super) trait Work: Send {
    /// Makes the change; the commit is yet to come, and may fail: then it may be asked again.
    fn run(&mut self, transaction: &Transaction<'_>, books: &mut Books) -> rusqlite::Result<()>;
    /// Tells whoever waits for it what became of it.
    fn settle(self: Box<Self>, outcome: Result<(), OutboxError>);
}

/// What the writer takes at once.
#[derive(Default)]
pub(super) struct Group {
    pub(super) batches: VecDeque<Batch>,
    pub(super) work: Vec<Box<dyn Work>>,
}

#[derive(Clone, Copy, Default)]
struct Size {
    rows: usize,
    bytes: usize,
}

impl Queue {
    /// Adds a batch when there is room for it, and waits for room until the deadline; a batch that is larger than all
    /// the room waits until it is alone. What is not `durable` is acknowledged by this.
    pub(super) fn push(&self, rows: Vec<Row>, durable: bool, patience: Duration) -> Result<Ticket, OutboxError> {
        let now = Instant::now();
        let deadline = now + patience;
        let size = Size { rows: rows.len(), bytes: rows.iter().map(Row::bytes).sum() };
        // What needs no lock comes before it.
        let stored = Vec::with_capacity(size.rows);
        let (ticket, promise) = if durable {
            let (ticket, promise) = Ticket::awaited(deadline, patience);
            (ticket, Some(promise))
        } else {
            (Ticket::acknowledged(), None)
        };
        let full = |state: &mut State| {
            let room = state.batches.is_empty() || (state.size + size).fits(WAITING);
            let buffered = durable || state.buffered == 0 || state.buffered + size.rows <= MAX_BUFFERED;
            !(state.closed || room && buffered)
        };
        let (mut state, waited) =
            self.emptied.wait_timeout_while(self.lock(), patience, full).unwrap_or_else(PoisonError::into_inner);
        if state.closed {
            return Err(ended());
        }
        if waited.timed_out() {
            return Err(late(patience, "its queue is full"));
        }
        state.size = state.size + size;
        state.batches.push_back(Batch { rows, stored, bytes: size.bytes, promise, deadline });
        let mut wake = durable;
        if durable {
            state.urgent = true;
        } else {
            state.buffered += size.rows;
            let hurry = state.buffered >= MAX_BUFFERED / 2 && !state.paused;
            let first = state.due.is_none();
            if first || hurry {
                state.due = Some(if hurry { now } else { now + GATHERED });
            }
            // The writer sleeps until the first of them is due, and need not be told of the next.
            wake = first || hurry;
        }
        let wake = wake && std::mem::take(&mut state.asleep);
        drop(state);
        if wake {
            self.filled.notify_one();
        }
        Ok(ticket)
    }

    /// Adds other work.
    pub(super) fn ask(&self, work: Box<dyn Work>) {
        let mut state = self.lock();
        if state.closed {
            drop(state);
            return work.settle(Err(ended()));
        }
        state.work.push(work);
        self.filled.notify_one();
    }

    /// Whatever is waiting, as far as it fits into one transaction; empty after `idle` without any. `None` once the
    /// queue is closed and drained.
    pub(super) fn take(&self, idle: Duration) -> Option<Group> {
        let end = Instant::now() + idle;
        let mut state = self.lock();
        loop {
            let now = Instant::now();
            let due = state.due.is_some_and(|due| due <= now);
            let ready = state.urgent || !state.work.is_empty() || due;
            // Closing it ends no pause: what has just failed would only fail again.
            if ready || (state.closed && !state.paused) || end <= now {
                break;
            }
            let until = state.due.map_or(end, |due| due.min(end)).saturating_duration_since(now);
            state.asleep = true;
            state = self.filled.wait_timeout(state, until).unwrap_or_else(PoisonError::into_inner).0;
        }
        state.asleep = false;
        let mut group = Group { work: std::mem::take(&mut state.work), ..Group::default() };
        let mut size = Size::default();
        let fits = |size: Size, batch: &mut Batch| size.rows == 0 || (size + batch.size()).fits(GROUP);
        while let Some(batch) = state.batches.pop_front_if(|batch| fits(size, batch)) {
            size = size + batch.size();
            if batch.take() {
                group.batches.push_back(batch);
            }
        }
        state.size = state.size - size;
        state.urgent = state.batches.iter().any(|batch| !batch.is_buffered());
        state.due = if state.batches.is_empty() { None } else { Some(Instant::now()) };
        state.paused = false;
        self.emptied.notify_all();
        let drained = state.closed && group.batches.is_empty() && group.work.is_empty() && state.batches.is_empty();
        (!drained).then_some(group)
    }

    /// Puts batches back to where they were, to be taken again after a pause.
    pub(super) fn put_back(&self, batches: VecDeque<Batch>, pause: Duration) {
        if batches.is_empty() {
            return;
        }
        let mut state = self.lock();
        for batch in batches.into_iter().rev() {
            if let Some(promise) = &batch.promise {
                promise.put_back();
            }
            state.size = state.size + batch.size();
            state.batches.push_front(batch);
        }
        // Those that wait behind them wait for the end of the pause, too.
        state.urgent = false;
        state.due = Some(Instant::now() + pause);
        state.paused = true;
    }

    /// Rows that were acknowledged before are on the disk, or given up.
    pub(super) fn forget_buffered(&self, rows: usize) {
        if rows > 0 {
            let mut state = self.lock();
            state.buffered = state.buffered.saturating_sub(rows);
            self.emptied.notify_all();
        }
    }

    /// Takes nothing more; what waits can still be taken out.
    pub(super) fn close(&self) {
        self.lock().closed = true;
        self.filled.notify_all();
        self.emptied.notify_all();
    }

    /// Whether it was closed.
    pub(super) fn is_closed(&self) -> bool {
        self.lock().closed
    }

    /// There is no writer any more: those who wait learn it.
    pub(super) fn abandon(&self) {
        let mut state = self.lock();
        state.batches.clear();
        let work = std::mem::take(&mut state.work);
        drop(state);
        work.into_iter().for_each(|work| work.settle(Err(ended())));
        self.close();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Batch {
    /// Whether it was acknowledged before it is on the disk.
    pub(super) fn is_buffered(&self) -> bool {
        self.promise.is_none()
    }

    /// It is on the disk.
    pub(super) fn succeed(self) {
        if let Some(promise) = self.promise {
            promise.settle(Ok(self.stored), self.rows);
        }
    }

    /// It is not stored, and will not be.
    pub(super) fn fail(self, error: OutboxError) {
        if let Some(promise) = self.promise {
            promise.settle(Err(error), self.rows);
        }
    }

    fn size(&self) -> Size {
        Size { rows: self.rows.len(), bytes: self.bytes }
    }

    /// Whether somebody still wants it; it can no longer be given up.
    fn take(&self) -> bool {
        self.promise.as_ref().is_none_or(Promise::take)
    }
}

impl Size {
    fn fits(self, limit: Self) -> bool {
        self.rows <= limit.rows && self.bytes <= limit.bytes
    }
}

impl std::ops::Add for Size {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { rows: self.rows + other.rows, bytes: self.bytes + other.bytes }
    }
}

impl std::ops::Sub for Size {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self { rows: self.rows.saturating_sub(other.rows), bytes: self.bytes.saturating_sub(other.bytes) }
    }
}
