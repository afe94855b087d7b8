use super::*;
use crate::redact::runs::{LONG, SHORTEST};
use std::fs;
use std::path::Path;

fn prefixes() -> impl Iterator<Item = (&'static Format, &'static Shape, &'static str)> {
    let shapes = FORMATS.iter().flat_map(|format| format.shapes.iter().map(move |shape| (format, shape)));
    shapes.flat_map(|(format, shape)| shape.prefixes.iter().map(move |prefix| (format, shape, *prefix)))
}

#[test]
fn every_prefix_is_looked_for_and_none_is_too_short() {
    for (format, shape, prefix) in prefixes() {
        let text = format!("{prefix}0000");
        assert!(prefix.len() < 3 || may_begin(text.as_bytes(), 0), "{prefix} of {}", format.id);
        assert!(prefix.len() + shape.parts.iter().map(Part::min).sum::<usize>() >= SHORTEST, "{prefix}: {}", format.id);
    }
}

#[test]
fn a_prefix_is_looked_up_among_few() {
    let most = prefixes().map(|(_, _, prefix)| INDEX.entries(prefix.as_bytes()).len()).max();
    // GitLab's alone are a dozen.
    assert!(most <= Some(32), "{most:?}");
}

#[test]
fn what_is_told_by_its_length_is_in_a_long_token() {
    for (format, shape, prefix) in prefixes().filter(|(_, _, prefix)| prefix.len() < 3) {
        let tokens = shape.parts.split(|part| !part.alphabet().is_in(TOKEN));
        let longest = tokens.map(|parts| parts.iter().map(Part::min).sum::<usize>()).max();
        assert!(Some(LONG) <= longest.map(|len| len + prefix.len()), "{}", format.id);
    }
}

#[test]
fn words_before_a_secret_are_in_lower_case_and_long_enough_to_tell() {
    for (format, shape, _) in prefixes().filter(|(_, shape, _)| !shape.near.is_empty()) {
        assert_eq!(shape.near, shape.near.to_ascii_lowercase(), "{}", format.id);
        for (group, words) in shape.near.split('&').enumerate() {
            let least = if group == 0 { 4 } else { 3 };
            assert!(words.trim().split('|').all(|word| word.len() >= least), "{words} of {}", format.id);
        }
    }
}

#[test]
fn every_format_has_cases_that_hold_it() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors/redact");
    let read = |folder: &Path| -> String {
        let files = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
        files.filter(|file| file.is_file()).map(|file| fs::read_to_string(file).unwrap()).collect()
    };
    let vectors = read(&folder) + &read(&folder.join("formats"));
    for format in &FORMATS {
        let found = format!("\"rule\":\"{}\"", format.id);
        assert!(vectors.matches(&found).count() >= 2, "{}", format.id);
        // Cases of a format say whose they are; some of them are of what only looks alike.
        let own = format!("{{\"note\": \"{}: ", format.id);
        let kept = |case: &str| !case.split("{\"note\"").next().unwrap_or_default().contains(&found);
        assert!(!vectors.contains(&own) || vectors.split(&own).skip(1).any(kept), "{}", format.id);
    }
}
