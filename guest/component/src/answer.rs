//! The core's answers in the words of `wit/`.

use auditbox_core as core;
#[cfg(feature = "auditor")]
use auditbox_core::json_string;

#[cfg(feature = "auditor")]
use crate::bindings::auditbox::audit::types::{Error, Position, Problem, Rewritten};
#[cfg(not(feature = "auditor"))]
use crate::bindings::exports::auditbox::audit::types::{Error, Position, Problem, Rewritten};

/// The error of a call.
pub(crate) fn error(error: core::Error) -> Error {
    match error {
        core::Error::InvalidJson { offset, expected } => {
            Error::InvalidJson(Position { offset: offset as u64, expected: expected.into() })
        }
        core::Error::InvalidEvent { path, message } => Error::InvalidEvent(Problem { path, message }),
        core::Error::InvalidConfig { path, message } => Error::InvalidConfig(Problem { path, message }),
        core::Error::Unavailable(message) => Error::Unavailable(message),
        // The core's error may grow; the contract's is closed.
        other => Error::Unavailable(other.to_string()),
    }
}

/// The answer of `redact` and `cap-payload`.
pub(crate) fn rewritten(result: Result<core::Rewritten, core::Error>) -> Result<Rewritten, Error> {
    match result {
        Ok(core::Rewritten { value, receipt }) => Ok(Rewritten { value, receipt: receipt.to_json() }),
        Err(refused) => Err(error(refused)),
    }
}

/// One line of the answer of `emit-batch`: the receipt, or the error with the case's name and fields.
#[cfg(feature = "auditor")]
pub(crate) fn line(result: Result<String, core::Error>) -> String {
    let refused = match result {
        Ok(receipt) => return receipt,
        Err(refused) => error(refused),
    };
    match refused {
        Error::InvalidJson(Position { offset, expected }) => [
            r#"{"error":{"kind":"invalid-json","offset":"#,
            &offset.to_string(),
            r#","expected":"#,
            &json_string(&expected),
            "}}",
        ]
        .concat(),
        Error::InvalidEvent(at) => problem("invalid-event", &at),
        Error::InvalidConfig(at) => problem("invalid-config", &at),
        Error::Unavailable(message) => {
            [r#"{"error":{"kind":"unavailable","message":"#, &json_string(&message), "}}"].concat()
        }
    }
}

#[cfg(feature = "auditor")]
fn problem(kind: &str, Problem { path, message }: &Problem) -> String {
    [r#"{"error":{"kind":""#, kind, r#"","path":"#, &json_string(path), r#","message":"#, &json_string(message), "}}"]
        .concat()
}
