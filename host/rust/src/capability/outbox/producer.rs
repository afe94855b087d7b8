//! The processes that store into an outbox: each has a row, so that the next one to open it sees who ended without
//! closing it, and what that can have cost.

use rusqlite::{Transaction, named_params};
use serde_json::json;

use super::books::Books;

const START: &str = include_str!("../../../sql/producer_start.sql");
const SEEN: &str = include_str!("../../../sql/producer_seen.sql");
const END: &str = include_str!("../../../sql/producer_end.sql");
const ALIVE: &str = include_str!("../../../sql/producers_alive.sql");
const PRUNE: &str = include_str!("../../../sql/producers_prune.sql");

/// A process that cannot be looked up has ended when it has been silent for so long; they write every minute.
const SILENT_S: i64 = 180;

/// A process, as long as its machine is up.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Process {
    /// Where `pid` means something.
    machine: String,
    pid: u32,
    /// When it began; a number is given out again.
    began: String,
}

/// A producer that has not closed the outbox.
struct Alive {
    id: i64,
    process: Process,
    buffers: i64,
    started_at: String,
    seen_at: String,
    last_sequence: i64,
    silent_s: i64,
}

/// Enters this process, and answers with the number of its row.
pub(super) fn start(transaction: &Transaction<'_>, buffers: usize) -> rusqlite::Result<i64> {
    let Process { machine, pid, began } = Process::own();
    let parameters = named_params! { ":machine": machine, ":pid": pid, ":process": began, ":buffers": buffers as i64 };
    transaction.query_row(START, parameters, |row| row.get(0))
}

/// How far this producer has come.
pub(super) fn seen(transaction: &Transaction<'_>, id: i64, last_sequence: i64) -> rusqlite::Result<()> {
    let parameters = named_params! { ":id": id, ":last_sequence": last_sequence };
    transaction.prepare_cached(SEEN)?.execute(parameters).map(drop)
}

/// A clean end.
pub(super) fn end(transaction: &Transaction<'_>, id: i64) -> rusqlite::Result<()> {
    transaction.execute(END, named_params! { ":id": id, ":unclean": 0 })?;
    transaction.execute(PRUNE, []).map(drop)
}

/// Records the unclean ends of other producers, and tells how many there were.
pub(super) fn bury(transaction: &Transaction<'_>, books: &mut Books, own: i64) -> rusqlite::Result<usize> {
    let gone: Vec<Alive> = alive(transaction)?.into_iter().filter(|it| it.id != own && it.has_ended()).collect();
    for producer in &gone {
        transaction.execute(END, named_params! { ":id": producer.id, ":unclean": 1 })?;
        let payload = json!({
            "producer": producer.id,
            "pid": producer.process.pid,
            "started_at": producer.started_at,
            "seen_at": producer.seen_at,
            "last_sequence": producer.last_sequence,
            "lost_at_most": producer.buffers,
        });
        books.notice(transaction, "auditbox.unclean_end", &payload)?;
        log::warn!(
            "auditbox: process {} did not close the outbox; its last event on the disk is number {}, and at most {} \
             after it are lost",
            producer.process.pid,
            producer.last_sequence,
            producer.buffers
        );
    }
    Ok(gone.len())
}

/// Whether this producer has ended, cleanly or not.
pub(super) fn has_ended(transaction: &Transaction<'_>, id: i64) -> rusqlite::Result<bool> {
    Ok(alive(transaction)?.iter().find(|producer| producer.id == id).is_none_or(Alive::has_ended))
}

fn alive(transaction: &Transaction<'_>) -> rusqlite::Result<Vec<Alive>> {
    let mut alive = transaction.prepare_cached(ALIVE)?;
    let read = |row: &rusqlite::Row<'_>| {
        Ok(Alive {
            id: row.get("id")?,
            process: Process { machine: row.get("machine")?, pid: row.get("pid")?, began: row.get("process")? },
            buffers: row.get("buffers")?,
            started_at: row.get("started_at")?,
            seen_at: row.get("seen_at")?,
            last_sequence: row.get("last_sequence")?,
            silent_s: row.get("silent_s")?,
        })
    };
    alive.query_map([], read)?.collect()
}

impl Alive {
    fn has_ended(&self) -> bool {
        let here = Process::own();
        if self.process.machine == here.machine && !here.machine.is_empty() {
            return self.process != here && began(self.process.pid).as_deref() != Some(self.process.began.as_str());
        }
        // Another boot of this machine, or another container on it.
        boot(&self.process.machine) != boot(&here.machine) || self.silent_s > SILENT_S
    }
}

impl Process {
    fn own() -> Self {
        let pid = std::process::id();
        Self { machine: machine(), pid, began: began(pid).unwrap_or_default() }
    }
}

/// The boot and the process namespace; empty where they cannot be known.
fn machine() -> String {
    let boot = std::fs::read_to_string("/proc/sys/kernel/random/boot_id");
    let namespace = std::fs::read_link("/proc/self/ns/pid");
    match (boot, namespace) {
        (Ok(boot), Ok(namespace)) => format!("{} {}", boot.trim(), namespace.display()),
        _ => String::new(),
    }
}

fn boot(machine: &str) -> Option<&str> {
    machine.split(' ').next()
}

/// When a process began, in clock ticks after the boot: the 22nd field of its `stat` (man page proc_pid_stat(5)).
/// `None`: there is none, or it has ended and nobody has asked for its exit code.
fn began(pid: u32) -> Option<String> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The second field is the program's name in brackets, with whatever is in it.
    let (_, rest) = stat.rsplit_once(") ")?;
    let mut fields = rest.split(' ');
    match fields.next()? {
        "Z" | "X" => None,
        _ => fields.nth(18).map(str::to_owned),
    }
}
