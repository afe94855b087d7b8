//! The verdict on an endpoint's answer: what becomes of the records that were sent. What is in doubt is sent again; the
//! endpoint knows each by its id.

use super::form::{Answer, Batch, Failed};
use super::{body, wait};
use crate::error::Error;
use crate::json::json_string;
use crate::policy::Policy;

/// An endpoint that has refused so many single records, and taken none, refuses them for something that they have in
/// common.
const MAX_REFUSED_IN_ROW: u64 = 10;

/// Judges the answer to a batch (`wit/schema/verdict.schema.json`).
///
/// # Errors
///
/// `InvalidJson`; `InvalidEvent` when a text is not of its form.
pub(crate) fn judge(batch: &str, answer: &str, policy: &Policy) -> Result<String, Error> {
    let batch = Batch::read(batch)?;
    let (status, retry_after, date, now, body, complete) = match Answer::read(answer)? {
        Answer::Failure(failed) => return Ok(without_answer(failed, batch.attempt)),
        Answer::Status { status, retry_after, date, now, body, complete } => {
            (status, retry_after, date, now, body.unwrap_or_default(), complete)
        }
    };
    let retry = |reason: &str| {
        let asked = retry_after.as_deref().and_then(|asked| wait::asked_s(asked, date.as_deref(), now));
        later("retry", wait::before_retry(batch.attempt, asked), &with_status(reason, status))
    };
    let pause = |reason: &str| later("pause", wait::PAUSE_MS, &with_status(reason, status));
    Ok(match status {
        200..=299 if !complete => retry("the answer was cut off: nothing to do unless it lasts"),
        200..=299 => match body::read(&body, &batch, policy) {
            Ok((rejected, dead)) => {
                let accepted = batch.ids.len().saturating_sub(dead).to_string();
                [r#"{"verdict":"settle","accepted":"#, &accepted, r#","rejected":["#, &rejected, "]}"].concat()
            }
            Err(reason) => retry(reason),
        },
        400 | 413 | 422 => match batch.ids.as_slice() {
            [event_id] if batch.refused_in_row < MAX_REFUSED_IN_ROW => {
                let reason = if status == 413 { "too large for the endpoint" } else { "refused by the endpoint" };
                let rejected = body::rejected_as(event_id, &with_status(reason, status));
                [r#"{"verdict":"reject","rejected":["#, &rejected, "]}"].concat()
            }
            [_] => pause("the endpoint refuses every record: check that `sync.endpoint` is one for these events"),
            _ => {
                let reason = with_status("the endpoint refuses the batch: its halves are sent by themselves", status);
                [r#"{"verdict":"split","reason":"#, &json_string(&reason), "}"].concat()
            }
        },
        429 => retry("the endpoint asks for fewer requests: nothing to do unless it lasts"),
        408 | 425 | 500..=599 => retry("the endpoint cannot take events now: nothing to do unless it lasts"),
        300..=399 => pause("the endpoint is elsewhere, and is not followed there: set `sync.endpoint` to where it is"),
        401 => {
            pause("the endpoint does not know the API key: set AUDITBOX_API_KEY or `sync.api_key_file` to a valid one")
        }
        403 => pause("the endpoint forbids what the API key asks for: give the API key the right to write events"),
        404 | 405 | 410 => pause("nothing takes events there: check the path of `sync.endpoint`"),
        400..=499 => {
            pause("the endpoint does not take requests like ours: check `sync.endpoint` and proxies on the way")
        }
        _ => retry("the answer is none of HTTP: check `sync.endpoint` and proxies on the way"),
    })
}

fn without_answer(failed: Failed, attempt: u64) -> String {
    let reason = match failed {
        Failed::Tls => {
            let reason = "the endpoint's certificate cannot be trusted: check it, `sync.ca_file` and the clock";
            return later("pause", wait::PAUSE_MS, reason);
        }
        Failed::Dns => "the endpoint's name has no address: check `sync.endpoint` and the network",
        Failed::Connect => "the endpoint cannot be reached: check `sync.endpoint` and the network",
        Failed::Timeout => "the endpoint did not answer in time: check the network, or raise `sync.timeout_ms`",
        Failed::Reset => "the connection broke off: check the network and proxies on the way",
        Failed::Protocol => "the answer is not HTTP: check `sync.endpoint` and proxies on the way",
    };
    later("retry", wait::before_retry(attempt, None), reason)
}

/// A verdict that nothing is settled, and when to go on: at a time between the two, in milliseconds.
fn later(verdict: &str, (min_ms, max_ms): (u64, u64), reason: &str) -> String {
    let reason = json_string(reason);
    format!(r#"{{"verdict":"{verdict}","min_ms":{min_ms},"max_ms":{max_ms},"reason":{reason}}}"#)
}

/// The status says more to those who know the endpoint, and is no part of what somebody wrote.
fn with_status(reason: &str, status: u16) -> String {
    format!("{reason} (status {status})")
}
