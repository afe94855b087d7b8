//! How an outbox behaves, as the configuration says it. Every default is the guest's.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Deserializer};

/// Events of an auditor that are acknowledged before they are on the disk, at most: what a killed process can lose.
pub(crate) const MAX_BUFFERED: usize = 1_000;

/// Where the outbox is, and what it does at its limits: the section `outbox` of the configuration.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Options {
    /// The SQLite file; `None` is this user's own.
    pub(crate) path: Option<PathBuf>,
    /// How many rows it may hold; `None`: any number.
    pub(crate) max_rows: Option<u64>,
    /// How many bytes its records may have together; `None`: any number.
    pub(crate) max_bytes: Option<u64>,
    /// How old a row may become, in seconds.
    pub(crate) max_age_s: Option<u64>,
    /// What happens to an event for which there is no room.
    pub(crate) when_full: WhenFull,
    /// How long an emit waits at most, for room and for the disk, in milliseconds.
    pub(crate) deadline_ms: u64,
    /// Size of the file that is given up when the disk is full; 0: there is none.
    pub(crate) ballast_bytes: u64,
    /// Whether any event may be acknowledged before it is on the disk.
    #[serde(rename = "durability", deserialize_with = "any_buffered")]
    pub(crate) buffers: bool,
}

/// What happens to an event when the outbox holds as much as it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum WhenFull {
    /// It waits for room until its deadline, and then fails.
    Block,
    /// The oldest that is still to be sent is dropped, and counted.
    DropOldest,
    /// It is dropped, and counted.
    DropNewest,
    /// It fails.
    Fail,
}

impl Options {
    /// An outbox without limits at `path`.
    pub(crate) fn unlimited(path: &Path) -> Self {
        Self {
            path: Some(path.to_owned()),
            max_rows: None,
            max_bytes: None,
            max_age_s: None,
            when_full: WhenFull::Block,
            deadline_ms: 10_000,
            ballast_bytes: 0,
            buffers: false,
        }
    }

    pub(super) fn deadline(&self) -> Duration {
        Duration::from_millis(self.deadline_ms)
    }

    /// How many events are acknowledged at most before they are on the disk.
    pub(super) fn max_buffered(&self) -> usize {
        if self.buffers { MAX_BUFFERED } else { 0 }
    }
}

/// Of the classes of events the host need not know: the guest says of each record how durable it is.
fn any_buffered<'de, D: Deserializer<'de>>(durability: D) -> Result<bool, D::Error> {
    let classes = BTreeMap::<String, String>::deserialize(durability)?;
    Ok(classes.values().any(|class| class == "buffered"))
}
