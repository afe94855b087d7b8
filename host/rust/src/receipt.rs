//! What the guest says it has done: read from its JSON (`wit/schema/receipt.schema.json`), which is kept.

use std::ops::Deref;

use serde::Deserialize;

use crate::error::{Error, ErrorKind};

/// What was done to an event or a value. Never holds any part of what was redacted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    json: String,
    fields: Fields,
}

/// The fields of a [`Receipt`], which derefs to them.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Fields {
    /// UUID of the event. Empty in receipts of `redact` and `cap_payload`.
    #[serde(default)]
    pub event_id: String,
    /// What was redacted, the first 100.
    pub redactions: Vec<Redaction>,
    /// How many redactions there were, those beyond the first 100 included.
    pub redactions_total: u64,
    /// JSON Pointers (RFC 6901) to what was cut, the first 100.
    pub truncated: Vec<String>,
    /// Whether the outbox had an event of this id already, so that this one was not recorded.
    #[serde(default)]
    pub duplicate: bool,
    /// The effects that failed.
    #[serde(default)]
    pub failures: Vec<Failure>,
}

/// One secret that was found, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Redaction {
    /// Where the secret was: JSON Pointer (RFC 6901).
    pub path: String,
    /// Id of the rule that found it.
    pub rule: String,
    /// What was done: `replace`, `mask`, `hash` or `drop`.
    pub action: String,
    /// Length of what was there, in bytes of the decoded value.
    pub bytes: u64,
}

/// One effect that failed.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Failure {
    /// What failed: `outbox`, or the name of a sink.
    pub target: String,
    /// Why, for people.
    pub message: String,
    /// Whether the same event may be emitted again with a chance of success.
    pub retryable: bool,
}

/// A value and what was done to it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Rewritten {
    /// The new value, as JSON text.
    pub value: String,
    /// What was redacted and truncated.
    pub receipt: Receipt,
}

impl Receipt {
    /// The receipt as the component wrote it: one JSON object on one line, `event_id` first.
    pub fn as_json(&self) -> &str {
        &self.json
    }

    pub(crate) fn parse(json: String) -> Result<Self, Error> {
        match serde_json::from_str(&json) {
            Ok(fields) => Ok(Self { json, fields }),
            Err(_) => Err(broken("a receipt")),
        }
    }
}

impl Deref for Receipt {
    type Target = Fields;

    fn deref(&self) -> &Fields {
        &self.fields
    }
}

/// One line of the answer of `emit-batch`: a receipt's JSON, or why the event was refused.
pub(crate) fn answer(line: &str) -> Result<String, Error> {
    #[derive(Deserialize)]
    struct Refusal {
        error: Cause,
    }
    #[derive(Deserialize)]
    #[serde(tag = "kind", rename_all = "kebab-case")]
    enum Cause {
        InvalidJson { offset: u64, expected: String },
        InvalidEvent { path: String, message: String },
        InvalidConfig { path: String, message: String },
        Unavailable { message: String },
    }

    if !line.starts_with(r#"{"error":"#) {
        return Ok(line.to_owned());
    }
    let Ok(Refusal { error }) = serde_json::from_str(line) else { return Err(broken("an error")) };
    Err(match error {
        Cause::InvalidJson { offset, expected } => Error::not_json(offset, expected),
        Cause::InvalidEvent { path, message } => Error::at(ErrorKind::InvalidEvent, path, message),
        Cause::InvalidConfig { path, message } => Error::at(ErrorKind::Config, path, message),
        Cause::Unavailable { message } => Error::new(ErrorKind::Unavailable, message),
    })
}

/// The text itself is not repeated: a component that breaks the contract may put anything there.
pub(crate) fn broken(what: &str) -> Error {
    Error::new(
        ErrorKind::Component,
        format!("the component answered with something else than {what}: it is not of this version"),
    )
}
