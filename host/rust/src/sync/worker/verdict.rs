//! The judge's answer, as the worker acts on it.

use std::time::Duration;

use serde::Deserialize;

/// `wit/schema/verdict.schema.json`.
#[derive(Debug, Deserialize)]
#[serde(tag = "verdict", rename_all = "snake_case")]
pub(super) enum Verdict {
    /// The endpoint has answered for every record.
    Settle { accepted: u64, rejected: Vec<Rejected> },
    /// The halves are to be sent by themselves.
    Split {},
    /// This one record will never be taken.
    Reject { rejected: Vec<Rejected> },
    /// The same again, later.
    Retry(Later),
    /// Nothing, until somebody has changed something.
    Pause(Later),
}

#[derive(Debug, Deserialize)]
pub(super) struct Rejected {
    pub(super) event_id: String,
    pub(super) reason: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Later {
    min_ms: u64,
    max_ms: u64,
    pub(super) reason: String,
}

impl Later {
    pub(super) fn new(min_ms: u64, max_ms: u64, reason: String) -> Self {
        Self { min_ms, max_ms, reason }
    }

    /// Some time between the two, so that many workers do not come back at once.
    pub(super) fn draw(&self) -> Duration {
        let span = self.max_ms.saturating_sub(self.min_ms).saturating_add(1);
        let random = getrandom::u64().unwrap_or_default();
        Duration::from_millis(self.min_ms.saturating_add(random % span))
    }
}
