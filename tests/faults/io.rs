//! A disk on which writes, syncs and opens fail.

use std::time::Instant;

use serde_json::json;
use tempfile::TempDir;

use crate::child::{Child, DEADLINE, auditor, config, idles};
use crate::law;
use crate::shim::{Fault, Shim};

const EIO: i64 = 5;
const EMFILE: i64 = 24;
const ENOSPC: i64 = 28;

/// Records so many events of both kinds; what is refused is refused.
fn record(child: &mut Child, events: usize) -> usize {
    let before = child.durable.len();
    for _ in 0..events {
        child.tell("write");
        child.tell("read");
    }
    child.durable.len() - before
}

/// Until it stores again.
fn recover(child: &mut Child) {
    let end = Instant::now() + DEADLINE;
    while child.tell("write").starts_with("F ") {
        assert!(Instant::now() < end);
    }
}

#[test]
fn on_a_disk_that_fails_now_and_then_nothing_is_lost_that_was_acknowledged() {
    for (fault, share, errno, torn) in [
        (Fault::Writes, 300, EIO, 0),
        (Fault::Writes, 300, EIO, 1),
        (Fault::Writes, 300, ENOSPC, 1),
        (Fault::Syncs, 400, EIO, 0),
        (Fault::Syncs, 400, ENOSPC, 0),
        (Fault::Opens, 500, EIO, 0),
        (Fault::Opens, 500, EMFILE, 0),
    ] {
        let folder = TempDir::new().unwrap();
        let Some(shim) = Shim::new(folder.path()) else { return };
        shim.set(Fault::Seed, share + errno + torn);
        shim.set(Fault::Errno, errno);
        shim.set(Fault::Torn, torn);
        let path = folder.path().join("outbox.db");
        let config = config(&path, &json!({ "deadline_ms": 1_000 }));
        let mut child = Child::start("obeys", &config, |command| shim.given_to(command));
        child.tell("open");
        record(&mut child, 5);
        // Beside it is one whose disk is well.
        let other = auditor(&config).unwrap();
        for _ in 0..4 {
            shim.set(fault, share);
            if matches!(fault, Fault::Opens) {
                // Only what was lost is opened anew.
                shim.set(Fault::Syncs, share);
            }
            record(&mut child, 25);
            let mut ids = child.durable.clone();
            ids.push(crate::child::emit(&other, &crate::child::event("write")).unwrap());
            law::hold(&path, &ids);
            shim.set(fault, 0);
            shim.set(Fault::Syncs, 0);
            recover(&mut child);
        }
        assert!(shim.get(Fault::Failed) > 0, "{fault:?}: nothing has failed");
        child.tell("close");
        child.finish();
        drop(other);
        let books = law::hold(&path, child.durable.iter().chain(&child.buffered));
        let missing = child.durable.iter().chain(&child.buffered).filter(|id| !books.ids.contains(*id)).count();
        assert_eq!((missing, books.dropped, books.quarantined), (0, 0, 0), "{fault:?}");
        law::is_whole(&path);
    }
}

#[test]
fn on_a_dead_disk_nobody_waits_for_ever_and_nothing_turns_round() {
    let folder = TempDir::new().unwrap();
    let Some(shim) = Shim::new(folder.path()) else { return };
    let path = folder.path().join("outbox.db");
    let config = config(&path, &json!({ "deadline_ms": 2_000 }));
    let mut child = Child::start("obeys", &config, |command| shim.given_to(command));
    child.tell("open");
    record(&mut child, 5);
    for fault in [Fault::Writes, Fault::Syncs] {
        shim.set(fault, 1_000);
        // One that was acknowledged waits for the disk.
        assert!(child.tell("read").starts_with("B "));
        let said = child.tell("write");
        assert!(said.starts_with("F ") && said.contains("check the disk, then try again"), "{said}");
        let pid = child.id();
        let failed = shim.get(Fault::Failed) + 4;
        idles(pid, || law::until("it tries again", || shim.get(Fault::Failed) >= failed));
        shim.set(fault, 0);
        recover(&mut child);
    }
    let books = law::hold(&path, child.durable.iter().chain(&child.buffered));
    assert!(child.buffered.iter().all(|id| books.ids.contains(id)));
    // Closing gives up after the deadline, without turning round, and says so.
    assert!(child.tell("read").starts_with("B "));
    shim.set(Fault::Writes, 1_000);
    assert!(child.tell("read").starts_with("B "));
    let pid = child.id();
    idles(pid, || assert_eq!(child.tell("close"), "> closed"));
    shim.set(Fault::Writes, 0);
    let said = child.finish();
    assert!(said.contains("was closed before everything was stored"), "{said}");
    drop(auditor(&config).unwrap());
    let books = law::hold(&path, &child.durable);
    assert_eq!(books.notices("auditbox.unclean_end").len(), 1);
    law::is_whole(&path);
}
