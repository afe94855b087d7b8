//! A name and its value as two members of one thing: `name: DB_PASSWORD` above `value: x`, `<add key="Password" value="x"/>`,
//! and the part of a form, `name="password"` above an empty line and its value.

use super::literal::{is_secret_literal, literal_at};
use super::markup;
use super::name::Strength;
use super::shape::{is_plain_value, looks_secret};
use super::{Site, skip_blank};
use crate::redact::rules::Rule;
use crate::redact::text::Spans;
use crate::redact::words::starts_with;

/// How far behind the name the value is looked for.
const MAX_AHEAD: usize = 64;

pub(super) fn read(site: &Site<'_>, spans: &mut Spans<'_>) {
    let bytes = site.text.as_bytes();
    if site.name.strength == Strength::Nothing {
        return;
    }
    let head = bytes.get(..site.start).unwrap_or_default();
    let head = head.trim_ascii_end();
    let Some((sign @ (b':' | b'='), head)) = head.split_last() else { return };
    let head = head.trim_ascii_end();
    let head = head.strip_suffix(b"\"").or_else(|| head.strip_suffix(b"'")).unwrap_or(head);
    let head = head.strip_suffix(b"\\").unwrap_or(head);
    let named = ["name", "key"].iter().any(|name| {
        let Some((before, word)) = head.len().checked_sub(name.len()).and_then(|at| head.split_at_checked(at)) else {
            return false;
        };
        word.eq_ignore_ascii_case(name.as_bytes())
            && !before.last().is_some_and(|b| b.is_ascii_alphanumeric() || b"_-".contains(b))
    });
    if named {
        value(site, *sign, spans);
    }
}

fn value(site: &Site<'_>, sign: u8, spans: &mut Spans<'_>) {
    let text = site.text;
    let rest = text.get(site.end..text.floor_char_boundary(site.end + MAX_AHEAD)).unwrap_or_default();
    if sign == b'=' && (rest.starts_with("\r\n\r\n") || rest.starts_with("\n\n")) {
        return part(site, spans);
    }
    if sign == b'=' && rest.starts_with('>') {
        return markup::content_at(site, site.end + 1, spans);
    }
    let next = rest.trim_start_matches([' ', '\t', '\r', '\n', ',', '\\', '"', '\'']);
    if !starts_with(next, "value") {
        return;
    }
    let at = site.end + rest.len() - next.len() + "value".len();
    let tail = text.get(at..).unwrap_or_default();
    let quotes = tail.bytes().take(8).take_while(|b| b"\\\"' ".contains(b)).count();
    if !matches!(site.byte(at + quotes), Some(b':' | b'=')) {
        return;
    }
    let at = skip_blank(text.as_bytes(), at + quotes + 1);
    if let Some(quoted) = literal_at(text, at) {
        if is_secret_literal(site, &quoted) {
            spans.push(quoted.range, Rule::ASSIGNMENT);
        }
        return;
    }
    let word = super::value::trimmed(super::value::head(text, at, super::value::SPACED), super::value::CLOSING);
    if looks_secret(word) || site.name.strength == Strength::Secret && is_plain_value(word) {
        spans.push(super::value::whole(text, at, word.len(), super::value::SPACED), Rule::ASSIGNMENT);
    }
}

/// The body of a part of a form (RFC 7578), up to the boundary.
fn part(site: &Site<'_>, spans: &mut Spans<'_>) {
    let text = site.text;
    let rest = text.get(site.end..).unwrap_or_default();
    let body = rest.trim_start_matches(['\r', '\n']);
    let start = text.len() - body.len();
    let line = body.bytes().position(|b| b == b'\n' || b == b'\r').unwrap_or(body.len());
    if !body.starts_with("--") {
        spans.push(start..start + line, Rule::ASSIGNMENT);
    }
}
