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
        while at + LONG <= token.end {
            let (start, rest) = (at, bytes.get(at..token.end)?);
            let read = hexadecimal(rest).or_else(|| base64(bytes.get(start..)?, rest.len()));
            // The signs of other tokens end a part of this one.
            let part = || rest.iter().position(|b| matches!(b, b'.' | b'~' | b'^')).unwrap_or(rest.len());
            at += read.as_ref().map_or_else(|| part() + 1, |(len, _)| *len);
            if let Some((len, plain)) = read {
                return Some((start..start + len, plain));
            }
        }
        None
    })
}

/// What hexadecimal digits stand for at the start of a token, and how many bytes they take.
fn hexadecimal(token: &[u8]) -> Option<(usize, String)> {
    let digits = token.strip_prefix(b"0x").unwrap_or(token);
    let byte = |pair: &[u8]| {
        let [high, low] = pair else { return None };
        let digit = |b: u8| char::from(b).to_digit(16);
        Some((digit(*high)? << 4 | digit(*low)?) as u8)
    };
    let mut head = [0; HEAD];
    for (to, pair) in head.iter_mut().zip(digits.chunks(2)) {
        *to = byte(pair)?;
    }
    if !reads_as_text(&head) {
        return None;
    }
    let len = digits.iter().take_while(|b| b.is_ascii_alphanumeric()).count();
    let plain = digits.get(..len)?.chunks(2).map(byte).collect::<Option<Vec<u8>>>()?;
    (len >= LONG).then_some((token.len() - digits.len() + len, into_text(plain)?))
}

/// What base64 stands for that begins a text with a token of so many bytes, and how many it takes.
fn base64(text: &[u8], token: usize) -> Option<(usize, String)> {
    let mut head = [0; HEAD];
    for (to, four) in head.chunks_mut(3).zip(text.chunks(4)) {
        for (to, from) in to.iter_mut().zip(three(four)?) {
            *to = from;
        }
    }
    if !reads_as_text(&head) {
        return None;
    }
    let line = digits(text.get(..token)?);
    if line < LONG {
        return None;
    }
    let mut bytes = Vec::new();
    decode(text.get(..line)?, &mut bytes);
    // Where the last full line ends, in the text and in what it stands for.
    let (mut end, mut full) = (line, (line, bytes.len()));
    // A line that is full goes on in the next, if that is one of base64.
    while line >= MIN_LINE && line.is_multiple_of(4) {
        let rest = text.get(end..)?;
        let Some(next) = rest.strip_prefix(b"\n").or_else(|| rest.strip_prefix(b"\r\n")) else { break };
        let len = digits(next.get(..next.len().min(line + 1))?);
        // What a blank follows is a word.
        if len == 0 || len > line || next.get(len) == Some(&b' ') {
            break;
        }
        decode(next.get(..len)?, &mut bytes);
        end = text.len() - next.len() + len;
        if len < line {
            break;
        }
        full = (end, bytes.len());
    }
    let pads = text.get(end..)?.iter().take(2).take_while(|b| **b == b'=').count();
    // A word can look like a last line.
    let head = bytes.get(..full.1)?.to_vec();
    into_text(bytes).map(|plain| (end + pads, plain)).or_else(|| Some((full.0, into_text(head)?)))
}

/// How many digits of base64 begin a text.
fn digits(text: &[u8]) -> usize {
    text.iter().take_while(|b| sextet(**b).is_some()).count()
}

/// What the digits of base64 stand for, in either alphabet.
static SEXTETS: [u8; 256] = {
    let mut sextets = [u8::MAX; 256];
    let mut alphabets: &[&[u8; 64]] = &[
        b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
        b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_",
    ];
    while let Some((digits, others)) = alphabets.split_first() {
        let mut value = 0;
        while value < digits.len() {
            #[expect(clippy::indexing_slicing, reason = "evaluated by the compiler")]
            {
                sextets[digits[value] as usize] = value as u8;
            }
            value += 1;
        }
        alphabets = others;
    }
    sextets
};

fn sextet(b: u8) -> Option<u32> {
    SEXTETS.get(usize::from(b)).filter(|sextet| **sextet != u8::MAX).map(|sextet| u32::from(*sextet))
}

/// Adds what digits of base64 stand for. What is left over at their end is less than a byte.
fn decode(digits: &[u8], bytes: &mut Vec<u8>) {
    bytes.reserve(digits.len() / 4 * 3 + 2);
    for four in digits.chunks(4) {
        let [a, b, c] = three(four).unwrap_or_default();
        match four.len() {
            4 => bytes.extend([a, b, c]),
            3 => bytes.extend([a, b]),
            _ => bytes.push(a),
        }
    }
}

/// The bytes of up to four digits.
fn three(four: &[u8]) -> Option<[u8; 3]> {
    let held = four.iter().try_fold(0, |held, b| Some(held << 6 | sextet(*b)?))?;
    let [_, bytes @ ..] = u32::to_be_bytes(held << (6 * (4 - four.len())));
    Some(bytes)
}

/// Whether bytes could be the head of a text: of UTF-8, or of UTF-16 as Windows writes it.
fn reads_as_text(head: &[u8; HEAD]) -> bool {
    // Its last character may be cut.
    let valid = std::str::from_utf8(head).map_or_else(|error| error.valid_up_to(), str::len);
    valid + 3 >= head.len() && head.iter().all(|b| is_text(*b)) || is_utf16(head)
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
