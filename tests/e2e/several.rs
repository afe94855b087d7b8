//! Several processes at once.

use std::collections::HashSet;

use crate::harness::{Scene, calls, ids, json};

#[test]
fn processes_share_a_file_and_an_outbox_without_mixing_lines_or_losing_any() {
    const PROCESSES: usize = 4;
    const ROUNDS: usize = 50;
    let scene = Scene::new();
    let mut running: Vec<_> = (0..PROCESSES).map(|_| scene.start("emit --file audit.jsonl")).collect();
    for round in 0..ROUNDS {
        running = (0..)
            .zip(running)
            .map(|(process, live)| {
                let first = process * 100_000 + round * 10;
                live.feed(calls(first..first + 10))
            })
            .collect();
    }
    let mut printed = HashSet::new();
    for live in running {
        let run = live.finish().exits(0).tells(&format!("{} accepted, 0 refused", ROUNDS * 10));
        printed.extend(run.stdout.lines().map(str::to_owned));
    }
    let all = PROCESSES * ROUNDS * 10;
    assert_eq!(printed.len(), all);
    let file = scene.read("audit.jsonl");
    assert_eq!(file.lines().count(), all);
    assert_eq!(file.lines().map(str::to_owned).collect::<HashSet<_>>(), printed);
    assert_eq!(scene.stored().into_iter().map(|(_, record)| record).collect::<HashSet<_>>(), printed);
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
