//! An outbox that holds as much as it may, under every policy.

use std::collections::BTreeSet;

use auditbox::ErrorKind;
use serde_json::json;
use tempfile::TempDir;

use crate::child::{Child, auditor, config, emit, event, event_of, idles};
use crate::law;

#[test]
fn a_full_outbox_does_what_its_policy_says_and_counts_it() {
    for when_full in ["block", "drop_oldest", "drop_newest", "fail"] {
        for on_failure in ["open", "closed"] {
            let folder = TempDir::new().unwrap();
            let path = folder.path().join("outbox.db");
            let limits = json!({ "max_rows": 20, "when_full": when_full, "deadline_ms": 100, "ballast_bytes": 0 });
            let mut config = config(&path, &limits);
            config["on_failure"] = on_failure.into();
            let context = format!("{when_full}, {on_failure}");
            let full = auditor(&config).unwrap();
            let mut stored: Vec<String> = (0..20).map(|_| emit(&full, &event("write")).unwrap()).collect();
            let first = stored[0].clone();
            let mut refused = 0;
            for n in 0..10 {
                let receipt = full.emit(&event("write"));
                match receipt {
                    Ok(receipt) if receipt.failures.is_empty() => stored.push(receipt.event_id.clone()),
                    Ok(receipt) => {
                        assert_eq!(on_failure, "open", "{context}");
                        assert!(
                            receipt.failures[0].message.contains("raise `outbox.max_rows`") || when_full == "block",
                            "{context}: {}",
                            receipt.failures[0].message
                        );
                        assert!(receipt.failures[0].retryable);
                        refused += 1;
                    }
                    Err(error) => {
                        assert_eq!(
                            (on_failure, error.kind()),
                            ("closed", ErrorKind::Unavailable),
                            "{context}: {error}"
                        );
                        refused += 1;
                    }
                }
                // Acknowledged early, and then without room.
                if n < 3 {
                    emit(&full, &event("read")).unwrap();
                }
            }
            drop(full);
            let books = law::hold(&path, &stored);
            // Its own events, which tell of the losses, always have room.
            let notices = books.notices.len() as i64;
            match when_full {
                "drop_oldest" => {
                    assert_eq!((refused, books.accepted), (0, 33 + notices), "{context}");
                    assert!(books.dropped >= 13, "{context}");
                    assert!(!books.ids.contains(&first), "{context}");
                    let newest: BTreeSet<_> = stored.iter().rev().take(5).collect();
                    assert!(newest.iter().all(|id| books.ids.contains(*id)), "{context}");
                }
                "drop_newest" => {
                    assert_eq!((refused, books.accepted, books.dropped), (10, 33 + notices, 13), "{context}");
                }
                // They wait for room as long as the process lives: closing it is no clean end.
                "block" => assert_eq!((refused, books.accepted, books.dropped), (10, 20, 0), "{context}"),
                // Who was told counts for himself; who was not is counted.
                _ => assert_eq!((refused, books.accepted, books.dropped), (10, 23 + notices, 3), "{context}"),
            }
            assert!(books.ids.len() as i64 <= 20 + notices, "{context}");
            let losses = books.notices("auditbox.loss");
            if when_full == "block" {
                continue;
            }
            assert!(!losses.is_empty(), "{context}");
            let reason = if when_full == "drop_oldest" { "evicted" } else { "full" };
            assert!(losses.iter().all(|loss| loss["reason"] == reason && loss["consumer"] == "platform"), "{losses:?}");
            assert!(books.told(reason) <= books.dropped);
            if when_full == "drop_oldest" {
                assert!(losses.iter().all(|loss| loss["first_id"].as_i64() <= loss["last_id"].as_i64()));
                assert_eq!(losses[0]["first_id"], 1);
            }
            law::is_whole(&path);
        }
    }
}

#[test]
fn who_waits_for_room_does_not_turn_round_and_gets_it_when_there_is_some() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("outbox.db");
    let limits = json!({ "max_rows": 3, "when_full": "block", "deadline_ms": 3_000, "ballast_bytes": 0 });
    let config = config(&path, &limits);
    let mut child = Child::start("obeys", &config, |_| ());
    child.tell("open");
    for _ in 0..3 {
        child.tell("write");
    }
    let pid = child.id();
    let said = idles(pid, || child.tell("write"));
    assert!(said.starts_with("F "), "{said}");
    // Another process makes room while it waits.
    child.order("write");
    let mut purge = std::process::Command::new(env!("CARGO_BIN_EXE_auditbox"));
    purge.args(["outbox", "purge", "--all", "--yes"]).env("AUDITBOX_DIR", folder.path());
    assert!(purge.output().unwrap().status.success());
    let said = child.answer();
    assert!(said.starts_with("D "), "{said}");
    child.tell("close");
    child.finish();
    let books = law::hold(&path, &child.durable);
    assert_eq!(books.dropped, 3);
}

#[test]
fn rows_and_bytes_stay_within_their_limits_and_the_file_shrinks_again() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("outbox.db");
    let limits = json!({ "max_rows": 200, "max_bytes": 1 << 20, "when_full": "drop_oldest" });
    let config = config(&path, &limits);
    let small = auditor(&config).unwrap();
    let mut ids: Vec<_> = (0..300).map(|_| emit(&small, &event("write")).unwrap()).collect();
    let books = law::hold(&path, &ids);
    assert!(books.ids.len() <= 200 + books.notices.len());
    ids.extend((0..150).map(|_| emit(&small, &event_of("write", 20_000)).unwrap()));
    let books = law::hold(&path, &ids);
    let bytes: i64 =
        law::sqlite(&path).query_row("SELECT stored_bytes FROM audit_account", [], |row| row.get(0)).unwrap();
    assert!(bytes <= (1 << 20) + 4_096, "{bytes}");
    assert!(books.dropped > 300);
    drop(small);
    law::hold(&path, &ids);
    law::is_whole(&path);
}

#[test]
fn the_wal_stays_small_under_load_while_somebody_reads() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("outbox.db");
    let config = config(&path, &json!({ "max_rows": 500, "when_full": "drop_oldest" }));
    let loaded = auditor(&config).unwrap();
    let mut ids = Vec::new();
    let wal = || std::fs::metadata(path.with_extension("db-wal")).unwrap().len();
    let mut largest = 0;
    for round in 0..20 {
        let reader = law::sqlite(&path);
        reader.execute_batch("BEGIN; SELECT count(*) FROM audit_queue").unwrap_or_default();
        for _ in 0..25 {
            ids.push(emit(&loaded, &event_of("write", 30_000)).unwrap());
        }
        largest = largest.max(wal());
        drop(reader);
        if round % 5 == 0 {
            law::hold(&path, &ids);
        }
    }
    assert!(largest <= 64 << 20, "{largest}");
    drop(loaded);
    law::hold(&path, &ids);
    law::is_whole(&path);
}
