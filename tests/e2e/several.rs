//! Several processes at once.

use std::collections::HashSet;
use std::sync::Barrier;
use std::thread;

use crate::harness::{Live, Scene, call, calls, ids, json};

const PROCESSES: usize = 4;

/// Runs so many programs, which begin with so many events each at the same moment. Answers with all that they printed.
fn together(scene: &Scene, arguments: &str, events: usize) -> HashSet<String> {
    let waiting: Vec<_> = (0..PROCESSES).map(|_| scene.start(arguments)).collect();
    let start = Barrier::new(PROCESSES);
    let emit = |(process, live): (usize, Live)| {
        let first = process * 10 * events;
        let live = live.feed(call(first, "search"));
        let mut printed = live.line();
        start.wait();
        let run = live.feed(calls(first + 1..first + events)).finish().exits(0);
        printed += &run.stdout;
        run.tells(&format!("{events} accepted, 0 refused")).ignore();
        printed
    };
    let printed: Vec<String> = thread::scope(|scope| {
        let running: Vec<_> = waiting.into_iter().enumerate().map(|one| scope.spawn(|| emit(one))).collect();
        running.into_iter().map(|run| run.join().unwrap()).collect()
    });
    let lines: HashSet<String> = printed.iter().flat_map(|printed| printed.lines().map(str::to_owned)).collect();
    assert_eq!(lines.len(), PROCESSES * events);
    lines
}

#[test]
fn processes_share_an_outbox_and_a_file_and_lose_nothing() {
    let scene = Scene::new();
    let printed = together(&scene, "emit --file audit.jsonl", 1_000);
    let file = scene.read("audit.jsonl");
    assert_eq!(file.lines().count(), printed.len());
    assert!(file.lines().all(|line| printed.contains(line)));
    let stored = scene.stored();
    assert_eq!(stored.len(), printed.len());
    assert!(stored.iter().all(|(_, record)| printed.contains(record)));
}

/// Without an outbox nothing keeps them apart.
#[test]
fn processes_that_write_one_file_mix_no_lines() {
    let scene = Scene::new();
    let printed = together(&scene, "emit --no-outbox --file audit.jsonl", 5_000);
    let file = scene.read("audit.jsonl");
    assert_eq!(file.lines().count(), printed.len());
    assert!(file.lines().all(|line| printed.contains(line)));
}

#[test]
fn processes_that_emit_the_same_event_store_it_once() {
    let scene = Scene::new();
    let running: Vec<_> = (0..4).map(|_| scene.start("emit --receipts --file audit.jsonl")).collect();
    let receipts: String = running
        .into_iter()
        .map(|live| live.feed(calls(0..50)))
        .collect::<Vec<_>>()
        .into_iter()
        .map(|live| live.finish().exits(0).stdout)
        .collect();
    let first = receipts.lines().filter(|line| json(line)["duplicate"] == false).count();
    assert_eq!((receipts.lines().count(), first), (200, 50));
    assert_eq!(scene.stored_ids().len(), 50);
    let file = ids(&scene.read("audit.jsonl"));
    assert_eq!((file.len(), file.into_iter().collect::<HashSet<_>>().len()), (50, 50));
}
