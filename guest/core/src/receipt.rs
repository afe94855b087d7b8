//! The receipt: what was done to an event, never with which value. Its form is `wit/schema/receipt.schema.json`.

use crate::error::Error;
use crate::json::write_string;
use serde_json::Value;
use std::borrow::Cow;
use std::fmt::Write as _;

/// Redactions and truncations beyond so many are counted, not listed: more is no help to a reader, and a hostile event
/// could make the list larger than itself.
pub(crate) const MAX_LISTED: usize = 100;

/// One redaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redaction {
    /// JSON Pointer (RFC 6901) of the value or key. Secrets in keys are redacted here, too.
    pub path: String,
    /// Id of the rule that found it.
    pub rule: Cow<'static, str>,
    /// Length of what was redacted, in bytes.
    pub bytes: usize,
}

/// What became of one effect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// `outbox`, or the sink's name.
    pub target: String,
    /// What went wrong, for people.
    pub message: String,
    /// Whether the same may succeed later.
    pub retryable: bool,
}

/// Redactions so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Findings {
    listed: Vec<Redaction>,
    total: u64,
}

impl Findings {
    pub(crate) fn add(&mut self, path: impl FnOnce() -> String, rule: impl Into<Cow<'static, str>>, bytes: usize) {
        self.total += 1;
        if self.listed.len() < MAX_LISTED {
            self.listed.push(Redaction { path: path(), rule: rule.into(), bytes });
        }
    }

    /// How much has been found so far.
    pub(crate) fn mark(&self) -> (usize, u64) {
        (self.listed.len(), self.total)
    }

    /// Forgets what was found since the mark.
    pub(crate) fn reset(&mut self, (listed, total): (usize, u64)) {
        self.listed.truncate(listed);
        self.total = total;
    }
}

/// What `emit`, `redact` and `cap-payload` did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Receipt {
    /// The event's, when there is an event.
    pub event_id: Option<String>,
    /// The first 100 redactions.
    pub redactions: Vec<Redaction>,
    /// All of them, counted.
    pub redactions_total: u64,
    /// JSON Pointers of the first 100 values that were cut.
    pub truncated: Vec<String>,
    /// The outbox had an event of this id already; this one was not stored.
    pub duplicate: bool,
    /// Deliveries that failed.
    pub failures: Vec<Failure>,
}

impl Receipt {
    pub(crate) fn new(event_id: Option<String>, findings: Findings, mut truncated: Vec<String>) -> Self {
        truncated.truncate(MAX_LISTED);
        Self { event_id, redactions: findings.listed, redactions_total: findings.total, truncated, ..Self::default() }
    }

    /// The receipt as JSON.
    pub fn to_json(&self) -> String {
        let mut out = String::with_capacity(160);
        out.push('{');
        if let Some(event_id) = &self.event_id {
            out.push_str("\"event_id\":");
            write_string(event_id, &mut out);
            out.push(',');
        }
        list(&mut out, "redactions", &self.redactions, |out, redaction| {
            out.push_str("{\"path\":");
            write_string(&redaction.path, out);
            out.push_str(",\"rule\":");
            write_string(&redaction.rule, out);
            // Writing to a string cannot fail.
            let _ = write!(out, ",\"action\":\"replace\",\"bytes\":{}}}", redaction.bytes);
        });
        let _ = write!(out, ",\"redactions_total\":{},", self.redactions_total);
        list(&mut out, "truncated", &self.truncated, |out, path| write_string(path, out));
        if self.event_id.is_some() {
            let _ = write!(out, ",\"duplicate\":{},", self.duplicate);
            list(&mut out, "failures", &self.failures, |out, failure| {
                out.push_str("{\"target\":");
                write_string(&failure.target, out);
                out.push_str(",\"message\":");
                write_string(&failure.message, out);
                let _ = write!(out, ",\"retryable\":{}}}", failure.retryable);
            });
        }
        out.push('}');
        out
    }

    /// Reads what `to_json` wrote.
    ///
    /// # Errors
    ///
    /// `InvalidEvent` when it is anything else.
    pub(crate) fn parse(text: &str) -> Result<Self, Error> {
        let read = || {
            let receipt: Value = serde_json::from_str(text).ok()?;
            let list = |key| receipt.get(key)?.as_array();
            let text = |value: &Value, key| Some(value.get(key)?.as_str()?.to_owned());
            let redaction = |item: &Value| {
                Some(Redaction {
                    path: text(item, "path")?,
                    rule: text(item, "rule")?.into(),
                    bytes: usize::try_from(item.get("bytes")?.as_u64()?).ok()?,
                })
            };
            Some(Self {
                event_id: Some(text(&receipt, "event_id")?),
                redactions: list("redactions")?.iter().map(redaction).collect::<Option<_>>()?,
                redactions_total: receipt.get("redactions_total")?.as_u64()?,
                truncated: list("truncated")?
                    .iter()
                    .map(|path| Some(path.as_str()?.to_owned()))
                    .collect::<Option<_>>()?,
                duplicate: receipt.get("duplicate")?.as_bool()?,
                failures: list("failures")?.iter().map(Failure::read).collect::<Option<_>>()?,
            })
        };
        read().ok_or_else(|| Error::event("", "expected the receipt of an event, as `emit` gave it"))
    }
}

impl Failure {
    pub(crate) fn read(value: &Value) -> Option<Self> {
        Some(Self {
            target: value.get("target")?.as_str()?.to_owned(),
            message: value.get("message")?.as_str()?.to_owned(),
            retryable: value.get("retryable")?.as_bool()?,
        })
    }
}

fn list<T>(out: &mut String, name: &str, items: &[T], write: impl Fn(&mut String, &T)) {
    out.push('"');
    out.push_str(name);
    out.push_str("\":[");
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        write(out, item);
    }
    out.push(']');
}
