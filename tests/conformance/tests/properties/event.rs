//! Records are what their schema says, and never larger than the cap.

use crate::cases;
use crate::generate::{json, text};
use crate::schema::Schema;
use auditbox_conformance::difference::texts;
use auditbox_core::{Pipeline, Receipt, Record, Stamp};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::Value;
use std::sync::LazyLock;

/// Always the same moment.
pub(crate) struct Still;

impl Stamp for Still {
    fn now(&mut self) -> (u64, u32) {
        (1_795_000_000, 123_456_789)
    }

    fn random(&mut self) -> [u8; 16] {
        [0x5a; 16]
    }
}

static RECORD: LazyLock<Schema> = LazyLock::new(|| Schema::named("record"));
static RECEIPT: LazyLock<Schema> = LazyLock::new(|| Schema::named("receipt"));

/// What is wrong with what came of an event.
pub(crate) fn complaint((record, receipt): &(Record, Receipt), max_bytes: usize) -> Option<String> {
    if record.body.len() > max_bytes {
        return Some(format!("{} bytes, and the cap is {max_bytes}", record.body.len()));
    }
    let receipt = receipt.to_json();
    if record.body.contains(['\n', '\r']) || receipt.contains(['\n', '\r']) {
        return Some("a line break".to_owned());
    }
    RECORD.complaint(&record.body).or_else(|| RECEIPT.complaint(&receipt))
}

/// A text that is short, or longer than any limit.
fn long() -> impl Strategy<Value = String> {
    let many = (select(&["x", "é", "😀", "\"", "\u{1}", "ab ", "\\"][..]), 0_usize..3000);
    prop_oneof![3 => text(), 2 => many.prop_map(|(text, count)| text.repeat(count))]
}

/// JSON that is short, or longer than any cap.
fn large() -> impl Strategy<Value = String> {
    let quoted = long().prop_map(|text| Value::from(text).to_string()).boxed();
    let list = (quoted.clone(), 0_usize..400)
        .prop_map(|(item, count)| format!("[{}]", vec![item.clone(); count.min(60_000 / item.len())].join(",")));
    let numbers = (0_usize..3000).prop_map(|count| format!("[{}]", vec!["1234567890"; count].join(",")));
    let keys = (0_usize..800).prop_map(|count| {
        format!("{{{}}}", (0..count).map(|at| format!("\"key{at}\":{at}")).collect::<Vec<_>>().join(","))
    });
    let long_key = (0_usize..6000).prop_map(|count| format!("{{\"{}\":1}}", "k".repeat(count)));
    let deep = (0_usize..100).prop_map(|count| {
        format!("{}\"{}\"{}", "{\"a\":[".repeat(count / 2), "x".repeat(count * 50), "]}".repeat(count / 2))
    });
    prop_oneof![3 => quoted, 3 => json(), 1 => list, 1 => numbers, 1 => keys, 1 => long_key, 1 => deep]
}

fn object(value: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    let key = prop_oneof![4 => "[a-z]{1,8}", 1 => text(), 1 => Just("k".repeat(3000))];
    prop::collection::vec((key, value), 0..6).prop_map(|members| {
        let members = members.into_iter().map(|(key, value)| format!("{}:{value}", Value::from(key)));
        format!("{{{}}}", members.collect::<Vec<_>>().join(","))
    })
}

