//! `auditbox outbox retry`: dead rows are tried again.

use anyhow::bail;
use clap::Args;

use super::{Outbox, Selection, failed, json};
use crate::capability::outbox::Filter;
use crate::cli::exit::{Exit, print};

#[derive(Args)]
pub(super) struct Retry {
    /// These rows: their numbers, or their `event_id`s.
    #[arg(conflicts_with = "all")]
    ids: Vec<String>,
    /// All dead rows.
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    selection: Selection,
}

impl Retry {
    pub(super) fn run(&self, outbox: &Outbox) -> anyhow::Result<Exit> {
        if self.ids.is_empty() && !self.all && self.selection.is_empty() {
            bail!("which rows are to be tried again? Name them, say which (`--type`, `--since`, …), or say `--all`");
        }
        let filter = self.selection.filter()?;
        let filters = match self.ids.as_slice() {
            [] => vec![filter],
            ids => ids.iter().map(|id| Filter { id: Some(id.clone()), ..filter.clone() }).collect(),
        };
        let store = outbox.writer()?;
        let mut revived = 0;
        for filter in filters {
            revived += store.revive(filter).map_err(failed)?;
        }
        let text = match outbox.json {
            true => json(&serde_json::json!({ "pending_again": revived }))?,
            false => format!("{revived} pending again\n"),
        };
        print(text.as_bytes())?;
        Ok(Exit::Success)
    }
}
