//! The library's front door: a guest that decides, and the effects it asks for, in the one order that is safe.

mod batch;
mod builder;
mod delivery;
mod later;

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

pub use self::builder::Builder;
use self::delivery::{Delivery, Outcome};
use self::later::Later;
use crate::bindings::auditbox::audit::types;
use crate::config::SyncOptions;
use crate::engine::Pool;
use crate::error::{Error, ErrorKind};
use crate::receipt::{Receipt, Rewritten};
use crate::rules::Rules;
use crate::sync::{ApiKey, Stopped, SyncWorker};

/// No configuration accepts a longer text, and a guest could not hold one that is much longer.
const LONGEST_BYTES: usize = 256 << 20;

/// Records events: redacted, capped and stamped by the component, then stored and written.
///
/// Cheap to clone, and shared by as many threads as like. Dropping the last clone closes the outbox and the sinks;
/// what was acknowledged by a receipt is durable long before.
///
/// ```
/// use auditbox::Auditor;
///
/// let auditor = Auditor::builder().stdout(false).build()?;
/// let receipt = auditor.emit(r#"{"action":"call_allowed","tool_name":"search","tool_args":{"token":"abc"}}"#)?;
/// assert_eq!(receipt.redactions[0].path, "/tool_args/token");
/// # Ok::<(), auditbox::Error>(())
/// ```
#[derive(Clone)]
pub struct Auditor(Arc<Inner>);

struct Inner {
    pool: Arc<Pool>,
    config: String,
    max_event_bytes: u64,
    log: Option<PathBuf>,
    delivery: Delivery,
    later: OnceLock<Option<Later>>,
    sync: Option<SyncOptions>,
    worker: Mutex<Option<SyncWorker>>,
}

impl Auditor {
    /// Starts with the defaults.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// Records one event, given as JSON text (`wit/schema/event.schema.json`). Returns when the record is committed to
    /// the outbox and written to the sinks.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidJson`] and [`ErrorKind::InvalidEvent`] when the event is refused, [`ErrorKind::Unavailable`]
    /// when `on_failure` is `closed` and the record could not be stored. When it is `open`, the receipt names what
    /// failed.
    pub fn emit(&self, event: &str) -> Result<Receipt, Error> {
        let event = argument(event)?;
        let (receipt, handed) =
            self.0.pool.call(|guest, store| guest.auditbox_audit_auditor().call_emit(store, &event))?;
        self.conclude(receipt, handed)
    }

    /// Records a telemetry event from its type and its payload, a JSON value. The `agent_id` is the configured one.
    ///
    /// # Errors
    /// As [`Auditor::emit`].
    pub fn log_event(&self, event_type: &str, payload: &str) -> Result<Receipt, Error> {
        let payload = argument(payload)?;
        let (receipt, handed) = (self.0.pool)
            .call(|guest, store| guest.auditbox_audit_auditor().call_log_event(store, event_type, &payload))?;
        self.conclude(receipt, handed)
    }

    /// Redacts any JSON value. Nothing is recorded.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidJson`], or [`ErrorKind::InvalidEvent`] when the value is too large or too deep.
    pub fn redact(&self, value: &str) -> Result<Rewritten, Error> {
        let value = argument(value)?;
        let (rewritten, _) =
            self.0.pool.call(|guest, store| guest.auditbox_audit_auditor().call_redact(store, &value))?;
        rewritten_from(rewritten)
    }

    /// Cuts any JSON value to `max_payload_bytes`, the way the records are cut. It does not redact: redact first, or a
    /// secret could be cut in half and no longer be known as one. Nothing is recorded.
    ///
    /// # Errors
    /// As [`Auditor::redact`].
    pub fn cap_payload(&self, payload: &str) -> Result<Rewritten, Error> {
        let payload = argument(payload)?;
        let (rewritten, _) =
            self.0.pool.call(|guest, store| guest.auditbox_audit_auditor().call_cap_payload(store, &payload))?;
        rewritten_from(rewritten)
    }

    /// Every built-in rule by which secrets are found: the ids that receipts name and `redaction.rules` takes.
    ///
    /// ```
    /// let auditor = auditbox::Auditor::builder().stdout(false).build()?;
    /// let rules = auditor.rules()?;
    /// assert_eq!(rules.find("aws-access-key-id").and_then(|rule| rule.vendor.as_deref()), Some("AWS"));
    /// # Ok::<(), auditbox::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::Component`] when the component is not of this version.
    pub fn rules(&self) -> Result<Rules, Error> {
        let (rules, _) = self.0.pool.call(|guest, store| guest.auditbox_audit_catalog().call_rules(store))?;
        Rules::parse(rules)
    }

    /// `delivery.finish` itself. The methods above call it; only a driver of the conformance tests has another use.
    #[doc(hidden)]
    pub fn finish(&self, receipt: &str, outcomes: &str) -> Result<Receipt, Error> {
        let (receipt, outcomes) = (argument(receipt)?, argument(outcomes)?);
        let (receipt, _) = (self.0.pool)
            .call(|guest, store| guest.auditbox_audit_delivery().call_finish(store, &receipt, &outcomes))?;
        Receipt::parse(receipt?)
    }

    /// `delivery.judge` itself: the verdict on an endpoint's answer to a batch, as JSON text. For whoever sends records, and
    /// for the driver of the conformance tests.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidJson`] and [`ErrorKind::InvalidEvent`] when a text is not of its form.
    #[doc(hidden)]
    pub fn judge(&self, batch: &str, answer: &str) -> Result<String, Error> {
        judge(&self.0.pool, batch, answer)
    }

