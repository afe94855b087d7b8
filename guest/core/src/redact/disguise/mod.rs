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

/// A part of a text that is written as it is, and the escape behind it; none at the end of the text.
struct Piece {
    written: Range<usize>,
    plain: Option<Plain>,
    end: usize,
}

/// The pieces of a text, in order.
fn pieces(text: &str) -> impl Iterator<Item = Piece> {
    let bytes = text.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at;
        while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
            at += rest.iter().position(|b| escape::is_sign(*b)).unwrap_or(rest.len());
            if let Some((plain, len)) = escape::at(bytes, at) {
                let written = start..at;
                at += len;
                return Some(Piece { written, plain: Some(plain), end: at });
            }
            at = bytes.len().min(at + 1);
        }
        (start < at).then_some(Piece { written: start..at, plain: None, end: at })
    })
}

/// A text as it reads when all that is written in another way is resolved.
pub(super) fn read(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for piece in pieces(text) {
        plain.push_str(text.get(piece.written).unwrap_or_default());
        if let Some(Plain::Char(c)) = piece.plain {
            plain.push(c);
        }
    }
    plain
}

/// Where secrets stand in a text that were found in what it reads as, in order; only those at whose place something is in
/// disguise.
pub(super) fn places(text: &str, found: Vec<Span>) -> Vec<Span> {
    let mut places = Vec::with_capacity(found.len());
    let mut pieces = pieces(text);
    // The piece that has been come to, where it is read and where its escape, and the last escape and break before.
    let mut piece = Piece { written: 0..0, plain: None, end: 0 };
    let (mut start, mut escape, mut next) = (0, 0, 0);
    let (mut escaped, mut broken) = (None, None);
    for Span { range, rule } in found {
        let mut offset = |wanted: usize, is_end: bool| {
            while next < wanted + usize::from(!is_end) {
                match piece.plain {
                    None => {}
                    Some(Plain::Break) => broken = Some(escape),
                    Some(_) => escaped = Some(escape),
                }
                piece = pieces.next()?;
                start = next;
                escape = start + piece.written.len();
                next = escape + if let Some(Plain::Char(c)) = piece.plain { c.len_utf8() } else { 0 };
            }
            Some(match is_end {
                true if wanted > escape => piece.end,
                false if wanted >= escape => piece.written.end,
                _ => piece.written.start + (wanted - start),
            })
        };
        let (Some(first), Some(last)) = (offset(range.start, false), offset(range.end, true)) else { break };
        let within = escape < range.end;
        let near = |sign: Option<usize>, is_break: bool| {
            within && piece.plain.is_some_and(|plain| (plain == Plain::Break) == is_break)
                || sign.is_some_and(|at| at + REACH >= range.start)
        };
        let (escaped, broken) = (near(escaped, false), near(broken, true));
        // `NAME=` at the end of a line is rather a name without a value: only the shape of a secret tells that it goes on.
        let in_disguise = escaped && !broken || broken && rule.is_format();
        places.push((in_disguise, Span { range: first..last, rule }));
    }
    // Without what is glued to its end, a secret is not found.
    let mut glued = None;
    let mut kept: Vec<Span> = Vec::with_capacity(places.len());
    for (in_disguise, span) in places.into_iter().rev() {
        if in_disguise || glued == Some(span.range.end) {
            glued = Some(span.range.start);
            kept.push(span);
        }
    }
    kept.reverse();
    kept
}
