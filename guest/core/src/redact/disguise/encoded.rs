//! Tokens that encode a text in base64 or hexadecimal (RFC 4648): one layer of it.

use crate::redact::runs::LONG;
use std::ops::Range;

/// Fewest characters of a line that goes on in the next (MIME has 76, PEM 64).
const MIN_LINE: usize = 60;
/// So many bytes are looked at first: images, hashes and certificates do not read as a text that far.
const HEAD: usize = 9;

/// What the parts of a long token encode that are a text, and where such a part stands, with what fills it up and the lines
/// that it goes on in.
pub(in crate::redact) fn encoded(text: &str, token: Range<usize>) -> impl Iterator<Item = (Range<usize>, String)> {
    let bytes = text.as_bytes();
    let mut at = token.start;
    std::iter::from_fn(move || {
        while at < token.end {
            let start = at;
            let part = bytes.get(start..token.end)?;
            let len = part.iter().take_while(|b| sextet(**b).is_some()).count();
            at += len + 1;
            if len < LONG {
                continue;
            }
            let part = part.get(..len)?;
            if let Some(plain) = hexadecimal(part) {
                return Some((start..start + len, plain));
            }
            if let Some((len, plain)) = base64(bytes.get(start..)?, part) {
                at = at.max(start + len);
                return Some((start..start + len, plain));
            }
        }
        None
    })
}

fn hexadecimal(part: &[u8]) -> Option<String> {
    let digits = part.strip_prefix(b"0x").unwrap_or(part);
    if !digits.len().is_multiple_of(2) {
        return None;
    }
    let byte = |pair: &[u8]| {
        let [high, low] = pair else { return None };
        let digit = |b: u8| char::from(b).to_digit(16);
        Some((digit(*high)? << 4 | digit(*low)?) as u8)
    };
    let head: Vec<u8> = digits.chunks(2).take(HEAD).map_while(byte).collect();
    if !reads_as_text(&head) {
        return None;
    }
    into_text(digits.chunks(2).map(byte).collect::<Option<Vec<u8>>>()?)
}

/// What base64 stands for that begins a text with this part, and its length.
fn base64(text: &[u8], part: &[u8]) -> Option<(usize, String)> {
    let mut bytes = Vec::new();
    decode(part.get(..HEAD / 3 * 4)?, &mut bytes);
    if !reads_as_text(&bytes) {
        return None;
    }
    bytes.clear();
    decode(part, &mut bytes);
    let line = part.len();
    let mut end = line;
    // A line that is full goes on in the next, if it is one of base64.
    while line >= MIN_LINE && line.is_multiple_of(4) {
        let rest = text.get(end..)?;
        let Some(next) = rest.strip_prefix(b"\n").or_else(|| rest.strip_prefix(b"\r\n")) else { break };
        let len = next.iter().take(line + 1).take_while(|b| sextet(**b).is_some()).count();
        if len == 0 || len > line {
            break;
        }
        decode(next.get(..len)?, &mut bytes);
        end = text.len() - next.len() + len;
        if len < line {
            break;
        }
    }
    let pads = text.get(end..)?.iter().take(2).take_while(|b| **b == b'=').count();
    Some((end + pads, into_text(bytes)?))
}

/// The value of a digit of base64, in either alphabet.
fn sextet(b: u8) -> Option<u32> {
    let value = match b {
        b'A'..=b'Z' => b - b'A',
        b'a'..=b'z' => b - b'a' + 26,
        b'0'..=b'9' => b - b'0' + 52,
        b'+' | b'-' => 62,
        b'/' | b'_' => 63,
        _ => return None,
    };
    Some(u32::from(value))
}

/// Adds what digits of base64 stand for. What is left over at their end is less than a byte.
fn decode(digits: &[u8], bytes: &mut Vec<u8>) {
    bytes.reserve(digits.len() / 4 * 3 + 2);
    for four in digits.chunks(4) {
        let held = four.iter().fold(0, |held, b| held << 6 | sextet(*b).unwrap_or_default());
        match (held << (6 * (4 - four.len()))).to_be_bytes() {
            [_, a, b, c] if four.len() == 4 => bytes.extend([a, b, c]),
            [_, a, b, _] if four.len() == 3 => bytes.extend([a, b]),
            [_, a, ..] => bytes.push(a),
        }
    }
}

/// Whether bytes could be the head of a text: of UTF-8, or of UTF-16 as Windows writes it.
fn reads_as_text(head: &[u8]) -> bool {
    // Its last character may be cut.
    let valid = std::str::from_utf8(head).map_or_else(|error| error.valid_up_to(), str::len);
    head.len() > 3 && (valid + 3 >= head.len() && head.iter().all(|b| is_text(*b)) || is_utf16(head))
}

fn is_text(b: u8) -> bool {
    b >= b' ' && b != 0x7f || matches!(b, b'\t' | b'\n' | b'\r')
}

fn is_utf16(bytes: &[u8]) -> bool {
    bytes.len() > 3 && bytes.chunks(2).all(|unit| matches!(unit, [b, 0] | [b] if is_text(*b)))
}

fn into_text(mut bytes: Vec<u8>) -> Option<String> {
    if is_utf16(&bytes) {
        bytes = bytes.chunks(2).filter_map(<[u8]>::first).copied().collect();
    }
    String::from_utf8(bytes).ok().filter(|text| text.bytes().all(is_text))
}
