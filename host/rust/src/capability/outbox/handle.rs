//! A connection, and that no fork of its process makes another. In a fork SQLite believes that it holds the locks of its
//! parent, which it does not: when the parent closes the file, the WAL is deleted under the fork, and what the fork
//! commits is lost (sqlite.org/howtocorrupt.html, section 2.6).

use std::ops::{Deref, DerefMut};
use std::sync::atomic::{AtomicU64, Ordering};

use rusqlite::Connection;

use super::OutboxError;

/// The process that has connections open, and how many: a fork inherits both.
static OPEN: AtomicU64 = AtomicU64::new(0);
/// The half of it that counts.
const COUNT: u64 = 0xFFFF_FFFF;

/// An open connection.
pub(super) struct Handle {
    connection: Connection,
    // After the connection: it is closed first.
    _entered: Entered,
}

/// One of the open connections of this process.
pub(super) struct Entered(u64);

impl Entered {
    /// Before a connection is opened.
    ///
    /// # Errors
    /// In a fork of a process that had one open.
    pub(super) fn enter() -> Result<Self, OutboxError> {
        let own = u64::from(std::process::id()) << 32;
        let one_more = |open: u64| match (open & COUNT, open & !COUNT) {
            (0, _) => Some(own + 1),
            (_, process) => (process == own).then_some(open + 1),
        };
        match OPEN.fetch_update(Ordering::AcqRel, Ordering::Acquire, one_more) {
            Ok(_) => Ok(Self(own)),
            Err(_) => Err(OutboxError::forked()),
        }
    }

    /// The connection that was opened.
    pub(super) fn with(self, connection: Connection) -> Handle {
        Handle { connection, _entered: self }
    }
}

impl Drop for Entered {
    fn drop(&mut self) {
        let _ = OPEN.fetch_update(Ordering::AcqRel, Ordering::Acquire, |open| {
            (open & !COUNT == self.0 && open & COUNT > 0).then(|| open - 1)
        });
    }
}

impl Deref for Handle {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        &self.connection
    }
}

impl DerefMut for Handle {
    fn deref_mut(&mut self) -> &mut Connection {
        &mut self.connection
    }
}
