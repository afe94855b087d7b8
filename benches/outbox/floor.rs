//! The floor: the same statements on the same table by rusqlite alone, with one thread that commits whatever waits. It
//! counts nothing, makes no room, checks nothing, and holds for one process.

use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread;

use rusqlite::Connection;

const SCHEMAS: [&str; 2] = [include_str!("../../host/sql/schema/1.sql"), include_str!("../../host/sql/schema/2.sql")];
const CONNECTION: &str = include_str!("../../host/sql/connection.sql");
const JOURNAL: &str = include_str!("../../host/sql/journal.sql");
const APPEND: &str = include_str!("../../host/sql/append.sql");

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
        connection.execute_batch(CONNECTION)?;
        connection.execute_batch("PRAGMA auto_vacuum = INCREMENTAL")?;
        for schema in SCHEMAS {
            connection.execute_batch(schema)?;
        }
        connection.query_row(JOURNAL, [], |_| Ok(()))?;
        let (jobs, receiver) = channel();
        let writer = move || write(&connection, &receiver).expect("the floor holds");
        thread::Builder::new().name("floor".into()).spawn(writer).expect("a thread");
        Ok(Self(jobs))
    }

    /// Returns when the record is on the disk.
    pub(crate) fn store(&self, number: usize, record: &str) {
        let (done, wait) = sync_channel(1);
        // As the component's are: a time, and then anything.
        let random = (number as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let event_id = format!("{:08x}-{:04x}-7f46-b343-{:012x}", number >> 22, number >> 6, random >> 16);
        self.0.send(Job { event_id, record: record.to_owned(), done }).expect("the writer is there");
        wait.recv().expect("it is stored");
    }
}

fn write(connection: &Connection, jobs: &Receiver<Job>) -> rusqlite::Result<()> {
    let mut append = connection.prepare(APPEND)?;
    while let Ok(first) = jobs.recv() {
        let group: Vec<Job> = std::iter::once(first).chain(jobs.try_iter().take(1_023)).collect();
        connection.execute_batch("BEGIN IMMEDIATE")?;
        for job in &group {
            append.execute((&job.event_id, "call_executed", &job.record, "", 1))?;
        }
        connection.execute_batch("COMMIT")?;
        for job in group {
            let _ = job.done.send(());
        }
    }
    Ok(())
}
