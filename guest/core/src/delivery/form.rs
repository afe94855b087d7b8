//! What a host says of a request that it has sent: the batch, and what came of it.

use crate::error::Error;
use crate::json::parts;
use crate::receipt::Members;

/// What was sent in one request.
pub(super) struct Batch {
    /// Each once, as they were sent.
    pub(super) ids: Vec<String>,
    /// The ids in small letters with their places, in order.
    places: Vec<(String, usize)>,
    /// How many requests with these have failed before.
    pub(super) attempt: u64,
    /// How many single records the endpoint has refused since it last took one.
    pub(super) refused_in_row: u64,
}

/// What came of a request.
pub(super) enum Answer {
    /// The endpoint has answered.
    Status {
        status: u16,
        /// Headers, as they came.
        retry_after: Option<String>,
        date: Option<String>,
        /// The host's clock, in seconds since 1970.
        now: Option<i64>,
        body: Option<String>,
        /// Whether the body is there to its end.
        complete: bool,
    },
    /// It has not.
    Failure(Failed),
}

/// Why there is no answer.
#[derive(Clone, Copy)]
pub(super) enum Failed {
    Dns,
    Connect,
    Tls,
    Timeout,
    Reset,
    Protocol,
}

impl Batch {
    pub(super) fn read(text: &str) -> Result<Self, Error> {
        parts::check(text)?;
        let read = || {
            let members = Members::read(text)?;
            let ids = members.list("event_ids", |id| parts::text(id).filter(|id| !id.is_empty()))?;
            let mut places: Vec<_> =
                ids.iter().enumerate().map(|(place, id)| (id.to_ascii_lowercase(), place)).collect();
            places.sort_unstable();
            let once = places.iter().zip(places.iter().skip(1)).all(|((one, _), (other, _))| one != other);
            let number = |key| members.get(key)?.parse().ok();
            let (attempt, refused_in_row) = (number("attempt")?, number("refused_in_row")?);
            (once && !ids.is_empty()).then_some(Self { ids, places, attempt, refused_in_row })
        };
        let form = "expected a batch: an `event_ids` list of ids, each once, `attempt` and `refused_in_row`";
        read().ok_or_else(|| Error::event("", form))
    }

    /// The place of an id, in whatever letters an endpoint gives it back.
    pub(super) fn place(&self, id: &str) -> Option<usize> {
        let id = id.to_ascii_lowercase();
        let at = self.places.binary_search_by(|(known, _)| known.cmp(&id)).ok()?;
        self.places.get(at).map(|(_, place)| *place)
    }
}

impl Answer {
    pub(super) fn read(text: &str) -> Result<Self, Error> {
        parts::check(text)?;
        let read = || {
            let members = Members::read(text)?;
            let given = |key| members.get(key).filter(|value| *value != "null");
            match (given("status"), given("failure")) {
                (Some(status), None) => Some(Self::Status {
                    status: status.parse().ok().filter(|status| (100..=999).contains(status))?,
                    retry_after: members.optional("retry_after", parts::text)?,
                    date: members.optional("date", parts::text)?,
                    now: members.optional("now", |now| now.parse().ok())?,
                    body: members.optional("body", parts::text)?,
                    complete: members.optional("body_complete", |complete| complete.parse().ok())?.unwrap_or(true),
                }),
                (None, Some(failure)) => {
                    members.optional("message", parts::text)?;
                    Some(Self::Failure(match parts::text(failure)?.as_str() {
                        "dns" => Failed::Dns,
                        "connect" => Failed::Connect,
                        "tls" => Failed::Tls,
                        "timeout" => Failed::Timeout,
                        "reset" => Failed::Reset,
                        "protocol" => Failed::Protocol,
                        _ => return None,
                    }))
                }
                _ => None,
            }
        };
        let form = "expected an answer: a `status` from 100 to 999 and what came with it, or a known `failure`";
        read().ok_or_else(|| Error::event("", form))
    }
}
