//! Lists of arguments: `["mysql", "-p", "hunter2"]`, where one item says what another one is.

use super::judge::{Judge, Trust};
use super::table;
use super::word::{Word, Words};
use crate::json::{Kind, Reader};
use crate::policy::{Action, Policy};
use crate::redact::place::{Context, Place};
use crate::redact::stand_in::Seen;
use crate::redact::text::{Span, in_order};
use std::ops::Range;

/// No command is longer; of a longer list each item is read for itself.
const MAX_BYTES: usize = 32 << 10;

/// What is known of the items of a list.
#[derive(Debug, Default)]
pub(crate) struct Arguments {
    /// Where each of them is in one text, and the secrets of that.
    items: Vec<Range<usize>>,
    spans: Vec<Span>,
}

impl Arguments {
    /// Judges the list that has just been opened. It is a command's when its first item is one word, and known or followed by
    /// an option.
    pub(crate) fn ahead(reader: &Reader<'_>, place: &Place<'_>, policy: &Policy) -> Self {
        Self::read(reader, place, policy).unwrap_or_default()
    }

    fn read(reader: &Reader<'_>, place: &Place<'_>, policy: &Policy) -> Option<Self> {
        let mut ahead = reader.ahead(MAX_BYTES);
        let mut text = Vec::new();
        let mut items = Vec::new();
        let mut is_command = false;
        while ahead.next_item(items.is_empty()).ok()? {
            let start = text.len();
            match ahead.kind().ok()? {
                Kind::String => {
                    let item = ahead.string().ok()?.text();
                    text.extend_from_slice(Seen::new(&item, &policy.actions).text.as_bytes());
                }
                Kind::List | Kind::Object => return None,
                // An item that cannot be a secret.
                Kind::Null | Kind::Bool | Kind::Number => {
                    ahead.scalar().ok()?;
                }
            }
            let item = text.get(start..).unwrap_or_default();
            if items.is_empty() {
                if item.is_empty() || item.iter().any(u8::is_ascii_whitespace) {
                    return None;
                }
                is_command = !table::rows(item).is_empty();
            }
            is_command |= matches!(item, [b'-', _, ..]);
            items.push(start..text.len());
            // What is between them is of none.
            text.push(b'\n');
        }
        let trust = match place.context() {
            Context::Command => Trust::Command,
            Context::Open => Trust::Likely,
            Context::Prose => return None,
        };
        if !is_command || items.len() < 2 {
            return None;
        }
        let mut words = Words::new(&text);
        for item in &items {
            let word = Word::whole(item.clone(), text.get(item.clone()).is_some_and(|item| item.contains(&b'=')));
            words.list.push(word);
        }
        let mut judge = Judge::new(&policy.keys, trust);
        judge.simple(&words, &words.list);
        let mut spans = in_order(judge.spans);
        spans.retain(|span| !span.range.is_empty() && policy.actions.of(span.rule.place()) != Action::Off);
        Some(Self { items, spans })
    }

    /// What of an item is a secret; none when the list is none of arguments.
    pub(crate) fn of(&self, index: usize) -> Option<Vec<Span>> {
        let item = self.items.get(index)?;
        let first = self.spans.partition_point(|span| span.range.end <= item.start);
        let own = self.spans.iter().skip(first).take_while(|span| span.range.start < item.end);
        let place =
            |span: &Span| span.range.start.max(item.start) - item.start..span.range.end.min(item.end) - item.start;
        Some(own.map(|span| Span { range: place(span), rule: span.rule }).collect())
    }
}
