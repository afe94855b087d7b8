//! A component of world `auditbox` that does as the real one does, until a text holds one of the [`words`].
//!
//! It has no clock and no randomness: events must bring their `event_id`.
#![cfg(target_arch = "wasm32")]

#[path = "../../src/words.rs"]
mod words;

use std::cell::RefCell;

use auditbox_core::{Pipeline, Stamp};

use auditbox::audit::types::{Error, Position, Rewritten};
use auditbox::audit::{outbox, sinks};
use exports::auditbox::audit::{auditor, catalog, delivery};

wit_bindgen::generate!({ path: "../../../wit", world: "auditbox" });
export!(Misbehaving);

struct Misbehaving;

/// Midnight, the first of January 1970.
struct Never;

thread_local! {
    static PIPELINE: RefCell<Pipeline> = RefCell::default();
}

impl auditor::Guest for Misbehaving {
    fn configure(config: String) -> Result<String, Error> {
        let pipeline = Pipeline::new(&config).map_err(|_| refused())?;
        let effective = pipeline.config();
        PIPELINE.replace(pipeline);
        Ok(misbehave(&config).unwrap_or(effective))
    }

    fn emit(event: String) -> Result<String, Error> {
        emit(0, &event)
    }

    fn emit_batch(events: String) -> Result<String, Error> {
        let answers = (0..).zip(events.lines()).map(|(line, event)| match emit(line, event) {
            Ok(receipt) => receipt + "\n",
            Err(_) => r#"{"error":{"kind":"invalid-json","offset":0,"expected":"an event"}}"#.to_owned() + "\n",
        });
        Ok(answers.collect())
    }

    fn log_event(event_type: String, _: String) -> Result<String, Error> {
        Err(misbehave(&event_type).map_or_else(refused, Error::Unavailable))
    }

    fn redact(value: String) -> Result<Rewritten, Error> {
        let receipt = misbehave(&value).ok_or_else(refused)?;
        Ok(Rewritten { value, receipt })
    }

    fn cap_payload(payload: String) -> Result<Rewritten, Error> {
        Self::redact(payload)
    }
}

impl catalog::Guest for Misbehaving {
    /// No text that could hold a word: it always misbehaves.
    fn rules() -> String {
        misbehave(words::BABBLE).unwrap_or_default()
    }
}

impl delivery::Guest for Misbehaving {
    fn finish(receipt: String, outcomes: String) -> Result<String, Error> {
        PIPELINE.with_borrow(|pipeline| pipeline.finish(&receipt, &outcomes)).map_err(|_| refused())
    }

    fn judge(batch: String, answer: String) -> Result<String, Error> {
        let verdict = PIPELINE.with_borrow(|pipeline| pipeline.judge(&batch, &answer)).map_err(|_| refused())?;
        Ok(misbehave(&answer).unwrap_or(verdict))
    }
}

/// Hands the record over as the real one does, and only then misbehaves: nothing of it may be carried out.
fn emit(line: u32, event: &str) -> Result<String, Error> {
    PIPELINE.with_borrow(|pipeline| {
        let (record, receipt) = pipeline.emit(event, &mut Never).map_err(|_| refused())?;
        if pipeline.has_outbox() {
            let durability = outbox::Durability::Commit;
            outbox::append(line, &record.event_id, &record.event_type, &record.agent_id, &record.body, durability)?;
        }
        for sink in pipeline.sinks() {
            sinks::write(line, sink, &record.body)?;
        }
        Ok(misbehave(event).unwrap_or_else(|| receipt.to_json()))
    })
}

/// Does what the text says. The answer, if there is one, is none that the contract knows.
fn misbehave(text: &str) -> Option<String> {
    if text.contains(words::TRAP) {
        core::arch::wasm32::unreachable();
    }
    if text.contains(words::GROW) {
        loop {
            std::mem::forget(std::hint::black_box(Vec::<u8>::with_capacity(64 << 20)));
        }
    }
    text.contains(words::BABBLE).then(|| String::from("the sea was angry that day, my friends"))
}

fn refused() -> Error {
    Error::InvalidJson(Position { offset: 0, expected: String::from("an event") })
}

impl Stamp for Never {
    fn now(&mut self) -> (u64, u32) {
        (0, 0)
    }

    fn random(&mut self) -> [u8; 16] {
        [0; 16]
    }
}
