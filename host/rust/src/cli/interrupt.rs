//! Ctrl-C ends between two batches, never inside one: what is acknowledged is whole, and the summary tells the truth.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::{process, thread};

use super::exit::Exit;
use super::report::Report;

/// A report that is locked while a batch is in flight.
pub(super) struct Guarded {
    report: Arc<Mutex<Report>>,
    interrupted: Arc<AtomicBool>,
}

impl Guarded {
    /// Takes over Ctrl-C from here on: `end` is the last thing that is done then.
    pub(super) fn new(report: Report, end: impl Fn() + Send + 'static) -> Result<Self, ctrlc::Error> {
        let guarded = Self { report: Arc::new(Mutex::new(report)), interrupted: Arc::default() };
        let (report, interrupted) = (Arc::clone(&guarded.report), Arc::clone(&guarded.interrupted));
        ctrlc::set_handler(move || {
            interrupted.store(true, Ordering::SeqCst);
            let mut report = lock(&report);
            end();
            let _ = report.finish();
            process::exit(Exit::Interrupted as i32);
        })?;
        Ok(guarded)
    }

    /// The report, for one batch. After Ctrl-C there is no next one.
    pub(super) fn lock(&self) -> MutexGuard<'_, Report> {
        let report = lock(&self.report);
        if !self.interrupted.load(Ordering::SeqCst) {
            return report;
        }
        // The lock is the handler's, which ends the process.
        drop(report);
        loop {
            thread::park();
        }
    }
}

/// Takes over Ctrl-C: the first one is only noted, for whoever has something to end first; the second one ends it all.
pub(super) fn noted() -> Result<Arc<AtomicBool>, ctrlc::Error> {
    let interrupted = Arc::<AtomicBool>::default();
    let ours = Arc::clone(&interrupted);
    ctrlc::set_handler(move || {
        if ours.swap(true, Ordering::SeqCst) {
            process::exit(Exit::Interrupted as i32);
        }
    })?;
    Ok(interrupted)
}

fn lock(report: &Mutex<Report>) -> MutexGuard<'_, Report> {
    report.lock().unwrap_or_else(PoisonError::into_inner)
}
