//! The one thread that writes: it takes whatever waits, commits it as one, and only then tells anybody.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use rusqlite::Transaction;
use serde_json::json;

use super::ballast::Ballast;
use super::books::Books;
use super::courier::Bell;
use super::options::{Options, WhenFull};
use super::place::Identity;
use super::queue::{Batch, Group, Queue};
use super::retention::{self, DROPPED};
use super::store::{Cause, Failure, Store};
use super::teller::Teller;
use super::{OutboxError, Row, Stored, check, place, producer};

const APPEND: &str = include_str!("../../../sql/append.sql");

/// How often the file is looked after when nothing happens.
const ROUND: Duration = Duration::from_secs(60);
/// Pauses before what failed is tried again.
const FIRST_PAUSE: Duration = Duration::from_millis(20);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);
/// How often somebody looks whether there is room again.
const ROOM: Duration = Duration::from_millis(50);
/// A clock that has moved by more than this against the monotonic one says nothing about age.
const CLOCK_JUMP: Duration = Duration::from_secs(60);

/// Owns the connection; `None` after it was lost.
pub(super) struct Writer {
    pub(super) queue: Arc<Queue>,
    pub(super) bell: Arc<Bell>,
    pub(super) options: Options,
    path: PathBuf,
    pub(super) patience: Duration,
    /// The file in which a check has found damage.
    pub(super) damaged: Arc<Mutex<Option<Identity>>>,
    /// How often in a row a new connection has met damage.
    damage_met: u8,
    store: Option<Store>,
    /// As which producer this process is entered, and in which file.
    producer: Arc<AtomicI64>,
    entered: Option<Identity>,
    /// Number of the last event that is on the disk.
    sequence: i64,
    ballast: Ballast,
    teller: Teller,
    pause: Duration,
    looked_after: Instant,
    started: (Instant, SystemTime),
}

/// What became of the batches of a transaction, in their order.
enum Fate {
    Stored,
    /// There is no room for it, and it is counted as dropped.
    Dropped,
    NoRoom,
}

impl Writer {
    /// Opens the file, or makes it.
    pub(super) fn open(
        queue: Arc<Queue>,
        bell: Arc<Bell>,
        path: PathBuf,
        options: Options,
        patience: Duration,
    ) -> Result<Self, OutboxError> {
        let mut writer = Self {
            queue,
            bell,
            patience,
            damaged: Arc::default(),
            damage_met: 0,
            store: None,
            producer: Arc::default(),
            entered: None,
            sequence: 0,
            ballast: Ballast::of(&path, options.ballast_bytes),
            teller: Teller::start(),
            pause: FIRST_PAUSE,
            looked_after: Instant::now(),
            started: (Instant::now(), SystemTime::now()),
            path,
            options,
        };
        if let Err(Failure { error, .. }) = writer.connect() {
            // On a full disk SQLite cannot even make the two files that it needs beside it.
            if !error.is_retryable() || !writer.ballast.give_up() {
                return Err(error);
            }
            log::error!("auditbox: {error}");
            writer.connect().map_err(|failure| failure.error)?;
        }
        writer.ballast.keep();
        Ok(writer)
    }

    /// The number of this process in the file, which changes when the file does.
    pub(super) fn producer(&self) -> &Arc<AtomicI64> {
        &self.producer
    }

    fn number(&self) -> i64 {
        self.producer.load(Ordering::Acquire)
    }

    /// Writes until the queue is closed and empty, or nothing can be written any more.
    pub(super) fn run(mut self) {
        let mut closing: Option<Instant> = None;
        while let Some(group) = self.queue.take(ROUND.saturating_sub(self.looked_after.elapsed())) {
            self.serve(group);
            if self.queue.is_closed()
                && *closing.get_or_insert_with(|| Instant::now() + self.options.deadline()) < Instant::now()
            {
                log::error!("auditbox: the outbox `{}` was closed before everything was stored", self.path.display());
                return;
            }
        }
        let producer = self.number();
        if let Some(store) = &self.store
            && let Err(failure) = store.transact(producer, |transaction, _| producer::end(transaction, producer))
        {
            log::warn!("auditbox: {}", failure.error);
        }
    }

    fn serve(&mut self, mut group: Group) {
        let mut outcome = self.commit(&mut group);
        if is_full(&outcome) && self.store.as_ref().is_some_and(|store| store.checkpoint().is_ok()) {
            // What the WAL has held may be enough.
            outcome = self.commit(&mut group);
        }
        if is_full(&outcome) && self.frees(&group) && self.ballast.give_up() {
            log::error!("auditbox: the disk of the outbox `{}` is full", self.path.display());
            outcome = self.commit(&mut group);
            // For the next time: what is only recorded would take it all.
            if let Some(store) = &self.store {
                let _ = store.checkpoint();
            }
            self.ballast.keep();
        }
        match outcome {
            Ok(fates) => self.succeed(group, fates),
            Err(failure) => self.fail(group, failure),
        }
        if self.looked_after.elapsed() >= ROUND {
            self.look_after();
        }
    }

