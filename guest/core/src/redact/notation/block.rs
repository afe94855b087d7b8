//! Values of several lines or items, as in YAML: block scalars and lists.

use super::assignment::is_secret_literal;
use super::name::Strength;
use super::shape::{is_plain_value, looks_secret};
use super::value::{self, quoted};
use super::{Site, skip_blank};
use crate::redact::rules::Rule;
use crate::redact::text::Spans;
use std::ops::Range;

/// So many items of a list are looked at.
const MAX_ITEMS: usize = 64;
/// So many blanks and line breaks may be before an item of a list in brackets.
const MAX_BLANKS: usize = 32;

/// A block scalar (YAML 1.2, section 8.1), its `|` or `>` at `at`: the lines below that are indented more than the name.
pub(super) fn scalar(site: &Site<'_>, at: usize, spans: &mut Spans<'_>) {
    let (text, bytes) = (site.text, site.text.as_bytes());
    let Some(indent) = site.indent() else { return };
    let signs = bytes
        .get(at + 1..)
        .unwrap_or_default()
        .iter()
        .take_while(|b| matches!(b, b'-' | b'+' | b'0'..=b'9' | b' ' | b'\r'))
        .count();
    let start = at + 1 + signs;
    if bytes.get(start) != Some(&b'\n') {
        return;
    }
    let mut range: Option<Range<usize>> = None;
    let mut line = start + 1;
    while let Some(rest) = text.get(line..) {
        let len = rest.bytes().position(|b| b == b'\n').unwrap_or(rest.len());
        let written = rest.get(..len).unwrap_or_default();
        let blanks = written.bytes().take_while(|b| *b == b' ').count();
        if !written.trim_ascii().is_empty() {
            if blanks <= indent {
                break;
            }
            let end = line + written.trim_ascii_end().len();
            range = Some(range.map_or(line + blanks, |range| range.start)..end);
        }
        if len == rest.len() {
            break;
        }
        line += len + 1;
    }
    if let Some(range) = range {
        spans.push(range, Rule::ASSIGNMENT);
    }
}

/// The items below a name, each a line with a dash; the name's line ends at `at`.
pub(super) fn items(site: &Site<'_>, at: usize, spans: &mut Spans<'_>) {
    let text = site.text;
    let Some(indent) = site.indent() else { return };
    let mut at = at;
    for _ in 0..MAX_ITEMS {
        let Some(rest) = text.get(at..).and_then(|rest| rest.strip_prefix('\n').or_else(|| rest.strip_prefix("\r\n")))
        else {
            return;
        };
        let line = text.len() - rest.len();
        let head = rest.get(..text.floor_char_boundary(line + MAX_ITEM_BYTES) - line).unwrap_or_default();
        let written = head.split('\n').next().unwrap_or_default();
        let item = written.trim_start_matches(' ');
        let Some(value) = item.strip_prefix("- ").filter(|_| written.len() - item.len() + 2 > indent) else { return };
        let value = value.trim_ascii();
        let start = line + written.len() - item.len() + 2;
        at = line + written.len();
        // An item that is an object has names of its own.
        if value.contains(": ") || value.ends_with(':') {
            return;
        }
        self::value(site, skip_blank(text.as_bytes(), start), value, spans);
    }
}

/// No item of a list below a name is longer, in bytes.
const MAX_ITEM_BYTES: usize = 512;

fn value(site: &Site<'_>, at: usize, written: &str, spans: &mut Spans<'_>) {
    if let Some(quoted) = quoted(site.text, at) {
        if is_secret_literal(site, &quoted) {
            spans.push(quoted.range, Rule::ASSIGNMENT);
        }
    } else if looks_secret(written)
        || site.name.strength == Strength::Secret && !written.contains(' ') && is_plain_value(written)
    {
        spans.push(at..at + written.len(), Rule::ASSIGNMENT);
    }
}

/// The items of a list in brackets, its opening one at `at`: true when there are any.
pub(super) fn list(site: &Site<'_>, at: usize, spans: &mut Spans<'_>) -> bool {
    let (text, bytes) = (site.text, site.text.as_bytes());
    let blank = |at: usize| {
        at + bytes.get(at..).unwrap_or_default().iter().take(MAX_BLANKS).take_while(|b| b.is_ascii_whitespace()).count()
    };
    let mut at = at + 1;
    let mut any = false;
    for _ in 0..MAX_ITEMS {
        let start = blank(at);
        let end = if let Some(quoted) = quoted(text, start) {
            if is_secret_literal(site, &quoted) {
                spans.push(quoted.range, Rule::ASSIGNMENT);
            }
            any = true;
            quoted.end
        } else {
            let item =
                value::head(text, start, value::SPACED).split([',', ']', '[', '{', '(']).next().unwrap_or_default();
            // Only YAML has words there without quotes, and commas between them; elsewhere they are source code.
            let yaml = bytes.get(start - 1) != Some(&b'[') || bytes.get(start + item.len()) == Some(&b',');
            if yaml && site.quote.is_none() && looks_secret(item) {
                spans.push(start..start + item.len(), Rule::ASSIGNMENT);
                any = true;
            }
            start + item.len()
        };
        let comma = blank(end);
        if bytes.get(comma) != Some(&b',') {
            break;
        }
        at = comma + 1;
    }
    any
}
