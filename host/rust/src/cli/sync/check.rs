//! `auditbox sync check`: one request without events, and what its answer tells.

use std::fmt::Write;
use std::time::{Duration, Instant, SystemTime};

use clap::Args;
use serde::Serialize;
use serde_json::{Map, Value};

use super::Place;
use crate::cli::Globals;
use crate::cli::exit::{Exit, print};
use crate::sync::{Answer, ApiKey, Failure, probe};

/// Clocks may be so far apart.
const APART: Duration = Duration::from_secs(300);

#[derive(Args)]
pub(super) struct Check {
    /// Answers in JSON.
    #[arg(long)]
    json: bool,
}

/// What was found out, step by step, up to the first that failed.
#[derive(Default, Serialize)]
struct Findings {
    ok: bool,
    steps: Vec<Step>,
}

#[derive(Serialize)]
struct Step {
    step: &'static str,
    ok: bool,
    message: String,
}

impl Check {
    pub(super) fn run(&self, place: &Place, globals: &Globals) -> anyhow::Result<Exit> {
        let mut findings = Findings::default();
        findings.look(place, globals)?;
        findings.ok = findings.steps.iter().all(|step| step.ok);
        let answer = match self.json {
            true => serde_json::to_string(&findings)? + "\n",
            false => findings.text(),
        };
        print(answer.as_bytes())?;
        Ok(if findings.ok { Exit::Success } else { Exit::Delivery })
    }
}

impl Findings {
    fn look(&mut self, place: &Place, globals: &Globals) -> anyhow::Result<()> {
        // Nothing of an outbox is needed, but a configuration that sends is to have one.
        let auditor = place.auditor(globals, |builder, _| builder.default_outbox().only_checked())?;
        let Some(options) = auditor.sync_options() else {
            anyhow::bail!("there is no endpoint to send to: name it by `--endpoint`, or `AUDITBOX_SYNC__ENDPOINT`");
        };
        self.good("endpoint", options.endpoint.clone());
        let key = match ApiKey::find(options.api_key_file.as_deref()) {
            Ok(Some(key)) => key,
            Ok(None) => {
                self.bad("key", "there is none: set `AUDITBOX_API_KEY`, or `sync.api_key_file` to a file that has it");
                return Ok(());
            }
            Err(error) => {
                self.bad("key", error.to_string());
                return Ok(());
            }
        };
        self.good("key", "found");
        let start = Instant::now();
        match probe(options, &key) {
            Ok(answer) => self.answer(&answer, start.elapsed()),
            Err(error) => self.bad("files", error.to_string()),
        }
        Ok(())
    }

    fn answer(&mut self, answer: &Answer, took: Duration) {
        match answer {
            Answer::Failure { failure, message } => {
                let step = match failure {
                    Failure::Dns => "name",
                    Failure::Connect => "connection",
                    Failure::Tls => "tls",
                    Failure::Timeout | Failure::Reset | Failure::Protocol => "answer",
                };
                self.bad(step, message.clone());
            }
            Answer::Response { status, date, body, body_complete, .. } => {
                self.good("answer", format!("status {status} within {} ms", took.as_millis()));
                match meaning(*status, body, *body_complete) {
                    Ok(()) => self.good("api", "takes batches"),
                    Err(why) => self.bad("api", why),
                }
                self.clock(date.as_deref());
            }
        }
    }

    fn clock(&mut self, date: Option<&str>) {
        let Some(theirs) = date.and_then(|date| httpdate::parse_http_date(date).ok()) else { return };
        let ours = SystemTime::now();
        let (apart, word) = match ours.duration_since(theirs) {
            Ok(apart) => (apart, "ahead of"),
            Err(before) => (before.duration(), "behind"),
        };
        let message = format!("this machine's clock is {} s {word} the endpoint's", apart.as_secs());
        match apart <= APART {
            true => self.good("clock", "right, to some minutes"),
            false => self.bad("clock", message),
        }
    }

    fn good(&mut self, step: &'static str, message: impl Into<String>) {
        self.steps.push(Step { step, ok: true, message: message.into() });
    }

    fn bad(&mut self, step: &'static str, message: impl Into<String>) {
        self.steps.push(Step { step, ok: false, message: message.into() });
    }

    fn text(&self) -> String {
        self.steps.iter().fold(String::new(), |mut text, Step { step, ok, message }| {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{:6}  {step:10}  {message}", if *ok { "ok" } else { "failed" });
            text
        })
    }
}

/// Whether this is an answer of our API to a batch without events; or what is wrong.
fn meaning(status: u16, body: &str, complete: bool) -> Result<(), &'static str> {
    Err(match status {
        200..=299 if is_ours(body) && complete => return Ok(()),
        200..=299 => "the answer is not one of this API: look at the endpoint's path, or at a portal in between",
        300..=399 => "it redirects, which is not followed: name the place where it leads as the endpoint",
        401 | 403 => "it refuses the API key: look at `AUDITBOX_API_KEY` or the key file",
        404 | 405 | 410 => "nothing takes batches there: look at the endpoint's path",
        407 => "the proxy wants a password: look at `HTTPS_PROXY`",
        408 | 425 | 429 | 500..=599 => "it is there, but cannot take batches now: try again later",
        _ => "it refuses a batch without events: look at the endpoint's path",
    })
}

fn is_ours(body: &str) -> bool {
    let object = || serde_json::from_str::<Map<String, Value>>(body).ok();
    body.trim_ascii().is_empty()
        || object().is_some_and(|answer| answer.is_empty() || answer.get("accepted") == Some(&Value::from(0)))
}
