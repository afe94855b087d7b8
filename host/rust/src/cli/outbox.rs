//! `auditbox outbox`: what is stored, and what people do about it.

mod export;
mod purge;
mod retry;
mod rows;
mod status;

use std::path::PathBuf;

use anyhow::bail;
use clap::{Args, Subcommand, ValueEnum};
use serde::Serialize;

use super::exit::Exit;
use super::shown::shown;
use crate::capability::outbox::{self, Filter, Options, OutboxError, Reader, SyncStatus, default_path};
use crate::error::{Error, ErrorKind};

/// Looks at the outbox, and after it.
#[derive(Args)]
#[command(after_help = "\
Example:
  auditbox outbox status
  auditbox outbox list --limit 5 --tool bash --json
  auditbox outbox show 42
  auditbox outbox retry --all
  auditbox outbox export --resume exported.id >> audit.jsonl
  auditbox outbox purge --status completed --until 2026-01-01T00:00:00Z")]
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
    /// Counts and sizes, and what the sync worker does.
    Status(status::Glance),
    /// Rows, the youngest first, without their records.
    List(rows::List),
    /// One row with its record.
    Show(rows::Show),
    /// Has dead rows tried again.
    Retry(retry::Retry),
    /// Records as JSON Lines, oldest first.
    Export(export::Export),
    /// Deletes rows; what was still to be sent is counted as dropped.
    Purge(purge::Purge),
}

/// Which rows are meant.
#[derive(Args)]
struct Selection {
    /// Only rows that have come so far.
    #[arg(long, value_enum)]
    status: Option<Stage>,
    /// Only rows of this type: the `action` of a tool call, or a telemetry event's type.
    #[arg(long = "type", value_name = "TYPE")]
    event_type: Option<String>,
    /// Only rows stored at this time or later: RFC 3339 in UTC, or a part of it, such as 2026-03-16.
    #[arg(long, value_name = "TIME")]
    since: Option<String>,
    /// Only rows stored before this time.
    #[arg(long, value_name = "TIME")]
    until: Option<String>,
    /// Only records of this `run_id`.
    #[arg(long, value_name = "ID")]
    run: Option<String>,
    /// Only records of this `tool_name`.
    #[arg(long, value_name = "NAME")]
    tool: Option<String>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Stage {
    Pending,
    Completed,
    Dead,
}

impl Outbox {
    pub(super) fn run(&self) -> anyhow::Result<Exit> {
        match &self.question {
            Question::Status(glance) => glance.run(self),
            Question::List(list) => list.run(self),
            Question::Show(show) => show.run(self),
            Question::Retry(retry) => retry.run(self),
            Question::Export(export) => export.run(self),
            Question::Purge(purge) => purge.run(self),
        }
    }

    fn path(&self) -> Result<PathBuf, Error> {
        self.outbox.clone().map_or_else(default_path, Ok).map_err(failed)
    }

    fn reader(&self) -> Result<Reader, Error> {
        Reader::open(&self.path()?).map_err(failed)
    }

    /// To change what is there; where nothing is, nothing is made.
    fn writer(&self) -> Result<outbox::Outbox, Error> {
        let path = self.path()?;
        Reader::open(&path).and_then(|_| outbox::Outbox::open(Options::unlimited(&path))).map_err(failed)
    }
}

impl Selection {
    fn is_empty(&self) -> bool {
        let Self { status, event_type, since, until, run, tool } = self;
        status.is_none() && [event_type, since, until, run, tool].into_iter().all(Option::is_none)
    }

    fn filter(&self) -> anyhow::Result<Filter> {
        for (option, time) in [("--since", &self.since), ("--until", &self.until)] {
            if let Some(time) = time.as_deref().filter(|time| !is_time(time)) {
                bail!("`{option} {}` is no time: write it as 2026-03-16 or 2026-03-16T08:00:00Z", shown(time));
            }
        }
        Ok(Filter {
            sync_status: self.status.map(|stage| match stage {
                Stage::Pending => SyncStatus::Pending,
                Stage::Completed => SyncStatus::Completed,
                Stage::Dead => SyncStatus::Dead,
            }),
            event_type: self.event_type.clone(),
            since: self.since.clone(),
            until: self.until.clone(),
            run_id: self.run.clone(),
            tool_name: self.tool.clone(),
            ..Filter::default()
        })
    }
}

/// Whether a text begins as the times in the outbox do, so that it can be compared with them.
fn is_time(text: &str) -> bool {
    const SHAPE: &str = "0000-00-00T00:00:00.000Z";
    let shape: String = text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    text.len() >= 4 && (SHAPE.starts_with(&shape) || shape == "0000-00-00T00:00:00Z")
}

fn failed(error: OutboxError) -> Error {
    Error::new(ErrorKind::Outbox, error.to_string())
}

fn json(value: &impl Serialize) -> anyhow::Result<String> {
    Ok(serde_json::to_string(value)? + "\n")
}
