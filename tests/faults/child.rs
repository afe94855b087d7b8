//! Other processes: this test program once more, running one ignored test that records events as it is told.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use auditbox::Auditor;
use serde_json::{Value, json};

/// No answer takes a tenth of it on any machine.
pub(crate) const DEADLINE: Duration = Duration::from_secs(120);

/// Compiled components, for all processes and for the next run of the tests.
const CACHE: &str = concat!(env!("CARGO_TARGET_TMPDIR"), "/compiled");

const CONFIG: &str = "AUDITBOX_FAULT_CONFIG";

/// A configuration with an outbox at `path`, and whatever else is said of it.
pub(crate) fn config(path: &Path, outbox: &Value) -> Value {
    let mut section = json!({ "path": path, "max_rows": null, "max_bytes": null });
    for (key, value) in outbox.as_object().unwrap() {
        section[key] = value.clone();
    }
    json!({ "stdout": false, "outbox": section })
}

/// An auditor of this process.
pub(crate) fn auditor(config: &Value) -> Result<Auditor, auditbox::Error> {
    static CACHE_IS_WARM: Once = Once::new();
    // Only this process's own code runs beside it here, and none of that reads the variable: the others are started with it.
    CACHE_IS_WARM.call_once(|| drop(Auditor::builder().stdout(false).build()));
    Auditor::builder().config(config.to_string()).build()
}

/// A tool call that changes something, `write`, is on the disk when it is acknowledged; a `read` is soon.
pub(crate) fn event(side_effect: &str) -> String {
    event_of(side_effect, 100)
}

pub(crate) fn event_of(side_effect: &str, bytes: usize) -> String {
    let text = "x ".repeat(bytes / 2);
    json!({ "action": "call_executed", "tool_name": "t", "side_effect": side_effect, "tool_args": { "text": text } })
        .to_string()
}

/// Records one, and answers with its id, or with why it was not stored.
pub(crate) fn emit(auditor: &Auditor, event: &str) -> Result<String, String> {
    match auditor.emit(event) {
        Ok(receipt) => match receipt.failures.first() {
            None => Ok(receipt.event_id.clone()),
            Some(failure) => Err(failure.message.clone()),
        },
        Err(error) => Err(error.to_string()),
    }
}

/// Another process.
pub(crate) struct Child {
    process: std::process::Child,
    lines: Receiver<String>,
    stderr: Option<JoinHandle<String>>,
    /// What it was told is stored, and what it was told is going to be.
    pub(crate) durable: Vec<String>,
    pub(crate) buffered: Vec<String>,
}

impl Child {
    /// Starts the ignored test `name` of this file.
    pub(crate) fn start(name: &str, config: &Value, change: impl FnOnce(&mut Command)) -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args([&format!("child::{name}"), "--exact", "--ignored", "--nocapture", "--test-threads=1"]);
        command.env(CONFIG, config.to_string()).env("AUDITBOX_CACHE_DIR", CACHE);
        change(&mut command);
        let pipes = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut process = pipes.spawn().unwrap();
        let (sender, lines) = channel();
        let stdout = BufReader::new(process.stdout.take().unwrap());
        thread::spawn(move || stdout.lines().map_while(Result::ok).all(|line| sender.send(line).is_ok()));
        let mut stderr = process.stderr.take().unwrap();
        let stderr = thread::spawn(move || {
            let mut text = Vec::new();
            let _ = stderr.read_to_end(&mut text);
            String::from_utf8_lossy(&text).into_owned()
        });
        Self { process, lines, stderr: Some(stderr), durable: Vec::new(), buffered: Vec::new() }
    }

    pub(crate) fn id(&self) -> u32 {
        self.process.id()
    }

    /// What it says next, if it says something within the time: `D id` and `B id`, which are kept, or `F reason`.
    pub(crate) fn next(&mut self, within: Duration) -> Result<String, RecvTimeoutError> {
        let end = Instant::now() + within;
        loop {
            let line = self.lines.recv_timeout(end.saturating_duration_since(Instant::now()))?;
            match line.split_at_checked(2) {
                Some(("D ", id)) => self.durable.push(id.to_owned()),
                Some(("B ", id)) => self.buffered.push(id.to_owned()),
                Some(("F " | "> ", _)) => {}
                // The test runner's own.
                _ => continue,
            }
            return Ok(line);
        }
    }

    /// What it says next; it must say something.
    #[track_caller]
    pub(crate) fn answer(&mut self) -> String {
        match self.next(DEADLINE) {
            Ok(line) => line,
            Err(why) => {
                let _ = self.process.kill();
                let stderr = self.stderr.take().map(|stderr| stderr.join().unwrap());
                panic!("no answer: {why}: {stderr:?}")
            }
        }
    }

    /// Tells it to do something, and answers with what it says.
    #[track_caller]
    pub(crate) fn tell(&mut self, order: &str) -> String {
        writeln!(self.process.stdin.as_mut().unwrap(), "{order}").unwrap();
        self.answer()
    }

    /// Tells it to do something that has no answer yet.
    pub(crate) fn order(&mut self, order: &str) {
        writeln!(self.process.stdin.as_mut().unwrap(), "{order}").unwrap();
    }

    /// SIGKILL. Answers with what it has said on stderr.
    pub(crate) fn kill(&mut self) -> String {
        let _ = self.process.kill();
        self.ended().1
    }

    /// Lets it end: its input ends. Answers with what it has said on stderr.
    #[track_caller]
    pub(crate) fn finish(&mut self) -> String {
        drop(self.process.stdin.take());
        let (succeeded, stderr) = self.ended();
        assert!(succeeded, "{stderr}");
        stderr
    }

    fn ended(&mut self) -> (bool, String) {
        while self.next(DEADLINE).is_ok() {}
        let status = self.process.wait().unwrap();
        let stderr = self.stderr.take().unwrap().join().unwrap();
        assert!(!stderr.contains("panicked"), "{stderr}");
        (status.success(), stderr)
    }
}

