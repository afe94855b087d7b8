use serde_json::{Value, json, to_value};
use tempfile::TempDir;

use super::*;

/// Seven rows, of which 2 is completed and 3 and 6 are dead.
fn filled(folder: &TempDir) -> (Outbox, Reader) {
    let path = folder.path().join("outbox.db");
    let outbox = outbox(&path);
    outbox.append(rows(["a", "b", "c", "d", "e", "f", "g"]), true).unwrap().wait().unwrap();
    let change = "UPDATE audit_queue SET sync_status = 'COMPLETED' WHERE id = 2;
                  UPDATE audit_queue SET sync_status = 'DEAD', retry_count = 3, last_error = 'refused' WHERE id IN (3, 6);
                  UPDATE audit_queue SET created_at = '2026-01-02T03:04:05.006Z' WHERE id = 1";
    sqlite(&path).execute_batch(change).unwrap();
    (outbox, Reader::open(&path).unwrap())
}

fn ids(reader: &Reader, filter: Filter, newest_first: bool, limit: u32) -> Vec<i64> {
    reader.list(&filter, newest_first, limit).unwrap().into_iter().map(|entry| entry.id).collect()
}

#[test]
fn before_the_first_record_there_is_no_outbox() {
    let folder = TempDir::new().unwrap();
    for path in ["outbox.db", "no/folder/outbox.db", "empty"].map(|name| folder.path().join(name)) {
        if path.ends_with("empty") {
            std::fs::write(&path, "").unwrap();
        }
        let error = Reader::open(&path).err().unwrap();
        assert_eq!(error.to_string(), format!("no outbox at `{}`: nothing was recorded there yet", path.display()));
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn what_is_no_outbox_is_not_read() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("notes");
    std::fs::write(&path, "a text").unwrap();
    assert!(Reader::open(&path).err().unwrap().to_string().contains("it is not an SQLite file"));
    assert!(Reader::open(folder.path()).err().unwrap().to_string().ends_with("is a folder: name a file in it"));
}

#[test]
fn the_status_is_what_the_counters_say() {
    let folder = TempDir::new().unwrap();
    let (_outbox, reader) = filled(&folder);
    let status = reader.status().unwrap();
    let expected = json!({
        "path": folder.path().join("outbox.db"),
        "schema_version": 2,
        "accepted": 7,
        "delivered": 0,
        "pending": 7,
        "dead": 0,
        "expired": 0,
        "dropped": 0,
        "dropped_by_reason": {},
        "duplicates": 0,
        "stored_rows": 7,
        "stored_bytes": 7 * row("a").body.len(),
        "stored_last_minute": 6,
        "oldest_pending": "2026-01-02T03:04:05.006Z",
        "producers": 1,
        "quarantined": 0,
        "checked_at": null,
        "check_result": null,
        "worker": {"state": "none", "since": null, "reason": null, "next_attempt_at": null},
    });
    assert_eq!(to_value(status).unwrap(), expected);
}

#[test]
fn an_outbox_without_rows_has_a_status() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("outbox.db");
    let _outbox = outbox(&path);
    let status = Reader::open(&path).unwrap().status().unwrap();
    assert_eq!((status.pending, status.stored_bytes, status.oldest_pending), (0, 0, None));
}

#[test]
fn rows_are_listed_page_by_page_in_both_orders() {
    let folder = TempDir::new().unwrap();
    let (_outbox, reader) = filled(&folder);
    let all = Filter::default;
    assert_eq!(ids(&reader, all(), false, 100), [1, 2, 3, 4, 5, 6, 7]);
    assert_eq!(ids(&reader, all(), false, 3), [1, 2, 3]);
    assert_eq!(ids(&reader, Filter { after_id: Some(3), ..all() }, false, 3), [4, 5, 6]);
    assert_eq!(ids(&reader, all(), true, 3), [7, 6, 5]);
    assert_eq!(ids(&reader, Filter { before_id: Some(5), ..all() }, true, 3), [4, 3, 2]);
    assert_eq!(ids(&reader, Filter { sync_status: Some(SyncStatus::Dead), ..all() }, false, 100), [3, 6]);
    assert_eq!(ids(&reader, Filter { sync_status: Some(SyncStatus::Pending), ..all() }, true, 3), [7, 5, 4]);
    assert_eq!(ids(&reader, Filter { id: Some("5".into()), ..all() }, false, 3), [5]);
    assert_eq!(ids(&reader, Filter { id: Some("c".into()), ..all() }, false, 3), [3]);
    assert_eq!(ids(&reader, Filter { until: Some("2026-02-01T00:00:00Z".into()), ..all() }, false, 3), [1]);
    assert_eq!(ids(&reader, Filter { since: Some("2026-02-01T00:00:00Z".into()), ..all() }, false, 1), [2]);
    assert_eq!(ids(&reader, Filter { tool_name: Some("none".into()), ..all() }, false, 1), [0; 0]);
}

#[test]
fn a_row_is_shown_by_either_id_with_its_record() {
    let folder = TempDir::new().unwrap();
    let (_outbox, reader) = filled(&folder);
    let shown = to_value(reader.show("c").unwrap().unwrap()).unwrap();
    let Value::String(created_at) = &shown["created_at"] else { panic!("{shown}") };
    let expected = json!({
        "id": 3,
        "event_id": "c",
        "event_type": "call_executed",
        "agent_id": "agent",
        "created_at": created_at,
        "sync_status": "DEAD",
        "retry_count": 3,
        "next_attempt_at": null,
        "last_error": "refused",
        "payload_bytes": row("c").body.len(),
        "payload": {"event_id": "c", "action": "call_executed"},
    });
    assert_eq!(shown, expected);
    assert_eq!(to_value(reader.show("3").unwrap().unwrap()).unwrap(), expected);
    assert!(reader.show("8").unwrap().is_none());
    assert!(reader.show("no such event").unwrap().is_none());
}

#[test]
fn times_are_rfc_3339_in_utc() {
    let folder = TempDir::new().unwrap();
    let (_outbox, reader) = filled(&folder);
    let created_at = reader.list(&Filter::default(), false, 100).unwrap().remove(1).created_at;
    let shape: String = created_at.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    assert_eq!(shape, "0000-00-00T00:00:00.000Z");
    assert!(created_at.as_str() > "2026");
}

#[test]
fn numbers_in_a_record_are_shown_digit_for_digit() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("outbox.db");
    let body = r#"{"n":123456789012345678901234567890.10}"#;
    let outbox = outbox(&path);
    outbox.append(vec![Row { body: body.into(), ..row("a") }], true).unwrap().wait().unwrap();
    let shown = Reader::open(&path).unwrap().show("a").unwrap().unwrap();
    assert!(serde_json::to_string(&shown).unwrap().contains(body));
}

#[test]
fn a_reader_sees_what_is_committed_while_it_looks_on() {
    let folder = TempDir::new().unwrap();
    let (outbox, reader) = filled(&folder);
    store(&outbox, "h").unwrap();
    assert_eq!(reader.status().unwrap().pending, 8);
}
