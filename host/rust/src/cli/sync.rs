//! `auditbox sync`: sends what is in the outbox, or says why that cannot be.

mod check;

use std::path::PathBuf;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use anyhow::{Context, anyhow};
use clap::{Args, Subcommand};

use super::Globals;
use super::exit::Exit;
use super::options::{Config, speaks_of_outbox};
use super::report::Sending;
use super::{interrupt, span_of_time};
use crate::auditor::{Auditor, Builder};
use crate::sync::{Progress, Status, Stopped};

/// The endpoint, where neither the option nor a file is to name it.
const ENDPOINT: &str = "AUDITBOX_SYNC__ENDPOINT";
/// How often it is looked whether somebody has pressed Ctrl-C.
const LOOK: Duration = Duration::from_millis(100);
/// How long Ctrl-C waits for what is under way.
const FAREWELL: Duration = Duration::from_secs(2);
/// As good as for ever: what was waiting at the start is finite.
const LONG: Duration = Duration::from_secs(365 * 24 * 3600);

/// Sends what is in the outbox to the endpoint.
///
/// The API key is in the environment, as `AUDITBOX_API_KEY`, or in the file that the configuration names. Without
/// `--once` or `--drain` it goes on until Ctrl-C.
#[derive(Args)]
#[command(after_help = "\
Exit codes:
  0  everything went
  1  the endpoint refused some records: `auditbox outbox list --status dead`
  3  records are still waiting: the endpoint cannot take them, or another process sends

Example:
  auditbox sync --drain 120s --endpoint https://audit.example.com
  auditbox sync check")]
pub(super) struct Sync {
    #[command(subcommand)]
    question: Option<Question>,
    /// Sends what is waiting now, each batch at most once, and ends.
    #[arg(long, conflicts_with = "drain")]
    once: bool,
    /// Sends until nothing is waiting, but not longer than this: `120s`, `2m`.
    #[arg(long, value_name = "TIME", value_parser = span_of_time::parse)]
    drain: Option<Duration>,
    /// Sends what is in this outbox instead of this user's own.
    #[arg(long, value_name = "PATH")]
    outbox: Option<PathBuf>,
    #[command(flatten)]
    place: Place,
}

#[derive(Subcommand)]
enum Question {
    /// Tries to reach the endpoint, and says what is wrong.
    Check(check::Check),
}

/// What `sync` and `sync check` take.
#[derive(Args)]
struct Place {
    /// Sends to this endpoint: `https://host[:port][/path]`, or `http://` on this machine. It wins over
    /// `AUDITBOX_SYNC__ENDPOINT`, which wins over the configuration.
    #[arg(long, global = true, value_name = "URL")]
    endpoint: Option<String>,
    /// Takes the configuration from this file.
    #[arg(long, global = true, value_name = "FILE.json")]
    config: Option<PathBuf>,
}

impl Sync {
    pub(super) fn run(&self, globals: &Globals) -> anyhow::Result<Exit> {
        if let Some(Question::Check(check)) = &self.question {
            return check.run(&self.place, globals);
        }
        let auditor = self.place.auditor(globals, |builder, config| {
            let builder = match &self.outbox {
                Some(path) => builder.outbox(path),
                None if config.is_some_and(speaks_of_outbox) => builder,
                None => builder.default_outbox(),
            };
            builder.no_worker()
        })?;
        let interrupted = interrupt::noted().context("cannot handle Ctrl-C")?;
        let worker = auditor.sync_worker()?;
        let mut sending = Sending::new(globals.quiet);
        let deadline = self.drain.map(|time| Instant::now() + time);
        let mut look = |enough: &mut dyn FnMut(&Progress) -> bool| {
            let progress = worker.wait(LOOK, &mut *enough);
            let Stopped { delivered, dead, pending } = progress.counts;
            sending.advance(delivered + dead, delivered + dead + pending);
            sending.say(told(&progress.status));
            progress
        };
        let interrupted = || interrupted.load(Ordering::SeqCst);
        if self.once {
            // Of what comes later it knows nothing.
            std::thread::scope(|scope| {
                let stopping = scope.spawn(|| worker.stop(LONG));
                while !stopping.is_finished() && !interrupted() {
                    look(&mut |progress| progress.ended);
                }
                if interrupted() {
                    worker.stop(Duration::ZERO);
                }
            });
        } else {
            let over = || interrupted() || deadline.is_some_and(|deadline| Instant::now() >= deadline);
            while !over() {
                let progress = look(&mut |progress| progress.ended || (deadline.is_some() && progress.drained));
                if progress.ended || (deadline.is_some() && progress.drained) {
                    break;
                }
            }
        }
        let drained = worker.wait(Duration::ZERO, |_| true).drained;
        let stopped = worker.stop(if interrupted() { FAREWELL } else { Duration::ZERO });
        let status = worker.status();
        let Stopped { delivered, dead, pending } = stopped;
        sending.say(told(&status));
        sending.finish(&format_args!("{delivered} delivered, {dead} dead, {pending} pending"));
        let waiting = match &status {
            Status::Idle | Status::Sending => self.drain.is_some() && !drained && pending > 0,
            Status::BackingOff { .. } | Status::Paused { .. } | Status::StandingBy => pending > 0,
        };
        Ok(match () {
            () if interrupted() => Exit::Interrupted,
            () if waiting => Exit::Delivery,
            () if dead > 0 => Exit::Refused,
            () => Exit::Success,
        })
    }
}

impl Place {
    /// The auditor of the configuration with its endpoint, made as the caller likes.
    fn auditor(
        &self,
        globals: &Globals,
        make: impl FnOnce(Builder, Option<&str>) -> Builder,
    ) -> anyhow::Result<Auditor> {
        let file = Config::of(self.config.clone());
        let config = file.read()?;
        let mut builder = make(Auditor::builder().stdout(false), config.as_deref());
        let given = std::env::var_os(ENDPOINT).filter(|endpoint| !endpoint.is_empty());
        let given = given.map(|endpoint| endpoint.into_string().map_err(|_| anyhow!("`{ENDPOINT}` is not UTF-8")));
        if let Some(endpoint) = self.endpoint.clone().map(Ok).or(given).transpose()? {
            builder = builder.endpoint(&endpoint);
        }
        file.build(config, builder, globals)
    }
}

/// What people need to know of it.
fn told(status: &Status) -> String {
    match status {
        Status::Idle | Status::Sending => String::new(),
        Status::BackingOff { reason, .. } => format!("trying again later: {reason}"),
        Status::Paused { reason, .. } => format!("paused: {reason}"),
        Status::StandingBy => "another process sends: standing by".into(),
    }
}
