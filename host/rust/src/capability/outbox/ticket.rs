//! What a producer waits on, and the writer's half of it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

use super::{OutboxError, Row, Stored};

/// What became of a batch, row by row.
pub(super) type Outcome = Result<Vec<Stored>, OutboxError>;

/// What to wait on for the outcome of one `append`.
#[must_use = "nothing is known to be stored before `wait` has returned"]
pub(crate) struct Ticket(Option<Waiting>);

struct Waiting {
    slot: Arc<Slot>,
    deadline: Instant,
    patience: Duration,
}

/// The writer's half. Dropped without a word, it says that the writer has ended.
pub(super) struct Promise(Arc<Slot>);

// A channel would do, at twice the price: the writer tells thousands of producers a second.
#[derive(Default)]
struct Slot(Mutex<State>);

#[derive(Default)]
struct State {
    stage: Stage,
    waiter: Option<Thread>,
    told: Option<Told>,
}

struct Told {
    outcome: Outcome,
    /// For the producer to free, who has more time.
    _rows: Vec<Row>,
}

/// How far a batch has come.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
enum Stage {
    #[default]
    Waits,
    /// The writer has it: it may be stored.
    Taken,
    /// Nobody will store it.
    GivenUp,
    /// Its outcome was told.
    Told,
}

impl Ticket {
    /// For a batch that is acknowledged when it is queued: of its outcome nothing will be known.
    pub(super) fn acknowledged() -> Self {
        Self(None)
    }

    /// For a batch that is acknowledged when it is on the disk.
    pub(super) fn awaited(deadline: Instant, patience: Duration) -> (Self, Promise) {
        let slot = Arc::<Slot>::default();
        (Self(Some(Waiting { slot: Arc::clone(&slot), deadline, patience })), Promise(slot))
    }

    /// Waits until the batch is on the disk, and tells for each row whether it was new; for a batch that was acknowledged
    /// when it was queued, nothing is known. Gives up when the deadline of the outbox has passed.
    ///
    /// # Errors
    /// When the batch was not stored; then none of it is.
    pub(crate) fn wait(self) -> Outcome {
        let Some(Waiting { slot, deadline, patience }) = self.0 else { return Ok(Vec::new()) };
        let mut end = deadline;
        loop {
            let now = Instant::now();
            {
                let mut state = slot.lock();
                if let Some(told) = state.told.take() {
                    drop(state);
                    return told.outcome;
                }
                if now >= end && state.stage == Stage::Waits {
                    state.stage = Stage::GivenUp;
                    return Err(late(patience, "the disk is slow, or another process keeps the file locked"));
                }
                // Somebody is about to store it: that is worth waiting for once more.
                if now >= end && end > deadline {
                    return Err(late(patience, "the disk does not answer; the event may still be stored"));
                }
                if now >= end {
                    end = now + patience;
                }
                state.waiter.get_or_insert_with(thread::current);
            }
            thread::park_timeout(end.saturating_duration_since(now));
        }
    }
}

impl Promise {
    /// Whether the producer still wants it; it can no longer give it up.
    pub(super) fn take(&self) -> bool {
        let mut state = self.0.lock();
        let wanted = state.stage == Stage::Waits;
        if wanted {
            state.stage = Stage::Taken;
        }
        wanted
    }

    /// It waits again, and can be given up.
    pub(super) fn put_back(&self) {
        self.0.lock().stage = Stage::Waits;
    }

    /// Tells whoever holds the ticket; nobody may.
    pub(super) fn settle(self, outcome: Outcome, rows: Vec<Row>) {
        self.0.tell(outcome, rows);
    }
}

impl Drop for Promise {
    fn drop(&mut self) {
        // Only the first word counts.
        self.0.tell(Err(ended()), Vec::new());
    }
}

impl Slot {
    fn tell(&self, outcome: Outcome, rows: Vec<Row>) {
        let mut state = self.lock();
        if matches!(state.stage, Stage::GivenUp | Stage::Told) {
            return;
        }
        state.stage = Stage::Told;
        state.told = Some(Told { outcome, _rows: rows });
        let waiter = state.waiter.take();
        drop(state);
        if let Some(waiter) = waiter {
            waiter.unpark();
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// There is no writer any more.
pub(super) fn ended() -> OutboxError {
    OutboxError::lasting("the outbox's writer has ended: start the program again".into())
}

/// The time of an event is over.
pub(super) fn late(patience: Duration, why: &str) -> OutboxError {
    OutboxError::passing(format!("the outbox has not stored it within {} ms: {why}", patience.as_millis()))
}
