//! Ships what waits in the outbox to the endpoint: the key, the way there, batches, and the worker that keeps the order.
//!
//! It moves bytes and keeps times; what an answer means is judged elsewhere, by a closure. It knows no engine, and it
//! never is in the way of an emit.

mod failure;
mod key;
mod tls;
mod transport;

use std::path::PathBuf;

pub(crate) use self::key::ApiKey;

/// The `sync` section of the configuration in force.
#[derive(Debug, Clone, serde::Deserialize)]
pub(crate) struct SyncOptions {
    pub(crate) endpoint: String,
    pub(crate) api_key_file: Option<PathBuf>,
    pub(crate) ca_file: Option<PathBuf>,
    pub(crate) client_cert_file: Option<PathBuf>,
    pub(crate) client_key_file: Option<PathBuf>,
    pub(crate) compression: Compression,
    pub(crate) max_batch_rows: usize,
    pub(crate) max_batch_bytes: usize,
    pub(crate) timeout_ms: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Compression {
    Gzip,
    Zstd,
    None,
}
