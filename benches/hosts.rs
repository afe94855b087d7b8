//! `cargo bench -p auditbox-benches --bench hosts`: what every host costs on the same input, in one run, beside the Rust host
//! and edictum's own Python (`edictum_…`, measured by the Python host's script).
//!
//! A host's `run bench` finds `event-1k.json` and `value-32k.json` in the folder `$AUDITBOX_BENCH` and prints lines
//! `{"name":…,"value":…,"unit":…}`:
//!
//! | name | what |
//! |---|---|
//! | `emit_file_1k` | native value to receipt, with a file and no standard output: median, µs |
//! | `redact_32k` | native value to native value: median, µs |
//! | `redact_32k_text` | JSON text to JSON text, as the Rust host has it: median, µs |
//! | `one_thread`, `sixteen_threads` | events of 1 KB a second into a file, from one thread (task, goroutine) and from sixteen on one auditor |
//! | `memory_10k`, `memory_1m` | resident bytes after so many events |
//!
//! `run start` imports the package and emits one record to the standard output; its wall time is taken here.

mod events;

use auditbox::Auditor;
use auditbox_conformance::hosts;
use events::{event, median};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Instant;
use std::{fs, hint::black_box};

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// A line of `run bench`.
#[derive(Deserialize)]
struct Figure {
    name: String,
    value: f64,
    unit: String,
}

/// A host's figures, by name.
type Figures = BTreeMap<String, (f64, String)>;

/// A title, and what is divided by what: a figure of each host by one of a named host, or of its own.
const RATIOS: [(&str, &str, &str, &str); 8] = [
    ("redact of 32 KB, over the Rust host", "redact_32k", "rust", "redact_32k"),
    ("redact of 32 KB of text, over the Rust host", "redact_32k_text", "rust", "redact_32k"),
    ("emit of 1 KB into a file, over the Rust host", "emit_file_1k", "rust", "emit_file_1k"),
    ("edictum's file sink over it", "edictum_emit_file_1k", "", "emit_file_1k"),
    ("edictum's redaction over it", "edictum_redact_32k", "", "redact_32k"),
    ("sixteen at once over one", "sixteen_threads", "", "one_thread"),
    ("memory after 1,000,000 over 10,000", "memory_1m", "", "memory_10k"),
    ("start over the Rust program", "start", "rust", "start"),
];

fn main() -> Outcome<()> {
    let scratch = tempfile::tempdir()?;
    let folder = scratch.path();
    let (small, large) = (event(1 << 10, 120), event(32 << 10, 1_500));
    fs::write(folder.join("event-1k.json"), &small)?;
    fs::write(folder.join("value-32k.json"), &large)?;

    let mut all = vec![("rust".to_owned(), rust(folder, &small, &large)?)];
    for host in hosts::ready()? {
        let mut figures = Figures::new();
        for line in host.ask("bench", &[], &[("AUDITBOX_BENCH", folder)])?.lines() {
            let Figure { name, value, unit } = serde_json::from_str(line)?;
            figures.insert(name, (value, unit));
        }
        // The first one fills the caches.
        figures.insert("start".into(), (milliseconds(21, || host.verb("start")), "ms".into()));
        all.push((host.name.clone(), figures));
    }
    show(&all);
    Ok(())
}

fn rust(folder: &Path, small: &str, large: &str) -> Outcome<Figures> {
    let open = |name: &str| Auditor::builder().stdout(false).file(folder.join(name)).build();
    let auditor = open("rust.jsonl")?;
    let micros = |time: std::time::Duration| (time.as_secs_f64() * 1e6, "µs".to_owned());
    let mut figures = Figures::new();
    figures.insert("emit_file_1k".into(), micros(median(20_000, || drop(black_box(auditor.emit(small))))));
    figures.insert("redact_32k".into(), micros(median(2_000, || drop(black_box(auditor.redact(large))))));
    for (name, threads) in [("one_thread", 1), ("sixteen_threads", 16)] {
        let auditor = open(name)?;
        let start = Instant::now();
        thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(|| (0..64_000 / threads).for_each(|_| drop(auditor.emit(small))));
            }
        });
        figures.insert(name.into(), (64_000.0 / start.elapsed().as_secs_f64(), "/s".into()));
    }
    let start = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_start"));
        command.args(["log", "STARTED", "{}", "--no-outbox"]);
        command
    };
    figures.insert("start".into(), (milliseconds(21, start), "ms".into()));
    Ok(figures)
}

/// The median wall time of a program, but for its first run.
fn milliseconds(runs: usize, command: impl Fn() -> Command) -> f64 {
    let run = || {
        let done = command().stdin(Stdio::null()).stdout(Stdio::null()).status();
        assert!(done.is_ok_and(|status| status.success()), "it fails: {:?}", command());
    };
    run();
    median(runs, run).as_secs_f64() * 1e3
}

fn show(all: &[(String, Figures)]) {
    let line = |title: &str, cell: &dyn Fn(&Figures) -> String| {
        print!("{title:<46}");
        all.iter().for_each(|(_, figures)| print!(" {:>14}", cell(figures)));
        println!();
    };
    print!("{:<46}", "");
    all.iter().for_each(|(name, _)| print!(" {name:>14}"));
    println!();
    let names: BTreeSet<&String> = all.iter().flat_map(|(_, figures)| figures.keys()).collect();
    for name in names {
        line(name, &|figures| {
            figures.get(name).map_or_else(String::new, |(value, unit)| match unit.as_str() {
                "bytes" => format!("{:.1} MiB", value / f64::from(1 << 20)),
                unit => format!("{value:.1} {unit}"),
            })
        });
    }
    println!();
    for (title, above, host, below) in RATIOS {
        let other = all.iter().find(|(name, _)| name == host).map(|(_, figures)| figures);
        line(title, &|figures| {
            let ratio = figures.get(above).zip(other.unwrap_or(figures).get(below));
            ratio.map_or_else(String::new, |((above, _), (below, _))| format!("{:.2}", above / below))
        });
    }
}
