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
}

impl OutboxError {
    /// Whether the same call may succeed later.
    pub(crate) fn is_retryable(&self) -> bool {
        self.retryable
    }

    /// A failure that stays until somebody does what `message` says.
    pub(super) fn lasting(message: String) -> Self {
        Self { message, retryable: false }
    }

    /// A failure that may pass by itself.
    pub(super) fn passing(message: String) -> Self {
        Self { message, retryable: true }
    }

    /// What the operating system said about `path`.
    pub(super) fn io(action: &str, path: &Path, error: &io::Error) -> Self {
        let remedy = super::super::remedy(error);
        let message = format!("cannot {action} the outbox `{}`: {error}: {remedy}", path.display());
        Self { message, retryable: matches!(error.kind(), io::ErrorKind::StorageFull) }
    }

    /// What SQLite said. Its messages name tables and columns, never values: ours are all bound.
    pub(super) fn sqlite(action: &str, path: &Path, error: &rusqlite::Error) -> Self {
        let code = error.sqlite_error_code();
        let remedy = match code {
            Some(ErrorCode::NotADatabase) => "it is not an SQLite file: choose another file",
            Some(ErrorCode::DiskFull) => "free some space, then try again",
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
        Self { message, retryable }
    }
}

/// What to do about a file, or a file system, that can only be read.
pub(super) const READ_ONLY_REMEDY: &str = "give this user the right to write it and its folder, or choose another file";
