//! World `redactor`: redaction and cap under the default configuration.

use crate::answer;
use crate::bindings::Component;
use crate::bindings::exports::auditbox::audit::redaction::Guest;
use crate::bindings::exports::auditbox::audit::types::{Error, Rewritten};
use crate::state;

impl Guest for Component {
    fn redact(value: String) -> Result<Rewritten, Error> {
        answer::rewritten(state::current(|pipeline| pipeline.redact(&value)))
    }

    fn cap_payload(payload: String) -> Result<Rewritten, Error> {
        answer::rewritten(state::current(|pipeline| pipeline.cap_payload(&payload)))
    }
}