    /// Whether it deletes or settles something, or makes its own room.
    fn frees(&self, group: &Group) -> bool {
        let (rows, bytes) =
            group.batches.iter().fold((0, 0), |(rows, bytes), batch| (rows + batch.rows.len(), bytes + batch.bytes));
        let full = |store: &Store| retention::is_full(&store.connection, &self.options, rows, bytes);
        !group.work.is_empty() || self.store.as_ref().is_some_and(full)
    }

    /// One transaction for all of it, on a connection that may be a new one.
    fn commit(&mut self, group: &mut Group) -> Result<Vec<Fate>, Failure> {
        let damaged = self.damaged.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(damaged) = damaged {
            self.replace_damaged(damaged)?;
        }
        for last in [false, true] {
            self.connect()?;
            let producer = self.number();
            let Some(store) = &self.store else { break };
            let (options, sequence) = (&self.options, self.sequence);
            let done = store.transact(producer, |transaction, books| {
                let fates = store_all(transaction, books, options, producer, &mut group.batches)?;
                let stored: usize = group.batches.iter().map(|batch| batch.stored.len()).sum();
                if stored > 0 {
                    producer::seen(transaction, producer, sequence + stored as i64)?;
                }
                for work in &mut group.work {
                    work.run(transaction, books)?;
                }
                Ok((fates, stored))
            });
            match done {
                Ok((fates, stored)) => {
                    self.sequence += stored as i64;
                    self.damage_met = 0;
                    return Ok(fates);
                }
                Err(failure) => {
                    if failure.cause == Cause::Damaged {
                        // The first look at the file is too short to find it all.
                        self.damage_met = self.damage_met.saturating_add(1);
                        if self.damage_met > 1 {
                            *self.damaged.lock().unwrap_or_else(PoisonError::into_inner) = store.identity;
                        }
                    }
                    if !matches!(failure.cause, Cause::Passing | Cause::Full) {
                        self.store = None;
                    }
                    if last || failure.cause != Cause::Moved {
                        return Err(failure);
                    }
                }
            }
        }
        Err(Failure { error: place::replaced(&self.path), cause: Cause::Moved })
    }

    /// Sees to it that there is a connection, and that this process is entered in its file.
    fn connect(&mut self) -> Result<(), Failure> {
        if self.store.is_some() {
            return Ok(());
        }
        let passing = |error| Failure { error, cause: Cause::Passing };
        let store = Store::open(&self.path, self.patience).map_err(passing)?;
        match (self.entered, store.identity) {
            (Some(entered), Some(identity)) if entered == identity => store.checkpoint().map_err(passing)?,
            (_, identity) => {
                let buffers = self.options.max_buffered();
                let (producer, unclean) = store.transact(0, |transaction, books| {
                    let producer = producer::start(transaction, buffers)?;
                    Ok((producer, producer::bury(transaction, books, producer)?))
                })?;
                self.sequence = 0;
                self.entered = identity;
                self.producer.store(producer, Ordering::Release);
                if unclean > 0 {
                    check::in_background(&self.path, &self.queue, &self.damaged);
                }
            }
        }
        self.store = Some(store);
        Ok(())
    }

    fn replace_damaged(&mut self, damaged: Identity) -> Result<(), Failure> {
        self.store = None;
        let passing = |error| Failure { error, cause: Cause::Passing };
        let path = &self.path;
        let Some(file) = place::find(path).map_err(passing)? else { return Ok(()) };
        let error = OutboxError::damaged(path, "the check of the whole file failed");
        check::replace(path, &file, Some(damaged), self.patience, &error).map(drop).map_err(passing)
    }

    fn succeed(&mut self, group: Group, fates: Vec<Fate>) {
        self.pause = FIRST_PAUSE;
        let now = Instant::now();
        let mut waiting = VecDeque::new();
        let mut stored = Vec::with_capacity(group.batches.len());
        for (batch, fate) in group.batches.into_iter().zip(fates) {
            match fate {
                Fate::Stored => {
                    self.release(&batch);
                    stored.push(batch);
                }
                Fate::NoRoom if self.waits_for_room(&batch, now) => waiting.push_back(batch),
                Fate::Dropped | Fate::NoRoom => {
                    self.release(&batch);
                    batch.fail(OutboxError::no_room(&self.path));
                }
            }
        }
        group.work.into_iter().for_each(|work| work.settle(Ok(())));
        self.queue.put_back(waiting, ROOM);
        if !stored.is_empty() {
            self.teller.tell(stored);
            self.bell.ring();
        }
    }

