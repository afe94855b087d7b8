//! The durable queue `audit_queue`, in an SQLite file of our own (`host/sql`). One thread writes, in transactions that
//! hold whatever has been waiting, so that many producers share one wait for the disk.
//!
//! Other processes may use the same file. Nobody may open it with another SQLite library inside the same process:
//! closing one copy's file would drop the other's locks.

mod error;
mod place;
mod queue;
#[cfg_attr(not(feature = "cli"), expect(dead_code, reason = "only the program looks into it"))]
mod reader;
mod store;
mod writer;

use std::path::Path;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

pub(crate) use error::OutboxError;
pub(crate) use place::default_path;
pub(crate) use queue::Ticket;
#[cfg_attr(not(feature = "cli"), expect(unused_imports, reason = "only the program looks into it"))]
pub(crate) use reader::{Entry, Page, Reader, Shown, Status, SyncStatus};

/// How long a file that other processes keep locked is tried again. Eight of them at full load make nobody wait longer
/// than 0.2 s.
const PATIENCE: Duration = Duration::from_secs(10);

/// An open outbox. Dropping it stores what is waiting, and closes the file.
pub(crate) struct Outbox {
    queue: Arc<queue::Queue>,
    writer: Option<JoinHandle<()>>,
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
    /// Whether it is stored only when it is on the disk, and not when it is queued.
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
    /// Opens the outbox at `path`, or creates it with its folders, for this user alone; and proves that it can be
    /// written.
    ///
    /// # Errors
    /// When the path is a folder, a link, another application's or a newer auditbox's file; when it cannot be written,
    /// its disk is full, or another process keeps it locked for 10 s.
    pub(crate) fn open(path: &Path) -> Result<Self, OutboxError> {
        Self::open_with(path, PATIENCE)
    }

    fn open_with(path: &Path, patience: Duration) -> Result<Self, OutboxError> {
        let store = Some(store::Store::open(path, patience)?);
        let queue = Arc::<queue::Queue>::default();
        let writer = writer::Writer { queue: Arc::clone(&queue), store, path: path.to_owned(), patience };
        let thread = thread::Builder::new().name("auditbox-outbox".into());
        let writer = thread.spawn(move || writer.run()).map_err(|error| {
            OutboxError::passing(format!("cannot start the outbox's thread: {error}: raise the limit of threads"))
        })?;
        Ok(Self { queue, writer: Some(writer) })
    }

    /// Queues rows to be stored together or not at all, and returns at once, unless the queue is full. Batches are
    /// stored in the order in which they are queued.
    ///
    /// # Errors
    /// When the writer has ended.
    pub(crate) fn append(&self, rows: Vec<Row>) -> Result<Ticket, OutboxError> {
        self.queue.push(rows)
    }
}

impl Drop for Outbox {
    fn drop(&mut self) {
        self.queue.close();
        if let Some(writer) = self.writer.take() {
            let _ = writer.join();
        }
    }
}

impl Row {
    fn bytes(&self) -> usize {
        self.event_id.len() + self.event_type.len() + self.agent_id.len() + self.body.len()
    }
}

#[cfg(test)]
mod tests;
