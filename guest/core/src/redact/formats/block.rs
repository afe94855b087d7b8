//! Private keys of several lines, from the first to the last.

/// A label is no longer, in bytes.
const MAX_LABEL: usize = 64;
/// What is glued to the first line is a key only when so much of it is base64.
const MIN_GLUED: usize = 16;
/// Between the first line and the key there is no more than that, in bytes: line breaks, also as source code writes them.
const MAX_BREAK: usize = 32;

/// The length of the private key whose first line begins a text (RFC 7468; RFC 9580, section 6.2; the manual of ssh.com's
/// `ssh-keygen` has four dashes and blanks). Of one that has been cut, all that is left.
pub(in crate::redact) fn private_key(text: &[u8]) -> Option<usize> {
    let (dashes, rest) = text.split_at_checked(text.iter().take(6).take_while(|b| **b == b'-').count())?;
    let label = rest.strip_prefix(b"BEGIN ").or_else(|| rest.strip_prefix(b" BEGIN "))?;
    let len = label.iter().take(MAX_LABEL).take_while(|b| matches!(b, b'A'..=b'Z' | b'0'..=b'9' | b' ')).count();
    let (label, body) = label.split_at_checked(len)?;
    let label = label.trim_ascii_end();
    let body = body.strip_prefix(dashes).filter(|_| matches!(dashes.len(), 4 | 5))?;
    if !label.ends_with(b"PRIVATE KEY") && !label.ends_with(b"PRIVATE KEY BLOCK") || !begins_key(body) {
        return None;
    }
    let start = text.len() - body.len();
    let last = find(body, b"---END ").or_else(|| find(body, b"--- END "));
    let end = last.and_then(|last| Some(last + 8 + find(body.get(last + 8..)?, dashes)? + dashes.len()));
    Some(end.map_or(text.len(), |end| start + end))
}

/// The same of PuTTY's (its manual, appendix C), of which the part before the private one is left out. The last line is
/// a checksum.
pub(super) fn putty(text: &[u8]) -> Option<usize> {
    let lines = find(text.get(..text.len().min(MAX_HEAD))?, b"Private-Lines: ")?;
    let checksum = find(text.get(lines..)?, b"Private-MAC: ").or_else(|| find(text.get(lines..)?, b"Private-Hash: "));
    let Some(last) = checksum.map(|at| lines + at + "Private-MAC: ".len()) else { return Some(text.len()) };
    let rest = text.get(last..)?;
    Some(last + rest.iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b' ').count())
}

/// The part of PuTTY's keys that is not private is no longer, in bytes: a key of 16,384 bits.
const MAX_HEAD: usize = 8192;

/// Whether a key stands behind its first line, and not a sentence that speaks of it.
fn begins_key(body: &[u8]) -> bool {
    let mut key = body.get(..body.len().min(MAX_BREAK + MIN_GLUED)).unwrap_or_default();
    let mut breaks = false;
    loop {
        key = match key {
            // As source code writes it.
            [b'\\', b'n' | b'r', rest @ ..] | [b'\n' | b'\r', rest @ ..] => {
                breaks = true;
                rest
            }
            [b' ' | b'\t' | b'"' | b'\'' | b'\\' | b'+' | b',' | b'|', rest @ ..] => rest,
            _ => break,
        };
    }
    let len = key.iter().take_while(|b| b.is_ascii_alphanumeric() || b"+/=".contains(b)).count();
    len >= if breaks { 1 } else { MIN_GLUED }
}

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    let (first, _) = wanted.split_first()?;
    let mut at = 0;
    loop {
        at += text.get(at..)?.iter().position(|b| b == first)?;
        if text.get(at..)?.starts_with(wanted) {
            return Some(at);
        }
        at += 1;
    }
}
