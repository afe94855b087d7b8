//! World `auditbox`: the core's pipeline between the callers and the host's effects.

use auditbox_core::{Error, Failure, Outcome, Pipeline, Receipt, Record};

use crate::answer;
use crate::bindings::Component;
use crate::bindings::auditbox::audit::outbox::{self, Durability};
use crate::bindings::auditbox::audit::sinks;
use crate::bindings::auditbox::audit::types::{Error as WitError, Rewritten};
use crate::bindings::exports::auditbox::audit::{auditor, catalog, delivery};
use crate::stamp::Wasi;
use crate::state;

impl auditor::Guest for Component {
    fn configure(config: String) -> Result<String, WitError> {
        state::configure(&config).map_err(answer::error)
    }

    fn emit(event: String) -> Result<String, WitError> {
        state::configured(|pipeline| hand_over(pipeline, 0, pipeline.emit(&event, &mut Wasi)?)).map_err(answer::error)
    }

    fn emit_batch(events: String) -> Result<String, WitError> {
        state::configured(|pipeline| {
            let mut answers = String::new();
            let lines = events.lines().filter(|line| !line.trim_ascii().is_empty());
            for (number, event) in (0..).zip(lines) {
                let receipt = pipeline.emit(event, &mut Wasi).and_then(|emitted| hand_over(pipeline, number, emitted));
                answers.push_str(&answer::line(receipt));
                answers.push('\n');
            }
            Ok(answers)
        })
        .map_err(answer::error)
    }

    fn log_event(event_type: String, payload: String) -> Result<String, WitError> {
        state::configured(|pipeline| hand_over(pipeline, 0, pipeline.log_event(&event_type, &payload, &mut Wasi)?))
            .map_err(answer::error)
    }

    fn redact(value: String) -> Result<Rewritten, WitError> {
        answer::rewritten(state::current(|pipeline| pipeline.redact(&value)))
    }

    fn cap_payload(payload: String) -> Result<Rewritten, WitError> {
        answer::rewritten(state::current(|pipeline| pipeline.cap_payload(&payload)))
    }
}

impl delivery::Guest for Component {
    fn finish(receipt: String, outcomes: String) -> Result<String, WitError> {
        state::configured(|pipeline| pipeline.finish(&receipt, &outcomes)).map_err(answer::error)
    }

    fn judge(batch: String, answer: String) -> Result<String, WitError> {
        state::configured(|pipeline| pipeline.judge(&batch, &answer)).map_err(answer::error)
    }
}

impl catalog::Guest for Component {
    fn rules() -> String {
        auditbox_core::catalogue()
    }
}

/// Hands the record to the outbox and then to every sink, and answers with the receipt. What the host cannot take is
/// settled at once: under `on_failure: closed` a record that the outbox has not taken reaches no sink.
fn hand_over(pipeline: &Pipeline, line: u32, (record, mut receipt): (Record, Receipt)) -> Result<String, Error> {
    if pipeline.has_outbox() {
        let Record { event_id, event_type, agent_id, body, durable } = &record;
        let durability = if *durable { Durability::Commit } else { Durability::Buffered };
        let taken = outbox::append(line, event_id, event_type, agent_id, body, durability);
        if let Err(error) = taken {
            receipt = pipeline.settle(receipt, vec![failed("outbox", error)])?;
        }
    }
    let refused: Vec<Outcome> =
        pipeline.sinks().filter_map(|sink| Some(failed(sink, sinks::write(line, sink, &record.body).err()?))).collect();
    if !refused.is_empty() {
        receipt = pipeline.settle(receipt, refused)?;
    }
    Ok(receipt.to_json())
}

fn failed(target: &str, error: WitError) -> Outcome {
    let message = match error {
        WitError::Unavailable(message) => message,
        // A host that answers with another case breaks the contract; its text is not ours to repeat.
        _ => String::from("the host could not take the record"),
    };
    Outcome::Failed(Failure { target: target.into(), message, retryable: true })
}
