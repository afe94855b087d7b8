//! Why the outbox did not do what it was asked, without any part of a record.

use std::io;
use std::path::Path;

use rusqlite::ErrorCode;

/// A failure of the outbox. Its text says what to do about it.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{message}")]
pub(crate) struct OutboxError {
    message: String,
    retryable: bool,
    damage: bool,
}

impl OutboxError {
    /// Whether the same call may succeed later.
    pub(crate) fn is_retryable(&self) -> bool {
        self.retryable
    }

    /// A failure that stays until somebody does what `message` says.
    pub(super) fn lasting(message: String) -> Self {
        Self { message, retryable: false, damage: false }
    }

    /// A failure that may pass by itself.
    pub(super) fn passing(message: String) -> Self {
        Self { message, retryable: true, damage: false }
    }

    /// SQLite's locks are the parent's, and so is the thread that writes.
    pub(super) fn forked() -> Self {
        Self::lasting(
            "this process was forked from the one that opened the outbox: open it only after the fork, or close it before"
                .into(),
        )
    }

    /// What a check of the file has found.
    pub(super) fn damaged(path: &Path, damage: &str) -> Self {
        Self {
            message: format!("the outbox `{}` is damaged: {damage}", path.display()),
            retryable: false,
            damage: true,
        }
    }

    /// It holds as much as it may.
    pub(super) fn no_room(path: &Path) -> Self {
        Self::passing(format!(
            "the outbox `{}` is full: have it sent, or raise `outbox.max_rows` and `outbox.max_bytes`",
            path.display()
        ))
    }

    /// Whether the file is not what it was.
    pub(super) fn is_damage(&self) -> bool {
        self.damage
    }

    /// What the operating system said about `path`.
    pub(super) fn io(action: &str, path: &Path, error: &io::Error) -> Self {
        let remedy = super::super::remedy(error);
        let message = format!("cannot {action} the outbox `{}`: {error}: {remedy}", path.display());
        Self { message, retryable: matches!(error.kind(), io::ErrorKind::StorageFull), damage: false }
    }

    /// What SQLite said. Its messages name tables and columns, never values: ours are all bound.
    pub(super) fn sqlite(action: &str, path: &Path, error: &rusqlite::Error) -> Self {
        let code = error.sqlite_error_code();
        let remedy = match code {
            Some(ErrorCode::NotADatabase) => "it is not an SQLite file: choose another file",
            _ if is_without_room(error) => "free some space, then try again",
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
                "another process does not let go of it: end that process, or try again"
            }
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => READ_ONLY_REMEDY,
            Some(ErrorCode::CannotOpen) => {
                "check the rights on it, and on its folder, where SQLite keeps two more files beside it"
            }
            Some(ErrorCode::DatabaseCorrupt) => {
                "it is damaged: move it away, together with its `-wal` file, and a new one will be made"
            }
            _ => "check the disk, then try again",
        };
        let retryable = matches!(
            code,
            Some(
                ErrorCode::DiskFull
                    | ErrorCode::DatabaseBusy
                    | ErrorCode::DatabaseLocked
                    | ErrorCode::SystemIoFailure
                    | ErrorCode::FileLockingProtocolFailed
            )
        );
        let message = format!("cannot {action} the outbox `{}`: {error}: {remedy}", path.display());
        let damage = matches!(code, Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase));
        Self { message, retryable, damage }
    }
}

/// Whether the disk is full: for a transaction, or for the shared memory that SQLite keeps beside the file.
fn is_without_room(error: &rusqlite::Error) -> bool {
    let code = error.sqlite_error().map(|error| (error.code, error.extended_code));
    code.is_some_and(|(code, extended)| code == ErrorCode::DiskFull || extended == rusqlite::ffi::SQLITE_IOERR_SHMSIZE)
}

/// What to do about a file, or a file system, that can only be read.
pub(super) const READ_ONLY_REMEDY: &str = "give this user the right to write it and its folder, or choose another file";
