//! `auditbox outbox list` and `show`: rows, and one with its record.

use std::fmt::Write;

use anyhow::bail;
use clap::Args;

use super::{Outbox, Selection, failed, json};
use crate::capability::outbox::{Entry, Shown};
use crate::cli::exit::{Exit, print};
use crate::cli::report::visible;
use crate::cli::shown::shown;

#[derive(Args)]
pub(super) struct List {
    /// How many at most.
    #[arg(long, default_value_t = 50)]
    limit: u32,
    /// The oldest first.
    #[arg(long)]
    oldest_first: bool,
    /// Only those that come after the row of this number, in the order of the list.
    #[arg(long, value_name = "ID")]
    after: Option<i64>,
    #[command(flatten)]
    selection: Selection,
}

#[derive(Args)]
pub(super) struct Show {
    /// Its number, or the `event_id`.
    id: String,
}

impl List {
    pub(super) fn run(&self, outbox: &Outbox) -> anyhow::Result<Exit> {
        let mut filter = self.selection.filter()?;
        *(if self.oldest_first { &mut filter.after_id } else { &mut filter.before_id }) = self.after;
        let rows = outbox.reader()?.list(&filter, !self.oldest_first, self.limit).map_err(failed)?;
        let text = match outbox.json {
            true => rows.iter().map(json).collect::<anyhow::Result<String>>()?,
            false => table(&rows),
        };
        print(text.as_bytes())?;
        Ok(Exit::Success)
    }
}

impl Show {
    pub(super) fn run(&self, outbox: &Outbox) -> anyhow::Result<Exit> {
        let Some(row) = outbox.reader()?.show(&self.id).map_err(failed)? else {
            bail!("no row `{}`: `auditbox outbox list` shows what is there", shown(&self.id));
        };
        let text = if outbox.json { json(&row)? } else { shown_text(&row) };
        print(text.as_bytes())?;
        Ok(Exit::Success)
    }
}

fn table(rows: &[Entry]) -> String {
    let width = rows.iter().map(|row| visible(&row.event_type).chars().count()).max().unwrap_or_default();
    // Another program may have stored any name.
    let width = width.min(40);
    rows.iter().fold(String::new(), |mut table, row| {
        // Writing to a string cannot fail.
        let _ = writeln!(
            table,
            "{:>8}  {}  {}  {:width$}  {:9}  {:>8} bytes",
            row.id,
            visible(&row.created_at),
            visible(&row.event_id),
            visible(&row.event_type),
            row.sync_status.as_str(),
            row.payload_bytes,
        );
        table
    })
}

fn shown_text(Shown { entry: row, payload }: &Shown) -> String {
    let or_none = |value: &Option<String>| value.as_deref().map_or("none".into(), visible);
    format!(
        "id            {}\nevent id      {}\ntype          {}\nagent         {}\nstored        {}\n\
         status        {}\nretries       {}\nnext attempt  {}\nlast error    {}\npayload       {} bytes\n\n{payload}\n",
        row.id,
        visible(&row.event_id),
        visible(&row.event_type),
        if row.agent_id.is_empty() { "none".into() } else { visible(&row.agent_id) },
        row.created_at,
        row.sync_status.as_str(),
        row.retry_count,
        or_none(&row.next_attempt_at),
        or_none(&row.last_error),
        row.payload_bytes,
    )
}