    /// Waits until every event that was emitted before is on the disk, also those of a class that is only buffered.
    ///
    /// # Errors
    /// [`ErrorKind::Outbox`] when they cannot be stored now: they are tried again as long as the process lives.
    pub fn flush(&self) -> Result<(), Error> {
        match self.0.delivery.outbox() {
            Some(outbox) => outbox.flush().map_err(|error| Error::new(ErrorKind::Outbox, error.to_string())),
            None => Ok(()),
        }
    }

    /// Stops the sync worker, which goes on sending what waits until the deadline, and then stores what is waiting and
    /// closes the outbox. Tells what the worker has done, and how many records still wait. A second call does nothing;
    /// what is emitted after it is not stored.
    pub fn close(&self, deadline: Duration) -> Stopped {
        let worker = self.0.worker.lock().unwrap_or_else(PoisonError::into_inner).take();
        let stopped = worker.map(|worker| worker.stop(deadline)).unwrap_or_default();
        self.0.delivery.close();
        stopped
    }

    /// Another worker for this auditor's outbox. Of all of them one at a time sends.
    ///
    /// # Errors
    /// When there is no outbox, no endpoint or no key.
    pub(crate) fn sync_worker(&self) -> Result<SyncWorker, Error> {
        let none = |what: &str| Error::new(ErrorKind::Config, what.to_owned());
        let outbox = self.0.delivery.outbox().ok_or_else(|| none("there is no outbox to send: set `outbox`"))?;
        let options = self.0.sync.clone().ok_or_else(|| {
            none("there is no endpoint to send to: set `sync.endpoint`, or `AUDITBOX_SYNC__ENDPOINT`")
        })?;
        let key = ApiKey::find(options.api_key_file.as_deref())?.ok_or_else(|| {
            none("there is no API key: set `AUDITBOX_API_KEY`, or `sync.api_key_file` to a file that has it")
        })?;
        let pool = Arc::clone(&self.0.pool);
        let judge = move |batch: &str, answer: &str| judge(&pool, batch, answer);
        SyncWorker::start(&outbox, options, key, Box::new(judge))
    }

    /// Where the configuration has what is in the outbox sent, if anywhere.
    #[cfg(feature = "cli")]
    pub(crate) fn sync_options(&self) -> Option<&SyncOptions> {
        self.0.sync.as_ref()
    }

    /// Starts the worker of a configuration that has an endpoint, if there is a key.
    fn start_sync(&self) -> Result<(), Error> {
        let Some(options) = &self.0.sync else { return Ok(()) };
        if ApiKey::find(options.api_key_file.as_deref())?.is_none() {
            log::warn!(
                "auditbox: there is no API key, so nothing is sent: set `AUDITBOX_API_KEY` or `sync.api_key_file`"
            );
            return Ok(());
        }
        *self.0.worker.lock().unwrap_or_else(PoisonError::into_inner) = Some(self.sync_worker()?);
        Ok(())
    }

    /// The configuration in force as JSON text, all defaults filled in.
    pub fn config(&self) -> &str {
        &self.0.config
    }

    /// Longest event that is accepted, in bytes.
    pub fn max_event_bytes(&self) -> u64 {
        self.0.max_event_bytes
    }

    /// The file that records are appended to, if there is one.
    pub fn log(&self) -> Option<&Path> {
        self.0.log.as_deref()
    }

    /// Whether the reader of the standard output has gone, as `head` does when it has seen enough.
    pub fn is_stdout_closed(&self) -> bool {
        self.0.delivery.reader_gone()
    }

    fn conclude(&self, receipt: Result<String, types::Error>, handed: crate::engine::Handed) -> Result<Receipt, Error> {
        let receipt = receipt?;
        let mut outcomes = self.0.delivery.carry_out(handed, |line| line == 0);
        self.settle(receipt, outcomes.remove(&0))
    }

    /// Only when something did not simply go well, the guest is asked what that means.
    fn settle(&self, receipt: String, outcomes: Option<Vec<Outcome>>) -> Result<Receipt, Error> {
        let Some(outcomes) = outcomes else { return Receipt::parse(receipt) };
        let outcomes = serde_json::to_string(&outcomes)
            .map_err(|error| Error::new(ErrorKind::Internal, format!("outcomes: {error}")))?;
        self.finish(&receipt, &outcomes)
    }
}

impl fmt::Debug for Auditor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Auditor").field("config", &self.0.config).finish_non_exhaustive()
    }
}

fn judge(pool: &Pool, batch: &str, answer: &str) -> Result<String, Error> {
    let (batch, answer) = (argument(batch)?, argument(answer)?);
    let (verdict, _) = pool.call(|guest, store| guest.auditbox_audit_delivery().call_judge(store, &batch, &answer))?;
    Ok(verdict?)
}

/// The bindings take what the WIT names `json` as `&String`.
fn argument(json: &str) -> Result<String, Error> {
    within_bounds(json)?;
    Ok(json.to_owned())
}

fn within_bounds(text: &str) -> Result<(), Error> {
    if text.len() <= LONGEST_BYTES {
        return Ok(());
    }
    let message = format!("{} bytes long, but at most {LONGEST_BYTES} can be accepted", text.len());
    Err(Error::at(ErrorKind::InvalidEvent, String::new(), message))
}

fn rewritten_from(rewritten: Result<types::Rewritten, types::Error>) -> Result<Rewritten, Error> {
    let types::Rewritten { value, receipt } = rewritten?;
    Ok(Rewritten { value, receipt: Receipt::parse(receipt)? })
}

#[cfg(test)]
mod tests;
