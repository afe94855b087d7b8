//! Rows of other programs, and outboxes of other versions.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::json;
use tempfile::TempDir;

use crate::child::{auditor, config, emit, event};
use crate::law::{self, sqlite};

const INSERT: &str = "INSERT INTO audit_queue (event_id, event_type, payload, created_at, agent_id, sync_status) \
                      VALUES (?1, ?2, ?3, ?4, '', ?5)";

/// The program itself, on this outbox.
fn program(path: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_auditbox"));
    command.args(arguments).env("AUDITBOX_DIR", path.parent().unwrap());
    command.env("AUDITBOX_CACHE_DIR", concat!(env!("CARGO_TARGET_TMPDIR"), "/compiled"));
    let output = command.output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!stderr.contains("panicked"), "{stderr}");
    assert!(output.status.success(), "{arguments:?}: {stderr}");
    output
}

#[test]
fn rows_of_other_programs_are_counted_and_shown_and_harm_nobody() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("outbox.db");
    let config = config(&path, &json!({}));
    let ours = auditor(&config).unwrap();
    let mut ids = vec![emit(&ours, &event("write")).unwrap()];
    let stranger = sqlite(&path);
    let large = "x".repeat(100_000);
    let rows = [
        ["", "", "", "", "PENDING"],
        ["no uuid", "call_executed", "{\"event_id\":", "yesterday", "PENDING"],
        ["\u{1b}[31m\n\0", "'; DROP TABLE audit_queue; --", "\u{202e}", "9999-99-99", "PENDING"],
        ["done", "x", "{}", "2026-01-01T00:00:00.000Z", "COMPLETED"],
        ["dead", "x", "[]", "2026-01-01T00:00:00.000Z", "DEAD"],
        ["large", &large, &large, &large, "PENDING"],
    ];
    for row in rows {
        stranger.execute(INSERT, row).unwrap();
    }
    // What is no UTF-8, and numbers that nobody gives out.
    stranger
        .execute_batch(
            "INSERT INTO audit_queue (id, event_id, event_type, payload, created_at, agent_id)
             VALUES (-7, CAST(x'ff01' AS TEXT), CAST(x'fe' AS TEXT), CAST(x'c3' AS TEXT), CAST(x'80' AS TEXT), CAST(x'ff' AS TEXT)),
                    (0, 'zero', '', '{}', '', '')",
        )
        .unwrap();
    // More of them than are counted at once.
    stranger.execute_batch("BEGIN").unwrap();
    for n in 0..2_500 {
        stranger.execute(INSERT, [&format!("many {n}"), "x", "{}", "2026-01-01T00:00:00.000Z", "PENDING"]).unwrap();
    }
    stranger.execute_batch("COMMIT").unwrap();
    for _ in 0..4 {
        ids.push(emit(&ours, &event("write")).unwrap());
    }
    let books = law::hold(&path, &ids);
    assert_eq!((books.accepted, books.delivered, books.dead, books.pending), (2_513, 1, 1, 2_511));

    for arguments in [
        &["outbox", "status"][..],
        &["outbox", "list", "--limit", "5000", "--json"],
        &["outbox", "list", "--limit", "5000", "--oldest-first"],
        &["outbox", "show", "large"],
        &["outbox", "show", "2"],
        &["outbox", "export"],
    ] {
        let output = program(&path, arguments);
        let lines = output.stdout.iter().filter(|byte| **byte == b'\n').count();
        if arguments.contains(&"list") {
            assert_eq!(lines, 2_513, "{arguments:?}");
        }
    }
    program(&path, &["outbox", "purge", "--all", "--yes"]);
    ids.push(emit(&ours, &event("write")).unwrap());
    drop(ours);
    law::hold(&path, &ids);
    law::is_whole(&path);
}

#[test]
fn an_outbox_of_the_first_schema_is_brought_up_to_date_with_its_counts() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("outbox.db");
    let first = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../sql/schema/1.sql")).unwrap();
    let old = rusqlite::Connection::open(&path).unwrap();
    old.execute_batch(&format!("PRAGMA journal_mode = WAL; BEGIN; {first}; COMMIT")).unwrap();
    for (n, status) in ["PENDING", "COMPLETED", "DEAD", "PENDING", "COMPLETED", "PENDING"].into_iter().enumerate() {
        old.execute(INSERT, [&format!("old {n}"), "x", "{\"ü\":1}", "2026-01-01T00:00:00.000Z", status]).unwrap();
    }
    drop(old);
    let config = config(&path, &json!({}));
    // Two at once.
    let both = [0, 1].map(|_| {
        std::thread::spawn({
            let config = config.clone();
            move || auditor(&config).unwrap()
        })
    });
    let both = both.map(|auditor| auditor.join().unwrap());
    let mut ids: Vec<_> = both.iter().map(|auditor| emit(auditor, &event("write")).unwrap()).collect();
    ids.extend((0..6).map(|n| format!("old {n}")));
    let books = law::hold(&path, &ids);
    assert_eq!((books.accepted, books.delivered, books.dead, books.pending), (8, 2, 1, 5));
    assert!(ids.iter().all(|id| books.ids.contains(id)));
    drop(both);
    law::is_whole(&path);

    sqlite(&path).pragma_update(None, "user_version", 99).unwrap();
    let before = fs::read(&path).unwrap();
    let refused = auditor(&config).err().unwrap().to_string();
    assert!(refused.contains("was written by a newer auditbox (schema 99"), "{refused}");
    assert!(fs::read(&path).unwrap() == before);
}
