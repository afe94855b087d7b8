//! The components that this crate carries, for embedding elsewhere: other hosts run these very bytes.

/// World `auditbox`: the whole component.
pub const AUDITBOX: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/auditbox.wasm"));

/// World `redactor`: redaction and size cap alone, without imports.
pub const REDACTOR: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/redactor.wasm"));

/// The WIT of both.
pub const WIT: &str = include_str!(concat!(env!("OUT_DIR"), "/auditbox.wit"));
