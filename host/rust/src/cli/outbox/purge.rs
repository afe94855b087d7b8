//! `auditbox outbox purge`: rows are deleted. What was still to be sent is counted as dropped.

use std::io::{self, BufRead, IsTerminal, Write};

use anyhow::bail;
use clap::Args;

use super::{Outbox, Selection, failed, json};
use crate::cli::exit::{Exit, print};

#[derive(Args)]
pub(super) struct Purge {
    /// All rows.
    #[arg(long)]
    all: bool,
    /// Does not ask.
    #[arg(long, short)]
    yes: bool,
    #[command(flatten)]
    selection: Selection,
}

impl Purge {
    pub(super) fn run(&self, outbox: &Outbox) -> anyhow::Result<Exit> {
        if !self.all && self.selection.is_empty() {
            bail!("which rows are to be deleted? Say which (`--status`, `--until`, …), or say `--all`");
        }
        let filter = self.selection.filter()?;
        let count = outbox.reader()?.count(&filter).map_err(failed)?;
        if count > 0 && !self.yes && !agreed(count)? {
            return Ok(Exit::Usage);
        }
        let purged = if count > 0 { outbox.writer()?.purge(filter).map_err(failed)? } else { 0 };
        let text = match outbox.json {
            true => json(&serde_json::json!({ "purged": purged }))?,
            false => format!("{purged} deleted\n"),
        };
        print(text.as_bytes())?;
        Ok(Exit::Success)
    }
}

fn agreed(count: u64) -> anyhow::Result<bool> {
    if !io::stdin().is_terminal() {
        bail!("{count} rows would be deleted for good: say `--yes` where nobody can be asked");
    }
    let mut out = io::stderr().lock();
    write!(out, "delete {count} rows for good? [y/N] ")?;
    out.flush()?;
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer)?;
    Ok(["y", "yes"].contains(&answer.trim().to_ascii_lowercase().as_str()))
}
