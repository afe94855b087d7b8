//! `cargo bench -p auditbox-benches --bench outbox [-- PART…]`: what it costs to store events durably, in one run and as
//! ratios. The floor is a bare group commit by rusqlite: the same rows, the same settings, no auditbox.

mod drain;
#[path = "../environment.rs"]
mod environment;
mod floor;
mod many;
mod peer;
mod producers;

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use auditbox::Auditor;
use producers::{Figures, produce};

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

type Part = fn(&Path) -> Outcome<()>;

/// Events of one measurement.
const EVENTS: usize = 60_000;

fn main() -> Outcome<()> {
    if let Some(path) = std::env::var_os("AUDITBOX_BENCH_OUTBOX") {
        return one_of_several(Path::new(&path));
    }
    let wanted: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    let parts: [(&str, Part); 6] = [
        ("commit", commit),
        ("buffered", buffered),
        ("processes", processes),
        ("endpoints", drain::endpoints),
        ("drain", drain::drain),
        ("many", many::many),
    ];
    for (name, part) in parts {
        if wanted.is_empty() || wanted.iter().any(|wanted| wanted == name) {
            let scratch = tempfile::tempdir()?;
            part(scratch.path())?;
            println!();
        }
    }
    Ok(())
}

/// 64 producers, 1 KB, `commit`.
fn commit(scratch: &Path) -> Outcome<()> {
    println!("{}", Figures::heading("64 producers, 1 KB, commit"));
    let mut best = Vec::new();
    // In turns, as the disk has its moods; the first warms up.
    for round in 0..4 {
        let record = producers::record();
        let floor = floor::Floor::open(&scratch.join(format!("floor{round}.db")))?;
        let raw = produce(64, EVENTS, |number| floor.store(number, &record));
        let auditor = auditor(&scratch.join(format!("ours{round}.db")), "{}")?;
        let event = producers::event("write");
        let ours = produce(64, EVENTS, |_| drop(auditor.emit(&event).expect("it is stored")));
        if round == 0 {
            continue;
        }
        println!("{}", raw.line("floor: rusqlite's group commit", None));
        println!("{}", ours.line("emit", Some(&raw)));
        best.push(ours.rate() / raw.rate());
    }
    best.sort_by(f64::total_cmp);
    println!("emit / floor, the middle of three: {:.0} % (wanted: 90)", best[1] * 100.0);
    Ok(())
}

/// One producer that does not wait for the disk.
fn buffered(scratch: &Path) -> Outcome<()> {
    println!("{}", Figures::heading("one producer, 1 KB"));
    let auditor = auditor(&scratch.join("buffered.db"), "{}")?;
    let (read, write) = (producers::event("read"), producers::event("write"));
    let without = Auditor::builder().stdout(false).build()?;
    println!("{}", produce(1, EVENTS, |_| drop(without.emit(&read))).line("no outbox", None));
    let ours = produce(1, EVENTS, |_| drop(auditor.emit(&read).expect("it is stored")));
    println!("{}", ours.line("emit, buffered", None));
    println!("{}", produce(1, 2_000, |_| drop(auditor.emit(&write).expect("it is stored"))).line("emit, commit", None));
    let payload = producers::record();
    let logged = produce(1, 2_000, |_| drop(auditor.log_event("SESSION_ACCESS", &payload).expect("it is stored")));
    println!("{}", logged.line("log_event, commit by default", None));
    if let Some([whole, median, p99, longest]) = peer::deconvolute(scratch, &payload, 2_000)? {
        let rate = 2_000.0 / whole.as_secs_f64();
        println!(
            "{:<40} {rate:>10.0} {:>8} {median:>10.1?} {p99:>10.1?} {longest:>10.1?}",
            "deconvolute's log_event", ""
        );
        println!(
            "emit, buffered / log_event of deconvolute: {:.0} x (wanted: 5); p99 {:.1?} (wanted: 200 µs)",
            ours.rate() / rate,
            ours.at(99)
        );
    }
    Ok(())
}

/// Four processes with 16 producers each, against one with 64.
fn processes(scratch: &Path) -> Outcome<()> {
    println!("{}", Figures::heading("several processes, 1 KB, commit"));
    let event = producers::event("write");
    let one = auditor(&scratch.join("one.db"), "{}")?;
    let alone = produce(64, EVENTS, |_| drop(one.emit(&event).expect("it is stored")));
    drop(one);
    println!("{}", alone.line("1 process x 64", None));
    let path = scratch.join("four.db");
    drop(auditor(&path, "{}")?);
    let children = (0..4).map(|_| {
        let mut command = Command::new(std::env::current_exe()?);
        Ok(command.env("AUDITBOX_BENCH_OUTBOX", &path).stdout(Stdio::piped()).spawn()?)
    });
    let children = children.collect::<Outcome<Vec<_>>>()?;
    let (mut longest, mut rate) = (Duration::ZERO, 0.0);
    for child in children {
        let output = child.wait_with_output()?;
        let text = String::from_utf8(output.stdout)?;
        let (stall, events) = text.trim().split_once(' ').ok_or("two numbers")?;
        longest = longest.max(Duration::from_micros(stall.parse()?));
        rate += events.parse::<f64>()?;
    }
    println!(
        "4 processes x 16: {rate:.0}/s together, {:.0} % of one (wanted: 40), longest emit {longest:.1?} (wanted: 300 ms)",
        rate / alone.rate() * 100.0
    );
    Ok(())
}

/// The child of `processes`.
fn one_of_several(path: &Path) -> Outcome<()> {
    let auditor = auditor(path, "{}")?;
    let event = producers::event("write");
    let figures = produce(16, EVENTS / 4, |_| drop(auditor.emit(&event).expect("it is stored")));
    println!("{} {}", figures.longest().as_micros(), figures.rate());
    Ok(())
}

fn auditor(path: &Path, more: &str) -> Outcome<Auditor> {
    let path = serde_json::Value::from(path.to_str().ok_or("a path in UTF-8")?);
    let outbox = format!(r#"{{"stdout":false,"outbox":{{"path":{path},"max_rows":null,"max_bytes":null}}}}"#);
    let mut config: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&outbox)?;
    config.extend(serde_json::from_str::<serde_json::Map<_, _>>(more)?);
    Ok(Auditor::builder().config(serde_json::Value::Object(config).to_string()).build()?)
}
