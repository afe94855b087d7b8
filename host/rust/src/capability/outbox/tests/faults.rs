use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tempfile::TempDir;

use super::super::super::testing::{Disk, child, given_path};
use super::*;

#[test]
fn a_full_disk_fails_the_batch_and_loses_nothing() {
    let folder = TempDir::new().unwrap();
    let Some(_disk) = Disk::mount(folder.path(), "size=2m") else { return };
    let ballast = folder.path().join("ballast");
    fs::write(&ballast, vec![0; 256 << 10]).unwrap();
    let path = folder.path().join("outbox.db");
    let outbox = outbox(&path);
    let mut acknowledged = Vec::new();
    let error = loop {
        let event_id = acknowledged.len().to_string();
        let body = format!("\"{}\"", "x".repeat(5_000));
        match outbox.append(vec![Row { body, ..row(&event_id) }], true).unwrap().wait() {
            Ok(_) => acknowledged.push(event_id),
            Err(error) => break error,
        }
    };
    assert!(error.is_retryable());
    assert!(error.to_string().ends_with("free some space, then try again"), "{error}");
    assert!(acknowledged.len() > 20);
    assert_eq!(stored(&path), acknowledged);

    fs::write(ballast, "").unwrap();
    assert_eq!(store(&outbox, "after").unwrap(), [Stored::New]);
    acknowledged.push("after".into());
    assert_eq!(stored(&path), acknowledged);
}

#[test]
fn after_an_io_error_the_file_is_opened_anew() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("outbox.db");
    // A file that may not grow is SQLite's I/O error, if the signal for it is ignored.
    let child = child(module_path!(), "meets_an_io_error", &path);
    let mut shell = Command::new("sh");
    shell.args(["-c", "trap '' XFSZ; exec \"$0\" \"$@\""]).arg(child.get_program()).args(child.get_args());
    shell.env("AUDITBOX_TEST_PATH", &path);
    let output = shell.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    assert_eq!(stored(&path), ["before", "after"]);
}

#[test]
#[ignore = "the other process of the test above"]
fn meets_an_io_error() {
    let Some(path) = given_path() else { return };
    let limit = |bytes| setrlimit(Resource::Fsize, Rlimit { current: bytes, ..getrlimit(Resource::Fsize) }).unwrap();
    let outbox = outbox(&path);
    store(&outbox, "before").unwrap();
    // As long as somebody else has it open, closing it does not empty the WAL.
    let reader = Reader::open(&path).unwrap();
    // The WAL's header, which changes when it starts anew (sqlite.org/fileformat.html, section 4.1).
    let wal = || fs::read(path.with_extension("db-wal")).unwrap();
    let before = wal();
    limit(Some(before.len() as u64));
    for _ in 0..3 {
        let error = store(&outbox, "lost").unwrap_err();
        assert!(error.is_retryable());
        assert!(error.to_string().ends_with("disk I/O error: check the disk, then try again"), "{error}");
    }
    limit(None);
    assert_eq!(store(&outbox, "after").unwrap(), [Stored::New]);
    // Nothing was acknowledged on top of a WAL that the disk may not have.
    assert!(wal()[..32] != before[..32]);
    assert_eq!(reader.status().unwrap().pending, 2);
}

#[test]
fn a_deleted_outbox_is_made_anew() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("state/outbox.db");
    let outbox = outbox(&path);
    store(&outbox, "1").unwrap();
    fs::remove_dir_all(folder.path().join("state")).unwrap();
    store(&outbox, "2").unwrap();
    assert_eq!(stored(&path), ["2"]);
}

#[test]
fn a_moved_outbox_keeps_its_records_and_another_is_made() {
    let folder = TempDir::new().unwrap();
    let (path, moved) = (folder.path().join("outbox.db"), folder.path().join("moved.db"));
    let outbox = outbox(&path);
    store(&outbox, "1").unwrap();
    fs::rename(&path, &moved).unwrap();
    // Its WAL is still there, and has the record.
    for _ in 0..2 {
        let error = store(&outbox, "lost").unwrap_err();
        assert!(error.is_retryable());
        assert!(error.to_string().contains("was moved or deleted, but"), "{error}");
        assert!(!path.exists());
    }
    fs::rename(&moved, &path).unwrap();
    store(&outbox, "2").unwrap();

    for part in ["", "-wal", "-shm"] {
        fs::rename(folder.path().join(format!("outbox.db{part}")), folder.path().join(format!("moved.db{part}")))
            .unwrap();
    }
    store(&outbox, "3").unwrap();
    assert_eq!(stored(&moved), ["1", "2"]);
    assert_eq!(stored(&path), ["3"]);
}

#[test]
fn a_file_put_in_the_place_of_the_outbox_is_not_mixed_with_its_wal() {
    let folder = TempDir::new().unwrap();
    let (path, wal) = (folder.path().join("outbox.db"), folder.path().join("outbox.db-wal"));
    let ours = outbox(&path);
    store(&ours, "1").unwrap();
    fs::remove_file(&path).unwrap();
    let text = "a text\n".repeat(10_000);
    fs::write(&path, &text).unwrap();
    let error = store(&ours, "lost").unwrap_err();
    assert!(error.to_string().contains("was moved or deleted, but"), "{error}");
    fs::remove_file(&wal).unwrap();
    let error = store(&ours, "lost").unwrap_err();
    assert!(error.to_string().contains("it is not an SQLite file"), "{error}");
    assert!(fs::read_to_string(&path).unwrap() == text);
    fs::remove_file(&path).unwrap();
    assert_eq!(store(&ours, "2").unwrap(), [Stored::New]);
}

#[test]
fn what_was_acknowledged_outlives_a_kill() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("outbox.db");
    let mut process =
        child(module_path!(), "acknowledges_until_it_is_killed", &path).stdout(Stdio::piped()).spawn().unwrap();
    let lines = BufReader::new(process.stdout.take().unwrap()).lines().map(Result::unwrap);
    let mut acknowledged: Vec<String> = Vec::new();
    for line in lines {
        if let Some(id) = line.strip_prefix("stored ") {
            acknowledged.push(id.into());
        }
        if acknowledged.len() == 300 {
            process.kill().unwrap();
        }
    }
    process.wait().unwrap();
    let stored = stored(&path);
    assert!(acknowledged.len() >= 300 && stored.starts_with(&acknowledged));
    let check: String = sqlite(&path).query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(check, "ok");
}

#[test]
#[ignore = "the other process of the test above"]
fn acknowledges_until_it_is_killed() {
    let Some(path) = given_path() else { return };
    let outbox = outbox(&path);
    println!();
    for id in 0.. {
        store(&outbox, &id.to_string()).unwrap();
        println!("stored {id}");
    }
}
