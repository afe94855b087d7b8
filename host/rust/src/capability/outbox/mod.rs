//! The durable queue `audit_queue`, in an SQLite file of our own (`host/sql`). One thread writes, in transactions that
//! hold whatever has been waiting, so that many producers share one wait for the disk.
//!
//! Other processes may use the same file. Nobody may open it with another SQLite library inside the same process:
//! closing one copy's file would drop the other's locks.

mod ballast;
mod books;
mod check;
mod courier;
mod error;
#[cfg_attr(not(feature = "cli"), expect(dead_code, reason = "only the program looks into it"))]
mod filter;
mod handle;
mod options;
mod place;
mod producer;
mod queue;
#[cfg_attr(not(feature = "cli"), expect(dead_code, reason = "only the program looks into it"))]
mod reader;
mod retention;
mod salvage;
mod store;
mod teller;
mod ticket;
mod writer;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use self::courier::Bell;
pub(crate) use courier::{Claimed, Courier, Retried, Settlement, State};
pub(crate) use error::OutboxError;
pub(crate) use options::Options;
pub(crate) use place::default_path;
pub(crate) use ticket::Ticket;
#[cfg_attr(not(feature = "cli"), expect(unused_imports, reason = "only the program looks into it"))]
pub(crate) use {
    filter::Filter,
    reader::{Entry, Reader, Shown, Status, SyncStatus},
};

/// How long a file that other processes keep locked is tried again. Eight of them at full load make nobody wait longer
/// than 0.2 s.
const PATIENCE: Duration = Duration::from_secs(10);

/// An open outbox. Dropping it stores what is waiting, and closes the file.
pub(crate) struct Outbox {
    queue: Arc<queue::Queue>,
    bell: Arc<Bell>,
    path: PathBuf,
    deadline: Duration,
    producer: Arc<AtomicI64>,
    /// The process that has opened it: a fork has no writer.
    process: u32,
    writer: Mutex<Option<JoinHandle<()>>>,
}

/// One record to store.
pub(crate) struct Row {
    /// What makes an event the same event: a UUID.
    pub(crate) event_id: String,
    /// The `action` of a tool call, or the type of a telemetry event.
    pub(crate) event_type: String,
    /// Who reports; may be empty.
    pub(crate) agent_id: String,
    /// The record.
    pub(crate) body: String,
    /// Whether it may only be acknowledged when it is on the disk.
    pub(crate) durable: bool,
}

/// What became of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stored {
    /// It is on the disk.
    New,
    /// An event of that id was there already, and has stayed as it was.
    Duplicate,
}

impl Outbox {
    /// Opens the outbox, or creates it with its folders, for this user alone; proves that it can be written, and records
    /// which processes ended without closing it.
    ///
    /// # Errors
    /// When the path is a folder, a link, another application's or a newer auditbox's file; when it is on a network; when
    /// it cannot be written, its disk is full, or another process keeps it locked for 10 s.
    pub(crate) fn open(options: Options) -> Result<Self, OutboxError> {
        Self::open_with(options, PATIENCE)
    }

    fn open_with(options: Options, patience: Duration) -> Result<Self, OutboxError> {
        let (queue, bell) = (Arc::<queue::Queue>::default(), Arc::<Bell>::default());
        let path = options.path.clone().map_or_else(default_path, Ok)?;
        let deadline = options.deadline();
        let writer = writer::Writer::open(Arc::clone(&queue), Arc::clone(&bell), path.clone(), options, patience)?;
        let producer = Arc::clone(writer.producer());
        let thread = thread::Builder::new().name("auditbox-outbox".into());
        let writer = thread.spawn(move || writer.run()).map_err(|error| {
            OutboxError::passing(format!("cannot start the outbox's thread: {error}: raise the limit of threads"))
        })?;
        Ok(Self {
            queue,
            bell,
            path,
            deadline,
            producer,
            process: std::process::id(),
            writer: Mutex::new(Some(writer)),
        })
    }

