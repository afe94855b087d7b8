//! Flight recorder for AI agents: an audit log of tool calls without the secrets that pass through them.
//!
//! ```
//! let auditor = auditbox::Auditor::builder().stdout(false).build()?;
//! let receipt = auditor.emit(r#"{"action":"call_executed","tool_name":"bash","tool_args":{"api_key":"abc"}}"#)?;
//! assert_eq!(receipt.redactions[0].path, "/tool_args/api_key");
//! # Ok::<(), auditbox::Error>(())
//! ```
//!
//! Every decision (event model, redaction, size cap, delivery order) is made by a WebAssembly component that hosts in
//! other languages run as well; this crate runs it on wasmtime and does what it asks for: the outbox, the file, the
//! standard output. Nothing here looks into a payload.

mod auditor;
mod bindings;
mod capability;
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod cli;
pub mod component;
mod config;
mod engine;
mod error;
pub mod observability;
mod receipt;
#[cfg(feature = "cli")]
mod receiver;
mod rules;
mod sync;

pub use self::auditor::{Auditor, Builder};
pub use self::error::{Error, ErrorKind};
pub use self::receipt::{Failure, Fields, Receipt, Redaction, Rewritten};
pub use self::rules::{Rule, Rules};
pub use self::sync::Stopped;
