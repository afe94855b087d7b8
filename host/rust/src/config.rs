//! The configuration in force, as the guest answers it: what of it concerns the host. Every default is the guest's.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::capability::file::FileOptions;
use crate::error::{Error, ErrorKind};
use crate::receipt::broken;

#[derive(Debug, Deserialize)]
pub(crate) struct Effective {
    /// Whether records go to the standard output.
    pub(crate) stdout: bool,
    /// The log, if there is one.
    pub(crate) file: Option<FileOptions>,
    /// The outbox, if there is one.
    pub(crate) outbox: Option<OutboxOptions>,
    /// Where what is in the outbox is sent, if it is sent anywhere.
    pub(crate) sync: Option<SyncOptions>,
    /// Sinks of the program that embeds the host, by their names.
    pub(crate) sinks: BTreeMap<String, IgnoredAny>,
    /// What a failed commit means for the sinks.
    pub(crate) on_failure: OnFailure,
    /// Longest event that is accepted.
    pub(crate) max_event_bytes: u64,
}

/// The `outbox` section. Of `durability` the host need not know: the guest says it of each record.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct OutboxOptions {
    /// The SQLite file; `None` is this user's own.
    pub(crate) path: Option<PathBuf>,
    /// How many records may wait. `None`: as many as like.
    pub(crate) max_rows: Option<u64>,
    /// How many bytes of records may wait. `None`: as many as like.
    pub(crate) max_bytes: Option<u64>,
    /// How old a waiting record may become, in seconds. `None`: as old as it likes.
    pub(crate) max_age_s: Option<u64>,
    /// What gives way when the outbox is full.
    pub(crate) when_full: WhenFull,
    /// The longest an event waits for room or for the disk, in milliseconds.
    pub(crate) deadline_ms: u64,
    /// Size of a file that is kept aside to be given up on a full disk; 0 is none.
    pub(crate) ballast_bytes: u64,
}

/// What gives way when an outbox is full.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum WhenFull {
    /// The caller: it waits for room, for `deadline_ms` at most.
    Block,
    /// The records that have waited longest.
    DropOldest,
    /// The new record.
    DropNewest,
    /// The call: it fails at once.
    Fail,
}

/// The `sync` section.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct SyncOptions {
    /// `https://host[:port][/path]`, or `http://` to this machine; never with a `/` at its end.
    pub(crate) endpoint: String,
    /// The file that the API key is in. `None`: it is in the environment.
    pub(crate) api_key_file: Option<PathBuf>,
    /// Certificates (PEM) of who may have signed the endpoint's. `None`: the system's.
    pub(crate) ca_file: Option<PathBuf>,
    /// The certificate (PEM) that the endpoint knows this client by; given with its key or not at all.
    pub(crate) client_cert_file: Option<PathBuf>,
    /// The key (PEM) of that certificate.
    pub(crate) client_key_file: Option<PathBuf>,
    /// How bodies are sent.
    pub(crate) compression: Compression,
    /// The most records of one request.
    pub(crate) max_batch_rows: u64,
    /// The most bytes of one request's body, before it is compressed.
    pub(crate) max_batch_bytes: u64,
    /// The longest one request takes as a whole, in milliseconds.
    pub(crate) timeout_ms: u64,
}

/// How a body is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Compression {
    /// RFC 1952.
    Gzip,
    /// RFC 8878.
    Zstd,
    /// As it is.
    None,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum OnFailure {
    /// It is named in the receipt, and the sinks get the record.
    Open,
    /// It is the caller's error, and no sink gets the record.
    Closed,
}

impl Effective {
    pub(crate) fn parse(json: &str) -> Result<Self, Error> {
        let effective: Self = serde_json::from_str(json).map_err(|_| broken("a configuration"))?;
        match effective.sinks.keys().next() {
            Some(name) => Err(Error::at(
                ErrorKind::Config,
                format!("/sinks/{name}"),
                "no sink of this name was given to the auditor".into(),
            )),
            None => Ok(effective),
        }
    }
}
