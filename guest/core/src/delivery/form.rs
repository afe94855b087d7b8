//! What a host says of a request that it has sent: the batch, and what came of it.

use super::reasons::{FAILURES, Reason};
use super::wait::asked_s;
use crate::error::Error;
use crate::event::uuid;
use crate::json::parts;
use crate::receipt::Members;
use std::collections::BinaryHeap;

/// What was sent in one request.
pub(super) struct Batch {
    /// Each once, in the order in which they were sent.
    pub(super) ids: Vec<String>,
    /// What they are as numbers, with their places, in order.
    places: Vec<(u128, usize)>,
    /// How many requests with these have failed before.
    pub(super) attempt: u64,
    /// How many single records the endpoint has refused since it last took one.
    pub(super) refused_in_row: u64,
}

/// What came of a request.
pub(super) struct Answer {
    /// The endpoint's status, or why there is none.
    pub(super) status: Result<u64, Reason>,
    /// How long the endpoint asks to wait, in seconds.
    pub(super) asked_s: Option<u64>,
    /// What it said, when that is there to its end.
    pub(super) body: Option<String>,
}

impl Batch {
    pub(super) fn read(text: &str) -> Result<Self, Error> {
        parts::check(text)?;
        let read = || {
            let members = Members::read(text)?;
            let ids = members.list("event_ids", parts::text)?;
            let mut heap = BinaryHeap::with_capacity(ids.len());
            for (place, id) in ids.iter().enumerate() {
                heap.push((uuid(id)?, place));
            }
            let places = heap.into_sorted_vec();
            let mut before = None;
            for (id, _) in &places {
                if before == Some(id) {
                    return None;
                }
                before = Some(id);
            }
            let number = |key| members.get(key)?.parse().ok();
            let (attempt, refused_in_row) = (number("attempt")?, number("refused_in_row")?);
            before.is_some().then_some(Self { ids, places, attempt, refused_in_row })
        };
        let form = "expected a batch: `event_ids`, a list of UUIDs, each once, `attempt` and `refused_in_row`";
        read().ok_or_else(|| Error::event("", form))
    }

    /// The place of an id, in whatever letters an endpoint gives it back.
    pub(super) fn place(&self, id: &str) -> Option<usize> {
        let id = uuid(id)?;
        let at = self.places.partition_point(|(known, _)| *known < id);
        self.places.get(at).filter(|(known, _)| *known == id).map(|(_, place)| *place)
    }
}

impl Answer {
    pub(super) fn read(text: &str) -> Result<Self, Error> {
        parts::check(text)?;
        let read = || {
            let members = Members::read(text)?;
            let number = |written: &str| written.parse::<u64>().ok();
            let status = members.optional("status", number)?;
            let failure = members.optional("failure", parts::text)?;
            let status = match (status, failure) {
                (Some(status @ 100..=999), None) => Ok(status),
                (None, Some(failure)) => Err(FAILURES.iter().find(|(known, _)| *known == failure)?.1),
                _ => return None,
            };
            let retry_after = members.optional("retry_after", parts::text)?;
            let date = members.optional("date", parts::text)?;
            let now = members.optional("now", number)?;
            let body = members.optional("body", parts::text)?;
            let whole = members.optional("body_complete", |whole| whole.parse().ok())?.unwrap_or(true);
            Some(Self {
                status,
                asked_s: retry_after.and_then(|asked| asked_s(&asked, date.as_deref(), now)),
                body: whole.then_some(body.unwrap_or_default()),
            })
        };
        let form = "expected an answer: a `status` from 100 to 999 and what came with it, or a known `failure`";
        read().ok_or_else(|| Error::event("", form))
    }
}
