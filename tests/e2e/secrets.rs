//! No secret gets anywhere: every made-up one of the examples has the word `fake` in it, and nothing that comes out has.

use std::fs;

use crate::harness::{Scene, examples};

/// Whether the word is anywhere in these bytes, in any case.
fn holds_secret(bytes: &[u8]) -> bool {
    bytes.windows(4).any(|window| window.eq_ignore_ascii_case(b"fake"))
}

/// Nothing in the test's folder, at any depth, holds a secret. Answers with the names of what was looked into.
fn assert_clean(scene: &Scene, folder: &str) -> Vec<String> {
    let mut names = Vec::new();
    for entry in fs::read_dir(scene.path(folder)).unwrap().map(Result::unwrap) {
        let name = format!("{folder}{}", entry.file_name().to_str().unwrap());
        if entry.path().is_dir() {
            names.extend(assert_clean(scene, &format!("{name}/")));
        } else {
            assert!(!holds_secret(&fs::read(entry.path()).unwrap()), "a secret in {name}");
            names.push(name);
        }
    }
    names.sort();
    names
}

#[test]
fn no_secret_of_the_examples_is_in_anything_that_comes_out() {
    let events = examples();
    assert!(events.lines().filter(|line| holds_secret(line.as_bytes())).count() >= 20);
    let scene = Scene::new();
    let mut live = scene.start("emit --file audit.jsonl").feed(&events);
    let records: String = events.lines().map(|_| live.line()).collect();
    // Killed, it leaves the WAL behind.
    live.child.kill().unwrap();
    let run = live.finish();
    assert!(!holds_secret(records.as_bytes()) && !holds_secret(run.stderr.as_bytes()));
    assert!(records.matches("[REDACTED]").count() >= 30);
    let seen = assert_clean(&scene, "");
    assert_eq!(
        seen,
        ["audit.jsonl", "state/outbox.db", "state/outbox.db-ballast", "state/outbox.db-shm", "state/outbox.db-wal"]
    );

    let again = scene.run("emit --receipts", &events).exits(0);
    assert!(!holds_secret(again.stdout.as_bytes()) && !holds_secret(again.stderr.as_bytes()));
    let listed = scene.run("outbox list --limit 1000 --json", "").exits(0).stdout;
    assert!(listed.lines().count() >= 53 && !holds_secret(listed.as_bytes()));
}

#[test]
fn redact_and_its_receipts_hold_no_secret_either() {
    let scene = Scene::new();
    for verb in ["redact", "redact --receipts", "redact --explain"] {
        let run = scene.run(verb, examples()).exits(0);
        assert_eq!(run.stdout.lines().count(), 53, "{verb}");
        assert!(!holds_secret(run.stdout.as_bytes()), "{verb}");
        assert!(!holds_secret(run.stderr.as_bytes()), "{verb}: {}", run.stderr);
        assert_eq!(run.stderr.lines().count() > 60, verb.ends_with("explain"), "{verb}: {}", run.stderr);
    }
}

/// Every example, broken in every way: no complaint repeats a part of it.
#[test]
fn no_complaint_about_a_broken_event_repeats_a_secret() {
    let mut broken = String::new();
    for event in examples().lines().filter(|line| holds_secret(line.as_bytes())) {
        let secret = event.to_lowercase().find("fake").unwrap();
        // Cut inside the secret, just behind it, and at the end.
        for end in [secret + 2, secret + 5, event.len() - 1] {
            broken += event.get(..end).unwrap();
            broken += "\n";
        }
        // A secret where a known field wants something else.
        for field in [
            "action",
            "event_id",
            "timestamp",
            "tool_args",
            "side_effect",
            "mode",
            "principal",
            "call_index",
            "hooks_evaluated",
        ] {
            broken +=
                &format!("{},\"{field}\":\"sk-EXAMPLEfake0000000000000000\"}}\n", event.strip_suffix('}').unwrap());
            broken +=
                &format!("{{\"{field}\":\"sk-EXAMPLEfake0000000000000000\",{}\n", event.strip_prefix('{').unwrap());
        }
        // As a key, and behind the end.
        broken +=
            &format!("{{\"action\":\"call_allowed\",\"fake-key\":{{\"sk-EXAMPLEfake0000000000000000\":{}\n", event);
        broken += &format!("{event} fake\n");
    }
    let lines = broken.lines().count();
    assert!(lines > 400, "{lines}");
    let scene = Scene::new();
    let run = scene.run("emit --no-outbox", &broken).exits(1);
    assert!(!holds_secret(run.stderr.as_bytes()), "{}", run.stderr);
    assert!(!holds_secret(run.stdout.as_bytes()), "{}", run.stdout);
    assert!(run.stderr.lines().count() > lines / 2);
    for verb in ["redact", "cap --receipts"] {
        let run = scene.run(verb, &broken);
        assert!(!holds_secret(run.stderr.as_bytes()), "{verb}: {}", run.stderr);
    }
}
