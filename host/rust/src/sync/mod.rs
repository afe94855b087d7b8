//! Ships what waits in the outbox to the endpoint: the key, the way there, batches, and the worker that keeps the order.
//!
//! It moves bytes and keeps times; what an answer means is judged elsewhere, by a closure. It knows no engine, and it
//! never is in the way of an emit.

mod batch;
mod failure;
mod key;
mod rows;
mod tls;
mod transport;
mod worker;

#[cfg(test)]
mod testing;

#[cfg(feature = "cli")]
use crate::config::SyncOptions;
#[cfg(feature = "cli")]
use crate::error::Error;

#[cfg(feature = "cli")]
pub(crate) use self::failure::Failure;
pub(crate) use self::key::ApiKey;
#[cfg(feature = "cli")]
pub(crate) use self::transport::Answer;
#[cfg(test)]
pub(crate) use self::worker::Judge;
pub use self::worker::Stopped;
pub(crate) use self::worker::SyncWorker;
#[cfg(any(feature = "cli", test))]
pub(crate) use self::worker::{Progress, Status};

/// Sends a batch without events, and waits for the answer.
///
/// # Errors
/// When the options name an endpoint or files that cannot be used.
#[cfg(feature = "cli")]
pub(crate) fn probe(options: &SyncOptions, key: &ApiKey) -> Result<Answer, Error> {
    let request =
        transport::Request { body: br#"{"events":[]}"#, encoding: None, idempotency_key: "auditbox-sync-check" };
    Ok(transport::Transport::new(options, key)?.send(&request))
}
