//! `auditbox outbox`: a look at what is stored. It changes nothing.

use std::fmt::Write;
use std::path::PathBuf;

use anyhow::bail;
use clap::{Args, Subcommand, ValueEnum};
use serde::Serialize;

use super::exit::{Exit, print};
use super::report::visible;
use super::shown::shown;
use crate::capability::outbox::{Entry, OutboxError, Page, Reader, Shown, Status, SyncStatus, default_path};
use crate::error::{Error, ErrorKind};

/// Looks at the outbox.
#[derive(Args)]
#[command(after_help = "\
Example:
  auditbox outbox status
  auditbox outbox list --limit 5 --json
  auditbox outbox show 42")]
pub(super) struct Outbox {
    #[command(subcommand)]
    question: Question,
    /// Looks at this outbox instead of this user's own.
    #[arg(long, global = true, value_name = "PATH")]
    outbox: Option<PathBuf>,
    /// Answers in JSON, one value a line.
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Subcommand)]
enum Question {
    /// Counts and sizes.
    Status,
    /// Rows, the youngest first, without their records.
    List(List),
    /// One row with its record.
    Show {
        /// Its number, or the `event_id`.
        id: String,
    },
}

#[derive(Args)]
struct List {
    /// How many at most.
    #[arg(long, default_value_t = 50)]
    limit: u32,
    /// The oldest first.
    #[arg(long)]
    oldest_first: bool,
    /// Only those that come after the row of this number.
    #[arg(long, value_name = "ID")]
    after: Option<i64>,
    /// Only rows that have come so far.
    #[arg(long, value_enum)]
    status: Option<Stage>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Stage {
    Pending,
    Completed,
    Dead,
}

impl Outbox {
    pub(super) fn run(&self) -> anyhow::Result<Exit> {
        let answer = match &self.question {
            Question::Status => {
                let status = self.read(|reader| reader.status())?;
                if self.json { json(&status)? } else { status_text(&status) }
            }
            Question::List(list) => {
                let rows = self.read(|reader| reader.list(&list.page()))?;
                match self.json {
                    true => rows.iter().map(json).collect::<anyhow::Result<String>>()?,
                    false => table(&rows),
                }
            }
            Question::Show { id } => {
                let Some(row) = self.read(|reader| reader.show(id))? else {
                    bail!("no row `{}`: `auditbox outbox list` shows what is there", shown(id));
                };
                match self.json {
                    true => json(&row)?,
                    false => shown_text(&row),
                }
            }
        };
        print(answer.as_bytes())?;
        Ok(Exit::Success)
    }

    fn read<T>(&self, question: impl FnOnce(&Reader) -> Result<T, OutboxError>) -> Result<T, Error> {
        let path = self.outbox.clone().map_or_else(default_path, Ok);
        path.and_then(|path| question(&Reader::open(&path)?))
            .map_err(|error| Error::new(ErrorKind::Outbox, error.to_string()))
    }
}

impl List {
    fn page(&self) -> Page {
        Page {
            limit: self.limit,
            newest_first: !self.oldest_first,
            after_id: self.after,
            sync_status: self.status.map(|stage| match stage {
                Stage::Pending => SyncStatus::Pending,
                Stage::Completed => SyncStatus::Completed,
                Stage::Dead => SyncStatus::Dead,
            }),
        }
    }
}

fn json(value: &impl Serialize) -> anyhow::Result<String> {
    Ok(serde_json::to_string(value)? + "\n")
}

fn status_text(status: &Status) -> String {
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

fn table(rows: &[Entry]) -> String {
    let width = rows.iter().map(|row| visible(&row.event_type).chars().count()).max().unwrap_or_default();
    rows.iter().fold(String::new(), |mut table, row| {
        // Writing to a string cannot fail.
        let _ = writeln!(
            table,
            "{:>8}  {}  {}  {:width$}  {:9}  {:>8} bytes",
            row.id,
            row.created_at,
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
