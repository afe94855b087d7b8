//! The driver protocol: one request a line on a driver's standard input, one answer a line on its standard output.

use serde::{Deserialize, Serialize};
use std::io::{self, BufRead, Write};

/// What a driver is asked to do. Texts hold exactly what the host's function is to be given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "op", rename_all = "snake_case", deny_unknown_fields)]
pub enum Request {
    /// Set the configuration, for all later requests.
    Configure {
        /// The configuration, as given to `configure`.
        config: String,
    },
    /// Record an event.
    Emit {
        /// The event.
        event: String,
    },
    /// Record many events.
    EmitBatch {
        /// JSON Lines.
        events: String,
    },
    /// Record a telemetry event.
    LogEvent {
        /// Its type.
        event_type: String,
        /// Its payload.
        payload: String,
    },
    /// Redact a value.
    Redact {
        /// The value.
        value: String,
    },
    /// Cut a value to the cap.
    CapPayload {
        /// The value.
        payload: String,
    },
    /// Fold outcomes into a receipt.
    Finish {
        /// The receipt.
        receipt: String,
        /// What became of the effects.
        outcomes: String,
    },
    /// Judge an endpoint's answer.
    Judge {
        /// What was sent.
        batch: String,
        /// What came of it.
        answer: String,
    },
    /// List the rules.
    Rules {},
    /// Read back what was written since the last `configure` or `records`.
    Records {},
}

/// What a driver answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// It is done.
    Ok(Reply),
    /// It was refused.
    Error(Refusal),
}

/// The answer to a request that went well.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
pub enum Reply {
    /// Of `configure` the configuration in force, of `emit`, `log_event` and `finish` the receipt, of `emit_batch` an
    /// answer a line, of `judge` the verdict, of `rules` the list.
    Text(String),
    /// Of `redact` and `cap_payload`.
    Rewritten {
        /// The new value.
        value: String,
        /// What was done to it.
        receipt: String,
    },
    /// Of `records`, oldest first.
    Records {
        /// The outbox's rows.
        outbox: Vec<Row>,
        /// The file's lines, without their line breaks.
        file: Vec<String>,
    },
}

/// A row of the outbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// Its `event_id`.
    pub event_id: String,
    /// Its `event_type`.
    pub event_type: String,
    /// Its `agent_id`.
    pub agent_id: String,
    /// The record: its `payload`.
    pub body: String,
    /// Whether it was to be on the disk before anybody was told; none when the host's outbox does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub durable: Option<bool>,
}

/// Why a request was refused: the cases of `auditbox:audit/types.error`, and one for drivers that are broken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Refusal {
    /// The text is not JSON.
    InvalidJson {
        /// Offset in bytes.
        offset: u64,
        /// What the grammar allows there.
        expected: String,
    },
    /// The text is no event or value that is accepted.
    InvalidEvent {
        /// JSON Pointer.
        path: String,
        /// What was expected there.
        message: String,
    },
    /// The configuration is wrong.
    InvalidConfig {
        /// JSON Pointer.
        path: String,
        /// What was expected there.
        message: String,
    },
    /// An effect failed, and `on_failure` is `closed`.
    Unavailable {
        /// What failed.
        message: String,
    },
    /// Anything else: no vector wants it.
    Broken {
        /// What happened.
        message: String,
    },
}

/// A host that can be driven.
pub trait Driver {
    /// Does what is asked.
    ///
    /// # Errors
    ///
    /// What the host refuses, in its words.
    fn answer(&mut self, request: Request) -> Result<Reply, Refusal>;
}

/// Answers requests until the input ends.
///
/// # Errors
///
/// When a line is no request, or the standard streams fail.
pub fn serve(mut driver: impl Driver) -> io::Result<()> {
    let mut out = io::stdout().lock();
    for line in io::stdin().lock().lines() {
        let answer = match driver.answer(serde_json::from_str(&line?)?) {
            Ok(reply) => Answer::Ok(reply),
            Err(refusal) => Answer::Error(refusal),
        };
        serde_json::to_writer(&mut out, &answer)?;
        out.write_all(b"\n")?;
        out.flush()?;
    }
    Ok(())
}
