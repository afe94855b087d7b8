//! Quoted values, and whether they are the secret that a name speaks of.

use super::bytes::Set;
use super::name::Strength;
use super::shape::{is_label, is_template, looks_given, looks_random, looks_secret};
use super::value::{Quoted, quoted};
use super::{Site, block, call};
use crate::redact::rules::Rule;
use crate::redact::text::Spans;
use crate::redact::words::List;

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
        let head = text.as_bytes().get(at..)?;
        let new = if head.starts_with(b"new ") { 4 } else { 0 };
        let path =
            head.get(new..)?.iter().take(MAX_PATH).take_while(|b| b.is_ascii_alphanumeric() || CALL.has(**b)).count();
        let call = text.get(at + new..at + new + path)?;
        let open = at + new + path;
        if call == "ConvertTo-SecureString" {
            return quoted(text, open + 1);
        }
        let name = call.rsplit([':', '.', ']']).next()?;
        (text.as_bytes().get(open) == Some(&b'(') && WRAPPERS.has(name)).then(|| quoted(text, open + 1)).flatten()
    })
}

/// No path of a function is longer, in bytes.
const MAX_PATH: usize = 32;
/// What paths of functions are made of, beside letters: `String::from`, `[]byte`.
const CALL: Set = Set::of(b"_:.[]-");

/// Functions that make a value of a literal, by the last word of their path.
static WRAPPERS: List<14> =
    List::of("box ok password secret secretstr secretstring some string byte bytes from new str unwrap");

/// `tokens = ["x", "y"]`, `auth=("user", "password")`: true when there is a collection of quoted texts.
pub(super) fn collection(site: &Site<'_>, at: usize, spans: &mut Spans<'_>) -> bool {
    match site.byte(at) {
        Some(b'(') => call::second(site, at + 1, spans),
        Some(b'[') => block::list(site, at, spans),
        _ => false,
    }
}
