//! `cargo bench -p auditbox-benches`: what auditbox costs, in one run and as ratios. Times depend on the machine; ratios hardly do.
//!
//! The floor copies the bytes. The peer reads JSON into a tree and writes it again, and redacts nothing.

mod events;

use auditbox::Auditor;
use auditbox_core::{Pipeline, Stamp};
use events::{event, median};
use std::hint::black_box;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

fn main() -> Outcome<()> {
    let scratch = tempfile::tempdir()?;
    let small = event(1 << 10, 120);
    let large = event(32 << 10, 1_500);
    let dense = event(32 << 10, 120);
    let auditor = Auditor::builder().stdout(false).build()?;
    let native = Pipeline::default();

    println!("{:<44} {:>12} {:>10} {:>10}", "", "median", "x floor", "x peer");
    for (size, event) in [("1 KB", &small), ("32 KB", &large), ("32 KB, many small values", &dense)] {
        let runs = if event.len() > 4096 { 2_000 } else { 20_000 };
        let floor = median(runs, || drop(black_box(event.clone())));
        let peer = median(runs, || {
            let tree: serde_json::Value = serde_json::from_str(event).unwrap_or_default();
            drop(black_box(tree.to_string()));
        });
        let row = |name: &str, time: Duration| row(&format!("{name}, {size}"), time, floor, peer);
        row("floor: copy", floor);
        row("peer: serde_json there and back", peer);
        row("redact, native", median(runs, || drop(black_box(native.redact(event)))));
        row("redact, component", median(runs, || drop(black_box(auditor.redact(event)))));
        row("record, native", median(runs, || drop(black_box(native.emit(event, &mut Fixed)))));
    }

    println!("\n{:<44} {:>12} {:>10}", "emit of 1 KB, end to end", "median", "x no sink");
    let none = median(10_000, || drop(black_box(auditor.emit(&small))));
    let file = Auditor::builder().stdout(false).file(scratch.path().join("audit.jsonl")).build()?;
    let outbox = Auditor::builder().stdout(false).outbox(scratch.path().join("outbox.db")).build()?;
    let batch = format!("{small}\n").repeat(256);
    let ratio = |name: &str, time: Duration| {
        println!("{name:<44} {:>12.1?} {:>9.1}x", time, time.as_secs_f64() / none.as_secs_f64())
    };
    ratio("no sink", none);
    ratio("file", median(10_000, || drop(black_box(file.emit(&small)))));
    ratio("outbox, one by one", median(300, || drop(black_box(outbox.emit(&small)))));
    ratio("outbox, in batches of 256, each", median(60, || drop(black_box(outbox.emit_batch(&batch)))) / 256);

    println!("\n{:<44} {:>12}", "start of the program to its first record", "median");
    let caches = scratch.path().join("caches");
    let mut number = 0;
    let cold = median(5, || {
        number += 1;
        start(&caches.join(number.to_string()));
    });
    let warm = median(30, || start(&caches.join("1")));
    println!(
        "{:<44} {cold:>12.1?}\n{:<44} {warm:>12.1?}  {:.1}x faster",
        "cold",
        "warm",
        cold.as_secs_f64() / warm.as_secs_f64()
    );
    Ok(())
}

struct Fixed;

impl Stamp for Fixed {
    fn now(&mut self) -> (u64, u32) {
        (1_795_000_000, 0)
    }

    fn random(&mut self) -> [u8; 16] {
        [7; 16]
    }
}

fn row(name: &str, time: Duration, floor: Duration, peer: Duration) {
    let ratio = |to: Duration| format!("{:.2}x", time.as_secs_f64() / to.as_secs_f64());
    println!("{name:<44} {time:>12.1?} {:>10} {:>10}", ratio(floor), ratio(peer));
}

/// Runs the program on one event, with its compiled code kept in a folder.
fn start(cache: &Path) {
    let spawned = Command::new(env!("CARGO_BIN_EXE_start"))
        .args(["emit", "--no-outbox", "--quiet"])
        .env("AUDITBOX_CACHE_DIR", cache)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn();
    let mut child = spawned.expect("the program starts");
    let mut stdin = child.stdin.take().expect("its input is a pipe");
    stdin.write_all(b"{\"action\":\"call_allowed\"}\n").expect("it reads");
    drop(stdin);
    assert!(child.wait().expect("it ends").success());
}
