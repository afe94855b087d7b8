//! What sentences and statements say is a secret: `the password is hunter2`, `use passphrase "x y"`, `IDENTIFIED BY 'x'`.
//!
//! Prose speaks of passwords all the time, and seldom says one. What comes behind `is` counts only when it has the shape of
//! a secret, or is in quotes.

use super::literal::{is_secret_literal, literal_at};
use super::name::{Name, Strength};
use super::shape::{is_label, is_plain_value, is_variable, looks_secret};
use super::value::{self, Quoted, quoted};
use super::{Site, skip_blank};
use crate::redact::rules::Rule;
use crate::redact::text::Spans;
use crate::redact::words::{List, is_one, words};

/// How far behind the name the secret is looked for, in bytes.
const MAX_AHEAD: usize = 96;

/// What stands behind the name, from `at` on, with a blank between them. Up to `read` sentences have been read.
pub(super) fn read(site: &Site<'_>, at: usize, read: &mut usize, spans: &mut Spans<'_>) {
    if is_statement(&site.name) {
        return identified(site, at, spans);
    }
    // Options are for those who know commands, and `pass` is a verb.
    if site.name.strength == Strength::Nothing || site.before() == Some(b'-') || site.name.text == "pass" {
        return;
    }
    if let Some(quoted) = quoted(site.text, at) {
        return beside(site, quoted, spans);
    }
    if is_set_for(site, at) {
        return set_for(site, at, spans);
    }
    let word = value::trimmed(value::head(site.text, at, value::SPACED), value::ENDING);
    let given = is_given(site) || site.name.text == "requirepass" && site.begins_line();
    // Only what a sentence calls it: `passwd 1:4.13+dfsg1` is the version of a package.
    let called = is_one(site.name.text, &["password", "passphrase", "passcode", "pwd", "pw"]);
    let beside = looks_secret(word) && (called || word.len() > LONG) && at == site.end + 1;
    if given || beside && !is_variable(word) && !word.contains(',') {
        spans.push(value::whole(site.text, at, word.len(), value::SPACED), Rule::PROSE);
    } else if site.quote.is_none() {
        sentence(site, at, read, spans);
    }
}

/// A word so long behind `token` is one.
const LONG: usize = 15;

/// `PASSWORD 'x'`, `passphrase "x y"`.
fn beside(site: &Site<'_>, quoted: Quoted, spans: &mut Spans<'_>) {
    let value = site.written(&quoted);
    let mut words = site.words_before();
    let gives = words.next().is_some_and(|word| GIVES.has(word.trim_start_matches('#')))
        || words.next().is_some_and(|word| is_one(word, &["login", "role", "user"]));
    let named = site.name.is_upper() && site.name.text.contains('_');
    if (gives || named) && is_secret_literal(site, &quoted) && !is_variable(value)
        || looks_secret(value) && !is_label(value)
    {
        spans.push(quoted.range, Rule::PROSE);
    }
}

/// Words before the name that say that it is given a value, in SQL and in sentences.
static GIVES: List<13> =
    List::of("by define encrypted enter hashed identified set type unencrypted use user using with");

/// `machine h login u password x` of a `.netrc`; `ENV API_KEY x` of a Dockerfile.
fn is_given(site: &Site<'_>) -> bool {
    let mut words = site.words_before();
    let (last, other) = (words.next(), words.next());
    site.name.is_upper() && last == Some("ENV")
        || site.name.text == "password"
            && matches!(other, Some("login" | "machine"))
            && !last.is_some_and(|user| is_one(user, &["and", "or"]))
}

/// `SET PASSWORD FOR 'u'@'h' = 'x'`.
fn is_set_for(site: &Site<'_>, at: usize) -> bool {
    crate::redact::words::starts_with(site.text.get(at..).unwrap_or_default(), "for ")
        && site.words_before().next().is_some_and(|word| word.eq_ignore_ascii_case("set"))
}

