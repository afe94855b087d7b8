//! The one error type of the crate. No message holds any part of a payload's values.

use thiserror::Error;

/// Why a call was refused. The cases are those of `auditbox:audit/types.error`.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Error {
    /// The text is not JSON.
    #[error("not JSON at byte {offset}: expected {expected}")]
    InvalidJson {
        /// Offset in bytes from the start of the text.
        offset: usize,
        /// What the grammar allows there.
        expected: &'static str,
    },
    /// JSON, but not an event or a value that is accepted.
    #[error("{}{message}", Place(.path))]
    InvalidEvent {
        /// JSON Pointer (RFC 6901), empty for the whole value.
        path: String,
        /// What was expected there.
        message: String,
    },
    /// The configuration is wrong.
    #[error("{}{message}", Place(.path))]
    InvalidConfig {
        /// JSON Pointer (RFC 6901), empty for the whole configuration.
        path: String,
        /// What was expected there.
        message: String,
    },
    /// An effect failed, and `on_failure` is `closed`.
    #[error("{0}")]
    Unavailable(String),
}

impl Error {
    pub(crate) fn event(path: impl Into<String>, message: impl Into<String>) -> Self {
        Self::InvalidEvent { path: path.into(), message: message.into() }
    }

    pub(crate) fn config(path: impl Into<String>, message: impl Into<String>) -> Self {
        Self::InvalidConfig { path: path.into(), message: message.into() }
    }
}

struct Place<'a>(&'a str);

impl std::fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 {
            "" => Ok(()),
            path => write!(f, "`{path}`: "),
        }
    }
}
