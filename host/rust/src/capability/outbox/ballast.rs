//! A file that is given up when the disk is full, so that deleting and settling go on: SQLite needs room for both.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::PathBuf;

use super::place;

/// The file, whether it is there or not.
pub(super) struct Ballast {
    path: PathBuf,
    bytes: u64,
}

impl Ballast {
    /// The one of the outbox at `file`.
    pub(super) fn of(file: &std::path::Path, bytes: u64) -> Self {
        Self { path: place::with_suffix(file, "-ballast"), bytes }
    }

    /// Makes it, unless it is there; on a full disk there is none.
    pub(super) fn keep(&self) {
        if self.bytes == 0 || fs::symlink_metadata(&self.path).is_ok_and(|found| found.len() >= self.bytes) {
            return;
        }
        if self.fill().is_err() {
            let _ = self.give_up();
        }
    }

    /// Gives its room to others, whoever has made it; `false` when it was not there.
    pub(super) fn give_up(&self) -> bool {
        fs::remove_file(&self.path).is_ok()
    }

    /// Real bytes: a file with a hole keeps no room.
    fn fill(&self) -> io::Result<()> {
        let mut how = OpenOptions::new();
        how.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut how, 0o600);
        let mut file = how.open(&self.path)?;
        let zeros = [0; 1 << 16];
        let mut left = self.bytes;
        while left > 0 {
            let step = usize::try_from(left).unwrap_or(zeros.len()).min(zeros.len());
            file.write_all(zeros.get(..step).unwrap_or(&zeros))?;
            left -= step as u64;
        }
        Ok(())
    }
}
