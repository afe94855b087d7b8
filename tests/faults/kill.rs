//! Processes that are killed while they record.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use serde_json::json;
use tempfile::TempDir;

use crate::child::{Child, auditor, config};
use crate::law::{self, sqlite};
use crate::shim::{Fault, Shim};

/// How many events that were acknowledged before they were on the disk one killed process may cost.
const MAX_BUFFERED: usize = 1_000;
/// How many processes use the outbox at once.
const AT_ONCE: usize = 2;
/// Kills of one file: after them it has thousands of rows.
const KILLS_OF_A_FILE: usize = 50;

/// xorshift64*: which moment is not known beforehand, and can be told.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) % limit
    }
}

pub(crate) fn number(variable: &str, default: u64) -> u64 {
    std::env::var(variable).map_or(default, |given| given.parse().unwrap())
}

#[test]
fn what_was_acknowledged_outlives_a_thousand_kills() {
    let kills = usize::try_from(number("AUDITBOX_FAULT_KILLS", 1_000)).unwrap();
    let seed = number("AUDITBOX_FAULT_SEED", u64::from(std::process::id()) + 1);
    println!("AUDITBOX_FAULT_SEED={seed}");
    let mut random = Random(seed);
    let mut left = kills;
    while left > 0 {
        let of_this = left.min(KILLS_OF_A_FILE);
        kill_some(of_this, &mut random);
        left -= of_this;
    }
}

fn kill_some(kills: usize, random: &mut Random) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("outbox.db");
    let config = config(&path, &json!({ "ballast_bytes": 0 }));
    let start = || Child::start("produces", &config, |_| ());
    let mut alive: Vec<Child> = (0..AT_ONCE).map(|_| start()).collect();
    let mut killed = Vec::new();
    while killed.len() < kills {
        let mut victim = alive.swap_remove(usize::try_from(random.below(AT_ONCE as u64)).unwrap());
        if random.below(5) == 0 {
            // Anywhere, also while it opens the outbox.
            let _ = victim.next(Duration::from_millis(random.below(30)));
        } else {
            for _ in 0..random.below(40) {
                victim.answer();
            }
        }
        victim.kill();
        killed.push(victim);
        alive.push(start());
        if killed.len() % 25 == 0 {
            hold(&path, &killed);
        }
    }
    for last in &mut alive {
        last.answer();
        last.finish();
    }
    // Who ends by itself loses nothing.
    let stored = law::hold(&path, []).ids;
    let missing: Vec<_> = alive
        .iter()
        .flat_map(|last| last.durable.iter().chain(&last.buffered))
        .filter(|id| !stored.contains(*id))
        .collect();
    assert!(missing.is_empty(), "{} are missing of {}: {:?}", missing.len(), stored.len(), missing.first());
    // Whoever opens it next sees who did not close it.
    drop(auditor(&config).unwrap());
    hold(&path, &killed);
    ends_are_recorded(&path, &killed);
    law::is_whole(&path);
}

/// Nothing that was acknowledged is missing, but for what a killed process may cost.
fn hold(path: &Path, killed: &[Child]) {
    if !path.exists() {
        return;
    }
    let books = law::hold(path, killed.iter().flat_map(|child| &child.durable));
    assert_eq!((books.dropped, books.quarantined), (0, 0));
    for child in killed {
        let lost = child.buffered.iter().filter(|id| !books.ids.contains(*id)).count();
        assert!(lost <= MAX_BUFFERED, "{lost} lost of {}", child.buffered.len());
    }
}

/// Each killed process that had opened the outbox has one row that says so, with the number of its last event.
fn ends_are_recorded(path: &Path, killed: &[Child]) {
    let books = law::hold(path, []);
    let connection = sqlite(path);
    let mut ends = BTreeMap::new();
    for end in books.notices("auditbox.unclean_end") {
        assert_eq!(end["lost_at_most"], MAX_BUFFERED);
        let once = ends.insert(end["producer"].as_i64().unwrap(), end);
        assert!(once.is_none(), "{end}");
    }
    for child in killed {
        let stored = child.durable.iter().chain(&child.buffered).find(|id| books.ids.contains(*id));
        let Some(id) = stored else { continue };
        let producer =
            connection.query_row("SELECT producer FROM audit_queue WHERE event_id = ?1", [id], |row| row.get(0));
        let producer: i64 = producer.unwrap();
        let end = ends.get(&producer).unwrap_or_else(|| panic!("nothing is said of the end of {producer}"));
        let rows = "SELECT count(*) FROM audit_queue WHERE producer = ?1 AND event_type NOT LIKE 'auditbox.%'";
        let rows: i64 = connection.query_row(rows, [producer], |row| row.get(0)).unwrap();
        assert_eq!((&end["pid"], &end["last_sequence"]), (&json!(child.id()), &json!(rows)));
    }
    let open: i64 = connection
        .query_row("SELECT count(*) FROM audit_producer WHERE ended_at IS NULL", [], |row| row.get(0))
        .unwrap();
    assert_eq!(open, 0);
}

#[test]
fn a_process_that_is_killed_in_the_middle_of_a_transaction_leaves_nothing_of_it() {
    let folder = TempDir::new().unwrap();
    let Some(shim) = Shim::new(folder.path()) else { return };
    let path = folder.path().join("outbox.db");
    let config = config(&path, &json!({}));
    let other = auditor(&config).unwrap();
    let mut ids = vec![crate::child::emit(&other, &crate::child::event("write")).unwrap()];
    for write in [1, 2, 3, 5] {
        let mut victim = Child::start("obeys", &config, |command| shim.given_to(command));
        victim.tell("open");
        victim.tell("write");
        // A record of several pages, whose frames it does not all write.
        shim.set(Fault::StopAt, shim.get(Fault::Wrote) + write);
        victim.order("write 20000");
        law::until("it stops", || shim.get(Fault::StopAt) == 0);
        ids.extend(std::mem::take(&mut victim.durable));
        // It has the lock: nobody can write.
        let blocked = sqlite(&path);
        blocked.busy_timeout(Duration::ZERO).unwrap();
        assert!(blocked.execute_batch("BEGIN IMMEDIATE").is_err());
        let before = law::hold(&path, &ids).accepted;
        victim.kill();
        ids.push(crate::child::emit(&other, &crate::child::event("write")).unwrap());
        assert_eq!(law::hold(&path, &ids).accepted, before + 1);
    }
    drop(other);
    drop(auditor(&config).unwrap());
    let books = law::hold(&path, &ids);
    assert_eq!(books.notices("auditbox.unclean_end").len(), 4);
    law::is_whole(&path);
}
