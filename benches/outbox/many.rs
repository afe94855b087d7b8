//! An outbox in which ten million rows wait.

use std::fs;
use std::path::Path;
use std::time::Instant;

use super::producers::{self, produce};
use super::{Outcome, auditor};

/// Rows that wait; fewer by AUDITBOX_BENCH_ROWS.
const ROWS: i64 = 10_000_000;

pub(crate) fn many(scratch: &Path) -> Outcome<()> {
    let rows = std::env::var("AUDITBOX_BENCH_ROWS").ok().and_then(|rows| rows.parse().ok()).unwrap_or(ROWS);
    let (empty, full) = (scratch.join("empty.db"), scratch.join("full.db"));
    drop(auditor(&full, "{}")?);
    fill(&full, rows)?;
    let size = fs::metadata(&full)?.len() >> 20;

    let before = resident_kib();
    let start = Instant::now();
    let filled = auditor(&full, "{}")?;
    let opened = start.elapsed();
    let event = producers::event("write");
    let empty = auditor(&empty, "{}")?;
    let mut ratios: Vec<f64> = (0..7)
        .map(|_| {
            let few = produce(1, 1_000, |_| drop(empty.emit(&event).expect("it is stored")));
            let many = produce(1, 1_000, |_| drop(filled.emit(&event).expect("it is stored")));
            few.rate() / many.rate()
        })
        .collect();
    ratios.sort_by(f64::total_cmp);
    let memory = resident_kib().saturating_sub(before) >> 10;
    println!(
        "{rows} rows, {size} MiB: open {opened:.1?} (wanted: 1 s), {memory} MiB more memory (wanted: 64), emit {:.2} x of \
         empty (wanted: 1.2)",
        ratios[3]
    );
    Ok(())
}

/// By SQL alone: it is the number that matters.
fn fill(path: &Path, rows: i64) -> rusqlite::Result<()> {
    let connection = rusqlite::Connection::open(path)?;
    let start = Instant::now();
    connection.execute_batch("PRAGMA synchronous = OFF")?;
    const STEP: i64 = 250_000;
    for first in (0..rows).step_by(usize::try_from(STEP).unwrap_or(usize::MAX)) {
        connection.execute(
            "WITH RECURSIVE n (i) AS (SELECT ?1 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?1 + ?2)
             INSERT INTO audit_queue (event_id, event_type, payload, created_at, agent_id, producer)
             SELECT printf('01a20505-87f9-7f46-b343-%012x', i), 'SESSION_ACCESS',
                 printf('{\"event_id\":\"01a20505-87f9-7f46-b343-%012x\",\"event_type\":\"SESSION_ACCESS\"}', i),
                 '2026-03-16T08:00:00.000Z', '', 0 FROM n",
            [first, STEP.min(rows - first)],
        )?;
    }
    connection.execute(
        "UPDATE audit_account SET accepted = accepted + ?1, stored_rows = stored_rows + ?1, pending_rows = pending_rows + ?1",
        [rows],
    )?;
    println!("{rows} rows made in {:.0?}", start.elapsed());
    Ok(())
}

/// Of this process: the second field of `statm` in pages of 4 KiB (man page proc_pid_statm(5)).
fn resident_kib() -> i64 {
    let statm = fs::read_to_string("/proc/self/statm").unwrap_or_default();
    statm.split(' ').nth(1).and_then(|pages| pages.parse::<i64>().ok()).unwrap_or_default() * 4
}
