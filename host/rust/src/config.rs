//! The configuration in force, as the guest answers it: what of it concerns the host. Every default is the guest's.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::capability::file::FileOptions;
use crate::capability::outbox;
use crate::error::{Error, ErrorKind};
use crate::receipt::broken;

#[derive(Debug, Deserialize)]
pub(crate) struct Effective {
    /// Whether records go to the standard output.
    pub(crate) stdout: bool,
    /// The log, if there is one.
    pub(crate) file: Option<FileOptions>,
    /// The outbox, if there is one.
    pub(crate) outbox: Option<outbox::Options>,
    /// Where what is in the outbox is sent, if it is sent anywhere.
    pub(crate) sync: Option<SyncOptions>,
    /// Sinks of the program that embeds the host, by their names.
    pub(crate) sinks: BTreeMap<String, IgnoredAny>,
    /// What a failed commit means for the sinks.
    pub(crate) on_failure: OnFailure,
    /// Longest event that is accepted.
    pub(crate) max_event_bytes: u64,
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
