//! Calls that pass a secret on: `setPassword("…")`, `config.set("password", "…")`, `BasicAuth("user", "…")`.

use super::literal::{is_secret_literal, literal_at};
use super::name::Strength;
use super::shape::{is_label, looks_secret};
use super::value::Quoted;
use super::{Site, header, skip_blank};
use crate::redact::rules::Rule;
use crate::redact::text::Spans;
use crate::redact::words::starts_with;

/// The argument of a call, its bracket behind the name.
pub(super) fn call(site: &Site<'_>, spans: &mut Spans<'_>) {
    let at = skip_blank(site.text.as_bytes(), site.end + 1);
    if site.name.strength == Strength::Nothing || site.name.is_login() && second(site, at, spans) {
        return;
    }
    let Some(quoted) = literal_at(site.text, at) else { return };
    // Only what is called to set one takes anything; `getToken("user")` names what it wants.
    let (object, method) = site.name.text.rsplit_once('.').unwrap_or(("", site.name.text));
    let setter = !object.is_empty() && !starts_with(method, "get") && method != "pass" || is_setter(method);
    let value = site.written(&quoted);
    let secret = site.name.strength == Strength::Secret && looks_secret(value) && !is_label(value);
    if setter && is_secret_literal(site, &quoted) || secret {
        spans.push(quoted.range, Rule::CALL);
    }
}

/// How functions are called that set something.
const SETTERS: [&str; 7] = ["add", "basic", "bearer", "password", "set", "use", "with"];

fn is_setter(function: &str) -> bool {
    SETTERS.iter().any(|setter| starts_with(function, setter))
}

/// The argument behind a name that is one itself, the comma between them at `comma`.
pub(super) fn argument(site: &Site<'_>, comma: usize, spans: &mut Spans<'_>) {
    let text = site.text;
    if site.name.strength == Strength::Nothing || site.before() != Some(b'(') {
        return;
    }
    let at = skip_blank(text.as_bytes(), comma + 1);
    let Some(quoted) = literal_at(text, at) else { return };
    let head = text.get(..site.start - 1).unwrap_or_default();
    let called = head.rsplit(|c: char| !c.is_ascii_alphanumeric() && c != '_').next().unwrap_or_default();
    let setter = CALLED.iter().any(|name| name.eq_ignore_ascii_case(called)) || is_setter(called);
    let value = site.written(&quoted);
    if let Some(range) = header::value(site, &quoted).filter(|_| setter) {
        return spans.push(range, Rule::CALL);
    }
    if setter && is_secret_literal(site, &quoted) || looks_secret(value) && !is_label(value) {
        spans.push(quoted.range, Rule::CALL);
    }
}

/// Functions that take a name and a value, or a name and what it is when there is none.
const CALLED: [&str; 14] = [
    "append", "config", "define", "environ", "env", "fetch", "getenv", "header", "insert", "property", "put", "putenv",
    "query", "setenv",
];

/// The second of two texts, a user and a password, the first at `at`. True when there are two.
pub(super) fn second(site: &Site<'_>, at: usize, spans: &mut Spans<'_>) -> bool {
    let text = site.text;
    let behind = |first: Quoted| {
        let comma = skip_blank(text.as_bytes(), first.end);
        (site.byte(comma) == Some(b',')).then(|| skip_blank(text.as_bytes(), comma + 1))
    };
    let Some(second) = literal_at(text, at).and_then(behind).and_then(|at| literal_at(text, at)) else { return false };
    if site.name.is_login() && !second.format {
        spans.push(second.range, Rule::CALL);
    }
    true
}
