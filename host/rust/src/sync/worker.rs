//! The sync worker: two threads that ship what is in an outbox. One decides: it has the lease, claims, has answers
//! judged, settles. The other one moves bytes, so that a slow answer never stops the lease's beats.
//!
//! Nobody else waits for either of them, but for whoever calls `stop` or `wait`.

mod course;
mod decider;
mod owed;
mod sender;
mod verdict;

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use self::decider::Decider;
use self::sender::Sender;
use super::key::ApiKey;
use super::rows::{Rows, Wake};
use crate::capability::outbox::{Outbox, State};
use crate::config::SyncOptions;
use crate::error::{Error, ErrorKind};

/// `delivery.judge`: a batch and its answer in, the verdict out, all of them JSON text.
pub(crate) type Judge = Box<dyn Fn(&str, &str) -> Result<String, Error> + Send>;

/// How much longer than its deadline `stop` waits for the worker's last words.
const GRACE: Duration = Duration::from_secs(1);

/// A worker. Dropping it stops it, without waiting for what is under way: that stays in the outbox, and is sent again.
pub(crate) struct SyncWorker {
    shared: Arc<Shared>,
    wake: Arc<Wake>,
    /// A fork has the memory, but not the threads.
    process: u32,
}

/// What the worker is doing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Status {
    /// Nothing waits.
    Idle,
    /// Something is under way, or about to be.
    Sending,
    /// The endpoint cannot take it now.
    BackingOff { until: Instant, reason: String },
    /// Somebody has to change something; it looks again then.
    Paused { until: Instant, reason: String },
    /// Another process has the lease.
    StandingBy,
}

/// What a worker has done so far, and what is left.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Stopped {
    /// Records that the endpoint has.
    pub delivered: u64,
    /// Records that were given up, each with its reason in the outbox.
    pub dead: u64,
    /// Records that wait. Others may add to them.
    pub pending: u64,
}

/// A look at a worker.
#[derive(Debug, Clone)]
pub(crate) struct Progress {
    pub(crate) status: Status,
    pub(crate) counts: Stopped,
    /// Whether there was nothing left when it last looked.
    pub(crate) drained: bool,
    /// Whether the worker has ended.
    pub(crate) ended: bool,
}

/// What both sides see.
struct Shared {
    progress: Mutex<Progress>,
    stop: Mutex<Option<Instant>>,
    changed: Condvar,
}

impl SyncWorker {
    /// Starts to ship what is in the outbox. It keeps the outbox open until it has stopped. What is wrong with files that the options name is no error here: the worker
    /// pauses, says why, and looks again later.
    ///
    /// # Errors
    /// When there are too many threads.
    pub(crate) fn start(outbox: &Arc<Outbox>, options: SyncOptions, key: ApiKey, judge: Judge) -> Result<Self, Error> {
        Self::start_on(outbox.courier(), options, key, judge)
    }

    fn start_on(rows: impl Rows + 'static, options: SyncOptions, key: ApiKey, judge: Judge) -> Result<Self, Error> {
        let wake = Arc::new(rows.waker());
        let shared = Arc::new(Shared::new());
        let failed = |error| {
            Error::new(
                ErrorKind::Internal,
                format!("cannot start the sync worker: {error}: raise the limit of threads"),
            )
        };
        let sender = Sender::start(Arc::clone(&wake)).map_err(failed)?;
        let ended = Ended(Arc::clone(&shared));
        let decider = Decider::new(rows, options, key, judge, sender, Arc::clone(&shared));
        let thread = thread::Builder::new().name("auditbox-sync".into());
        thread
            .spawn(move || {
                let _ended = ended;
                decider.run();
            })
            .map_err(failed)?;
        Ok(Self { shared, wake, process: std::process::id() })
    }

    /// Sends what is waiting now, as long as the endpoint takes it, but not longer than the deadline; then ends. A
    /// second call answers the same. In a fork it does nothing: the worker is the parent's.
    pub(crate) fn stop(&self, deadline: Duration) -> Stopped {
        if self.is_inherited() {
            return Stopped::default();
        }
        let end = after(deadline);
        let mut stop = self.shared.stop();
        *stop = Some(stop.map_or(end, |known| known.min(end)));
        drop(stop);
        (self.wake)();
        self.wait(deadline.saturating_add(GRACE), |progress| progress.ended).counts
    }

    /// What it is doing.
    #[cfg(feature = "cli")]
    pub(crate) fn status(&self) -> Status {
        self.wait(Duration::ZERO, |_| true).status
    }

    /// Waits until the worker has come so far, has ended, or the time is over.
    pub(crate) fn wait(&self, time: Duration, mut enough: impl FnMut(&Progress) -> bool) -> Progress {
        if self.is_inherited() {
            let (status, counts) = (Status::Idle, Stopped::default());
            return Progress { status, counts, drained: false, ended: true };
        }
        let going_on = |progress: &mut Progress| !progress.ended && !enough(progress);
        let progress = self.shared.progress();
        let waited = self.shared.changed.wait_timeout_while(progress, time, going_on);
        waited.unwrap_or_else(PoisonError::into_inner).0.clone()
    }

    fn is_inherited(&self) -> bool {
        std::process::id() != self.process
    }
}

impl Drop for SyncWorker {
    fn drop(&mut self) {
        self.stop(Duration::ZERO);
    }
}

impl Status {
    /// As it is shown to whoever looks at the outbox.
    fn shown(&self) -> State<'_> {
        let later = |until: &Instant| Some(until.saturating_duration_since(Instant::now()));
        match self {
            Self::Idle | Self::StandingBy => State { name: "idle", reason: None, next: None },
            Self::Sending => State { name: "sending", reason: None, next: None },
            Self::BackingOff { until, reason } => {
                State { name: "backing_off", reason: Some(reason), next: later(until) }
            }
            Self::Paused { until, reason } => State { name: "paused", reason: Some(reason), next: later(until) },
        }
    }
}

impl Shared {
    fn new() -> Self {
        let progress = Progress { status: Status::Idle, counts: Stopped::default(), drained: false, ended: false };
        Self { progress: Mutex::new(progress), stop: Mutex::new(None), changed: Condvar::new() }
    }

    fn progress(&self) -> MutexGuard<'_, Progress> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn stop(&self) -> MutexGuard<'_, Option<Instant>> {
        self.stop.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn update(&self, change: impl FnOnce(&mut Progress)) {
        change(&mut self.progress());
        self.changed.notify_all();
    }
}

/// However the deciding thread ends, nobody waits for it any longer.
struct Ended(Arc<Shared>);

impl Drop for Ended {
    fn drop(&mut self) {
        self.0.update(|progress| progress.ended = true);
    }
}

/// In so long, by the clock that nobody can set; some decades from now for what is beyond it.
fn after(time: Duration) -> Instant {
    let now = Instant::now();
    now.checked_add(time).unwrap_or_else(|| now + Duration::from_secs(1 << 30))
}

#[cfg(test)]
mod tests;
