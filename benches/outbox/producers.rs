//! Threads that store events as fast as they can, and how long each of them took.

use std::sync::Barrier;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// How long events took.
pub(crate) struct Figures {
    whole: Duration,
    cpu: Duration,
    times: Vec<Duration>,
}

/// Runs `work` so many times on so many threads.
pub(crate) fn produce(threads: usize, events: usize, work: impl Fn(usize) + Sync) -> Figures {
    let (next, start) = (AtomicUsize::new(0), Barrier::new(threads + 1));
    std::thread::scope(|scope| {
        let producers: Vec<_> = (0..threads)
            .map(|_| {
                scope.spawn(|| {
                    let mut times = Vec::with_capacity(events / threads + 1);
                    start.wait();
                    loop {
                        let number = next.fetch_add(1, Ordering::Relaxed);
                        if number >= events {
                            return times;
                        }
                        let begun = Instant::now();
                        work(number);
                        times.push(begun.elapsed());
                    }
                })
            })
            .collect();
        let cpu = cpu_time();
        start.wait();
        let begun = Instant::now();
        let mut times: Vec<Duration> =
            producers.into_iter().flat_map(|producer| producer.join().expect("a producer ends")).collect();
        let whole = begun.elapsed();
        let cpu = cpu_time().saturating_sub(cpu);
        times.sort_unstable();
        Figures { whole, cpu, times }
    })
}

impl Figures {
    pub(crate) fn heading(what: &str) -> String {
        format!(
            "{what:<40} {:>10} {:>8} {:>10} {:>10} {:>10} {:>12}",
            "events/s", "x", "p50", "p99", "longest", "CPU an event"
        )
    }

    pub(crate) fn line(&self, name: &str, to: Option<&Self>) -> String {
        let ratio = to.map_or_else(String::new, |to| format!("{:.2}x", self.rate() / to.rate()));
        format!(
            "{name:<40} {:>10.0} {ratio:>8} {:>10.1?} {:>10.1?} {:>10.1?} {:>12.1?}",
            self.rate(),
            self.at(50),
            self.at(99),
            self.longest(),
            self.cpu / u32::try_from(self.times.len().max(1)).unwrap_or(u32::MAX)
        )
    }

    /// Events a second.
    pub(crate) fn rate(&self) -> f64 {
        self.times.len() as f64 / self.whole.as_secs_f64()
    }

    pub(crate) fn longest(&self) -> Duration {
        self.times.last().copied().unwrap_or_default()
    }

    pub(crate) fn at(&self, percent: usize) -> Duration {
        self.times.get(self.times.len() * percent / 100).copied().unwrap_or_default()
    }
}

/// What this process has used so far, in hundredths of a second: fields 14 and 15 of its `stat` (man page proc_pid_stat(5)).
fn cpu_time() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit_once(") ").map(|(_, rest)| rest.split(' ')).into_iter().flatten();
    let ticks: u64 = fields.skip(11).take(2).filter_map(|field| field.parse::<u64>().ok()).sum();
    Duration::from_millis(ticks * 10)
}

/// An event of 1 KB.
pub(crate) fn event(side_effect: &str) -> String {
    let output = "2026-01-05T09:00:00Z INFO served GET /health status=200 in 3 ms; ".repeat(6);
    format!(
        r#"{{"action":"call_executed","run_id":"0dfe286b27db008d","call_id":"ec5c3ff98dd94289","tool_name":"bash","side_effect":"{side_effect}","tool_args":{{"command":"find /srv/app -name '*.py' | sort","output":"{output}"}},"environment":"staging","tool_success":true,"duration_ms":184}}"#
    )
}

/// What becomes of it: a record of about 1 KB.
pub(crate) fn record() -> String {
    let auditor = auditbox::Auditor::builder().stdout(false).build().expect("the defaults are right");
    let scratch = tempfile::tempdir().expect("a folder");
    let file = scratch.path().join("record");
    let writing = auditbox::Auditor::builder().stdout(false).file(&file).build().expect("a file");
    drop(auditor);
    writing.emit(&event("write")).expect("it is written");
    std::fs::read_to_string(&file).expect("it is there").trim_end().to_owned()
}
