//! Elements and attributes of XML and HTML, property lists.

use super::assignment::is_secret_literal;
use super::name::Strength;
use super::value::Quoted;
use super::{Site, shape::looks_secret};
use crate::redact::rules::Rule;
use crate::redact::text::Spans;
use std::ops::Range;

/// No tag is longer, in bytes.
const MAX_TAG: usize = 256;

/// `<password>x</password>`, the bracket behind the name.
pub(super) fn element(site: &Site<'_>, spans: &mut Spans<'_>) {
    let head = site.text.get(..site.start).unwrap_or_default();
    // A name can have a prefix for its name space.
    let space = head.strip_suffix(':').map(|head| head.trim_end_matches(|c: char| c.is_ascii_alphanumeric()));
    let before = space.unwrap_or(head).strip_suffix('<');
    // Elsewhere it is a blank to fill in, or a mark of POD: `C<password>`.
    if before.is_some_and(|before| {
        before.is_empty() || before.ends_with(|c: char| c.is_ascii_whitespace() || "\"'>`".contains(c))
    }) {
        content_at(site, site.end + 1, spans);
    }
}

/// `<password type="x">y</password>`, a blank behind the name.
pub(super) fn element_with_attributes(site: &Site<'_>, spans: &mut Spans<'_>) {
    if let Some(end) = tag_end(site.text, site.end) {
        content_at(site, end, spans);
    }
}

/// Behind the tag that goes on at `at`; none when it has no content.
pub(super) fn tag_end(text: &str, at: usize) -> Option<usize> {
    let rest = text.as_bytes().get(at..)?;
    let close = rest.iter().take(MAX_TAG).position(|b| matches!(b, b'<' | b'>'))?;
    (rest.get(close) == Some(&b'>') && rest.get(close.checked_sub(1)?) != Some(&b'/')).then_some(at + close + 1)
}

/// The content of an element, from `at` to the next tag.
pub(super) fn content_at(site: &Site<'_>, at: usize, spans: &mut Spans<'_>) {
    let rest = site.text.get(at..).unwrap_or_default();
    let (start, rest) = match rest.strip_prefix("<![CDATA[") {
        Some(inside) => (at + 9, inside),
        None => (at, rest),
    };
    let end = if start == at { rest.find('<') } else { rest.find("]]>") };
    let foreign = start == at && end.is_some_and(|end| !rest.get(end..).is_some_and(|rest| rest.starts_with("</")));
    let written = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
    let inner = written.trim_ascii();
    let start = start + (written.len() - written.trim_ascii_start().len());
    let range = start..start + inner.len();
    // Where nothing closes it, it may be anything.
    let closed = end.is_some();
    if foreign {
        return;
    }
    if closed && is_secret_content(site, range.clone()) || looks_secret(inner) && site.name.strength > Strength::Nothing
    {
        spans.push(range, Rule::MARKUP);
    }
}

fn is_secret_content(site: &Site<'_>, range: Range<usize>) -> bool {
    is_secret_literal(site, &Quoted { end: range.end, range, format: false })
}

/// `<key>Password</key><string>x</string>` of property lists, `<name>password</name><value>x</value>`: the end tag behind
/// the name.
pub(super) fn content(site: &Site<'_>, spans: &mut Spans<'_>) {
    let text = site.text;
    if site.before() != Some(b'>') {
        return;
    }
    let Some(end) = tag_end(text, site.end + 1) else { return };
    let head = text.get(end..text.floor_char_boundary(end + MAX_TAG)).unwrap_or_default();
    let next = head.trim_ascii_start();
    if next.starts_with("<string>") || next.starts_with("<value>") || next.starts_with("<data>") {
        let open = end + head.len() - next.len();
        if let Some(at) = tag_end(text, open + 1) {
            content_at(site, at, spans);
        }
    }
}
