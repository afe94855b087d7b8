//! `auditbox outbox status`: counts, sizes, and what the sync worker does.

use std::fmt::Write;

use clap::Args;

use super::{Outbox, failed, json};
use crate::capability::outbox::{self, Options, Status};
use crate::cli::exit::{Exit, print};
use crate::cli::report::visible;

#[derive(Args)]
pub(super) struct Glance {
    /// Checks the whole file first, which takes up to a minute.
    #[arg(long)]
    check: bool,
}

impl Glance {
    pub(super) fn run(&self, outbox: &Outbox) -> anyhow::Result<Exit> {
        let reader = outbox.reader()?;
        let mut exit = Exit::Success;
        if self.check {
            let path = outbox.path()?;
            let checked = outbox::Outbox::open(Options::unlimited(&path)).and_then(|outbox| outbox.check());
            if checked.map_err(failed)? != "ok" {
                exit = Exit::Delivery;
            }
        }
        let status = reader.status().map_err(failed)?;
        let text = if outbox.json { json(&status)? } else { text(&status) };
        print(text.as_bytes())?;
        Ok(exit)
    }
}

fn text(status: &Status) -> String {
    let or_none = |value: &Option<String>| value.clone().unwrap_or_else(|| "none".into());
    let reasons: String =
        status.dropped_by_reason.iter().map(|(reason, count)| format!("  {reason} {count}")).collect();
    let worker = &status.worker;
    let mut text = String::new();
    let mut line = |name: &str, value: &dyn std::fmt::Display| {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{name:15} {value}");
    };
    line("outbox", &status.path);
    line("schema version", &status.schema_version);
    line("accepted", &status.accepted);
    line("delivered", &status.delivered);
    line("pending", &status.pending);
    line("dead", &status.dead);
    line("expired", &status.expired);
    line("dropped", &format_args!("{}{reasons}", status.dropped));
    line("duplicates", &status.duplicates);
    line("stored rows", &status.stored_rows);
    line("stored bytes", &status.stored_bytes);
    line("last minute", &status.stored_last_minute);
    line("oldest pending", &or_none(&status.oldest_pending));
    line("producers", &status.producers);
    line("quarantined", &status.quarantined);
    line("last check", &or_none(&status.check_result));
    line("sync worker", &worker.state);
    if let Some(reason) = &worker.reason {
        line("because", &visible(reason));
    }
    if let Some(next) = &worker.next_attempt_at {
        line("tries again", next);
    }
    text
}
