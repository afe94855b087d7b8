//! Carries out what the guest has handed over, in the one order that is safe: the commit, then the sinks. What failed
//! is told to the guest, which decides what it means.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde::Serialize;

use crate::capability::Sink;
use crate::capability::file::FileSink;
use crate::capability::outbox::{Outbox, OutboxError, Row, Stored, Ticket};
use crate::capability::stdout::Stdout;
use crate::config::{Effective, OnFailure};
use crate::engine::{Handed, Write};
use crate::error::{Error, ErrorKind};

/// The effects of one auditor.
pub(super) struct Delivery {
    outbox: Option<Arc<Outbox>>,
    sinks: Vec<Box<dyn Sink>>,
    on_failure: OnFailure,
    reader_gone: AtomicBool,
}

/// A call whose rows are queued.
pub(super) struct Begun {
    lines: Vec<u32>,
    writes: Vec<Write>,
    /// `None`: there is nothing to store.
    ticket: Option<Queued>,
}

type Queued = Result<Ticket, OutboxError>;

/// What did not simply go well, by the number of the event, in the words of `delivery.finish`.
pub(super) type Outcomes = BTreeMap<u32, Vec<Outcome>>;

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub(super) enum Outcome {
    Failed { target: String, message: String, retryable: bool },
    Duplicate { target: &'static str, duplicate: bool },
}

const OUTBOX: &str = "outbox";

impl Delivery {
    /// Opens the outbox and the sinks.
    ///
    /// # Errors
    /// When one of them cannot be opened: better now than with the first event.
    pub(super) fn open(config: Effective) -> Result<Self, Error> {
        let outbox = match config.outbox {
            Some(options) => {
                let outbox = Outbox::open(options).map_err(|error| Error::new(ErrorKind::Outbox, error.to_string()))?;
                Some(Arc::new(outbox))
            }
            None => None,
        };
        let mut sinks = Vec::<Box<dyn Sink>>::new();
        if config.stdout {
            sinks.push(Box::new(Stdout));
        }
        if let Some(options) = config.file {
            let file = FileSink::open(options).map_err(|error| Error::new(ErrorKind::Sink, error.message))?;
            sinks.push(Box::new(file));
        }
        Ok(Self { outbox, sinks, on_failure: config.on_failure, reader_gone: AtomicBool::new(false) })
    }

    /// Stores the rows of one call in one transaction, waits for it, and then gives each sink its records in one go.
    /// Of events that were not `accepted` nothing is carried out. A record that the outbox had already is shown by no
    /// sink, nor is one that it could not store under `on_failure: closed`.
    pub(super) fn carry_out(&self, handed: Handed, accepted: impl Fn(u32) -> bool) -> Outcomes {
        self.finish(self.begin(handed, accepted))
    }

    /// The first half of `carry_out`: queues the rows.
    pub(super) fn begin(&self, handed: Handed, accepted: impl Fn(u32) -> bool) -> Begun {
        let Handed { rows, mut writes } = handed;
        writes.retain(|write| accepted(write.line));
        let (lines, rows): (Vec<u32>, Vec<Row>) = rows.into_iter().filter(|(line, _)| accepted(*line)).unzip();
        let durable = rows.iter().any(|row| row.durable);
        let outbox = self.outbox.as_ref().filter(|_| !rows.is_empty());
        Begun { lines, writes, ticket: outbox.map(|outbox| outbox.append(rows, durable)) }
    }

    /// The second half: waits until the rows are as safe as they are to be, and then writes to the sinks.
    pub(super) fn finish(&self, begun: Begun) -> Outcomes {
        let Begun { lines, writes, ticket } = begun;
        let mut outcomes = Outcomes::new();
        let withheld = match ticket {
            Some(ticket) => self.commit(lines, ticket, &mut outcomes),
            None => BTreeSet::new(),
        };
        for sink in &self.sinks {
            let (lines, records): (Vec<u32>, Vec<&str>) = (writes.iter())
                .filter(|write| write.sink == sink.name() && !withheld.contains(&write.line))
                .map(|write| (write.line, write.body.as_str()))
                .unzip();
            if records.is_empty() {
                continue;
            }
            let Err(error) = sink.write(&records) else { continue };
            self.reader_gone.fetch_or(error.closed, Ordering::Relaxed);
            for line in lines.into_iter().skip(error.written) {
                outcomes.entry(line).or_default().push(Outcome::Failed {
                    target: sink.name().to_owned(),
                    message: error.message.clone(),
                    retryable: error.retryable,
                });
            }
        }
        outcomes
    }

    /// The outbox, if there is one.
    pub(super) fn outbox(&self) -> Option<Arc<Outbox>> {
        self.outbox.clone()
    }

    /// Stores what is waiting, and closes the outbox.
    pub(super) fn close(&self) {
        if let Some(outbox) = &self.outbox {
            outbox.close();
        }
    }

    /// Whether the reader of the standard output has gone.
    pub(super) fn reader_gone(&self) -> bool {
        self.reader_gone.load(Ordering::Relaxed)
    }

    /// Waits for the commit, and answers with the events that no sink may show.
    fn commit(&self, lines: Vec<u32>, ticket: Queued, outcomes: &mut Outcomes) -> BTreeSet<u32> {
        let mut withheld = BTreeSet::new();
        match ticket.and_then(Ticket::wait) {
            Ok(stored) => {
                for (line, _) in lines.into_iter().zip(stored).filter(|(_, stored)| *stored == Stored::Duplicate) {
                    let duplicate = Outcome::Duplicate { target: OUTBOX, duplicate: true };
                    outcomes.entry(line).or_default().push(duplicate);
                    withheld.insert(line);
                }
            }
            Err(error) => {
                for line in lines {
                    outcomes.entry(line).or_default().push(Outcome::Failed {
                        target: OUTBOX.into(),
                        message: error.to_string(),
                        retryable: error.is_retryable(),
                    });
                    if self.on_failure == OnFailure::Closed {
                        withheld.insert(line);
                    }
                }
            }
        }
        withheld
    }
}

#[cfg(test)]
mod tests;
