//! `auditbox cap`: values cut to size.

use clap::Args;

use super::Globals;
use super::exit::Exit;
use super::rewrite::Rewrite;
use crate::auditor::Auditor;

/// Cuts one JSON value a line to `max_payload_bytes`. Nothing is recorded.
///
/// It does not redact: redact first, or a secret could be cut in half and no longer be known as one.
#[derive(Args)]
#[command(after_help = "\
Example:
  auditbox redact values.jsonl | auditbox cap")]
pub(super) struct Cap {
    #[command(flatten)]
    rewrite: Rewrite,
}

impl Cap {
    pub(super) fn run(&self, globals: &Globals) -> anyhow::Result<Exit> {
        self.rewrite.run(globals, false, false, Auditor::cap_payload)
    }
}
