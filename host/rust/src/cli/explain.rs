//! What was redacted, where and why, for people. It is told from what is left: no secret gets here.

use std::env;
use std::io::{self, IsTerminal};
use std::ops::Range;

use serde_json::Value;

use super::report::visible;
use crate::auditor::Auditor;
use crate::error::Error;
use crate::receipt::{Redaction, Rewritten};
use crate::rules::{Rule, Rules};

/// How many characters are shown on either side.
const AROUND: usize = 40;

const MARKER: &str = "[REDACTED]";
const MASK: &str = "****";
const HASH: &str = "hmac:";

/// Explains redactions by their rules.
pub(super) struct Explain {
    rules: Rules,
    colored: bool,
}

impl Explain {
    pub(super) fn new(auditor: &Auditor) -> Result<Self, Error> {
        let set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
        let colored = !set("NO_COLOR") && (io::stderr().is_terminal() || set("CLICOLOR_FORCE"));
        Ok(Self { rules: auditor.rules()?, colored })
    }

    /// Each redaction of a line: where, by which rule, what the rule is, what was done, and what is there now.
    pub(super) fn tell(&self, line: u64, rewritten: &Rewritten) -> String {
        let value: Value = serde_json::from_str(&rewritten.value).unwrap_or_default();
        let listed = &rewritten.receipt.redactions;
        let mut told = String::new();
        for (at, redaction) in listed.iter().enumerate() {
            let Redaction { path, rule, action, bytes, .. } = redaction;
            let why = match self.rules.find(rule) {
                Some(Rule { vendor: Some(vendor), description, .. }) => format!("{vendor}: {description}"),
                Some(Rule { description, .. }) => description.clone(),
                None => "a pattern of the configuration".into(),
            };
            let place = if path.is_empty() { String::new() } else { format!("{}: ", visible(path)) };
            told += &format!("line {line}: {place}{rule} ({action}, {bytes} bytes): {why}\n");
            if let Some(text) = text_at(value.clone(), path) {
                let before = listed.iter().take(at).filter(|earlier| earlier.path == *path).count();
                told += &format!("  {}\n", self.shown(&text, stand_ins(&text).nth(before)));
            }
        }
        let unlisted = rewritten.receipt.redactions_total.saturating_sub(listed.len() as u64);
        if unlisted > 0 {
            told += &format!("line {line}: {unlisted} more redactions are not listed\n");
        }
        told
    }

    /// What is around a place in a text; its start without one.
    fn shown(&self, text: &str, place: Option<Range<usize>>) -> String {
        let place = place.unwrap_or_default();
        let part = |range: Range<usize>| text.get(range).unwrap_or_default();
        let (before, after) = (part(0..place.start), part(place.end..text.len()));
        let start = before.char_indices().rev().nth(AROUND - 1).map_or(0, |(at, _)| at);
        let end = after.char_indices().nth(AROUND).map_or(text.len(), |(at, _)| place.end + at);
        let dots = |cut: bool| if cut { "…" } else { "" };
        let (on, off) = if self.colored && !place.is_empty() { ("\x1b[1;33m", "\x1b[0m") } else { ("", "") };
        [
            dots(start > 0),
            &visible(part(start..place.start)),
            on,
            &visible(part(place.clone())),
            off,
            &visible(part(place.end..end)),
            dots(end < text.len()),
        ]
        .concat()
    }
}

/// The value at a JSON Pointer as a text. The path goes on in texts that are JSON themselves. None when it is not there: it
/// was dropped, or its path is not told in full.
fn text_at(mut value: Value, path: &str) -> Option<String> {
    for step in path.split('/').skip(1) {
        if let Value::String(text) = &value {
            value = serde_json::from_str(text).ok()?;
        }
        let key = step.replace("~1", "/").replace("~0", "~");
        value = match value {
            Value::Object(mut members) => members.remove(&key)?,
            Value::Array(mut items) => {
                let at = key.parse().ok().filter(|at| *at < items.len())?;
                items.swap_remove(at)
            }
            _ => return None,
        };
    }
    Some(match value {
        Value::String(text) => text,
        other => other.to_string(),
    })
}

/// What stands in a text where secrets were.
fn stand_ins(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut from = 0;
    std::iter::from_fn(move || {
        loop {
            let rest = text.get(from..)?;
            let (at, sign) = [MARKER, MASK, HASH].iter().filter_map(|sign| Some((rest.find(sign)?, *sign))).min()?;
            let behind = rest.get(at + sign.len()..).unwrap_or_default();
            let more = match sign {
                MASK => behind.char_indices().nth(3).map(|(at, c)| at + c.len_utf8()),
                HASH => behind.split_once(':').map(|(id, hash)| id.len() + 1 + hash.len().min(64)),
                _ => Some(0),
            };
            let start = from + at;
            from = start + sign.len() + more.unwrap_or_default();
            if more.is_some() {
                return Some(start..from);
            }
        }
    })
}

#[cfg(test)]
mod tests;
