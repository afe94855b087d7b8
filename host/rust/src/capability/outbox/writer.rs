//! The one thread that writes: it takes whatever waits, commits it as one, and only then tells anybody.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::queue::{Job, Queue};
use super::store::Store;
use super::{OutboxError, Stored};

/// Owns the connection; `None` after it was lost.
pub(super) struct Writer {
    pub(super) queue: Arc<Queue>,
    pub(super) store: Option<Store>,
    pub(super) path: PathBuf,
    pub(super) patience: Duration,
}

impl Writer {
    /// Writes until the queue is closed and empty.
    pub(super) fn run(mut self) {
        loop {
            let group = self.queue.take();
            if group.is_empty() {
                return;
            }
            match self.commit(&group) {
                Ok(stored) => group.into_iter().zip(stored).for_each(|(job, stored)| job.settle(Ok(stored))),
                Err(error) => group.into_iter().for_each(|job| job.settle(Err(error.clone()))),
            }
        }
    }

    fn commit(&mut self, group: &[Job]) -> Result<Vec<Vec<Stored>>, OutboxError> {
        if let Some(store) = &self.store
            && !store.is_current()?
        {
            self.store = None;
        }
        let store = match self.store.take() {
            Some(store) => store,
            None => {
                let store = Store::open(&self.path, self.patience)?;
                store.settle()?;
                store
            }
        };
        match store.append(group.iter().map(|job| job.rows.as_slice())) {
            Ok(stored) => {
                self.store = Some(store);
                Ok(stored)
            }
            Err(failure) => {
                self.store = (!failure.poisoned).then_some(store);
                Err(failure.error)
            }
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.queue.abandon();
    }
}
