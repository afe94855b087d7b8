//! Disks that are full, and disks that can no longer be written.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::json;
use tempfile::TempDir;

use crate::child::{Child, auditor, config, emit, event, event_of, idles};
use crate::law;

/// A small file system in memory, as long as this lives.
struct Disk(PathBuf);

impl Disk {
    /// `None`, and a word about it, where this user may not mount.
    fn mount(folder: &Path, options: &str) -> Option<Self> {
        let done = Command::new("mount").args(["-t", "tmpfs", "-o", options, "tmpfs"]).arg(folder).output();
        if done.is_ok_and(|output| output.status.success()) {
            return Some(Self(folder.to_owned()));
        }
        println!("skipped: cannot mount a file system here");
        None
    }

    fn remount(&self, how: &str) {
        assert!(Command::new("mount").args(["-o", &format!("remount,{how}")]).arg(&self.0).status().unwrap().success());
    }

    /// Takes all room that is left.
    fn fill(&self) -> PathBuf {
        let filler = self.0.join("filler");
        let mut file = fs::File::create(&filler).unwrap();
        for size in [1 << 16, 1 << 12, 1 << 8, 1] {
            while file.write_all(&vec![0; size]).is_ok() {}
        }
        filler
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

#[test]
fn on_a_full_disk_nothing_acknowledged_is_lost_and_it_goes_on_when_there_is_room() {
    for ballast in [0, 512 << 10] {
        let folder = TempDir::new().unwrap();
        let Some(disk) = Disk::mount(folder.path(), "size=6m") else { return };
        let path = folder.path().join("outbox.db");
        let config = config(&path, &json!({ "ballast_bytes": ballast, "deadline_ms": 2_000 }));
        let mut child = Child::start("obeys", &config, |_| ());
        child.tell("open");
        for _ in 0..20 {
            child.tell("write 5000");
        }
        let filler = disk.fill();
        let mut refused = 0;
        while refused < 5 {
            if child.tell("write 20000").starts_with("F ") {
                refused += 1;
            }
        }
        law::hold(&path, &child.durable);
        // These were acknowledged, and wait for room.
        for _ in 0..20 {
            assert!(child.tell("read 20000").starts_with("B "));
        }
        let pid = child.id();
        idles(pid, || {
            for _ in 0..3 {
                child.tell("write 20000");
            }
        });
        fs::remove_file(filler).unwrap();
        law::until("there is room", || child.tell("write").starts_with("D "));
        child.tell("close");
        child.finish();
        let books = law::hold(&path, &child.durable);
        assert!(child.durable.iter().chain(&child.buffered).all(|id| books.ids.contains(id)));
        assert_eq!(books.dropped, 0);
        law::is_whole(&path);
    }
}

#[test]
fn on_a_full_disk_the_ballast_lets_rows_be_deleted_and_evicted() {
    let folder = TempDir::new().unwrap();
    let Some(disk) = Disk::mount(folder.path(), "size=8m") else { return };
    let path = folder.path().join("outbox.db");
    let config_of = |limits: &serde_json::Value| config(&path, limits);
    let config = config_of(
        &json!({ "ballast_bytes": 1 << 20, "deadline_ms": 2_000, "max_rows": 100, "when_full": "drop_oldest" }),
    );
    let full = auditor(&config).unwrap();
    let mut ids: Vec<_> = (0..100).map(|_| emit(&full, &event_of("write", 5_000)).unwrap()).collect();
    let filler = disk.fill();
    // Each of them makes its own room.
    for n in 0..200 {
        ids.push(emit(&full, &event_of("write", 5_000)).unwrap_or_else(|error| panic!("{n}: {error}")));
    }
    let books = law::hold(&path, &ids);
    assert!(books.dropped >= 200);
    drop(full);
    // Whoever opens it while there is room keeps some for worse times; then nobody has it open, and SQLite needs room for
    // the files beside it.
    fs::remove_file(filler).unwrap();
    drop(auditor(&config).unwrap());
    disk.fill();
    let mut status = Command::new(env!("CARGO_BIN_EXE_auditbox"));
    let output = status.args(["outbox", "status"]).env("AUDITBOX_DIR", folder.path()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut purge = Command::new(env!("CARGO_BIN_EXE_auditbox"));
    purge.args(["outbox", "purge", "--all", "--yes"]).env("AUDITBOX_DIR", folder.path());
    let output = purge.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let books = law::hold(&path, &ids);
    assert!(books.dropped >= 300, "{books:?}");
    law::is_whole(&path);
}

#[test]
fn a_disk_that_becomes_read_only_refuses_and_goes_on_when_it_is_writable_again() {
    let folder = TempDir::new().unwrap();
    let Some(disk) = Disk::mount(folder.path(), "size=8m") else { return };
    let path = folder.path().join("outbox.db");
    let config = config(&path, &json!({ "deadline_ms": 2_000, "ballast_bytes": 0 }));
    // A file system with a file that is open to be written cannot become read-only, unless it is forced; so it is found
    // so by whoever comes.
    let first = auditor(&config).unwrap();
    let mut ids = vec![emit(&first, &event("write")).unwrap()];
    drop(first);
    disk.remount("ro");
    let refused = auditor(&config).err().unwrap().to_string();
    assert!(refused.contains("can only be read"), "{refused}");
    disk.remount("rw");
    let again = auditor(&config).unwrap();
    ids.push(emit(&again, &event("write")).unwrap());
    drop(again);
    let books = law::hold(&path, &ids);
    assert_eq!(books.accepted, 2);
    law::is_whole(&path);
}

#[test]
fn what_is_recorded_on_a_full_disk_leaves_the_ballast_to_what_is_deleted() {
    let folder = TempDir::new().unwrap();
    let Some(disk) = Disk::mount(folder.path(), "size=8m") else { return };
    let path = folder.path().join("outbox.db");
    let config = config(&path, &json!({ "ballast_bytes": 1 << 20, "deadline_ms": 2_000 }));
    let mut child = Child::start("obeys", &config, |_| ());
    child.tell("open");
    for _ in 0..50 {
        child.tell("write 5000");
    }
    let _filler = disk.fill();
    let mut refused = 0;
    while refused < 5 {
        if child.tell("write 5000").starts_with("F ") {
            refused += 1;
        }
    }
    let mut purge = Command::new(env!("CARGO_BIN_EXE_auditbox"));
    purge.args(["outbox", "purge", "--all", "--yes"]).env("AUDITBOX_DIR", folder.path());
    let output = purge.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    // In the room of the deleted rows.
    law::until("there is room", || child.tell("write 5000").starts_with("D "));
    child.tell("close");
    child.finish();
    let books = law::hold(&path, &child.durable);
    assert!(books.dropped >= 50);
    law::is_whole(&path);
}
