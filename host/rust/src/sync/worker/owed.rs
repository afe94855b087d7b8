//! What has become of rows, until the outbox knows it.

use std::time::Duration;

use crate::capability::outbox::{Retried, Settlement};

/// What is to be written down. Kept until it is.
#[derive(Default, Clone)]
pub(super) struct Owed {
    pub(super) delivered: Vec<i64>,
    pub(super) dead: Vec<(i64, String)>,
    /// Ids, the reason, and for how long they wait.
    pub(super) retried: Option<(Vec<i64>, String, Duration)>,
}

impl Owed {
    pub(super) fn is_empty(&self) -> bool {
        self.delivered.is_empty() && self.dead.is_empty() && self.retried.is_none()
    }

    pub(super) fn settled(&self) -> u64 {
        (self.delivered.len() + self.dead.len()) as u64
    }

    pub(super) fn settlement(&self) -> Settlement {
        let Self { delivered, dead, retried } = self.clone();
        let retried = retried.map(|(ids, reason, after)| Retried { ids, reason, after });
        Settlement { delivered, dead, retried }
    }
}
