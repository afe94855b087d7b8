//! `auditbox outbox export`: records as JSON Lines, oldest first.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};
use clap::Args;

use super::{Outbox, Selection, failed};
use crate::cli::exit::{Exit, Unwritable};
use crate::cli::shown::shown;

/// Records of one read: while it goes on, the WAL cannot be emptied.
const STEP: u32 = 1_000;

#[derive(Args)]
pub(super) struct Export {
    /// Begins after the row that this file names, and keeps it up to date: the next run goes on from there.
    #[arg(long, value_name = "FILE", conflicts_with = "after")]
    resume: Option<PathBuf>,
    /// Begins after the row of this number.
    #[arg(long, value_name = "ID")]
    after: Option<i64>,
    #[command(flatten)]
    selection: Selection,
}

impl Export {
    pub(super) fn run(&self, outbox: &Outbox) -> anyhow::Result<Exit> {
        let mut filter = self.selection.filter()?;
        filter.after_id = match &self.resume {
            Some(file) => read(file)?,
            None => self.after,
        };
        let reader = outbox.reader()?;
        loop {
            let records = reader.export(&filter, STEP).map_err(failed)?;
            let Some(last) = records.last() else { return Ok(Exit::Success) };
            filter.after_id = Some(last.id);
            let mut out = io::BufWriter::new(io::stdout().lock());
            let written = records.iter().try_for_each(|record| {
                // Another program may have stored more than a line.
                writeln!(out, "{}", record.payload.replace(['\n', '\r'], " "))
            });
            written.and_then(|()| out.flush()).map_err(Unwritable::from)?;
            if let Some(file) = &self.resume {
                write(file, last.id)?;
            }
        }
    }
}

fn read(file: &Path) -> anyhow::Result<Option<i64>> {
    match fs::read_to_string(file) {
        Ok(text) => {
            let id =
                text.trim().parse().map_err(|_| anyhow!("`{}` holds no number of a row", shown(file.display())))?;
            Ok(Some(id))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("cannot read `{}`", shown(file.display()))),
    }
}

/// Whole or not at all.
fn write(file: &Path, id: i64) -> anyhow::Result<()> {
    let draft = file.with_extension("new");
    let written = fs::write(&draft, format!("{id}\n")).and_then(|()| fs::rename(&draft, file));
    written.with_context(|| format!("cannot write `{}`", shown(file.display())))
}
