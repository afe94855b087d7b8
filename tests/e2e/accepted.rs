//! Odd input that is accepted, and what is stored of it.

use crate::harness::{Scene, json};

/// The record of one event that has `extra` as its last field.
#[track_caller]
fn record(extra: &str) -> String {
    let scene = Scene::new();
    let run = scene.run("emit", format!(r#"{{"action":"call_allowed",{extra}}}"#)).exits(0);
    let (_, stored) = scene.stored().pop().unwrap();
    assert_eq!(run.stdout, stored.clone() + "\n", "stdout and outbox have the same bytes");
    stored
}

#[test]
fn numbers_are_kept_digit_for_digit() {
    let numbers =
        r#""n":[123456789012345678901234567890,-9223372036854775809,1e400,1E-400,-0.000,0.10000000000000000555]"#;
    assert!(record(numbers).ends_with(&format!(",{numbers}}}")));
}

#[test]
fn lone_surrogates_become_the_replacement_character_and_nul_stays() {
    assert!(
        record(r#""text":"\ud83d \u0000 \udc00\ud83d\ude00""#).ends_with(",\"text\":\"\u{fffd} \\u0000 \u{fffd}😀\"}")
    );
}

#[test]
fn duplicate_keys_that_are_not_the_schemas_are_all_redacted_and_kept() {
    let pairs = r#""tool_args":{"token":"fake-1","n":1,"token":"fake-2","n":2}"#;
    assert!(record(pairs).contains(r#""tool_args":{"token":"[REDACTED]","n":1,"token":"[REDACTED]","n":2}"#));
}

#[test]
fn a_huge_key_is_accepted_and_the_record_is_within_the_cap() {
    let record = record(&format!(r#""{}":1,"run_id":"kept""#, "k".repeat(1 << 20)));
    assert!(record.len() <= 32_768);
    assert_eq!(json(&record)["run_id"], "kept");
    assert_eq!(json(&record)["_truncated"], true);
}

#[test]
fn no_input_is_no_error() {
    let scene = Scene::new();
    for input in ["", "\n", "\r\n \t\r\n\n"] {
        let run = scene.run("emit", input).exits(0).tells("0 accepted, 0 refused");
        assert_eq!(run.stdout, "");
        for verb in ["redact", "cap"] {
            assert_eq!(scene.run(verb, input).exits(0).stdout, "", "{verb}");
        }
    }
}

#[test]
fn windows_line_breaks_a_byte_order_mark_and_a_last_line_without_a_break_are_taken() {
    let scene = Scene::new();
    let input = "\u{feff}{\"action\":\"call_allowed\"}\r\n\r\n{\"action\":\"call_denied\"}";
    let run = scene.run("emit", input).exits(0).tells("2 accepted, 0 refused");
    let actions: Vec<_> = run.stdout.lines().map(|line| json(line)["action"].clone()).collect();
    assert_eq!(actions, ["call_allowed", "call_denied"]);
    assert!(!run.stdout.contains('\r'));
}

#[test]
fn a_file_and_a_dash_and_nothing_are_read_alike() {
    let scene = Scene::new();
    let values = "{\"token\":\"fake-1\"}\n[1,2]\n";
    scene.write("values.jsonl", values);
    let wanted = "{\"token\":\"[REDACTED]\"}\n[1,2]\n";
    assert_eq!(scene.run("redact values.jsonl", "").exits(0).stdout, wanted);
    assert_eq!(scene.run("redact -", values).exits(0).stdout, wanted);
    assert_eq!(scene.run("redact", values).exits(0).stdout, wanted);
}

#[test]
fn text_keeps_its_empty_lines() {
    let text = "make\n\n  \nexport TOKEN=fake-1\n";
    let run = Scene::new().run("redact --text", text).exits(0);
    assert_eq!(run.stdout, text.replace("fake-1", "[REDACTED]"));
}

#[test]
fn text_is_redacted_as_text_line_by_line() {
    let scene = Scene::new();
    let run =
        scene.run("redact --text", "export TOKEN=fake-1 && make\n\"quoted\" \\n stays\n{\"not\": \"json\n").exits(0);
    assert_eq!(run.stdout, "export TOKEN=[REDACTED] && make\n\"quoted\" \\n stays\n{\"not\": \"json\n");
}