/// A tool call with fields of every kind and size, in any order.
fn call() -> impl Strategy<Value = String> {
    let text = || long().prop_map(|text| Value::from(text).to_string());
    let scalar = (
        "run_id|call_id|parent_call_id|session_id|parent_session_id|tool_name|environment|decision_source|policy_version|tracestate",
        text(),
    );
    let other = ("decision_name|reason|error|result_summary", text());
    let arguments = ("tool_args|workflow", object(large()).boxed());
    let principal = (
        Just("principal".to_owned()),
        (text(), object(large()))
            .prop_map(|(text, claims)| format!("{{\"user_id\":{text},\"claims\":{claims},\"x\":{text}}}")),
    );
    let hooks = (
        Just("hooks_evaluated".to_owned()),
        (text(), 0_usize..200).prop_map(|(text, count)| {
            format!(
                "[{}]",
                vec![format!("{{\"name\":\"n\",\"reason\":{text}}}"); count.min(200_000 / text.len())].join(",")
            )
        }),
    );
    let contracts = (
        Just("contracts_evaluated".to_owned()),
        (0_usize..200).prop_map(|count| {
            format!("[{}]", vec!["{\"name\":\"contract\",\"passed\":true,\"more\":[1,2,3]}"; count].join(","))
        }),
    );
    let unknown = ("[a-z]{1,10}", large()).prop_map(|(key, value)| (format!("x_{key}"), value));
    let flag = ("_truncated|policy_error", select(&["true", "false"][..]).prop_map(str::to_owned));
    let member = prop_oneof![3 => scalar, 2 => other, 2 => arguments, 1 => principal, 1 => hooks, 1 => contracts, 2 => unknown, 1 => flag];
    prop::collection::vec(member, 0..14).prop_map(|mut members| {
        members.push(("action".to_owned(), "\"call_executed\"".to_owned()));
        members.sort_by_key(|(key, value)| (key.len() * 7 + value.len()) % 13);
        let mut seen = std::collections::HashSet::new();
        members.retain(|(key, _)| seen.insert(key.clone()));
        let members = members.into_iter().map(|(key, value)| format!("\"{key}\":{value}"));
        format!("{{{}}}", members.collect::<Vec<_>>().join(","))
    })
}

/// An event of either kind.
pub(crate) fn event() -> impl Strategy<Value = String> {
    let telemetry = (long(), large()).prop_map(|(kind, payload)| {
        format!("{{\"payload\":{payload},\"event_type\":{},\"x\":{payload}}}", Value::from(format!("T{kind}")))
    });
    prop_oneof![4 => call(), 1 => telemetry]
}

/// A configuration with a cap.
pub(crate) fn capped() -> impl Strategy<Value = (usize, String)> {
    let cap = prop_oneof![3 => Just(4096_usize), 1 => 4096_usize..6000, 1 => Just(32_768)];
    (cap, select(&["replace", "shrink"][..]))
        .prop_map(|(cap, strategy)| (cap, format!("{{\"max_payload_bytes\":{cap},\"cap_strategy\":\"{strategy}\"}}")))
}

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn no_record_is_larger_than_the_cap_and_all_are_what_their_schema_says(event in event(), (cap, config) in capped()) {
        let pipeline = Pipeline::new(&config).unwrap();
        let emitted = pipeline.emit(&event, &mut Still).unwrap();
        prop_assert_eq!(complaint(&emitted, cap), None);
        let (record, receipt) = emitted;
        let flagged = record.body.contains("\"_truncated\":true");
        prop_assert!(flagged || receipt.truncated.iter().all(|path| !path.starts_with("/tool_args")));
        // A record is an event that is in order, redacted and small enough. A cut can make a token of what was part of a word.
        let (again, receipt) = pipeline.emit(&record.body, &mut Still).unwrap();
        if !flagged || receipt.redactions.is_empty() {
            prop_assert_eq!(texts(&record.body, &again.body), None);
            prop_assert_eq!(receipt.truncated, Vec::<String>::new());
        }
    }

    #[test]
    fn no_payload_is_larger_than_the_cap(payload in large(), (cap, config) in capped()) {
        let pipeline = Pipeline::new(&config).unwrap();
        let capped = pipeline.cap_payload(&payload).unwrap();
        prop_assert!(capped.value.len() <= cap, "{} bytes", capped.value.len());
        prop_assert!(serde_json::from_str::<&serde_json::value::RawValue>(&capped.value).is_ok());
        prop_assert_eq!(RECEIPT.complaint(&capped.receipt.to_json()), None);
        let again = pipeline.cap_payload(&capped.value).unwrap();
        prop_assert_eq!(texts(&capped.value, &again.value), None);
        prop_assert_eq!(again.receipt.truncated, Vec::<String>::new());
    }
}
