//! Records in a file of JSON Lines, which several processes may write at once, and which may be rotated by them or by
//! somebody else. There are no lock files: a line is one write to a file opened for appending, and what must not happen
//! meanwhile is kept off by a lock on the log itself.

mod log;

use std::io;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use serde::Deserialize;

use self::log::Log;
use super::{Sink, WriteError, remedy};

/// The `file` section of the configuration in force.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct FileOptions {
    /// The log. Its folder is made if need be.
    pub(crate) path: PathBuf,
    /// When lines are forced to the disk.
    pub(crate) fsync: Fsync,
    /// Size at which the log is rotated, in bytes; a line that is larger on its own still goes in. `None`: never.
    pub(crate) max_bytes: Option<u64>,
    /// How many rotated logs stay: `path.1`, the youngest, to `path.keep`. With 0 the log is deleted instead.
    pub(crate) keep: u32,
}

/// When lines are forced to the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Fsync {
    /// When the operating system likes to.
    Never,
    /// Once in each `write`, before it returns.
    Always,
}

/// A log of JSON Lines.
pub(crate) struct FileSink {
    options: FileOptions,
    /// Opened anew after every error.
    log: Mutex<Option<Log>>,
}

impl FileSink {
    /// Opens the log, or creates it for this user alone.
    ///
    /// # Errors
    /// When it cannot be opened for reading and appending, or is neither a file nor a device.
    pub(crate) fn open(options: FileOptions) -> Result<Self, WriteError> {
        let log = Log::open(&options).map_err(|error| failure("open", &options, 0, &error))?;
        Ok(Self { options, log: Mutex::new(Some(log)) })
    }

    /// Writes each record by one write of its own, and counts those that went in whole.
    fn append(&self, slot: &mut Option<Log>, records: &[&str], written: &mut usize) -> io::Result<()> {
        let mut line = Vec::new();
        for record in records {
            let log = self.prepare(slot, record.len() + 1)?;
            line.clear();
            if log.starts_a_line() {
                line.push(b'\n');
            }
            line.extend_from_slice(record.as_bytes());
            line.push(b'\n');
            log.write_line(&line)?;
            *written += 1;
        }
        Ok(())
    }

    /// The log that the path leads to, locked against rotation, with room for so many bytes.
    fn prepare<'a>(&self, slot: &'a mut Option<Log>, incoming: usize) -> io::Result<&'a mut Log> {
        let mut log = slot.take();
        loop {
            let mut open = match log.take() {
                Some(open) => open,
                None => Log::open(&self.options)?,
            };
            if !open.lock_for_writing(&self.options)? {
                // Somebody has renamed or deleted it.
                continue;
            }
            if !open.is_full(&self.options, incoming)? {
                return Ok(slot.insert(open));
            }
            open.rotate(&self.options, incoming)?;
        }
    }
}

impl Sink for FileSink {
    fn name(&self) -> &str {
        "file"
    }

    fn write(&self, records: &[&str]) -> Result<(), WriteError> {
        let mut slot = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        let mut written = 0;
        let mut result = self.append(&mut slot, records, &mut written);
        if let Some(log) = slot.as_mut() {
            log.unlock();
            if self.options.fsync == Fsync::Always
                && let Err(error) = log.sync()
            {
                // None of these lines is as safe as was promised.
                written = 0;
                result = Err(error);
            }
        }
        result.map_err(|error| {
            *slot = None;
            failure("write to", &self.options, written, &error)
        })
    }
}

fn failure(action: &str, options: &FileOptions, written: usize, error: &io::Error) -> WriteError {
    WriteError {
        written,
        message: format!("cannot {action} the log `{}`: {error}: {}", options.path.display(), remedy(error)),
        retryable: true,
        closed: false,
    }
}

#[cfg(test)]
mod tests;