    /// What was acknowledged waits as long as it must: those that come later wait behind it.
    fn waits_for_room(&self, batch: &Batch, now: Instant) -> bool {
        self.options.when_full == WhenFull::Block && (batch.is_buffered() || now < batch.deadline)
    }

    fn fail(&mut self, group: Group, Failure { error, .. }: Failure) {
        let mut kept = VecDeque::new();
        for batch in group.batches {
            // What was acknowledged is tried again as long as this process lives.
            if batch.is_buffered() { kept.push_back(batch) } else { batch.fail(error.clone()) }
        }
        group.work.into_iter().for_each(|work| work.settle(Err(error.clone())));
        if !kept.is_empty() {
            log::error!("auditbox: {error}");
        }
        self.queue.put_back(kept, self.pause);
        self.pause = (self.pause * 2).min(LONGEST_PAUSE);
    }

    /// What was acknowledged early is not owed any longer.
    fn release(&self, batch: &Batch) {
        if batch.is_buffered() {
            self.queue.forget_buffered(batch.rows.len());
        }
    }

    /// Once a minute: what is too old, losses that were not told yet, free pages, the ballast.
    fn look_after(&mut self) {
        self.looked_after = Instant::now();
        let (producer, sequence) = (self.number(), self.sequence);
        let max_age_s = self.options.max_age_s.filter(|_| !self.clock_has_moved());
        let Some(store) = &self.store else { return };
        let mut more = true;
        while more {
            let done = store.transact(producer, |transaction, books| {
                producer::seen(transaction, producer, sequence)?;
                producer::bury(transaction, books, producer)?;
                let more = match max_age_s {
                    Some(max_age_s) => retention::expire(transaction, books, max_age_s)?,
                    None => false,
                };
                if books.expired > 0 {
                    let payload = json!({ "consumer": "platform", "reason": "expired", "count": books.expired });
                    books.notice(transaction, "auditbox.loss", &payload)?;
                }
                retention::trim_completed(transaction, books)?;
                books.tell(transaction)?;
                Ok(more)
            });
            more = done.unwrap_or_else(|failure| {
                log::warn!("auditbox: {}", failure.error);
                false
            });
        }
        if let Err(error) = store.shrink() {
            log::warn!("auditbox: {}", OutboxError::sqlite("shrink", &self.path, &error));
        }
        self.ballast.keep();
    }

    fn clock_has_moved(&self) -> bool {
        let (monotonic, wall) = self.started;
        let expected = wall + monotonic.elapsed();
        let now = SystemTime::now();
        now.duration_since(expected).or_else(|_| expected.duration_since(now)).is_ok_and(|by| by > CLOCK_JUMP)
    }
}

fn is_full<T>(outcome: &Result<T, Failure>) -> bool {
    matches!(outcome, Err(Failure { cause: Cause::Full, .. }))
}

/// Stores the batches for which there is room.
fn store_all(
    transaction: &Transaction<'_>,
    books: &mut Books,
    options: &Options,
    producer: i64,
    batches: &mut VecDeque<Batch>,
) -> rusqlite::Result<Vec<Fate>> {
    let mut append = transaction.prepare_cached(APPEND)?;
    let mut fates = Vec::with_capacity(batches.len());
    let (rows, bytes) =
        batches.iter().fold((0, 0), |(rows, bytes), batch| (rows + batch.rows.len(), bytes + batch.bytes));
    let all = retention::admit(transaction, books, options, rows, bytes)?;
    let mut blocked = false;
    for batch in batches {
        batch.stored.clear();
        if !all && (blocked || !retention::admit(transaction, books, options, batch.rows.len(), batch.bytes)?) {
            // What was acknowledged is not given up without being counted.
            let counted = batch.is_buffered() && options.when_full != WhenFull::Block;
            if counted || options.when_full == WhenFull::DropNewest {
                let events = i64::try_from(batch.rows.len()).unwrap_or(i64::MAX);
                books.accepted += events;
                books.lose(DROPPED, events, None);
                fates.push(Fate::Dropped);
            } else {
                // Those behind it wait as well: rows stay in their order.
                blocked = options.when_full == WhenFull::Block;
                fates.push(Fate::NoRoom);
            }
            continue;
        }
        for Row { event_id, event_type, agent_id, body, .. } in &batch.rows {
            // In the order in which append.sql has them: a name is looked up for each row.
            let changed = append.execute((event_id, event_type, body, agent_id, producer))?;
            batch.stored.push(if changed == 0 { Stored::Duplicate } else { Stored::New });
            if changed == 0 {
                books.duplicates += 1;
            } else {
                books.add(body.len());
            }
        }
        fates.push(Fate::Stored);
    }
    Ok(fates)
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.queue.abandon();
    }
}
