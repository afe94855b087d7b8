//! `auditbox redact`: values without their secrets.

use clap::Args;

use super::Globals;
use super::exit::Exit;
use super::rewrite::Rewrite;
use crate::auditor::Auditor;

/// Redacts one JSON value a line. Nothing is recorded.
#[derive(Args)]
#[command(after_help = "\
Example:
  echo '{\"password\":\"hunter2\"}' | auditbox redact
  auditbox redact --text build.log
  auditbox redact --explain events.jsonl > redacted.jsonl")]
pub(super) struct Redact {
    #[command(flatten)]
    rewrite: Rewrite,
    /// Takes each line as plain text, not as JSON.
    #[arg(long)]
    text: bool,
    /// Says on stderr what was redacted, where and why.
    #[arg(long)]
    explain: bool,
}

impl Redact {
    pub(super) fn run(&self, globals: &Globals) -> anyhow::Result<Exit> {
        self.rewrite.run(globals, self.text, self.explain, Auditor::redact)
    }
}