    /// Queues rows to be stored together or not at all, and returns at once, unless the queue is full. Batches are
    /// stored in the order in which they are queued. What is not `durable` is acknowledged by this.
    ///
    /// # Errors
    /// When the writer has ended, the queue stays full until the deadline, or this process is a fork of the one that
    /// opened the outbox.
    pub(crate) fn append(&self, rows: Vec<Row>, durable: bool) -> Result<Ticket, OutboxError> {
        if self.is_inherited() {
            return Err(OutboxError::forked());
        }
        self.queue.push(rows, durable, self.deadline)
    }

    /// Has the dead rows that are meant tried again, and tells how many there were.
    ///
    /// # Errors
    /// When the file cannot be written.
    #[cfg(feature = "cli")]
    pub(crate) fn revive(&self, filter: Filter) -> Result<u64, OutboxError> {
        let revived = courier::write(&self.queue, move |transaction, books| filter.revive(transaction, books))?;
        self.bell.ring();
        Ok(revived)
    }

    /// Deletes the rows that are meant, and tells how many they were. What was still to be sent is counted as dropped.
    ///
    /// # Errors
    /// When the file cannot be written.
    #[cfg(feature = "cli")]
    pub(crate) fn purge(&self, filter: Filter) -> Result<u64, OutboxError> {
        /// Rows of one transaction: others have the file in between.
        const STEP: i64 = 4_096;
        let last = courier::write(&self.queue, |transaction, _| filter::last_id(transaction))?;
        let end = filter.before_id.unwrap_or(i64::MAX).min(last.saturating_add(1));
        // Another program may have given out numbers below 1.
        let (mut after_id, mut reached) = (filter.after_id, filter.after_id.unwrap_or(0));
        let mut purged = 0;
        while reached < end {
            reached = reached.saturating_add(STEP);
            let step = Filter { after_id, before_id: Some(reached.saturating_add(1).min(end)), ..filter.clone() };
            purged += courier::write(&self.queue, move |transaction, books| step.purge(transaction, books))?;
            after_id = Some(reached);
        }
        Ok(purged)
    }

    /// Checks the whole file, and writes down what was found: `ok`, or what is wrong with it.
    ///
    /// # Errors
    /// When it cannot be read.
    #[cfg(feature = "cli")]
    pub(crate) fn check(&self) -> Result<String, OutboxError> {
        let result = check::whole(&self.path, PATIENCE)?;
        self.queue.ask(Box::new(check::Checked(result.clone())));
        Ok(result)
    }

    /// Waits until everything that was queued before is on the disk.
    ///
    /// # Errors
    /// When it cannot be stored now; what was acknowledged is tried again.
    pub(crate) fn flush(&self) -> Result<(), OutboxError> {
        courier::write(&self.queue, |_, _| Ok(()))
    }

    /// The outbox as a sync worker sees it.
    pub(crate) fn courier(self: &Arc<Self>) -> Courier {
        Courier::new(Arc::clone(self))
    }

    /// Stores what is waiting, as far as the deadline allows, and closes the file. Nothing can be appended after it.
    pub(crate) fn close(&self) {
        // In a fork there is no writer, and its queue is in whatever state it was.
        if self.is_inherited() {
            return;
        }
        self.queue.close();
        let writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(writer) = writer {
            let _ = writer.join();
        }
    }

    fn is_inherited(&self) -> bool {
        std::process::id() != self.process
    }

    fn path(&self) -> &Path {
        &self.path
    }

    fn producer(&self) -> i64 {
        self.producer.load(Ordering::Acquire)
    }

    fn queue(&self) -> &queue::Queue {
        &self.queue
    }

    fn bell(&self) -> &Arc<Bell> {
        &self.bell
    }
}

impl Drop for Outbox {
    fn drop(&mut self) {
        self.close();
    }
}

impl Row {
    fn bytes(&self) -> usize {
        self.event_id.len() + self.event_type.len() + self.agent_id.len() + self.body.len()
    }
}

#[cfg(test)]
mod tests;
