//! Until the outbox has them.
use std::time::Duration;

#[derive(Debug, Clone, thiserror::Error)]
#[error("{0}")]
pub(crate) struct OutboxError(pub(crate) String);

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Claimed {
    pub(crate) id: i64,
    pub(crate) event_id: String,
    pub(crate) payload: String,
    pub(crate) retry_count: i64,
}

#[derive(Debug, Default)]
pub(crate) struct Settlement {
    pub(crate) delivered: Vec<i64>,
    pub(crate) dead: Vec<(i64, String)>,
    pub(crate) retried: Option<Retried>,
}

#[derive(Debug)]
pub(crate) struct Retried {
    pub(crate) ids: Vec<i64>,
    pub(crate) reason: String,
    pub(crate) after: Duration,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct State<'a> {
    pub(crate) name: &'static str,
    pub(crate) reason: Option<&'a str>,
    pub(crate) next: Option<Duration>,
}

impl OutboxError {
    pub(crate) fn passing(message: String) -> Self {
        Self(message)
    }
}