fn set_for(site: &Site<'_>, at: usize, spans: &mut Spans<'_>) {
    let head = site.text.get(at..site.text.floor_char_boundary(at + MAX_AHEAD)).unwrap_or_default();
    let Some(sign) = head.find(['=', '\n']) else { return };
    if let Some(quoted) = literal_at(site.text, skip_blank(site.text.as_bytes(), at + sign + 1)) {
        spans.push(quoted.range, Rule::PROSE);
    }
}

/// Whether a word begins a statement of its own.
pub(super) fn is_statement(word: &Name<'_>) -> bool {
    word.text.eq_ignore_ascii_case("identified")
}

/// `IDENTIFIED BY 'x'`, `IDENTIFIED WITH plugin AS 'x'` of SQL.
fn identified(site: &Site<'_>, at: usize, spans: &mut Spans<'_>) {
    let mut words = words(site.text, at, MAX_AHEAD).peekable();
    let plugin = words.next_if(|(_, word)| is_one(word, &["with"])).and_then(|_| words.next()).is_some();
    if words.next_if(|(_, word)| is_one(word, &["by"]) || plugin && is_one(word, &["as"])).is_none() {
        return;
    }
    words.next_if(|(_, word)| is_one(word, &["password", "values"]));
    let Some((start, word)) = words.next() else { return };
    // In prose it is things that are identified by other things.
    let made = |word: &str| is_one(word, &["alter", "create", "grant"]);
    let statement = site.name.is_upper()
        || site.words_before().any(made) && site.words_before().any(|word| is_one(word, &["to", "user"]));
    if word.starts_with(['\'', '"']) {
        let quoted = quoted(site.text, start).filter(|quoted| statement || looks_secret(site.written(quoted)));
        if let Some(quoted) = quoted {
            spans.push(quoted.range, Rule::PROSE);
        }
    } else if statement && !word.contains(['`', '(', '"', '\'']) {
        let word = value::trimmed(value::head(site.text, start, value::SPACED), value::ENDING);
        spans.push(value::whole(site.text, start, word.len(), value::SPACED), Rule::PROSE);
    }
}

/// Words that join a name with its value.
const JOINS: [&str; 9] = ["=", "are", "be", "becomes", "equals", "is", "is:", "to", "was"];
/// And words that may stand between.
const BETWEEN: [&str; 12] =
    ["actually", "always", "changed", "currently", "just", "now", "probably", "reset", "set", "simply", "still", "to"];
/// So many words may be between a name and what joins it: `the password of the database is …`.
const MAX_WORDS: usize = 6;

fn sentence(site: &Site<'_>, at: usize, read: &mut usize, spans: &mut Spans<'_>) {
    let secret = site.name.strength == Strength::Secret;
    let mut joined = false;
    // What another name has looked at joins nothing.
    let from = at.max(*read);
    for (count, (start, word)) in words(site.text, from, (at + MAX_AHEAD).saturating_sub(from)).enumerate() {
        if joined {
            if !BETWEEN.contains(&word) {
                return said(site, start, spans);
            }
        } else if JOINS.contains(&word) || count > 0 && secret && word.len() > 1 && word.ends_with(':') {
            joined = true;
        } else if !secret
            || count >= MAX_WORDS
            || word.ends_with(['.', '?', '!', ';'])
            || word.contains(['{', '(', '='])
        {
            return;
        } else {
            *read = start + word.len();
        }
    }
}

/// What a sentence says the secret is, if it says it.
fn said(site: &Site<'_>, at: usize, spans: &mut Spans<'_>) {
    let secret = site.name.strength == Strength::Secret;
    if let Some(quoted) = quoted(site.text, at) {
        let value = site.written(&quoted);
        if site.looks_secret(value)
            || secret && !value.contains('\n') && is_plain_value(value) && !is_label(value) && !is_variable(value)
        {
            spans.push(quoted.range, Rule::PROSE);
        }
        return;
    }
    let word = value::trimmed(value::head(site.text, at, value::SPACED), value::ENDING);
    let number = secret && word.len() > 3 && word.bytes().all(|b| b.is_ascii_digit());
    if number || site.looks_secret(word) {
        spans.push(value::whole(site.text, at, word.len(), value::SPACED), Rule::PROSE);
    }
}
