//! Records on the standard output of the process, one a line.

use std::io::{self, Write};

use super::{Sink, WriteError};

/// The standard output.
pub(crate) struct Stdout;

impl Sink for Stdout {
    fn name(&self) -> &str {
        "stdout"
    }

    fn write(&self, records: &[&str]) -> Result<(), WriteError> {
        // Under its lock, and after what the program itself has printed.
        let mut out = io::stdout().lock();
        match out.flush() {
            Ok(()) => write_lines(records, |bytes| write_some(&mut out, bytes)),
            Err(error) => Err(failure(0, &error)),
        }
    }
}

/// Around std's buffer: what is left in it after an error cannot be counted.
#[cfg(unix)]
fn write_some(out: &mut io::StdoutLock<'_>, bytes: &[u8]) -> io::Result<usize> {
    Ok(rustix::io::write(out, bytes)?)
}

#[cfg(not(unix))]
fn write_some(out: &mut io::StdoutLock<'_>, bytes: &[u8]) -> io::Result<usize> {
    let written = out.write(bytes)?;
    out.flush()?;
    Ok(written)
}

/// All records in as few writes as the reader takes.
fn write_lines(records: &[&str], mut write: impl FnMut(&[u8]) -> io::Result<usize>) -> Result<(), WriteError> {
    let mut lines = Vec::with_capacity(records.iter().map(|record| record.len() + 1).sum());
    for record in records {
        lines.extend_from_slice(record.as_bytes());
        lines.push(b'\n');
    }
    let mut rest = lines.as_slice();
    while !rest.is_empty() {
        let error = match write(rest) {
            Ok(0) => io::ErrorKind::WriteZero.into(),
            Ok(written) => {
                rest = rest.get(written..).unwrap_or_default();
                continue;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => error,
        };
        let left = rest.iter().filter(|byte| **byte == b'\n').count();
        return Err(failure(records.len().saturating_sub(left), &error));
    }
    Ok(())
}

fn failure(written: usize, error: &io::Error) -> WriteError {
    let closed = error.kind() == io::ErrorKind::BrokenPipe;
    let remedy = if closed { "its reader has gone" } else { super::remedy(error) };
    WriteError {
        written,
        message: format!("cannot write to the standard output: {error}: {remedy}"),
        retryable: !closed,
        closed,
    }
}

#[cfg(test)]
mod tests;
