//! Lines that are no events: each is named with its place and what was expected, never with what it holds, and the rest
//! goes on.

use crate::harness::{Scene, call, event_id, ids};

/// Every value in these lines that could leak has this word in it.
const CANARY: &str = "fake";

/// The program must say exactly this about the line.
const LINES: &[(&str, &str)] = &[
    (r#"{"action":"call_allowed""#, "not JSON at byte 24: expected `,` or `}`"),
    (r#"{"action":"call_allowed"} fake"#, "not JSON at byte 26: expected the end"),
    (r#"{"action":"call_allowed","tool_args":{"fake":01}}"#, "not JSON at byte 46: expected `,` or `}`"),
    (
        "{\"action\":\"call_allowed\",\"fake\":\"\u{1}\"}",
        "not JSON at byte 33: expected an escape, not a control character",
    ),
    (r#"{"action":"call_allowed","fake":"\x"}"#, "not JSON at byte 33: expected an escape of JSON"),
    ("[1]", "expected an object"),
    ("\"fake\"", "expected an object"),
    ("null", "expected an object"),
    (r#"{"tool_name":"fake"}"#, "expected `action` (a tool call) or `event_type` (a telemetry event)"),
    (
        r#"{"action":"call_allowed","event_id":"fake"}"#,
        "`/event_id`: expected a UUID, such as `01a1ee56-5e07-7fff-bfff-ffffffffffff`",
    ),
    (r#"{"action":"call_allowed","tool_name":5}"#, "`/tool_name`: expected a text"),
    (r#"{"action":"call_allowed","tool_args":"fake"}"#, "`/tool_args`: expected an object"),
    (r#"{"action":"call_allowed","call_index":-1}"#, "`/call_index`: expected a whole number, not negative"),
    (r#"{"action":"call_allowed","duration_ms":"fake"}"#, "`/duration_ms`: expected a number, not negative"),
    (
        r#"{"action":"call_allowed","timestamp":"fake"}"#,
        "`/timestamp`: expected a time by RFC 3339, such as `2026-01-05T09:00:00.137Z`",
    ),
    (r#"{"action":"call_allowed","principal":{"user_id":["fake"]}}"#, "`/principal/user_id`: expected a text or null"),
    (
        r#"{"action":"call_allowed","hooks_evaluated":[{"name":"a","result":"b"},{"name":5}]}"#,
        "`/hooks_evaluated/1/name`: expected a text",
    ),
    (r#"{"event_type":"","payload":"fake"}"#, "`/event_type`: expected a text that is not empty"),
    (r#"{"event_type":"X","agent_id":["fake"]}"#, "`/agent_id`: expected a text"),
    (
        r#"{"action":"call_allowed","run_id":"fake","run_id":"fake"}"#,
        "`/run_id`: expected this field once, it is given twice",
    ),
    (
        r#"{"action":"call_allowed","side_effect":"fake"}"#,
        r#"`/side_effect`: expected "" or "pure" or "read" or "write" or "irreversible""#,
    ),
    (r#"{"action":"call_allowed","mode":"fake"}"#, r#"`/mode`: expected "enforce" or "observe""#),
];

#[test]
fn each_refused_line_is_named_with_its_place_and_what_was_expected() {
    let scene = Scene::new();
    let input: String = LINES.iter().map(|(line, _)| format!("{line}\n")).collect();
    let run = scene.run("emit", input).exits(1);
    let wanted: Vec<String> =
        (1..).zip(LINES).map(|(number, (_, message))| format!("line {number}: {message}")).collect();
    let mut told: Vec<&str> = run.stderr.lines().collect();
    assert!(told.pop().unwrap().starts_with(&format!("0 accepted, {} refused, 0 redactions, ", LINES.len())));
    assert_eq!(told, wanted);
    assert_eq!(run.stdout, "");
    assert!(scene.stored().is_empty());
    assert!(!run.stderr.contains(CANARY));
}

#[test]
fn an_unknown_action_is_answered_with_those_that_there_are() {
    let run = Scene::new().run("emit", r#"{"action":"call_fake"}"#).exits(1);
    let run = run.tells("line 1: `/action`: expected \"call_denied\" or ").tells("\"postcondition_warning\"");
    assert!(!run.stderr.contains(CANARY));
}

#[test]
fn good_lines_around_a_bad_one_go_through() {
    for bad in ["fake", "[1]", "{\"action\":\"fake\"}", "\u{0}", "\u{7f}"] {
        let scene = Scene::new();
        let input = format!("{}{bad}\n{}", call(1, "before"), call(2, "after"));
        let run = scene.run("emit --file audit.jsonl", input).exits(1).tells("line 2: ").tells("2 accepted, 1 refused");
        assert_eq!(ids(&run.stdout), [event_id(1), event_id(2)]);
        assert_eq!(scene.read("audit.jsonl"), run.stdout);
        assert_eq!(scene.stored_ids(), [event_id(1), event_id(2)]);
        assert!(!run.stderr.contains(CANARY));
    }
}

#[test]
fn what_is_not_utf_8_is_refused_with_the_byte() {
    let scene = Scene::new();
    let mut input = call(1, "before").into_bytes();
    input.extend_from_slice(b"{\"action\":\"fake \xff\"}\n\xc3\x28\n");
    input.extend_from_slice(call(2, "after").as_bytes());
    let run = scene.run("emit", input).exits(1);
    let run = run.tells("line 2: not UTF-8 at byte 16\n").tells("line 3: not UTF-8 at byte 0\n");
    assert_eq!(scene.stored_ids(), [event_id(1), event_id(2)]);
    assert!(!run.stderr.contains(CANARY));
}

#[test]
fn deep_nesting_is_refused_and_not_followed() {
    let scene = Scene::new();
    let deep = "[".repeat(100_000);
    let input = format!("{deep}\n{{\"action\":\"call_allowed\",\"fake\":{deep}\n{}", call(1, "after"));
    let run =
        scene.run("emit", input).exits(1).tells("line 1: expected at most 128 lists and objects inside each other\n");
    run.tells("line 2: expected at most 128 lists and objects inside each other\n")
        .tells("1 accepted, 2 refused")
        .ignore();
    for verb in ["redact", "cap"] {
        let run = scene.run(verb, format!("{deep}\n[1]\n")).exits(1);
        assert_eq!(run.stdout, "[1]\n");
        run.tells("line 1: expected at most 128 lists and objects inside each other\n").ignore();
    }
}

#[test]
fn values_that_are_not_json_are_refused_by_redact_and_cap_alike() {
    let scene = Scene::new();
    for verb in ["redact", "cap"] {
        let run = scene.run(verb, "[1]\n[1,\n\"fake\n{} fake\n[2]\n").exits(1);
        assert_eq!(run.stdout, "[1]\n[2]\n", "{verb}");
        let run = run.tells("line 2: not JSON at byte 3: ").tells("line 3: not JSON at byte 5: ");
        assert!(!run.tells("line 4: not JSON at byte 3: ").stderr.contains(CANARY));
    }
}

#[test]
fn strict_stops_at_the_first_bad_line() {
    let scene = Scene::new();
    let input = format!("{}{}[1]\n{}", call(1, "first"), call(2, "second"), call(3, "third"));
    let run = scene.run("emit --strict --file audit.jsonl", input).exits(1).tells("line 3: expected an object\n");
    let run = run.tells("2 accepted, 1 refused");
    let wanted = [event_id(1), event_id(2)];
    assert_eq!(ids(&run.stdout), wanted);
    assert_eq!(ids(&scene.read("audit.jsonl")), wanted);
    assert_eq!(scene.stored_ids(), wanted);
}

#[test]
fn strict_stops_at_what_is_no_text_as_well() {
    let scene = Scene::new();
    let mut input = call(1, "first").into_bytes();
    input.extend_from_slice(b"\xff\n");
    input.extend_from_slice(call(2, "second").as_bytes());
    scene.run("emit --strict", input).exits(1).tells("line 2: not UTF-8").ignore();
    assert_eq!(scene.stored_ids(), [event_id(1)]);
}