impl Drop for Child {
    /// A test that has failed leaves no process behind.
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// How much of a processor a process has used so far.
pub(crate) fn busy(pid: u32) -> Duration {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit_once(") ").map_or(Vec::new(), |(_, rest)| rest.split(' ').collect());
    let ticks = |field: usize| fields.get(field).and_then(|ticks| ticks.parse::<u64>().ok()).unwrap_or_default();
    // Man page proc_pid_stat(5); a tick is 10 ms on every Linux.
    Duration::from_millis(10 * (ticks(11) + ticks(12)))
}

/// Runs what waits, `wait`, and asserts that the process that waits for it does not turn round and round.
#[track_caller]
pub(crate) fn idles<T>(pid: u32, wait: impl FnOnce() -> T) -> T {
    let (start, before) = (Instant::now(), busy(pid));
    let done = wait();
    let (took, worked) = (start.elapsed(), busy(pid).saturating_sub(before));
    assert!(worked <= took / 3 + Duration::from_millis(300), "it worked {worked:?} of the {took:?} that it waited");
    done
}

struct Stderr;

impl log::Log for Stderr {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        if record.target().starts_with("auditbox") {
            eprintln!("{}: {}", record.level(), record.args());
        }
    }

    fn flush(&self) {}
}

/// The auditor that a child is to make.
fn given() -> Option<Value> {
    let config = std::env::var(CONFIG).ok()?;
    let _ = log::set_logger(&Stderr);
    log::set_max_level(log::LevelFilter::Warn);
    // The test runner leaves its line unfinished.
    println!();
    Some(serde_json::from_str(&config).unwrap())
}

fn say(durable: bool, outcome: Result<String, String>) {
    let line = match outcome {
        Ok(id) if durable => format!("D {id}\n"),
        Ok(id) => format!("B {id}\n"),
        Err(why) => format!("F {why}\n"),
    };
    let _ = std::io::stdout().lock().write_all(line.as_bytes());
}

#[test]
#[ignore = "another process of the tests here: four producers, until their input ends or they are killed"]
fn produces() {
    let Some(config) = given() else { return };
    let auditor = Auditor::builder().config(config.to_string()).build().unwrap();
    let stop = AtomicBool::new(false);
    thread::scope(|scope| {
        for producer in 0..4 {
            let (auditor, stop) = (&auditor, &stop);
            scope.spawn(move || {
                let durable = producer != 3;
                let event = event(if durable { "write" } else { "read" });
                while !stop.load(Ordering::Relaxed) {
                    say(durable, emit(auditor, &event));
                }
            });
        }
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        stop.store(true, Ordering::Relaxed);
    });
}

#[test]
#[ignore = "another process of the tests here: does what each line of its input says"]
fn obeys() {
    let Some(config) = given() else { return };
    let open = || Auditor::builder().config(config.to_string()).build().map_err(|error| error.to_string());
    let mut auditor = None;
    for order in std::io::stdin().lines().map_while(Result::ok) {
        let (order, number) = order.split_once(' ').unwrap_or((&order, "100"));
        let number: usize = number.parse().unwrap();
        let known = auditor.as_ref();
        match order {
            "open" => match open() {
                Ok(opened) => {
                    auditor = Some(opened);
                    println!("> open");
                }
                Err(why) => println!("F {why}"),
            },
            "write" | "read" => say(order == "write", emit(known.unwrap(), &event_of(order, number))),
            // The child of a fork, and when that has ended its parent, say something.
            "fork" => {
                let parent = known.unwrap();
                match std::os::unix::process::parent_id() {
                    0 => {
                        println!("> forked: {}", emit(parent, &event("write")).unwrap_err());
                        println!("> forked: {}", emit(parent, &event("read")).unwrap_err());
                        println!("> forked: {}", open().err().unwrap_or_default());
                        if number == 1 {
                            drop(auditor.take());
                        }
                        std::process::exit(0);
                    }
                    child => {
                        let pid = rustix::process::Pid::from_raw(i32::try_from(child).unwrap());
                        rustix::process::waitpid(pid, rustix::process::WaitOptions::empty()).unwrap();
                        println!("> parent of {child}");
                    }
                }
            }
            "close" => {
                drop(auditor.take());
                println!("> closed");
            }
            _ => panic!("{order}"),
        }
    }
}
