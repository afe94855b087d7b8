//! Ctrl-C and `kill -9` in the middle of it: what was acknowledged is there.

use std::collections::HashSet;
use std::io::Write;
use std::thread;

use crate::harness::{Live, Run, Scene, calls, ids};

/// A program that is busy with an input without end, and has printed the first lines of it.
fn busy(scene: &Scene, arguments: &str) -> (Live, String) {
    let mut live = scene.start(arguments);
    let mut stdin = live.take_stdin();
    thread::spawn(move || {
        // Until nobody reads any more.
        for round in 0.. {
            if stdin.write_all(calls(round * 100..round * 100 + 100).as_bytes()).is_err() {
                return;
            }
        }
    });
    let lines = (0..500).map(|_| live.line()).collect();
    (live, lines)
}

/// All whole lines that were printed.
fn printed(mut first: String, run: &Run) -> Vec<String> {
    first += &run.stdout;
    ids(first.rsplit_once('\n').unwrap().0)
}

#[track_caller]
fn assert_stored(scene: &Scene, acknowledged: &[String]) {
    let stored: HashSet<String> = scene.stored_ids().into_iter().collect();
    let lost: Vec<_> = acknowledged.iter().filter(|id| !stored.contains(*id)).collect();
    assert!(lost.is_empty(), "{} of {} acknowledged events are lost", lost.len(), acknowledged.len());
}

#[cfg(unix)]
fn interrupt(live: &Live) {
    use rustix::process::{Pid, Signal, kill_process};
    kill_process(Pid::from_child(&live.child), Signal::INT).unwrap();
}

#[cfg(unix)]
#[test]
fn ctrl_c_loses_no_event_that_has_a_receipt_and_the_summary_is_true() {
    let scene = Scene::new();
    let (live, first) = busy(&scene, "emit --receipts --file audit.jsonl");
    interrupt(&live);
    let run = live.finish().exits(130);
    assert!(run.stdout.is_empty() || run.stdout.ends_with('\n'));
    let acknowledged = printed(first, &run);
    assert_stored(&scene, &acknowledged);
    assert_eq!(scene.stored_ids(), acknowledged);
    assert_eq!(ids(&scene.read("audit.jsonl")), acknowledged);
    run.tells(&format!("{} accepted, 0 refused, ", acknowledged.len())).ignore();
    // It has closed the outbox: nothing is said of it to the next one.
    let next = scene.run("emit --quiet", calls(0..1)).exits(0);
    assert_eq!(next.stderr, "");
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_a_program_that_waits_for_its_input() {
    let scene = Scene::new();
    let live = scene.start("emit --receipts").feed(calls(0..1));
    live.line();
    interrupt(&live);
    // Its input is still open: nothing else ends it.
    assert_eq!(live.next(), None);
    live.finish().exits(130).tells("1 accepted, 0 refused").ignore();
}

#[test]
fn kill_9_loses_no_event_that_has_a_receipt() {
    let scene = Scene::new();
    let (mut live, first) = busy(&scene, "emit --receipts");
    live.child.kill().unwrap();
    let run = live.finish();
    assert_stored(&scene, &printed(first, &run));
    // And the outbox goes on.
    scene.run("emit --receipts", r#"{"action":"call_allowed"}"#).exits(0).ignore();
}

#[test]
fn kill_9_leaves_no_record_in_sight_that_is_not_stored() {
    let scene = Scene::new();
    let (mut live, first) = busy(&scene, "emit --file audit.jsonl");
    live.child.kill().unwrap();
    let run = live.finish();
    assert_stored(&scene, &printed(first, &run));
    // It may have been killed between the two sinks of its first record.
    let file = scene.read("audit.jsonl");
    assert_stored(&scene, &ids(file.rsplit_once('\n').map_or("", |(whole, _torn)| whole)));
}
