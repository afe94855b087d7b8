//! `name=value`, without a blank around the sign: variables of the environment, options, parameters of queries and forms,
//! connection strings, logs, dumps, and arguments of calls.

use super::bytes::{BLANKS, QUOTES, Set};
use super::literal::{collection, literal};
use super::name::Strength;
use super::shape::{is_path, is_plain_value, is_technical, is_type, is_variable, looks_secret};
use super::value::{self, CLOSING, GLUED};
use super::{Site, is_code, line};
use crate::redact::rules::Rule;
use crate::redact::text::Spans;
use crate::redact::words::starts_with;
use std::ops::Range;

/// The value at `at`, right behind the sign.
pub(super) fn read(site: &Site<'_>, at: usize, spans: &mut Spans<'_>) {
    let head = value::head(site.text, at, GLUED);
    let name = &site.name;
    if is_parameter(site) {
        parameter(site, at, head, spans);
    } else if head.starts_with('$') && super::is_placeholder(head) || is_end_of_quote(site, at) {
        // There is nothing of a value, however long it is.
    } else if name.is_upper() && (name.strength == Strength::Secret || site.keys.is_sensitive(name.text)) {
        variable(site, at, head, spans);
    } else if name.strength == Strength::Nothing {
    } else if site.before() == Some(b'-') {
        option(site, at, head, spans);
    } else if !literal(site, at, spans) && !collection(site, at, spans) && !head.is_empty() {
        match site.byte(at + head.len()) {
            Some(b'&') => spans.push(query_value(site.text, at), Rule::ASSIGNMENT),
            Some(b';') => setting(site, at, spans),
            _ if site.before() == Some(b';') => setting(site, at, spans),
            _ => field(site, at, head, spans),
        }
    }
}

/// Whether a name is that of a parameter of a query or a form: `?token=x&…`.
fn is_parameter(site: &Site<'_>) -> bool {
    let before = site.text.as_bytes().get(..site.start).unwrap_or_default();
    matches!(before.last(), Some(b'?' | b'&')) || before.ends_with(b"&amp;")
}

fn parameter(site: &Site<'_>, at: usize, head: &str, spans: &mut Spans<'_>) {
    let name = &site.name;
    // `key` is what an API calls its own, `sig` what Azure calls a signature.
    let known = name.text.eq_ignore_ascii_case("key") || name.is_signature() && !is_technical(head);
    let named = known || name.strength > Strength::Nothing;
    let count = is_count(head) && (name.text.ends_with('s') || site.keys.is_counter(name.text));
    if named && !count || site.keys.is_sensitive(name.text) && looks_secret(head) {
        spans.push(query_value(site.text, at), Rule::ASSIGNMENT);
    }
}

const QUERY_ENDS: Set = Set::of(b"&#\"'<>`\\;|)").and(BLANKS);

fn query_value(text: &str, at: usize) -> Range<usize> {
    at..at + QUERY_ENDS.until(text.get(at..).unwrap_or_default()).len()
}

/// Whether the quote at `at` is the one that ends what the name begins: `"PWD="`.
fn is_end_of_quote(site: &Site<'_>, at: usize) -> bool {
    let quote = site.byte(at).filter(|b| QUOTES.has(*b));
    quote.is_some() && site.quote.is_none() && site.before() == quote
}

/// A variable in capitals.
fn variable(site: &Site<'_>, at: usize, head: &str, spans: &mut Spans<'_>) {
    let (name, word) = (&site.name, value::trimmed(head, CLOSING));
    // In source code the same notation calls functions and names arguments.
    if head.contains(['(', '[', '{']) || is_count(word) && site.keys.is_counter(name.text) {
        return;
    }
    // `KEEP_PASS=1`, `FOREIGN_KEYS=1`, `SYNTAX_TOKEN=0x10`, `KEY=VALUE`.
    let count = name.text.ends_with('S') && word.len() < 4 && is_count(word) || starts_with(word, "0x");
    let blank = is_type(word.trim_end_matches(':')) || is_technical(word);
    let directory = (name.text == "PWD" || name.text == "OLDPWD") && is_path(word);
    let other = !head.is_empty() && (count || blank || directory);
    if name.ends_in_secret() && !other || looks_secret(word) {
        let word = value::word(site.text, at);
        let len = site.text.get(word.clone()).map_or(0, |word| value::trimmed(word, CLOSING).len());
        spans.push(word.start..word.start + len, Rule::ASSIGNMENT);
    }
}

