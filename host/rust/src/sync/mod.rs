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

pub(crate) use self::key::ApiKey;
pub use self::worker::Stopped;
pub(crate) use self::worker::{Judge, Progress, Status, SyncWorker};
