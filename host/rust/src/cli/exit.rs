//! How the program ends.

use std::io::{self, Write};
use std::process::ExitCode;

use crate::error::{Error, ErrorKind};

/// What `--help` says about it.
pub(super) const HELP: &str = "\
Exit codes:
  0    success; also when the reader of stdout has gone
  1    some input was refused; the rest went through
  2    wrong usage or configuration, or the input cannot be read
  3    the outbox or a sink failed
  4    internal error
  130  interrupted (Ctrl-C)";

/// The exit code. Of several, the largest wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Exit {
    /// All went well, or the reader of stdout has gone.
    Success = 0,
    /// Some input was refused; the rest went through.
    Refused = 1,
    /// Wrong usage or configuration, or the input cannot be read.
    Usage = 2,
    /// The outbox or a sink failed.
    Delivery = 3,
    /// A bug.
    Internal = 4,
    /// Ctrl-C.
    Interrupted = 130,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

impl From<ErrorKind> for Exit {
    fn from(kind: ErrorKind) -> Self {
        match kind {
            ErrorKind::InvalidJson | ErrorKind::InvalidEvent => Self::Refused,
            ErrorKind::Config | ErrorKind::Component => Self::Usage,
            ErrorKind::Unavailable | ErrorKind::Outbox | ErrorKind::Sink => Self::Delivery,
            ErrorKind::Trap | ErrorKind::Internal => Self::Internal,
        }
    }
}

/// An error that ends the program: says it, and answers with the exit code.
pub(super) fn report(error: &anyhow::Error) -> Exit {
    if is_closed_pipe(error) {
        return Exit::Success;
    }
    // Without stderr there is nobody to tell.
    let _ = writeln!(io::stderr().lock(), "error: {error:#}");
    match error.downcast_ref::<Error>() {
        Some(error) => error.kind().into(),
        None if error.is::<Unwritable>() => Exit::Delivery,
        None => Exit::Usage,
    }
}

/// What this program prints itself could not be printed.
#[derive(Debug, thiserror::Error)]
#[error("cannot write to the standard output")]
pub(super) struct Unwritable(#[from] io::Error);

fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref().is_some_and(|Unwritable(cause)| cause.kind() == io::ErrorKind::BrokenPipe)
}

/// Prints data.
pub(super) fn print(data: &[u8]) -> Result<(), Unwritable> {
    let mut out = io::stdout().lock();
    out.write_all(data)?;
    Ok(out.flush()?)
}

#[cfg(test)]
mod tests;
