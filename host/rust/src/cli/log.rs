//! `auditbox log`: one telemetry event from the command line.

use std::io::{self, Write};

use clap::Args;

use super::Globals;
use super::exit::{Exit, print};
use super::options::Destinations;

/// Records one telemetry event.
#[derive(Args)]
#[command(after_help = "\
Example:
  auditbox log TOOL_PINNED '{\"tool\":\"search\",\"version\":\"1.4.2\"}'")]
pub(super) struct Log {
    /// Type of the event, for example SESSION_ACCESS or a name of your own.
    #[arg(value_name = "TYPE")]
    event_type: String,
    /// Its payload: a JSON value.
    payload: String,
    #[command(flatten)]
    destinations: Destinations,
}

impl Log {
    pub(super) fn run(&self, globals: &Globals) -> anyhow::Result<Exit> {
        let auditor = self.destinations.auditor(globals)?;
        let receipt = auditor.log_event(&self.event_type, &self.payload)?;
        if self.destinations.receipts {
            print(format!("{}\n", receipt.as_json()).as_bytes())?;
        }
        let failures =
            receipt.failures.iter().filter(|failure| failure.target != "stdout" || !auditor.is_stdout_closed());
        let mut exit = Exit::Success;
        for failure in failures {
            // Without stderr there is nobody to tell.
            let _ = writeln!(io::stderr().lock(), "`{}`: {}", failure.target, failure.message);
            exit = Exit::Delivery;
        }
        Ok(exit)
    }
}
