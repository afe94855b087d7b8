//! What the targets have in common.

use auditbox_core::Pipeline;

/// Redacts a value and checks what must hold of what comes out. None when the value is refused.
pub fn redacted(pipeline: &Pipeline, value: &str) -> Option<String> {
    let once = pipeline.redact(value).ok()?;
    let receipt = once.receipt.to_json();
    assert!(is_json(&once.value), "no JSON comes out of {value:?}: {:?}", once.value);
    assert!(is_json(&receipt), "{receipt}");
    let twice = pipeline.redact(&once.value).map(|again| again.value);
    assert_eq!(twice.as_deref().ok(), Some(once.value.as_str()), "redacted again, from {value:?}");
    Some(once.value)
}

/// Whether a second reader takes it for JSON. Its numbers are smaller and its depth is less than ours: those are no
/// complaint.
fn is_json(text: &str) -> bool {
    match serde_json::from_str::<serde_json::Value>(text) {
        Ok(_) => true,
        Err(error) => ["number out of range", "recursion limit"].iter().any(|known| error.to_string().contains(known)),
    }
}

/// A text as JSON.
pub fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
