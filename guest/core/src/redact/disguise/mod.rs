//! Secrets in disguise: a text is read once more as what its escapes stand for, and long tokens as what they encode. What is
//! found so is replaced where it stands.

mod encoded;
mod escape;

pub(super) use encoded::encoded;

use super::text::Span;
use escape::Plain;
use std::ops::Range;

/// How far before a secret an escape can be of its name or of the notation around it, in bytes. What is further from any
/// has been found without.
const REACH: usize = 64;

/// Whether something begins there that a secret or the notation around it can be disguised by: the text must be read once
/// more. Letters of other alphabets and blanks disguise nothing.
pub(super) fn begins(text: &[u8], at: usize) -> bool {
    escape::at(text, at).is_some_and(|(plain, _)| !matches!(plain, Plain::Char(c) if !c.is_ascii_graphic()))
}

/// A piece of a text, and what it stands for.
struct Piece {
    range: Range<usize>,
    /// None: it is written as it is.
    plain: Option<Plain>,
}

impl Piece {
    /// How many bytes it is read as.
    fn len(&self) -> usize {
        match self.plain {
            None => self.range.len(),
            Some(Plain::Char(c)) => c.len_utf8(),
            Some(Plain::Nothing | Plain::Break) => 0,
        }
    }
}

/// The pieces of a text, in order.
fn pieces(text: &str) -> impl Iterator<Item = Piece> {
    let bytes = text.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at;
        if let Some((plain, len)) = escape::at(bytes, start) {
            at += len;
            return Some(Piece { range: start..at, plain: Some(plain) });
        }
        if start == bytes.len() {
            return None;
        }
        at += 1;
        loop {
            let rest = bytes.get(at..)?;
            at += rest.iter().position(|b| escape::is_sign(*b)).unwrap_or(rest.len());
            if at == bytes.len() || escape::at(bytes, at).is_some() {
                return Some(Piece { range: start..at, plain: None });
            }
            at += 1;
        }
    })
}

/// A text as it reads when all that is written in another way is resolved.
pub(super) fn read(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for piece in pieces(text) {
        match piece.plain {
            None => plain.push_str(text.get(piece.range).unwrap_or_default()),
            Some(Plain::Char(c)) => plain.push(c),
            Some(Plain::Nothing | Plain::Break) => {}
        }
    }
    plain
}

/// Where secrets stand in a text that were found in what it reads as, in order; only those at whose place something is in
/// disguise.
pub(super) fn places(text: &str, found: Vec<Span>) -> Vec<Span> {
    let mut places = Vec::with_capacity(found.len());
    let mut pieces = pieces(text);
    // The piece that has been come to, where it is read, and the last escape and break before.
    let mut piece = Piece { range: 0..0, plain: None };
    let (mut start, mut escaped, mut broken) = (0, None, None);
    for Span { range, rule } in found {
        let mut offset = |wanted: usize, is_end: bool| {
            while start + piece.len() < wanted + usize::from(!is_end) {
                start += piece.len();
                piece = pieces.next()?;
                match piece.plain {
                    None => {}
                    Some(Plain::Break) => broken = Some(start),
                    Some(_) => escaped = Some(start),
                }
            }
            Some(match piece.plain {
                None => piece.range.start + (wanted - start),
                Some(_) if is_end => piece.range.end,
                Some(_) => piece.range.start,
            })
        };
        let (Some(first), Some(last)) = (offset(range.start, false), offset(range.end, true)) else { break };
        let near = |sign: Option<usize>| sign.is_some_and(|at| at + REACH >= range.start);
        // `NAME=` at the end of a line is rather a name without a value: only the shape of a secret tells that it goes on.
        if near(escaped) && !near(broken) || near(broken) && rule.is_format() {
            places.push(Span { range: first..last, rule });
        }
    }
    places
}

/// Adds spans to others, both in order: those that overlap become one.
pub(super) fn merge(spans: &mut Vec<Span>, more: Vec<Span>) {
    spans.extend(more);
    spans.sort_by_key(|span| span.range.start);
    spans.dedup_by(|next, span| {
        let overlaps = next.range.start < span.range.end;
        if overlaps {
            span.range.end = span.range.end.max(next.range.end);
        }
        overlaps
    });
}
