//! HTTP headers: `Authorization: Bearer x`, `X-Api-Key: x`, `Cookie: a=b`, as lines, in quotes, in source code.

use super::bytes::{BLANKS, QUOTES, Set};
use super::name::Strength;
use super::shape::{is_type, is_variable, looks_secret};
use super::value::{self, Quoted, quoted};
use super::{Site, skip_blank};
use crate::redact::rules::Rule;
use crate::redact::text::Spans;
use crate::redact::words::{is_one, starts_with};
use std::ops::Range;

/// Authentication schemes (IANA, HTTP authentication scheme registry, and some in wide use).
const SCHEMES: [&str; 10] = ["basic", "bearer", "dpop", "negotiate", "token", "apikey", "oauth", "bot", "key", "ntlm"];

/// Schemes with a list of parameters, which go on to the end of the header.
const LIST_SCHEMES: [&str; 7] =
    ["digest", "aws4-hmac-sha256", "hawk", "hmac-sha256", "sharedkey", "sharedaccesssignature", "signature"];

const CREDENTIALS_END: Set = Set::of(b"\\").and(QUOTES).and(BLANKS);

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
    if is_one(name, &["authorization", "proxy-authorization", "x-authorization", "x-forwarded-authorization"]) {
        Some(Holds::Credentials)
    } else if is_one(name, &["cookie", "set-cookie", "cookie2", "set-cookie2"]) {
        Some(Holds::Cookies)
    } else {
        let quoted = site.quote.is_none() && matches!(site.before(), Some(b'"' | b'\''));
        // Names of settings have dashes, too, but no capitals.
        let header = name.contains('-') && (starts_with(name, "x-") || name.bytes().any(|b| b.is_ascii_uppercase()));
        let header = header && site.name.strength > Strength::Nothing;
        (header || quoted && is_one(name, &["apikey"])).then_some(Holds::Value)
    }
}

/// The value of a header, the colon at `sign`. False when it is none.
pub(super) fn read(site: &Site<'_>, sign: usize, spans: &mut Spans<'_>) -> bool {
    let (text, bytes) = (site.text, site.text.as_bytes());
    let Some(holds) = holds(site) else { return false };
    let at = skip_blank(bytes, sign + 1);
    if matches!(bytes.get(at..), Some([b'|' | b'>', b'\r' | b'\n', ..] | [b'|' | b'>', b'-' | b'+', b'\r' | b'\n', ..]))
    {
        // In YAML, it is on the lines behind.
        return false;
    }
    // The quote that the name is in ends there.
    let around = site.before().filter(|b| site.quote.is_none() && QUOTES.has(*b));
    let literal = quoted(text, at).filter(|_| around.is_none() || site.byte(at) != around);
    if site.quote.is_some() && literal.is_none() {
        // The value is source code.
        return true;
    }
    let start = literal.as_ref().map_or(at, |quoted| quoted.range.start);
    let head = value::head(text, start, value::SPACED).split([',', ';']).next().unwrap_or_default();
    let after = skip_blank(bytes, start + head.len());
    if holds != Holds::Cookies && is_one(head, &SCHEMES) {
        let credentials = CREDENTIALS_END.until(text.get(after..).unwrap_or_default());
        spans.push(after..after + value::trimmed(credentials, value::ENDING).len(), Rule::AUTHORIZATION);
        return true;
    }
    let quote = literal.is_some() || around.is_some();
    if !quote && is_option(text, site.start) {
        spans.push(value::whole(text, start, head.len(), value::SPACED), Rule::AUTHORIZATION);
        return true;
    }
    // In quotes, or at the start of a line, all of the line is the value; elsewhere it may be prose.
    let line = site.begins_line();
    let prose = || is_prose(text.get(start..text.floor_char_boundary(start + MAX_HEAD)).unwrap_or_default());
    let list = is_one(head, &LIST_SCHEMES);
    let whole = match holds {
        _ if holds != Holds::Cookies && !quote && prose() => false,
        Holds::Credentials if line && !is_type(head) && head.bytes().all(is_credential) => true,
        Holds::Credentials => quote || list || looks_secret(head),
        Holds::Cookies => (quote || line) && head.contains('='),
        Holds::Value => quote && site.quote.is_none() || line,
    };
    if !whole {
        // A member of an object, or a word of prose.
        return holds == Holds::Cookies || holds == Holds::Credentials && !looks_secret(head);
    }
    let start = if list && after > start + head.len() { after } else { start };
    let end = match literal {
        Some(quoted) => quoted.range.end,
        None => {
            let rest = bytes.get(start..).unwrap_or_default();
            start + rest.iter().position(|b| Some(*b) == around || matches!(b, b'\r' | b'\n')).unwrap_or(rest.len())
        }
    };
    // `'Authorization' : 'Proxy-Authorization'` names another.
    if !text.get(start..end).is_some_and(is_variable) {
        spans.push(start..end, Rule::AUTHORIZATION);
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
            let known = is_one(scheme, &SCHEMES) || is_one(scheme, &LIST_SCHEMES);
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
