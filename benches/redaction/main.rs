//! `cargo bench -p auditbox-benches --bench redaction`: what redaction costs, beside the peers and the floor, in one run.
//!
//! The contestants take turns on the very same events, a block of calls each; a figure is the median of a contestant's
//! blocks. Times depend on the machine; ratios hardly do.

#[path = "../environment.rs"]
mod environment;
#[path = "../events.rs"]
mod events;
mod hostile;
mod memory;
mod patterns;
mod python;

use auditbox::{Auditor, component};
use auditbox_core::{Pipeline, Stamp};
use events::{event, median};
use memory::Memory;
use patterns::Patterns;
use python::Python;
use std::cmp::Reverse;
use std::hint::black_box;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;
use std::{env, fs, thread};

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

const ROUNDS: usize = 15;
/// How long a block of a contestant takes, about.
const BLOCK: Duration = Duration::from_millis(20);
/// The secrets in the events.
const SECRETS: [&str; 2] = ["fake-0000", ":fake@"];

/// An event in the two forms that are asked for.
struct Given {
    name: &'static str,
    text: String,
    file: PathBuf,
}

/// Somebody who redacts.
struct Contestant<'a> {
    name: String,
    run: Run<'a>,
}

/// Redacts an event so many times: the median, and what comes out.
type Run<'a> = Box<dyn FnMut(&Given, usize) -> Outcome<(Duration, String)> + 'a>;

fn main() -> Outcome<()> {
    let scratch = tempfile::tempdir()?;
    let events = [("1 KB", 1 << 10, 120), ("32 KB", 32 << 10, 1_500), ("32 KB, many small values", 32 << 10, 120)];
    let given: Vec<Given> = events.map(|(name, bytes, output)| given(scratch.path(), name, bytes, output)).into();
    let auditor = Auditor::builder().stdout(false).build()?;
    against_others(&auditor, &given)?;
    // So many of the worst are shown: `-- 40`.
    let shown = env::args().find_map(|argument| argument.parse().ok()).unwrap_or(3);
    hostile_over_benign(&auditor, shown)?;
    size(component::AUDITBOX)
}

fn given(folder: &Path, name: &'static str, bytes: usize, output: usize) -> Given {
    let (text, file) = (event(bytes, output), folder.join(format!("{bytes}-{output}.json")));
    fs::write(&file, &text).expect("a file in a fresh folder");
    Given { name, text, file }
}

/// The floor, the peers and ourselves on each event.
fn against_others(auditor: &Auditor, given: &[Given]) -> Outcome<()> {
    let native = Pipeline::default();
    let patterns = Patterns::of_the_catalogue()?;
    let python = Python::start()?.map(std::cell::RefCell::new);
    let peers = python.as_ref().map(|python| python.borrow().peers.clone()).unwrap_or_default();
    let mut contestants = vec![
        contestant("auditbox: redact, component", |text| auditor.redact(text).unwrap().value),
        contestant("auditbox: redact, native", |text| native.redact(text).unwrap().value),
        // Without an outbox or a sink: what it makes is dropped.
        contestant("auditbox: emit, component", |text| auditor.emit(text).map(|_| String::new()).unwrap()),
        contestant("auditbox: emit, native", |text| native.emit(text, &mut Fixed).unwrap().0.body),
        contestant("floor: copy", |text| text.to_owned()),
        contestant("floor: serde_json there and back", |text| {
            serde_json::from_str::<serde_json::Value>(text).unwrap().to_string()
        }),
        contestant("regex: the set, then passes", |text| utf8(patterns.by_the_set(text.as_bytes()))),
        contestant("regex: passes", |text| utf8(patterns.in_passes(text.as_bytes()))),
    ];
    for peer in &peers {
        for what in ["redact", "record"].into_iter().take(if peer == "edictum" { 2 } else { 1 }) {
            let python = python.as_ref().expect("it has peers");
            let run = move |given: &Given, times| python.borrow_mut().measure(peer, what, &given.file, times);
            contestants.push(Contestant { name: format!("{peer}: {what}"), run: Box::new(run) });
        }
    }

    let (found, of) = patterns.found_of_vectors()?;
    println!("regex: {} patterns, which find {found} of the {of} secrets in the formats' own vectors", patterns.len());
    println!("Python: {}\n", if peers.is_empty() { "no peers".into() } else { peers.join(", ") });
    print!("{:<36}", "median; x the component's redact");
    given.iter().for_each(|given| print!(" {:>25}", given.name));
    println!(" {:>14}", "secrets found");
    let figures = measure(&mut contestants, given)?;
    let ours: Vec<Duration> = figures.first().map(|(times, _)| times.clone()).unwrap_or_default();
    for (contestant, (times, found)) in contestants.iter().zip(&figures) {
        print!("{:<36}", contestant.name);
        for (time, ours) in times.iter().zip(&ours) {
            print!(" {:>14} {:>9.2}x", format!("{time:.1?}"), over(*time, *ours));
        }
        println!(" {:>14}", found.map_or_else(String::new, |found| format!("{found} of {}", SECRETS.len())));
    }
    Ok(())
}

