//! What is assigned to a name: `NAME=x`, `name = "x"`, `name: x`, `"name": "x"`, `:name => "x"`, in files of settings, source
//! code, queries, connection strings, dumps and logs.
//!
//! The looser the notation, the more the value must say itself. A variable in capitals, an option, a parameter of a query
//! are certain: whatever they are given is the value. Quotes and a line of its own are nearly so. All else can be source
//! code, where `password = password2` and `token: Token` name things and hold none.

use super::name::Strength;
use super::shape::{
    is_label, is_path, is_plain_value, is_technical, is_template, is_type, is_type_name, is_variable, looks_given,
    looks_random, looks_secret,
};
use super::value::{self, Quoted, quoted};
use super::{Site, block, call, header, skip_blank};
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
        [b'=', ..] if at == site.end + 1 => glued(site, at, spans),
        [b'=', ..] => spaced(site, at, spans),
        _ => {}
    }
}

/// `name=value`.
fn glued(site: &Site<'_>, at: usize, spans: &mut Spans<'_>) {
    let (text, name) = (site.text, &site.name);
    let before = site.before();
    let head = value::head(text, at, value::GLUED);
    let ends_with = |sign: u8| text.as_bytes().get(at + head.len()) == Some(&sign);
    let count = || is_count(head) && site.keys.is_counter(name.text);
    if matches!(before, Some(b'?' | b'&')) || text.get(..site.start).is_some_and(|before| before.ends_with("&amp;")) {
        // `key` is what an API calls its own.
        let named = name.strength > Strength::Nothing || name.is_signature() || name.text.eq_ignore_ascii_case("key");
        let plural = name.text.ends_with('s') && is_count(head);
        if named && !count() && !plural || site.keys.is_sensitive(name.text) && looks_secret(head) {
            spans.push(query_value(text, at), Rule::ASSIGNMENT);
        }
        return;
    }
    if name.is_upper() && site.keys.is_sensitive(name.text) {
        // In source code the same notation calls functions and names arguments.
        let unquoted = !head.is_empty();
        let code = unquoted && head.contains(['(', '[', '{']);
        // `KEEP_PASS=1`, `FOREIGN_KEYS=1`.
        let plural = name.text.ends_with('S') && head.len() < 4 && is_count(head.trim_end_matches(value::CLOSING));
        let blank = is_type(head.trim_end_matches([':', ']', ')'])) || is_technical(head);
        let other = unquoted && (is_directory(name.text, head) || plural || blank);
        let told = name.ends_in_secret() && !other || looks_secret(head);
        if !code && !count() && told {
            let word = value::word(text, at);
            let len = text.get(word.clone()).map_or(0, |word| value::trimmed(word, value::CLOSING).len());
            spans.push(word.start..word.start + len, Rule::ASSIGNMENT);
        }
        return;
    }
    if name.strength == Strength::Nothing {
        return;
    }
    if before == Some(b'-') {
        let told = name.strength == Strength::Secret || !name.is_login() || looks_secret(head);
        if told && !starts_with_no(name.text) {
            spans.push(value::word(text, at), Rule::ASSIGNMENT);
        }
        return;
    }
    if literal(site, at, spans) || collection(site, at, spans) || head.is_empty() {
        return;
    }
    if ends_with(b'&') {
        spans.push(query_value(text, at), Rule::ASSIGNMENT);
    } else if before == Some(b';') || ends_with(b';') {
        setting(site, at, spans);
    } else if let Some(value) = bare(site, at + usize::from(head.starts_with('[')), value::GLUED) {
        // In brackets, it is for the eye.
        let (at, closed) = match head.strip_prefix('[') {
            Some(inside) => (at + 1, inside.get(value.len()..) == Some("]")),
            None => (at, true),
        };
        if !closed {
            return;
        }
        let next = text.get(at + value.len()..).unwrap_or_default();
        let next = next.strip_prefix(']').unwrap_or(next);
        let lone = site.begins_line() && line(text, at) == value;
        let among = || is_next_name(next.trim_start_matches(' ')) || site.follows_option();
        let plain = || name.strength == Strength::Secret && (lone || among()) && is_plain_value(value);
        if site.looks_secret(value) && !is_code(value) || plain() {
            spans.push(value::whole(text, at, value.len(), value::GLUED), Rule::ASSIGNMENT);
        }
    }
}

/// Whether an unquoted word is rather a name of source code.
fn is_code(word: &str) -> bool {
    is_variable(word) || is_type_name(word)
}

/// A number or a boolean.
fn is_count(written: &str) -> bool {
    let number = !written.is_empty() && written.bytes().all(|b| b.is_ascii_digit());
    number || written == "true" || written == "false"
}

