//! `auditbox receiver`: something to send to, on this machine.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::atomic::Ordering;
use std::thread;
use std::time::Duration;

use anyhow::Context;
use clap::Args;

use super::exit::{Exit, print};
use super::report::{counted, tell};
use super::{Globals, interrupt, span_of_time};
use crate::receiver::{self, Faults, ReceiverOptions, Refusal};
use crate::sync::ApiKey;

/// Takes batches on loopback, as a platform would, and does what a platform does wrong when it is told to.
///
/// It stores every event once, by its `event_id`, and counts how often it came. `GET /v1/stats` tells the counts. With
/// `AUDITBOX_API_KEY` or `--api-key-file` it wants that key.
#[derive(Args)]
#[command(after_help = "\
Example:
  auditbox receiver --listen 127.0.0.1:8080 --lose-answers 20%
  AUDITBOX_API_KEY=test auditbox sync --once --endpoint http://127.0.0.1:8080")]
pub(super) struct Receiver {
    /// Listens there. Port 0 is one that is free; the first line printed tells it.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// Keeps what it takes in this SQLite file instead of in memory.
    #[arg(long, value_name = "PATH")]
    store: Option<PathBuf>,
    /// Wants the key in this file.
    #[arg(long, value_name = "PATH")]
    api_key_file: Option<PathBuf>,
    /// Loses so many of its answers after storing the batch: `20%`.
    #[arg(long, value_name = "SHARE", value_parser = share, default_value = "0%")]
    lose_answers: f64,
    /// Takes so long for each answer: `200ms`.
    #[arg(long, value_name = "TIME", value_parser = span_of_time::parse, default_value = "0s")]
    delay: Duration,
    /// Answers with this status instead of taking anything; `503:2`: only the first two times.
    #[arg(long, value_name = "STATUS[:TIMES]")]
    refuse: Option<Refusal>,
    /// Takes so many events a second, and answers 429 to what comes faster: `1000/s`.
    #[arg(long, value_name = "RATE", value_parser = rate)]
    throttle: Option<f64>,
    /// Rejects events of this type, and takes the others of the batch.
    #[arg(long, value_name = "TYPE")]
    reject: Vec<String>,
    /// Draws chance from this number, to repeat a run.
    #[arg(long, value_name = "NUMBER")]
    seed: Option<u64>,
}

impl Receiver {
    pub(super) fn run(&self, globals: &Globals) -> anyhow::Result<Exit> {
        let faults = Faults {
            lose_percent: self.lose_answers,
            delay: self.delay,
            refuse: self.refuse,
            throttle: self.throttle,
            reject: self.reject.clone(),
            seed: self.seed,
        };
        let key = ApiKey::find(self.api_key_file.as_deref())?;
        let (listen, store) = (self.listen, self.store.clone());
        let interrupted = interrupt::noted().context("cannot handle Ctrl-C")?;
        let receiver = receiver::Receiver::start(ReceiverOptions { listen, store, key, faults })?;
        print(format!("listening on {}\n", receiver.url()).as_bytes())?;
        while !interrupted.load(Ordering::SeqCst) {
            thread::park_timeout(Duration::from_millis(100));
        }
        let stats = receiver.stats()?;
        if !globals.quiet {
            tell(&format_args!(
                "{} in {}, {} received more than once, {} rejected, {} lost, seed {}",
                counted(stats.events, "event", "events"),
                counted(stats.batches, "batch", "batches"),
                stats.received_twice,
                stats.rejected,
                counted(stats.answers_lost, "answer", "answers"),
                stats.seed,
            ));
        }
        Ok(Exit::Interrupted)
    }
}

fn share(text: &str) -> Result<f64, String> {
    let number = text.strip_suffix('%').and_then(|number| number.parse().ok());
    number.filter(|share| (0.0..=100.0).contains(share)).ok_or_else(|| "expected per cent, for example `20%`".into())
}

fn rate(text: &str) -> Result<f64, String> {
    let number = text.strip_suffix("/s").and_then(|number| number.parse().ok());
    number.filter(|rate: &f64| rate.is_finite() && *rate > 0.0).ok_or_else(|| "expected `1000/s`".into())
}
