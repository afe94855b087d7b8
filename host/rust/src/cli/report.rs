//! What is told on stderr: what was refused or failed, how far it is, and a summary at the end.

use std::collections::BTreeSet;
use std::fmt::Display;
use std::io::{self, IsTerminal, Write};

use indicatif::{ProgressBar, ProgressStyle};

use super::exit::Exit;
use crate::error::{Error, ErrorKind};
use crate::receipt::Receipt;

/// What has happened so far.
pub(super) struct Report {
    quiet: bool,
    /// Only on a terminal that does not show the records.
    bar: Option<ProgressBar>,
    accepted: u64,
    duplicates: u64,
    refused: u64,
    redactions: u64,
    /// Deliveries that failed.
    failed: u64,
    /// Sinks that are known to fail.
    failing: BTreeSet<String>,
    bytes: u64,
    exit: Exit,
}

impl Report {
    /// `size` of the input in bytes, where it is known.
    pub(super) fn new(quiet: bool, size: Option<u64>) -> Self {
        let shown = !quiet && io::stderr().is_terminal() && !io::stdout().is_terminal();
        Self {
            quiet,
            bar: shown.then(|| bar(size)),
            accepted: 0,
            duplicates: 0,
            refused: 0,
            redactions: 0,
            failed: 0,
            failing: BTreeSet::new(),
            bytes: 0,
            exit: Exit::Success,
        }
    }

    /// One event's receipt. A sink that fails is named when it does so first.
    pub(super) fn accepted(&mut self, line: u64, receipt: &Receipt) {
        self.accepted += 1;
        self.duplicates += u64::from(receipt.duplicate);
        self.redactions += receipt.redactions_total;
        for failure in &receipt.failures {
            self.failed += 1;
            self.exit = self.exit.max(Exit::Delivery);
            if self.failing.insert(failure.target.clone()) {
                self.say(&format_args!("line {line}: `{}`: {}", failure.target, failure.message));
            }
        }
    }

    /// One line that did not go through.
    pub(super) fn error(&mut self, line: u64, error: &Error) {
        match error.kind() {
            ErrorKind::Unavailable => self.failed += 1,
            _ => self.refused += 1,
        }
        self.exit = self.exit.max(error.kind().into());
        self.say(&format_args!("line {line}: {error}"));
    }

    /// One line that was not even tried.
    pub(super) fn refused(&mut self, line: u64, reason: &str) {
        self.refused += 1;
        self.exit = self.exit.max(Exit::Refused);
        self.say(&format_args!("line {line}: {reason}"));
    }

    /// Whether any line did not go through.
    pub(super) fn has_refused(&self) -> bool {
        self.exit != Exit::Success
    }

    /// How much of the input has been dealt with.
    pub(super) fn advance(&mut self, bytes: u64) {
        self.bytes = bytes;
        if let Some(bar) = &self.bar {
            bar.set_position(bytes);
        }
    }

    /// Ends without a word: nobody reads any more.
    pub(super) fn drop_silently(&mut self) {
        self.clear();
        self.quiet = true;
    }

    /// Ends with the summary.
    pub(super) fn finish(&mut self) -> Exit {
        self.clear();
        if !self.quiet {
            let redactions = counted(self.redactions, "redaction", "redactions");
            let mut summary = format!("{} accepted", self.accepted);
            if self.duplicates > 0 {
                summary += &format!(" ({})", counted(self.duplicates, "duplicate", "duplicates"));
            }
            summary += &format!(", {} refused, {redactions}, {} bytes", self.refused, self.bytes);
            if self.failed > 0 {
                summary += &format!(", {} failed", counted(self.failed, "delivery", "deliveries"));
            }
            self.say(&summary);
        }
        self.exit
    }

    fn clear(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }

    fn say(&self, message: &dyn Display) {
        let write = || tell(message);
        match &self.bar {
            Some(bar) => bar.suspend(write),
            None => write(),
        }
    }
}

/// How far a worker is, on stderr.
pub(super) struct Sending {
    quiet: bool,
    /// Only on a terminal.
    bar: Option<ProgressBar>,
    /// What was said last.
    said: String,
}

impl Sending {
    pub(super) fn new(quiet: bool) -> Self {
        let shown = !quiet && io::stderr().is_terminal();
        let bar = shown.then(|| {
            let style = ProgressStyle::with_template("{wide_bar} {pos} of {len} records ({per_sec}), {eta} left");
            style.map_or_else(|_| ProgressBar::new(0), |style| ProgressBar::new(0).with_style(style))
        });
        Self { quiet, bar, said: String::new() }
    }

    /// So many of so many records are done.
    pub(super) fn advance(&self, done: u64, of: u64) {
        if let Some(bar) = &self.bar {
            bar.set_length(of);
            bar.set_position(done);
        }
    }

    /// Says what is going on, once for each change.
    pub(super) fn say(&mut self, message: String) {
        if message == self.said {
            return;
        }
        if !self.quiet && !message.is_empty() {
            match &self.bar {
                Some(bar) => bar.suspend(|| tell(&message)),
                None => tell(&message),
            }
        }
        self.said = message;
    }

    /// Ends with a summary.
    pub(super) fn finish(self, summary: &dyn Display) {
        if let Some(bar) = self.bar {
            bar.finish_and_clear();
        }
        if !self.quiet {
            tell(summary);
        }
    }
}

/// Says something on stderr. Without one there is nobody to tell.
pub(super) fn tell(message: &dyn Display) {
    let _ = writeln!(io::stderr().lock(), "{message}");
}

/// An event's own words, without the control characters that would act on a terminal.
pub(super) fn visible(text: &str) -> String {
    text.chars().flat_map(|c| if c.is_control() { c.escape_default().collect() } else { vec![c] }).collect()
}

/// `1 batch`, `2 batches`.
pub(super) fn counted(count: u64, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

fn bar(size: Option<u64>) -> ProgressBar {
    let (bar, template) = match size {
        Some(size) => (ProgressBar::new(size), "{wide_bar} {bytes} of {total_bytes}, {eta} left"),
        None => (ProgressBar::new_spinner(), "{spinner} {bytes} ({bytes_per_sec})"),
    };
    match ProgressStyle::with_template(template) {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
