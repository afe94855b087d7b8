//! Strings: from their written form to their characters, and back.

use super::reader::hex;
use crate::lanes::plain_end;
use std::borrow::Cow;
use std::fmt::Write as _;

/// A JSON string as it is written, without its quotes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Str<'a> {
    pub(crate) raw: &'a str,
    /// There is an escape in it.
    pub(crate) escaped: bool,
    /// It is written as `write_string` would write it.
    pub(crate) canonical: bool,
}

impl<'a> Str<'a> {
    /// Its characters. A lone surrogate becomes U+FFFD.
    pub(crate) fn text(self) -> Cow<'a, str> {
        if self.escaped { Cow::Owned(decode(self.raw)) } else { Cow::Borrowed(self.raw) }
    }

    /// Writes it with its quotes, in canonical form.
    pub(crate) fn write(self, out: &mut String) {
        if self.canonical {
            out.push('"');
            out.push_str(self.raw);
            out.push('"');
        } else {
            write_string(&self.text(), out);
        }
    }
}

fn decode(raw: &str) -> String {
    let bytes = raw.as_bytes();
    let mut text = String::with_capacity(raw.len());
    let mut at = 0;
    loop {
        let end = plain_end(bytes, at);
        text.push_str(raw.get(at..end).unwrap_or_default());
        let Some(&stop) = bytes.get(end) else { return text };
        at = end + 2;
        match bytes.get(end + 1).filter(|_| stop == b'\\') {
            Some(b'b') => text.push('\u{8}'),
            Some(b'f') => text.push('\u{c}'),
            Some(b'n') => text.push('\n'),
            Some(b'r') => text.push('\r'),
            Some(b't') => text.push('\t'),
            Some(b'u') if hex(bytes, at) => {
                let (decoded, used) = decode_unit(bytes, at);
                text.push(decoded);
                at += used;
            }
            Some(&escape @ (b'"' | b'\\' | b'/')) => text.push(char::from(escape)),
            // What only a lenient reader lets pass stands for itself.
            _ => {
                text.push(char::from(stop));
                at = end + 1;
            }
        }
    }
}

/// The character of the four hexadecimal digits at `at`, or of two such units that make a surrogate pair, and how many
/// bytes they take.
fn decode_unit(bytes: &[u8], at: usize) -> (char, usize) {
    let unit = |at: usize| {
        let digits = bytes.get(at..at + 4)?;
        digits.iter().try_fold(0_u32, |unit, &b| Some(unit << 4 | char::from(b).to_digit(16)?))
    };
    let first = unit(at).unwrap_or(0xfffd);
    if (0xd800..0xdc00).contains(&first)
        && bytes.get(at + 4..at + 6) == Some(b"\\u")
        && let Some(second @ 0xdc00..0xe000) = unit(at + 6)
    {
        let pair = 0x10000 + ((first - 0xd800) << 10 | (second - 0xdc00));
        return (char::from_u32(pair).unwrap_or(char::REPLACEMENT_CHARACTER), 10);
    }
    (char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER), 4)
}

/// A text as a JSON string, with its quotes.
pub fn json_string(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    write_string(text, &mut out);
    out
}

/// Writes a text as a JSON string, with its quotes: the shortest form, and characters beyond ASCII as they are.
pub(crate) fn write_string(text: &str, out: &mut String) {
    out.push('"');
    let mut at = 0;
    loop {
        let end = plain_end(text.as_bytes(), at);
        out.push_str(text.get(at..end).unwrap_or_default());
        let Some(&byte) = text.as_bytes().get(end) else { break };
        match byte {
            b'"' => out.push_str("\\\""),
            b'\\' => out.push_str("\\\\"),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            0x8 => out.push_str("\\b"),
            0xc => out.push_str("\\f"),
            control => {
                // Writing to a string cannot fail.
                let _ = write!(out, "\\u{control:04x}");
            }
        }
        at = end + 1;
    }
    out.push('"');
}

/// How many bytes a character takes in a JSON string.
fn encoded_char_len(c: char) -> usize {
    match c {
        '"' | '\\' | '\n' | '\r' | '\t' | '\u{8}' | '\u{c}' => 2,
        c if c < ' ' => 6,
        c => c.len_utf8(),
    }
}

/// How many bytes `write_string` writes.
pub(crate) fn encoded_len(text: &str) -> usize {
    2 + text.chars().map(encoded_char_len).sum::<usize>()
}

/// The longest head of a text that, with `...` behind it, is written in at most `max_bytes`, quotes included; the text
/// itself when it fits, and at least `...`.
pub(crate) fn cut(text: &str, max_bytes: usize) -> Cow<'_, str> {
    // No character takes more than six bytes for its one.
    if text.len() * 6 + 2 <= max_bytes || encoded_len(text) <= max_bytes {
        return Cow::Borrowed(text);
    }
    // The quotes and the dots.
    let mut room = max_bytes.saturating_sub(5);
    let over = text.char_indices().find(|(_, c)| match room.checked_sub(encoded_char_len(*c)) {
        Some(left) => {
            room = left;
            false
        }
        None => true,
    });
    let head = over.and_then(|(end, _)| text.get(..end)).unwrap_or(text);
    Cow::Owned(format!("{head}..."))
}
