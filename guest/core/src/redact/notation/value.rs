//! Values: where what stands behind a sign begins and ends.

use super::bytes::{BLANKS, QUOTES, Set};
use crate::policy::MARKER;
use std::ops::Range;

/// How many lines a quoted text may go over, in bytes; one that goes further has lost its quote.
const MAX_LINES: usize = 4096;

/// No text in the quotes of prose is longer, in bytes.
const MAX_TYPESET: usize = 256;

/// Where quotes are opened, and how they are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Quote {
    byte: u8,
    /// Backslashes before it: those of source code or of JSON in a string.
    slashes: usize,
    /// Its bytes.
    pub(super) len: usize,
}

/// A quoted value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Quoted {
    pub(super) range: Range<usize>,
    /// Behind the quote that closes it.
    pub(super) end: usize,
    /// A string that names variables in it: `f"…"`.
    pub(super) format: bool,
}

impl Quote {
    /// The quote at `at`.
    pub(super) fn at(bytes: &[u8], at: usize) -> Option<Self> {
        let rest = bytes.get(at..)?;
        let slashes = rest.iter().take(8).take_while(|b| **b == b'\\').count();
        let byte = *rest.get(slashes).filter(|b| QUOTES.has(**b))?;
        Some(Self { byte, slashes, len: slashes + 1 })
    }

    /// The quote that ends at `end`.
    pub(super) fn before(bytes: &[u8], end: usize) -> Option<Self> {
        let head = bytes.get(..end)?;
        let (byte, head) = head.split_last()?;
        let slashes = head.iter().rev().take(8).take_while(|b| **b == b'\\').count();
        QUOTES.has(*byte).then_some(Self { byte: *byte, slashes, len: slashes + 1 })
    }

    /// Where this quote is closed in what it opens at `from`, or else where its line or the text ends.
    fn closed(self, bytes: &[u8], from: usize) -> (usize, usize) {
        let mut line = None;
        let mut at = from;
        while let Some(found) =
            bytes.get(at..).and_then(|rest| rest.iter().position(|b| *b == self.byte || *b == b'\n'))
        {
            at += found;
            if bytes.get(at) == Some(&b'\n') {
                line = line.or(Some(at));
                if at - from > MAX_LINES {
                    break;
                }
            } else {
                let inside = bytes.get(from..at).unwrap_or_default();
                let slashes = inside.iter().rev().take_while(|b| **b == b'\\').count();
                // A quote in a quoted text has a backslash more for each text around it.
                if slashes < self.slashes {
                    return (at - slashes, at + 1);
                }
                let closes = ((slashes - self.slashes) / (self.slashes + 1)).is_multiple_of(2);
                // Two of them are one in SQL, YAML and CSV.
                let doubled = self.slashes == 0 && at > from && bytes.get(at + 1) == Some(&self.byte);
                if closes && !doubled {
                    return (at - self.slashes, at + 1);
                }
                at += usize::from(doubled);
            }
            at += 1;
        }
        let end = line.unwrap_or(bytes.len());
        (end, end)
    }
}

/// Letters of a string literal before its quote.
const LETTERS: Set = Set::of(b"bBfFrRuUL@$");
const OPENS: Set = Set::of(b"\\").and(LETTERS).and(QUOTES);

/// The quoted text at `at`, which may have the letters of a string literal before its quote (`b"…"`, `$"…"`).
pub(super) fn quoted(text: &str, at: usize) -> Option<Quoted> {
    let bytes = text.as_bytes();
    let first = *bytes.get(at)?;
    if !(OPENS.has(first) || first == 0xe2 || first == 0xc2) {
        return None;
    }
    let letters = bytes.get(at..)?.iter().take(2).take_while(|b| LETTERS.has(**b)).count();
    let open = at + letters;
    let format = bytes.get(at..open).is_some_and(|letters| letters.iter().any(|b| b"fF$".contains(b)));
    let Some(quote) = Quote::at(bytes, open) else { return typeset(text, at) };
    let from = open + quote.len;
    let triple = [quote.byte; 3];
    if quote.slashes == 0 && bytes.get(open..open + 3) == Some(&triple) {
        let from = open + 3;
        let inside = text.get(from..text.ceil_char_boundary(from + MAX_LINES))?;
        let end = from + inside.find(std::str::from_utf8(&triple).ok()?).unwrap_or(0);
        return Some(Quoted { range: from..end, end: end + 3, format });
    }
    let (end, behind) = quote.closed(bytes, from);
    Some(Quoted { range: from..end, end: behind, format })
}

