//! auditbox-core
#![allow(missing_docs)]
mod error;
pub use error::Error;

/// Time and randomness, from outside.
pub trait Stamp {
    /// Unix time: seconds, and nanoseconds within the second.
    fn now(&mut self) -> (u64, u32);
    /// Random bytes, of a quality fit for identifiers.
    fn random(&mut self) -> [u8; 16];
}

/// One configured auditor. `Default` is the default configuration.
#[derive(Default)]
pub struct Pipeline {}
/// What goes to the outbox and the sinks.
pub struct Record { pub event_id: String, pub event_type: String, pub agent_id: String, pub body: String }
pub struct Emitted { pub record: Record, pub receipt: Receipt }
pub struct Rewritten { pub value: String, pub receipt: Receipt }
#[derive(Default)]
pub struct Receipt { pub event_id: Option<String> }
impl Receipt { pub fn to_json(&self) -> String { String::from("{}") } }
/// What became of one effect.
pub struct Outcome { pub target: String, pub result: Delivery }
pub enum Delivery { Failed { message: String, retryable: bool }, Duplicate }

impl Pipeline {
    pub fn new(config: &str) -> Result<Self, Error> { let _ = config; Ok(Self {}) }
    /// The configuration in force as JSON, all defaults filled in.
    pub fn config(&self) -> String { "{\"stdout\":true,\"file\":null,\"outbox\":null}".into() }
    /// Names of the configured sinks in order.
    pub fn sinks(&self) -> &[&'static str] { &["stdout"] }
    pub fn has_outbox(&self) -> bool { false }
    pub fn emit(&self, event: &str, stamp: &mut dyn Stamp) -> Result<Emitted, Error> { let _ = stamp; Ok(Emitted { record: Record { event_id: String::new(), event_type: String::new(), agent_id: String::new(), body: event.into() }, receipt: Receipt::default() }) }
    pub fn log_event(&self, event_type: &str, payload: &str, stamp: &mut dyn Stamp) -> Result<Emitted, Error> { let _ = event_type; self.emit(payload, stamp) }
    pub fn redact(&self, value: &str) -> Result<Rewritten, Error> { Ok(Rewritten { value: value.into(), receipt: Receipt::default() }) }
    pub fn cap_payload(&self, payload: &str) -> Result<Rewritten, Error> { self.redact(payload) }
    /// Folds the outcomes of effects into a receipt; an error when `on_failure` is `closed` and the record is safe nowhere.
    pub fn settle(&self, receipt: Receipt, outcomes: Vec<Outcome>) -> Result<Receipt, Error> { let _ = outcomes; Ok(receipt) }
    /// `settle` on the texts of `delivery.finish`.
    pub fn finish(&self, receipt: &str, outcomes: &str) -> Result<String, Error> { let _ = outcomes; Ok(receipt.into()) }
}
