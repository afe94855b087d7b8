//! What is assigned to a name: `NAME=x`, `name = "x"`, `name: x`, `"name": "x"`, `:name => "x"`, in files of settings, source
//! code, queries, connection strings, dumps and logs.
//!
//! The looser the notation, the more the value must say itself. A variable in capitals, an option, a parameter of a query
//! are certain: whatever they are given is the value. Quotes and a line of its own are nearly so. All else can be source
//! code, where `password = password2` and `token: Token` name things and hold none.

use super::bytes::{BLANKS, Set};
use super::literal::{collection, literal, literal_at};
use super::name::Strength;
use super::shape::{is_plain_value, looks_secret};
use super::value;
use super::{Site, block, glued, header, is_code, skip_blank};
use crate::policy::MARKER;
use crate::redact::rules::Rule;
use crate::redact::text::Spans;

/// The value behind `=`, or another sign that ends in one, at `sign`.
pub(super) fn equals(site: &Site<'_>, sign: usize, spans: &mut Spans<'_>) {
    let bytes = site.text.as_bytes();
    if site.begins_line() && bytes.get(sign..sign + 2) == Some(b"| ") {
        return cell(site, skip_blank(bytes, sign + 1), spans);
    }
    let more = bytes.get(sign..).unwrap_or_default().iter().take(2).take_while(|b| b"+?|:".contains(b)).count();
    let at = sign + more + 1;
    match bytes.get(at - 1..).unwrap_or_default() {
        [b'=', b'=' | b'~', ..] => {}
        [b'=', b'>', ..] => rocket(site, skip_blank(bytes, at + 1), spans),
        [b'=', b' ' | b'\t', ..] => spaced(site, skip_blank(bytes, at), spans),
        [b'=', ..] if at == site.end + 1 => glued::read(site, at, spans),
        [b'=', ..] => spaced(site, at, spans),
        _ => {}
    }
}

/// `name = value`.
fn spaced(site: &Site<'_>, at: usize, spans: &mut Spans<'_>) {
    if site.name.strength == Strength::Nothing || literal(site, at, spans) || collection(site, at, spans) {
        return;
    }
    let line = line(site.text, at);
    // Source code has names there, and ends a line with a sign.
    let number = line.len() > 3 && line.bytes().all(|b| b.is_ascii_digit()) && site.name.strength == Strength::Secret;
    let word = !line.contains([' ', ';', ',', '"', '\'']) && !is_code(line);
    // No variable has a dash in it.
    let dashed =
        line.find('-').is_some_and(|dash| dash > 0) && line.bytes().any(|b| b.is_ascii_digit()) && is_plain_value(line);
    let told =
        number || (site.looks_secret(line) || dashed) && (site.name.strength == Strength::Secret || line.len() > LONG);
    if site.begins_line() && word && told {
        spans.push(value::whole(site.text, at, line.len(), BLANKS), Rule::ASSIGNMENT);
    }
}

/// A word so long behind `token =` is one.
const LONG: usize = 15;

/// `name | x`, as databases show a record.
fn cell(site: &Site<'_>, at: usize, spans: &mut Spans<'_>) {
    let line = line(site.text, at);
    if site.looks_secret(line) && !line.ends_with(',') && !is_code(line) {
        spans.push(value::whole(site.text, at, line.len(), BLANKS), Rule::ASSIGNMENT);
    }
}

/// `'name' => 'x'`, `:name => "x"`, and `[name] => x` of PHP's `print_r`.
fn rocket(site: &Site<'_>, at: usize, spans: &mut Spans<'_>) {
    if site.quote.is_some() || site.before() == Some(b':') {
        literal(site, at, spans);
    } else if site.before() == Some(b'[') {
        let line = line(site.text, at);
        if site.looks_secret(line) || site.name.strength == Strength::Secret && is_plain_value(line) {
            spans.push(value::whole(site.text, at, line.len(), BLANKS), Rule::ASSIGNMENT);
        }
    } else if let Some(quoted) = literal_at(site.text, at)
        && site.name.strength > Strength::Nothing
        && site.looks_secret(site.written(&quoted))
    {
        spans.push(quoted.range, Rule::ASSIGNMENT);
    }
}

