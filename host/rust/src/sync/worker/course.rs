//! Which batch comes next: what is to be sent again, what was split, what was read ahead, and only then new rows. All of
//! it in memory, at most a few batches.

use std::sync::{Arc, mpsc};
use std::thread;

use super::sender::Cargo;
use crate::capability::outbox::{Claimed, OutboxError};
use crate::config::{Compression, SyncOptions};
use crate::sync::batch::{self, Batch};
use crate::sync::rows::Rows;

/// After so many batches the oldest rows are looked at again: somebody may have revived some.
const STRETCH: u32 = 64;

/// A batch that can be sent.
pub(super) struct Ready {
    pub(super) batch: Batch,
    pub(super) cargo: Arc<Cargo>,
    /// Whether more rows were waiting than it could take.
    pub(super) full: bool,
}

/// Rows that were claimed.
pub(super) struct Load {
    claimed: Vec<Claimed>,
    full: bool,
    compression: Compression,
}

/// What became of them: a batch, if any is a record; and what is none, each with its reason.
pub(super) struct Packed {
    pub(super) ready: Option<Ready>,
    pub(super) dead: Vec<(i64, String)>,
}

pub(super) struct Course {
    max_rows: usize,
    max_bytes: usize,
    compression: Compression,
    again: Option<Ready>,
    /// The next one last.
    parts: Vec<Batch>,
    ahead: Option<Ready>,
    /// The last row that was claimed.
    cursor: i64,
    stretch: u32,
}

impl Course {
    pub(super) fn new(options: &SyncOptions) -> Self {
        let number = |value: u64| usize::try_from(value).unwrap_or(usize::MAX);
        let max_rows = number(options.max_batch_rows).max(1);
        Self {
            max_rows,
            max_bytes: batch::room(max_rows, number(options.max_batch_bytes)),
            compression: options.compression,
            again: None,
            parts: Vec::new(),
            ahead: None,
            cursor: 0,
            stretch: 0,
        }
    }

    /// The next batch of those that are known.
    pub(super) fn next(&mut self) -> Option<Ready> {
        if let Some(again) = self.again.take() {
            return Some(again);
        }
        match self.parts.pop() {
            Some(part) => Some(Ready::new(part, self.compression, false)),
            None => self.ahead.take(),
        }
    }

    /// This one comes next.
    pub(super) fn again(&mut self, ready: Ready) {
        self.again = Some(ready);
    }

    /// Its halves come next.
    pub(super) fn split(&mut self, batch: Batch) {
        let (first, second) = batch.split();
        self.parts.extend(second);
        self.parts.push(first);
    }

    /// The oldest rows. To be asked for when no row is claimed: `None` and no dead rows mean that nothing waits. What is
    /// no record is answered as dead, with its reason.
    pub(super) fn oldest(&mut self, rows: &mut impl Rows) -> Result<Packed, OutboxError> {
        self.cursor = 0;
        self.stretch = 0;
        self.claim(rows).map(Load::pack)
    }

    /// The rows behind those that are under way, to be packed and then kept by `keep`; `None` when that is done, or split
    /// batches come first.
    pub(super) fn ahead(&mut self, rows: &mut impl Rows) -> Result<Option<Load>, OutboxError> {
        if self.ahead.is_some() || self.again.is_some() || !self.parts.is_empty() || self.stretch >= STRETCH {
            return Ok(None);
        }
        self.stretch += 1;
        self.claim(rows).map(Some)
    }

    /// Comes after what is under way.
    pub(super) fn keep(&mut self, ready: Option<Ready>) {
        self.ahead = ready;
    }

    /// Nothing is known of any row: they may have been settled by another worker.
    pub(super) fn forget(&mut self) {
        self.again = None;
        self.parts.clear();
        self.ahead = None;
        self.cursor = 0;
    }

    fn claim(&mut self, rows: &mut impl Rows) -> Result<Load, OutboxError> {
        let claimed = rows.claim(self.cursor, self.max_rows, self.max_bytes)?;
        let full = self.is_full(&claimed);
        self.cursor = claimed.last().map_or(self.cursor, |row| row.id);
        Ok(Load { claimed, full, compression: self.compression })
    }

    fn is_full(&self, claimed: &[Claimed]) -> bool {
        let bytes: usize = claimed.iter().map(|row| row.payload.len()).sum();
        claimed.len() == self.max_rows || bytes > self.max_bytes / 2
    }
}

impl Load {
    /// What takes the time: looking at each record, and compressing. Any thread can do it.
    pub(super) fn pack(self) -> Packed {
        let (batch, dead) = Batch::of(self.claimed);
        Packed { ready: batch.map(|batch| Ready::new(batch, self.compression, self.full)), dead }
    }
}

impl Load {
    /// As `pack`, in a thread of its own while this one does other work. `None`: a bug has ended that thread; its rows
    /// are claimed again later.
    pub(super) fn pack_beside<T>(self, work: impl FnOnce() -> T) -> (T, Option<Packed>) {
        thread::scope(|scope| {
            let (hand, handed) = mpsc::sync_channel::<Self>(1);
            let packer = thread::Builder::new().name("auditbox-pack".into());
            match packer.spawn_scoped(scope, move || handed.recv().ok().map(Self::pack)) {
                Ok(packer) => {
                    // It takes one before it ends.
                    let _ = hand.send(self);
                    (work(), packer.join().ok().flatten())
                }
                // Too many threads: one after the other, then.
                Err(_) => (work(), Some(self.pack())),
            }
        })
    }
}

impl Ready {
    fn new(batch: Batch, compression: Compression, full: bool) -> Self {
        let (body, encoding) = batch.body(compression);
        let cargo = Arc::new(Cargo { body, encoding, idempotency_key: batch.idempotency_key() });
        Self { batch, cargo, full }
    }
}
