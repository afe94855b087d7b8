//! The floor: rows into the same table by rusqlite alone, with one thread that commits whatever waits.

use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread;

use rusqlite::Connection;

/// A table and the thread that writes it; dropping it ends the thread.
pub(crate) struct Floor(Sender<Job>);

struct Job {
    event_id: String,
    record: String,
    done: SyncSender<()>,
}

impl Floor {
    pub(crate) fn open(path: &Path) -> rusqlite::Result<Self> {
        let connection = Connection::open(path)?;
        connection.execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
             CREATE TABLE audit_queue (
                 id INTEGER PRIMARY KEY AUTOINCREMENT, event_id TEXT NOT NULL UNIQUE, event_type TEXT NOT NULL,
                 payload TEXT NOT NULL, created_at TEXT NOT NULL, sync_status TEXT NOT NULL DEFAULT 'PENDING',
                 retry_count INTEGER NOT NULL DEFAULT 0, next_attempt_at TEXT, last_error TEXT, agent_id TEXT NOT NULL
             ) STRICT;
             CREATE INDEX audit_queue_pending ON audit_queue (id, next_attempt_at) WHERE sync_status = 'PENDING';",
        )?;
        let (jobs, receiver) = channel();
        let writer = move || write(&connection, &receiver).expect("the floor holds");
        thread::Builder::new().name("floor".into()).spawn(writer).expect("a thread");
        Ok(Self(jobs))
    }

    /// Returns when the record is on the disk.
    pub(crate) fn store(&self, number: usize, record: &str) {
        let (done, wait) = sync_channel(1);
        let event_id = format!("01a20505-87f9-7f46-b343-{number:012x}");
        self.0.send(Job { event_id, record: record.to_owned(), done }).expect("the writer is there");
        wait.recv().expect("it is stored");
    }
}

fn write(connection: &Connection, jobs: &Receiver<Job>) -> rusqlite::Result<()> {
    let insert = "INSERT INTO audit_queue (event_id, event_type, payload, created_at, agent_id)
                  VALUES (?1, 'call_executed', ?2, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), '')
                  ON CONFLICT (event_id) DO NOTHING";
    let mut insert = connection.prepare(insert)?;
    while let Ok(first) = jobs.recv() {
        let group: Vec<Job> = std::iter::once(first).chain(jobs.try_iter().take(1_023)).collect();
        connection.execute_batch("BEGIN IMMEDIATE")?;
        for job in &group {
            insert.execute((&job.event_id, &job.record))?;
        }
        connection.execute_batch("COMMIT")?;
        for job in group {
            let _ = job.done.send(());
        }
    }
    Ok(())
}