/// A text in the quotes of typeset prose.
fn typeset(text: &str, at: usize) -> Option<Quoted> {
    let rest = text.get(at..)?;
    let (open, close) =
        [('“', '”'), ('‘', '’'), ('«', '»'), ('„', '“')].into_iter().find(|(open, _)| rest.starts_with(*open))?;
    let from = at + open.len_utf8();
    let line = text.get(from..text.floor_char_boundary(from + MAX_TYPESET))?.split(['\n', close]).next()?;
    let end = from + line.len();
    text.get(end..)?.starts_with(close).then_some(Quoted {
        range: from..end,
        end: end + close.len_utf8(),
        format: false,
    })
}

/// So many bytes of a word tell what it is.
const HEAD: usize = 64;

/// What ends an unquoted word behind a blank.
pub(super) const SPACED: Set = Set::of(b"\"'`<>\\").and(BLANKS);
/// What ends one that a sign is glued to: what does in a shell, a query, a connection string.
pub(super) const GLUED: Set = Set::of(b";|&").and(SPACED);

/// The head of the unquoted word at `at`.
pub(super) fn head(text: &str, at: usize, ends: Set) -> &str {
    ends.until(text.get(at..text.floor_char_boundary(at + HEAD)).unwrap_or_default())
}

/// The whole of a word at `at` whose head is so long.
pub(super) fn whole(text: &str, at: usize, len: usize, ends: Set) -> Range<usize> {
    if len + 4 < HEAD {
        return at..at + len;
    }
    let end = at + len + ends.until(text.get(at + len..).unwrap_or_default()).len();
    at..at + trimmed(text.get(at..end).unwrap_or_default(), CLOSING).len().max(len)
}

/// Signs behind a word that belong to the list, the call or the record around it.
pub(super) const CLOSING: &[char] = &[',', ')', ']', '}'];
/// And to the sentence around it.
pub(super) const ENDING: &[char] = &[',', ';', ')', ']', '}', '.', ':', '!', '?'];

/// A word without such signs behind it.
pub(super) fn trimmed<'a>(word: &'a str, signs: &[char]) -> &'a str {
    if !word.ends_with(signs) {
        return word;
    }
    // A bracket that is opened in the word is closed in it, and the marker ends with one.
    let kept = [('(', ')'), ('[', ']'), ('{', '}')].map(|(open, close)| word.contains(open).then_some(close));
    word.trim_end_matches(|sign| signs.contains(&sign) && !kept.contains(&Some(sign)))
}

const WORD_ENDS: Set = Set::of(b";|&<>()`\\").and(BLANKS);

/// The word at `at` that a sign is glued to, as a shell, a log or a query would read it: with its quotes when they are only
/// a part of it.
pub(super) fn word(text: &str, at: usize) -> Range<usize> {
    let bytes = text.as_bytes();
    let mut end = at;
    while let Some(&b) = bytes.get(end) {
        end = match b {
            b'"' | b'\'' => match closing(bytes, end, end == at) {
                Some(close) => close + 1,
                // Nothing closes the first quote: the text was cut inside it.
                None if end == at => return at + 1..bytes.len(),
                // The quotes around the whole command.
                None => break,
            },
            b'\\' if escapes(text, end + 1) => text.ceil_char_boundary(end + 2),
            b if WORD_ENDS.has(b) => break,
            _ => end + 1,
        };
    }
    let whole = bytes.get(at).filter(|b| matches!(b, b'"' | b'\'')).and_then(|_| closing(bytes, at, true));
    if whole.is_some_and(|close| close + 1 == end) { at + 1..end - 1 } else { at..end }
}

/// Whether a backslash before this offset keeps what is there in the word. A letter is rather an escape of source code, such
/// as `\n`, a quote rather the end of one, and the marker stands for what was a letter before.
fn escapes(text: &str, at: usize) -> bool {
    let rest = text.get(at..).unwrap_or_default();
    let next = rest.as_bytes().first();
    next.is_some_and(|next| !next.is_ascii_alphanumeric() && !b"\"'".contains(next)) && !rest.starts_with(MARKER)
}

/// Where the quote at `open` is closed. Inside a word, quotes do not go over blanks: what looks like one there belongs to
/// something around the word.
fn closing(bytes: &[u8], open: usize, over_blanks: bool) -> Option<usize> {
    let quote = bytes.get(open)?;
    let mut escaped = false;
    let rest = bytes.get(open + 1..)?.iter().take_while(|b| over_blanks || !b.is_ascii_whitespace());
    let at = rest.enumerate().find_map(|(i, b)| {
        let ends = b == quote && !escaped;
        escaped = *b == b'\\' && !escaped && *quote == b'"';
        ends.then_some(i)
    })?;
    Some(open + 1 + at)
}
