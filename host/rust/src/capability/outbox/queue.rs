//! What waits for the writer, and the tickets of those who wait for it.

use std::collections::VecDeque;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use super::{OutboxError, Row, Stored};

/// What one transaction holds at most: beyond this a larger one is no faster, and other processes wait for its end.
const GROUP: Size = Size { rows: 1_024, bytes: 8 << 20 };
/// What may wait at most. It bounds memory; two groups are enough to keep the disk busy.
const WAITING: Size = Size { rows: 4_096, bytes: 32 << 20 };

/// Batches in the order of their arrival.
#[derive(Default)]
pub(super) struct Queue {
    state: Mutex<State>,
    filled: Condvar,
    emptied: Condvar,
}

#[derive(Default)]
struct State {
    jobs: VecDeque<Job>,
    size: Size,
    closed: bool,
}

/// One batch, and where its outcome goes.
pub(super) struct Job {
    pub(super) rows: Vec<Row>,
    size: Size,
    outcome: SyncSender<Result<Vec<Stored>, OutboxError>>,
}

/// What to wait on for the outcome of one `append`.
#[must_use = "nothing is known to be stored before `wait` has returned"]
pub(crate) struct Ticket(Receiver<Result<Vec<Stored>, OutboxError>>);

#[derive(Clone, Copy, Default)]
struct Size {
    rows: usize,
    bytes: usize,
}

impl Queue {
    /// Adds a batch when there is room for it; a batch that is larger than all the room waits until it is alone.
    pub(super) fn push(&self, rows: Vec<Row>) -> Result<Ticket, OutboxError> {
        let (outcome, ticket) = sync_channel(1);
        let size = Size { rows: rows.len(), bytes: rows.iter().map(Row::bytes).sum() };
        let full = |state: &mut State| !state.closed && !state.jobs.is_empty() && !(state.size + size).fits(WAITING);
        let mut state = self.emptied.wait_while(self.lock(), full).unwrap_or_else(PoisonError::into_inner);
        if state.closed {
            return Err(ended());
        }
        state.size = state.size + size;
        state.jobs.push_back(Job { rows, size, outcome });
        self.filled.notify_one();
        Ok(Ticket(ticket))
    }

    /// Whatever is waiting, as far as it fits into one transaction; empty once the queue is closed and drained.
    pub(super) fn take(&self) -> Vec<Job> {
        let idle = |state: &mut State| !state.closed && state.jobs.is_empty();
        let mut state = self.filled.wait_while(self.lock(), idle).unwrap_or_else(PoisonError::into_inner);
        let mut group = Vec::new();
        let mut size = Size::default();
        while let Some(job) = state.jobs.pop_front_if(|job| group.is_empty() || (size + job.size).fits(GROUP)) {
            size = size + job.size;
            group.push(job);
        }
        state.size = state.size - size;
        self.emptied.notify_all();
        group
    }

    /// Takes nothing more; what waits can still be taken out.
    pub(super) fn close(&self) {
        self.lock().closed = true;
        self.filled.notify_all();
        self.emptied.notify_all();
    }

    /// There is no writer any more: those who wait learn it.
    pub(super) fn abandon(&self) {
        self.lock().jobs.clear();
        self.close();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Job {
    /// Tells whoever holds the ticket; nobody may.
    pub(super) fn settle(self, outcome: Result<Vec<Stored>, OutboxError>) {
        let _ = self.outcome.try_send(outcome);
    }
}

impl Ticket {
    /// Waits until the batch is on the disk, and tells for each row whether it was new.
    ///
    /// # Errors
    /// When the batch was not stored; then none of it is.
    pub(crate) fn wait(self) -> Result<Vec<Stored>, OutboxError> {
        self.0.recv().unwrap_or_else(|_| Err(ended()))
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

fn ended() -> OutboxError {
    OutboxError::lasting("the outbox's writer has ended: start the program again".into())
}
