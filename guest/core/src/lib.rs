//! auditbox-core: every decision of auditbox, as plain functions of their arguments. There is no clock, no I/O and no
//! randomness here: the same input gives the same bytes.
//!
//! | room | what it decides |
//! |---|---|
//! | `pipeline` | the order: check, redact, cap, settle |
//! | `event` | what an event is, and what its record looks like |
//! | `redact` | what is secret |
//! | `cap` | what a record over the limit loses |
//! | `delivery` | what a failed effect means, and an endpoint's answer |
//! | `receipt` | what the caller is told |
//! | `policy` | what is configured |
//! | `json`, `lanes` | how text is read and written |
//! | `stamp` | what comes from outside: time and randomness |
//!
//! No error, receipt or record holds any part of a value that was redacted.

mod cap;
mod delivery;
mod error;
mod event;
mod json;
mod lanes;
mod pipeline;
mod policy;
mod receipt;
mod redact;
mod stamp;

pub use delivery::Outcome;
pub use error::Error;
pub use json::json_string;
pub use pipeline::{Pipeline, Record, Rewritten};
pub use receipt::{Failure, Receipt, Redaction};
pub use redact::catalogue;
pub use stamp::Stamp;