/// The value of an option, `--password=x`.
fn option(site: &Site<'_>, at: usize, head: &str, spans: &mut Spans<'_>) {
    let name = &site.name;
    let certain = name.strength == Strength::Secret || !name.is_login() && !name.is_pass() || name.text == "pass";
    if (certain || looks_secret(head)) && !starts_with(name.text, "no-") {
        spans.push(value::word(site.text, at), Rule::ASSIGNMENT);
    }
}

const SETTING_ENDS: Set = Set::of(b";\n\r<>").and(QUOTES);

/// A value among those of a connection string, `…;Password=x y;…`: up to the semicolon, or the quote that ends them all.
fn setting(site: &Site<'_>, at: usize, spans: &mut Spans<'_>) {
    let rest = site.text.get(at..).unwrap_or_default();
    let secret = site.name.strength == Strength::Secret;
    if let Some(braced) = rest.strip_prefix('{') {
        // Braces are ODBC's quotes, and those of templates.
        let head = braced.get(..braced.floor_char_boundary(MAX_BRACED)).unwrap_or_default();
        let value =
            head.split_once('}').map(|(value, _)| value).filter(|value| value.contains(';') || looks_secret(value));
        if let Some(value) = value.filter(|_| secret) {
            spans.push(at + 1..at + 1 + value.len(), Rule::ASSIGNMENT);
        }
        return;
    }
    let value = SETTING_ENDS.until(rest);
    // Without a semicolon behind it, a blank ends it.
    let closed = rest.as_bytes().get(value.len()) == Some(&b';');
    let value = if closed { value } else { GLUED.until(value) };
    if secret && !value.contains(['(', '[']) || site.looks_secret(value) {
        spans.push(at..at + value.len(), Rule::ASSIGNMENT);
    }
}

/// No value in braces is longer, in bytes.
const MAX_BRACED: usize = 128;

/// A field of a log line or of a record, a line of a file of settings, an argument of a call.
fn field(site: &Site<'_>, at: usize, head: &str, spans: &mut Spans<'_>) {
    // In brackets, it is for the eye.
    let (at, head) = head.strip_prefix('[').map_or((at, head), |inside| (at + 1, inside));
    let Some(value) = bare(head, CLOSING) else { return };
    let next = site.text.get(at + value.len()..).unwrap_or_default();
    let next = next.strip_prefix(']').unwrap_or(next);
    let lone = || site.begins_line() && line(site.text, at) == value;
    let among = || is_next_name(next.trim_start_matches(' ')) || site.follows_option();
    let plain = || site.name.strength == Strength::Secret && is_plain_value(value) && (lone() || among());
    // `pass=`, `secret=` are no words of source code.
    let looks = || if site.name.is_pass() { looks_secret(value) } else { site.looks_secret(value) };
    if looks() && !is_code(value) || plain() && !(is_variable(value) && site.is_indented()) {
        spans.push(value::whole(site.text, at, value.len(), GLUED), Rule::ASSIGNMENT);
    }
}

/// The unquoted word that begins a text, without the signs behind it that belong to what is around it.
pub(super) fn bare<'a>(head: &'a str, signs: &[char]) -> Option<&'a str> {
    // `password=x,user=y`
    let next = head.match_indices(',').find(|(comma, _)| is_next_name(head.get(comma + 1..).unwrap_or_default()));
    let word = next.and_then(|(comma, _)| head.get(..comma)).unwrap_or(head);
    let word = value::trimmed(word, signs);
    // References of YAML and of markup.
    (!word.is_empty() && !word.starts_with(['&', '*'])).then_some(word)
}

/// Whether a text begins with another name and its sign.
fn is_next_name(text: &str) -> bool {
    let name =
        text.bytes().take(super::name::MAX_BYTES).take_while(|b| super::name::is_letter(*b) || *b == b' ').count();
    name > 0 && matches!(text.as_bytes().get(name), Some(b'=' | b':'))
}

/// A number or a boolean.
pub(super) fn is_count(written: &str) -> bool {
    let number = !written.is_empty() && written.bytes().all(|b| b.is_ascii_digit());
    number || written == "true" || written == "false"
}
