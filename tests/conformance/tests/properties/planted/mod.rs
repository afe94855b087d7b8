//! A secret of every format, in every notation, at every place: it is gone, and nothing else is.

mod exceptions;
mod notation;
mod position;
mod secret;
mod text;

use auditbox_core::Pipeline;
use exceptions::{EXCEPTIONS, What};
use notation::{NOTATIONS, Notation};
use position::{POSITIONS, Position};
use secret::Secret;
use serde_json::value::RawValue;
use std::collections::HashSet;

/// What is wrong with what becomes of a secret, and what became of it.
fn complaint(pipeline: &Pipeline, secret: &Secret, notation: &Notation, position: &Position) -> Option<(What, String)> {
    let text = position.of(notation.of(secret), notation.is_json());
    let given = text.whole();
    let redacted = pipeline.redact(&given).unwrap();
    let said = || format!("{}, {}, {}: {given}\n    became {}", secret.rule, notation.id, position.id, redacted.value);
    assert!(serde_json::from_str::<&RawValue>(&redacted.value).is_ok(), "{}", said());
    let mut paths = redacted.receipt.redactions.iter().map(|redaction| &redaction.path);
    if redacted.value == text.redacted() && !paths.any(|path| path.contains(&secret.text)) {
        return None;
    }
    Some((if text.is_left_in(&redacted.value) { What::Kept } else { What::Other }, said()))
}

/// What is planted where: every secret in every notation, and every notation at every place.
fn planted(secrets: &[Secret]) -> impl Iterator<Item = (&Secret, &'static Notation, &'static Position)> {
    let each = |secret: usize, notation: usize| POSITIONS.get((secret * 5 + notation) % POSITIONS.len());
    NOTATIONS.iter().enumerate().flat_map(move |(n, notation)| {
        secrets.iter().enumerate().filter_map(move |(s, secret)| Some((secret, notation, each(s, n)?)))
    })
}

/// Values with planted secrets, so many of each notation.
pub(crate) fn values(of_each: usize) -> Vec<String> {
    few(of_each, |secret, notation, position| position.of(notation.of(secret), notation.is_json()).whole())
}

/// The same as texts, without what stands around the notation.
pub(crate) fn texts(of_each: usize) -> Vec<String> {
    few(of_each, |secret, notation, _| notation.of(secret).whole())
}

/// Texts that only look like secrets.
pub(crate) fn near_misses() -> Vec<String> {
    secret::near_misses()
}

fn few(of_each: usize, write: impl Fn(&Secret, &Notation, &Position) -> String) -> Vec<String> {
    let secrets = secret::all();
    let step = secrets.len() / of_each;
    planted(&secrets).step_by(step).map(|(secret, notation, position)| write(secret, notation, position)).collect()
}

#[test]
fn a_secret_of_any_format_in_any_notation_at_any_place_is_gone_and_nothing_else() {
    let (pipeline, secrets) = (Pipeline::default(), secret::all());
    let mut complaints = Vec::new();
    for (secret, notation, position) in planted(&secrets) {
        let excepted = |what| EXCEPTIONS.iter().any(|row| row.covers(secret, notation, position) && row.allows(what));
        complaints.extend(complaint(&pipeline, secret, notation, position).filter(|(what, _)| !excepted(*what)));
    }
    let first: Vec<_> = complaints.iter().take(5).map(|(what, said)| format!("{what:?}: {said}")).collect();
    assert!(complaints.is_empty(), "{} of these:\n{}", complaints.len(), first.join("\n"));
}

#[test]
fn nothing_is_left_out() {
    let secrets = secret::all();
    let rules: Vec<serde_json::Value> = serde_json::from_str(&auditbox_core::catalogue()).unwrap();
    let formats = rules.iter().filter(|rule| rule["kind"] == "format").filter_map(|rule| rule["id"].as_str());
    let without: Vec<_> = formats.filter(|id| !secrets.iter().any(|secret| secret.rule == *id)).collect();
    assert_eq!(without, Vec::<&str>::new());
    let places: HashSet<_> = planted(&secrets).map(|(_, notation, position)| (notation.id, position.id)).collect();
    assert_eq!(places.len(), NOTATIONS.len() * POSITIONS.len());
}

#[test]
fn every_exception_is_one() {
    let (pipeline, secrets) = (Pipeline::default(), secret::all());
    for row in EXCEPTIONS {
        let places =
            || NOTATIONS.iter().flat_map(|notation| POSITIONS.iter().map(move |position| (notation, position)));
        let cases =
            secrets.iter().flat_map(|secret| places().map(move |(notation, position)| (secret, notation, position)));
        let covered = cases.filter(|(secret, notation, position)| row.covers(secret, notation, position));
        let is_one = |(secret, notation, position): &(&Secret, &Notation, &Position)| {
            complaint(&pipeline, secret, notation, position).is_some_and(|(what, _)| what == row.what)
        };
        // Each of its names must be of one.
        let mut left: Vec<&str> = row.names().collect();
        left.push(row.why);
        for case in covered {
            let names = [&*case.0.rule, case.1.id, case.2.id, row.why];
            if left.iter().any(|name| names.contains(name)) && is_one(&case) {
                left.retain(|name| !names.contains(name));
            }
        }
        assert_eq!(left, Vec::<&str>::new(), "these are none any more: {}", row.why);
    }
}
