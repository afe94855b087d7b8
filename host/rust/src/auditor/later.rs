//! Recording without holding the caller's thread: the guest runs at once, and a thread of the auditor waits for the disk.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use futures_channel::oneshot;

use super::delivery::Begun;
use super::{Auditor, Inner, argument};
use crate::engine::Handed;
use crate::error::{Error, ErrorKind};
use crate::receipt::Receipt;

/// The thread that waits, once it is needed.
pub(super) struct Later {
    jobs: Sender<Job>,
    /// A fork has no such thread.
    process: u32,
}

/// One event that the guest has accepted.
struct Job {
    inner: Arc<Inner>,
    receipt: String,
    handed: Handed,
    answer: oneshot::Sender<Result<Receipt, Error>>,
}

impl Auditor {
    /// As [`Auditor::emit`], for asynchronous callers: the event is checked, redacted and handed over at once, and only
    /// the wait for the disk and the sinks is left to the future, whichever runtime drives it. No thread of the runtime is
    /// held meanwhile. The event is recorded even when the future is dropped.
    ///
    /// ```
    /// # async fn record(auditor: &auditbox::Auditor) -> Result<(), auditbox::Error> {
    /// let receipt = auditor.emit_async(r#"{"action":"call_executed","tool_name":"search"}"#).await?;
    /// assert!(receipt.failures.is_empty());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Auditor::emit`].
    pub fn emit_async(&self, event: &str) -> impl Future<Output = Result<Receipt, Error>> + Send + 'static + use<> {
        let (answer, receipt) = oneshot::channel();
        let emitted = argument(event).and_then(|event| {
            let (receipt, handed) =
                self.0.pool.call(|guest, store| guest.auditbox_audit_auditor().call_emit(store, &event))?;
            Ok((receipt?, handed))
        });
        match emitted {
            Ok((receipt, handed)) => self.later(receipt, handed, answer),
            Err(error) => {
                let _ = answer.send(Err(error));
            }
        }
        async move {
            let ended = || Error::new(ErrorKind::Internal, "the auditor has ended before it could answer");
            receipt.await.unwrap_or_else(|_| Err(ended()))
        }
    }

    fn later(&self, receipt: String, handed: Handed, answer: oneshot::Sender<Result<Receipt, Error>>) {
        let job = Job { inner: Arc::clone(&self.0), receipt, handed, answer };
        let unsent = match self.0.later.get_or_init(Later::start) {
            Some(later) if later.process == std::process::id() => later.jobs.send(job).err().map(|unsent| unsent.0),
            _ => Some(job),
        };
        // Better late than never.
        if let Some(mut job) = unsent {
            let begun = job.begin();
            job.finish(begun);
        }
    }
}

impl Later {
    /// `None` without a thread.
    fn start() -> Option<Self> {
        let (jobs, receiver) = channel();
        let thread = thread::Builder::new().name("auditbox-later".into());
        thread.spawn(move || run(&receiver)).ok()?;
        Some(Self { jobs, process: std::process::id() })
    }
}

/// Queues whatever has come before it waits for the first of it: they share one commit.
fn run(jobs: &Receiver<Job>) {
    while let Ok(first) = jobs.recv() {
        let mut begun = VecDeque::new();
        for mut job in std::iter::once(first).chain(jobs.try_iter()) {
            let half = job.begin();
            begun.push_back((job, half));
        }
        begun.into_iter().for_each(|(job, half)| job.finish(half));
    }
}

impl Job {
    fn begin(&mut self) -> Begun {
        self.inner.delivery.begin(std::mem::take(&mut self.handed), |line| line == 0)
    }

    fn finish(self, begun: Begun) {
        let outcomes = self.inner.delivery.finish(begun).remove(&0);
        let _ = self.answer.send(Auditor(self.inner).settle(self.receipt, outcomes));
    }
}

#[cfg(test)]
mod tests;
