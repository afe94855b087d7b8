//! One open log, which other processes may have open, too.

use std::ffi::OsString;
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use super::super::{create_folder_of, identity};
use super::{FileOptions, Fsync};

/// How often, and how far apart, a line that looks torn is looked at again.
const LOOKS: u32 = 20;
const LOOK_PAUSE: Duration = Duration::from_millis(1);

pub(super) struct Log {
    file: File,
    identity: (u64, u64),
    locked: bool,
    /// Whether the file ends inside a line whose writer got no further: the disk was full, or it was killed.
    torn: bool,
}

impl Log {
    /// Opens the log, or creates it and its folders for this user alone.
    pub(super) fn open(options: &FileOptions) -> io::Result<Self> {
        create_folder_of(&options.path)?;
        let mut how = OpenOptions::new();
        // Read: for the look at its last byte.
        how.read(true).append(true).create(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut how, 0o600);
        let file = how.open(&options.path)?;
        let metadata = file.metadata()?;
        if is_pipe(&metadata) {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is neither a file nor a device"));
        }
        #[cfg(unix)]
        if options.fsync == Fsync::Always {
            // A file is only as durable as its name.
            File::open(super::super::folder_of(&options.path))?.sync_all()?;
        }
        Ok(Self { file, identity: identity(&metadata), locked: false, torn: false })
    }

    /// Keeps rotation off until `unlock`; other writers go on. `false`: the path leads to another file now, or none.
    pub(super) fn lock_for_writing(&mut self, options: &FileOptions) -> io::Result<bool> {
        if self.locked {
            return Ok(true);
        }
        // Not on Windows, where a lock keeps writers off. Where the file system has none, what it is for may go wrong,
        // but no line is lost.
        #[cfg(unix)]
        let _ = self.file.lock_shared();
        self.locked = true;
        self.torn = !self.ends_a_line()?;
        if self.torn {
            // It may only be another process in the middle of its write. When they all have ended, and until we have, it
            // is as it looks; but for those that cannot lock, so that they get a moment.
            let _ = self.lock_alone();
            for look in 0..LOOKS {
                if look > 0 {
                    thread::sleep(LOOK_PAUSE);
                }
                self.torn = !self.ends_a_line()?;
                if !self.torn {
                    break;
                }
            }
        }
        Ok(self.is_current(options))
    }

    pub(super) fn unlock(&mut self) {
        self.locked = false;
        let _ = self.file.unlock();
    }

    /// Whether the next line must begin with a line break, lest it be swallowed by a torn one.
    pub(super) fn starts_a_line(&self) -> bool {
        self.torn
    }

    /// Appends a line, its line break included.
    pub(super) fn write_line(&mut self, line: &[u8]) -> io::Result<()> {
        loop {
            match self.file.write(line) {
                Ok(written) if written == line.len() => break,
                // The rest as a second write could land inside somebody else's line.
                Ok(_) => return Err(io::ErrorKind::StorageFull.into()),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        self.torn = false;
        Ok(())
    }

    /// Forces what was written to the disk.
    pub(super) fn sync(&self) -> io::Result<()> {
        self.file.sync_data()
    }

    /// Whether so many bytes more would be too many.
    pub(super) fn is_full(&self, options: &FileOptions, incoming: usize) -> io::Result<bool> {
        let Some(max_bytes) = options.max_bytes else { return Ok(false) };
        let length = self.file.metadata()?.len();
        Ok(length > 0 && length.saturating_add(incoming as u64) > max_bytes)
    }

    /// Moves the full log out of the way, unless another process has. The path is free then.
    pub(super) fn rotate(self, options: &FileOptions, incoming: usize) -> io::Result<()> {
        if options.fsync == Fsync::Always {
            self.sync()?;
        }
        // Until `self` is dropped. Whoever waits here, too, finds that the path is another file's.
        self.lock_alone()?;
        if self.is_current(options) && self.is_full(options, incoming)? { shift(options) } else { Ok(()) }
    }

    /// Whether the path still leads to this file, and nobody has renamed or deleted it.
    fn is_current(&self, options: &FileOptions) -> bool {
        fs::metadata(&options.path).is_ok_and(|metadata| identity(&metadata) == self.identity)
    }

    /// Waits until nobody else writes or rotates, and keeps them all off.
    fn lock_alone(&self) -> io::Result<()> {
        let _ = self.file.unlock();
        loop {
            match self.file.lock() {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                done => return done,
            }
        }
    }

    fn ends_a_line(&mut self) -> io::Result<bool> {
        // Fails where there is nothing to read back: an empty file, a device. Appending does not care where we read.
        if self.file.seek(SeekFrom::End(-1)).is_err() {
            return Ok(true);
        }
        let mut last = [0];
        Ok(self.file.read(&mut last)? == 0 || last == *b"\n")
    }
}

impl Drop for Log {
    fn drop(&mut self) {
        // Closing is not enough: a process forked from this one meanwhile would keep the lock.
        self.unlock();
    }
}

/// `path.1` becomes `path.2` and so on, and at last `path` becomes `path.1`. Last, because from then on another
/// process may fill and rotate a new log.
fn shift(options: &FileOptions) -> io::Result<()> {
    let rotated = |number: u32| {
        let mut name = OsString::from(&options.path);
        name.push(format!(".{number}"));
        PathBuf::from(name)
    };
    // Those that a larger `keep` has left.
    for number in options.keep.saturating_add(1)..=u32::MAX {
        if fs::remove_file(rotated(number)).is_err() {
            break;
        }
    }
    if options.keep == 0 {
        return fs::remove_file(&options.path);
    }
    // Up to the first free number, or over the oldest.
    let mut free = 1;
    while free < options.keep && rotated(free).exists() {
        free += 1;
    }
    for number in (1..free).rev() {
        fs::rename(rotated(number), rotated(number + 1))?;
    }
    fs::rename(&options.path, rotated(1))
}

/// Pipes and sockets: a write to one without a reader would wait for ever.
fn is_pipe(metadata: &Metadata) -> bool {
    #[cfg(unix)]
    return {
        use std::os::unix::fs::FileTypeExt;
        metadata.file_type().is_fifo() || metadata.file_type().is_socket()
    };
    #[cfg(not(unix))]
    return {
        let _ = metadata;
        false
    };
}
