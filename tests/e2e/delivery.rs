//! Where records go, what a receipt says, and what a failure means.

use std::fs;

use crate::harness::{Scene, call, calls, event_id, examples, ids, json};

#[test]
fn stdout_file_and_outbox_have_the_same_bytes() {
    let scene = Scene::new();
    let run = scene.run("emit --file logs/audit.jsonl", examples()).exits(0).tells("53 accepted, 0 refused");
    let stored: String = scene.stored().into_iter().map(|(_, payload)| payload + "\n").collect();
    assert_eq!(run.stdout.lines().count(), 53);
    assert_eq!(scene.read("logs/audit.jsonl"), run.stdout);
    assert_eq!(stored, run.stdout);
}

#[cfg(unix)]
#[test]
fn what_is_recorded_is_for_this_user_alone() {
    use std::os::unix::fs::PermissionsExt;

    let scene = Scene::new();
    scene.run("emit --file logs/audit.jsonl", calls(0..1)).exits(0).ignore();
    let mode = |name: &str| fs::metadata(scene.path(name)).unwrap().permissions().mode() & 0o777;
    assert_eq!([mode("state/outbox.db"), mode("logs/audit.jsonl")], [0o600; 2]);
    assert_eq!([mode("state"), mode("logs")], [0o700; 2]);
}

