//! What is measured on, and how.

use std::time::{Duration, Instant};

/// An event of about that size, such as agents have: commands, their output of about `output` bytes each, a few secrets.
pub(crate) fn event(bytes: usize, output: usize) -> String {
    const LINES: &str = r"-rw-r--r-- 1 root root  4213 Jan  5 09:00 /srv/app/main.py\n     3 import os, sys\n2026-01-05T09:00:00Z INFO served GET /health status=200 in 3 ms\n";
    let output = LINES.repeat(output.div_ceil(LINES.len()));
    let step = format!(
        r#"{{"command":"find /srv/app -type f -name \"*.py\" -exec grep -l \"import os\" {{}} + | sort | uniq -c","exit":0,"output":"{output}","took_ms":184}},"#
    );
    let head = r#"{"schema_version":"0.3.0","event_id":"01a1ee56-5e07-7fff-bfff-ffffffffffff","timestamp":"2026-01-05T09:00:00.137Z","run_id":"0dfe286b27db008de9a61abb125554b9","call_id":"ec5c3ff98dd942891bedba05","call_index":0,"tool_name":"bash","tool_args":{"env":{"API_TOKEN":"fake-0000"},"url":"https://ci:fake@example.test/","steps":["#;
    let tail = r#"{}]},"side_effect":"read","environment":"staging","principal":{"user_id":"u-14","role":"agent"},"action":"call_executed","tool_success":true,"duration_ms":184,"mode":"enforce"}"#;
    let steps = bytes.saturating_sub(head.len() + tail.len()) / step.len();
    format!("{head}{}{tail}", step.repeat(steps))
}

/// The middle of so many times.
pub(crate) fn median(runs: usize, mut run: impl FnMut()) -> Duration {
    let mut times: Vec<Duration> = (0..runs)
        .map(|_| {
            let start = Instant::now();
            run();
            start.elapsed()
        })
        .collect();
    times.sort_unstable();
    times[runs / 2]
}
