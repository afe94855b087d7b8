//! What the host does at the guest's word, one small module an effect. None of them knows the guest, the other
//! effects, or what a record says: to them it is one line of text, and no message of theirs contains any of it.

pub(crate) mod file;
pub(crate) mod outbox;
pub(crate) mod stdout;
#[cfg(test)]
mod testing;

use std::fs::{DirBuilder, Metadata};
use std::io;
use std::path::Path;

/// Where records go beside the outbox.
pub(crate) trait Sink: Send + Sync {
    /// The name under which the configuration and the receipts know it.
    fn name(&self) -> &str;

    /// Writes records, each one line without its line break, in this order. Returns when they are as safe as the
    /// sink's configuration promises.
    ///
    /// # Errors
    /// When not all of them could be written; the error tells how many were.
    fn write(&self, records: &[&str]) -> Result<(), WriteError>;
}

/// Why a sink did not write everything.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub(crate) struct WriteError {
    /// How many records, from the first, are whole where they belong.
    pub(crate) written: usize,
    /// What went wrong and what to do about it.
    pub(crate) message: String,
    /// Whether the remaining records may go through later.
    pub(crate) retryable: bool,
    /// Whether the reader has gone, for good.
    pub(crate) closed: bool,
}

/// The folder that `path` is in.
fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Creates the folder of `path` and those above it, for this user alone: what is recorded is private.
fn create_folder_of(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder_of(path))
}

/// Which file this is, whatever its name: device and inode. Elsewhere than on Unix all files look the same.
fn identity(metadata: &Metadata) -> (u64, u64) {
    #[cfg(unix)]
    return {
        use std::os::unix::fs::MetadataExt;
        (metadata.dev(), metadata.ino())
    };
    #[cfg(not(unix))]
    return {
        let _ = metadata;
        (0, 0)
    };
}

/// What a person can do about an I/O error.
fn remedy(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::PermissionDenied => "give this user the right to read and write there, or choose another path",
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "free some space, then try again",
        io::ErrorKind::ReadOnlyFilesystem => "choose a path on a file system that can be written",
        io::ErrorKind::IsADirectory => "name a file, not a folder",
        io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => {
            "a part of the path is a file, not a folder: choose another path"
        }
        io::ErrorKind::InvalidInput => "choose another path",
        _ => "check the path and the disk, then try again",
    }
}
