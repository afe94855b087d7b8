//! The verdict on an endpoint's answer: what becomes of the records that were sent. What is in doubt is sent again; the
//! endpoint knows each by its id.

use super::form::{Answer, Batch};
use super::reasons::{CUT_OFF, REFUSED, of_status};
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
    let Answer { status, asked_s, body } = Answer::read(answer)?;
    let with_status = |reason: &str| match status {
        // It says more to those who know the endpoint, and is no part of what somebody wrote.
        Ok(status) => json_string(&format!("{reason} (status {status})")),
        Err(_) => json_string(reason),
    };
    let reason = match status {
        Ok(200..=299) => match body.ok_or(CUT_OFF).and_then(|body| body::read(&body, &batch, policy)) {
            Ok((rejected, accepted)) => {
                return Ok(format!(r#"{{"verdict":"settle","accepted":{accepted},"rejected":[{rejected}]}}"#));
            }
            Err(reason) => reason,
        },
        Ok(400 | 413 | 422) => match batch.ids.as_slice() {
            [event_id] if batch.refused_in_row < MAX_REFUSED_IN_ROW => {
                let rejected = body::rejected_as(event_id, &with_status("refused by the endpoint"));
                return Ok(format!(r#"{{"verdict":"reject","rejected":[{rejected}]}}"#));
            }
            [_] => REFUSED,
            _ => {
                let reason = with_status("the batch is refused: its halves are sent by themselves");
                return Ok(format!(r#"{{"verdict":"split","reason":{reason}}}"#));
            }
        },
        Ok(status) => of_status(status),
        Err(reason) => reason,
    };
    let (verdict, (min_ms, max_ms)) = match reason.lasts {
        true => ("pause", wait::PAUSE_MS),
        false => ("retry", wait::before_retry(batch.attempt, asked_s)),
    };
    let reason = with_status(reason.text);
    Ok(format!(r#"{{"verdict":"{verdict}","min_ms":{min_ms},"max_ms":{max_ms},"reason":{reason}}}"#))
}
