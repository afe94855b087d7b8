//! A reader that has seen enough: the program ends, without a word.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use crate::harness::{Scene, calls, event_id, ids};

#[test]
fn every_verb_ends_quietly_when_nobody_reads() {
    let scene = Scene::new();
    scene.write("events.jsonl", calls(0..10));
    scene.run("emit", calls(10..20)).exits(0).ignore();
    for verb in [
        "emit events.jsonl",
        "emit --receipts events.jsonl",
        "emit --receipts --no-outbox events.jsonl",
        "redact events.jsonl",
        "redact --receipts events.jsonl",
        "cap events.jsonl",
        "log NOTE 1",
        "log --receipts NOTE 1",
        "outbox status",
        "outbox list",
        "outbox show 1",
        "component",
        "component --wit",
        "completions bash",
        "--help",
    ] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = scene.command(verb).stdout(writer).stderr(Stdio::piped()).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{verb}");
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{verb}");
    }
}

#[test]
fn head_gets_its_lines_and_the_rest_of_a_long_input_is_left_alone() {
    let scene = Scene::new();
    scene.write("events.jsonl", calls(0..20_000));
    let mut child = scene
        .command("emit --file audit.jsonl events.jsonl")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut first).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(ids(&first), [event_id(0)]);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    // What was taken went to the other destinations whole.
    let stored = scene.stored_ids();
    assert!(stored.len() < 20_000);
    assert_eq!(ids(&scene.read("audit.jsonl")), stored);
}
