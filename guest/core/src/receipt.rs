//! The receipt: what was done to an event, never with which value. Its form is `wit/schema/receipt.schema.json`.

use crate::error::Error;
use crate::json::{parts, write_string};
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
    /// What was done: `replace`, `mask`, `hash` or `drop`.
    pub action: Cow<'static, str>,
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
    pub(crate) fn add(&mut self, redaction: impl FnOnce() -> Redaction) {
        self.total += 1;
        if self.listed.len() < MAX_LISTED {
            self.listed.push(redaction());
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
            out.push_str(",\"action\":");
            write_string(&redaction.action, out);
            // Writing to a string cannot fail.
            let _ = write!(out, ",\"bytes\":{}}}", redaction.bytes);
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
    /// `InvalidJson`; `InvalidEvent` when it is anything else.
    pub(crate) fn parse(text: &str) -> Result<Self, Error> {
        parts::check(text)?;
        let read = || {
            let receipt = Members::read(text)?;
            let redaction = |item: &str| {
                let item = Members::read(item)?;
                Some(Redaction {
                    path: item.text("path")?,
                    rule: item.text("rule")?.into(),
                    action: item.text("action")?.into(),
                    bytes: item.get("bytes")?.parse().ok()?,
                })
            };
            Some(Self {
                event_id: Some(receipt.text("event_id")?),
                redactions: receipt.list("redactions", redaction)?,
                redactions_total: receipt.get("redactions_total")?.parse().ok()?,
                truncated: receipt.list("truncated", parts::text)?,
                duplicate: receipt.get("duplicate")?.parse().ok()?,
                failures: receipt.list("failures", |item| Failure::read(&Members::read(item)?))?,
            })
        };
        read().ok_or_else(|| Error::event("", "expected the receipt of an event, as `emit` gave it"))
    }
}

impl Failure {
    pub(crate) fn read(members: &Members<'_>) -> Option<Self> {
        Some(Self {
            target: members.text("target").filter(|target| !target.is_empty())?,
            message: members.text("message")?,
            retryable: members.get("retryable")?.parse().ok()?,
        })
    }
}

/// The members of an object that a host handed back.
pub(crate) struct Members<'a>(Vec<(Cow<'a, str>, &'a str)>);

impl<'a> Members<'a> {
    pub(crate) fn read(text: &'a str) -> Option<Self> {
        parts::members(text).ok()?.map(Self)
    }

    pub(crate) fn get(&self, key: &str) -> Option<&'a str> {
        self.0.iter().find(|(name, _)| name == key).map(|(_, value)| *value)
    }

    pub(crate) fn text(&self, key: &str) -> Option<String> {
        parts::text(self.get(key)?)
    }

    /// A member that may be absent, or null, which is the same; none when it cannot be read.
    #[expect(clippy::option_option, reason = "absent and not of its form are not the same")]
    pub(crate) fn optional<T>(&self, key: &str, read: impl Fn(&str) -> Option<T>) -> Option<Option<T>> {
        match self.get(key) {
            None | Some("null") => Some(None),
            Some(value) => read(value).map(Some),
        }
    }

    pub(crate) fn list<T>(&self, key: &str, read: impl Fn(&str) -> Option<T>) -> Option<Vec<T>> {
        parts::items(self.get(key)?)?.into_iter().map(read).collect()
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
