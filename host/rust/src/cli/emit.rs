//! `auditbox emit`: events in, records out.

use std::io::{self, Write};
use std::time::Duration;

use anyhow::Context;
use clap::Args;

use super::Globals;
use super::exit::{Exit, Unwritable};
use super::input::{Batch, EmptyLines, Item, Source};
use super::interrupt::Guarded;
use super::options::Destinations;
use super::report::Report;
use crate::auditor::Auditor;

/// Records events: JSON Lines in, one record a line out.
///
/// An object with `action` is a tool call, one with `event_type` a telemetry event. Records go to stdout and to the
/// outbox; a line that is refused is reported on stderr, and the rest goes on.
#[derive(Args)]
#[command(after_help = "\
Example:
  auditbox emit events.jsonl --file audit.jsonl > records.jsonl
  tail -f agent.log | auditbox emit --receipts")]
pub(super) struct Emit {
    #[command(flatten)]
    source: Source,
    #[command(flatten)]
    destinations: Destinations,
    /// Stops at the first line that is refused.
    #[arg(long)]
    strict: bool,
}

impl Emit {
    pub(super) fn run(&self, globals: &Globals) -> anyhow::Result<Exit> {
        let auditor = self.destinations.auditor(globals)?;
        let exit = self.record(&auditor, globals);
        // Whoever waits for Ctrl-C still has a hold on it.
        auditor.close(Duration::ZERO);
        exit
    }

    fn record(&self, auditor: &Auditor, globals: &Globals) -> anyhow::Result<Exit> {
        if let Some(log) = auditor.log() {
            self.source.refuse_as_log(log)?;
        }
        let mut input = self.source.open(auditor.max_event_bytes(), EmptyLines::Skip)?;
        let open = auditor.clone();
        let end = move || {
            open.close(Duration::ZERO);
        };
        let report = Report::new(globals.quiet, self.source.size());
        let guarded = Guarded::new(report, end).context("cannot handle Ctrl-C")?;
        loop {
            // Waiting for input is no reason to hold Ctrl-C up.
            let item = input.next().with_context(|| format!("cannot read {}", self.source.name()));
            let mut report = guarded.lock();
            match item {
                Ok(Some(Item::Lines(batch))) => self.batch(auditor, &batch, &mut report)?,
                Ok(Some(Item::Refused { line, reason })) => report.refused(line, &reason),
                Ok(None) => return Ok(report.finish()),
                Err(error) => {
                    report.finish();
                    return Err(error);
                }
            }
            if auditor.is_stdout_closed() {
                report.drop_silently();
                return Ok(Exit::Success);
            }
            report.advance(input.bytes());
            if self.strict && report.has_refused() {
                return Ok(report.finish());
            }
        }
    }

    fn batch(&self, auditor: &Auditor, batch: &Batch, report: &mut Report) -> Result<(), Unwritable> {
        let answers = match self.strict {
            true => auditor.emit_until_refused(&batch.text),
            false => auditor.emit_batch(&batch.text),
        };
        if auditor.is_stdout_closed() {
            return Ok(());
        }
        let mut out = io::BufWriter::new(io::stdout().lock());
        for (line, answer) in batch.numbers.iter().zip(answers) {
            match answer {
                Ok(receipt) => {
                    report.accepted(*line, &receipt);
                    if self.destinations.receipts {
                        writeln!(out, "{}", receipt.as_json())?;
                    }
                }
                Err(error) => report.error(*line, &error),
            }
        }
        Ok(out.flush()?)
    }
}