fn contestant<'a>(name: &str, work: impl Fn(&str) -> String + 'a) -> Contestant<'a> {
    let run = move |given: &Given, times| {
        let time = median(times, || drop(black_box(work(black_box(&given.text)))));
        Ok((time, work(&given.text)))
    };
    Contestant { name: name.into(), run: Box::new(run) }
}

/// Each contestant's medians, one an event, and how many of the secrets are gone, where all are there to be found.
fn measure(contestants: &mut [Contestant], given: &[Given]) -> Outcome<Vec<(Vec<Duration>, Option<usize>)>> {
    let mut plans = Vec::new();
    for contestant in contestants.iter_mut() {
        let mut plan = Vec::new();
        for event in given {
            let (time, redacted) = (contestant.run)(event, 3)?;
            let times = (BLOCK.as_secs_f64() / time.as_secs_f64()).clamp(5.0, 2_000.0) as usize;
            let found = SECRETS.iter().filter(|secret| !redacted.contains(*secret)).count();
            plan.push((times, Vec::new(), (!redacted.is_empty()).then_some(found)));
        }
        plans.push(plan);
    }
    for _ in 0..ROUNDS {
        for (contestant, plan) in contestants.iter_mut().zip(&mut plans) {
            for (event, (times, medians, _)) in given.iter().zip(plan) {
                medians.push((contestant.run)(event, *times)?.0);
            }
        }
    }
    let middle = |medians: &mut Vec<Duration>| {
        medians.sort_unstable();
        medians[ROUNDS / 2]
    };
    let figures = plans.iter_mut().map(|plan| {
        let found = plan.first().and_then(|(.., found)| *found);
        (plan.iter_mut().map(|(_, medians, _)| middle(medians)).collect(), found)
    });
    Ok(figures.collect())
}

/// The worst of many units in many places, over an agent's event and over words in the same place.
fn hostile_over_benign(auditor: &Auditor, shown: usize) -> Outcome<()> {
    let memory = Memory::new()?;
    let best = |text: &str, runs: usize| {
        let times = (0..runs).map(|_| median(1, || drop(black_box(auditor.redact(text)))));
        times.min().unwrap_or_default()
    };
    let event = event(1 << 20, 1_500);
    let mut benign = Duration::MAX;
    let (mut words, mut hostile) = (Vec::new(), Vec::new());
    for (place, fill) in hostile::PLACES {
        benign = benign.min(best(&event, 7));
        let text = fill(hostile::WORDS).to_string();
        let time = best(&text, 7);
        words.push(Text {
            name: format!("benign: words as {place}"),
            time,
            words: time,
            memory: memory.of(&text)?,
            text,
        });
        for unit in hostile::UNITS {
            let (name, text) = (format!("hostile: {unit:?} as {place}"), fill(unit).to_string());
            hostile.push(Text { name, time: best(&text, 1), words: time, memory: memory.of(&text)?, text });
        }
    }
    // One run is enough to tell the worst from the others, but not how bad they are.
    hostile.sort_by_key(|text| Reverse(text.time));
    hostile.iter_mut().take(shown * 2).for_each(|text| text.time = text.time.min(best(&text.text, 7)));
    hostile.sort_by_key(|text| Reverse(text.time));
    let hungry = hostile.iter().max_by_key(|text| text.memory.1);

    println!(
        "\n{:<52} {:>8} {:>8} {:>8} {:>22}",
        "1 MB, component; best of 7", "", "x event", "x words", "x input, memory"
    );
    let memory = memory.of(&event)?;
    let event = Text { name: "benign: an agent's event".into(), time: benign, words: benign, memory, text: event };
    for text in [&event].into_iter().chain(&words).chain(hostile.iter().take(shown)).chain(hungry) {
        let (before, after) = text.memory;
        let times = |bytes: usize| bytes as f64 / text.text.len() as f64;
        let time = format!("{:.1?}", text.time);
        print!("{:<52} {time:>8} {:>7.1}x {:>7.1}x ", text.name, over(text.time, benign), over(text.time, text.words));
        println!("{:>8.1}, grown {:>4.1}", times(after), times(after - before));
    }
    println!("the last: the most memory of all");
    Ok(())
}

/// A text of 1 MB, what it took, what words in its place took, and the memory before and after.
struct Text {
    name: String,
    text: String,
    time: Duration,
    words: Duration,
    memory: (usize, usize),
}

/// How large the component is, and how large it travels.
fn size(component: &[u8]) -> Outcome<()> {
    let mut gzip = Command::new("gzip").args(["-9", "-c"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    let mut input = gzip.stdin.take().ok_or("no input")?;
    let packed = thread::scope(|scope| {
        scope.spawn(move || input.write_all(component));
        gzip.wait_with_output()
    })?;
    let kib = |bytes: usize| bytes as f64 / 1024.0;
    println!("\ncomponent: {:.1} KB, gzip {:.1} KB", kib(component.len()), kib(packed.stdout.len()));
    Ok(())
}

fn over(time: Duration, other: Duration) -> f64 {
    time.as_secs_f64() / other.as_secs_f64()
}

fn utf8(text: Vec<u8>) -> String {
    String::from_utf8(text).unwrap_or_default()
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
