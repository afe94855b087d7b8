//! The pipeline: every decision about an event, in order. Check, redact, cap; then, when the host is done, settle.

use crate::cap::{self, What};
use crate::delivery::{self, Outcome};
use crate::error::Error;
use crate::event::{self, Event};
use crate::json::{Blanks, Reader, json_string, parts};
use crate::policy::Policy;
use crate::receipt::Receipt;
use crate::redact::{Place, Redactor, rule_ids};
use crate::stamp::Stamp;

/// What goes to the outbox and the sinks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Identifies the event everywhere (UUID).
    pub event_id: String,
    /// `action` of a tool call, or the type of a telemetry event.
    pub event_type: String,
    /// Who reports; empty when nobody said.
    pub agent_id: String,
    /// The exact bytes that are stored and sent: one line of JSON.
    pub body: String,
    /// Whether it is stored only when it is on the disk, and not when it is queued.
    pub durable: bool,
}

/// A value and what was done to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rewritten {
    /// The new value.
    pub value: String,
    /// What was redacted and truncated.
    pub receipt: Receipt,
}

/// A configured auditor. `Default` has the default configuration.
#[derive(Debug, Clone, Default)]
pub struct Pipeline {
    policy: Policy,
}

impl Pipeline {
    /// Checks a configuration (`wit/schema/config.schema.json`).
    ///
    /// # Errors
    ///
    /// `InvalidJson`, or `InvalidConfig` with the place and what was expected there.
    pub fn new(config: &str) -> Result<Self, Error> {
        Ok(Self { policy: Policy::parse(config, &rule_ids())? })
    }

    /// The configuration in force as JSON, every default filled in.
    pub fn config(&self) -> String {
        self.policy.to_json()
    }

    /// Names of the configured sinks, in order.
    pub fn sinks(&self) -> impl Iterator<Item = &str> {
        self.policy.sinks()
    }

    /// Whether records go to the outbox.
    pub fn has_outbox(&self) -> bool {
        self.policy.has_outbox()
    }

    /// Makes a record of an event.
    ///
    /// # Errors
    ///
    /// `InvalidJson`; `InvalidEvent` with the place and what was expected there.
    pub fn emit(&self, event: &str, stamp: &mut dyn Stamp) -> Result<(Record, Receipt), Error> {
        self.check_size(event)?;
        let Event { event_id, event_type, agent_id, side_effect, body, findings, mut truncated } =
            event::read(event, &self.policy, stamp)?;
        let (body, cut) = cap::cap(body, self.policy.max_payload_bytes, self.policy.cap_strategy, What::Record);
        truncated.retain(|path| !cut.contains(path));
        truncated.extend(cut);
        let receipt = Receipt::new(Some(event_id.clone()), findings, truncated);
        let durable = self.policy.commits(&side_effect);
        Ok((Record { event_id, event_type, agent_id, body, durable }, receipt))
    }

    /// Makes a record of a telemetry event.
    ///
    /// # Errors
    ///
    /// As `emit`.
    pub fn log_event(
        &self,
        event_type: &str,
        payload: &str,
        stamp: &mut dyn Stamp,
    ) -> Result<(Record, Receipt), Error> {
        self.check_size(payload)?;
        // One value, and nothing that could pass for other members of the event.
        parts::check(payload)?;
        self.emit(&format!(r#"{{"event_type":{},"payload":{payload}}}"#, json_string(event_type)), stamp)
    }

    /// Redacts any JSON value.
    ///
    /// # Errors
    ///
    /// `InvalidJson`; `InvalidEvent` when it is too large or too deep.
    pub fn redact(&self, value: &str) -> Result<Rewritten, Error> {
        self.check_size(value)?;
        let mut reader = Reader::new(value, Blanks::Drop);
        let mut redactor = Redactor::new(&self.policy);
        redactor.value(&mut reader, &Place::ROOT)?;
        reader.end()?;
        let receipt = Receipt::new(None, redactor.findings, Vec::new());
        Ok(Rewritten { value: reader.into_copy(), receipt })
    }

    /// Cuts any JSON value to `max_payload_bytes`. It does not redact.
    ///
    /// # Errors
    ///
    /// As `redact`.
    pub fn cap_payload(&self, payload: &str) -> Result<Rewritten, Error> {
        self.check_size(payload)?;
        let canonical = cap::canonical(payload)?;
        let (value, cut) = cap::cap(canonical, self.policy.max_payload_bytes, self.policy.cap_strategy, What::Payload);
        Ok(Rewritten { value, receipt: Receipt::new(None, Default::default(), cut) })
    }

    /// Folds what became of an event's effects into its receipt.
    ///
    /// # Errors
    ///
    /// `Unavailable` when `on_failure` is `closed` and the record is safe nowhere.
    pub fn settle(&self, receipt: Receipt, outcomes: Vec<Outcome>) -> Result<Receipt, Error> {
        delivery::settle(receipt, outcomes, &self.policy)
    }

    /// `settle` for texts, as `delivery.finish` has them.
    ///
    /// # Errors
    ///
    /// As `settle`, and `InvalidJson` or `InvalidEvent` when a text is not of its form.
    pub fn finish(&self, receipt: &str, outcomes: &str) -> Result<String, Error> {
        let outcomes = delivery::outcomes(outcomes)?;
        Ok(self.settle(Receipt::parse(receipt)?, outcomes)?.to_json())
    }

    /// What becomes of records that were sent (`wit/schema/verdict.schema.json`): the verdict on an endpoint's answer to a
    /// batch, as JSON.
    ///
    /// # Errors
    ///
    /// `InvalidJson`; `InvalidEvent` when a text is not of its form.
    pub fn judge(&self, batch: &str, answer: &str) -> Result<String, Error> {
        delivery::judge(batch, answer, &self.policy)
    }

    fn check_size(&self, text: &str) -> Result<(), Error> {
        let max = self.policy.max_event_bytes;
        if text.len() <= max {
            return Ok(());
        }
        Err(Error::event("", format!("expected at most {max} bytes (`max_event_bytes`), it has {}", text.len())))
    }
}
