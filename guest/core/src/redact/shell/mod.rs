//! Secrets in command lines: assignments, options, and what known commands take.

pub(super) mod arguments;
mod commands;

pub(super) use commands::Commands;

use crate::policy::{Keys, MARKER};
use crate::redact::place::{Context, Place};
use crate::redact::text::skip_blank;
use commands::{MAX_WORDS, Takes, may_take};
use std::ops::Range;

/// Last words of options that take a secret; what ends in `key` must have one of `KEYS` before it.
const OPTIONS: [&str; 9] =
    ["apikey", "credential", "credentials", "pass", "passphrase", "passwd", "password", "secret", "token"];
const KEYS: [&str; 8] = ["access", "account", "api", "auth", "client", "encryption", "private", "secret"];

/// How far back the name before `=` is looked for.
const MAX_NAME_BYTES: usize = 128;

/// The value of `NAME=value` when the name says that it is a secret, the `=` behind `before`: a shell's or an environment's
/// variable, an option (`--password=x`), or a parameter of a URL's query (`?token=x`). With it, whether it is a secret after
/// all.
pub(crate) fn assigned(
    text: &str,
    before: Range<usize>,
    keys: &Keys,
    commands: &mut Commands<'_>,
) -> Option<(Range<usize>, bool)> {
    let bytes = text.as_bytes();
    let at = before.end;
    let before = bytes.get(before.start.max(at.saturating_sub(MAX_NAME_BYTES))..at)?;
    let is_name = |b: &&u8| b.is_ascii_alphanumeric() || b"_-.".contains(b);
    let start = at - before.iter().rev().take_while(is_name).count();
    let name = text.get(start..at)?;
    if name.is_empty() || text.get(at + 1..)?.starts_with(['=', '~', '>']) {
        return None;
    }
    // The value is read last: in a text without blanks it can be long.
    if name.starts_with('-') {
        if is_secret_option(name) {
            return Some((word(text, at + 1)?, true));
        }
        let login = may_take(name.as_bytes())
            && commands.known(start).and_then(|known| known.takes(name)) == Some(Takes::Login);
        return if login { Some((password(text, word(text, at + 1)?)?, true)) } else { None };
    }
    if !keys.is_sensitive(name) {
        return None;
    }
    let in_query = bytes.get(..start)?.last().is_some_and(|b| b"?&".contains(b));
    if in_query {
        let value = query_value(text, at + 1);
        let secret = !keys.is_counter(name) || !is_count(text.get(value.clone())?);
        return Some((value, secret));
    }
    let variable = name.len() > 2 && !name.bytes().any(|b| b.is_ascii_lowercase());
    if !variable && !commands.assigns(start) {
        return None;
    }
    let value = word(text, at + 1)?;
    let written = text.get(value.clone())?;
    // In source code the same notation calls functions and names arguments.
    let quoted = text.get(at + 1..)?.starts_with(['"', '\'']);
    let code = !quoted && written.contains(['(', '[', '{']);
    let count = keys.is_counter(name) && is_count(written);
    Some((value, !code && !count))
}

/// A number or a boolean.
fn is_count(written: &str) -> bool {
    let number = !written.is_empty() && written.bytes().all(|b| b.is_ascii_digit());
    number || written == "true" || written == "false"
}

/// The secret behind an option, its dash at `at`.
pub(crate) fn option_value(
    text: &str,
    at: usize,
    place: &Place<'_>,
    commands: &mut Commands<'_>,
) -> Option<Range<usize>> {
    let rest = text.as_bytes().get(at..)?;
    let len = rest.iter().take_while(|b| b.is_ascii_alphanumeric() || b"-_".contains(b)).count();
    let option = text.get(at..at + len)?;
    let long = is_secret_option(option);
    if !long && !may_take(option.as_bytes()) {
        return None;
    }
    let next = skip_blank(text, at + len)?;
    let value = (next > at + len).then(|| word(text, next)).flatten();
    let value =
        value.filter(|value| text.get(value.clone()).is_some_and(|word| !word.is_empty() && !word.starts_with('-')));
    let known = commands.known(at);
    if let Some((takes, attached)) = known.and_then(|known| known.short(option)) {
        // What stands right behind the letter is its value; else the next word is.
        let value = if attached < len { word(text, at + attached)? } else { value? };
        return match takes {
            Takes::Secret => Some(value),
            Takes::First => (!commands.words(at).take(MAX_WORDS).any(|word| word == option)).then_some(value),
            Takes::Login => password(text, value),
        };
    }
    let value = value?;
    let written = text.get(value.clone())?;
    // An unknown command's `-p`: not a port, a range or a path.
    let word =
        option == "-p" && known.is_none() && !is_port(written) && !written.starts_with(['/', '.', '~', '{', '<', '*']);
    ((long || word) && place.context() == Context::Command).then_some(value)
}

/// The password of `user:password`.
fn password(text: &str, login: Range<usize>) -> Option<Range<usize>> {
    let colon = text.get(login.clone())?.find(':')?;
    Some(login.start + colon + 1..login.end)
}

/// Whether the name of an option, with its dashes, is that of a secret.
pub(crate) fn is_secret_option(option: &str) -> bool {
    let separator = |b: &u8| matches!(b, b'-' | b'_' | b'.');
    let mut words = option.as_bytes().rsplit(separator);
    let is = |word: &[u8], names: &[&str]| names.iter().any(|name| name.as_bytes().eq_ignore_ascii_case(word));
    let last = words.next().unwrap_or_default();
    if last.len() == 3 {
        return is(last, &["key"]) && words.next().is_some_and(|before| is(before, &KEYS));
    }
    last.len() > 3 && is(last, &OPTIONS) && !option.starts_with("--no-")
}

fn is_port(word: &str) -> bool {
    word.len() <= 11 && word.bytes().all(|b| b.is_ascii_digit() || b":,-".contains(&b))
}

/// The shell word at `at`: without its quotes when it is one quoted piece, else as it is written.
pub(crate) fn word(text: &str, at: usize) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let mut end = at;
    while let Some(&b) = bytes.get(end) {
        end = match b {
            b'"' | b'\'' => match closing(bytes, end, end == at) {
                Some(close) => close + 1,
                // Nothing closes the first quote: the text was cut inside it.
                None if end == at => return Some(at + 1..bytes.len()),
                // The quotes around the whole command.
                None => break,
            },
            b'\\' if escapes(text, end + 1) => text.ceil_char_boundary(end + 2),
            b if b.is_ascii_whitespace() || b";|&<>()`\\".contains(&b) => break,
            _ => end + 1,
        };
    }
    let whole = bytes.get(at).filter(|b| b"\"'".contains(b)).and_then(|_| closing(bytes, at, true));
    Some(if whole.is_some_and(|close| close + 1 == end) { at + 1..end - 1 } else { at..end })
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

fn query_value(text: &str, at: usize) -> Range<usize> {
    let rest = text.get(at..).unwrap_or_default();
    at..at + rest.find(|c: char| c.is_whitespace() || "&#\"'<>`\\;|)".contains(c)).unwrap_or(rest.len())
}
