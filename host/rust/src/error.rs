//! The one error type of the library. No message holds any part of a payload's values.

use std::fmt;

use crate::bindings::auditbox::audit::types;

/// Why a call failed. Opaque: ask [`Error::kind`] what sort of failure it is, and print it for people.
///
/// ```
/// let auditor = auditbox::Auditor::builder().stdout(false).build()?;
/// let error = auditor.emit(r#"{"action":"call_exploded"}"#).unwrap_err();
/// assert_eq!(error.kind(), auditbox::ErrorKind::InvalidEvent);
/// assert_eq!(error.path(), Some("/action"));
/// # Ok::<(), auditbox::Error>(())
/// ```
#[derive(Debug, Clone, thiserror::Error)]
#[error("{place}{message}")]
pub struct Error {
    kind: ErrorKind,
    place: Place,
    message: String,
}

/// What sort of failure an [`Error`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The text is not JSON.
    InvalidJson,
    /// The text is JSON, but not an event or a value that is accepted.
    InvalidEvent,
    /// The configuration is wrong.
    Config,
    /// An effect failed, and `on_failure` is `closed`: refuse the tool call.
    Unavailable,
    /// The outbox cannot be opened or read.
    Outbox,
    /// A sink cannot be opened.
    Sink,
    /// The `.wasm` is not a component that this version can run.
    Component,
    /// The component failed inside, which is a bug in it. The next call works.
    Trap,
    /// Something else failed inside: a bug, or the operating system.
    Internal,
}

#[derive(Debug, Clone)]
enum Place {
    Whole,
    Path(String),
    Offset(u64),
}

impl Error {
    /// What sort of failure this is.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// JSON Pointer (RFC 6901) to what is wrong, empty for the value as a whole. `None` where no value is to blame.
    pub fn path(&self) -> Option<&str> {
        match &self.place {
            Place::Path(path) => Some(path),
            Place::Whole | Place::Offset(_) => None,
        }
    }

    /// Where a text stops being JSON, in bytes from its start. `None` for other errors.
    pub fn offset(&self) -> Option<u64> {
        match self.place {
            Place::Offset(offset) => Some(offset),
            Place::Whole | Place::Path(_) => None,
        }
    }

    /// What is wrong, without the place; where a text stops being JSON, what was expected there.
    pub fn message(&self) -> &str {
        &self.message
    }

    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self { kind, place: Place::Whole, message: message.into() }
    }

    pub(crate) fn not_json(offset: u64, expected: String) -> Self {
        Self { kind: ErrorKind::InvalidJson, place: Place::Offset(offset), message: expected }
    }

    pub(crate) fn at(kind: ErrorKind, path: String, message: String) -> Self {
        Self { kind, place: Place::Path(path), message }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Path(path) if !path.is_empty() => write!(f, "`{path}`: "),
            Self::Whole | Self::Path(_) => Ok(()),
            Self::Offset(offset) => write!(f, "not JSON at byte {offset}: expected "),
        }
    }
}

impl From<types::Error> for Error {
    fn from(error: types::Error) -> Self {
        match error {
            types::Error::InvalidJson(at) => Self::not_json(at.offset, at.expected),
            types::Error::InvalidEvent(at) => Self::at(ErrorKind::InvalidEvent, at.path, at.message),
            types::Error::InvalidConfig(at) => Self::at(ErrorKind::Config, at.path, at.message),
            types::Error::Unavailable(message) => Self::new(ErrorKind::Unavailable, message),
        }
    }
}