/// The value behind the colon at `sign`; or up to where there is none behind any.
pub(super) fn colon(site: &Site<'_>, sign: usize, record: &mut usize, spans: &mut Spans<'_>) {
    let bytes = site.text.as_bytes();
    match bytes.get(sign + 1) {
        Some(b':') => return,
        Some(b'=') => return spaced(site, skip_blank(bytes, sign + 2), spans),
        _ => {}
    }
    if header::read(site, sign, spans) || site.name.strength == Strength::Nothing || site.before() == Some(b'/') {
        return;
    }
    // `**Password:** x` of Markdown.
    let marks = bytes.get(sign + 1..).unwrap_or_default().iter().take_while(|b| **b == b'*').count();
    let at = skip_blank(bytes, sign + 1 + marks);
    if bytes.get(at..).is_some_and(|value| value.starts_with(MARKER.as_bytes())) {
        return;
    }
    match bytes.get(at) {
        None | Some(b'\n' | b'\r') => block::items(site, at, spans),
        Some(b'|' | b'>') if site.quote.is_none() => block::scalar(site, at, spans),
        Some(b'0'..=b'9') if site.quote.is_some() => number(site, at, spans),
        _ if literal(site, at, spans) || collection(site, at, spans) || site.quote.is_some() => {}
        _ if annotated(site, at, spans) => {}
        _ => unquoted(site, at, at == sign + 1, record, spans),
    }
}

/// `"name": 1234`.
fn number(site: &Site<'_>, at: usize, spans: &mut Spans<'_>) {
    let digits =
        site.text.get(at..).unwrap_or_default().bytes().take_while(|b| b.is_ascii_digit() || *b == b'.').count();
    // Less is a switch or a count.
    if digits > 3 && site.name.strength == Strength::Secret && !site.keys.is_counter(site.name.text) {
        spans.push(at..at + digits, Rule::ASSIGNMENT);
    }
}

/// `name: str = "x"`, where the type is written between them.
fn annotated(site: &Site<'_>, at: usize, spans: &mut Spans<'_>) -> bool {
    let rest = site.text.as_bytes().get(at..).unwrap_or_default();
    let kind = rest.iter().take(MAX_TYPE).position(|b| !b.is_ascii_alphanumeric() && !TYPE_SIGNS.has(*b));
    let Some(sign) = kind.filter(|len| rest.get(*len) == Some(&b'=') && rest.get(*len + 1) != Some(&b'=')) else {
        return false;
    };
    literal(site, skip_blank(site.text.as_bytes(), at + sign + 1), spans)
}

const TYPE_SIGNS: Set = Set::of(b" _&'<>[]|.,?:*");
/// No type is longer, in bytes.
const MAX_TYPE: usize = 32;

/// `name: x`.
fn unquoted(site: &Site<'_>, at: usize, glued: bool, record: &mut usize, spans: &mut Spans<'_>) {
    let secret = site.name.strength == Strength::Secret;
    let line = if glued || !site.begins_line() { "" } else { line(site.text, at) };
    if !line.is_empty() && !line.contains(' ') && !line.ends_with([',', ';']) {
        // A setting in a file, or a member of a record.
        let plain = secret && !line.starts_with(['*', '&', '!']) && is_plain_value(line);
        let looks = site.name.is_pass() && !site.name.text.eq_ignore_ascii_case("pass") && looks_secret(line);
        if plain || looks || site.looks_secret(line) {
            spans.push(value::whole(site.text, at, line.len(), BLANKS), Rule::ASSIGNMENT);
        }
        return;
    }
    let Some(value) = glued::bare(value::head(site.text, at, value::SPACED), value::ENDING) else { return };
    // What `grep` says of a file that is named like a secret has more colons.
    if let Some((more, _)) = value.rmatch_indices(':').nth(1).filter(|_| glued) {
        *record = at + more;
        return;
    }
    let looks = || site.looks_secret(value) || glued && site.name.is_pass() && looks_secret(value);
    if looks() && !is_code(value) && (secret || !site.follows_complaint()) {
        spans.push(value::whole(site.text, at, value.len(), value::SPACED), Rule::ASSIGNMENT);
    }
}

/// The rest of the line, without blanks at its end and a comment.
pub(super) fn line(text: &str, at: usize) -> &str {
    let line = LINE_ENDS.until(text.get(at..text.floor_char_boundary(at + MAX_LINE)).unwrap_or_default());
    let comment = line.as_bytes().windows(2).position(|pair| pair == b" #").unwrap_or(line.len());
    line.get(..comment).unwrap_or_default().trim_ascii_end()
}

const LINE_ENDS: Set = Set::of(b"\n\r");
/// So much of a line tells whether it is one word.
const MAX_LINE: usize = 128;
