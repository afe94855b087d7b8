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
    /// Sinks of the program that embeds the host, by their names.
    pub(crate) sinks: BTreeMap<String, IgnoredAny>,
    /// What a failed commit means for the sinks.
    pub(crate) on_failure: OnFailure,
    /// Longest event that is accepted.
    pub(crate) max_event_bytes: u64,
}

#[derive(Debug, Deserialize)]
pub(crate) struct OutboxOptions {
    /// The SQLite file; `None` is this user's own.
    pub(crate) path: Option<PathBuf>,
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