#[test]
fn receipts_come_instead_of_records_with_the_event_id_first() {
    let scene = Scene::new();
    let run = scene.run("emit --receipts --file audit.jsonl", examples()).exits(0);
    assert!(run.stdout.lines().all(|line| line.starts_with(r#"{"event_id":""#)));
    assert_eq!(ids(&run.stdout), scene.stored_ids());
    assert_eq!(ids(&run.stdout), ids(&scene.read("audit.jsonl")));
    let redactions: u64 = run.stdout.lines().map(|line| json(line)["redactions_total"].as_u64().unwrap()).sum();
    assert!(redactions >= 30);
    run.tells(&format!("53 accepted, 0 refused, {redactions} redaction")).ignore();
}

#[test]
fn without_an_outbox_none_is_made() {
    let scene = Scene::new();
    let run = scene.run("emit --no-outbox", calls(0..3)).exits(0);
    assert_eq!(ids(&run.stdout).len(), 3);
    assert!(!scene.path("state").exists());
}

#[test]
fn another_outbox_is_used_when_it_is_named() {
    let scene = Scene::new();
    scene.run("emit --outbox elsewhere/mine.db", calls(0..3)).exits(0).ignore();
    assert!(!scene.path("state").exists());
    scene.run("outbox status --outbox elsewhere/mine.db", "").exits(0).ignore();
    let listed = scene.run("outbox list --oldest-first --json --outbox elsewhere/mine.db", "").exits(0).stdout;
    assert_eq!(ids(&listed), [event_id(0), event_id(1), event_id(2)]);
}

#[test]
fn a_second_event_of_the_same_id_is_a_duplicate_and_shows_nowhere() {
    let scene = Scene::new();
    let input = format!("{}{}{}", call(1, "first"), call(1, "second"), call(2, "third"));
    let run = scene.run("emit --file audit.jsonl", &input).exits(0).tells("3 accepted (1 duplicate)");
    assert_eq!(ids(&run.stdout), [event_id(1), event_id(2)]);

    let again = scene.run("emit --receipts --file audit.jsonl", input).exits(0);
    let duplicate: Vec<bool> = again.stdout.lines().map(|line| json(line)["duplicate"].as_bool().unwrap()).collect();
    assert_eq!(duplicate, [true; 3]);
    assert_eq!(scene.read("audit.jsonl"), run.stdout);
    let stored = scene.stored();
    assert_eq!(stored.len(), 2);
    assert_eq!(json(&stored[0].1)["tool_name"], "first");
}

/// Moves the outbox away under the running program, which makes its next commit fail.
fn emit_with_the_outbox_gone(on_failure: &str) -> (Scene, crate::harness::Run) {
    let scene = Scene::new();
    scene.write("config.json", format!(r#"{{"on_failure":"{on_failure}","outbox":true,"file":"audit.jsonl"}}"#));
    let live = scene.start("emit --config config.json").feed(call(1, "before"));
    assert_eq!(ids(&live.line()), [event_id(1)]);
    fs::rename(scene.path("state/outbox.db"), scene.path("moved.db")).unwrap();
    let run = live.feed(call(2, "after")).finish();
    (scene, run)
}

#[test]
fn on_failure_open_names_the_outbox_and_shows_the_record() {
    let (scene, run) = emit_with_the_outbox_gone("open");
    assert_eq!(ids(&run.stdout), [event_id(2)]);
    assert_eq!(ids(&scene.read("audit.jsonl")), [event_id(1), event_id(2)]);
    let run = run.exits(3).tells("line 2: `outbox`: the outbox `").tells("` was moved or deleted");
    run.tells("2 accepted, 0 refused, 0 redactions, ").tells("1 delivery failed").ignore();
}

#[test]
fn on_failure_closed_refuses_the_event_and_no_sink_shows_it() {
    let (scene, run) = emit_with_the_outbox_gone("closed");
    assert_eq!(run.stdout, "");
    assert_eq!(ids(&scene.read("audit.jsonl")), [event_id(1)]);
    run.exits(3).tells("line 2: ").tells("` was moved or deleted").tells("1 accepted, 0 refused").ignore();
}

#[test]
fn a_sink_that_fails_is_named_and_hides_nothing_else() {
    let scene = Scene::new();
    if !std::path::Path::new("/dev/full").exists() {
        return println!("skipped: no /dev/full here");
    }
    let run = scene.run("emit --receipts --file /dev/full", calls(0..2)).exits(3);
    assert_eq!(scene.stored_ids(), [event_id(0), event_id(1)]);
    for receipt in run.stdout.lines() {
        let receipt = json(receipt);
        assert_eq!(receipt["failures"][0]["target"], "file");
        assert_eq!(receipt["failures"].as_array().unwrap().len(), 1);
    }
    run.tells("line 1: `file`: cannot write to the log `/dev/full`: ").tells("2 deliveries failed").ignore();
}

#[test]
fn options_win_over_the_configuration() {
    let scene = Scene::new();
    scene.write(
        "config.json",
        r#"{"stdout":false,"file":{"path":"a.jsonl","fsync":"always"},"outbox":{"path":"a.db"}}"#,
    );
    assert_eq!(scene.run("emit --config config.json", calls(0..1)).exits(0).stdout, "");
    assert!(scene.path("a.jsonl").exists() && scene.path("a.db").exists());
    scene.run("emit --config config.json --file b.jsonl --outbox b.db", calls(0..1)).exits(0).ignore();
    assert_eq!([ids(&scene.read("a.jsonl")), ids(&scene.read("b.jsonl"))], [[event_id(0)], [event_id(0)]]);
    assert!(scene.path("b.db").exists());
    assert!(!scene.path("state").exists());
}

/// A type is any text: it must not move the cursor, nor look like a row of its own.
#[test]
fn what_people_look_at_has_no_control_characters_of_an_event() {
    let scene = Scene::new();
    let event = r#"{"event_type":"NOTE\u001b[2J\n  99  forged\u0000","agent_id":"a\u001b]0;title\u0007\r"}"#;
    scene.run("emit", event).exits(0).ignore();
    let listed = scene.run("outbox list", "").exits(0).stdout;
    assert_eq!(listed.lines().count(), 1, "{listed}");
    let shown = scene.run("outbox show 1", "").exits(0).stdout;
    for text in [listed, shown] {
        assert!(!text.chars().any(|letter| letter.is_control() && letter != '\n'), "{text:?}");
    }
}

#[test]
fn a_full_log_is_rotated_and_nothing_is_lost() {
    let scene = Scene::new();
    scene.write("config.json", r#"{"file":{"path":"audit.jsonl","max_bytes":4096,"keep":100}}"#);
    let run = scene.run("emit --config config.json --no-outbox", calls(0..50)).exits(0);
    let mut logs: Vec<String> = (1..100).map(|number| format!("audit.jsonl.{number}")).collect();
    logs.retain(|name| scene.path(name).exists());
    assert!(logs.len() > 5);
    logs.reverse();
    logs.push("audit.jsonl".into());
    let all: String = logs.iter().map(|name| scene.read(name)).collect();
    assert_eq!(all, run.stdout);
    assert!(logs.iter().all(|name| scene.read(name).len() <= 4096));
}
