//! What `redact` and `cap` share: one value a line in, one out, nothing recorded.

use std::io::{self, Write};

use anyhow::Context;
use clap::Args;

use super::Globals;
use super::exit::{Exit, Unwritable};
use super::explain::Explain;
use super::input::{Batch, EmptyLines, Item, Source};
use super::options::Config;
use super::report::{Report, tell};
use crate::auditor::Auditor;
use crate::error::Error;
use crate::receipt::Rewritten;

#[derive(Args)]
pub(super) struct Rewrite {
    #[command(flatten)]
    source: Source,
    /// Prints receipts instead of values.
    #[arg(long)]
    receipts: bool,
    #[command(flatten)]
    config: Config,
}

/// One of the auditor's functions.
pub(super) type Function = fn(&Auditor, &str) -> Result<Rewritten, Error>;

impl Rewrite {
    /// Runs every line through `function`; with `text`, as a JSON string's value; with `explain`, its redactions are told.
    pub(super) fn run(&self, globals: &Globals, text: bool, explain: bool, function: Function) -> anyhow::Result<Exit> {
        let auditor = self.config.rewriter(globals)?;
        let explain = explain.then(|| Explain::new(&auditor)).transpose()?;
        let empty_lines = if text { EmptyLines::Keep } else { EmptyLines::Skip };
        let mut input = self.source.open(auditor.max_event_bytes(), empty_lines)?;
        let mut report = Report::new(true, None);
        while let Some(item) = input.next().with_context(|| format!("cannot read {}", self.source.name()))? {
            match item {
                Item::Lines(batch) => {
                    self.batch(&batch, text, explain.as_ref(), |value| function(&auditor, value), &mut report)?;
                }
                Item::Refused { line, reason } => report.refused(line, &reason),
            }
        }
        Ok(report.finish())
    }

    fn batch(
        &self,
        batch: &Batch,
        text: bool,
        explain: Option<&Explain>,
        function: impl Fn(&str) -> Result<Rewritten, Error>,
        report: &mut Report,
    ) -> Result<(), Unwritable> {
        let mut out = io::BufWriter::new(io::stdout().lock());
        for (number, line) in batch.numbers.iter().zip(batch.text.lines()) {
            let rewritten = match text {
                true => function(&serde_json::Value::from(line).to_string()),
                false => function(line),
            };
            let told = match (explain, &rewritten) {
                (Some(explain), Ok(rewritten)) => explain.tell(*number, rewritten),
                _ => String::new(),
            };
            match rewritten {
                Ok(rewritten) if self.receipts => writeln!(out, "{}", rewritten.receipt.as_json())?,
                Ok(rewritten) if text => writeln!(out, "{}", plain(rewritten.value))?,
                Ok(rewritten) => writeln!(out, "{}", rewritten.value)?,
                Err(error) => report.error(*number, &error),
            }
            if !told.is_empty() {
                // On one terminal each explanation stands behind its line.
                out.flush()?;
                tell(&told.trim_end());
            }
        }
        Ok(out.flush()?)
    }
}

/// A JSON string's value; other JSON as it is.
fn plain(json: String) -> String {
    serde_json::from_str(&json).unwrap_or(json)
}
