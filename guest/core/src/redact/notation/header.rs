//! HTTP headers: `Authorization: Bearer x`, `X-Api-Key: x`, `Cookie: a=b`, as lines, in quotes, in source code.

use super::name::Strength;
use super::shape::{is_type, is_variable, looks_secret};
use super::value::{self, Quote, Quoted};
use super::words::starts_with;
use super::{Site, skip_blank};
use crate::redact::rules::Rule;
use crate::redact::text::Spans;
use std::ops::Range;

/// Authentication schemes (IANA, HTTP authentication scheme registry, and some in wide use).
const SCHEMES: [&str; 10] = ["basic", "bearer", "dpop", "negotiate", "token", "apikey", "oauth", "bot", "key", "ntlm"];

/// Schemes with a list of parameters, which go on to the end of the header.
const LIST_SCHEMES: [&str; 7] =
    ["digest", "aws4-hmac-sha256", "hawk", "hmac-sha256", "sharedkey", "sharedaccesssignature", "signature"];

/// What a header holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Holds {
    /// Credentials behind the name of a scheme.
    Credentials,
    Cookies,
    /// A key or a token.
    Value,
}

fn holds(site: &Site<'_>) -> Option<Holds> {
    let name = site.name.text;
    let is = |names: &[&str]| names.iter().any(|known| known.eq_ignore_ascii_case(name));
    if is(&["authorization", "proxy-authorization", "x-authorization", "x-forwarded-authorization"]) {
        Some(Holds::Credentials)
    } else if is(&["cookie", "set-cookie", "cookie2", "set-cookie2"]) {
        Some(Holds::Cookies)
    } else {
        let quoted = site.quote.is_none() && matches!(site.before(), Some(b'"' | b'\''));
        // Names of settings have dashes, too, but no capitals.
        let header = name.contains('-') && (starts_with(name, "x-") || name.bytes().any(|b| b.is_ascii_uppercase()));
        let header = header && site.name.strength > Strength::Nothing;
        (header || quoted && is(&["apikey"])).then_some(Holds::Value)
    }
}

/// The value of a header, the colon at `sign`. False when it is none.
pub(super) fn read(site: &Site<'_>, sign: usize, spans: &mut Spans<'_>) -> bool {
    let (text, bytes) = (site.text, site.text.as_bytes());
    let Some(holds) = holds(site) else { return false };
    let mut start = skip_blank(bytes, sign + 1);
    // A string of source code may have a letter before its quote; the quote that the name is in ends there.
    let before = site.before().filter(|_| site.quote.is_none());
    let letter = usize::from(bytes.get(start).is_some_and(|b| b"bfruBFRU".contains(b)));
    let quote = |at: usize| Quote::at(bytes, at).filter(|quote| quote.byte().is_none_or(|b| Some(b) != before));
    let open = quote(start).or_else(|| quote(start + letter).map(|quote| quote.behind(letter)));
    if site.quote.is_some() && open.is_none() {
        // The value is source code.
        return true;
    }
    start += open.map_or(0, |quote| quote.len);
    let head = value::head(text, start, value::SPACED).split([',', ';']).next().unwrap_or_default();
    let is_one_of = |schemes: &[&str]| schemes.iter().any(|known| known.eq_ignore_ascii_case(head));
    let after = skip_blank(bytes, start + head.len());
    if holds != Holds::Cookies && is_one_of(&SCHEMES) {
        let rest = text.get(after..).unwrap_or_default();
        let end = rest.bytes().position(|b| b.is_ascii_whitespace() || b"\"'`\\".contains(&b)).unwrap_or(rest.len());
        let credentials = value::trimmed(rest.get(..end).unwrap_or_default(), value::ENDING);
        spans.push(after..after + credentials.len(), Rule::AUTHORIZATION);
        return true;
    }
    // In quotes, or at the start of a line, all of the line is the value; elsewhere it may be prose.
    let quote = open.is_some() || before.is_some_and(|b| b"\"'`".contains(&b));
    let line = site.begins_line();
    if !quote && is_option(text, site.start) {
        spans.push(value::whole(text, start, head.len(), value::SPACED), Rule::AUTHORIZATION);
        return true;
    }
    let rest = text.get(start..).unwrap_or_default();
    let value_head = rest.get(..text.floor_char_boundary(start + MAX_HEAD) - start).unwrap_or_default();
    let written = match holds {
        Holds::Credentials => {
            quote
                || line && !is_prose(value_head) && !is_type(head) && head.bytes().all(is_credential)
                || !is_prose(value_head) && (is_one_of(&LIST_SCHEMES) || looks_secret(head))
        }
        Holds::Cookies => (quote || line) && (head.contains('=') || super::is_placeholder(head)),
        Holds::Value => quote && site.quote.is_none() || line && !is_prose(value_head),
    };
    if !written {
        // A member of an object, or a word of prose.
        return holds != Holds::Value
            && (quote || holds == Holds::Cookies || site.name.strength == Strength::Hint && !looks_secret(head));
    }
    if after > start + head.len() && is_one_of(&LIST_SCHEMES) {
        start = after;
    }
    // What is quoted ends with its quote, a list of parameters has quotes of its own.
    let closing = open.map_or(before.filter(|b| b"\"'`".contains(b)), |_| {
        bytes.get(start - 1).copied().filter(|b| b"\"'`".contains(b))
    });
    let closing = closing.or_else(|| open.and_then(|quote| quote.byte()));
    let rest = bytes.get(start..).unwrap_or_default();
    let end = rest.iter().position(|b| Some(*b) == closing || b"\r\n".contains(b)).unwrap_or(rest.len());
    // `'Authorization' : 'Proxy-Authorization'` names another.
    if !text.get(start..start + end).is_some_and(|value| is_variable(&value.replace('-', "_"))) {
        spans.push(start..start + end, Rule::AUTHORIZATION);
    }
    true
}

/// What schemes and credentials are made of (RFC 9110, section 11.2).
fn is_credential(b: u8) -> bool {
    b.is_ascii_alphanumeric() || b"-._~+/=:".contains(&b)
}

/// The secret in the value of a header that a call sets: `header("Authorization", "Bearer x")`.
pub(super) fn value(site: &Site<'_>, quoted: &Quoted) -> Option<Range<usize>> {
    let written = site.written(quoted);
    match holds(site)? {
        Holds::Credentials => {
            let (scheme, credentials) = written.split_once(' ')?;
            let known = SCHEMES.iter().chain(&LIST_SCHEMES).any(|known| known.eq_ignore_ascii_case(scheme));
            (known && !credentials.is_empty()).then(|| quoted.range.end - credentials.len()..quoted.range.end)
        }
        Holds::Cookies => written.contains('=').then(|| quoted.range.clone()),
        Holds::Value => None,
    }
}

/// So much of a value tells whether it is a sentence.
const MAX_HEAD: usize = 128;

/// Whether a value is a sentence: some words in small letters.
fn is_prose(value: &str) -> bool {
    let line = value.split(['\n', '\r']).next().unwrap_or_default();
    let mut words = line.split(' ');
    let small = |word: Option<&str>| {
        word.is_some_and(|word| word.bytes().all(|b| b.is_ascii_lowercase() || b"'.,?".contains(&b)))
    };
    small(words.next()) && small(words.next().filter(|word| !word.is_empty()))
}

/// Whether the option of a command that takes a header stands before `at`.
fn is_option(text: &str, at: usize) -> bool {
    let before = text.get(..at).unwrap_or_default();
    before.ends_with("-H ") || before.ends_with("--header ") || before.ends_with("--header=")
}
