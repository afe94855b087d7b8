//! What becomes of a receipt when an effect fails, and of records when an endpoint has answered.

mod body;
mod form;
mod judge;
mod reasons;
mod wait;

pub(crate) use judge::judge;

use crate::error::Error;
use crate::json::parts;
use crate::policy::{OnFailure, Policy};
use crate::receipt::{Failure, Members, Receipt};

/// The target that stores records durably. Every other one is a sink.
const OUTBOX: &str = "outbox";

/// What became of one effect. Effects that went well need no outcome.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The effect failed.
    Failed(Failure),
    /// The outbox has an event of this id already.
    Duplicate,
}

/// Folds outcomes into a receipt.
///
/// # Errors
///
/// `Unavailable` when `on_failure` is `closed` and the record is safe nowhere: the outbox did not take it, or there is no
/// outbox and no sink did.
pub(crate) fn settle(mut receipt: Receipt, outcomes: Vec<Outcome>, policy: &Policy) -> Result<Receipt, Error> {
    for outcome in outcomes {
        match outcome {
            Outcome::Duplicate => receipt.duplicate = true,
            Outcome::Failed(failure) => receipt.failures.push(failure),
        }
    }
    let failed = |target: &str| receipt.failures.iter().find(|failure| failure.target == target);
    let lost = if policy.has_outbox() {
        failed(OUTBOX)
    } else {
        let mut sinks = policy.sinks().peekable();
        let first = sinks.peek().and_then(|sink| failed(sink));
        first.filter(|_| sinks.all(|sink| failed(sink).is_some()))
    };
    match lost {
        Some(failure) if policy.on_failure == OnFailure::Closed => {
            Err(Error::Unavailable(format!("`{}`: {}", failure.target, failure.message)))
        }
        _ => Ok(receipt),
    }
}

/// Reads the outcomes of `delivery.finish`.
///
/// # Errors
///
/// `InvalidJson`; `InvalidEvent` when they are not of its form.
pub(crate) fn outcomes(text: &str) -> Result<Vec<Outcome>, Error> {
    parts::check(text)?;
    let read = |item: &str| {
        let members = Members::read(item)?;
        match members.get("duplicate") {
            Some(duplicate) => (duplicate == "true" && members.text("target")? == OUTBOX).then_some(Outcome::Duplicate),
            None => Failure::read(&members).map(Outcome::Failed),
        }
    };
    parts::items(text).and_then(|items| items.into_iter().map(read).collect()).ok_or_else(|| {
        let forms = "`target`, `message` and `retryable` of what failed, or `target` \"outbox\" and `duplicate` true";
        Error::event("", format!("expected a list of outcomes: {forms}"))
    })
}
