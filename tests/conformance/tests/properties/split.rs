//! Where a text lies changes nothing: not in the blocks that the scanner reads, and not in the value around it.

use crate::cases;
use crate::event::Still;
use crate::generate::{json, text};
use crate::planted;
use auditbox_conformance::compact::Members;
use auditbox_core::{Pipeline, Redaction};
use proptest::prelude::*;
use serde_json::Value;

/// Three blocks of the scanner's.
const FURTHEST: usize = 48;

/// A value after redaction, and the redactions below this path.
fn redacted(pipeline: &Pipeline, value: &str, path: &str) -> (String, Vec<Redaction>) {
    let redacted = pipeline.redact(value).unwrap();
    (redacted.value, below(path, redacted.receipt.redactions))
}

fn below(path: &str, redactions: Vec<Redaction>) -> Vec<Redaction> {
    let below = |redaction: Redaction| {
        redaction.path.strip_prefix(path).map(str::to_owned).map(|path| Redaction { path, ..redaction })
    };
    redactions.into_iter().filter_map(below).collect()
}

/// A text behind so many line breaks, and before as many.
fn in_lines(text: &str, before: usize, behind: usize) -> String {
    Value::from("\n".repeat(before) + text + &"\n".repeat(behind)).to_string()
}

/// What is wrong when a text in lines of its own does not become the same wherever it lies in the blocks.
fn complaint_in_blocks(pipeline: &Pipeline, text: &str, behind: &[usize]) -> Option<String> {
    let least = behind.iter().copied().min()?;
    let (once, found) = redacted(pipeline, &in_lines(text, 1, least), "");
    let once: String = serde_json::from_str(&once).unwrap();
    let ends = |once: &str| Some(once.strip_prefix('\n')?.strip_suffix(&*"\n".repeat(least))?.to_owned());
    let Some(once) = ends(&once) else { return Some(format!("a line break is gone: {once}")) };
    let places = (1..=FURTHEST).flat_map(|before| behind.iter().map(move |behind| (before, *behind)));
    places.into_iter().find_map(|(before, behind)| {
        let again = redacted(pipeline, &in_lines(text, before, behind), "");
        let wanted = (in_lines(&once, before, behind), found.clone());
        (again != wanted).then(|| format!("{before}, {behind}: {again:?}, not {wanted:?}"))
    })
}

/// What a value becomes wherever it lies in the text that is read, if that is always the same.
fn complaint_in_text(pipeline: &Pipeline, value: &str) -> Option<String> {
    let (alone, found) = redacted(pipeline, &format!("[1,{value}]"), "/1");
    (0..=FURTHEST).find_map(|before| {
        let blanks = " ".repeat(before);
        let number = format!("1{}", "0".repeat(before));
        let in_blanks = redacted(pipeline, &format!("[1,{blanks}{value}{blanks}]"), "/1");
        let in_list = redacted(pipeline, &format!("[{number},{value}]"), "/1");
        let wanted = alone.replacen('1', &number, 1);
        (in_blanks != (alone.clone(), found.clone()) || in_list != (wanted, found.clone()))
            .then(|| format!("behind {before}: {in_blanks:?}, {in_list:?}, not {alone}, {found:?}"))
    })
}

proptest! {
    #![proptest_config(cases(200))]

    #[test]
    fn where_a_text_lies_in_the_blocks_changes_nothing(text in text()) {
        // A quote that is open goes on in the lines behind it.
        prop_assert_eq!(complaint_in_blocks(&Pipeline::default(), &text, &[0]), None);
    }

    #[test]
    fn where_a_value_lies_in_the_text_changes_nothing(value in json()) {
        prop_assert_eq!(complaint_in_text(&Pipeline::default(), &value), None);
    }
}

#[test]
fn where_a_planted_secret_lies_changes_nothing() {
    let pipeline = Pipeline::default();
    for value in planted::values(2) {
        assert_eq!(complaint_in_text(&pipeline, &value), None, "{value}");
    }
    for text in planted::texts(2) {
        assert_eq!(complaint_in_blocks(&pipeline, &text, &[1, 17]), None, "{text}");
    }
}

#[test]
fn where_something_lies_makes_no_secret_of_it() {
    let pipeline = Pipeline::default();
    let texts = planted::near_misses();
    assert!(texts.len() > 900, "{}", texts.len());
    for text in texts {
        // At each place in a block, and behind a letter of the block before.
        for before in 0..16 {
            let texts = ["\n".repeat(before) + &text, format!("{} {text}", "x".repeat(before))];
            let value = Value::from(texts.to_vec()).to_string();
            assert_eq!(pipeline.redact(&value).unwrap().value, value);
        }
    }
}

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn a_value_in_an_event_becomes_what_it_becomes_alone(value in json(), other in json()) {
        let pipeline = Pipeline::new(r#"{"max_payload_bytes":10000000}"#).unwrap();
        let value = format!("{{\"a\":{value}}}");
        let (alone, found) = redacted(&pipeline, &value, "");
        let arguments = format!("{{\"before\":{other},\"it\":{value},\"behind\":{other}}}");
        let event = format!("{{\"x_before\":{other},\"tool_args\":{arguments},\"action\":\"call_executed\",\"x_it\":{value}}}");
        let telemetry = format!("{{\"event_type\":\"T\",\"payload\":{value},\"x_it\":{value}}}");
        for (event, paths) in [(event, ["/tool_args/it", "/x_it"]), (telemetry, ["/payload", "/x_it"])] {
            let (record, receipt) = pipeline.emit(&event, &mut Still).unwrap();
            prop_assume!(receipt.redactions_total <= 100);
            for path in paths {
                prop_assert_eq!(member(&record.body, path), &*alone);
                prop_assert_eq!(below(path, receipt.redactions.clone()), &*found);
            }
        }
    }
}

/// The value there, as it is written.
fn member(json: &str, path: &str) -> String {
    path.split('/').skip(1).fold(json.to_owned(), |json, key| {
        let Members(members) = serde_json::from_str(&json).unwrap();
        members.into_iter().find(|(name, _)| name == key).map(|(_, value)| value.get().to_owned()).unwrap()
    })
}
