//! What was typed, where a message repeats it: people write a secret where the name of a file belongs.

use std::fmt::Display;

use clap::error::{ContextKind, ContextValue};
use serde_json::Value;

use crate::auditor::Auditor;

/// What was typed, without the secrets in it; nothing of it when they cannot be looked for.
pub(super) fn shown(typed: impl Display) -> String {
    let typed = Value::from(typed.to_string()).to_string();
    let redacted = Auditor::builder().no_effects().build().and_then(|auditor| auditor.redact(&typed));
    redacted.ok().and_then(|redacted| serde_json::from_str(&redacted.value).ok()).unwrap_or_else(|| "…".into())
}

/// A complaint about the usage, without the secrets in what it repeats.
pub(super) fn without_secrets(mut usage: clap::Error) -> clap::Error {
    for kind in [ContextKind::InvalidArg, ContextKind::InvalidValue, ContextKind::InvalidSubcommand] {
        let Some(ContextValue::String(typed)) = usage.get(kind) else { continue };
        let shown = shown(typed);
        if shown != *typed {
            usage.insert(kind, ContextValue::String(shown));
            // The tips repeat it, too.
            usage.remove(ContextKind::Suggested);
        }
    }
    usage
}