/// The shells' `PWD` and `OLDPWD`.
fn is_directory(name: &str, value: &str) -> bool {
    (name == "PWD" || name == "OLDPWD") && is_path(value)
}

fn starts_with_no(option: &str) -> bool {
    super::words::starts_with(option, "no-")
}

fn query_value(text: &str, at: usize) -> std::ops::Range<usize> {
    let rest = text.get(at..).unwrap_or_default();
    at..at + rest.bytes().position(|b| b.is_ascii_whitespace() || b"&#\"'<>`\\;|)".contains(&b)).unwrap_or(rest.len())
}

/// A value among those of a connection string, `…;Password=x y;…`: up to the semicolon, or the quote that ends them all.
fn setting(site: &Site<'_>, at: usize, spans: &mut Spans<'_>) {
    let rest = site.text.get(at..).unwrap_or_default();
    let end = rest.bytes().position(|b| b";\"'\n\r`<>".contains(&b)).unwrap_or(rest.len());
    let value = rest.get(..end).unwrap_or_default();
    // Without a semicolon behind it, a blank ends it.
    let closed = rest.as_bytes().get(end) == Some(&b';');
    let value = if closed { value } else { value.split([' ', '\t', '|', '&']).next().unwrap_or_default() };
    let told = site.name.strength == Strength::Secret && !value.contains(['(', '[']) || site.looks_secret(value);
    if told {
        spans.push(at..at + value.len(), Rule::ASSIGNMENT);
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
    let dashed = line.contains('-') && line.bytes().any(|b| b.is_ascii_digit()) && is_plain_value(line);
    let told =
        number || (site.looks_secret(line) || dashed) && (site.name.strength == Strength::Secret || line.len() > LONG);
    if site.begins_line() && word && told {
        spans.push(value::whole(site.text, at, line.len(), b""), Rule::ASSIGNMENT);
    }
}

/// A word so long behind `token =` is one.
const LONG: usize = 15;

/// `name | x`, as databases show a record.
fn cell(site: &Site<'_>, at: usize, spans: &mut Spans<'_>) {
    let line = line(site.text, at);
    if site.looks_secret(line) {
        spans.push(value::whole(site.text, at, line.len(), b""), Rule::ASSIGNMENT);
    }
}

/// `'name' => 'x'`, `:name => "x"`, and `[name] => x` of PHP's `print_r`.
fn rocket(site: &Site<'_>, at: usize, spans: &mut Spans<'_>) {
    if site.quote.is_some() || site.before() == Some(b':') {
        literal(site, at, spans);
    } else if site.before() == Some(b'[') {
        let line = line(site.text, at);
        if site.looks_secret(line) || site.name.strength == Strength::Secret && is_plain_value(line) {
            spans.push(value::whole(site.text, at, line.len(), b""), Rule::ASSIGNMENT);
        }
    } else if let Some(quoted) = literal_at(site.text, at)
        && site.name.strength > Strength::Nothing
        && site.looks_secret(site.written(&quoted))
    {
        spans.push(quoted.range, Rule::ASSIGNMENT);
    }
}

/// The value behind the colon at `sign`.
pub(super) fn colon(site: &Site<'_>, sign: usize, spans: &mut Spans<'_>) {
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
    match bytes.get(at) {
        None | Some(b'\n' | b'\r') => block::items(site, at, spans),
        Some(b'|' | b'>') if site.quote.is_none() => block::scalar(site, at, spans),
        Some(b'0'..=b'9') if site.quote.is_some() => number(site, at, spans),
        _ if literal(site, at, spans) || collection(site, at, spans) || site.quote.is_some() => {}
        _ if annotated(site, at, spans) => {}
        _ => unquoted(site, at, at == sign + 1, spans),
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
    let kind = rest.iter().take(MAX_TYPE).position(|b| !b.is_ascii_alphanumeric() && !b" _&'<>[]|.,?:*".contains(b));
    let Some(sign) = kind.filter(|len| rest.get(*len) == Some(&b'=') && rest.get(*len + 1) != Some(&b'=')) else {
        return false;
    };
    literal(site, skip_blank(site.text.as_bytes(), at + sign + 1), spans)
}

/// No type is longer, in bytes.
const MAX_TYPE: usize = 48;

/// `name: x`.
fn unquoted(site: &Site<'_>, at: usize, glued: bool, spans: &mut Spans<'_>) {
    let secret = site.name.strength == Strength::Secret;
    let line = line(site.text, at);
    if !glued && site.begins_line() && !line.contains(' ') && !line.ends_with([',', ';']) {
        // A setting in a file, or a member of a record.
        if site.looks_secret(line) || secret && !line.starts_with(['*', '&', '!']) && is_plain_value(line) {
            spans.push(value::whole(site.text, at, line.len(), b""), Rule::ASSIGNMENT);
        }
        return;
    }
    let Some(value) = bare(site, at, value::SPACED) else { return };
    // What `grep` says of a file that is named like a secret has more colons.
    let field = !glued || value.bytes().filter(|b| *b == b':').count() < 2;
    if field && site.looks_secret(value) && !is_code(value) && (secret || !site.follows_complaint()) {
        spans.push(value::whole(site.text, at, value.len(), value::SPACED), Rule::ASSIGNMENT);
    }
}

/// The unquoted word at `at`, without the signs behind it that belong to what is around it.
fn bare<'a>(site: &Site<'a>, at: usize, ends: &[u8]) -> Option<&'a str> {
    let head = value::head(site.text, at, ends);
    // `password=x,user=y`
    let next = head.match_indices(',').find(|(comma, _)| is_next_name(head.get(comma + 1..).unwrap_or_default()));
    let word = next.and_then(|(comma, _)| head.get(..comma)).unwrap_or(head);
    let signs = if ends == value::GLUED { value::CLOSING } else { value::ENDING };
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

/// The rest of the line, without blanks at its end and a comment.
fn line(text: &str, at: usize) -> &str {
    let rest = text.get(at..text.floor_char_boundary(at + MAX_LINE)).unwrap_or_default();
    let line = rest.split(['\n', '\r']).next().unwrap_or_default();
    line.split(" #").next().unwrap_or_default().trim_ascii_end()
}

/// So much of a line tells whether it is one word.
const MAX_LINE: usize = 128;

/// A quoted value: true when there is a quoted text, whether it is a secret or not.
pub(super) fn literal(site: &Site<'_>, at: usize, spans: &mut Spans<'_>) -> bool {
    let Some(quoted) = literal_at(site.text, at) else { return false };
    // The quote that ends what the name is in: `"Password: ")`.
    let first = site.byte(quoted.range.start);
    if site.quote.is_none() && first.is_none_or(|b| b.is_ascii_whitespace() || b"),;]}+".contains(&b)) {
        return true;
    }
    if site.name.strength > Strength::Nothing && is_secret_literal(site, &quoted) {
        spans.push(quoted.range, Rule::ASSIGNMENT);
    }
    true
}

/// Whether a quoted text is the secret that the name speaks of.
pub(super) fn is_secret_literal(site: &Site<'_>, quoted: &Quoted) -> bool {
    let value = site.written(quoted);
    if quoted.format && is_template(value) {
        return false;
    }
    match site.name.strength {
        Strength::Nothing => false,
        Strength::Hint if site.quote.is_some() => looks_given(value) && !is_label(value),
        Strength::Hint => looks_random(value),
        Strength::Secret => !(is_label(value) || is_template(value) && !looks_secret(value)),
    }
}

/// The quoted text at `at`, also inside what source code wraps it in: `Some("…")`, `String::from("…")`.
pub(super) fn literal_at(text: &str, at: usize) -> Option<Quoted> {
    quoted(text, at).or_else(|| {
        let head = text.get(at..text.floor_char_boundary(at + MAX_TYPE))?;
        let behind = |call: &str| quoted(text, at + call.len());
        if let Some(call) = ["ConvertTo-SecureString ", "ConvertTo-SecureString -String "]
            .iter()
            .rev()
            .find(|call| head.starts_with(**call))
        {
            return behind(call);
        }
        let path = head.trim_start_matches("[]").trim_start_matches("new ");
        let name = path.split('(').next()?;
        let last = name.rsplit([':', '.']).next()?;
        let wraps = path.len() > name.len() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"_:.".contains(&b));
        (wraps && WRAPPERS.contains(&last))
            .then(|| quoted(text, at + head.len() - path.len() + name.len() + 1))
            .flatten()
    })
}

/// Functions that make a value of a literal, by the last word of their path.
const WRAPPERS: [&str; 14] = [
    "Box",
    "Ok",
    "PASSWORD",
    "Secret",
    "SecretStr",
    "SecretString",
    "Some",
    "String",
    "byte",
    "bytes",
    "from",
    "new",
    "str",
    "unwrap",
];

/// `tokens = ["x", "y"]`, `auth=("user", "password")`: true when there is a collection of quoted texts.
fn collection(site: &Site<'_>, at: usize, spans: &mut Spans<'_>) -> bool {
    match site.byte(at) {
        Some(b'(') => call::second(site, at + 1, spans),
        Some(b'[') => block::list(site, at, spans),
        _ => false,
    }
}
