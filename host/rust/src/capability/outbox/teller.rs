//! Tells producers that their batches are on the disk. Waking many threads takes as long as storing their rows: a thread of
//! its own does it while the writer is at the next group.

use std::sync::mpsc::{Sender, channel};
use std::thread::{self, JoinHandle};

use super::queue::Batch;

/// So few are told at once: one thread more would only delay them.
const FEW: usize = 20;

/// The thread, if there is one. Dropped, it tells what it has, and ends.
pub(super) struct Teller {
    stored: Option<Sender<Vec<Batch>>>,
    thread: Option<JoinHandle<()>>,
}

impl Teller {
    /// Without a thread the writer tells everybody itself.
    pub(super) fn start() -> Self {
        let (stored, batches) = channel::<Vec<Batch>>();
        let tell = move || batches.into_iter().flatten().for_each(Batch::succeed);
        match thread::Builder::new().name("auditbox-teller".into()).spawn(tell) {
            Ok(thread) => Self { stored: Some(stored), thread: Some(thread) },
            Err(_) => Self { stored: None, thread: None },
        }
    }

    /// These are on the disk.
    pub(super) fn tell(&self, batches: Vec<Batch>) {
        let untold = match &self.stored {
            Some(stored) if batches.len() >= FEW => stored.send(batches).err().map(|unsent| unsent.0),
            _ => Some(batches),
        };
        untold.into_iter().flatten().for_each(Batch::succeed);
    }
}

impl Drop for Teller {
    fn drop(&mut self) {
        self.stored = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
