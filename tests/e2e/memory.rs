//! However much comes in, the program's memory stays what it is.

use std::io::Write;
use std::thread;

use crate::harness::{Scene, call, event_id, examples, ids};

/// In the release profile; a development build needs no more.
const LIMIT_KIB: u64 = 64 << 10;

/// Feeds all pieces to `auditbox emit --no-outbox`, waits for so many lines, and looks at its memory while it waits for more.
fn emit(pieces: impl Iterator<Item = String> + Send + 'static, lines: usize) -> (Vec<String>, crate::harness::Run) {
    let scene = Scene::new();
    let mut live = scene.start("emit --no-outbox");
    let mut stdin = live.take_stdin();
    let writer = thread::spawn(move || {
        pieces.for_each(|piece| stdin.write_all(piece.as_bytes()).unwrap());
        stdin
    });
    let mut last = Vec::new();
    for _ in 0..lines {
        last.push(live.line());
        last.drain(..last.len().saturating_sub(2));
    }
    let stdin = writer.join().unwrap();
    match live.peak_kib() {
        Some(peak) => assert!(peak <= LIMIT_KIB, "{peak} KiB"),
        None => println!("skipped: this system does not tell how much memory a process has used"),
    }
    drop(stdin);
    (last, live.finish())
}

#[test]
fn sixty_megabytes_of_calls_take_constant_memory() {
    let day = examples();
    let days = (60 << 20) / day.len();
    let (_, run) = emit((0..days).map(move |_| day.clone()), days * 53);
    run.exits(0).tells(&format!("{} accepted, 0 refused", days * 53)).ignore();
}

#[test]
fn a_line_of_a_hundred_megabytes_is_refused_in_constant_memory_and_the_next_one_goes_through() {
    let long = [r#"{"action":"call_allowed","x":""#.to_owned()].into_iter();
    let long = long.chain((0..100).map(|_| "fake".repeat(1 << 18)));
    let pieces = [call(1, "before")].into_iter().chain(long).chain(["\"}\n".to_owned(), call(2, "after")]);
    let (lines, run) = emit(pieces, 2);
    assert_eq!(ids(&lines.concat()), [event_id(1), event_id(2)]);
    let run = run.exits(1).tells("line 2: expected at most 16777216 bytes (`max_event_bytes`), it has 104857632\n");
    assert!(!run.tells("2 accepted, 1 refused").stderr.contains("fake"));
}
