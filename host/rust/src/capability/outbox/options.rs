//! How an outbox behaves, as the configuration says it. Every default is the guest's.

use std::path::{Path, PathBuf};
use std::time::Duration;

/// Events of an auditor that are acknowledged before they are on the disk, at most: what a killed process can lose.
pub(crate) const MAX_BUFFERED: usize = 1_000;

/// Where the outbox is, and what it does at its limits.
#[derive(Debug, Clone)]
pub(crate) struct Options {
    /// The SQLite file.
    pub(crate) path: PathBuf,
    /// How many rows it may hold; `None`: any number.
    pub(crate) max_rows: Option<u64>,
    /// How many bytes its records may have together; `None`: any number.
    pub(crate) max_bytes: Option<u64>,
    /// How old a row may become.
    pub(crate) max_age: Option<Duration>,
    /// What happens to an event for which there is no room.
    pub(crate) when_full: WhenFull,
    /// How long an emit waits at most, for room and for the disk.
    pub(crate) deadline: Duration,
    /// Size of the file that is given up when the disk is full; 0: there is none.
    pub(crate) ballast_bytes: u64,
    /// Whether any event may be acknowledged before it is on the disk.
    pub(crate) buffers: bool,
}

/// What happens to an event when the outbox holds as much as it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
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
            path: path.to_owned(),
            max_rows: None,
            max_bytes: None,
            max_age: None,
            when_full: WhenFull::Block,
            deadline: Duration::from_secs(10),
            ballast_bytes: 0,
            buffers: true,
        }
    }
}
