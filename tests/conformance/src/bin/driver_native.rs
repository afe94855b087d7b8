//! The core without a component, as the first driver: it plays the host in memory.

use auditbox_conformance::protocol::{Driver, Refusal, Reply, Request, Row, serve};
use auditbox_core::{Error, Outcome, Pipeline, Receipt, Record, Rewritten, Stamp};
use std::collections::HashSet;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::time::SystemTime;

fn main() -> std::io::Result<()> {
    serve(Native::default())
}

/// A host whose outbox and file are lists.
#[derive(Default)]
struct Native {
    pipeline: Pipeline,
    stored: HashSet<String>,
    outbox: Vec<Row>,
    file: Vec<String>,
}

impl Driver for Native {
    fn answer(&mut self, request: Request) -> Result<Reply, Refusal> {
        self.ask(request).map_err(refusal)
    }
}

impl Native {
    fn ask(&mut self, request: Request) -> Result<Reply, Error> {
        match request {
            Request::Configure { config } => {
                *self = Self { pipeline: Pipeline::new(&config)?, ..Self::default() };
                if let Some(name) = self.pipeline.sinks().find(|sink| !["stdout", "file"].contains(sink)) {
                    let message = "no sink of this name was given to the auditor".to_owned();
                    return Err(Error::InvalidConfig { path: format!("/sinks/{name}"), message });
                }
                Ok(Reply::Text(self.pipeline.config()))
            }
            Request::Emit { event } => {
                let emitted = self.pipeline.emit(&event, &mut System)?;
                Ok(Reply::Text(self.deliver(emitted)?.to_json()))
            }
            Request::EmitBatch { events } => Ok(Reply::Text(self.emit_batch(&events))),
            Request::LogEvent { event_type, payload } => {
                let emitted = self.pipeline.log_event(&event_type, &payload, &mut System)?;
                Ok(Reply::Text(self.deliver(emitted)?.to_json()))
            }
            Request::Redact { value } => Ok(rewritten(&self.pipeline.redact(&value)?)),
            Request::CapPayload { payload } => Ok(rewritten(&self.pipeline.cap_payload(&payload)?)),
            Request::Finish { receipt, outcomes } => Ok(Reply::Text(self.pipeline.finish(&receipt, &outcomes)?)),
            Request::Judge { batch, answer } => Ok(Reply::Text(self.pipeline.judge(&batch, &answer)?)),
            Request::Rules {} => Ok(Reply::Text(auditbox_core::catalogue())),
            Request::Records {} => {
                Ok(Reply::Records { outbox: std::mem::take(&mut self.outbox), file: std::mem::take(&mut self.file) })
            }
        }
    }

    fn emit_batch(&mut self, events: &str) -> String {
        let mut answers = String::new();
        for event in events.lines().filter(|line| !line.trim_ascii().is_empty()) {
            let receipt = self.pipeline.emit(event, &mut System).and_then(|emitted| self.deliver(emitted));
            answers += &match receipt {
                Ok(receipt) => receipt.to_json(),
                Err(error) => refused_line(&refusal(error)),
            };
            answers.push('\n');
        }
        answers
    }

    fn deliver(&mut self, (record, receipt): (Record, Receipt)) -> Result<Receipt, Error> {
        if self.pipeline.has_outbox() {
            if !self.stored.insert(record.event_id.clone()) {
                return self.pipeline.settle(receipt, vec![Outcome::Duplicate]);
            }
            self.outbox.push(Row {
                event_id: record.event_id,
                event_type: record.event_type,
                agent_id: record.agent_id,
                body: record.body.clone(),
                durable: Some(record.durable),
            });
        }
        if self.pipeline.sinks().any(|sink| sink == "file") {
            self.file.push(record.body);
        }
        Ok(receipt)
    }
}

fn rewritten(Rewritten { value, receipt }: &Rewritten) -> Reply {
    Reply::Rewritten { value: value.clone(), receipt: receipt.to_json() }
}

/// A line of `emit-batch`: in this order of members.
fn refused_line(refusal: &Refusal) -> String {
    serde_json::to_string(&auditbox_conformance::protocol::Answer::Error(refusal.clone())).unwrap_or_default()
}

fn refusal(error: Error) -> Refusal {
    match error {
        Error::InvalidJson { offset, expected } => {
            Refusal::InvalidJson { offset: offset as u64, expected: expected.to_owned() }
        }
        Error::InvalidEvent { path, message } => Refusal::InvalidEvent { path, message },
        Error::InvalidConfig { path, message } => Refusal::InvalidConfig { path, message },
        Error::Unavailable(message) => Refusal::Unavailable { message },
        other => Refusal::Broken { message: other.to_string() },
    }
}

/// The clock of the machine, and randomness that is good enough for tests.
struct System;

impl Stamp for System {
    fn now(&mut self) -> (u64, u32) {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        (now.as_secs(), now.subsec_nanos())
    }

    fn random(&mut self) -> [u8; 16] {
        let half = || u128::from(RandomState::new().build_hasher().finish());
        (half() << 64 | half()).to_le_bytes()
    }
}
